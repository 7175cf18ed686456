//! Events that were handled already.

use std::collections::{HashSet, VecDeque};

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
    ids: HashSet<Box<str>>,
    order: VecDeque<Box<str>>,
}

impl Seen {
    /// Remembers so many ids, and forgets the oldest first.
    #[must_use]
    pub fn new(most: usize) -> Self {
        Self { most: most.max(1), ids: HashSet::new(), order: VecDeque::new() }
    }

    /// Whether the event was handled.
    #[must_use]
    pub fn has(&self, id: &str) -> bool {
        self.ids.contains(id)
    }

    /// Notes that the event was handled.
    pub fn add(&mut self, id: &str) {
        if !self.ids.insert(id.into()) {
            return;
        }
        self.order.push_back(id.into());
        while self.order.len() > self.most {
            if let Some(oldest) = self.order.pop_front() {
                self.ids.remove(&oldest);
            }
        }
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
