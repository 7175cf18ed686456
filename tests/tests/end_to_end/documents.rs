//! Finding files: by either of their ids, and by name.

use dingtalk_storage::types::{DentryId, SpaceCapabilities};

use crate::stage::{Stage, id, uuid};

pub async fn ids_lead_to_each_other(stage: &Stage) {
    let (space, root) = stage.space("ids").await;
    let file = stage.upload(&root, "a.txt", b"a").await;

    let there = stage.ada.doc_v2().get_uuid_by_dentry_id(&id(&file), &space).send().await.unwrap();
    let back = stage.ada.doc_v2().get_dentry_id_by_uuid(&uuid(&file)).send().await.unwrap();

    assert_eq!(there.dentry_uuid, file.uuid);
    assert_eq!((back.dentry_id, back.space_id), (file.id, Some(space)));
}

pub async fn search_finds_files_by_name(stage: &Stage) {
    let open = SpaceCapabilities::new().can_search(true);
    let space = stage.ada.storage_v1().add_space().scene("open").capabilities(&open).send().await.unwrap();
    let space = space.space.unwrap().id.unwrap();
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
        names.push(file.name.unwrap());
    }

    names.sort();
    assert_eq!(names, ["Report 2025.pdf", "report 2026.txt"]);
    assert_eq!(stage.person(1).storage_v2().search_dentries("report").send().await.unwrap().items, []);
}
