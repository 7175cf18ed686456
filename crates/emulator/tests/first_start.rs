//! The first start with a folder writes all that there is to begin with, or nothing, before it says that it answers.

#![cfg(unix)]
#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "what is missing is a failed test")]

mod support;

use std::io::{BufRead, BufReader};
use std::path::Path;
use std::process::{Command, Stdio};

use dingtalk_storage_emulator::{Emulator, Plan};
use serde_json::Value;
use support::Drive;

const GOOD: &str = "
apps: [{key: planned-key, secret: planned-secret}]
spaces: [{scene: reports, files: [{path: /a.txt, text: first}]}]
";

#[tokio::test]
async fn a_plan_that_failed_is_corrected_and_carried_out() {
    let folder = tempfile::tempdir().unwrap();
    let start =
        async |plan: &str| Emulator::builder().folder(folder.path()).plan(Plan::from_yaml(plan).unwrap()).start().await;
    let bad = GOOD.replace("text: first", "from: /nothing/is/here");
    let error = start(&bad).await.unwrap_err();
    assert!(error.to_string().contains("/a.txt"), "{error}");
    let drive = Drive::with(start(GOOD).await.unwrap()).await;
    assert_eq!(drive.emulator.credentials().app_key, "planned-key");
    let (space, root) = drive.space("reports").await;
    let path = drive.by(&format!("/v1.0/storage/spaces/{space}/dentries?parentId=0"));
    assert_eq!(drive.get(&path).await.ok()["dentries"][0]["name"], "a.txt");
    drive.file(&root, "later.txt", "x").await;
    drive.emulator.stop().await;
    // What is there counts from now on, not the plan.
    let drive = Drive::with(start(GOOD).await.unwrap()).await;
    assert_eq!(drive.space("reports").await, (space, root));
    assert_eq!(drive.get(&path).await.ok()["dentries"].as_array().unwrap().len(), 2);
    drive.emulator.stop().await;
}

/// Starts the command with a folder and kills it as soon as it has printed its line.
fn announced(folder: &Path, more: &[&str]) -> Value {
    let mut process = Command::new(env!("CARGO_BIN_EXE_dingtalk-storage-emulator"))
        .arg("--folder")
        .arg(folder)
        .args(more)
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let mut line = String::new();
    BufReader::new(process.stdout.take().unwrap()).read_line(&mut line).unwrap();
    process.kill().unwrap();
    process.wait().unwrap();
    serde_json::from_str(&line).unwrap_or_else(|_| panic!("printed {line:?}"))
}

#[test]
fn what_was_announced_is_stored() {
    let plan = tempfile::NamedTempFile::new().unwrap();
    std::fs::write(plan.path(), GOOD).unwrap();
    let plan = ["--plan", plan.path().to_str().unwrap()];
    for more in [&[][..], &plan] {
        for _ in 0..5 {
            let folder = tempfile::tempdir().unwrap();
            let [mut first, mut second] = [announced(folder.path(), more), announced(folder.path(), more)];
            for about in [&mut first, &mut second] {
                let about = about.as_object_mut().unwrap();
                assert!(about.remove("apiUrl").is_some() && about.remove("storageUrl").is_some());
            }
            assert_eq!(first, second);
        }
    }
}
