//! Ctrl-C: the command stops where it can be gone on with, and says how.

use std::io::Read;
use std::process::Command;
use std::time::{Duration, Instant};

use dingtalk_storage_emulator::{Emulator, Fault, FaultKind};
use serde_json::{Value, json};

use crate::stage::Stage;

/// More than goes in one piece.
const LARGE: usize = 20 << 20;

async fn large() -> Stage {
    let stage = Stage::on(Emulator::builder().seed(1)).await;
    let bytes: Vec<u8> = (0..LARGE).map(|number| u8::try_from(number % 251).unwrap()).collect();
    stage.write("large file.bin", bytes);
    stage
}

/// Runs a command until so many bytes are noted, interrupts it, and gives the command that goes on.
fn interrupted(stage: &Stage, arguments: &[&str], enough: u64) -> String {
    let mut child = stage.program(&[arguments, &["--progress", "json"]].concat()).spawn();
    let is_noted = || {
        let transfers = stage.json(&["transfers"]);
        transfers.first().is_some_and(|transfer| transfer["data"]["done"].as_u64().unwrap() >= enough)
    };
    // Each look takes a process.
    assert!((0..1000).any(|_| is_noted()), "nothing is noted");
    let begun = Instant::now();
    assert!(Command::new("kill").args(["-INT", &child.id().to_string()]).status().unwrap().success());
    let status = child.wait().unwrap();
    // 200 ms by the clock of a machine that has nothing else to do; a stalled transfer would be waited for 15 s and more.
    assert!(begun.elapsed() < Duration::from_secs(10), "{:?}", begun.elapsed());
    assert_eq!(status.code(), Some(130));
    let (mut out, mut err) = (String::new(), String::new());
    child.stdout.take().unwrap().read_to_string(&mut out).unwrap();
    child.stderr.take().unwrap().read_to_string(&mut err).unwrap();
    assert_eq!(out, "");
    let (progress, told): (Vec<&str>, Vec<&str>) = err.lines().partition(|line| line.starts_with('{'));
    for line in &progress {
        let line: Value = serde_json::from_str(line).unwrap();
        assert_eq!((&line["kind"], &line["data"]["total"]), (&json!("progress"), &json!(LARGE)), "{line}");
        assert!(line["data"]["callsOfMonth"].as_u64() >= line["data"]["calls"].as_u64(), "{line}");
    }
    assert!(!progress.is_empty());
    let [told] = told.as_slice() else { panic!("{told:?}") };
    told.split_once("go on with: ").unwrap().1.to_owned()
}

/// Runs a command as it was printed.
fn paste(stage: &Stage, command: &str) -> Value {
    let output = Command::new("sh")
        .args(["-c", &format!("{command} --json --progress none")])
        .current_dir(stage.work.path())
        .env_clear()
        .envs(stage.variables())
        .output()
        .unwrap();
    assert!(output.status.success(), "{command}: {}", String::from_utf8_lossy(&output.stderr));
    serde_json::from_slice(&output.stdout).unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn an_interrupted_upload_goes_on_by_the_command_that_is_printed() {
    let stage = large().await;
    // The first part arrives, and the others stand still.
    let stall = FaultKind::StallRequest { at: 1000, millis: None };
    stage.emulator.add_fault(Fault::new(stall).on("storage.UploadPart").nth(2).times(10));
    let command = interrupted(&stage, &["put", "large file.bin", "ding:Reports/"], 1);
    assert_eq!(command, "dingtalk-storage put 'large file.bin' ding:Reports/ --progress json");
    stage.emulator.clear_faults();

    let transfers = stage.json(&["transfers"]);
    let [transfer] = transfers.as_slice() else { panic!("{transfers:?}") };
    assert_eq!(transfer["data"]["total"], json!(LARGE));
    assert_eq!(stage.emulator.effects("file.committed"), 0);

    let uploaded = paste(&stage, &command.replace(" --progress json", ""));
    assert!(uploaded["data"]["resumed"].as_u64().unwrap() > 0, "{uploaded}");
    assert_eq!(uploaded["data"]["integrity"]["verified"], json!(true));
    assert_eq!(stage.emulator.effects("file.committed"), 1);
    assert!(stage.json(&["transfers"]).is_empty());
}

#[tokio::test(flavor = "multi_thread")]
async fn an_interrupted_download_goes_on_by_its_id_or_is_forgotten() {
    let stage = large().await;
    stage.ok(&["put", "large file.bin", "ding:Reports/"]);
    let stall = FaultKind::StallAnswer { at: 1000, millis: None };
    stage.emulator.add_fault(Fault::new(stall).on("storage.GetObject").nth(2).times(10));
    interrupted(&stage, &["get", "ding:Reports/large file.bin", "copy.bin"], 1);
    stage.emulator.clear_faults();
    assert!(!stage.work.path().join("copy.bin").exists());

    let id = stage.json(&["transfers", "list"]).remove(0)["data"]["id"].as_str().unwrap().to_owned();
    let done = stage.json(&["transfers", "resume", &id]).remove(0);
    assert_eq!(done["kind"], json!("finished"), "{done}");
    assert_eq!(stage.read("copy.bin"), stage.read("large file.bin"));
    assert_eq!(stage.failure(&["transfers", "resume", "nothing"]).0, 3);
    assert!(stage.json(&["transfers", "forget", "--all"]).is_empty());
}

/// What was interrupted while it was committed is there, and is what the same command has wanted.
#[tokio::test(flavor = "multi_thread")]
async fn an_upload_that_was_interrupted_while_it_was_committed_is_done_by_the_same_command() {
    let stage = large().await;
    stage.write("small file.bin", "in one piece");
    for file in ["large file.bin", "small file.bin"] {
        killed_at_commit(&stage, file);
    }
}

fn killed_at_commit(stage: &Stage, file: &str) {
    stage.emulator.clear_journal();
    let stall = FaultKind::ApplyThenStall { millis: None };
    stage.fault(stall, "storage_v2.CommitFile");
    let mut child = stage.program(&["put", file, "ding:Reports/"]).spawn();
    let is_committed = || {
        std::thread::yield_now();
        stage.emulator.effects("file.committed") == 1
    };
    while !is_committed() {
        assert!(child.try_wait().unwrap().is_none(), "it has ended");
    }
    assert!(Command::new("kill").args(["-KILL", &child.id().to_string()]).status().unwrap().success());
    child.wait().unwrap();
    stage.emulator.clear_faults();
    stage.ok(&["put", file, "ding:Reports/"]);
    assert_eq!(stage.emulator.effects("file.committed"), 1);
    assert_eq!(stage.ok(&["transfers"]), "");
    // The next time it is somebody's file.
    assert_eq!(stage.failure(&["put", file, "ding:Reports/"]).0, 9);
}
