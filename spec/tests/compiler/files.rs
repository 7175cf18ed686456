//! Specs on disk: what is read, what is left alone, and what must not be there.

use std::fs;
use std::path::Path;

use dingtalk_storage_spec::{SourceTree, compile};
use tempfile::TempDir;

use crate::fixture::{self, positions, report, snapshot};

/// The minimal spec in a folder.
fn on_disk() -> TempDir {
    let folder = tempfile::tempdir().unwrap();
    for (path, bytes) in fixture::minimal() {
        write(folder.path(), &path, bytes);
    }
    folder
}

fn write(folder: &Path, path: &str, bytes: impl AsRef<[u8]>) {
    let file = folder.join(path);
    fs::create_dir_all(file.parent().unwrap()).unwrap();
    fs::write(file, bytes).unwrap();
}

#[test]
fn a_folder_and_memory_give_the_same() {
    let folder = on_disk();
    let from_disk = SourceTree::read(folder.path());
    let from_memory = SourceTree::from_files(fixture::minimal());
    assert!(from_disk.files().eq(from_memory.files()));
    assert_eq!(format!("{:?}", compile(&from_disk).unwrap()), format!("{:?}", compile(&from_memory).unwrap()));
}

#[test]
fn what_stands_beside_the_spec_is_left_alone() {
    let folder = on_disk();
    let beside = [
        "Cargo.toml",
        // Cargo's own, in a package.
        "Cargo.toml.orig",
        "Cargo.lock",
        ".cargo_vcs_info.json",
        ".cargo-ok",
        "src/lib.rs",
        "tests/compiler/minimal/x.yaml",
        "fuzz/Cargo.toml",
        "target/debug/x",
        "schema.json",
        "COVERAGE.md",
        "disputes.yaml",
        "evidence/page.txt",
        ".gitignore",
        "api/.DS_Store",
        "types/.ids.yaml.swp",
    ];
    for path in beside {
        write(folder.path(), path, [0xff]);
    }
    compile(&SourceTree::read(folder.path())).unwrap();
}

#[test]
fn unexpected_files_and_folders() {
    let folder = on_disk();
    for path in
        ["error.yaml", "api/get_thing.yaml", "api/demo_v1/get_other.yml", "types/more/ids.yaml", "apis/a/b.yaml"]
    {
        write(folder.path(), path, "x: y\n");
    }
    let report = report(&SourceTree::read(folder.path()));
    let expected = [
        "DS004 api/demo_v1/get_other.yml:0:0",
        "DS004 api/get_thing.yaml:0:0",
        "DS004 apis:0:0",
        "DS004 error.yaml:0:0",
        "DS004 types/more:0:0",
    ];
    assert_eq!(positions(&report), expected);
}

#[test]
fn a_file_in_place_of_a_folder_and_a_folder_in_place_of_a_file() {
    let folder = on_disk();
    fs::remove_file(folder.path().join("groups.yaml")).unwrap();
    fs::create_dir(folder.path().join("groups.yaml")).unwrap();
    fs::create_dir(folder.path().join("api/demo_v1/get_other.yaml")).unwrap();
    write(folder.path(), "api/other_v1", "");
    snapshot("files_and_folders", &SourceTree::read(folder.path()));
}

#[test]
fn memory_knows_folders_by_their_files() {
    let tree = fixture::with_bytes("groups.yaml/x.yaml", "x: y\n").with_file("types", Vec::new());
    assert_eq!(positions(&report(&tree)), ["DS003 groups.yaml:0:0", "DS003 types:0:0"]);
}

#[cfg(unix)]
#[test]
fn links_are_refused_wherever_they_lead() {
    let folder = on_disk();
    let link = |to: &str, at: &str| std::os::unix::fs::symlink(to, folder.path().join(at)).unwrap();
    fs::rename(folder.path().join("errors.yaml"), folder.path().join(".errors.yaml")).unwrap();
    link(".errors.yaml", "errors.yaml");
    link("nowhere", "types/lost.yaml");
    link("demo_v1", "api/linked_v1");
    link("nowhere", "schema.json");
    snapshot("DS002", &SourceTree::read(folder.path()));
}

#[test]
fn a_folder_that_does_not_exist() {
    snapshot("DS006", &SourceTree::read(&on_disk().path().join("nowhere")));
}

#[test]
fn an_empty_folder_lacks_what_every_spec_has() {
    let folder = tempfile::tempdir().unwrap();
    snapshot("empty_folder", &SourceTree::read(folder.path()));
}

#[test]
fn a_tree_can_be_changed_without_touching_the_first_one() {
    let tree = SourceTree::from_files(fixture::minimal());
    let broken = tree.with_file("groups.yaml", b"groups: 5".to_vec());
    assert!(compile(&broken).is_err());
    compile(&tree).unwrap();
    let mended = broken.with_file("groups.yaml", fixture::text("groups.yaml").as_bytes().to_vec());
    compile(&mended).unwrap();
    assert_eq!(positions(&report(&tree.with_only(|path| path != "groups.yaml"))), ["DS005 groups.yaml:0:0"]);
}

#[test]
#[cfg(target_os = "linux")]
fn names_that_are_no_text_are_refused_one_by_one() {
    use std::ffi::OsStr;
    use std::os::unix::ffi::OsStrExt;

    let folder = on_disk();
    for name in [&b"x\xff.yaml"[..], b"x\xfe.yaml", b"\xff", b".x\xff.yaml"] {
        fs::write(folder.path().join("types").join(OsStr::from_bytes(name)), "types: {}\n").unwrap();
    }
    let report = report(&SourceTree::read(folder.path()));
    let names = [r"\xff", r"x\xfe.yaml", r"x\xff.yaml"];
    assert_eq!(positions(&report), names.map(|name| format!("DS004 types/\"{name}\":0:0")));
}
