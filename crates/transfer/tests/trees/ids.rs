//! From one kind of id to another.

use dingtalk_storage::types::UserId;

use crate::stage::Stage;

#[tokio::test]
async fn each_kind_of_id_leads_to_the_others() {
    let stage = Stage::new().await;
    let file = stage.put("a.txt", b"x").await;
    let drive = &stage.drive;
    assert_eq!(drive.ids_of(&file.uuid).await.unwrap(), (file.space.clone(), file.id.clone()));
    assert_eq!(drive.uuid_of(&file.space, &file.id).await.unwrap(), file.uuid);
    assert_eq!(drive.entry_of_uuid(&file.uuid).await.unwrap(), drive.entry(&file.space, &file.id).await.unwrap());
    let link = format!("https://alidocs.dingtalk.com/i/nodes/{}", file.uuid);
    assert_eq!(drive.entry_of_link(&link).await.unwrap().uuid, file.uuid);

    assert_eq!(drive.uuid_of(&file.space, &"0".into()).await.unwrap(), stage.root.uuid);
    stage.emulator.clear_journal();
    assert_eq!(drive.paths(&file.space).root().await.unwrap().uuid, stage.root.uuid);
    assert_eq!(stage.calls(), [""; 0], "a root is asked for once");
}

#[tokio::test]
async fn a_person_is_asked_for_once() {
    let stage = Stage::new().await;
    let person = stage.emulator.credentials().users[1].clone();
    for _ in 0..3 {
        let found = stage.drive.union_id_of(&UserId::from(person.user_id.as_str())).await.unwrap();
        assert_eq!(found.as_str(), person.union_id);
    }
    assert_eq!(stage.emulator.calls("contact.GetUser"), 1);
}
