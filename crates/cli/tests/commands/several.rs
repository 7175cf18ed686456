//! Several things at once, names, and flags that mean something.

use dingtalk_storage_emulator::Emulator;

use crate::stage::Stage;

async fn stage() -> Stage {
    let stage = Stage::on(Emulator::builder().seed(1)).await;
    for name in ["a", "b", "c", "tree/x"] {
        stage.write(name, name.repeat(100));
    }
    stage.ok(&["put", "a", "b", "ding:Reports/"]);
    stage.ok(&["put", "-r", "tree", "ding:Reports/"]);
    stage
}

#[tokio::test(flavor = "multi_thread")]
async fn of_several_things_those_that_are_there_are_done_and_the_others_told() {
    let stage = stage().await;
    let missing = "ding:Reports/MISSING";
    for (arguments, done) in [
        (&["stat", "ding:Reports/a", missing, "ding:Reports/b"][..], None),
        (&["cat", "ding:Reports/a", missing, "ding:Reports/b"], None),
        (&["get", "ding:Reports/a", missing, "ding:Reports/b", "."], None),
        (&["get", "-p", "ding:Reports/a", missing, "ding:Reports/*x", "down/"], None),
        (&["cp", "ding:Reports/a", missing, "ding:Reports/tree/"], Some("ding:Reports/tree/a")),
        (&["mv", "ding:Reports/b", missing, "ding:Reports/tree/"], Some("ding:Reports/tree/b")),
        (&["put", "c", "MISSING", "ding:Reports/"], Some("ding:Reports/c")),
        (&["mkdir", "ding:Reports/n", "ding:Reports/x/y", "ding:Reports/m"], Some("ding:Reports/m")),
        (&["du", missing, "ding:Reports/tree"], None),
    ] {
        std::fs::remove_file(stage.work.path().join("a")).ok();
        std::fs::remove_file(stage.work.path().join("b")).ok();
        let (code, word, message) = stage.failure(arguments);
        assert_eq!((code, word.as_str()), (1, "some-failed"), "{arguments:?}: {message}");
        if let Some(done) = done {
            stage.ok(&["stat", done]);
        }
    }
    assert_eq!(stage.failure(&["rm", "-y", "ding:Reports/a", missing, "ding:Reports/c"]).0, 1);
    assert_eq!(stage.ok(&["ls", "ding:Reports"]), "m/\nn/\ntree/\n");
    // One thing fails with its own code.
    for (arguments, code) in [
        (&["rm", "-y", missing][..], 3),
        (&["cp", missing, "ding:Reports/tree/"], 3),
        (&["mv", missing, "ding:Reports/tree/"], 3),
        (&["get", missing, "x"], 3),
        (&["put", "MISSING", "ding:Reports/"], 8),
    ] {
        assert_eq!(stage.failure(arguments).0, code, "{arguments:?}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_maximum_of_bytes_has_one_exit_code() {
    let stage = stage().await;
    for arguments in [
        &["put", "a", "b", "c", "ding:Reports/tree/"][..],
        &["put", "-r", "a", "b", "c", "ding:Reports/tree/"],
        &["get", "-p", "ding:Reports/a", "ding:Reports/b", "down/"],
    ] {
        let (code, word, message) =
            stage.failure(&[arguments, &["--max-transfer", "150b", "--transfers", "1"]].concat());
        assert_eq!((code, word.as_str()), (6, "limit"), "{arguments:?}: {message}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn names_that_the_drive_does_not_take_are_refused_before_anything_is_sent() {
    let stage = stage().await;
    for name in ["bad>x", "bad\\x", "bad\nx", "bad\tx", "bad.", &"x".repeat(300)] {
        let place = format!("ding:Reports/{name}");
        for arguments in [
            &["put", "a", &place][..],
            &["put", "-n", "a", &place],
            &["put", "-r", "tree", &place],
            &["put", "-p", "a", &format!("{place}/a")],
            &["cp", "ding:Reports/a", &place],
            &["cp", "-n", "ding:Reports/a", &place],
            &["mv", "ding:Reports/a", &place],
            &["mkdir", &place],
            &["mkdir", "-p", &format!("ding:Reports/new/{name}")],
            &["sync", "-p", "tree", &place],
        ] {
            stage.emulator.clear_journal();
            let (code, word, message) = stage.failure(arguments);
            assert_eq!((code, word.as_str()), (2, "usage"), "{arguments:?}: {message}");
            let calls = stage.calls();
            let looks =
                ["oauth2_v1.GetAccessToken", "drive_v1.ListSpaces", "storage_v1.ListDentries", "storage_v1.GetDentry"];
            assert!(calls.iter().all(|call| looks.contains(&call.as_str())), "{arguments:?}: {calls:?}");
        }
    }
    stage.write("bad.", "x");
    assert_eq!(stage.failure(&["put", "bad.", "ding:Reports/"]).0, 2);
    assert_eq!(stage.ok(&["ls", "ding:Reports"]), "a\nb\ntree/\n");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_name_that_is_taken_gets_a_number_on_wish_and_a_dry_run_tells_so() {
    let stage = stage().await;
    for (command, done) in [("cp", "copied"), ("cp", "copied"), ("mv", "moved")] {
        let arguments = [command, "--conflict", "rename", "ding:Reports/a", "ding:Reports/b"];
        let planned = stage.json(&[&arguments[..], &["-n"]].concat()).remove(0);
        let record = stage.json(&arguments).remove(0);
        assert_eq!((&record["kind"], &record["data"]["entry"]["path"]), (&done.into(), &planned["data"]["target"]));
    }
    assert_eq!(stage.ok(&["ls", "ding:Reports"]), "b\nb(1)\nb(2)\nb(3)\ntree/\n");
    stage.ok(&["cp", "--conflict", "rename", "ding:Reports/b", "ding:Reports/tree/x"]);
    stage.ok(&["mv", "--conflict", "rename", "ding:Reports/b(1)", "ding:Reports/tree/x"]);
    assert_eq!(stage.ok(&["ls", "ding:Reports/tree"]), "x\nx(1)\nx(2)\n");
    // A folder that is there receives it, and a folder has no extension.
    stage.ok(&["mkdir", "-p", "ding:Reports/tree/v1.2/in"]);
    stage.ok(&["put", "a", "ding:Reports/tree/f.txt"]);
    stage.ok(&["cp", "-r", "--conflict", "rename", "ding:Reports/tree/v1.2", "ding:Reports/tree"]);
    stage.ok(&["cp", "-r", "--conflict", "rename", "ding:Reports/tree/v1.2", "ding:Reports/tree/f.txt"]);
    stage.ok(&["mv", "--conflict", "rename", "ding:Reports/tree/v1.2", "ding:Reports/tree/f.txt"]);
    let names = "f.txt\nf.txt(1)/\nf.txt(2)/\nv1.2(1)/\nx\nx(1)\nx(2)\n";
    assert_eq!(stage.ok(&["ls", "ding:Reports/tree"]), names);
    // What the run does with a name that is taken, the dry run does.
    for command in ["cp", "mv"] {
        for dry_run in [&[][..], &["-n"]] {
            let arguments = [command, "ding:Reports/b", "ding:Reports/b(2)"];
            assert_eq!(stage.failure(&[&arguments[..], dry_run].concat()).0, 9, "{command} {dry_run:?}");
            let skip = stage.json(&[&arguments[..], &["--conflict", "skip"], dry_run].concat());
            assert_eq!(skip[0]["kind"], "skipped", "{command} {dry_run:?}");
            let into = [command, "ding:Reports/tree/x", "ding:Reports/b"];
            assert_eq!(stage.failure(&[&into[..], dry_run].concat()).0, 9, "{command} {dry_run:?}");
        }
    }
    let put = ["put", "--conflict", "rename", "a", "ding:Reports/b"];
    let planned = stage.json(&[&put[..], &["-n"]].concat()).remove(0);
    assert_eq!(stage.json(&put)[0]["data"]["entry"]["path"], planned["data"]["target"]);
    // Its own name is not in its way.
    assert_eq!(stage.json(&["mv", "-n", "ding:Reports/b", "ding:Reports/"])[0]["kind"], "planned");
}

#[tokio::test(flavor = "multi_thread")]
async fn flags_that_mean_nothing_for_folders_are_refused() {
    let stage = stage().await;
    stage.emulator.clear_journal();
    for arguments in [
        &["get", "-r", "--version", "1", "ding:Reports", "down"][..],
        &["get", "-r", "--accept-unverified", "ding:Reports", "down"],
        &["get", "-r", "--conflict", "rename", "ding:Reports", "down"],
        &["put", "-r", "--start-over", "tree", "ding:Reports/"],
        &["put", "-r", "--conflict", "rename", "tree", "ding:Reports/"],
        &["restore", "--version", "1", "--conflict", "rename", "ding:Reports/a"],
        &["sync", "--delete", "--permanent", "ding:Reports", "tree"],
    ] {
        assert_eq!(stage.run(arguments).code, Some(2), "{arguments:?}");
    }
    assert_eq!(stage.failure(&["get", "-r", "ding:Reports/tree", "-"]).0, 2);
    // A dry run writes no bytes to standard output either.
    let told = stage.ok(&["get", "-n", "ding:Reports/a", "-"]);
    assert!(told.starts_with("would download ding:Reports/a to -"), "{told}");
}

#[cfg(unix)]
#[tokio::test(flavor = "multi_thread")]
async fn a_download_replaces_no_pipe_and_no_device() {
    use std::os::unix::fs::FileTypeExt;

    let stage = stage().await;
    let path = |name: &str| stage.work.path().join(name);
    assert!(std::process::Command::new("mkfifo").arg(path("pipe")).status().unwrap().success());
    let _socket = std::os::unix::net::UnixListener::bind(path("socket")).unwrap();
    std::os::unix::fs::symlink("/dev/null", path("null")).unwrap();
    for name in ["pipe", "socket", "null"] {
        for conflict in ["overwrite", "rename", "skip", "fail"] {
            for dry_run in [&[][..], &["-n"]] {
                let get = ["get", "--conflict", conflict, "ding:Reports/a", name];
                let (code, word, message) = stage.failure(&[&get[..], dry_run].concat());
                assert_eq!((code, word.as_str()), (8, "local-io"), "{get:?}: {message}");
                assert!(message.contains("device") && message.contains("standard output"), "{message}");
            }
        }
    }
    assert!(path("pipe").symlink_metadata().unwrap().file_type().is_fifo());
    assert!(path("socket").symlink_metadata().unwrap().file_type().is_socket());
    assert!(path("null").symlink_metadata().unwrap().is_symlink());
    // In a tree it is in the way of a file, which then failed.
    std::fs::create_dir(path("down")).unwrap();
    std::fs::rename(path("pipe"), path("down/x")).unwrap();
    assert_eq!(stage.failure(&["get", "-r", "--conflict", "overwrite", "ding:Reports/tree", "down"]).0, 1);
    assert!(path("down/x").symlink_metadata().unwrap().file_type().is_fifo());
    // Who names a link means the file; a link in a folder is replaced, and what it leads to stays.
    for (name, kept) in [("link", false), ("folder/a", true)] {
        stage.write("kept", "kept");
        stage.write("folder/other", "other");
        std::os::unix::fs::symlink(path("kept"), path(name)).unwrap();
        let target = if kept { "folder/" } else { name };
        stage.ok(&["get", "--conflict", "overwrite", "ding:Reports/a", target]);
        let bytes = "a".repeat(100).into_bytes();
        assert_eq!(
            (stage.read("kept"), stage.read(name)),
            (if kept { b"kept".to_vec() } else { bytes.clone() }, bytes)
        );
        assert_eq!(path(name).symlink_metadata().unwrap().is_symlink(), !kept, "{name}");
    }
    std::os::unix::fs::symlink("nowhere", path("dangling")).unwrap();
    assert_eq!(stage.failure(&["get", "ding:Reports/a", "dangling"]).0, 9);
    stage.ok(&["get", "--conflict", "overwrite", "ding:Reports/a", "dangling"]);
    assert!(!path("dangling").symlink_metadata().unwrap().is_symlink() && !path("nowhere").exists());
    // A plan is no download, and is written where it was told to.
    stage.ok(&["sync", "--plan-out", "null", "tree", "ding:Reports/tree"]);
    assert!(path("null").symlink_metadata().unwrap().is_symlink());
}
