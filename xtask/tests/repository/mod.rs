//! A repository of its own, with a spec in it.

#![allow(dead_code, reason = "no test uses all of it")]

use std::fs;
use std::path::Path;
use std::process::{Command, Output};

/// The parts of a small spec.
pub const GROUPS: &str =
    "# yaml-language-server: $schema=schema.json\ngroups:\n  space: {title: Spaces, doc: All about spaces.}\n";
pub const ERRORS: &str = "# yaml-language-server: $schema=schema.json\ncodes: {}\n";
pub const FAMILY: &str =
    "# yaml-language-server: $schema=../../schema.json\nfamily: demo_v1\ntitle: Demo 1.0\ndoc: Shows how it is done.\n";
pub const OPERATION: &str = "# yaml-language-server: $schema=../../schema.json
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

/// Runs git there.
pub fn git(folder: &Path, arguments: &[&str]) {
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

/// Writes files.
pub fn write(folder: &Path, files: &[(&str, &str)]) {
    for (path, text) in files {
        let path = folder.join(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }
}

/// A repository with a spec in a folder of it, committed.
pub fn repository(operation: &str) -> tempfile::TempDir {
    let repository = tempfile::tempdir().unwrap();
    let spec = repository.path().join("spec");
    let api = ("api/demo_v1/get_space.yaml", operation);
    write(&spec, &[("groups.yaml", GROUPS), ("errors.yaml", ERRORS), ("api/demo_v1/family.yaml", FAMILY), api]);
    git(repository.path(), &["init", "--quiet"]);
    git(repository.path(), &["add", "."]);
    git(repository.path(), &["commit", "--quiet", "-m", "Write the spec"]);
    repository
}

/// What a command that succeeded wrote.
pub fn stdout(output: &Output) -> String {
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout.clone()).unwrap()
}
