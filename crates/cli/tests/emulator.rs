//! The emulator as a subcommand.

#![cfg(all(unix, feature = "emulator"))]
#![allow(clippy::unwrap_used, reason = "a failed unwrap is a failed test")]

use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::process::{Command, Stdio};

use serde_json::Value;

fn command() -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_dingtalk-storage"));
    command.arg("emulator");
    command
}

#[test]
fn it_prints_one_line_answers_and_ends_on_sigterm() {
    let mut process = command().args(["--seed", "7"]).stdout(Stdio::piped()).spawn().unwrap();
    let mut output = BufReader::new(process.stdout.take().unwrap());
    let mut line = String::new();
    output.read_line(&mut line).unwrap();
    let about: Value = serde_json::from_str(&line).unwrap();
    let host = about.get("apiUrl").and_then(Value::as_str).unwrap().trim_start_matches("http://");
    let mut stream = TcpStream::connect(host).unwrap();
    write!(stream, "GET /healthz HTTP/1.1\r\nhost: {host}\r\nconnection: close\r\n\r\n").unwrap();
    let mut answer = String::new();
    stream.read_to_string(&mut answer).unwrap();
    assert!(answer.starts_with("HTTP/1.1 200 OK\r\n"), "{answer}");
    assert!(Command::new("kill").args(["-TERM", &process.id().to_string()]).status().unwrap().success());
    assert!(process.wait().unwrap().success());
}

#[test]
fn what_keeps_it_from_starting_is_told() {
    let refused = command().args(["--address", "0.0.0.0"]).output().unwrap();
    assert_eq!(refused.status.code(), Some(2));
    let message = String::from_utf8(refused.stderr).unwrap();
    assert!(message.contains("can be reached from other machines"), "{message}");
    assert!(message.contains("--let-other-machines-in"), "{message}");
    assert!(refused.stdout.is_empty());
    let missing = command().args(["--plan", "/no/such/plan.yaml"]).output().unwrap();
    assert_eq!(missing.status.code(), Some(8), "{missing:?}");
}

#[test]
fn a_demonstration_has_the_options_of_any_other() {
    let demo = ["--demo", "--limits", "documented", "--virtual-clock", "--end-with-stdin"];
    let mut process = command().args(demo).stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().unwrap();
    let mut lines = BufReader::new(process.stdout.take().unwrap()).lines().map(Result::unwrap);
    let endpoint = lines.find_map(|line| line.strip_prefix("export DINGTALK_ENDPOINT=http://").map(str::to_owned));
    let host = endpoint.unwrap();
    let get = |path: &str| {
        let mut stream = TcpStream::connect(&host).unwrap();
        write!(stream, "GET {path} HTTP/1.1\r\nhost: {host}\r\nconnection: close\r\n\r\n").unwrap();
        let mut answer = String::new();
        stream.read_to_string(&mut answer).unwrap();
        answer
    };
    assert!(get("/_emulator/limits").contains("10000"), "{}", get("/_emulator/limits"));
    assert!(get("/_emulator/clock").contains("2026-01-01"), "{}", get("/_emulator/clock"));
    // It ends with the pipe.
    drop(process.stdin.take());
    assert!(process.wait().unwrap().success());
    let refused = command().args(["--demo", "--scope", "Storage.File.Read"]).output().unwrap();
    assert_eq!(refused.status.code(), Some(2), "{refused:?}");
}
