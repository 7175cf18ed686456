//! Events that were handled already.

use std::collections::{HashSet, VecDeque};
use std::hash::{BuildHasher, RandomState};

/// Remembers the ids of the events that were handled last, for pushes come again until they are accepted.
///
/// ```
/// use dingtalk_runtime::events::Seen;
///
/// let mut seen = Seen::default();
/// assert!(!seen.has("e1"));
/// // Only once it was handled: until then it has to come again.
/// seen.add("e1");
/// assert!(seen.has("e1"));
/// ```
///
/// It is a matter of this process. Where several handle the events of one app, or one that starts again must not handle
/// an event twice, keep the ids where the handling is kept.
#[derive(Debug, Clone)]
pub struct Seen {
    most: usize,
    /// Ids as two hashes of different secrets: an id may be as long as a push, and an event that was never handled must
    /// not pass for one that was.
    ids: HashSet<Digest>,
    order: VecDeque<Digest>,
    secrets: (RandomState, RandomState),
}

type Digest = (u64, u64);

impl Seen {
    /// Remembers so many ids, and forgets the oldest first.
    #[must_use]
    pub fn new(most: usize) -> Self {
        Self { most: most.max(1), ids: HashSet::new(), order: VecDeque::new(), secrets: Default::default() }
    }

    /// Whether the event was handled.
    #[must_use]
    pub fn has(&self, id: &str) -> bool {
        self.ids.contains(&self.digest(id))
    }

    /// Notes that the event was handled.
    pub fn add(&mut self, id: &str) {
        let digest = self.digest(id);
        if !self.ids.insert(digest) {
            return;
        }
        self.order.push_back(digest);
        while self.order.len() > self.most {
            if let Some(oldest) = self.order.pop_front() {
                self.ids.remove(&oldest);
            }
        }
    }

    fn digest(&self, id: &str) -> Digest {
        (self.secrets.0.hash_one(id), self.secrets.1.hash_one(id))
    }
}

/// Remembers 10,000 ids.
impl Default for Seen {
    fn default() -> Self {
        Self::new(10_000)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_oldest_are_forgotten_first() {
        let mut seen = Seen::new(2);
        for id in ["a", "a", "b", "c"] {
            seen.add(id);
        }
        assert_eq!(["a", "b", "c"].map(|id| seen.has(id)), [false, true, true]);
    }
}
