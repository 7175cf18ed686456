//! Roles of people, by version 2.0 of the operations.

use dingtalk_storage::ErrorCode;
use dingtalk_storage::types::{DentryId, MemberId, MemberType, PermissionInheritance, PermissionMember, RoleId};

use crate::stage::{Stage, id, uuid};

/// A person as the member of a role; version 2.0 goes by the userId.
pub fn member(stage: &Stage, person: usize) -> PermissionMember {
    PermissionMember::new(MemberType::User, &MemberId::new(stage.user_id(person).as_str()))
}

pub async fn roles_are_given_changed_and_taken(stage: &Stage) {
    let (space, root) = stage.space("roles").await;
    let file = id(&stage.upload(&root, "a.txt", b"a").await);
    let (ben, members) = (stage.person(1), [member(stage, 1)]);
    let rename = |name| ben.storage_v1().rename_dentry(&space, &file, name).send();
    let roles = async || -> Vec<RoleId> {
        let mut items = stage.ada.storage_v2().list_permissions(&root).items();
        let mut roles = Vec::new();
        while let Some(permission) = items.try_next().await.unwrap() {
            let ben = stage.user_id(1);
            if permission.member.id.unwrap().as_str() == ben.as_str() {
                roles.push(permission.role.id);
            }
        }
        roles
    };
    let denied = rename("b.txt").await.unwrap_err();
    assert_eq!(denied.code(), Some(&ErrorCode::PermissionDenied));

    stage.ada.storage_v2().add_permission(&root, RoleId::Editor, &members).send().await.unwrap();
    assert_eq!(roles().await, [RoleId::Editor]);
    rename("b.txt").await.unwrap();

    stage.ada.storage_v2().update_permission(&root, RoleId::Reader, &members).send().await.unwrap();
    assert_eq!(roles().await, [RoleId::Reader]);
    ben.storage_v1().get_dentry(&space, &file).send().await.unwrap();
    rename("c.txt").await.unwrap_err();

    stage.ada.storage_v2().delete_permission(&root, RoleId::Reader, &members).send().await.unwrap();
    assert_eq!(roles().await, []);
    ben.storage_v1().get_dentry(&space, &file).send().await.unwrap_err();
}

pub async fn folders_stop_inheriting(stage: &Stage) {
    let (space, root) = stage.space("inherited").await;
    let folder = stage.folder(&space, &DentryId::root(), "private").await;
    let (ben, members) = (stage.person(1), [member(stage, 1)]);
    stage.ada.storage_v2().add_permission(&root, RoleId::Editor, &members).send().await.unwrap();
    ben.storage_v1().get_dentry(&space, &id(&folder)).send().await.unwrap();

    for (inheritance, sees) in [(PermissionInheritance::Break, false), (PermissionInheritance::PassOn, true)] {
        let storage = stage.ada.storage_v2();
        storage.set_permission_inheritance(&uuid(&folder), inheritance.clone()).send().await.unwrap();
        let read = storage.get_permission_inheritance(&uuid(&folder)).send().await.unwrap();
        assert_eq!(read.inheritance, Some(inheritance));
        assert_eq!(ben.storage_v1().get_dentry(&space, &id(&folder)).send().await.is_ok(), sees);
    }
}
