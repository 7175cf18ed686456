//! `cargo xtask changes` in a repository of its own.
#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::fs;
use std::path::Path;
use std::process::{Command, Output};

const GROUPS: &str =
    "# yaml-language-server: $schema=schema.json\ngroups:\n  space: {title: Spaces, doc: All about spaces.}\n";
const ERRORS: &str = "# yaml-language-server: $schema=schema.json\ncodes: {}\n";
const FAMILY: &str =
    "# yaml-language-server: $schema=../../schema.json\nfamily: demo_v1\ntitle: Demo 1.0\ndoc: Shows how it is done.\n";
const OPERATION: &str = "# yaml-language-server: $schema=../../schema.json
operation: GetSpace
summary: Reads a space.
docs: get-space
http: GET /v1.0/spaces
status: current
group: space
scope: Space.Read
effect: read

query:
  name: {type: string, required: true, doc: Its name., example: reports}
response:
  size: {type: int64, doc: Bytes in it., example: 512}
";

fn git(folder: &Path, arguments: &[&str]) {
    let mut command = Command::new("git");
    // A hook that runs the tests must not make them work on its own repository.
    for variable in ["GIT_DIR", "GIT_WORK_TREE", "GIT_INDEX_FILE", "GIT_PREFIX"] {
        command.env_remove(variable);
    }
    command.env("GIT_CONFIG_NOSYSTEM", "1").env("GIT_CONFIG_GLOBAL", "/dev/null");
    let identity = ["-c", "user.name=Test", "-c", "user.email=test@example.com"];
    let done = command.arg("-C").arg(folder).args(identity).args(arguments).output().unwrap();
    assert!(done.status.success(), "git {arguments:?}: {}", String::from_utf8_lossy(&done.stderr));
}

fn write(folder: &Path, files: &[(&str, &str)]) {
    for (path, text) in files {
        let path = folder.join(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }
}

/// A repository with a spec in a folder of it, committed.
fn repository(operation: &str) -> tempfile::TempDir {
    let repository = tempfile::tempdir().unwrap();
    let spec = repository.path().join("spec");
    let api = ("api/demo_v1/get_space.yaml", operation);
    write(&spec, &[("groups.yaml", GROUPS), ("errors.yaml", ERRORS), ("api/demo_v1/family.yaml", FAMILY), api]);
    git(repository.path(), &["init", "--quiet"]);
    git(repository.path(), &["add", "."]);
    git(repository.path(), &["commit", "--quiet", "-m", "Write the spec"]);
    repository
}

fn changes(repository: &Path, arguments: &[&str]) -> Output {
    let spec = repository.join("spec");
    Command::new(env!("CARGO_BIN_EXE_xtask")).arg("changes").args(arguments).arg("--spec").arg(spec).output().unwrap()
}

fn stdout(output: &Output) -> String {
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout.clone()).unwrap()
}

#[test]
fn the_work_tree_is_compared_with_the_last_commit_or_another_revision() {
    let repository = repository(OPERATION);
    let path = repository.path();
    assert_eq!(stdout(&changes(path, &[])), "No changes for users\n");

    let optional = OPERATION.replace("  size: {", "  count: {type: int64, doc: Files in it., example: 3}\n  size: {");
    write(&path.join("spec"), &[("api/demo_v1/get_space.yaml", &optional)]);
    let expected =
        "demo_v1.GetSpace\n  minor  response.count: added, optional\n\nOverall: minor (0 major, 1 minor, 0 patch)\n";
    assert_eq!(stdout(&changes(path, &[])), expected);

    git(path, &["commit", "--quiet", "--all", "-m", "Add a field"]);
    assert_eq!(stdout(&changes(path, &["HEAD"])), "No changes for users\n");
    let markdown = stdout(&changes(path, &["HEAD~1", "--markdown"]));
    assert!(markdown.contains("- `demo_v1.GetSpace`: `response.count`: added, optional\n"), "{markdown}");
}

#[test]
fn what_cannot_be_compared_is_said() {
    let message = |repository: &Path, revision: &str| {
        let output = changes(repository, &[revision]);
        assert_eq!(output.status.code(), Some(1));
        String::from_utf8(output.stderr).unwrap()
    };
    let broken = repository(&OPERATION.replace("type: int64", "type: integer"));
    write(&broken.path().join("spec"), &[("api/demo_v1/get_space.yaml", OPERATION)]);
    let said = message(broken.path(), "HEAD");
    assert!(said.contains("today's compiler does not accept the spec of `HEAD`"), "{said}");
    assert!(said.contains("api/demo_v1/get_space.yaml:14"), "{said}");

    assert_eq!(message(broken.path(), "no-such-revision"), "error: git knows no revision `no-such-revision`\n");
}

#[test]
fn a_revision_without_a_spec_is_said() {
    let repository = tempfile::tempdir().unwrap();
    git(repository.path(), &["init", "--quiet"]);
    git(repository.path(), &["commit", "--quiet", "--allow-empty", "-m", "Start"]);
    let spec = repository.path().join("spec");
    let api = ("api/demo_v1/get_space.yaml", OPERATION);
    write(&spec, &[("groups.yaml", GROUPS), ("errors.yaml", ERRORS), ("api/demo_v1/family.yaml", FAMILY), api]);
    let output = changes(repository.path(), &[]);
    assert_eq!(String::from_utf8(output.stderr).unwrap(), "error: there is no spec in `HEAD`\n");
}
