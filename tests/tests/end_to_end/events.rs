//! News about files.

use dingtalk_storage::types::{EventScope, EventScopeId};

use crate::stage::{Stage, id};

pub async fn subscribers_are_told_until_they_unsubscribe(stage: &Stage) {
    let (space, root) = stage.space("watched").await;
    let scope = EventScopeId::new(space.as_str());
    let told = || -> Vec<(String, String)> {
        let text = |event: &serde_json::Value, name: &str| event[name].as_str().unwrap().to_owned();
        stage.emulator.events().iter().map(|event| (text(event, "EventType"), text(event, "dentryId"))).collect()
    };
    stage.upload(&root, "before.txt", b"x").await;

    stage.ada.storage_v1().subscribe_event(&scope, EventScope::Space).send().await.unwrap();
    let file = id(&stage.upload(&root, "a.txt", b"x").await);
    stage.ada.storage_v1().delete_dentry(&space, &file).send().await.unwrap();
    let expected = ["create", "delete"].map(|kind| (format!("storage_dentry_{kind}"), file.to_string()));
    assert_eq!(told(), expected);

    stage.ada.storage_v1().unsubscribe_event(&scope, EventScope::Space).send().await.unwrap();
    stage.upload(&root, "after.txt", b"x").await;
    assert_eq!(told(), expected);
}
