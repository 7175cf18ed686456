//! Lists of entries: complete, in order, and as fast in a large folder as in a small one.

#![allow(clippy::unwrap_used, reason = "a failed unwrap is a failed test")]

use std::collections::BTreeMap;
use std::time::{Duration, Instant};

use super::{Entries, Entry, EntryId, EntryKind, Position, SortField, SpaceId};
use crate::clock::Time;

const SPACE: SpaceId = SpaceId(1);
const ROOT: EntryId = EntryId(1);

fn entry(id: u64, parent: Option<EntryId>) -> Entry {
    // Times and sizes repeat, so that an order by them has to fall back on the id.
    let time = Time(i64::try_from(id % 1000).unwrap());
    Entry {
        id: EntryId(id),
        uuid: format!("uuid{id}"),
        space: SPACE,
        parent,
        kind: if parent.is_some() { EntryKind::File } else { EntryKind::Folder },
        name: format!("file {:06}", id * 7919 % 1_000_003),
        creator: String::new(),
        modifier: String::new(),
        created: time,
        modified: time,
        size: id % 97,
        version: 1,
        properties: BTreeMap::new(),
        breaks_inheritance: false,
        deleted: false,
    }
}

fn folder(size: u64) -> Entries {
    let mut entries = Entries::new();
    entries.insert(entry(ROOT.0, None));
    for id in 2..size + 2 {
        entries.insert(entry(id, Some(ROOT)));
    }
    entries
}

fn walk(entries: &Entries, field: SortField, descending: bool, page: usize) -> Vec<EntryId> {
    let mut found = Vec::new();
    let mut behind: Option<Position> = None;
    loop {
        let rows = entries.list(ROOT, field, descending, behind.as_ref(), page);
        let Some((last, _)) = rows.last() else { return found };
        behind = Some(last.clone());
        found.extend(rows.iter().map(|(_, entry)| entry.id));
    }
}

#[test]
fn pages_hold_every_entry_once_in_each_order() {
    let entries = folder(1234);
    for field in [SortField::Modified, SortField::Created, SortField::Name, SortField::Size] {
        let ascending = walk(&entries, field, false, 50);
        let mut descending = walk(&entries, field, true, 7);
        descending.reverse();
        assert_eq!(ascending, descending);
        let mut sorted = ascending.clone();
        sorted.sort_by_key(|id| {
            let entry = entries.get(*id).unwrap();
            match field {
                SortField::Name => (0, entry.name.clone(), *id),
                SortField::Size => (i64::try_from(entry.size).unwrap(), String::new(), *id),
                SortField::Modified | SortField::Created => (entry.modified.0, String::new(), *id),
            }
        });
        assert_eq!(ascending, sorted, "{field:?}");
        assert_eq!(ascending.len(), 1234);
    }
}

#[test]
fn a_change_moves_an_entry_in_its_orders_and_deleting_takes_it_out() {
    let mut entries = folder(10);
    let moved = EntryId(5);
    entries.change(moved, |entry| {
        entry.modified = Time(5000);
        entry.name = "zzz".to_owned();
    });
    assert_eq!(walk(&entries, SortField::Modified, true, 3).first(), Some(&moved));
    assert_eq!(walk(&entries, SortField::Name, false, 3).last(), Some(&moved));
    assert_eq!(entries.by_name(ROOT, "zzz").map(|entry| entry.id), Some(moved));
    entries.change(moved, |entry| entry.deleted = true);
    assert_eq!(walk(&entries, SortField::Modified, true, 3).len(), 9);
    assert!(entries.by_name(ROOT, "zzz").is_none() && entries.by_uuid("uuid5").is_none());
    entries.index();
    assert_eq!(walk(&entries, SortField::Size, true, 3).len(), 9, "the same when the indexes are made anew");
}

/// The quickest of several walks through the middle of a folder, a hundred pages each.
fn pages_in_the_middle(entries: &Entries) -> Duration {
    let start = walk(entries, SortField::Name, false, 50).len() / 2;
    let middle = entries.list(ROOT, SortField::Name, false, None, start).pop().unwrap().0;
    let walk = || {
        let clock = Instant::now();
        for _ in 0..100 {
            assert_eq!(entries.list(ROOT, SortField::Name, true, Some(&middle), 50).len(), 50);
        }
        clock.elapsed()
    };
    (0..5).map(|_| walk()).min().unwrap()
}

#[test]
fn a_hundred_thousand_entries_list_as_fast_as_a_hundred() {
    let small = pages_in_the_middle(&folder(200));
    let large = pages_in_the_middle(&folder(100_000));
    // Looking at every entry would take five hundred times as long.
    assert!(large < small * 20, "{large:?} in a large folder, {small:?} in a small one");
}
