use std::pin::Pin;
use std::task::{Context, Poll};

use dingtalk_storage::Client;
use dingtalk_storage::credentials::InternalApp;
use tokio::io::ReadBuf;

use super::*;

/// So many zeros, of which the memory has as many as fit where they are read.
struct Zeros(u64);

impl AsyncRead for Zeros {
    fn poll_read(mut self: Pin<&mut Self>, _: &mut Context<'_>, room: &mut ReadBuf<'_>) -> Poll<std::io::Result<()>> {
        let length = usize::try_from(self.0).unwrap_or(usize::MAX).min(room.remaining());
        room.initialize_unfilled_to(length);
        room.advance(length);
        self.0 -= length as u64;
        Poll::Ready(Ok(()))
    }
}

const MIB: u64 = 1 << 20;

fn drive(folder: &std::path::Path, part: u64) -> Drive {
    let client = Client::builder().base_url("http://127.0.0.1:9").credentials(InternalApp::new("key", "secret"));
    Drive::builder(&client.build().unwrap().operator(&"ada".into())).state_dir(folder).part_size(part).build()
}

async fn parts(length: u64, announced: Option<u64>, part: u64) -> Vec<Piece> {
    let folder = tempfile::tempdir().unwrap();
    let drive = drive(folder.path(), part);
    let parts = parts_of(&drive, length, announced).await;
    let left = std::fs::read_dir(folder.path().join("parts")).map_or(0, Iterator::count);
    assert_eq!(left, 0, "files have no names");
    parts
}

async fn parts_of(drive: &Drive, length: u64, announced: Option<u64>) -> Vec<Piece> {
    let mut reading = Reading::new(Box::pin(Zeros(length)), announced, "a", drive).unwrap();
    let mut parts = Vec::new();
    while let Some(part) = reading.next().await.unwrap() {
        parts.push(part);
    }
    parts
}

#[tokio::test]
async fn every_part_but_the_last_is_full_and_little_is_in_memory() {
    for announced in [None, Some(40 * MIB + 1)] {
        let parts = parts(40 * MIB + 1, announced, 2 * MIB).await;
        let sizes: Vec<u64> = parts.iter().map(Piece::length).collect();
        assert!(sizes.iter().sum::<u64>() == 40 * MIB + 1 && sizes.iter().rev().skip(1).all(|size| *size >= 2 * MIB));
        let in_memory = parts.iter().filter(|part| part.file().is_none()).map(Piece::length).sum::<u64>();
        assert!(in_memory <= MIB, "{in_memory} bytes of the last part, perhaps");
    }
    assert_eq!(parts(0, None, 2 * MIB).await.len(), 1, "nothing is a part, too");
    assert!(parts(10 * MIB, None, MIB).await.iter().all(|part| part.file().is_none()), "small ones are held");
}

fn is_held(parts: &[Piece]) -> bool {
    parts.iter().all(|part| part.file().is_none())
}

#[tokio::test]
async fn uploads_share_the_memory_and_who_finds_no_place_in_it_has_the_disk() {
    let folder = tempfile::tempdir().unwrap();
    // Of 8 MiB; five parts of 1 MiB are there at the same time.
    let drive = drive(folder.path(), MIB);
    for announced in [None, Some(6 * MIB)] {
        let one = parts_of(&drive, 6 * MIB, announced).await;
        assert!(is_held(&one));
        let small = parts_of(&drive, 2 * MIB, Some(2 * MIB)).await;
        assert!(is_held(&small), "what is small as a whole finds a place beside it");
        assert!(!is_held(&parts_of(&drive, 6 * MIB, announced).await));
        let kept = match one.last() {
            Some(Piece::Bytes(bytes)) => bytes.slice(..1),
            _ => panic!("it is in memory"),
        };
        drop(one);
        assert!(!is_held(&parts_of(&drive, 6 * MIB, announced).await), "some of it is still there");
        drop(kept);
        assert!(is_held(&parts_of(&drive, 6 * MIB, announced).await));
    }
    let none = Drive::builder(drive.client()).state_dir(folder.path()).part_size(MIB).reader_memory(0).build();
    assert!(!is_held(&parts_of(&none, 6 * MIB, None).await));
    let all = Drive::builder(drive.client()).state_dir(folder.path()).reader_memory(u64::MAX).build();
    assert!(is_held(&parts_of(&all, 48 * MIB, Some(48 * MIB)).await));
}
