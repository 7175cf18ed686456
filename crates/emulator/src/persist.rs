//! State on disk: an embedded database that holds the rows of all tables.
//!
//! Changes are handed over in the order in which they were made, while the lock of the world is held, and written by
//! one thread. Whatever has piled up meanwhile goes into one transaction. An answer leaves when its changes are
//! written, so what a client was told is there after a `kill -9`, and what it was not told is there whole or not at all.
//!
//! What cannot be written, because the disk is full, is undone in memory too, with all that was changed since. So what is
//! refused was not done, and the next call finds what is on the disk.

use std::io;
use std::path::Path;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, mpsc};
use std::thread;

use redb::{Database, DatabaseError, ReadableTable, TableDefinition};
use tokio::sync::oneshot;

use crate::state::{Change, World};

/// Rows by table and key.
const ROWS: TableDefinition<'_, (&str, &str), &str> = TableDefinition::new("rows");

/// Name of the database in the folder of an emulator.
pub const STATE: &str = "state.redb";

/// Table and key of the number of the format.
const FORMAT: (&str, &str) = ("format", "");

/// The format that this version writes.
const VERSION: &str = "1";

/// Changes, and who waits for them.
type Batch = (Vec<Change>, oneshot::Sender<Result<(), String>>);

/// Refuses a folder that no emulator has worked in and that holds what one would take for its own and clear away.
///
/// # Errors
///
/// When it is a dump, or has files where the bytes are to be.
pub fn check_folder(folder: &Path) -> io::Result<()> {
    if folder.join(STATE).exists() {
        return Ok(());
    }
    let refuse = |reason: &str| Err(io::Error::new(io::ErrorKind::AlreadyExists, reason));
    if folder.join("state.json").exists() {
        return refuse("it is a dump, which is to be loaded into another folder or into memory");
    }
    match std::fs::read_dir(folder.join("blobs")).map(|mut files| files.next().is_some()) {
        Ok(true) => refuse("there are files in its folder blobs, and no emulator has put them there"),
        _ => Ok(()),
    }
}

/// A database that takes changes.
#[derive(Debug)]
pub struct Store {
    batches: Option<mpsc::Sender<Batch>>,
    thread: Option<thread::JoinHandle<()>>,
    losses: Arc<AtomicU64>,
}

impl Drop for Store {
    /// Waits until everything is written and the database is closed, so that it can be opened again at once.
    fn drop(&mut self) {
        self.batches = None;
        if let Some(thread) = self.thread.take() {
            // It fails only when it has panicked; then it has ended too.
            let _ = thread.join();
        }
    }
}

/// Changes on their way to the disk.
#[derive(Debug)]
#[must_use = "an answer must not leave before its changes are stored"]
pub struct Settlement(Option<oneshot::Receiver<Result<(), String>>>);

impl Settlement {
    /// Nothing is to be stored.
    pub fn nothing() -> Self {
        Self(None)
    }

    /// Whether there is nothing to wait for.
    pub fn is_nothing(&self) -> bool {
        self.0.is_none()
    }

    /// Waits until the changes are stored.
    ///
    /// # Errors
    ///
    /// When they could not be. They are undone then.
    pub async fn stored(self) -> io::Result<()> {
        let Some(stored) = self.0 else { return Ok(()) };
        let gone = |_| Err("the state could not be written to disk".to_owned());
        stored.await.unwrap_or_else(gone).map_err(io::Error::other)
    }
}

impl Store {
    /// Writes the changes of a world from now on.
    ///
    /// # Errors
    ///
    /// When there can be no thread for it.
    pub fn start(disk: Disk, world: &Arc<Mutex<World>>) -> io::Result<Self> {
        let (batches, received) = mpsc::channel();
        let losses = Arc::new(AtomicU64::new(0));
        lock(world).remember();
        let writer = Writer { disk, world: world.clone(), losses: losses.clone() };
        let thread =
            thread::Builder::new().name("emulator-store".to_owned()).spawn(move || writer.write_all(&received))?;
        Ok(Self { batches: Some(batches), thread: Some(thread), losses })
    }

    /// Hands changes over. Called while the lock of the world is held, so that they come in order.
    pub fn settle(&self, changes: Vec<Change>) -> Settlement {
        if changes.is_empty() { Settlement(None) } else { self.send(changes) }
    }

    /// Waits for everything that was handed over before.
    pub fn written(&self) -> Settlement {
        self.send(Vec::new())
    }

    /// How often changes could not be written.
    pub fn losses(&self) -> u64 {
        self.losses.load(Ordering::Acquire)
    }

    fn send(&self, changes: Vec<Change>) -> Settlement {
        let (done, stored) = oneshot::channel();
        // When the thread is gone, `stored` fails, which is how the caller learns of it.
        drop(self.batches.as_ref().map(|batches| batches.send((changes, done))));
        Settlement(Some(stored))
    }
}

/// The file of the database. After an error it is closed, and opened again for the next changes: a disk that was full
/// has room again one day.
pub struct Disk {
    open: Box<dyn Fn() -> Result<Database, DatabaseError> + Send>,
    database: Option<Database>,
}

impl Disk {
    /// Opens a database, or makes one, and reads it into a world. Returns whether there was anything in it.
    ///
    /// # Errors
    ///
    /// When the database cannot be opened, or was written by another version.
    pub fn open(file: &Path, world: &mut World) -> io::Result<(Self, bool)> {
        let file = file.to_owned();
        Self::open_with(Box::new(move || Database::create(&file)), world)
    }

    fn open_with(
        open: Box<dyn Fn() -> Result<Database, DatabaseError> + Send>,
        world: &mut World,
    ) -> io::Result<(Self, bool)> {
        let database = open().map_err(io::Error::other)?;
        let found = read(&database, world)?;
        Ok((Self { open, database: Some(database) }, found))
    }

    fn write<'a>(&mut self, changes: impl Iterator<Item = &'a Change>) -> Result<(), redb::Error> {
        let database = match self.database.take() {
            Some(database) => database,
            None => (self.open)()?,
        };
        write(&database, changes)?;
        self.database = Some(database);
        Ok(())
    }
}

/// What the thread of a store works with.
struct Writer {
    disk: Disk,
    world: Arc<Mutex<World>>,
    losses: Arc<AtomicU64>,
}

impl Writer {
    fn write_all(mut self, batches: &mpsc::Receiver<Batch>) {
        while let Ok(first) = batches.recv() {
            let together: Vec<Batch> = std::iter::once(first).chain(batches.try_iter()).collect();
            let mut changes = together.iter().flat_map(|(changes, _)| changes).peekable();
            let written = if changes.peek().is_some() { self.disk.write(changes) } else { Ok(()) };
            match written {
                Ok(()) => tell(together, &Ok(())),
                Err(error) => self.undo(together, batches, &error),
            }
        }
    }

    /// Takes back what could not be written, and what was changed since on the ground of it: nothing of it was told to
    /// anybody.
    fn undo(&self, mut lost: Vec<Batch>, batches: &mpsc::Receiver<Batch>, error: &redb::Error) {
        // Changes are handed over under this lock, so that none can come in between.
        let mut world = lock(&self.world);
        lost.extend(batches.try_iter());
        world.undo(lost.iter().flat_map(|(changes, _)| changes).rev());
        self.losses.fetch_add(1, Ordering::AcqRel);
        drop(world);
        tell(lost, &Err(format!("the state could not be written to disk: {error}")));
    }
}

fn tell(batches: Vec<Batch>, outcome: &Result<(), String>) {
    for (_, done) in batches {
        // Who no longer waits has closed the connection.
        let _ = done.send(outcome.clone());
    }
}

fn lock(world: &Mutex<World>) -> MutexGuard<'_, World> {
    world.lock().unwrap_or_else(PoisonError::into_inner)
}

fn read(database: &Database, world: &mut World) -> io::Result<bool> {
    let transaction = database.begin_write().map_err(io::Error::other)?;
    let mut rows = Vec::new();
    {
        let mut table = transaction.open_table(ROWS).map_err(io::Error::other)?;
        for row in table.iter().map_err(io::Error::other)? {
            let (key, value) = row.map_err(io::Error::other)?;
            let (name, key) = key.value();
            rows.push((name.to_owned(), key.to_owned(), value.value().to_owned()));
        }
        if rows.is_empty() {
            table.insert(FORMAT, VERSION).map_err(io::Error::other)?;
        }
    }
    transaction.commit().map_err(io::Error::other)?;
    let format = rows.iter().find(|(name, ..)| name == FORMAT.0);
    match format {
        None => return Ok(false),
        Some((.., version)) if version != VERSION => {
            let reason = format!("it has the format {version}, and this version reads {VERSION}");
            return Err(io::Error::new(io::ErrorKind::InvalidData, reason));
        }
        Some(_) => {}
    }
    let restored = rows.iter().map(|(name, key, value)| (name.as_str(), key.as_str(), value.as_str()));
    world.restore(restored.filter(|(name, ..)| *name != FORMAT.0))?;
    // What was restored counts as changed, but it comes from the database.
    world.forget_changes();
    Ok(rows.len() > 1)
}

fn write<'a>(database: &Database, changes: impl Iterator<Item = &'a Change>) -> Result<(), redb::Error> {
    let transaction = database.begin_write()?;
    {
        let mut table = transaction.open_table(ROWS)?;
        for change in changes {
            let key = (change.table, change.key.as_str());
            match &change.value {
                Some(value) => drop(table.insert(key, value.as_str())?),
                None => drop(table.remove(key)?),
            }
        }
    }
    transaction.commit()?;
    Ok(())
}
