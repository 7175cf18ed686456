//! Copying, moving, renaming and deleting.

use dingtalk_storage::ErrorCode;
use dingtalk_storage::types::{ConflictStrategy, DentryId};

use crate::stage::{Stage, id, name};

pub async fn copies_are_things_of_their_own(stage: &Stage) {
    let (space, root) = stage.space("copies").await;
    let (other, _) = stage.space("others").await;
    let file = stage.upload(&root, "a.txt", b"hello").await;
    let folder = id(&stage.folder(&other, &DentryId::root(), "in").await);

    let copy = stage.ada.storage_v1().copy_dentry(&space, &id(&file), &other, &folder).send().await.unwrap();

    let copy = copy.dentry.unwrap();
    assert_ne!(copy.uuid, file.uuid);
    assert_eq!(stage.download(&other, &id(&copy)).await, b"hello");
    stage.ada.storage_v1().delete_dentry(&space, &id(&file)).send().await.unwrap();
    let gone = stage.ada.storage_v1().get_dentry(&space, &id(&file)).send().await.unwrap_err();
    assert_eq!(gone.code(), Some(&ErrorCode::DentryNotExist));
    assert_eq!(stage.download(&other, &id(&copy)).await, b"hello", "the copy needs no original");
    assert_eq!((stage.used(&space).await, stage.used(&other).await), (0, 5));
}

pub async fn moved_and_renamed_files_keep_their_uuid(stage: &Stage) {
    let (space, root) = stage.space("moves").await;
    let file = stage.upload(&root, "a.txt", b"hello").await;
    let folder = id(&stage.folder(&space, &DentryId::root(), "in").await);

    let moved = stage.ada.storage_v1().move_dentry(&space, &id(&file), &space, &folder);
    let moved = moved.conflict_strategy(ConflictStrategy::ReturnErrorIfExists).send().await.unwrap().dentry.unwrap();
    let renamed = stage.ada.storage_v1().rename_dentry(&space, &id(&moved), "b.txt").send().await.unwrap();

    assert_eq!(name(&renamed.dentry), "b.txt");
    let read = stage.dentry(&space, &id(&moved)).await;
    assert_eq!((read.path.as_deref(), &read.uuid), (Some("/in/b.txt"), &file.uuid));
    assert_eq!(stage.names(&space, &DentryId::root()).await, ["in"]);
    assert_eq!(stage.names(&space, &folder).await, ["b.txt"]);
}

pub async fn many_are_copied_moved_and_deleted(stage: &Stage) {
    let (space, root) = stage.space("many").await;
    let (other, _) = stage.space("target").await;
    let mut ids = Vec::new();
    for name in ["a.txt", "b.txt"] {
        ids.push(id(&stage.upload(&root, name, b"1").await));
    }
    ids.push(DentryId::new("77"));
    let (top, storage) = (DentryId::root(), stage.ada.storage_v1());

    let copied = storage.copy_dentries(&space, &other, &top, &ids).send().await.unwrap().result_items;
    let done: Vec<_> = copied.iter().map(|result| result.success).collect();
    assert_eq!(done, [Some(true), Some(true), Some(false)]);
    assert_eq!(copied[2].error_code, Some(ErrorCode::DentryNotExist));
    assert_eq!(stage.names(&other, &top).await, ["a.txt", "b.txt"]);

    let moved = storage.move_dentries(&space, &other, &top, &ids).conflict_strategy(ConflictStrategy::AutoRename);
    let moved = moved.send().await.unwrap().result_items;
    assert_eq!(stage.names(&space, &top).await, [""; 0]);
    assert_eq!(stage.names(&other, &top).await, ["a(1).txt", "a.txt", "b(1).txt", "b.txt"]);

    let arrived: Vec<DentryId> = moved.into_iter().filter_map(|result| result.target_dentry_id).collect();
    let deleted = storage.delete_dentries(&other, &arrived).send().await.unwrap().result_items;
    assert!(deleted.iter().all(|result| result.success == Some(true)), "{deleted:?}");
    assert_eq!(stage.names(&other, &top).await, ["a.txt", "b.txt"]);
    assert_eq!((stage.emulator.effects("entry.moved"), stage.emulator.effects("entry.deleted")), (2, 2));
}
