//! Where uploads go.

use dingtalk_storage::types::{ConflictStrategy, DentryId, DentryType, WorkspaceId};
use dingtalk_storage_emulator::{Fault, FaultKind};
use dingtalk_storage_transfer::{Category, Error, Target};

use crate::stage::{PART, Stage, bytes};

/// Uploads a small and a large file to a target, twice each: returns the calls of the first small one.
async fn reached(stage: &Stage, target: Target) -> Vec<String> {
    stage.emulator.clear_journal();
    let upload = |name: &str, length| stage.drive.upload(bytes(length)).to(target.clone()).name(name).send();
    let small = upload("small.bin", 10).await.unwrap();
    let calls = stage.api_calls();
    stage.emulator.clear_journal();
    upload("again.bin", 10).await.unwrap();
    assert_eq!(stage.api_calls(), ["storage_v2.GetFileUploadInfo", "storage_v2.CommitFile"], "{target:?}");
    let large = upload("large.bin", 3 * PART).await.unwrap();
    assert_eq!((&small.entry.space, &small.entry.parent), (&large.entry.space, &large.entry.parent), "{target:?}");
    assert_eq!(stage.commits(), 2);
    assert!(stage.content(&small.entry).await == bytes(10) && stage.content(&large.entry).await == bytes(3 * PART));
    calls
}

fn more(calls: &[&str]) -> Vec<String> {
    let upload = ["storage_v2.GetFileUploadInfo", "storage_v2.CommitFile"];
    calls.iter().chain(&upload).map(|call| (*call).to_owned()).collect()
}

#[tokio::test]
async fn every_target_is_found_by_the_calls_that_it_says_and_asked_for_once() {
    let stage = Stage::new().await;
    let people = stage.emulator.credentials();
    let drive = stage.drive.client();
    let workspace = drive.wiki_v2().add_workspace("Handbook").send().await.unwrap().workspace.workspace_id;
    let get_dentry = "storage_v1.GetDentry";
    assert_eq!(reached(&stage, Target::from(&stage.root)).await, more(&[]));
    assert_eq!(reached(&stage, Target::root(&stage.root.space)).await, more(&[get_dentry]));
    assert_eq!(reached(&stage, Target::MyDocuments).await, more(&["wiki_v2.GetMineWorkspace"]));
    assert_eq!(reached(&stage, Target::Workspace(workspace)).await, more(&["wiki_v2.GetWorkspace"]));
    let chat = Target::Chat(people.chats[0].open_conversation_id.as_str().into());
    assert_eq!(reached(&stage, chat).await, more(&["conv_file_v1.GetSpace", get_dentry]));
    let approvals = Target::ApprovalAttachments(people.users[0].user_id.as_str().into());
    assert_eq!(reached(&stage, approvals).await, more(&["workflow_v1.GetAttachmentSpace", get_dentry]));
}

#[tokio::test]
async fn a_target_that_is_not_there_is_told() {
    let stage = Stage::new().await;
    let upload = |target: Target| stage.drive.upload(bytes(10)).to(target).name("a.bin").send();
    let space = &stage.root.space;
    for missing in [
        Target::Workspace(WorkspaceId::from("none")),
        Target::Id { space: space.clone(), folder: DentryId::from("404") },
        Target::Folder("none".into()),
        Target::Chat("none".into()),
    ] {
        let error = upload(missing.clone()).await.unwrap_err();
        assert!(matches!(error, Error::Api(_)), "{missing:?}: {error}");
    }
    let missing = upload(Target::path(space, "/Reports/2026")).await.unwrap_err();
    assert!(matches!(&missing, Error::NotFound { missing, .. } if missing == "Reports"), "{missing}");
    let file = upload(Target::root(space)).await.unwrap().entry;
    let file = Target::Id { space: space.clone(), folder: file.id };
    assert!(matches!(upload(file).await.unwrap_err(), Error::NotAFolder(name) if name == "a.bin"));
    for path in ["/..", "a/./b", "/Reports/../../x"] {
        stage.emulator.clear_journal();
        let refused = upload(Target::path(space, path)).await.unwrap_err();
        assert!(matches!(refused, Error::BadPath { .. }), "{refused}");
        assert!(stage.emulator.journal().is_empty());
    }
    assert_eq!(stage.commits(), 0);
}

#[tokio::test]
async fn fifty_uploads_together_make_the_folders_of_a_path_once() {
    let stage = Stage::new().await;
    let uploads = (0..50).map(|number| {
        let target = Target::path(&stage.root.space, "/Reports/2026/11");
        stage.drive.clone().upload(bytes(10 + number)).to(target).name(format!("{number}.bin")).make_folders().send()
    });
    let uploaded = futures_util::future::try_join_all(uploads).await.unwrap();
    assert_eq!(stage.emulator.effects("folder.created"), 3);
    assert_eq!(stage.emulator.calls("storage_v1.AddFolder"), 3);
    assert_eq!(stage.api_calls().len(), 3 + 2 * 50);
    assert_eq!(stage.commits(), 50);
    assert!(uploaded.iter().all(|one| one.entry.parent == uploaded[0].entry.parent));

    // Two processes together: each asks, and the folders are the same ones.
    let target = || Target::path(&stage.root.space, "Reports//2027/");
    let drives = [stage.another_drive(), stage.another_drive()];
    let uploads = drives.iter().map(|drive| drive.upload(bytes(10)).to(target()).name("a.bin").make_folders().send());
    let uploaded = futures_util::future::try_join_all(uploads).await.unwrap();
    assert_eq!(uploaded[0].entry.parent, uploaded[1].entry.parent);
    assert_eq!(stage.emulator.effects("folder.created"), 4);
}

#[tokio::test]
async fn a_path_is_met_by_exact_names_whatever_else_is_there() {
    let stage = Stage::new().await;
    let calls = stage.drive.client().storage_v1();
    let mut made = Vec::new();
    for name in (0..60).map(|number| format!("folder {number}")).chain(["reports".into(), "Reports".into()]) {
        made.push(calls.add_folder(&stage.root.space, &stage.root.id, &name).send().await.unwrap().dentry);
    }
    stage.emulator.clear_journal();
    let upload =
        |path: &str| stage.drive.upload(bytes(10)).to(Target::path(&stage.root.space, path)).name("a.bin").send();
    let uploaded = upload("/Reports").await.unwrap();
    let wanted = made.iter().find(|folder| folder.name == "Reports").unwrap();
    assert_eq!((&wanted.kind, &uploaded.entry.parent), (&DentryType::Folder, &wanted.id));
    assert!(stage.emulator.calls("storage_v1.ListDentries") <= 2, "one call for 50 entries");
    stage.emulator.clear_journal();
    upload("/Reports").await.unwrap();
    assert_eq!(stage.emulator.calls("storage_v1.ListDentries"), 0, "what is known is not looked for");
}

#[tokio::test]
async fn a_lost_answer_to_the_making_of_a_folder_makes_no_second_one() {
    let stage = Stage::new().await;
    stage.fault(FaultKind::ApplyThenDrop, "storage_v1.AddFolder");
    let target = Target::path(&stage.root.space, "/Reports");
    stage.drive.upload(bytes(10)).to(target).name("a.bin").make_folders().send().await.unwrap();
    assert!(stage.emulator.missed_faults().is_empty());
    assert_eq!(stage.emulator.effects("folder.created"), 1);
}

#[tokio::test]
async fn a_folder_that_was_deleted_meanwhile_is_forgotten() {
    let stage = Stage::new().await;
    let target = || Target::path(&stage.root.space, "/Reports/2026");
    let upload = || stage.drive.upload(bytes(10)).to(target()).name("a.bin").make_folders().send();
    let first = upload().await.unwrap();
    let calls = stage.drive.client().storage_v1();
    // The file first: what empties a folder is a task.
    for gone in [&first.entry.id, &first.entry.parent] {
        calls.delete_dentry(&stage.root.space, gone).to_recycle_bin(false).send().await.unwrap();
    }
    let second = upload().await.unwrap();
    assert_ne!(first.entry.parent, second.entry.parent);
    assert_eq!(stage.commits(), 2);
}

#[tokio::test]
async fn who_may_make_no_folders_uses_those_that_are_there() {
    let stage = Stage::new().await;
    let reports = stage.drive.paths(&stage.root.space).make_folders("/Reports").await.unwrap();
    let refusal = FaultKind::Status { status: 403, code: Some("permissionDenied".into()), retry_after: None };
    stage.emulator.add_fault(Fault::new(refusal).on("storage_v1.AddFolder").always());
    let drive = stage.another_drive();
    let upload = |path: &str| {
        drive.upload(bytes(10)).to(Target::path(&stage.root.space, path)).name("a.bin").make_folders().send()
    };
    assert_eq!(upload("/Reports").await.unwrap().entry.parent, reports.id);
    let refused = upload("/Other").await.unwrap_err();
    assert_eq!(refused.category(), Category::Access, "{refused}");
    assert_eq!(stage.commits(), 1);
}

#[tokio::test]
async fn what_was_uploaded_is_known_where_its_folder_is() {
    let stage = Stage::new().await;
    let paths = stage.drive.paths(&stage.root.space);
    let upload = |content: u64| {
        let upload = stage.drive.upload(bytes(content)).to(&stage.root).name("a.bin");
        upload.on_conflict(ConflictStrategy::Overwrite).send()
    };
    upload(10).await.unwrap();
    assert_eq!(paths.resolve("/a.bin").await.unwrap().size, 10);
    upload(20).await.unwrap();
    stage.emulator.clear_journal();
    let found = paths.resolve("/a.bin").await.unwrap();
    assert_eq!((found.size, found.version), (20, Some(2)), "an own change is never forgotten");
    assert!(stage.api_calls().is_empty());
}
