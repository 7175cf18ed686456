//! Knowledge bases, whose nodes are files.

use dingtalk_storage::types::TeamId;

use crate::stage::{Stage, uuid};

pub async fn nodes_are_files(stage: &Stage) {
    let wiki = stage.ada.wiki_v2();
    let mine = wiki.get_mine_workspace().send().await.unwrap().workspace;
    let root = mine.root_node_id.unwrap();
    let file = stage.upload(&root, "notes.md", b"hello").await;

    let mut nodes = wiki.list_nodes(&root).items();
    let node = nodes.try_next().await.unwrap().unwrap();
    assert_eq!((Some(&node.node_id), node.name.as_str(), node.size), (file.uuid.as_ref(), "notes.md", Some(5)));
    assert!(nodes.try_next().await.unwrap().is_none());
    let one = wiki.get_node(&uuid(&file)).send().await.unwrap().node;
    assert_eq!(one, node);
    let by_url = wiki.get_node_by_url(node.url.as_deref().unwrap()).send().await.unwrap().node;
    assert_eq!(by_url, node);
    let many = wiki.get_nodes(&[uuid(&file)]).send().await.unwrap().nodes;
    assert_eq!(many, [node]);
    stage.person(1).wiki_v2().list_nodes(&root).send().await.unwrap_err();
}

pub async fn knowledge_bases_are_listed_read_and_found(stage: &Stage) {
    let (ada, ben) = (stage.ada.wiki_v2(), stage.person(1));
    let mine = ada.get_mine_workspace().send().await.unwrap().workspace;

    let mut all = ben.wiki_v2().list_workspaces().items();
    let handbook = all.try_next().await.unwrap().unwrap();
    assert_eq!(handbook.name, "Handbook");
    assert!(all.try_next().await.unwrap().is_none(), "Ada's own is not for Ben");
    let id = handbook.workspace_id.clone();
    let one = ben.wiki_v2().get_workspace(&id).send().await.unwrap().workspace;
    assert_eq!((&one.root_node_id, &one.name), (&handbook.root_node_id, &handbook.name));
    let both = ada.get_workspaces(&[id.clone(), mine.workspace_id.clone()]).send().await.unwrap().workspaces;
    let both: Vec<_> = both.into_iter().map(|workspace| workspace.workspace_id).collect();
    assert_eq!(both, [id.clone(), mine.workspace_id]);
    let found = ben.storage_v2().search_workspaces("hand").send().await.unwrap().items;
    assert_eq!(found.into_iter().map(|workspace| workspace.workspace_id).collect::<Vec<_>>(), [id]);
}

pub async fn knowledge_bases_are_made(stage: &Stage) {
    let wiki = stage.ada.wiki_v2();
    let team = TeamId::new("lHiicjNFM2iSFYSdz2iPuI8ZwiEiE");
    let unknown = wiki.list_workspaces().team_id(&team).send().await.unwrap_err();
    assert_eq!(unknown.code().unwrap().to_string(), "teamNotExist");

    let made = wiki.add_workspace("Cookbook").description("What we eat").team_id(&team).send().await.unwrap();

    let made = made.workspace;
    assert_eq!((made.name.as_str(), made.description.as_deref()), ("Cookbook", Some("What we eat")));
    let of_team = wiki.list_workspaces().team_id(&team).send().await.unwrap().workspaces;
    let ids: Vec<_> = of_team.into_iter().map(|workspace| workspace.workspace_id).collect();
    assert_eq!(ids, [made.workspace_id]);
    stage.upload(&made.root_node_id.unwrap(), "soup.md", b"Boil.").await;
}
