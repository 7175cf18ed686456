//! Sources that are not what they seemed: none of them is ever committed.

use std::fs::OpenOptions;
use std::io::{Cursor, Write};
use std::path::PathBuf;
use std::sync::Once;
use std::time::{Duration, SystemTime};

use bytes::Bytes;
use dingtalk_storage_transfer::{Error, Source};
use futures_util::StreamExt;

use crate::stage::{PART, Stage, bytes};

/// Changes a file when its first bytes are on their way.
async fn change_while_sent(length: u64, change: impl Fn(&PathBuf) + Send + Sync + 'static) -> (Stage, Error) {
    let stage = Stage::new().await;
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("a.bin");
    std::fs::write(&path, bytes(length)).unwrap();
    let once = Once::new();
    let upload = stage.drive.upload(&path).to(&stage.root);
    let upload = upload.on_progress(move |_| once.call_once(|| change(&path)));
    let error = upload.send().await.unwrap_err();
    (stage, error)
}

fn refused((stage, error): (Stage, Error)) {
    assert!(matches!(error, Error::Source { .. }), "{error}");
    assert_eq!(stage.emulator.calls("storage_v2.CommitFile"), 0);
    assert_eq!(stage.commits(), 0);
}

#[tokio::test]
async fn a_file_that_grows_shrinks_or_changes_is_not_committed() {
    for length in [PART, 8 * PART] {
        refused(
            change_while_sent(length, |path| {
                OpenOptions::new().append(true).open(path).unwrap().write_all(b"more").unwrap();
            })
            .await,
        );
        refused(
            change_while_sent(length, |path| {
                OpenOptions::new().write(true).open(path).unwrap().set_len(1).unwrap();
            })
            .await,
        );
        refused(
            change_while_sent(length, |path| {
                let hour_ago = SystemTime::now() - Duration::from_secs(3600);
                OpenOptions::new().write(true).open(path).unwrap().set_modified(hour_ago).unwrap();
            })
            .await,
        );
    }
}

#[tokio::test]
async fn a_reader_that_is_shorter_or_longer_than_announced_is_not_committed() {
    for announced in [0, 10, PART, 3 * PART, 3 * PART + 1] {
        for length in [0, 9, 11, PART - 1, PART + 1, 3 * PART - 1, 3 * PART + 2] {
            if length != announced {
                let stage = Stage::new().await;
                let source = Source::sized_reader(announced, Cursor::new(bytes(length)));
                let error = stage.drive.upload(source).to(&stage.root).name("a.bin").send().await.unwrap_err();
                refused((stage, error));
            }
        }
    }
}

#[tokio::test]
async fn a_reader_that_fails_is_not_committed() {
    use tokio::io::AsyncReadExt;
    for length in [10, 2 * PART] {
        let stage = Stage::new().await;

        let source = Source::reader(Cursor::new(bytes(length)).chain(failing::Failing));
        let error = stage.drive.upload(source).to(&stage.root).name("a.bin").send().await.unwrap_err();
        assert!(error.to_string().contains("the disk is on fire"), "{error}");
        refused((stage, error));
    }
}

#[tokio::test]
async fn open_files_and_streams_are_sent_as_they_are() {
    let stage = Stage::new().await;
    let folder = tempfile::tempdir().unwrap();
    for length in [0, 1, PART, 3 * PART + 1] {
        let path = folder.path().join(length.to_string());
        std::fs::write(&path, bytes(length)).unwrap();
        let mut open = std::fs::File::open(&path).unwrap();
        std::io::copy(&mut open, &mut std::io::sink()).unwrap();
        let pieces: Vec<Bytes> = bytes(length).chunks(7_001).map(Bytes::copy_from_slice).collect();
        let pieces = || futures_util::stream::iter(pieces.clone()).map(Ok);
        for (kind, source) in [
            ("file", Source::File(open)),
            ("stream", Source::stream(pieces())),
            ("sized", Source::sized_stream(length, pieces())),
        ] {
            let name = format!("{length} {kind}");
            let uploaded = stage.drive.upload(source).to(&stage.root).name(&name).send().await.unwrap();
            assert!(uploaded.integrity.is_verified() && uploaded.entry.size == length, "{name}");
            assert!(stage.content(&uploaded.entry).await == bytes(length), "{name}");
        }
    }
    assert!(stage.journals().is_empty());
}

mod failing {
    use std::io;
    use std::pin::Pin;
    use std::task::{Context, Poll};

    use tokio::io::{AsyncRead, ReadBuf};

    /// A reader that fails at once.
    pub struct Failing;

    impl AsyncRead for Failing {
        fn poll_read(self: Pin<&mut Self>, _: &mut Context<'_>, _: &mut ReadBuf<'_>) -> Poll<io::Result<()>> {
            Poll::Ready(Err(io::Error::other("the disk is on fire")))
        }
    }
}

/// A file that says of itself that it is empty is not stored as such.
#[cfg(target_os = "linux")]
#[tokio::test]
async fn what_has_bytes_though_it_says_that_it_has_none_is_no_empty_file() {
    let stage = Stage::new().await;
    let refused = stage.drive.upload(PathBuf::from("/proc/cpuinfo")).to(&stage.root).send().await.unwrap_err();
    assert_eq!(refused.category().to_string(), "local", "{refused}");
    assert_eq!(stage.emulator.effects("file.committed"), 0);
}
