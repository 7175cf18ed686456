//! Whole programs, as people write them on the crate: what an application does, without plumbing.

use std::collections::BTreeMap;
use std::io;
use std::path::Path;

use dingtalk_storage::types::{DentryId, DentryType, MemberType, PermissionMember, RoleId, SpaceId};
use dingtalk_storage::{Error, ErrorCode, OperatorClient, Time};
use dingtalk_storage_emulator::{Fault, FaultKind};
use dingtalk_storage_transfer::{Drive, StoredName, Target};

use crate::stage::{Stage, id, uuid};

/// Who may edit what in a space?
async fn audit(drive: &OperatorClient, space: &SpaceId) -> Result<Vec<String>, Error> {
    let mut report = Vec::new();
    let mut entries = drive.storage_v1().list_all_dentries(space).items();
    while let Some(entry) = entries.try_next().await? {
        let mut permissions = drive.storage_v2().list_permissions(entry.uuid()?).items();
        while let Some(permission) = permissions.try_next().await? {
            if permission.role.id >= RoleId::Editor {
                report.push(format!("{}: {}", entry.path()?, permission.role.id));
            }
        }
    }
    report.sort();
    Ok(report)
}

/// Deletes what was not changed since then; tells what is left, and why.
async fn clean_up(drive: &OperatorClient, space: &SpaceId, since: &Time) -> Result<Vec<(DentryId, Error)>, Error> {
    let mut old = Vec::new();
    let mut entries = drive.storage_v1().list_all_dentries(space).items();
    while let Some(entry) = entries.try_next().await? {
        if entry.kind == DentryType::File && entry.modified_time()? < since {
            old.push(entry.id);
        }
    }
    let settled = drive.storage_v1().delete_dentries(space, &old).batches().settle().await;
    Ok(settled.into_iter().filter_map(|(id, became)| Some((id, became.error()?.clone()))).collect())
}

/// What went wrong, by operation and code, for the page of whoever keeps the program running.
fn report<'a>(errors: impl IntoIterator<Item = &'a Error>) -> BTreeMap<String, usize> {
    let mut report = BTreeMap::new();
    for error in errors {
        let operation = error.operation().map_or("-", |operation| operation.name);
        let what = error.code().map_or_else(|| format!("{:?}", error.kind()), ToString::to_string);
        *report.entry(format!("{operation} {what}")).or_default() += 1;
    }
    report
}

/// Brings the files of a folder into one of the drive, and tells those that got another name.
async fn upload_all(
    drive: &Drive,
    from: &Path,
    to: &Target,
) -> Result<Vec<(String, String)>, Box<dyn std::error::Error>> {
    let mut renamed = Vec::new();
    let mut paths: Vec<_> = std::fs::read_dir(from)?.map(|entry| Ok(entry?.path())).collect::<io::Result<_>>()?;
    paths.sort();
    for path in &paths {
        let uploaded = drive.upload(path.as_path()).to(to.clone()).make_folders().send().await?;
        if let StoredName::Changed { wished } = uploaded.name {
            renamed.push((wished, uploaded.entry.name));
        }
    }
    Ok(renamed)
}

#[tokio::test]
async fn an_uploader_makes_folders_and_tells_other_names() {
    let stage = Stage::start().await;
    let (space, _) = stage.space("uploaded").await;
    let folder = tempfile::tempdir().unwrap();
    for name in ["a.txt", "b.txt"] {
        std::fs::write(folder.path().join(name), name).unwrap();
    }
    let drive = Drive::new(&stage.ada);
    let reports = Target::path(&space, "/Reports/2026");

    assert_eq!(upload_all(&drive, folder.path(), &reports).await.unwrap(), []);
    let renamed = upload_all(&drive, folder.path(), &reports).await.unwrap();

    assert_eq!(renamed.iter().map(|(wished, _)| wished.as_str()).collect::<Vec<_>>(), ["a.txt", "b.txt"]);
    for (wished, stored) in &renamed {
        let path = format!("/Reports/2026/{stored}");
        let mut bytes = Vec::new();
        drive.download((&space, path.as_str())).to_writer(&mut bytes).await.unwrap();
        assert_eq!(bytes, wished.as_bytes());
    }
}

#[tokio::test]
async fn an_audit_tells_who_may_edit_what() {
    let stage = Stage::start().await;
    let (space, _) = stage.space("audited").await;
    let tree = uuid(&stage.tree(&space, "tree").await);
    for (person, role) in [(1, RoleId::Editor), (2, RoleId::Reader)] {
        let member = PermissionMember::new(MemberType::User, &stage.user_id(person).as_str().into());
        stage.ada.storage_v2().add_permission(&tree, role, &[member]).send().await.unwrap();
    }

    let lines = audit(&stage.ada, &space).await.unwrap();

    let of_tree: Vec<_> = lines.iter().filter(|line| line.starts_with("/tree: ")).collect();
    assert_eq!(of_tree, ["/tree: EDITOR"], "{lines:?}");
}

#[tokio::test]
async fn a_clean_up_deletes_what_is_old_and_tells_what_is_left() {
    let stage = Stage::start().await;
    let (space, root) = stage.space("cleaned").await;
    for name in ["a", "b"] {
        stage.upload(&root, name, b"old").await;
    }
    let folder = id(&stage.folder(&space, &DentryId::root(), "kept").await);
    let refusal = FaultKind::Status { status: 403, code: Some("permissionDenied".to_owned()), retry_after: None };
    stage.emulator.add_fault(Fault::new(refusal).on("storage_v1.DeleteDentries").nth(1));

    let long_ago = Time::from("2000-01-01T00:00Z");
    assert!(clean_up(&stage.ada, &space, &long_ago).await.unwrap().is_empty());
    let tomorrow = std::time::SystemTime::now() + std::time::Duration::from_hours(24);
    let left = clean_up(&stage.ada, &space, &tomorrow.into()).await.unwrap();

    assert_eq!(left.len(), 2);
    assert!(left.iter().all(|(_, error)| error.code() == Some(&ErrorCode::PermissionDenied)));
    let summary = report(left.iter().map(|(_, error)| error));
    assert_eq!(summary, BTreeMap::from([("storage_v1.DeleteDentries permissionDenied".to_owned(), 2)]));
    assert!(clean_up(&stage.ada, &space, &tomorrow.into()).await.unwrap().is_empty());
    assert_eq!(stage.names(&space, &DentryId::root()).await, ["kept"]);
    stage.dentry(&space, &folder).await;
}
