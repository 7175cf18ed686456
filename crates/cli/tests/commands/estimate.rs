//! What a dry run tells, held against the ledger of the server.

use serde_json::Value;

use crate::stage::Stage;

/// Metered calls since the journal was cleared.
fn metered(stage: &Stage) -> u64 {
    stage.calls().iter().filter(|call| !call.starts_with("oauth2")).count() as u64
}

/// What a dry run says in the end. It has spent what it says, and changed nothing.
fn estimate(stage: &Stage, arguments: &[&str]) -> Value {
    let tree = || stage.ok(&["ls", "-R", "--ids", "ding:Reports"]);
    let before = tree();
    stage.emulator.clear_journal();
    let mut told = stage.json(&[arguments, &["--dry-run"]].concat());
    let last = told.pop().unwrap();
    assert_eq!(last["kind"], "estimate", "{arguments:?}: {last}");
    assert_eq!(last["data"]["spent"], metered(stage), "{arguments:?}: {:?}", stage.calls());
    assert_eq!(tree(), before, "{arguments:?}");
    last["data"].clone()
}

async fn stage() -> Stage {
    // What a sync has put there is told by its time.
    let stage = Stage::on(dingtalk_storage_emulator::Emulator::builder().seed(1)).await;
    for (name, text) in [("tree/a.txt", "a"), ("tree/sub/b.txt", "bb"), ("small", "small"), ("other", "other")] {
        stage.write(name, text);
    }
    stage.ok(&["mkdir", "-p", "ding:Reports/2026", "ding:Reports/full/of/things"]);
    stage.ok(&["put", "small", "other", "ding:Reports/full/of/"]);
    stage
}

#[tokio::test(flavor = "multi_thread")]
async fn a_command_spends_the_calls_that_its_dry_run_has_told() {
    let stage = stage().await;
    let mut wrong = Vec::new();
    for arguments in [
        &["put", "small", "ding:Reports/2026/small"][..],
        &["put", "small", "other", "ding:Reports/"],
        &["put", "--conflict", "rename", "small", "other", "ding:Reports/"],
        &["put", "--conflict", "overwrite", "small", "ding:Reports/small"],
        &["put", "-p", "small", "other", "ding:Reports/new/one/"],
        &["put", "-p", "small", "ding:Reports/new/two/x"],
        &["put", "-r", "-p", "tree", "ding:Reports/mt/9"],
        &["put", "-r", "-p", "tree", "small", "ding:Reports/mt/10/"],
        &["put", "-r", "tree", "ding:Reports/mt/9/"],
        &["put", "-r", "tree/.", "ding:Reports/mt/9/tree"],
        &["cp", "ding:Reports/2026/small", "ding:Reports/new/"],
        &["cp", "ding:Reports/2026/small", "ding:Reports/new/named"],
        &["cp", "--conflict", "rename", "ding:Reports/2026/small", "ding:Reports/new/named"],
        &["cp", "--conflict", "rename", "ding:Reports/2026/small", "ding:Reports/new/"],
        &["cp", "--conflict", "overwrite", "ding:Reports/2026/small", "ding:Reports/new/named"],
        &["cp", "--conflict", "skip", "ding:Reports/2026/small", "ding:Reports/new/named"],
        &["mv", "ding:Reports/new/named", "ding:Reports/new/renamed"],
        &["mv", "ding:Reports/small", "ding:Reports/small2"],
        &["mv", "ding:Reports/small2", "ding:Reports/other", "ding:Reports/mt/"],
        &["mv", "ding:Reports/mt/small2", "ding:Reports/2026/third"],
        &["mv", "--conflict", "rename", "ding:Reports/mt/other", "ding:Reports/2026/third"],
        &["mv", "--conflict", "overwrite", "ding:Reports/new/renamed", "ding:Reports/2026/third"],
        &["get", "ding:Reports/2026/third", "down"],
        &["get", "ding:Reports/full/**/s*", "ding:Reports/full/of/other", "-p", "downs/"],
        &["get", "-r", "ding:Reports/mt", "mt"],
        &["sync", "-p", "tree", "ding:Reports/sync/all"],
        &["sync", "tree", "ding:Reports/sync/all"],
        &[
            "sync",
            "-p",
            "--delete",
            "--yes",
            "--backup-dir",
            "ding:Reports/old/today",
            "tree/sub",
            "ding:Reports/sync/all",
        ],
        &["sync", "--delete", "--yes", "tree", "ding:Reports/mt/9"],
        &["sync", "-p", "ding:Reports/mt", "here/mt"],
        &["rm", "--yes", "ding:Reports/2026/third"],
        &["rm", "--yes", "ding:Reports/new/small", "ding:Reports/new/one/small"],
        &["rm", "--yes", "-r", "ding:Reports/full/of/things"],
        &["cp", "-r", "ding:Reports/full", "ding:Reports/copy"],
        &["mv", "ding:Reports/copy", "ding:Reports/moved"],
        &["mv", "ding:Reports/moved", "ding:Reports/full/"],
        &["rm", "--yes", "-r", "ding:Reports/full", "ding:Reports/mt"],
    ] {
        let told = estimate(&stage, arguments);
        assert_eq!(told["calls"], told["mostCalls"], "{arguments:?}");
        stage.emulator.clear_journal();
        let run = stage.run(arguments);
        assert_eq!(run.code, Some(0), "{arguments:?}: {}", run.err);
        if told["calls"] != metered(&stage) {
            wrong.push(format!("{arguments:?}: told {told}, spent {}: {:?}", metered(&stage), stage.calls()));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_plan_that_is_written_down_tells_what_it_costs_to_carry_it_out() {
    let stage = stage().await;
    for arguments in [
        &["sync", "-p", "tree", "ding:Reports/new/all"][..],
        &["sync", "--delete", "tree/sub", "ding:Reports/new/all"],
        &["sync", "-p", "ding:Reports/full", "here"],
    ] {
        stage.emulator.clear_journal();
        let told = stage.json(&[arguments, &["--plan-out", "plan.jsonl"]].concat()).pop().unwrap()["data"].clone();
        assert_eq!(told["spent"], metered(&stage), "{arguments:?}: {:?}", stage.calls());
        stage.ok(&["sync", "--execute", "plan.jsonl", "--yes"]);
        assert_eq!(told["calls"], metered(&stage), "{arguments:?}: {told}, {:?}", stage.calls());
    }
}

/// Also where a place is written otherwise than by the name of its space.
#[tokio::test(flavor = "multi_thread")]
async fn wherever_a_place_begins_the_calls_are_those_that_were_told() {
    let stage = stage().await;
    let uuid = stage.json(&["stat", "ding:Reports/full"])[0]["data"]["uuid"].as_str().unwrap().to_owned();
    let (in_folder, below) = (format!("ding:uuid={uuid}/of/x"), format!("ding:uuid={uuid}/new/of/y"));
    for arguments in [
        &["put", "small", &in_folder][..],
        &["put", "-p", "small", &below],
        &["put", "-r", "tree", &format!("ding:uuid={uuid}/tree")],
        &["cp", &in_folder, &format!("ding:uuid={uuid}")],
        &["put", "small", "ding:@my-docs/small"],
        &["sync", "-p", "tree", "ding:@my-docs/tree"],
        &["get", "ding:@my-docs/small", "mine"],
        &["mv", "ding:@my-docs/small", "ding:@my-docs/other"],
    ] {
        let told = estimate(&stage, arguments);
        stage.emulator.clear_journal();
        stage.ok(arguments);
        assert_eq!(told["calls"], metered(&stage), "{arguments:?}: {told}, {:?}", stage.calls());
        let mut calls = stage.calls();
        calls.retain(|call| ["drive_v1.ListSpaces", "wiki_v2.GetMineWorkspace"].contains(&call.as_str()));
        assert!(calls.len() <= 1, "{arguments:?}: {calls:?}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn an_audit_tells_from_how_many_calls_to_how_many() {
    let stage = stage().await;
    for place in ["ding:Reports", "ding:Reports/full", "ding:Reports/full/of/small"] {
        let told = estimate(&stage, &["audit", place]);
        stage.emulator.clear_journal();
        stage.ok(&["audit", place]);
        let (spent, range) = (metered(&stage), told["calls"].as_u64().unwrap()..=told["mostCalls"].as_u64().unwrap());
        assert!(range.contains(&spent), "{place}: {range:?}, {spent}: {:?}", stage.calls());
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn each_thing_is_asked_once() {
    let stage = stage().await;
    stage.emulator.clear_journal();
    stage.ok(&["put", "small", "ding:Reports/2026/small"]);
    let count = |name: &str| stage.calls().iter().filter(|call| **call == name).count();
    let counts = [count("drive_v1.ListSpaces"), count("storage_v1.ListDentries"), count("storage_v2.CommitFile")];
    assert_eq!(counts, [1, 2, 1], "{:?}", stage.calls());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_dry_run_says_when_the_calls_are_too_few() {
    let stage = stage().await;
    for arguments in [
        &["put", "-r", "-p", "tree", "ding:Reports/mt/9"][..],
        &["sync", "-p", "tree", "ding:Reports/mt/9"],
        &["put", "small", "ding:Reports/"],
        &["cp", "ding:Reports/full/of/small", "ding:Reports/"],
    ] {
        let calls = estimate(&stage, arguments)["calls"].as_u64().unwrap();
        let with = |calls: u64| {
            let run = stage.run(&[arguments, &["--dry-run", "--json", "--max-calls", &calls.to_string()]].concat());
            (run.code, run.err)
        };
        assert_eq!(with(calls).0, Some(0), "{arguments:?}");
        let (code, told) = with(calls - 1);
        assert_eq!(code, Some(6), "{arguments:?}: {told}");
        assert!(told.contains("max-calls") && told.contains(&calls.to_string()), "{told}");
    }
    // Also where looking alone is too much.
    for command in [&["sync", "tree", "ding:Reports/full"][..], &["check", "tree", "ding:Reports/full"]] {
        let (code, word, message) = stage.failure(&[command, &["--max-calls", "3"]].concat());
        assert_eq!((code, word.as_str()), (6, "max-calls"), "{message}");
        assert!(message.contains("--max-calls"), "{message}");
    }
}
