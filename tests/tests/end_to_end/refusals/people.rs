//! Refusals about roles, the recycle bin, chats and news.

use dingtalk_storage::types::{
    DentryId, DentryUuid, EventScope, EventScopeId, MemberId, MemberType, PermissionInheritance, PermissionMember,
    RecycleBinId, RecycleBinScope, RecycleBinScopeId, RecycleItemId, RoleId, SpaceId,
};

use super::Refusals;
use crate::chats::chat;
use crate::permissions::member;
use crate::recycle_bin::recycled;
use crate::stage::{Stage, id};

pub async fn of_permissions(stage: &Stage, refusals: &mut Refusals) {
    let (_, root) = stage.space("roles").await;
    let (ada, ben, members) = (stage.ada.storage_v2(), stage.person(1).storage_v2(), [member(stage, 1)]);
    let (wrong, nothing) = (DentryUuid::new("0"), DentryUuid::new("x".repeat(32)));
    let (editor, king) = (RoleId::Editor, RoleId::from("KING"));

    let name = "storage_v2.AddPermission";
    let add = |uuid: &DentryUuid, role: &RoleId| ada.add_permission(uuid, role.clone(), &members).send();
    refusals.expect(name, 400, "paramError.roleId", add(&root, &king)).await;
    refusals.expect(name, 400, "paramError.dentryUuid", add(&wrong, &editor)).await;
    refusals.expect(name, 404, "dentryNotExist", add(&nothing, &editor)).await;
    let pet = [PermissionMember::new("PET".into(), &MemberId::new("1"))];
    let pet = ada.add_permission(&root, RoleId::Editor, &pet);
    refusals.expect(name, 400, "paramError.permissionMemberType", pet.send()).await;
    let nobody = [PermissionMember::new(MemberType::User, &MemberId::new("nobody"))];
    refusals.expect(name, 400, "paramError", ada.add_permission(&root, RoleId::Editor, &nobody).send()).await;
    let by_ben = ben.add_permission(&root, RoleId::Editor, &members);
    refusals.expect(name, 403, "permissionDenied", by_ben.send()).await;
    let name = "storage_v2.UpdatePermission";
    refusals.expect(name, 400, "paramError.roleId", ada.update_permission(&root, king, &members).send()).await;
    let name = "storage_v2.DeletePermission";
    let missing = ada.delete_permission(&nothing, RoleId::Editor, &members);
    refusals.expect(name, 404, "dentryNotExist", missing.send()).await;
    let name = "storage_v2.ListPermissions";
    refusals.expect(name, 403, "permissionDenied", ben.list_permissions(&root).send()).await;
    let name = "storage_v2.SetPermissionInheritance";
    let at_root = ada.set_permission_inheritance(&root, PermissionInheritance::Break);
    refusals.expect(name, 400, "permissionInheritanceUnsupportedForRootDentry", at_root.send()).await;
    let other = ada.set_permission_inheritance(&root, "SOMETIMES".into());
    refusals.expect(name, 400, "paramError.permissionInheritance", other.send()).await;
    let name = "storage_v2.GetPermissionInheritance";
    refusals.expect(name, 404, "dentryNotExist", ada.get_permission_inheritance(&nothing).send()).await;
}

pub async fn of_recycle_bins(stage: &Stage, refusals: &mut Refusals) {
    let (_, bin, items) = recycled(stage, &["a.txt"]).await;
    let ada = stage.ada.storage_v1();
    let (nowhere, word) = (RecycleBinId::new("77"), RecycleBinId::new("x"));
    let (nothing, letter) = (RecycleItemId::new("77"), RecycleItemId::new("x"));

    let name = "storage_v1.GetRecycleBin";
    let of = |scope, id: &str| ada.get_recycle_bin(scope, &RecycleBinScopeId::new(id)).send();
    refusals.expect(name, 404, "recycleBinNotExist", of(RecycleBinScope::Org, "ding0")).await;
    refusals.expect(name, 400, "paramError.recycleBinScope", of(RecycleBinScope::Space, "77")).await;
    let name = "storage_v1.ListRecycleItems";
    refusals.expect(name, 404, "recycleBinNotExist", ada.list_recycle_items(&nowhere).send()).await;
    let large = ada.list_recycle_items(&bin).max_results(1000);
    refusals.expect(name, 400, "paramError.maxResults", large.send()).await;
    let name = "storage_v1.GetRecycleItem";
    refusals.expect(name, 404, "recycleItemNotExist", ada.get_recycle_item(&bin, &nothing).send()).await;
    refusals.expect(name, 400, "paramError.recycleBinId", ada.get_recycle_item(&word, &items[0]).send()).await;
    let name = "storage_v1.RestoreRecycleItem";
    refusals.expect(name, 404, "recycleItemNotExist", ada.restore_recycle_item(&bin, &nothing).send()).await;
    refusals.expect(name, 400, "paramError.recycleItemId", ada.restore_recycle_item(&bin, &letter).send()).await;
    let by_ben = stage.person(1).storage_v1();
    refusals.expect(name, 403, "permissionDenied", by_ben.restore_recycle_item(&bin, &items[0]).send()).await;
    let name = "storage_v1.RestoreRecycleItems";
    let restore = ada.restore_recycle_items(&bin, &[letter]);
    refusals.expect(name, 400, "paramError.recycleItemIds", restore.send()).await;
    let name = "storage_v1.DeleteRecycleItem";
    refusals.expect(name, 404, "recycleBinNotExist", ada.delete_recycle_item(&nowhere, &items[0]).send()).await;
    let name = "storage_v1.DeleteRecycleItems";
    let both = [items[0].clone(), nothing];
    refusals.expect(name, 404, "recycleItemNotExist", ada.delete_recycle_items(&bin, &both).send()).await;
    let name = "storage_v1.ClearRecycleBin";
    refusals.expect(name, 400, "paramError.recycleBinId", ada.clear_recycle_bin(&nowhere).send()).await;
    ada.get_recycle_item(&bin, &items[0]).send().await.unwrap();
}

pub async fn of_chats_and_events(stage: &Stage, refusals: &mut Refusals) {
    let (space, root) = stage.space("mine").await;
    let file = id(&stage.upload(&root, "a.txt", b"a").await);
    let folder = id(&stage.folder(&space, &DentryId::root(), "folder").await);
    let (ada, ben) = (stage.ada.conv_file_v1(), stage.person(1).conv_file_v1());
    let (lunch, partners) = (chat(stage, 1), chat(stage, 2));

    let name = "conv_file_v1.Send";
    refusals.expect(name, 400, "folderNotSupport", ada.send(&space, &folder, &lunch).send()).await;
    refusals.expect(name, 404, "conversationNotExist", ada.send(&space, &file, &"cidnone==".into()).send()).await;
    refusals.expect(name, 400, "paramError.conversationId", ada.send(&space, &file, &"lunch".into()).send()).await;
    refusals.expect(name, 403, "permissionDenied", ben.send(&space, &file, &lunch).send()).await;
    let name = "conv_file_v1.GetSpace";
    refusals.expect(name, 403, "acrossOrgAccessForbidden", ada.get_space(&partners).send()).await;
    refusals.expect(name, 404, "conversationNotExist", ada.get_space(&"cidnone==".into()).send()).await;
    let name = "conv_file_v1.SendLink";
    refusals.expect(name, 400, "paramError.dentryId", ada.send_link(&space, &folder, &lunch).send()).await;
    let name = "conv_file_v1.SendByApp";
    let app = stage.client.conv_file_v1();
    let missing = app.send_by_app(&stage.union_id(1), &space, &DentryId::new("77"));
    refusals.expect(name, 404, "dentryNotExist", missing.send()).await;
    let nowhere = app.send_by_app(&stage.union_id(1), &SpaceId::new("77"), &file);
    refusals.expect(name, 404, "spaceNotExist", nowhere.send()).await;

    let (ada, ben) = (stage.ada.storage_v1(), stage.person(1).storage_v1());
    let (here, wrong) = (EventScopeId::new(space.as_str()), EventScopeId::new("77"));
    let name = "storage_v1.SubscribeEvent";
    let subscribe = |scope| ada.subscribe_event(&wrong, scope).send();
    refusals.expect(name, 400, "paramError.scopeId", subscribe(EventScope::Space)).await;
    refusals.expect(name, 400, "paramError.scope", subscribe("ROOM".into())).await;
    refusals.expect(name, 403, "permissionDenied", ben.subscribe_event(&here, EventScope::Space).send()).await;
    let name = "storage_v1.UnsubscribeEvent";
    refusals.expect(name, 400, "paramError.scopeId", ada.unsubscribe_event(&wrong, EventScope::Org).send()).await;
    assert_eq!(stage.emulator.effects("file.sent") + stage.emulator.effects("event.subscribed"), 0);
}
