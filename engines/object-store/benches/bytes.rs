//! Put and get against the transfer crate, in turn, on one emulator: `cargo bench -p dingtalk-storage-object-store [-- MIB]`; and what a list costs:
//! `cargo bench -p dingtalk-storage-object-store -- list`.
//!
//! What is compared is measured in turn, round after round, because what else the machine does changes both.
#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "a program for measuring")]
#![allow(clippy::cast_precision_loss, reason = "figures need no more digits")]

use std::time::Instant;

use bytes::Bytes;
use dingtalk_storage::Client;
use dingtalk_storage::credentials::InternalApp;
use dingtalk_storage::types::ConflictStrategy;
use dingtalk_storage_emulator::{Emulator, Plan, PlannedFile, PlannedSpace};
use dingtalk_storage_object_store::DingtalkStoreBuilder;
use dingtalk_storage_transfer::Drive;
use futures_util::TryStreamExt;
use object_store::path::Path;
use object_store::{ObjectStore, ObjectStoreExt, WriteMultipart};

const ROUNDS: usize = 5;
/// Chunks that a writer gives.
const CHUNK: usize = 8 << 20;

#[tokio::main]
async fn main() {
    let mib = std::env::args().skip(1).find_map(|argument| argument.parse::<usize>().ok()).unwrap_or(1024);
    if std::env::args().any(|argument| argument == "list") {
        return list().await;
    }
    println!("{mib} MiB, seconds, {ROUNDS} rounds");
    let block: Vec<u8> = (0..mib << 20).map(|at| (at.wrapping_mul(0x9e37_79b1) >> 13).to_le_bytes()[0]).collect();
    let content = Bytes::from(block);
    let mut ratios = [Vec::new(), Vec::new(), Vec::new()];
    for round in 0..ROUNDS {
        let took = measure(&content, round % 2 == 0).await;
        println!(
            "put: transfer {:.2}, store {:.2}   multipart: transfer {:.2}, store {:.2}   get: transfer {:.2}, store {:.2}",
            took[0], took[1], took[2], took[3], took[4], took[5]
        );
        for (pair, ratios) in ratios.iter_mut().enumerate() {
            ratios.push(took[2 * pair] / took[2 * pair + 1]);
        }
    }
    let [put, multipart, get] = ratios.map(median);
    println!("put {put:.2} x, multipart {multipart:.2} x, get {get:.2} x the transfer crate (medians of the rounds)");
}

/// 100,000 files in 100 folders.
async fn list() {
    let emulator = Emulator::start().await.unwrap();
    let credentials = emulator.credentials();
    let app = InternalApp::new(credentials.app_key, credentials.app_secret);
    let client =
        Client::builder().base_url(emulator.api_url()).credentials(app).calls_per_second(None).build().unwrap();
    let client = client.operator(&credentials.users[0].union_id.as_str().into());
    let file = |number: usize| {
        let path = format!("/{:02}/{number}", number / 999);
        PlannedFile { path, text: None, from: None, size: Some(0) }
    };
    let files: Vec<_> = (0..99_900).map(file).collect();
    let plan = Plan { spaces: vec![PlannedSpace { files, ..PlannedSpace::default() }], ..Plan::default() };
    let planted = emulator.plant(&plan).await.unwrap();
    let space = planted.spaces.added.iter().chain(&planted.spaces.changed).next().unwrap();
    let store = DingtalkStoreBuilder::new().with_drive(&Drive::new(&client)).with_space(&space.as_str().into());
    let store = store.build().unwrap();
    let before = store.drive().calls().count();
    let began = Instant::now();
    let listed = store.list(None).try_fold(0, |count, _| async move { Ok(count + 1) }).await.unwrap();
    let calls = store.drive().calls().count() - before;
    println!("{listed} files in 100 folders: {calls} calls, {:.1} s", began.elapsed().as_secs_f64());
}

fn median(mut values: Vec<f64>) -> f64 {
    values.sort_by(f64::total_cmp);
    values[values.len() / 2]
}

/// Seconds: put, multipart and get, each by the transfer crate and by the store.
async fn measure(content: &Bytes, drive_first: bool) -> [f64; 6] {
    // Anew, for it has everything in memory.
    let emulator = Emulator::start().await.unwrap();
    let credentials = emulator.credentials();
    let app = InternalApp::new(credentials.app_key, credentials.app_secret);
    let client = Client::builder().base_url(emulator.api_url()).credentials(app).build().unwrap();
    let client = client.operator(&credentials.users[0].union_id.as_str().into());
    let space = client.drive_v1().add_space("Bench").send().await.unwrap().space_id;
    let state = tempfile::tempdir_in(env!("CARGO_TARGET_TMPDIR")).unwrap();
    let drive = Drive::builder(&client).state_dir(state.path()).build();
    let store = DingtalkStoreBuilder::new().with_drive(&drive).with_space(&space).build().unwrap();
    let root = drive.paths(&space).root().await.unwrap();
    let mut took = [0.0; 6];
    for step in 0..3 {
        for turn in [drive_first, !drive_first] {
            let began = Instant::now();
            match (step, turn) {
                (0, true) => drop(drive.upload(content.clone()).to(&root).name("a").send().await.unwrap()),
                (0, false) => drop(store.put(&Path::from("b"), content.clone().into()).await.unwrap()),
                (1, true) => {
                    let chunks: Vec<_> = (0..content.len()).step_by(CHUNK).map(|at| Ok(chunk(content, at))).collect();
                    let source = dingtalk_storage_transfer::Source::stream(futures_util::stream::iter(chunks));
                    let upload = drive.upload(source).to(&root).name("a").on_conflict(ConflictStrategy::Overwrite);
                    drop(upload.send().await.unwrap());
                }
                (1, false) => {
                    let upload = store.put_multipart(&Path::from("b")).await.unwrap();
                    let mut writer = WriteMultipart::new_with_chunk_size(upload, CHUNK);
                    for at in (0..content.len()).step_by(CHUNK) {
                        writer.wait_for_capacity(4).await.unwrap();
                        writer.put(chunk(content, at));
                    }
                    drop(writer.finish().await.unwrap());
                }
                (_, true) => {
                    let entry = drive.paths(&space).stat_file("/a").await.unwrap();
                    let mut bytes = drive.download(&entry).bytes_stream();
                    let mut length = 0;
                    while let Some(piece) = bytes.try_next().await.unwrap() {
                        length += piece.len();
                    }
                    assert_eq!(length, content.len());
                }
                (_, false) => {
                    let bytes = store.get(&Path::from("b")).await.unwrap().into_stream();
                    let length =
                        bytes.try_fold(0, |length, piece| async move { Ok(length + piece.len()) }).await.unwrap();
                    assert_eq!(length, content.len());
                }
            }
            took[2 * step + usize::from(!turn)] = began.elapsed().as_secs_f64();
        }
    }
    took
}

fn chunk(content: &Bytes, at: usize) -> Bytes {
    content.slice(at..(at + CHUNK).min(content.len()))
}
