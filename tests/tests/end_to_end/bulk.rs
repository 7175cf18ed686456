//! Bulk calls of any length, with the tasks that go on after them.

use std::time::Duration;

use dingtalk_storage::runtime::Settled;
use dingtalk_storage::types::{DentryId, SpaceId};
use dingtalk_storage::{ErrorCode, ErrorKind, blocking};
use dingtalk_storage_emulator::{Fault, FaultKind, Plan};

use crate::stage::{Stage, id};

/// A space of so many files.
async fn filled(stage: &Stage, files: usize) -> (SpaceId, Vec<DentryId>) {
    let planned: Vec<_> = (0..files).map(|number| format!("{{path: /{number}, size: 1}}")).collect();
    let plan = Plan::from_yaml(&format!("spaces: [{{scene: bulk, files: [{}]}}]", planned.join(","))).unwrap();
    let space = SpaceId::new(&stage.emulator.plant(&plan).await.unwrap().spaces.added[0]);
    let mut items = stage.ada.storage_v1().list_all_dentries(&space).items();
    let mut ids = Vec::new();
    while let Some(dentry) = items.try_next().await.unwrap() {
        ids.push(dentry.id);
    }
    (space, ids)
}

#[tokio::test]
async fn five_hundred_are_deleted_with_an_outcome_each() {
    let stage = Stage::start().await;
    let (space, mut ids) = filled(&stage, 496).await;
    let trees = [id(&stage.tree(&space, "one").await), id(&stage.tree(&space, "two").await)];
    ids.insert(70, trees[0].clone());
    ids.insert(499 - 2, trees[1].clone());
    ids.insert(200, DentryId::new("999999999999"));
    ids.insert(0, ids[42].clone());
    // The fourth of the ten calls is refused as a whole.
    let refusal = FaultKind::Status { status: 403, code: Some("permissionDenied".to_owned()), retry_after: None };
    stage.emulator.add_fault(Fault::new(refusal).on("storage_v1.DeleteDentries").nth(4));

    let settled = stage.ada.storage_v1().delete_dentries(&space, &ids).batches().settle().await;

    assert!(settled.iter().map(|(id, _)| id).eq(&ids), "one outcome for each, in the order of the list");
    for (place, (id, outcome)) in settled.iter().enumerate() {
        let code = outcome.error().and_then(|error| error.code());
        match place {
            150..200 => assert_eq!(code, Some(&ErrorCode::PermissionDenied), "{place}"),
            _ if id.as_str() == "999999999999" => assert_eq!(code, Some(&ErrorCode::DentryNotExist)),
            _ if *id == ids[0] => {}
            _ => assert!(outcome.is_done(), "{place}: {outcome:?}"),
        }
    }
    assert_eq!(stage.emulator.effects("entry.deleted"), 500 - 50 - 2);
    for tree in &trees {
        let gone = stage.ada.storage_v1().get_dentry(&space, tree).send().await.unwrap_err();
        assert_eq!(gone.code(), Some(&ErrorCode::DentryNotExist));
    }
}

#[tokio::test]
async fn what_still_goes_on_and_what_nobody_knows_is_said() {
    let stage = Stage::start().await;
    let (space, ids) = filled(&stage, 6).await;
    let (other, _) = stage.space("target").await;
    let tree = id(&stage.tree(&space, "tree").await);
    let ids = [&[tree], ids.as_slice()].concat();
    // The answer of the second of three calls is lost after it was applied; a copy is never made twice.
    stage.emulator.add_fault(Fault::new(FaultKind::ApplyThenDrop).on("storage_v1.CopyDentries").nth(2));

    let request = stage.ada.storage_v1().copy_dentries(&space, &other, &DentryId::root(), &ids);
    let settled = request.batches().settle().timeout(Duration::ZERO).await;

    let outcomes: Vec<_> = settled.iter().map(|(_, outcome)| outcome).collect();
    let is_unknown =
        |outcome: &Settled| matches!(outcome, Settled::Unknown(error) if error.kind() == ErrorKind::OutcomeUnknown);
    for (place, outcome) in outcomes.iter().enumerate() {
        match place {
            0 => assert!(matches!(outcome, Settled::Task(_)), "{outcome:?}"),
            1 | 2 | 6 => assert!(outcome.is_done(), "{place}: {outcome:?}"),
            _ => assert!(is_unknown(outcome), "{place}: {outcome:?}"),
        }
    }
    stage.finish(&outcomes[0].task().unwrap()).await;
    assert_eq!(stage.names(&other, &DentryId::root()).await.len(), 7, "each once");
}

/// A program without an async runtime.
#[test]
fn lists_bulk_calls_and_waits_block() {
    // The emulator's own runtime, which nothing waits on after this.
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_all().build().unwrap();
    let (stage, space, tree) = runtime.block_on(async {
        let stage = Stage::start().await;
        let (space, _) = filled(&stage, 60).await;
        let tree = id(&stage.tree(&space, "tree").await);
        (stage, space, tree)
    });
    let storage = stage.ada.storage_v1();

    let entries: Result<Vec<_>, _> = storage.list_dentries(&space, &DentryId::root()).items().blocking().collect();
    let files: Vec<_> = entries.unwrap().into_iter().map(|entry| entry.id).filter(|id| *id != tree).collect();
    assert_eq!(files.len(), 60);
    let pages = storage.list_dentries(&space, &DentryId::root()).max_results(50).pages().blocking();
    assert_eq!(pages.map(|page| page.unwrap().len()).collect::<Vec<_>>(), [50, 11]);
    let outcomes = storage.delete_dentries(&space, &files).batches().block().unwrap();
    assert!(outcomes.iter().all(|(_, outcome)| outcome.as_ref().unwrap().success == Some(true)));
    assert_eq!(storage.delete_dentry(&space, &tree).wait().block().unwrap().tasks.len(), 1);
    let left = storage.list_dentries(&space, &DentryId::root()).send();
    assert_eq!(blocking::block_on(left).unwrap().dentries, []);
}
