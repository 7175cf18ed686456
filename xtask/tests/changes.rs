//! `cargo xtask changes` in a repository of its own.
#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

mod repository;

use std::path::Path;
use std::process::{Command, Output};

use repository::{ERRORS, FAMILY, GROUPS, OPERATION, git, repository, stdout, write};

fn changes(repository: &Path, arguments: &[&str]) -> Output {
    let spec = repository.join("spec");
    Command::new(env!("CARGO_BIN_EXE_xtask")).arg("changes").args(arguments).arg("--spec").arg(spec).output().unwrap()
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
