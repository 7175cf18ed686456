//! Long runs of random operations, held against a store in memory, without faults and with answers that are lost.

use std::collections::BTreeMap;
use std::time::Duration;

use dingtalk_storage_emulator::{Fault, FaultKind};
use futures_util::TryStreamExt;
use object_store::memory::InMemory;
use object_store::path::Path;
use object_store::{Error, ObjectStore, ObjectStoreExt, PutMode, Result};

use crate::stage::{Stage, path};

const PATHS: [&str; 6] = ["a", "b", "d/a", "d/b", "d/e/a", "f/a"];

struct Random(u64);

impl Random {
    fn below(&mut self, most: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        usize::try_from(self.0 % most as u64).unwrap()
    }
}

#[derive(Debug, Clone)]
enum Step {
    Put(Path, String),
    Create(Path, String),
    Copy(Path, Path, bool),
    Rename(Path, Path, bool),
    Delete(Path),
}

impl Step {
    fn random(random: &mut Random, number: usize) -> Self {
        let from = random.below(PATHS.len());
        // Another one: of a rename onto itself, the store in memory has its own opinion.
        let to = (from + 1 + random.below(PATHS.len() - 1)) % PATHS.len();
        let (from, to) = (path(PATHS[from]), path(PATHS[to]));
        match random.below(8) {
            0 | 1 => Self::Put(from, format!("put {number}")),
            2 => Self::Create(from, format!("created {number}")),
            3 => Self::Copy(from, to, false),
            4 => Self::Copy(from, to, true),
            5 => Self::Rename(from, to, false),
            6 => Self::Rename(from, to, true),
            _ => Self::Delete(from),
        }
    }

    async fn run(&self, store: &dyn ObjectStore) -> Result<()> {
        match self.clone() {
            Self::Put(to, text) => store.put(&to, text.into()).await.map(drop),
            Self::Create(to, text) => store.put_opts(&to, text.into(), PutMode::Create.into()).await.map(drop),
            Self::Copy(from, to, false) => store.copy(&from, &to).await,
            Self::Copy(from, to, true) => store.copy_if_not_exists(&from, &to).await,
            Self::Rename(from, to, false) => store.rename(&from, &to).await,
            Self::Rename(from, to, true) => store.rename_if_not_exists(&from, &to).await,
            // The store in memory does not tell whether something was there.
            Self::Delete(from) => match store.delete(&from).await {
                Err(Error::NotFound { .. }) => Ok(()),
                deleted => deleted,
            },
        }
    }
}

/// All that a store has, read as it is listed.
async fn contents(store: &dyn ObjectStore) -> BTreeMap<String, String> {
    let mut contents = BTreeMap::new();
    for meta in store.list(None).try_collect::<Vec<_>>().await.unwrap() {
        let bytes = store.get(&meta.location).await.unwrap().bytes().await.unwrap();
        assert_eq!(bytes.len() as u64, meta.size);
        contents.insert(meta.location.to_string(), String::from_utf8(bytes.to_vec()).unwrap());
    }
    contents
}

fn kind(done: &Result<()>) -> &'static str {
    match done {
        Ok(()) => "done",
        Err(Error::NotFound { .. }) => "not found",
        Err(Error::AlreadyExists { .. }) => "already exists",
        Err(_) => "failed",
    }
}

async fn run(seed: u64, freshness: Duration, fault: Option<FaultKind>) {
    println!("seed {seed}, {freshness:?}, {fault:?}");
    let stage = Stage::with(|store| store.with_freshness(freshness)).await;
    if let Some(fault) = fault {
        stage.emulator.add_fault(Fault::new(fault).with_probability(0.05, seed));
    }
    let (mut memory, mut random) = (InMemory::new(), Random(seed));
    for number in 0..60 {
        let step = Step::random(&mut random, number);
        let done = step.run(&stage.store).await;
        let before = memory.fork();
        let expected = step.run(&memory).await;
        println!("{step:?}: {} {done:?}", kind(&expected));
        let (ours, after) = (contents(&stage.store).await, contents(&memory).await);
        if kind(&done) == "failed" {
            // Nobody knows whether it was done, but it was done or not.
            if ours != after {
                assert_eq!(ours, contents(&before).await);
                memory = before;
            }
        } else {
            assert_eq!((kind(&done), ours), (kind(&expected), after));
        }
    }
}

#[tokio::test]
async fn it_is_what_a_store_in_memory_is() {
    for seed in 1..=3 {
        run(seed, Duration::ZERO, None).await;
        run(seed, Duration::from_secs(3600), None).await;
    }
}

#[tokio::test]
async fn it_is_that_where_answers_are_lost() {
    for seed in 1..=3 {
        run(seed, Duration::from_secs(3600), Some(FaultKind::ApplyThenDrop)).await;
        run(seed, Duration::from_secs(3600), Some(FaultKind::ResetBefore)).await;
    }
}
