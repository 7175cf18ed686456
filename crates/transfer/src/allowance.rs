//! How many bytes may be transferred in all.

use std::sync::{Arc, Mutex, PoisonError};

use crate::Error;

/// Bytes that may still be transferred; clones share them.
#[derive(Debug, Clone)]
pub(crate) struct Allowance {
    most: Option<u64>,
    used: Arc<Mutex<u64>>,
}

/// Bytes that are set aside for a transfer. What was not moved is given back when it is dropped.
#[derive(Debug)]
pub(crate) struct SetAside {
    allowance: Allowance,
    bytes: u64,
    moved: u64,
}

impl Allowance {
    pub(crate) fn new(most: Option<u64>) -> Self {
        Self { most, used: Arc::default() }
    }

    /// Sets bytes aside for a transfer; fails if there are not as many left. Where nobody knows how many it will be, they
    /// are asked for as they come, by [`SetAside::need`].
    pub(crate) fn set_aside(&self, name: &str, bytes: u64) -> Result<SetAside, Error> {
        let mut aside = SetAside { allowance: self.clone(), bytes: 0, moved: 0 };
        aside.need(name, bytes).map(|()| aside)
    }
}

impl SetAside {
    /// Needs so many bytes in all.
    pub(crate) fn need(&mut self, name: &str, bytes: u64) -> Result<(), Error> {
        let more = bytes.saturating_sub(self.bytes);
        let mut used = self.allowance.used.lock().unwrap_or_else(PoisonError::into_inner);
        let after = used.saturating_add(more);
        if let Some(most) = self.allowance.most.filter(|most| after > *most) {
            return Err(Error::TooManyBytes { name: name.to_owned(), bytes, left: most.saturating_sub(*used), most });
        }
        *used = after;
        self.bytes += more;
        Ok(())
    }

    /// So many of them were moved; the others may be by somebody else.
    pub(crate) fn moved(&mut self, bytes: u64) {
        self.moved = bytes;
    }
}

impl Drop for SetAside {
    fn drop(&mut self) {
        let mut used = self.allowance.used.lock().unwrap_or_else(PoisonError::into_inner);
        *used = used.saturating_sub(self.bytes.saturating_sub(self.moved));
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "tests fail by panicking")]
mod tests {
    use super::*;

    #[test]
    fn bytes_are_set_aside_once_and_those_not_moved_come_back() {
        let allowance = Allowance::new(Some(100));
        let mut one = allowance.set_aside("one", 60).unwrap();
        assert!(matches!(allowance.set_aside("two", 41), Err(Error::TooManyBytes { left: 40, most: 100, .. })));
        let mut grows = allowance.set_aside("grows", 0).unwrap();
        grows.need("grows", 30).unwrap();
        assert!(grows.need("grows", 41).is_err());
        drop(grows);
        one.moved(10);
        drop(one);
        allowance.set_aside("three", 90).unwrap().moved(90);
        assert!(allowance.set_aside("four", 1).is_err());
        drop(Allowance::new(None).set_aside("all", u64::MAX).unwrap());
    }
}
