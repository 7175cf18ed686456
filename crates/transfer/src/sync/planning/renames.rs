//! Files that have moved on one side, and are to move on the other.

use std::collections::BTreeSet;

use super::grouped;
use crate::sync::compare::Comparer;
use crate::sync::differences::{Differences, Gone, Task};
use crate::sync::plan::{Action, Item, PlannedEntry, SyncDirection};

/// Takes out of what is new and what is gone all that has only moved: of the same size and time, with a checksum that
/// is known to be the same. What nobody has written a checksum beside is transferred.
pub(super) async fn find(compare: &Comparer, found: &mut Differences) -> Vec<Item> {
    let key = |size: u64, modified: Option<i64>| modified.filter(|_| size > 0).map(|modified| (size, modified));
    let gone = found.gone.iter().enumerate().filter_map(|(at, gone)| {
        let file = gone.file.as_ref()?;
        Some((key(file.size, file.modified)?, at))
    });
    let mut gone = grouped(gone);
    let (mut taken, mut vacated, mut moves) = (BTreeSet::new(), BTreeSet::new(), Vec::new());
    for (number, task) in found.new.iter().enumerate() {
        let Some(key) = key(task.source.size, task.source.modified) else { continue };
        let Some(candidates) = gone.get_mut(&key) else { continue };
        for place in 0..candidates.len() {
            let Some(at) = candidates.get(place).copied() else { break };
            let Some(before) = found.gone.get(at) else { continue };
            if is_same(compare, task, before).await {
                candidates.remove(place);
                taken.insert(number);
                vacated.insert(at);
                moves.push(item(compare.direction, task, before));
                break;
            }
        }
    }
    retain(&mut found.new, &taken);
    retain(&mut found.gone, &vacated);
    moves
}

fn retain<T>(items: &mut Vec<T>, without: &BTreeSet<usize>) {
    let mut number = 0;
    items.retain(|_| {
        number += 1;
        !without.contains(&(number - 1))
    });
}

/// What cannot be read here is not known to be the same: whether it can be transferred is found out when it is.
async fn is_same(compare: &Comparer, task: &Task, before: &Gone) -> bool {
    let (there, here) = match compare.direction {
        SyncDirection::Up => (before.file.as_ref(), &task.local),
        SyncDirection::Down => (Some(&task.source), &before.local),
    };
    match there.and_then(super::super::tree::File::known_crc64) {
        Some(crc) => compare.crc_here(here).await.is_ok_and(|here| here == crc),
        None => false,
    }
}

fn item(direction: SyncDirection, task: &Task, before: &Gone) -> Item {
    let (local, from, replaces, entry) = match direction {
        SyncDirection::Up => (None, before.path.clone(), None, before.entry.as_ref()),
        SyncDirection::Down => {
            let facts = (task.source.size, task.source.modified.unwrap_or(0));
            (Some(task.local.clone()), before.local.clone(), Some(facts), None)
        }
    };
    Item {
        local,
        from: Some(from),
        folder: Some(task.folder.clone()),
        entry: entry.map(PlannedEntry::of),
        size: task.source.size,
        modified: task.source.modified,
        replaces,
        ..Item::new(Action::Move, task.path.clone(), task.name.clone())
    }
}
