//! Work on trees, which goes on after its call was answered.

use dingtalk_storage::ErrorCode;
use dingtalk_storage::types::{DentryId, TaskStatus};

use crate::stage::{Stage, id};

pub async fn a_copied_tree_takes_a_task(stage: &Stage) {
    let (space, _) = stage.space("trees").await;
    let (other, _) = stage.space("target").await;
    let tree = stage.tree(&space, "tree").await;

    let copy = stage.ada.storage_v1().copy_dentry(&space, &id(&tree), &other, &DentryId::root()).send().await.unwrap();

    assert_eq!(copy.is_async, Some(true));
    let seen = stage.finish(&copy.task_id.unwrap()).await;
    assert_eq!(seen.last(), Some(&TaskStatus::Success));
    let mut all = stage.ada.storage_v1().list_all_dentries(&other).items();
    let mut paths = Vec::new();
    while let Some(dentry) = all.try_next().await.unwrap() {
        paths.push(dentry.path.unwrap());
    }
    paths.sort();
    assert_eq!(paths, ["/tree", "/tree/inner", "/tree/inner/leaf.txt"]);
    assert_eq!(stage.used(&other).await, 4);
}

/// `wait` asks for the task by itself.
pub async fn a_deleted_tree_is_waited_for(stage: &Stage) {
    let (space, _) = stage.space("waited").await;
    let tree = id(&stage.tree(&space, "tree").await);

    let finished = stage.ada.storage_v1().delete_dentry(&space, &tree).wait().await.unwrap();

    assert_eq!(finished.answer.is_async, Some(true));
    let task = finished.tasks[0].task.clone();
    assert_eq!((task.status, task.total_count, task.success_count), (TaskStatus::Success, Some(3), Some(3)));
    let gone = stage.ada.storage_v1().get_dentry(&space, &tree).send().await.unwrap_err();
    assert_eq!(gone.code(), Some(&ErrorCode::DentryNotExist));
    assert_eq!(stage.used(&space).await, 0, "what was in it is gone too");
    assert_eq!(stage.emulator.effects("entry.deleted"), 1);
}
