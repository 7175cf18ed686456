//! Refusals about spaces, files and folders.

use dingtalk_storage::types::{
    AppProperty, ConflictStrategy, CorpId, DentryId, OpenType, PropertyVisibility, SpaceId, TaskId,
};

use super::Refusals;
use crate::stage::{Stage, id, uuid};

pub async fn of_spaces(stage: &Stage, refusals: &mut Refusals) {
    let (space, _) = stage.space("mine").await;
    let (ada, ben) = (stage.ada.storage_v1(), stage.person(1).storage_v1());
    let nowhere = SpaceId::new("77");

    let name = "storage_v1.AddSpace";
    refusals.expect(name, 400, "paramError.scene", ada.add_space().scene("my scene").send()).await;
    refusals.expect(name, 400, "paramError.sceneId", ada.add_space().scene_id("1-2").send()).await;
    refusals.expect(name, 400, "paramError.name", ada.add_space().scene("new").name("a|b").send()).await;
    refusals.expect(name, 400, "paramError", ada.add_space().scene("new").quota(-1).send()).await;
    let name = "storage_v1.GetSpace";
    refusals.expect(name, 404, "spaceNotExist", ada.get_space(&nowhere).send()).await;
    refusals.expect(name, 403, "permissionDenied", ben.get_space(&space).send()).await;
    let other = CorpId::new("ding0");
    refusals.expect("storage_v1.GetOrg", 403, "permissionDenied", ada.get_org(&other).send()).await;
    let list = ada.list_all_dentries(&nowhere);
    refusals.expect("storage_v1.ListAllDentries", 404, "spaceNotExist", list.send()).await;
}

pub async fn of_reading(stage: &Stage, refusals: &mut Refusals) {
    let (space, root) = stage.space("read").await;
    let file = id(&stage.upload(&root, "a.txt", b"a").await);
    let (ada, ben) = (stage.ada.storage_v1(), stage.person(1).storage_v1());
    let (nowhere, nothing, top) = (SpaceId::new("77"), DentryId::new("77"), DentryId::root());

    let name = "storage_v1.GetDentry";
    refusals.expect(name, 404, "spaceNotExist", ada.get_dentry(&nowhere, &file).send()).await;
    refusals.expect(name, 404, "dentryNotExist", ada.get_dentry(&space, &nothing).send()).await;
    refusals.expect(name, 403, "permissionDenied", ben.get_dentry(&space, &file).send()).await;
    let many: Vec<DentryId> = (1..=51).map(|number| DentryId::new(number.to_string())).collect();
    let name = "storage_v1.GetDentries";
    refusals.expect(name, 404, "spaceNotExist", ada.get_dentries(&nowhere, std::slice::from_ref(&file)).send()).await;
    refusals.expect(name, 400, "paramError", ada.get_dentries(&space, &many).send()).await;
    let name = "storage_v1.ListDentries";
    refusals.expect(name, 404, "dentryNotExist", ada.list_dentries(&space, &nothing).send()).await;
    refusals.expect(name, 403, "permissionDenied", ben.list_dentries(&space, &top).send()).await;
    let forged = ada.list_dentries(&space, &top).next_token(&"a token that nobody gave".into());
    refusals.expect(name, 400, "paramError", forged.send()).await;
    let name = "storage_v1.ListDentryVersions";
    let large = ada.list_dentry_versions(&space, &file).max_results(101);
    refusals.expect(name, 400, "paramError.maxResults", large.send()).await;
    let name = "storage_v1.RevertDentryVersion";
    refusals.expect(name, 400, "paramError", ada.revert_dentry_version(&space, &file, 9).send()).await;
    refusals.expect(name, 403, "permissionDenied", ben.revert_dentry_version(&space, &file, 1).send()).await;
}

pub async fn of_placing(stage: &Stage, refusals: &mut Refusals) {
    let (space, root) = stage.space("place").await;
    let file = id(&stage.upload(&root, "a.txt", b"a").await);
    let folder = stage.folder(&space, &DentryId::root(), "folder").await;
    stage.upload(&uuid(&folder), "a.txt", b"a").await;
    let (ada, ben, folder) = (stage.ada.storage_v1(), stage.person(1).storage_v1(), id(&folder));
    let (nothing, top) = (DentryId::new("77"), DentryId::root());
    let refuse = ConflictStrategy::ReturnErrorIfExists;

    let name = "storage_v1.AddFolder";
    let taken = ada.add_folder(&space, &top, "folder").conflict_strategy(refuse.clone());
    refusals.expect(name, 400, "dentryAlreadyExist", taken.send()).await;
    refusals.expect(name, 400, "dentryNameIllegal", ada.add_folder(&space, &top, "a|b").send()).await;
    let strategy = ada.add_folder(&space, &top, "b").conflict_strategy("SHRUG".into());
    refusals.expect(name, 400, "paramError.conflictStrategy", strategy.send()).await;
    refusals.expect(name, 404, "dentryNotExist", ada.add_folder(&space, &nothing, "b").send()).await;
    refusals.expect(name, 403, "permissionDenied", ben.add_folder(&space, &top, "b").send()).await;
    let name = "storage_v1.CopyDentry";
    let taken = ada.copy_dentry(&space, &file, &space, &folder).conflict_strategy(refuse.clone());
    refusals.expect(name, 400, "dentryAlreadyExist", taken.send()).await;
    refusals.expect(name, 404, "dentryNotExist", ada.copy_dentry(&space, &nothing, &space, &top).send()).await;
    let name = "storage_v1.MoveDentry";
    let taken = ada.move_dentry(&space, &file, &space, &folder).conflict_strategy(refuse);
    refusals.expect(name, 400, "dentryAlreadyExist", taken.send()).await;
    refusals.expect(name, 403, "permissionDenied", ben.move_dentry(&space, &file, &space, &folder).send()).await;
    let name = "storage_v1.RenameDentry";
    refusals.expect(name, 400, "dentryAlreadyExist", ada.rename_dentry(&space, &file, "folder").send()).await;
    refusals.expect(name, 400, "paramError.name", ada.rename_dentry(&space, &file, "a|b").send()).await;
    let name = "storage_v1.DeleteDentry";
    let recycle = ada.delete_dentry(&space, &file).to_recycle_bin(true);
    refusals.expect(name, 400, "recycleBinNotSupportForSpace", recycle.send()).await;
    refusals.expect(name, 403, "operationNotSupported", ada.delete_dentry(&space, &top).send()).await;
    refusals.expect(name, 404, "dentryNotExist", ada.delete_dentry(&space, &nothing).send()).await;
    let words = [DentryId::new("x")];
    let copy = ada.copy_dentries(&space, &space, &top, &words);
    refusals.expect("storage_v1.CopyDentries", 400, "paramError.dentryIds", copy.send()).await;
    let moved = ada.move_dentries(&space, &space, &top, &words);
    refusals.expect("storage_v1.MoveDentries", 400, "paramError.dentryIds", moved.send()).await;
    let name = "storage_v1.DeleteDentries";
    refusals.expect(name, 400, "paramError.dentryIds", ada.delete_dentries(&space, &words).send()).await;
    assert_eq!(stage.names(&space, &top).await, ["a.txt", "folder"], "nothing of that was done");
}

pub async fn of_views_and_tasks(stage: &Stage, refusals: &mut Refusals) {
    let (space, root) = stage.space("views").await;
    let mut files = Vec::new();
    for name in ["a.pdf", "b.zip", "c.unknown"] {
        files.push(id(&stage.upload(&root, name, b"x").await));
    }
    let ada = stage.ada.storage_v1();
    let open = |file: &DentryId| ada.get_dentry_open_info(&space, file);

    let name = "storage_v1.GetDentryOpenInfo";
    let edit = open(&files[0]).kind(OpenType::Edit);
    refusals.expect(name, 400, "dentryEditNotSupport", edit.send()).await;
    refusals.expect(name, 400, "dentryPreviewNotSupport", open(&files[1]).send()).await;
    refusals.expect(name, 400, "dentryExtensionNotSupport", open(&files[2]).send()).await;
    refusals.expect(name, 400, "paramError.openType", open(&files[0]).kind("SMELL".into()).send()).await;
    let missing = ada.get_dentry_thumbnails(&SpaceId::new("x"), &files);
    refusals.expect("storage_v1.GetDentryThumbnails", 400, "paramError.spaceId", missing.send()).await;
    let four = ["1", "2", "3", "4"].map(|name| AppProperty::new(name, "x", PropertyVisibility::Public));
    let name = "storage_v1.UpdateDentryAppProperties";
    ada.update_dentry_app_properties(&space, &files[0], &four[..3]).send().await.unwrap();
    let fourth = ada.update_dentry_app_properties(&space, &files[0], &four[3..]);
    refusals.expect(name, 400, "dentryAppPropertiesNumberExceedsLimit", fourth.send()).await;
    let name = "storage_v1.DeleteDentryAppProperties";
    let gone = ada.delete_dentry_app_properties(&space, &DentryId::new("77"), &["1".to_owned()]);
    refusals.expect(name, 404, "dentryNotExist", gone.send()).await;
    let name = "storage_v1.GetTask";
    refusals.expect(name, 404, "taskNotExist", ada.get_task(&TaskId::new("77")).send()).await;
    refusals.expect(name, 400, "paramError.taskId", ada.get_task(&TaskId::new("x")).send()).await;
}
