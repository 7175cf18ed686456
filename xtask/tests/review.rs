//! `cargo xtask review` in a repository of its own.
#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

mod repository;

use std::path::Path;
use std::process::{Command, Output};

use repository::{OPERATION, git, repository, stdout, write};

fn review(repository: &Path, arguments: &[&str]) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_xtask"));
    command.env_remove("DRIFT_PAGES").arg("review").args(arguments).arg("--spec").arg(repository.join("spec"));
    command.output().unwrap()
}

#[test]
fn a_change_is_summed_up_for_who_reviews_it() {
    let repository = repository(OPERATION);
    let path = repository.path();
    let nothing = stdout(&review(path, &[]));
    for line in ["Users              no changes for users", "Generated files    none", "Pages of the site  none"] {
        assert!(nothing.contains(line), "{nothing}");
    }

    let more = OPERATION.replace("  size: {", "  count: {type: int64, doc: Files in it., example: 3}\n  size: {");
    write(&path.join("spec"), &[("api/demo_v1/get_space.yaml", &more)]);
    let told = stdout(&review(path, &["HEAD"]));
    for part in [
        "minor  response.count: added, optional",
        "generated/src/demo_v1/get_space.rs",
        "operations/demo_v1.GetSpace.md",
        "Users              minor",
    ] {
        assert!(told.contains(part), "{part} is not in:\n{told}");
    }
    assert!(!told.contains("types/"), "a page that is as it was is told:\n{told}");

    git(path, &["commit", "--quiet", "--all", "-m", "Add a field"]);
    let markdown = stdout(&review(path, &["HEAD~1", "--format", "markdown"]));
    for part in
        ["| Users | minor |", "<details><summary>Pages of the site</summary>", "`response.count`: added, optional"]
    {
        assert!(markdown.contains(part), "{part} is not in:\n{markdown}");
    }
}

#[test]
fn a_page_that_differs_is_to_be_settled() {
    let repository = repository(OPERATION);
    let pages = repository.path().join("pages");
    let page = "# Get a space\n\n## Request\n\n| Field | Value |\n|---|---|\n| URL | https://api.dingtalk.com/v1.0/spaces |\n| HTTP method | POST |\n";
    write(&pages, &[("get-space.md", page)]);
    let output = review(repository.path(), &["--pages", pages.to_str().unwrap()]);
    let (said, told) = (String::from_utf8(output.stderr).unwrap(), String::from_utf8(output.stdout).unwrap());
    assert_eq!(output.status.code(), Some(1), "{told}");
    assert!(said.contains("to be settled") && said.contains("Drift"), "{said}");
    assert!(told.contains("get-space.md:"), "{told}");
}

#[test]
fn what_is_no_revision_is_said() {
    let repository = repository(OPERATION);
    let output = review(repository.path(), &["no-such-revision"]);
    assert_eq!(String::from_utf8(output.stderr).unwrap(), "error: git knows no revision `no-such-revision`\n");
}
