//! What the servers of one emulator share.

use std::io;
use std::sync::{Arc, Mutex, MutexGuard, OnceLock, PoisonError};

use tokio::sync::mpsc::UnboundedSender;

use crate::delivery::Streams;
use crate::error::Error;
use crate::faults::{FaultKind, Faults, Side};
use crate::journal::Journal;
use crate::limits::Limiter;
use crate::options::Options;
use crate::persist::{Disk, Settlement, Store};
use crate::routes::Routes;
use crate::state::{News, World};
use crate::storage::Blobs;

/// The state of an emulator and everything that works on it.
#[derive(Debug)]
pub struct Shared {
    /// How it was started.
    pub options: Options,
    /// Seed of the ids that it began with.
    pub seed: u64,
    /// Paths of the API.
    pub routes: Routes,
    /// Bytes of files.
    pub blobs: Blobs,
    /// The database; without one, everything is in memory.
    store: Option<Store>,
    /// Address of the API, without a slash at the end.
    pub api_url: OnceLock<String>,
    /// Address of the object storage, without a slash at the end.
    pub storage_url: OnceLock<String>,
    world: Arc<Mutex<World>>,
    faults: Mutex<Faults>,
    journal: Mutex<Journal>,
    limiter: Mutex<Limiter>,
    subscriber: Mutex<Option<UnboundedSender<News>>>,
    streams: Mutex<Streams>,
}

impl Shared {
    /// The state of a new emulator, with the database that its state is written to.
    ///
    /// # Errors
    ///
    /// When there can be no thread that writes.
    pub fn new(options: Options, world: World, blobs: Blobs, disk: Option<Disk>) -> io::Result<Self> {
        let limiter = Limiter::new(options.limits);
        let seed = world.ids.seed();
        let world = Arc::new(Mutex::new(world));
        let store = disk.map(|disk| Store::start(disk, &world)).transpose()?;
        Ok(Self {
            options,
            seed,
            routes: Routes::new(),
            blobs,
            store,
            api_url: OnceLock::new(),
            storage_url: OnceLock::new(),
            world,
            faults: Mutex::default(),
            journal: Mutex::default(),
            limiter: Mutex::new(limiter),
            subscriber: Mutex::default(),
            streams: Mutex::default(),
        })
    }

    /// Everything that is remembered.
    pub fn world(&self) -> MutexGuard<'_, World> {
        lock(&self.world)
    }

    /// The faults.
    pub fn faults(&self) -> MutexGuard<'_, Faults> {
        lock(&self.faults)
    }

    /// The journal.
    pub fn journal(&self) -> MutexGuard<'_, Journal> {
        lock(&self.journal)
    }

    /// The counter of calls.
    pub fn limiter(&self) -> MutexGuard<'_, Limiter> {
        lock(&self.limiter)
    }

    /// Tickets, and news for connections.
    pub fn streams(&self) -> MutexGuard<'_, Streams> {
        lock(&self.streams)
    }

    /// Address of the API.
    pub fn api_url(&self) -> &str {
        self.api_url.get().map_or("", String::as_str)
    }

    /// Address of the object storage.
    pub fn storage_url(&self) -> &str {
        self.storage_url.get().map_or("", String::as_str)
    }

    /// The fault that hits a call, with its number.
    pub fn choose_fault(&self, operation: &str, side: Side) -> Option<(u64, FaultKind)> {
        let mut faults = self.faults();
        if faults.is_empty() { None } else { faults.choose(operation, side) }
    }

    /// Hands what has changed to the database. Called while the world is locked, so that changes are stored in order;
    /// waited for without the lock.
    pub fn settle(&self, world: &mut World) -> Settlement {
        if let Some(store) = &self.store {
            return store.settle(world.take_changes());
        }
        world.forget_changes();
        Settlement::nothing()
    }

    /// How often changes could not be written, and were undone.
    pub fn losses(&self) -> u64 {
        self.store.as_ref().map_or(0, Store::losses)
    }

    /// Why something is not on disk, with the folder that it was to be in.
    pub fn unwritten(&self, error: io::Error) -> Error {
        Error::Folder(self.options.folder.clone().unwrap_or_default(), error)
    }

    /// Waited for, everything that was settled so far is on disk.
    pub fn written(&self) -> Settlement {
        self.store.as_ref().map_or_else(Settlement::nothing, Store::written)
    }

    /// Sends news to a subscriber from now on, or to nobody.
    pub fn subscribe(&self, subscriber: Option<UnboundedSender<News>>) {
        *lock(&self.subscriber) = subscriber;
    }

    /// Sends news on its way, if anybody wants it. Called while the world is locked, so that it leaves in order.
    pub fn publish(&self, world: &mut World) {
        let news = std::mem::take(&mut world.outbox);
        if news.is_empty() {
            return;
        }
        for news in &news {
            self.streams().take(news);
        }
        if let Some(subscriber) = lock(&self.subscriber).as_ref() {
            for news in news {
                // It has ended only when the emulator is about to end as well.
                let _ = subscriber.send(news);
            }
        }
    }

    /// Drops blobs that nothing needs any more.
    pub fn drop_blobs(&self, ids: Vec<String>) {
        for id in ids {
            self.blobs.remove(&id);
        }
    }
}

/// A lock that a panic left behind is as good as any: the panic ended one request, not the emulator.
fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
