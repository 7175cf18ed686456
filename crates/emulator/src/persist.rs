//! State on disk: an embedded database that holds the rows of all tables.
//!
//! Changes are handed over in the order in which they were made, while the lock of the world is held, and written by
//! one thread. Whatever has piled up meanwhile goes into one transaction. An answer leaves when its changes are
//! written, so what a client was told is there after a `kill -9`, and what it was not told is there whole or not at all.

use std::io;
use std::path::Path;
use std::sync::mpsc;
use std::thread;

use redb::{Database, ReadableTable, TableDefinition};
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
type Batch = (Vec<Change>, oneshot::Sender<()>);

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
pub struct Settlement(Option<oneshot::Receiver<()>>);

impl Settlement {
    /// Nothing is to be stored.
    pub fn nothing() -> Self {
        Self(None)
    }

    /// Waits until the changes are stored.
    ///
    /// # Errors
    ///
    /// When they could not be.
    pub async fn stored(self) -> io::Result<()> {
        match self.0 {
            None => Ok(()),
            Some(stored) => stored.await.map_err(|_| io::Error::other("the state could not be written to disk")),
        }
    }
}

impl Store {
    /// Opens a database, or makes one, and reads it into a world. Returns whether there was anything in it.
    ///
    /// # Errors
    ///
    /// When the database cannot be opened, or was written by another version.
    pub fn open(file: &Path, world: &mut World) -> io::Result<(Self, bool)> {
        let database = Database::create(file).map_err(io::Error::other)?;
        let found = read(&database, world)?;
        let (batches, received) = mpsc::channel();
        let thread = thread::Builder::new()
            .name("emulator-store".to_owned())
            .spawn(move || write_all(&database, &received))
            .map_err(io::Error::other)?;
        Ok((Self { batches: Some(batches), thread: Some(thread) }, found))
    }

    /// Hands changes over. Called while the lock of the world is held, so that they come in order.
    pub fn settle(&self, changes: Vec<Change>) -> Settlement {
        if changes.is_empty() { Settlement(None) } else { self.send(changes) }
    }

    /// Waits for everything that was handed over before.
    pub fn written(&self) -> Settlement {
        self.send(Vec::new())
    }

    fn send(&self, changes: Vec<Change>) -> Settlement {
        let (done, stored) = oneshot::channel();
        // When the thread is gone, `stored` fails, which is how the caller learns of it.
        drop(self.batches.as_ref().map(|batches| batches.send((changes, done))));
        Settlement(Some(stored))
    }
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

fn write_all(database: &Database, batches: &mpsc::Receiver<Batch>) {
    while let Ok(first) = batches.recv() {
        let together: Vec<Batch> = std::iter::once(first).chain(batches.try_iter()).collect();
        let mut changes = together.iter().flat_map(|(changes, _)| changes).peekable();
        if changes.peek().is_some() && write(database, changes).is_err() {
            // Dropping the senders tells everybody that waits, and every later change finds nobody.
            return;
        }
        for (_, done) in together {
            // Who no longer waits has closed the connection.
            let _ = done.send(());
        }
    }
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
