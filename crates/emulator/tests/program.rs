//! The command.

#![cfg(unix)]
#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "what is missing is a failed test")]

mod support;

use std::io::{BufRead, BufReader, Read};
use std::process::{Command, Stdio};

use serde_json::Value;
use support::client;

fn command() -> Command {
    Command::new(env!("CARGO_BIN_EXE_dingtalk-storage-emulator"))
}

#[tokio::test]
async fn it_prints_one_line_answers_and_ends_on_sigterm() {
    let mut process = command().args(["--port", "0", "--seed", "7"]).stdout(Stdio::piped()).spawn().unwrap();
    let mut output = BufReader::new(process.stdout.take().unwrap());
    let mut line = String::new();
    output.read_line(&mut line).unwrap();
    let about: Value = serde_json::from_str(&line).unwrap();
    let url = about["apiUrl"].as_str().unwrap();
    assert_eq!(client().get(format!("{url}/healthz")).send().await.unwrap().status(), 200);
    let admin: Value = client().get(format!("{url}/_emulator")).send().await.unwrap().json().await.unwrap();
    assert_eq!(admin, about);
    assert!(Command::new("kill").args(["-TERM", &process.id().to_string()]).status().unwrap().success());
    assert!(process.wait().unwrap().success());
    let mut rest = String::new();
    output.read_to_string(&mut rest).unwrap();
    assert_eq!(rest, "");
}

#[test]
fn other_machines_are_let_in_only_in_so_many_words() {
    let refused = command().args(["--address", "0.0.0.0"]).output().unwrap();
    assert!(!refused.status.success());
    let message = String::from_utf8(refused.stderr).unwrap();
    assert!(message.contains("can be reached from other machines"), "{message}");
    assert!(refused.stdout.is_empty());
    let urls = |more: &[&str]| {
        let arguments = ["--address", "0.0.0.0", "--let-other-machines-in"];
        let mut allowed = command().args(arguments).args(more).stdout(Stdio::piped()).spawn().unwrap();
        let mut line = String::new();
        BufReader::new(allowed.stdout.take().unwrap()).read_line(&mut line).unwrap();
        allowed.kill().unwrap();
        allowed.wait().unwrap();
        let about: Value = serde_json::from_str(&line).unwrap();
        ["apiUrl", "storageUrl"].map(|name| about[name].as_str().unwrap().rsplit_once(':').unwrap().0.to_owned())
    };
    assert_eq!(urls(&[]), ["http://127.0.0.1", "http://127.0.0.1"], "nobody can connect to 0.0.0.0");
    assert_eq!(urls(&["--public-host", "drive.test"]), ["http://drive.test", "http://drive.test"]);
}

#[tokio::test]
async fn signed_urls_have_the_public_host() {
    // The name leads to loopback everywhere, and is not what the emulator listens on.
    let drive = support::Drive::of(dingtalk_storage_emulator::Emulator::builder().public_host("localhost")).await;
    assert!(drive.emulator.api_url().starts_with("http://localhost:"));
    let (space, root) = drive.space("public").await;
    let info = drive.upload_info(&root).await;
    let url = info["headerSignatureInfo"]["resourceUrls"][0].as_str().unwrap();
    assert!(url.starts_with(&format!("{}/", drive.emulator.storage_url())) && url.contains("//localhost:"), "{url}");
    assert_eq!(drive.put(&info, "abc").await.status(), 200);
    let file = drive.commit(&root, &info, "a.txt").await.ok();
    assert_eq!(drive.download(&space, file["dentry"]["id"].as_str().unwrap()).await, b"abc");
}

#[tokio::test]
async fn a_public_host_is_a_host() {
    for host in ["", "a b", "drive.test:80", "http://drive.test", "drive.test/x", "me@drive.test"] {
        let error = dingtalk_storage_emulator::Emulator::builder().public_host(host).start().await.unwrap_err();
        assert!(error.to_string().contains("is no name or address of a host"), "{host}: {error}");
    }
    let emulator = dingtalk_storage_emulator::Emulator::builder().public_host("::1").start().await.unwrap();
    assert!(emulator.api_url().starts_with("http://[::1]:"), "{}", emulator.api_url());
}

#[tokio::test]
async fn a_plan_gives_it_something_to_begin_with() {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("logo.txt"), "a logo").unwrap();
    let plan = "
corpId: dingplanned
users:
  - {unionId: ada, userId: ada1, name: Ada, admin: true}
apps:
  - {key: planned-key, secret: planned-secret}
spaces:
  - name: Reports
    scene: reports
    quota: 1000000
    files:
      - {path: /2026/q1.txt, text: first quarter}
      - {path: /empty/}
      - {path: /logo.txt, from: logo.txt}
      - {path: /big.bin, size: 300000}
";
    let file = folder.path().join("plan.yaml");
    std::fs::write(&file, plan).unwrap();
    let emulator = dingtalk_storage_emulator::Emulator::builder();
    let plan = dingtalk_storage_emulator::Plan::read(&file).unwrap();
    let drive = support::Drive::of(emulator.plan(plan)).await;
    assert_eq!(drive.emulator.credentials().app_key, "planned-key");
    assert_eq!(drive.operator(), "ada");
    let (space, _) = drive.space("reports").await;
    let used = drive.get(&drive.by(&format!("/v1.0/storage/spaces/{space}"))).await.ok();
    assert_eq!((&used["space"]["usedQuota"], &used["space"]["name"]), (&300_019.into(), &"Reports".into()));
    let path = drive.by(&format!("/v1.0/storage/spaces/{space}/dentries/listAll"));
    let all = drive.post(&path, &serde_json::json!({})).await.ok();
    let mut paths: Vec<(&str, &str)> = all["dentries"]
        .as_array()
        .unwrap()
        .iter()
        .map(|dentry| (dentry["path"].as_str().unwrap(), dentry["id"].as_str().unwrap()))
        .collect();
    paths.sort_unstable();
    let names: Vec<&str> = paths.iter().map(|(path, _)| *path).collect();
    assert_eq!(names, ["/2026", "/2026/q1.txt", "/big.bin", "/empty", "/logo.txt"]);
    assert_eq!(drive.download(&space, paths[4].1).await, b"a logo");
}

#[test]
fn a_plan_that_is_none_says_where_it_is_wrong() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("plan.yaml");
    std::fs::write(&file, "spaces:\n  - fiels: []\n").unwrap();
    let refused = command().arg("--plan").arg(&file).output().unwrap();
    let message = String::from_utf8(refused.stderr).unwrap();
    assert!(message.contains("plan.yaml") && message.contains("fiels") && message.contains("line 2"), "{message}");
}
