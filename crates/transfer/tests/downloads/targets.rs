//! Where downloads go, and what they tell.

use std::sync::{Arc, Mutex};

use dingtalk_storage::types::{DentryId, SpaceId};
use dingtalk_storage_transfer::{Error, Integrity, RemoteFile};

use crate::stage::{PART, Stage, bytes};

#[tokio::test]
async fn every_size_comes_as_it_is_with_one_call() {
    let stage = Stage::new().await;
    for size in [0, 1, PART - 1, PART, PART + 1, 2 * PART, 5 * PART + 7] {
        let content = bytes(size);
        let file = stage.put("a.bin", &content).await;
        // As it was listed, and as somebody knows it who has only its ids: nothing tells its size then.
        for file in [RemoteFile::from(&file), (file.space.clone(), file.id.clone()).into()] {
            stage.emulator.clear_journal();
            let path = stage.path("a.bin");
            let downloaded = stage.drive.download(file).to_path(&path).await.unwrap();
            assert_eq!(std::fs::read(&path).unwrap(), content, "{size}");
            assert_eq!((downloaded.size, downloaded.resumed), (size, 0));
            assert!(downloaded.integrity.is_verified(), "{size}");
            assert_eq!(stage.emulator.calls("storage_v1.GetFileDownloadInfo"), 1, "{size}");
            assert_eq!(stage.local_names(), ["a.bin"], "{size}");
        }
    }
}

#[tokio::test]
async fn a_small_file_of_known_size_is_one_request() {
    let stage = Stage::new().await;
    let file = stage.put("a.bin", &bytes(1000)).await;
    stage.drive.download(&file).to_path(stage.path("a.bin")).await.unwrap();
    assert_eq!(stage.calls(), ["storage_v1.GetFileDownloadInfo", "storage.GetObject"]);
}

#[tokio::test]
async fn a_large_file_comes_in_ranges_each_of_them_once() {
    let stage = Stage::new().await;
    let file = stage.put("a.bin", &bytes(10 * PART)).await;
    stage.drive.download(&file).to_path(stage.path("a.bin")).await.unwrap();
    assert_eq!(stage.emulator.calls("storage.GetObject"), 10);
}

#[tokio::test]
async fn a_writer_and_a_stream_get_the_same_bytes() {
    let stage = Stage::new().await;
    let content = bytes(3 * PART + 1);
    let file = stage.put("a.bin", &content).await;

    let mut written = Vec::new();
    let downloaded = stage.drive.download(&file).to_writer(&mut written).await.unwrap();
    assert_eq!(written, content);
    assert!(downloaded.integrity.is_verified());

    let mut stream = stage.drive.download(&file).bytes_stream();
    let mut read = Vec::new();
    while let Some(piece) = stream.try_next().await.unwrap() {
        assert_eq!(stream.integrity(), None, "nobody knows before the end");
        read.extend_from_slice(&piece);
    }
    assert_eq!(read, content);
    assert!(stream.integrity().unwrap().is_verified());
}

#[tokio::test]
async fn ranges_are_what_they_say_and_never_verified() {
    let stage = Stage::new().await;
    let content = bytes(3 * PART);
    let file = stage.put("a.bin", &content).await;
    let whole = content.len();
    for (range, expected) in
        [(0..10, 0..10), (5..250_000, 5..250_000), (250_000..999_999, 250_000..whole), (7..7, 7..7)]
    {
        let download = || stage.drive.download(&file).range(range.start..range.end);
        let mut written = Vec::new();
        let downloaded = download().to_writer(&mut written).await.unwrap();
        assert!(written == content[expected.clone()], "{range:?}");
        assert!(matches!(downloaded.integrity, Integrity::Unverified { .. }), "{range:?}");

        let path = stage.path(&format!("{}.bin", range.end));
        let downloaded = download().to_path(&path).await.unwrap();
        assert!(std::fs::read(&path).unwrap() == content[expected.clone()], "{range:?}");
        assert_eq!(downloaded.size, expected.len() as u64, "{range:?}");
    }
    // All of it by name is all of it.
    let downloaded = stage.drive.download(&file).range(0..).to_path(stage.path("all")).await.unwrap();
    assert!(downloaded.integrity.is_verified());
    let mut last = Vec::new();
    stage.drive.download(&file).range(whole as u64 - 1..).to_writer(&mut last).await.unwrap();
    assert_eq!(last, content[whole - 1..]);
}

#[tokio::test]
async fn a_range_behind_the_end_is_refused_and_leaves_nothing() {
    let stage = Stage::new().await;
    let file = stage.put("a.bin", b"abc").await;
    let refused = stage.drive.download(&file).range(3..).to_path(stage.path("a.bin")).await.unwrap_err();
    assert!(matches!(refused, Error::OutOfRange { start: 3, .. }), "{refused}");
    assert_eq!(stage.local_names(), [""; 0]);
}

#[tokio::test]
async fn an_older_version_can_be_had() {
    let stage = Stage::new().await;
    stage.put("a.txt", b"first").await;
    let file = stage.put("a.txt", b"second").await;
    let mut old = Vec::new();
    stage.drive.download(&file).version(1).to_writer(&mut old).await.unwrap();
    assert_eq!(old, b"first");
    let mut new = Vec::new();
    stage.drive.download(file.uuid).to_writer(&mut new).await.unwrap();
    assert_eq!(new, b"second");
}

#[tokio::test]
async fn what_is_no_file_is_refused_before_anything_is_asked_or_made() {
    let stage = Stage::new().await;
    stage.emulator.clear_journal();
    let folder = stage.drive.download(&stage.root).to_path(stage.path("a")).await.unwrap_err();
    assert!(matches!(folder, Error::NotAFile { .. }), "{folder}");
    std::fs::create_dir(stage.path("taken")).unwrap();
    let file = (SpaceId::from("1"), DentryId::from("2"));
    for path in [stage.path("taken"), stage.path("missing").join("a"), stage.path("taken").join("..")] {
        stage.drive.download(file.clone()).to_path(path).await.unwrap_err();
    }
    assert_eq!(stage.calls(), [""; 0]);
    assert_eq!(stage.local_names(), ["taken"]);
}

#[tokio::test]
async fn a_file_is_replaced_only_by_what_is_verified() {
    let stage = Stage::new().await;
    let file = stage.put("a.bin", &bytes(1000)).await;
    let path = stage.path("a.bin");
    std::fs::write(&path, b"precious").unwrap();

    stage.fault(dingtalk_storage_emulator::FaultKind::NoCrc, "storage.GetObject");
    let refused = stage.drive.download(&file).to_path(&path).await.unwrap_err();
    assert!(matches!(refused, Error::Unverified { .. }), "{refused}");
    let refused = stage.drive.download(&file).range(1..).to_path(&path).await.unwrap_err();
    assert!(matches!(refused, Error::Unverified { .. }), "{refused}");
    assert_eq!(std::fs::read(&path).unwrap(), b"precious");
    assert_eq!(stage.local_names(), ["a.bin"]);

    stage.fault(dingtalk_storage_emulator::FaultKind::NoCrc, "storage.GetObject");
    let downloaded = stage.drive.download(&file).accept_unverified().to_path(&path).await.unwrap();
    assert!(!downloaded.integrity.is_verified());
    assert_eq!(std::fs::read(&path).unwrap(), bytes(1000));
}

/// What somebody else has put or changed under the name since the download was begun is not lost.
#[tokio::test]
async fn what_comes_to_be_under_the_name_meanwhile_stays() {
    for (before, meanwhile) in [(None, "made"), (Some("old"), "changed"), (Some("old"), "")] {
        let stage = Stage::new().await;
        let content = bytes(3 * crate::stage::PART);
        let file = stage.put("a.bin", &content).await;
        let path = stage.path("a.bin");
        if let Some(before) = before {
            std::fs::write(&path, before).unwrap();
        }
        let (target, once) = (path.clone(), std::sync::Once::new());
        let meddling = stage.drive.download(&file).on_progress(move |progress| {
            if progress.done > 0 {
                once.call_once(|| std::fs::write(&target, meanwhile).unwrap());
            }
        });
        let refused = meddling.to_path(&path).await.unwrap_err();
        assert!(matches!(&refused, Error::TargetChanged { path: told } if *told == path), "{refused}");
        assert_eq!(refused.category().to_string(), "conflict");
        assert_eq!(std::fs::read_to_string(&path).unwrap(), meanwhile);

        // Once it is out of the way, nothing has to come again.
        std::fs::remove_file(&path).unwrap();
        let downloaded = stage.drive.download(&file).to_path(&path).await.unwrap();
        assert!(downloaded.resumed > 0, "{downloaded:?}");
        assert_eq!(std::fs::read(&path).unwrap(), content);
        assert_eq!(stage.local_names(), ["a.bin"]);
    }
}

#[tokio::test]
async fn who_goes_on_replaces_no_more_than_what_was_there_when_it_was_begun() {
    let stage = Stage::new().await;
    let content = bytes(4 * crate::stage::PART);
    let file = stage.put("a.bin", &content).await;
    let path = stage.path("a.bin");
    let refusal = dingtalk_storage_emulator::FaultKind::Status { status: 403, code: None, retry_after: None };
    stage.emulator.add_fault(dingtalk_storage_emulator::Fault::new(refusal).on("storage.GetObject").nth(3).always());
    let stopped = stage.drive.download(&file).to_path(&path).await.unwrap_err();
    let journal = stopped.journal().unwrap().to_owned();
    stage.emulator.clear_faults();

    std::fs::write(&path, b"mine").unwrap();
    let refused = stage.drive.resume(&journal).send().await.unwrap_err();
    assert!(matches!(refused, Error::TargetChanged { .. }), "{refused}");
    assert_eq!(std::fs::read(&path).unwrap(), b"mine");
    std::fs::remove_file(&path).unwrap();
    stage.drive.resume(&journal).send().await.unwrap();
    assert_eq!(std::fs::read(&path).unwrap(), content);
}

#[cfg(unix)]
#[tokio::test]
async fn a_link_is_replaced_and_permissions_stay() {
    use std::os::unix::fs::PermissionsExt;
    let stage = Stage::new().await;
    let file = stage.put("a.bin", b"new").await;
    let (secret, link, private) = (stage.path("secret"), stage.path("link"), stage.path("private"));
    std::fs::write(&secret, b"old").unwrap();
    std::os::unix::fs::symlink(&secret, &link).unwrap();
    stage.drive.download(&file).to_path(&link).await.unwrap();
    assert_eq!(std::fs::read(&secret).unwrap(), b"old");
    assert_eq!(std::fs::read(&link).unwrap(), b"new");

    std::fs::write(&private, b"old").unwrap();
    std::fs::set_permissions(&private, std::fs::Permissions::from_mode(0o600)).unwrap();
    stage.drive.download(&file).to_path(&private).await.unwrap();
    assert_eq!(private.metadata().unwrap().permissions().mode() & 0o777, 0o600);
}

#[tokio::test]
async fn progress_comes_to_its_end() {
    let stage = Stage::new().await;
    let file = stage.put("a.bin", &bytes(3 * PART)).await;
    let seen = Arc::new(Mutex::new(Vec::new()));
    let told = Arc::clone(&seen);
    let download = stage.drive.download(&file).on_progress(move |progress| told.lock().unwrap().push(progress));
    download.to_path(stage.path("a.bin")).await.unwrap();
    let seen = seen.lock().unwrap();
    assert!(seen.iter().all(|progress| progress.total == Some(3 * PART) && progress.done <= 3 * PART));
    assert_eq!(seen.iter().map(|progress| progress.done).max(), Some(3 * PART));
}

#[tokio::test(start_paused = true)]
async fn two_downloads_to_one_path_do_not_meet() {
    let stage = Stage::new().await;
    let content = bytes(3 * PART);
    let file = stage.put("a.bin", &content).await;
    stage.fault(dingtalk_storage_emulator::FaultKind::StallAnswer { at: 10, millis: Some(1500) }, "storage.GetObject");
    let path = stage.path("a.bin");
    let first = stage.drive.download(&file).to_path(&path);
    let second = stage.drive.download(&file).to_path(&path);
    let (first, second) = tokio::join!(first, second);
    let outcomes = [first, second];
    assert_eq!(outcomes.iter().filter(|outcome| outcome.is_ok()).count(), 1);
    assert!(outcomes.iter().any(|outcome| matches!(outcome, Err(Error::InUse { path: in_use }) if *in_use == path)));
    assert_eq!(std::fs::read(&path).unwrap(), content);
    assert_eq!(stage.local_names(), ["a.bin"]);
}

#[tokio::test]
async fn names_as_long_as_names_can_be_are_no_trouble() {
    let stage = Stage::new().await;
    let file = stage.put("a.bin", b"x").await;
    let path = stage.path(&"n".repeat(255));
    stage.drive.download(&file).to_path(&path).await.unwrap();
    assert_eq!(std::fs::read(path).unwrap(), b"x");
}

/// However many reads, one call; and all of them are of what the first one met.
#[tokio::test]
async fn an_open_file_is_read_here_and_there_with_one_call() {
    let stage = Stage::new().await;
    let content = bytes(3 * PART);
    let file = stage.put("a.bin", &content).await;
    stage.emulator.clear_journal();
    let open = stage.drive.download(&file).range(5..6).open().unwrap();
    assert!(stage.calls().is_empty());
    open.ready().await.unwrap();
    let read = async |range: std::ops::Range<usize>| {
        let mut bytes = open.read(range.start as u64..range.end as u64);
        let mut read = Vec::new();
        while let Some(piece) = bytes.try_next().await? {
            read.extend_from_slice(&piece);
        }
        Ok::<_, Error>((read, bytes.integrity().unwrap().is_verified()))
    };
    for range in [7..100, 0..1, 3 * 100 * 1024 - 1..3 * 100 * 1024, 0..0] {
        assert_eq!(read(range.clone()).await.unwrap(), (content[range.clone()].to_vec(), false), "{range:?}");
    }
    assert_eq!(read(0..content.len()).await.unwrap(), (content, true), "the whole file is held against its checksum");
    assert_eq!(stage.emulator.calls("storage_v1.GetFileDownloadInfo"), 1);

    stage.put("a.bin", b"another content").await;
    let pinned = stage.drive.download(&file).version(file.version.unwrap()).open().unwrap();
    let mut first = pinned.read(..3);
    assert_eq!(first.try_next().await.unwrap().unwrap(), bytes(3));
    assert!(matches!(stage.drive.download(&stage.root).open(), Err(Error::NotAFile { .. })));
}

#[tokio::test]
async fn versions_are_the_file_as_it_was() {
    let stage = Stage::new().await;
    stage.put("a.txt", b"one").await;
    let file = stage.put("a.txt", b"three").await;
    let versions = stage.drive.versions(&file).await.unwrap();
    assert_eq!(versions.iter().map(|each| (each.version, each.size)).collect::<Vec<_>>(), [(Some(2), 5), (Some(1), 3)]);
    assert!(matches!(stage.drive.versions(&stage.root).await, Err(Error::NotAFile { .. })));
}
