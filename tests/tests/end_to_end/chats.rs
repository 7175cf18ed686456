//! Files in chats.

use dingtalk_storage::types::{DentryId, OpenConversationId};

use crate::stage::{Stage, id};

/// One of the chats that an emulator begins with: of everybody, of the first two, and of another organization.
pub fn chat(stage: &Stage, number: usize) -> OpenConversationId {
    OpenConversationId::new(&stage.emulator.credentials().chats[number].open_conversation_id)
}

pub async fn a_file_goes_to_a_chat(stage: &Stage) {
    let (space, root) = stage.space("mine").await;
    let file = id(&stage.upload(&root, "a.txt", b"hello").await);
    let lunch = chat(stage, 1);

    let sent = stage.ada.conv_file_v1().send(&space, &file, &lunch).send().await.unwrap().file;

    let found = stage.person(1).conv_file_v1().get_space(&lunch).send().await.unwrap().space;
    assert_eq!((found.space_id.as_ref(), &sent.conversation_id), (Some(&sent.space_id), &Some(lunch)));
    let (there, copy) = (sent.space_id, sent.id);
    let read = |person| stage.person(person).storage_v1().get_dentry(&there, &copy).send();
    assert_eq!(read(1).await.unwrap().dentry.size, Some(5));
    read(2).await.unwrap_err();
}

pub async fn a_link_goes_to_a_chat(stage: &Stage) {
    let (space, root) = stage.space("mine").await;
    let file = id(&stage.upload(&root, "a.txt", b"hello").await);

    let sent = stage.ada.conv_file_v1().send_link(&space, &file, &chat(stage, 0)).send().await.unwrap().file;

    assert_eq!(stage.names(&sent.space_id, &DentryId::root()).await, ["a.txt"]);
    assert_eq!(stage.emulator.effects("file.sent"), 1);
}

pub async fn an_app_sends_a_file_to_a_person(stage: &Stage) {
    let (space, root) = stage.space("app").await;
    let file = id(&stage.upload(&root, "a.txt", b"hello").await);

    let request = stage.client.conv_file_v1().send_by_app(&stage.union_id(1), &space, &file);
    let sent = request.send().await.unwrap().file;

    let (there, copy) = (sent.space_id, sent.id);
    let read = stage.person(1).storage_v1().get_dentry(&there, &copy).send().await.unwrap().dentry;
    assert_eq!((read.name.as_str(), read.size), ("a.txt", Some(5)));
}
