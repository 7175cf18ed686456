//! Walks and changes, and what they cost.

use std::collections::{BTreeMap, BTreeSet};

use dingtalk_storage::types::SpaceId;
use dingtalk_storage_emulator::{Fault, FaultKind, Plan, PlannedFile, PlannedSpace};
use dingtalk_storage_transfer::{Change, Changes, ChangesCheckpoint, Entry, PlacedWalk, WalkCheckpoint};

use crate::stage::Stage;

const ALL: &str = "storage_v1.ListAllDentries";
const LIST: &str = "storage_v1.ListDentries";
const LOOK: &str = "storage_v1.GetDentries";

/// A space with folders of files, 123 entries in all.
async fn stage() -> (Stage, SpaceId) {
    let stage = Stage::new().await;
    let file = |path: String| PlannedFile { path, text: Some("x".into()), from: None, size: None };
    let files = (0..120).map(|number| file(format!("/{}/f{number}", number % 3))).collect();
    let space =
        PlannedSpace { scene: Some("walks".into()), name: Some("Walks".into()), files, ..PlannedSpace::default() };
    let planted = stage.emulator.plant(&Plan { spaces: vec![space], ..Plan::default() }).await.unwrap();
    stage.emulator.clear_journal();
    (stage, SpaceId::from(planted.spaces.added[0].as_str()))
}

fn by_name(entries: &[Entry]) -> BTreeMap<String, Entry> {
    entries.iter().map(|entry| (entry.id.to_string(), entry.clone())).collect()
}

#[tokio::test]
async fn a_space_costs_a_call_for_50_entries_and_a_folder_one_for_each_folder() {
    let (stage, space) = stage().await;
    let mut walk = stage.drive.walk(&space);
    let mut entries = Vec::new();
    while let Some(entry) = walk.try_next().await.unwrap() {
        assert!(!walk.is_complete() || entries.len() == 122);
        entries.push(entry);
    }
    assert!(walk.is_complete());
    assert_eq!(by_name(&entries).len(), 123);
    assert_eq!(stage.calls(), [ALL; 3]);

    stage.emulator.clear_journal();
    let root = stage.drive.paths(&space).root().await.unwrap();
    let mut walk = stage.drive.walk_levels(&root);
    let mut by_folders = Vec::new();
    while let Some(entry) = walk.try_next().await.unwrap() {
        by_folders.push(entry);
    }
    assert!(walk.is_complete());
    assert_eq!(by_name(&by_folders), by_name(&entries));
    assert_eq!(stage.emulator.calls(LIST), 4);

    // Of its own accord it takes the way that costs less.
    stage.emulator.clear_journal();
    let mut walk = stage.drive.walk_folder(&root);
    while walk.try_next().await.unwrap().is_some() {}
    assert_eq!(stage.calls(), [ALL; 3]);
    let folder = stage.drive.paths(&space).resolve("/1").await.unwrap();
    stage.emulator.clear_journal();
    let mut walk = stage.drive.walk_folder(&folder);
    while walk.try_next().await.unwrap().is_some() {}
    assert_eq!(stage.calls(), [LIST]);
}

async fn placed(mut walk: PlacedWalk) -> Vec<String> {
    let mut paths = Vec::new();
    while let Some(placed) = walk.try_next().await.unwrap() {
        paths.push([placed.folders, vec![placed.entry.name]].concat().join("/"));
    }
    assert!(walk.is_complete());
    paths
}

#[tokio::test]
async fn paths_of_a_flat_list_are_those_of_its_folders() {
    let (stage, space) = stage().await;
    let paths = stage.drive.paths(&space);
    let root = paths.root().await.unwrap();
    let inner = paths.make_folders("/0/deep/deeper").await.unwrap();
    stage.drive.upload(b"x".to_vec()).to(&inner).name("last").send().await.unwrap();
    stage.emulator.clear_journal();
    let flat = placed(stage.drive.walk_placed(&root)).await;
    assert_eq!(stage.calls(), [ALL; 3]);
    let files = (0..120).map(|number| format!("{}/f{number}", number % 3));
    let folders = ["0", "1", "2", "0/deep", "0/deep/deeper", "0/deep/deeper/last"].map(str::to_owned);
    assert_eq!(flat.iter().cloned().collect::<BTreeSet<_>>(), files.chain(folders).collect());
    assert_eq!(flat.len(), 126, "each comes once");
    let place = |path: &str| flat.iter().position(|each| each == path).unwrap();
    for path in flat.iter().filter(|path| path.contains('/')) {
        assert!(place(path.rsplit_once('/').unwrap().0) < place(path), "{path}");
    }
    let below = placed(stage.drive.walk_placed(&paths.resolve("/0/deep").await.unwrap())).await;
    assert_eq!(below, ["deeper", "deeper/last"]);
}

/// The flat list has a folder after what is in it, not at all, or has a file in a folder that lies elsewhere.
#[tokio::test]
async fn folders_that_do_not_come_are_asked_for() {
    let (stage, space) = stage().await;
    let paths = stage.drive.paths(&space);
    let root = paths.root().await.unwrap();
    let listed = stage.drive.client().storage_v1().list_all_dentries(&space).max_results(50).send().await.unwrap();
    let folder = listed.dentries.iter().position(|dentry| dentry.name == "1").unwrap();
    // It is told as deleted, so the walk passes it over.
    let hidden = FaultKind::MutateJson { pointer: format!("/dentries/{folder}/status"), value: Some("DELETED".into()) };
    stage.emulator.add_fault(Fault::new(hidden).on(ALL));
    stage.emulator.clear_journal();
    let found: BTreeSet<String> = placed(stage.drive.walk_placed(&root)).await.into_iter().collect();
    assert_eq!(found.len(), 123);
    assert_eq!(stage.calls().iter().filter(|call| *call != ALL).count(), 1, "asked for once: {:?}", stage.calls());

    // Of a walk below a folder, what lies elsewhere by now is no part.
    let (one, other) = (paths.resolve("/1").await.unwrap(), paths.resolve("/2").await.unwrap());
    let moved = FaultKind::MutateJson { pointer: "/dentries/0/parentId".into(), value: Some(other.id.as_str().into()) };
    stage.emulator.add_fault(Fault::new(moved).on(LIST));
    assert_eq!(placed(stage.drive.walk_placed(&one)).await.len(), 39);
    let gone = FaultKind::MutateJson { pointer: "/dentries/0/parentId".into(), value: Some("404404".into()) };
    stage.emulator.add_fault(Fault::new(gone).on(LIST));
    assert_eq!(placed(stage.drive.walk_placed(&one)).await.len(), 39);
}

#[tokio::test]
async fn a_walk_goes_on_from_its_checkpoint_in_another_process() {
    let (stage, space) = stage().await;
    let root = stage.drive.paths(&space).root().await.unwrap();
    for by_folders in [false, true] {
        let start = || if by_folders { stage.drive.walk_levels(&root) } else { stage.drive.walk(&space) };
        let mut entries = Vec::new();
        let mut written: Option<String> = None;
        // Killed after every 17th entry, and with every third call refused.
        let calls = if by_folders { LIST } else { ALL };
        stage.emulator.clear_faults();
        let refused = FaultKind::Status { status: 400, code: Some("paramError".into()), retry_after: None };
        stage.emulator.add_fault(Fault::new(refused).on(calls).nth(3).times(1));
        for life in 0.. {
            assert!(life < 100);
            let mut walk = start();
            if let Some(text) = &written {
                walk = walk.from_checkpoint(serde_json::from_str::<WalkCheckpoint>(text).unwrap());
            }
            for _ in 0..60 {
                match walk.try_next().await {
                    Ok(Some(entry)) => entries.push(entry),
                    Ok(None) => break,
                    Err(_) => {}
                }
            }
            written = Some(serde_json::to_string(&walk.checkpoint()).unwrap());
            if walk.is_complete() {
                break;
            }
        }
        assert_eq!(by_name(&entries).len(), 123, "{by_folders}");
        assert!(stage.emulator.missed_faults().is_empty());
    }
}

#[tokio::test]
async fn what_cannot_be_read_makes_a_walk_incomplete() {
    let (stage, space) = stage().await;
    for pointer in ["/dentries/3/name", "/dentries/3/uuid"] {
        stage.fault(FaultKind::MutateJson { pointer: pointer.into(), value: None }, ALL);
        let mut walk = stage.drive.walk(&space);
        let mut entries = Vec::new();
        while let Some(entry) = walk.try_next().await.unwrap() {
            entries.push(entry);
        }
        assert!(!walk.is_complete(), "{pointer}");
        assert_eq!(by_name(&entries).len(), 122, "{pointer}");
    }
}

async fn all(mut changes: Changes) -> (Vec<Change>, ChangesCheckpoint, bool) {
    let mut found = Vec::new();
    while let Some(change) = changes.try_next().await.unwrap() {
        found.push(change);
    }
    let written = serde_json::to_string(&changes.checkpoint()).unwrap();
    (found, serde_json::from_str(&written).unwrap(), changes.is_complete())
}

#[tokio::test]
async fn changes_are_what_was_changed() {
    let (stage, space) = stage().await;
    let (added, checkpoint, is_complete) = all(stage.drive.changes(&space, None)).await;
    assert!(is_complete && added.len() == 123 && added.iter().all(|change| matches!(change, Change::Added(_))));
    let (none, checkpoint, _) = all(stage.drive.changes(&space, Some(checkpoint))).await;
    assert_eq!(none, []);

    let paths = stage.drive.paths(&space);
    let (moved, deleted, renamed) = (
        paths.resolve("/0/f3").await.unwrap(),
        paths.resolve("/1/f4").await.unwrap(),
        paths.resolve("/2").await.unwrap(),
    );
    let calls = stage.drive.client().storage_v1();
    let target = paths.resolve("/1").await.unwrap();
    calls.move_dentry(&space, &moved.id, &space, &target.id).send().await.unwrap();
    calls.delete_dentry(&space, &deleted.id).send().await.unwrap();
    calls.rename_dentry(&space, &renamed.id, "two").send().await.unwrap();
    let new = calls.add_folder(&space, &"0".into(), "new").send().await.unwrap().dentry;
    stage.emulator.clear_journal();

    // A walk that has not seen all tells no deletion; the next one makes up for it.
    stage.fault(FaultKind::MutateJson { pointer: "/dentries/9/name".into(), value: None }, ALL);
    let (found, checkpoint, is_complete) = all(stage.drive.changes(&space, Some(checkpoint))).await;
    assert!(!is_complete && !found.iter().any(|change| matches!(change, Change::Deleted(_))));
    assert_eq!(stage.emulator.calls(LOOK), 0);
    let (rest, checkpoint, is_complete) = all(stage.drive.changes(&space, Some(checkpoint))).await;
    assert!(is_complete);
    assert_eq!(stage.emulator.calls(LOOK), 1);

    let found: Vec<Change> = found.into_iter().chain(rest).collect();
    assert_eq!(found.len(), 4, "{found:?}");
    for change in found {
        match change {
            Change::Added(entry) => assert_eq!(entry.id, new.id),
            Change::Moved { entry, before, is_changed } if entry.id == moved.id => {
                assert_eq!((entry.parent, before.parent, is_changed), (target.id.clone(), moved.parent.clone(), false));
            }
            Change::Moved { entry, before, .. } => {
                assert_eq!((entry.name.as_str(), before.name.as_str()), ("two", "2"));
            }
            Change::Deleted(known) => assert_eq!(known.uuid, deleted.uuid),
            Change::Changed { .. } | _ => panic!("{change:?}"),
        }
    }
    assert_eq!(all(stage.drive.changes(&space, Some(checkpoint))).await.0, []);
}

#[tokio::test]
async fn a_list_that_ends_too_early_deletes_nothing() {
    let (stage, space) = stage().await;
    let (_, checkpoint, _) = all(stage.drive.changes(&space, None)).await;
    stage.fault(FaultKind::MutateJson { pointer: "/nextToken".into(), value: None }, ALL);
    let (found, _, _) = all(stage.drive.changes(&space, Some(checkpoint))).await;
    assert_eq!(found, [], "the server was asked for what was not listed");
    assert!(stage.emulator.missed_faults().is_empty());
}
