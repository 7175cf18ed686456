//! Servers, which are programs of their own.

use std::path::{Path, PathBuf};

use crate::stage::Stage;

/// A program of this name that tells what it was given.
#[cfg(unix)]
fn plant(folder: &Path) {
    use std::os::unix::fs::PermissionsExt;
    let script = folder.join("script");
    std::fs::write(&script, "#!/bin/sh\nprintf '%s\\n' \"$@\"\n/usr/bin/env | /usr/bin/sort\nexit 7\n").unwrap();
    std::fs::set_permissions(&script, std::fs::Permissions::from_mode(0o755)).unwrap();
    copy(&script, &folder.join("dingtalk-storage-webdav"));
}

/// A copy of the command, beside which no server is.
fn alone(folder: &Path) -> PathBuf {
    let alone = folder.join("alone");
    copy(Path::new(env!("CARGO_BIN_EXE_dingtalk-storage")), &alone);
    alone
}

/// Copies a program so that it can be run: not by this process, whose children in other tests would hold the copy open
/// for writing, and then the system does not run it.
fn copy(program: &Path, to: &Path) {
    if cfg!(unix) {
        assert!(std::process::Command::new("cp").arg("-p").args([program, to]).status().unwrap().success());
    } else {
        std::fs::copy(program, to).unwrap();
    }
}

#[cfg(unix)]
#[tokio::test(flavor = "multi_thread")]
async fn a_server_gets_the_connection_by_its_environment_and_its_options_as_they_are() {
    let stage = Stage::new().await;
    let space = stage.ok(&["spaces"]);
    let bin = tempfile::tempdir().unwrap();
    plant(bin.path());
    let arguments = ["serve", "webdav", "ding:Reports/a b", "--bind", "127.0.0.1:9", "--read-only"];
    let folder = tempfile::tempdir().unwrap();
    let program = stage.copy(&alone(folder.path()), &arguments).env("PATH", bin.path().to_str().unwrap());
    let run = program.env("DINGTALK_CORP_ID", "").run();
    assert_eq!(run.code, Some(7), "{}", run.err);
    let credentials = stage.emulator.credentials();
    let lines: Vec<&str> = run.out.lines().collect();
    let (given, environment) = lines.split_at(7);
    let id = given[1];
    assert!(space.contains(id), "{space}");
    assert_eq!(given, ["--space", id, "--path", "/a b", "--bind", "127.0.0.1:9", "--read-only"]);
    let has = |line: String| environment.contains(&line.as_str());
    assert!(has(format!("DINGTALK_APP_SECRET={}", credentials.app_secret)), "{environment:?}");
    assert!(has(format!("DINGTALK_APP_KEY={}", credentials.app_key)));
    assert!(has(format!("DINGTALK_OPERATOR={}", stage.person())));
    assert!(has(format!("DINGTALK_ENDPOINT={}", stage.emulator.api_url())));
    assert!(!environment.iter().any(|line| line.starts_with("DINGTALK_CORP_ID")));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_server_that_is_not_installed_says_how_to_get_it_before_anything_is_sent() {
    let stage = Stage::new().await;
    let empty = tempfile::tempdir().unwrap();
    let program = stage.copy(&alone(empty.path()), &["serve", "webdav", "ding:Reports", "--json"]);
    let run = program.env("PATH", empty.path().to_str().unwrap()).run();
    assert_eq!(run.code, Some(3), "{}", run.err);
    assert!(run.err.contains("cargo install"), "{}", run.err);
    assert!(stage.calls().is_empty());
    assert_eq!(stage.failure(&["serve", "webdav", "here"]).0, 2);
}
