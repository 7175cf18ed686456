//! Which element of one version is which of the other.

/// An element of the old version, of the new one, or the same in both.
pub type Pair<'a, T> = (Option<&'a T>, Option<&'a T>);

/// The elements of two versions side by side: first those that are gone, then all in the order of the new version.
///
/// `keys` is what an element is known by. Each key is tried on what those before left over, so that a thing is found
/// again when its first name changed.
pub fn pairs<'a, T>(old: &'a [T], new: &'a [T], keys: impl Fn(&T) -> Vec<String>) -> Vec<Pair<'a, T>> {
    let mut left: Vec<_> = old.iter().map(|element| (element, keys(element))).collect();
    let mut found: Vec<_> = new.iter().map(|element| (None, element, keys(element))).collect();
    let most = found.iter().map(|(_, _, keys)| keys.len()).max().unwrap_or_default();
    for key in 0..most {
        for (twin, _, keys) in found.iter_mut().filter(|(twin, ..)| twin.is_none()) {
            let wanted = keys.get(key);
            let index = left.iter().position(|(_, keys)| wanted.is_some() && keys.get(key) == wanted);
            *twin = index.map(|index| left.remove(index).0);
        }
    }
    let gone = left.into_iter().map(|(gone, _)| (Some(gone), None));
    gone.chain(found.into_iter().map(|(twin, element, _)| (twin, Some(element)))).collect()
}

/// The elements that both versions have.
pub fn kept<'a, T>(pairs: &[Pair<'a, T>]) -> impl Iterator<Item = (&'a T, &'a T)> {
    pairs.iter().filter_map(|(old, new)| old.zip(*new))
}

/// Whether those elements that count come in another order in the new version.
pub fn is_reordered<T>(pairs: &[Pair<'_, T>], counts: impl Fn(&T, &T) -> bool) -> bool {
    // Elements of a slice stand in the memory as they stand in the slice.
    let old = kept(pairs).filter(|(old, new)| counts(old, new)).map(|(old, _)| std::ptr::from_ref(old));
    !old.is_sorted()
}
