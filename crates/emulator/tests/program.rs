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

/// Starts the command with its input open, and waits until it answers.
fn started(arguments: &[&str], log: Option<&str>) -> (std::process::Child, Value) {
    let mut command = command();
    command.args(arguments).stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
    if let Some(log) = log {
        command.env("RUST_LOG", log);
    }
    let mut process = command.spawn().unwrap();
    let mut line = String::new();
    BufReader::new(process.stdout.take().unwrap()).read_line(&mut line).unwrap();
    (process, serde_json::from_str(&line).unwrap())
}

#[test]
fn it_ends_with_its_input_on_wish() {
    let (mut process, _) = started(&["--end-with-stdin"], None);
    assert_eq!(process.try_wait().unwrap(), None);
    drop(process.stdin.take());
    assert!(process.wait().unwrap().success());
}

#[test]
fn it_ends_with_its_parent_on_wish() {
    // A shell starts it and is killed; the output is at its end when nobody holds it any more.
    let script = "\"$0\" --end-with-parent & wait";
    let mut shell = Command::new("sh");
    shell.args(["-c", script, env!("CARGO_BIN_EXE_dingtalk-storage-emulator")]).stdout(Stdio::piped());
    let mut shell = shell.spawn().unwrap();
    let mut output = BufReader::new(shell.stdout.take().unwrap());
    let mut line = String::new();
    output.read_line(&mut line).unwrap();
    assert!(line.contains("apiUrl"), "{line}");
    shell.kill().unwrap();
    shell.wait().unwrap();
    let mut rest = String::new();
    output.read_to_string(&mut rest).unwrap();
    assert_eq!(rest, "");
}

#[test]
fn who_waits_for_it_needs_no_loop() {
    let folder = tempfile::tempdir().unwrap();
    let pipe = folder.path().join("pipe");
    assert!(Command::new("mkfifo").arg(&pipe).status().unwrap().success());
    let mut process = command().arg("--announce").arg(&pipe).stdout(Stdio::null()).spawn().unwrap();
    let line = std::fs::read_to_string(&pipe).unwrap();
    let about: Value = serde_json::from_str(&line).unwrap();
    let url = about["apiUrl"].as_str().unwrap();
    assert!(command().args(["--wait-for", url]).status().unwrap().success());
    process.kill().unwrap();
    process.wait().unwrap();

    let file = folder.path().join("file.json");
    let (mut process, about) = started(&["--announce", file.to_str().unwrap(), "--end-with-stdin"], None);
    drop(process.stdin.take());
    assert!(process.wait().unwrap().success());
    assert_eq!(serde_json::from_str::<Value>(&std::fs::read_to_string(&file).unwrap()).unwrap(), about);
    assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 2);
    let refused = command().args(["--wait-for", "127.0.0.1:1"]).output().unwrap();
    assert!(String::from_utf8(refused.stderr).unwrap().contains("http://127.0.0.1:18080"));
}

#[tokio::test]
async fn it_logs_a_line_for_each_request_when_it_is_asked_to() {
    for (level, lines) in [(Some("info"), 1), (None, 0)] {
        let (mut process, about) = started(&["--end-with-stdin"], level);
        let url = about["apiUrl"].as_str().unwrap();
        let path = "/v1.0/storage/spaces/1?unionId=secret";
        client().get(format!("{url}{path}")).send().await.unwrap();
        drop(process.stdin.take());
        let mut log = String::new();
        process.stderr.take().unwrap().read_to_string(&mut log).unwrap();
        assert!(process.wait().unwrap().success());
        assert_eq!(log.lines().count(), lines, "{log}");
        let told = ["GET /v1.0/storage/spaces/1 storage_v1.GetSpace: 400", "AuthenticationFailed.MissingParameter"];
        assert!(lines == 0 || told.iter().all(|part| log.contains(part)), "{log}");
        assert!(!log.contains("secret"));
    }
}

#[tokio::test]
async fn without_descriptors_it_waits_and_then_goes_on() {
    let script = "ulimit -n 32; exec \"$0\" --end-with-stdin";
    let mut process = Command::new("sh");
    process.args(["-c", script, env!("CARGO_BIN_EXE_dingtalk-storage-emulator")]);
    let process = process.env("RUST_LOG", "warn").stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut process = process.spawn().unwrap();
    let mut line = String::new();
    BufReader::new(process.stdout.take().unwrap()).read_line(&mut line).unwrap();
    let about: Value = serde_json::from_str(&line).unwrap();
    let url = about["apiUrl"].as_str().unwrap();
    let address = url.trim_start_matches("http://");
    let held: Vec<std::net::TcpStream> = (0..40).map(|_| std::net::TcpStream::connect(address).unwrap()).collect();
    // The line says that there were too few; without one, the test would prove nothing.
    let mut log = BufReader::new(process.stderr.take().unwrap());
    let mut line = String::new();
    log.read_line(&mut line).unwrap();
    assert!(line.contains("cannot be taken"), "{line}");
    drop(held);
    assert_eq!(client().get(format!("{url}/healthz")).send().await.unwrap().status(), 200);
    drop(process.stdin.take());
    assert!(process.wait().unwrap().success());
}
