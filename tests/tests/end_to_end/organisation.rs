//! The organization, the app, and people.

use dingtalk_storage::types::{CorpId, Partition};

use crate::stage::Stage;

fn used(partitions: &[Partition]) -> u64 {
    partitions[0].quota.as_ref().unwrap().used.unwrap()
}

pub async fn usage_grows_with_what_is_stored(stage: &Stage) {
    let corp_id = CorpId::new(stage.emulator.credentials().corp_id);
    let org = async || stage.ada.storage_v1().get_org(&corp_id).send().await.unwrap().org;
    let app = async || stage.ada.storage_v1().get_current_app().send().await.unwrap().app;
    assert_eq!((used(&org().await.partitions), used(&app().await.partitions)), (0, 0));

    let (_, root) = stage.space("usage").await;
    stage.upload(&root, "a.txt", b"12345").await;
    let mine = stage.ada.wiki_v2().get_mine_workspace().send().await.unwrap().workspace;
    stage.upload(&mine.root_node_id.unwrap(), "b.txt", b"123").await;

    assert_eq!(used(&org().await.partitions), 8);
    assert_eq!(used(&app().await.partitions), 5, "the app's own spaces only");
    assert_eq!(app().await.corp_id, Some(corp_id));
}

pub async fn people_are_found_by_their_user_id(stage: &Stage) {
    let ben = stage.client.contact().get_user(&stage.user_id(1)).send().await.unwrap();

    assert_eq!(ben.name.as_deref(), Some("Ben"));
    let space = stage.client.operator(&ben.unionid.unwrap()).storage_v1().add_space().send().await.unwrap();
    assert_eq!(space.space.creator_id, Some(stage.union_id(1)), "the unionId can be an operator");
}
