//! What cannot be transferred is told, and nothing is deleted because of it.

use dingtalk_storage_emulator::Emulator;
use serde_json::Value;

use crate::stage::Stage;

/// The items that a run has told as failures, each with its exit code.
fn failed(err: &str) -> Vec<(String, i64)> {
    let lines =
        err.lines().filter(|line| line.starts_with('{')).map(|line| serde_json::from_str::<Value>(line).unwrap());
    let items = lines.filter_map(|line| {
        let item = line["data"]["item"].as_str()?.to_owned();
        Some((item, line["data"]["exit"].as_i64()?))
    });
    items.collect()
}

/// A folder or file that nobody may read, for as long as this lives.
#[cfg(unix)]
mod unreadable {
    use std::os::unix::fs::PermissionsExt;
    use std::path::{Path, PathBuf};

    use crate::program::Program;
    use crate::stage::Stage;

    pub struct Closed(PathBuf);

    impl Closed {
        pub fn close(path: PathBuf) -> Self {
            set(&path, 0o000);
            Self(path)
        }

        /// The program as somebody to whom this means something, as it does not to root.
        pub fn program(&self, stage: &Stage, arguments: &[&str]) -> Program {
            if std::fs::File::open(&self.0).is_err() {
                return stage.program(arguments);
            }
            let lesser = ["--bounding-set", "-dac_override,-dac_read_search", env!("CARGO_BIN_EXE_dingtalk-storage")];
            stage.copy(Path::new("setpriv"), &[&lesser, arguments].concat())
        }
    }

    impl Drop for Closed {
        fn drop(&mut self) {
            set(&self.0, 0o755);
        }
    }

    fn set(path: &Path, mode: u32) {
        std::fs::set_permissions(path, std::fs::Permissions::from_mode(mode)).unwrap();
    }
}

#[cfg(unix)]
#[tokio::test(flavor = "multi_thread")]
async fn what_nobody_can_read_or_name_is_an_item_that_failed() {
    use std::ffi::OsStr;
    use std::os::unix::ffi::OsStrExt;

    let stage = Stage::on(Emulator::builder().seed(1)).await;
    for name in ["tree/a.txt", "tree/closed/b.txt", "tree/long/c.txt"] {
        stage.write(name, name);
    }
    stage.ok(&["put", "-r", "tree", "ding:Reports/tree"]);
    std::fs::write(stage.work.path().join("tree").join(OsStr::from_bytes(b"no\xffunicode")), "x").unwrap();
    // The drive counts its quotes, and then it is too long.
    let long = format!("long/{}", "|".repeat(200));
    stage.write(&format!("tree/{long}"), "x");
    std::os::unix::fs::symlink("a.txt", stage.work.path().join("tree/link")).unwrap();
    let closed = unreadable::Closed::close(stage.work.path().join("tree/closed"));
    let expected = [("closed".to_owned(), 8), (long.clone(), 2), ("no\u{fffd}unicode".to_owned(), 8)];
    for arguments in [
        &["put", "-r", "tree", "ding:Reports/tree"][..],
        &["put", "-r", "-n", "tree", "ding:Reports/tree"],
        &["sync", "tree", "ding:Reports/tree"],
        &["sync", "--delete", "--yes", "tree", "ding:Reports/tree"],
        &["sync", "--delete", "-n", "tree", "ding:Reports/tree"],
        &["sync", "--plan-out", "plan.jsonl", "tree", "ding:Reports/tree"],
        &["sync", "--execute", "plan.jsonl"],
        &["check", "tree", "ding:Reports/tree"],
    ] {
        let run = closed.program(&stage, &[arguments, &["--json"]].concat()).run();
        assert_eq!(run.code, Some(1), "{arguments:?}: {}", run.err);
        let mut told = failed(&run.err);
        told.sort();
        assert_eq!(told, expected, "{arguments:?}");
        assert_eq!(run.err.contains("nothing is deleted"), arguments.contains(&"--delete"), "{}", run.err);
        // A link is none of it, and is told all the same.
        let alone: Vec<Value> = run.out.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
        assert!(alone.iter().any(|line| line["kind"] == "leftAlone" && line["data"]["path"] == "link"), "{}", run.out);
        let people = closed.program(&stage, arguments).run();
        assert!(people.err.contains("error: long/") && people.err.contains("left alone: link"), "{}", people.err);
    }
    // All of it is a failure of its own kind.
    for arguments in [
        &["put", "-r", "tree/closed", "ding:Reports/other"][..],
        &["sync", "-p", "tree/closed", "ding:Reports/other"],
        &["check", "tree/closed", "ding:Reports/tree"],
    ] {
        assert_eq!(closed.program(&stage, arguments).run().code, Some(8), "{arguments:?}");
    }
    drop(closed);
    assert_eq!(stage.ok(&["ls", "ding:Reports"]), "tree/\n");
    assert_eq!(stage.ok(&["find", "ding:Reports/tree", "--type", "file"]).lines().count(), 3);
}

/// What only has to be read to be compared is one item, too: the others are compared, sent and told.
#[cfg(unix)]
#[tokio::test(flavor = "multi_thread")]
async fn a_file_that_cannot_be_read_to_compare_it_is_an_item_that_failed() {
    let stage = Stage::on(Emulator::builder().seed(1)).await;
    for name in ["tree/a.txt", "tree/closed.txt", "tree/gone.txt", "tree/same.txt"] {
        stage.write(name, name);
    }
    stage.ok(&["sync", "-p", "tree", "ding:Reports/tree"]);
    stage.write("tree/a.txt", "tree/A.txt");
    std::fs::remove_file(stage.work.path().join("tree/gone.txt")).unwrap();
    let closed = unreadable::Closed::close(stage.work.path().join("tree/closed.txt"));
    for arguments in [
        &["check", "--checksum", "tree", "ding:Reports/tree"][..],
        &["sync", "--checksum", "--delete", "-n", "tree", "ding:Reports/tree"],
        &["sync", "--checksum", "--delete", "--yes", "tree", "ding:Reports/tree"],
    ] {
        let run = closed.program(&stage, &[arguments, &["--json"]].concat()).run();
        assert_eq!(run.code, Some(1), "{arguments:?}: {}", run.err);
        assert_eq!(failed(&run.err), [("closed.txt".to_owned(), 8)], "{arguments:?}");
        assert_eq!(run.err.contains("nothing is deleted"), arguments.contains(&"--delete"), "{}", run.err);
        let told = |path: &str| run.out.lines().any(|line| line.contains(path));
        assert!(told("a.txt") && !told("same.txt"), "{arguments:?}: {}", run.out);
    }
    drop(closed);
    assert_eq!(stage.ok(&["cat", "ding:Reports/tree/a.txt"]), "tree/A.txt");
    assert_eq!(stage.ok(&["cat", "ding:Reports/tree/gone.txt"]), "tree/gone.txt");
}

/// The other way round: names that this machine cannot hold, and a folder of the target that nobody may read.
#[cfg(unix)]
#[tokio::test(flavor = "multi_thread")]
async fn what_cannot_come_down_is_an_item_that_failed() {
    let stage = Stage::on(Emulator::builder().seed(1)).await;
    for name in ["tree/a.txt", "tree/closed/b.txt"] {
        stage.write(name, name);
    }
    stage.ok(&["put", "-r", "tree", "ding:Reports/tree"]);
    // 300 bytes in 100 characters.
    let long = "字".repeat(100);
    stage.ok(&["put", "tree/a.txt", &format!("ding:Reports/tree/{long}")]);
    stage.write("tree/closed/only here", "x");
    stage.write("tree/gone", "x");
    let closed = unreadable::Closed::close(stage.work.path().join("tree/closed"));
    for arguments in [
        &["get", "-r", "ding:Reports/tree", "tree"][..],
        &["sync", "--delete", "--yes", "ding:Reports/tree", "tree"],
        &["check", "ding:Reports/tree", "tree"],
    ] {
        let run = closed.program(&stage, &[arguments, &["--json"]].concat()).run();
        assert_eq!(run.code, Some(1), "{arguments:?}: {}", run.err);
        let told = failed(&run.err);
        assert!(
            told.contains(&(long.clone(), 2)) && told.contains(&("closed".to_owned(), 8)),
            "{arguments:?}: {told:?}"
        );
    }
    drop(closed);
    assert_eq!((stage.read("tree/closed/only here"), stage.read("tree/gone")), (b"x".to_vec(), b"x".to_vec()));
}

#[tokio::test(flavor = "multi_thread")]
async fn the_bytes_of_trees_are_told() {
    let stage = Stage::on(Emulator::builder().seed(1)).await;
    for (name, size) in [("tree/a", 3000), ("tree/sub/b", 500)] {
        stage.write(name, "x".repeat(size));
    }
    let sizes = |lines: &[Value]| -> Vec<u64> {
        let files = lines.iter().filter(|line| line["kind"] == "synced" && line["data"]["action"] != "makeFolder");
        files.map(|line| line["data"]["size"].as_u64().unwrap()).collect()
    };
    let sorted = |mut sizes: Vec<u64>| {
        sizes.sort_unstable();
        sizes
    };
    assert_eq!(sorted(sizes(&stage.json(&["put", "-r", "tree", "ding:Reports/tree"]))), [500, 3000]);
    assert_eq!(sorted(sizes(&stage.json(&["get", "-r", "ding:Reports/tree", "down"]))), [500, 3000]);
    let line = |arguments: &[&str]| stage.run(&[arguments, &["-v"]].concat()).err.lines().last().unwrap().to_owned();
    let up = line(&["put", "-r", "tree", "ding:Reports/again"]);
    assert!(up.contains("3.4 KiB up, 0 B down"), "{up}");
    let down = line(&["sync", "-p", "ding:Reports/tree", "other"]);
    assert!(down.contains("0 B up, 3.4 KiB down"), "{down}");
    let nothing = line(&["sync", "-p", "tree", "ding:Reports/tree"]);
    assert!(nothing.contains("0 B up, 0 B down"), "{nothing}");
}
