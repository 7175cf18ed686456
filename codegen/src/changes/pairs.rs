//! Which element of one version is which of the other.

use super::log::Log;
use super::{Change, Kind};

/// What an element is known by: a key, or none.
pub type Key<'k, T> = &'k dyn Fn(&T) -> Option<String>;

/// The elements of two versions side by side: first those that are gone, then all in the order of the new version.
///
/// Each key is tried on what the keys before left over, so that a thing is found again when its first name changed.
pub fn pairs<'a, T>(old: &'a [T], new: &'a [T], keys: &[Key<'_, T>]) -> Vec<(Option<&'a T>, Option<&'a T>)> {
    let mut left: Vec<&T> = old.iter().collect();
    let mut found: Vec<(Option<&T>, Option<&T>)> = new.iter().map(|element| (None, Some(element))).collect();
    for key in keys {
        for (twin, element) in found.iter_mut().filter(|(twin, _)| twin.is_none()) {
            let wanted = element.and_then(key);
            let index = left.iter().position(|other| wanted.is_some() && key(other) == wanted);
            *twin = index.map(|index| left.remove(index));
        }
    }
    left.into_iter().map(|gone| (Some(gone), None)).chain(found).collect()
}

/// The elements that both versions have.
pub fn kept<'a, T>(pairs: &[(Option<&'a T>, Option<&'a T>)]) -> Vec<(&'a T, &'a T)> {
    pairs.iter().filter_map(|(old, new)| old.zip(*new)).collect()
}

/// Whether elements of one slice, in the order of the new version, stand in another order there.
pub fn is_reordered<T>(old: &[&T]) -> bool {
    // Elements of a slice stand in the memory as they stand in the slice.
    !old.is_sorted_by_key(|element| std::ptr::from_ref(*element))
}

/// Changes of things that stand for themselves; `subject` is what one is called.
pub fn subjects<T>(
    pairs: &[(Option<&T>, Option<&T>)],
    subject: impl Fn(&T) -> String,
    compare: impl Fn(&mut Log, &T, &T),
) -> Vec<Change> {
    let mut changes = Vec::new();
    for (old, new) in pairs {
        let Some(known) = old.or(*new) else { continue };
        let mut log = Log::new(subject(known));
        match (old, new) {
            (Some(old), Some(new)) => compare(&mut log, old, new),
            (None, _) => log.add(Kind::Added, "", "added"),
            (_, None) => log.add(Kind::Removed, "", "removed"),
        }
        changes.extend(log.finish());
    }
    changes
}
