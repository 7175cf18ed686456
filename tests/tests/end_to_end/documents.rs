//! Finding files: by either of their ids, and by name.

use dingtalk_storage::types::{DentryId, ShortcutResourceType, SpaceCapabilities, UserAccessToken, WorkspaceDocType};
use dingtalk_storage::{ErrorClass, ErrorCode};

use crate::stage::{Stage, id, uuid};

pub async fn ids_lead_to_each_other(stage: &Stage) {
    let (space, root) = stage.space("ids").await;
    let file = stage.upload(&root, "a.txt", b"a").await;

    let there = stage.ada.doc_v2().get_uuid_by_dentry_id(&id(&file), &space).send().await.unwrap();
    let back = stage.ada.doc_v2().get_dentry_id_by_uuid(&uuid(&file)).send().await.unwrap();

    assert_eq!(there.dentry_uuid, file.uuid);
    assert_eq!((back.dentry_id, back.space_id), (Some(file.id), Some(space)));
}

pub async fn search_finds_files_by_name(stage: &Stage) {
    let open = SpaceCapabilities::new().with_can_search(true);
    let space = stage.ada.storage_v1().add_space().scene("open").capabilities(&open).send().await.unwrap();
    let space = space.space.id;
    let root = uuid(&stage.dentry(&space, &DentryId::root()).await);
    let (_, closed) = stage.space("closed").await;
    for (folder, name) in
        [(&root, "Report 2025.pdf"), (&root, "report 2026.txt"), (&root, "x.txt"), (&closed, "report.txt")]
    {
        stage.upload(folder, name, b"x").await;
    }

    let mut found = stage.ada.storage_v2().search_dentries("REPORT").max_results(1).items();
    let mut names = Vec::new();
    while let Some(file) = found.try_next().await.unwrap() {
        names.push(file.name);
    }

    names.sort();
    assert_eq!(names, ["Report 2025.pdf", "report 2026.txt"]);
    assert_eq!(stage.person(1).storage_v2().search_dentries("report").send().await.unwrap().items, []);
}

pub async fn documents_are_made_and_deleted(stage: &Stage) {
    let (doc, wiki) = (stage.ada.doc_v1(), stage.ada.wiki_v2());
    let mine = wiki.get_mine_workspace().send().await.unwrap().workspace;
    let (base, root) = (mine.workspace_id, mine.root_node_id.unwrap());

    let folder = doc.create_workspace_doc(&base, "Recipes", WorkspaceDocType::Folder).send().await.unwrap();
    let soup = doc.create_workspace_doc(&base, "Soup", WorkspaceDocType::Doc).parent_node_id(&folder.node_id);
    let soup = soup.send().await.unwrap();

    let below = wiki.list_nodes(&folder.node_id).send().await.unwrap().nodes;
    assert_eq!(below.len(), 1);
    assert_eq!((Some(&below[0].node_id), below[0].extension.as_deref()), (soup.dentry_uuid.as_ref(), Some("adoc")));
    let again = doc.create_workspace_doc(&base, "Recipes", WorkspaceDocType::Folder).send().await.unwrap_err();
    assert_eq!(again.code(), Some(&ErrorCode::InvalidRequestWorkspaceNodeNameConflict));

    let bens = stage.person(1).doc_v1().delete_workspace_doc(&base, &folder.node_id).send().await.unwrap_err();
    assert_eq!(bens.code(), Some(&ErrorCode::ForbiddenAccessDenied));
    doc.delete_workspace_doc(&base, &folder.node_id).send().await.unwrap();
    assert_eq!(wiki.list_nodes(&root).send().await.unwrap().nodes, []);
    let gone = doc.delete_workspace_doc(&base, &soup.node_id).send().await.unwrap_err();
    assert_eq!(gone.code(), Some(&ErrorCode::InvalidRequestResourceNotFound));
}

pub async fn a_person_copies_a_folder_and_makes_a_shortcut(stage: &Stage) {
    let (space, root) = stage.space("copiesOfDocuments").await;
    let tree = stage.tree(&space, "tree").await;
    let target = uuid(&stage.folder(&space, &DentryId::root(), "target").await);
    let doc = stage.client.doc_v2();
    let token = |person: usize| UserAccessToken::new(&stage.emulator.credentials().users[person].access_token);

    // The person of the token acts, whatever the app may.
    let bens = doc.copy_doc(&token(1), &uuid(&tree), &target).send().await.unwrap_err();
    assert_eq!(bens.code(), Some(&ErrorCode::PermissionDenied));
    let finished = doc.copy_doc(&token(0), &uuid(&tree), &target).wait().await.unwrap();
    let (copied, [info]) = (finished.answer, finished.tasks.as_slice()) else { panic!("one task") };
    assert_eq!((copied.is_async, &copied.task_id), (Some(true), &info.task_id));
    assert_eq!((info.status, info.total_count), (Some(1), Some(3)));
    assert_eq!((info.succ_count, info.fail_count), (Some(3), Some(0)));
    let same = doc.get_task_info(info.task_id.as_ref().unwrap()).wait().await.unwrap();
    assert_eq!(&same, info);
    let copy = copied.sync_copy_result.unwrap();
    assert_eq!(stage.names(&space, &copy.drive_dentry_id.unwrap()).await, ["inner"]);

    let kind = ShortcutResourceType::Dentry;
    let shortcut = doc.create_shortcut(&token(0), &uuid(&tree), kind.clone(), &root, kind);
    let shortcut = shortcut.target_resource_name("way there").send().await.unwrap().open_dentry_info.unwrap();
    let names = stage.names(&space, &DentryId::root()).await;
    assert!(names.contains(&shortcut.name.unwrap()), "{names:?}");

    // A token that nobody has is refused, and not replaced by that of the app.
    let calls = stage.emulator.journal().len();
    let wrong = doc.copy_doc(&UserAccessToken::new("stale"), &uuid(&tree), &target).send().await.unwrap_err();
    assert_eq!(wrong.class(), ErrorClass::Token);
    assert_eq!(stage.emulator.journal().len(), calls + 1);
}

pub async fn resources_go_up_into_a_document(stage: &Stage) {
    let mine = stage.ada.wiki_v2().get_mine_workspace().send().await.unwrap().workspace;
    let base = mine.workspace_id;
    let doc = stage.ada.doc_v1();
    let soup = doc.create_workspace_doc(&base, "Soup", WorkspaceDocType::Doc).send().await.unwrap();

    let info = doc.get_resource_upload_info(&soup.node_id, 5, "image/png", "soup.png").send().await.unwrap();

    let url = info.result.unwrap().upload_url.unwrap();
    let answer = stage.http.put(url.expose()).body("bytes").send().await.unwrap();
    assert_eq!(answer.status(), 200);
    let got = stage.http.get(url.expose()).send().await.unwrap();
    assert_eq!(got.status(), 403, "the URL is for one method");
}
