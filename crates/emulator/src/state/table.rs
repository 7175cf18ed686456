//! A table of the emulator's state: rows in the order of their keys, and a note of which have changed.

use std::collections::BTreeMap;
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
    /// The row before, where changes can be undone; no value when there was none.
    pub before: Option<String>,
}

/// What keys and rows of a table can do.
pub trait Stored: Clone + Debug + Serialize + DeserializeOwned {}
impl<T: Clone + Debug + Serialize + DeserializeOwned> Stored for T {}

/// Rows by key. Every change is noted, so that persistence needs no help of the code that makes it.
#[derive(Debug, Clone)]
pub struct Table<K, V> {
    name: &'static str,
    rows: BTreeMap<K, V>,
    /// The keys of rows that have changed, with the rows as they were if that is remembered.
    changed: BTreeMap<K, Option<V>>,
    remembers: bool,
}

impl<K: Ord + Stored, V: Stored> Table<K, V> {
    /// An empty table. Its name is what it is called in the database.
    pub fn new(name: &'static str) -> Self {
        Self { name, rows: BTreeMap::new(), changed: BTreeMap::new(), remembers: false }
    }

    /// A row.
    pub fn get(&self, key: &K) -> Option<&V> {
        self.rows.get(key)
    }

    /// A row, to be changed.
    pub fn get_mut(&mut self, key: &K) -> Option<&mut V> {
        self.note(key);
        self.rows.get_mut(key)
    }

    /// Adds or replaces a row; returns the one before.
    pub fn insert(&mut self, key: K, row: V) -> Option<V> {
        self.note(&key);
        self.rows.insert(key, row)
    }

    /// Takes a row away.
    pub fn remove(&mut self, key: &K) -> Option<V> {
        self.note(key);
        self.rows.remove(key)
    }

    /// Notes that a row is about to change.
    fn note(&mut self, key: &K) {
        if !self.changed.contains_key(key) {
            let before = if self.remembers { self.rows.get(key).cloned() } else { None };
            self.changed.insert(key.clone(), before);
        }
    }

    /// Takes away the rows that are not to be kept.
    pub fn retain(&mut self, keep: impl Fn(&V) -> bool) {
        let gone: Vec<K> = self.rows.iter().filter(|(_, row)| !keep(row)).map(|(key, _)| key.clone()).collect();
        for key in gone {
            self.remove(&key);
        }
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
    /// From now on, what changes can be undone.
    fn remember(&mut self);
    /// Puts a row back as it was before it changed; that is no change.
    fn undo(&mut self, key: &str, before: Option<&str>) -> Result<(), serde_json::Error>;
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
        for (key, before) in std::mem::take(&mut self.changed) {
            into.push(change(self.name, &key, self.rows.get(&key), before.as_ref()));
        }
    }

    fn remember(&mut self) {
        self.remembers = true;
    }

    fn undo(&mut self, key: &str, before: Option<&str>) -> Result<(), serde_json::Error> {
        let key = serde_json::from_str(key)?;
        match before {
            Some(row) => drop(self.rows.insert(key, serde_json::from_str(row)?)),
            None => drop(self.rows.remove(&key)),
        }
        Ok(())
    }

    fn forget_changes(&mut self) {
        self.changed.clear();
    }

    fn all_rows(&self, into: &mut Vec<Change>) {
        into.extend(self.rows.iter().map(|(key, row)| change(self.name, key, Some(row), None)));
    }

    fn restore(&mut self, key: &str, value: &str) -> Result<(), serde_json::Error> {
        self.insert(serde_json::from_str(key)?, serde_json::from_str(value)?);
        Ok(())
    }

    fn clear(&mut self) {
        self.retain(|_| false);
    }
}

fn change<K: Stored, V: Stored>(table: &'static str, key: &K, row: Option<&V>, before: Option<&V>) -> Change {
    let text = |value: Result<String, serde_json::Error>| value.unwrap_or_default();
    let row_text = |row: &V| text(serde_json::to_string(row));
    Change { table, key: text(serde_json::to_string(key)), value: row.map(row_text), before: before.map(row_text) }
}
