//! The recycle bin of the organization, which holds what is deleted from spaces of Drive.

use dingtalk_storage::ErrorCode;
use dingtalk_storage::types::{
    ConflictStrategy, DentryId, RecycleBinId, RecycleBinScope, RecycleBinScopeId, RecycleItem, RecycleItemId, SpaceId,
};

use crate::stage::{Stage, id};

pub async fn bin(stage: &Stage) -> RecycleBinId {
    let organisation = RecycleBinScopeId::new(stage.emulator.credentials().corp_id);
    let bin = stage.ada.storage_v1().get_recycle_bin(RecycleBinScope::Org, &organisation).send().await.unwrap();
    bin.recycle_bin.id
}

/// What is in the recycle bin, by name.
async fn items(stage: &Stage, bin: &RecycleBinId) -> Vec<RecycleItem> {
    let mut pages = stage.ada.storage_v1().list_recycle_items(bin).max_results(2).items();
    let mut items = Vec::new();
    while let Some(item) = pages.try_next().await.unwrap() {
        items.push(item);
    }
    items.sort_by(|a, b| a.original_name.cmp(&b.original_name));
    items
}

/// Files that are in the recycle bin; the ids of the items, by name.
pub async fn recycled(stage: &Stage, names: &[&str]) -> (SpaceId, RecycleBinId, Vec<RecycleItemId>) {
    let (space, root) = stage.drive_space("Team").await;
    let mut files = Vec::new();
    for name in names {
        files.push(id(&stage.upload(&root, name, b"12345").await));
    }
    stage.ada.storage_v1().delete_dentries(&space, &files).to_recycle_bin(true).send().await.unwrap();
    let bin = bin(stage).await;
    let items = items(stage, &bin).await.into_iter().map(|item| item.id).collect();
    (space, bin, items)
}

pub async fn items_come_back_or_go_for_good(stage: &Stage) {
    let (space, bin, ids) = recycled(stage, &["a.txt", "b.txt", "c.txt"]).await;
    let (storage, top) = (stage.ada.storage_v1(), DentryId::root());
    assert_eq!(ids.len(), 3);
    assert_eq!((stage.names(&space, &top).await, stage.used(&space).await), (vec![], 15));
    let item = storage.get_recycle_item(&bin, &ids[0]).send().await.unwrap().item;
    assert_eq!((item.original_path.as_deref(), item.size), (Some("/a.txt"), Some(5)));

    let restore = storage.restore_recycle_item(&bin, &ids[0]).conflict_strategy(ConflictStrategy::AutoRename);
    assert_eq!(restore.send().await.unwrap().dentry_id, item.dentry_id, "it is the same file");
    assert_eq!(stage.download(&space, &item.dentry_id.unwrap()).await, b"12345");

    storage.delete_recycle_item(&bin, &ids[1]).send().await.unwrap();
    let gone = storage.get_recycle_item(&bin, &ids[1]).send().await.unwrap_err();
    assert_eq!(gone.code(), Some(&ErrorCode::RecycleItemNotExist));
    assert_eq!(stage.used(&space).await, 10);

    storage.clear_recycle_bin(&bin).send().await.unwrap();
    assert_eq!(items(stage, &bin).await, []);
    assert_eq!((stage.names(&space, &top).await, stage.used(&space).await), (vec!["a.txt".to_owned()], 5));
}

pub async fn many_items_come_back_or_go_for_good(stage: &Stage) {
    let (space, bin, ids) = recycled(stage, &["a.txt", "b.txt", "c.txt", "d.txt"]).await;
    let storage = stage.ada.storage_v1();

    let restored = storage.restore_recycle_items(&bin, &ids[..2]).send().await.unwrap().result_items;
    assert!(restored.iter().all(|result| result.success == Some(true)), "{restored:?}");
    assert_eq!(stage.names(&space, &DentryId::root()).await, ["a.txt", "b.txt"]);

    storage.delete_recycle_items(&bin, &ids[2..3]).send().await.unwrap();
    let left: Vec<_> = items(stage, &bin).await.into_iter().map(|item| item.original_name).collect();
    assert_eq!(left, ["d.txt"]);
    assert_eq!((stage.emulator.effects("entry.restored"), stage.emulator.effects("entry.purged")), (2, 1));
}
