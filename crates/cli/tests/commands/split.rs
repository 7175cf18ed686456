//! A sync that several processes share.

use std::process::Command;

use dingtalk_storage_emulator::{Emulator, Fault, FaultKind};
use serde_json::Value;

use crate::program::Program;
use crate::stage::Stage;

const SHARDS: usize = 3;

/// A tree of 40 files in 8 folders, and a folder of the drive with one that is to go.
async fn stage() -> Stage {
    let stage = Stage::on(Emulator::builder().seed(1)).await;
    for number in 0..40 {
        stage.write(&format!("tree/{}/{number}.txt", number % 8), format!("content {number}"));
    }
    stage.ok(&["mkdir", "ding:Reports/tree"]);
    stage.write("gone.txt", "gone");
    stage.ok(&["put", "gone.txt", "ding:Reports/tree/"]);
    stage
}

/// Makes the plan; returns how many items it has.
fn plan(stage: &Stage) -> usize {
    let mut planned = stage.json(&["sync", "tree", "ding:Reports/tree", "--delete", "--plan-out", "plan.jsonl"]);
    planned.pop();
    let plan = String::from_utf8(stage.read("plan.jsonl")).unwrap();
    let items = usize::try_from(planned.last().unwrap()["data"]["items"].as_u64().unwrap()).unwrap();
    assert_eq!((items, plan.lines().count()), (49, 50), "{plan}");
    items
}

/// One part of the plan.
fn shard(stage: &Stage, number: usize) -> Program {
    let (part, results) = (format!("{number}/{SHARDS}"), format!("results.{number}.jsonl"));
    stage.program(&["sync", "--execute", "plan.jsonl", "--yes", "--shard", &part, "--results", &results])
}

fn report(stage: &Stage, files: &[&str]) -> (Option<i32>, Value) {
    let run = stage.run(&[&["sync", "--json", "--report"], files].concat());
    (run.code, serde_json::from_str::<Value>(run.out.lines().last().unwrap()).unwrap()["data"].clone())
}

/// What is in the folder of the drive, with the checksums.
fn tree(stage: &Stage) -> Vec<String> {
    stage.ok(&["check", "tree", "ding:Reports/tree"]);
    stage.ok(&["find", "ding:Reports/tree"]).lines().map(str::to_owned).collect()
}

const ALL: [&str; SHARDS] = ["results.1.jsonl", "results.2.jsonl", "results.3.jsonl"];

#[tokio::test(flavor = "multi_thread")]
async fn three_processes_at_once_do_what_one_does_and_once() {
    let alone = stage().await;
    alone.ok(&["sync", "tree", "ding:Reports/tree", "--delete", "--yes"]);
    let expected = tree(&alone);

    let stage = stage().await;
    let items = plan(&stage);
    assert_eq!(stage.ok(&["find", "ding:Reports/tree"]).lines().count(), 1, "a plan changes nothing");
    let before = stage.emulator.effects("file.committed");
    let running: Vec<_> = (1..=SHARDS).map(|number| shard(&stage, number).spawn()).collect();
    for child in running {
        let output = child.wait_with_output().unwrap();
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    }
    assert_eq!(tree(&stage), expected);
    assert_eq!(stage.emulator.effects("file.committed") - before, 40);
    let (code, told) = report(&stage, &ALL);
    let told = |name: &str| told[name].as_u64().unwrap();
    assert_eq!((code, told("items"), told("notTold"), told("failed")), (Some(0), 49, 0, 0));
    assert_eq!(told("done") + told("alreadyDone"), items as u64);

    // Once more, all at once: nothing is done.
    let (commits, folders) = (stage.emulator.effects("file.committed"), stage.emulator.effects("folder.created"));
    for number in 1..=SHARDS {
        assert_eq!(shard(&stage, number).run().code, Some(0));
    }
    assert_eq!(tree(&stage), expected);
    assert_eq!(stage.emulator.effects("file.committed"), commits);
    assert_eq!(stage.emulator.effects("folder.created"), folders);
    let (code, again) = report(&stage, &ALL);
    assert_eq!((code, again["alreadyDone"].as_u64(), again["done"].as_u64()), (Some(0), Some(49), Some(0)), "{again}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_part_that_was_killed_goes_on_and_until_then_the_report_says_what_is_missing() {
    let stage = stage().await;
    plan(&stage);
    for number in [1, 3] {
        assert_eq!(shard(&stage, number).run().code, Some(0));
    }
    // The second part stands still in the middle, and is killed there.
    stage
        .emulator
        .add_fault(Fault::new(FaultKind::StallRequest { at: 1, millis: None }).on("storage.PutObject").nth(5).always());
    let mut child = shard(&stage, 2).spawn();
    let has_some = || {
        let results = std::fs::read_to_string(stage.work.path().join("results.2.jsonl")).unwrap_or_default();
        results.matches("\"upload\"").count() >= 3
    };
    while !has_some() {
        assert!(child.try_wait().unwrap().is_none(), "it has ended, and stands nowhere still");
        std::thread::yield_now();
    }
    child.kill().unwrap();
    child.wait().unwrap();
    stage.emulator.clear_faults();

    let (code, told) = report(&stage, &ALL);
    assert_eq!(code, Some(1));
    let missing = told["notTold"].as_u64().unwrap();
    assert!((1..16).contains(&missing), "{told}");
    // Its last line may have been cut.
    let results = stage.read("results.2.jsonl");
    stage.write("cut.jsonl", &results[..results.len() - 3]);
    assert!(
        report(&stage, &["results.1.jsonl", "cut.jsonl", "results.3.jsonl"]).1["notTold"].as_u64().unwrap() > missing
    );

    stage.write("results.before.jsonl", results);
    let before = stage.emulator.effects("file.committed");
    assert_eq!(shard(&stage, 2).run().code, Some(0));
    assert!(stage.emulator.effects("file.committed") - before < 13);
    tree(&stage);
    let (code, told) = report(&stage, &[&ALL[..], &["results.before.jsonl"]].concat());
    assert_eq!((code, told["notTold"].as_u64(), told["failed"].as_u64()), (Some(0), Some(0), Some(0)), "{told}");
}

#[tokio::test(flavor = "multi_thread")]
async fn the_number_of_a_part_comes_from_indexed_jobs_too() {
    let stage = stage().await;
    plan(&stage);
    let of_job = |index: &str| {
        let program = stage.program(&["sync", "--execute", "plan.jsonl", "--yes", "--shards", "3", "--json"]);
        program.env("JOB_COMPLETION_INDEX", index).run()
    };
    for index in ["0", "1", "2"] {
        assert_eq!(of_job(index).code, Some(0), "{index}");
    }
    tree(&stage);
    for index in ["3", "-1", "x", ""] {
        assert_eq!(of_job(index).code, Some(2), "{index}");
    }
    assert_eq!(stage.failure(&["sync", "--execute", "plan.jsonl", "--yes", "--shards", "3"]).0, 2);
}

/// As the documentation has it, with GNU parallel if it is there, else with xargs, which every system has.
#[cfg(unix)]
#[tokio::test(flavor = "multi_thread")]
async fn the_recipe_works_with_a_scheduler_of_processes() {
    let stage = stage().await;
    plan(&stage);
    let has_parallel = Command::new("parallel").arg("--version").output().is_ok_and(|output| output.status.success());
    let command =
        "dingtalk-storage sync --execute plan.jsonl --yes --calls-per-second 5 --shard {}/3 --results results.{}.jsonl";
    let script = if has_parallel {
        format!("seq 3 | parallel --will-cite {command}")
    } else {
        format!("seq 3 | xargs -P 3 -I {{}} {command}")
    };
    println!("by {}", if has_parallel { "GNU parallel" } else { "xargs" });
    let output = Command::new("sh")
        .args(["-c", &script])
        .current_dir(stage.work.path())
        .env_clear()
        .envs(stage.variables())
        .output()
        .unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    tree(&stage);
    assert_eq!(report(&stage, &ALL).0, Some(0));
}

#[tokio::test(flavor = "multi_thread")]
async fn what_does_not_go_together_is_refused_before_anything_is_sent() {
    let stage = stage().await;
    plan(&stage);
    stage.write("other.jsonl", String::from_utf8(stage.read("plan.jsonl")).unwrap().replace("1.txt", "one.txt"));
    for (plan, results) in [("plan.jsonl", "a.jsonl"), ("other.jsonl", "b.jsonl")] {
        stage.run(&["sync", "--execute", plan, "--yes", "--results", results, "--shard", "1/49"]);
    }
    stage.emulator.clear_journal();
    for arguments in [
        &["sync", "--execute", "plan.jsonl", "--shard", "4/3", "--yes"][..],
        &["sync", "--execute", "plan.jsonl", "--shard", "1/3", "--shards", "3", "--yes"],
        &["sync", "--execute", "plan.jsonl", "tree", "ding:Reports/tree"],
        &["sync", "--execute", "plan.jsonl", "--exclude", "*"],
        &["sync", "--shard", "1/3", "tree", "ding:Reports/tree"],
        &["sync", "tree"],
        &["sync", "--execute", "tree/0/0.txt"],
        &["sync", "--report", "plan.jsonl"],
        &["sync", "--report", "a.jsonl", "b.jsonl"],
    ] {
        assert_eq!(stage.run(arguments).code, Some(2), "{arguments:?}");
    }
    // Without a word that it is meant, nothing is deleted.
    assert_eq!(stage.failure(&["sync", "--execute", "plan.jsonl"]).1, "needs-yes");
    assert_eq!(stage.failure(&["sync", "--execute", "none.jsonl"]).0, 8);
    assert!(stage.calls().is_empty(), "{:?}", stage.calls());
}
