//! A table of the emulator's state: rows in the order of their keys, and a note of which have changed.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Debug;
use std::ops::RangeBounds;

use serde::Serialize;
use serde::de::DeserializeOwned;

/// A row that has changed: its key and its new value, as JSON; no value when it is gone.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Change {
    /// Name of the table.
    pub table: &'static str,
    /// Key of the row.
    pub key: String,
    /// The row.
    pub value: Option<String>,
}

/// What keys and rows of a table can do.
pub trait Stored: Clone + Debug + Serialize + DeserializeOwned {}
impl<T: Clone + Debug + Serialize + DeserializeOwned> Stored for T {}

/// Rows by key. Every change is noted, so that persistence needs no help of the code that makes it.
#[derive(Debug, Clone)]
pub struct Table<K, V> {
    name: &'static str,
    rows: BTreeMap<K, V>,
    changed: BTreeSet<K>,
}

impl<K: Ord + Stored, V: Stored> Table<K, V> {
    /// An empty table. Its name is what it is called in the database.
    pub fn new(name: &'static str) -> Self {
        Self { name, rows: BTreeMap::new(), changed: BTreeSet::new() }
    }

    /// A row.
    pub fn get(&self, key: &K) -> Option<&V> {
        self.rows.get(key)
    }

    /// A row, to be changed.
    pub fn get_mut(&mut self, key: &K) -> Option<&mut V> {
        let row = self.rows.get_mut(key)?;
        self.changed.insert(key.clone());
        Some(row)
    }

    /// Adds or replaces a row; returns the one before.
    pub fn insert(&mut self, key: K, row: V) -> Option<V> {
        self.changed.insert(key.clone());
        self.rows.insert(key, row)
    }

    /// Takes a row away.
    pub fn remove(&mut self, key: &K) -> Option<V> {
        let row = self.rows.remove(key)?;
        self.changed.insert(key.clone());
        Some(row)
    }

    /// Takes away the rows that are not to be kept.
    pub fn retain(&mut self, keep: impl Fn(&V) -> bool) {
        let changed = &mut self.changed;
        self.rows.retain(|key, row| {
            let kept = keep(row);
            if !kept {
                changed.insert(key.clone());
            }
            kept
        });
    }

    /// Whether there is such a row.
    pub fn contains(&self, key: &K) -> bool {
        self.rows.contains_key(key)
    }

    /// All rows in the order of their keys.
    pub fn iter(&self) -> impl DoubleEndedIterator<Item = (&K, &V)> {
        self.rows.iter()
    }

    /// The rows of a range of keys.
    pub fn range(&self, keys: impl RangeBounds<K>) -> impl DoubleEndedIterator<Item = (&K, &V)> {
        self.rows.range(keys)
    }

    /// Whether there is no row.
    pub fn is_empty(&self) -> bool {
        self.rows.is_empty()
    }
}

/// What persistence asks of every table.
pub trait Persistent {
    /// Its name in the database.
    fn name(&self) -> &'static str;
    /// Hands over what has changed since the last time.
    fn take_changes(&mut self, into: &mut Vec<Change>);
    /// Forgets what has changed.
    fn forget_changes(&mut self);
    /// Hands over all rows.
    fn all_rows(&self, into: &mut Vec<Change>);
    /// Takes a row that was stored before; it counts as changed.
    fn restore(&mut self, key: &str, value: &str) -> Result<(), serde_json::Error>;
    /// Forgets all rows, and that they were there.
    fn clear(&mut self);
}

impl<K: Ord + Stored, V: Stored> Persistent for Table<K, V> {
    fn name(&self) -> &'static str {
        self.name
    }

    fn take_changes(&mut self, into: &mut Vec<Change>) {
        for key in std::mem::take(&mut self.changed) {
            into.push(change(self.name, &key, self.rows.get(&key)));
        }
    }

    fn forget_changes(&mut self) {
        self.changed.clear();
    }

    fn all_rows(&self, into: &mut Vec<Change>) {
        into.extend(self.rows.iter().map(|(key, row)| change(self.name, key, Some(row))));
    }

    fn restore(&mut self, key: &str, value: &str) -> Result<(), serde_json::Error> {
        self.insert(serde_json::from_str(key)?, serde_json::from_str(value)?);
        Ok(())
    }

    fn clear(&mut self) {
        self.changed.extend(self.rows.keys().cloned());
        self.rows.clear();
    }
}

fn change<K: Stored, V: Stored>(table: &'static str, key: &K, row: Option<&V>) -> Change {
    let text = |value: Result<String, serde_json::Error>| value.unwrap_or_default();
    Change { table, key: text(serde_json::to_string(key)), value: row.map(|row| text(serde_json::to_string(row))) }
}
