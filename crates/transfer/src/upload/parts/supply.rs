//! Which URLs to ask for, and when: at most 30 at once, and only as many as are used before they expire.

use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

use tokio::time::Instant;

use super::size::part_size;

/// Parts that one call takes.
const BATCH: usize = 30;
/// How long URLs work where nobody says so.
pub(super) const LIFETIME: Duration = Duration::from_secs(15 * 60);
/// Bytes in a second that are counted on before any part is stored.
const EXPECTED: u64 = 512 * 1024;

/// URLs that are here or are to be asked for; `T` is those of one part.
#[derive(Debug)]
pub(super) struct Supply<T> {
    /// Parts whose URLs were never asked for.
    pending: BTreeSet<i32>,
    /// URLs that nobody has taken yet, and until when they work.
    ready: BTreeMap<i32, (T, Instant)>,
    lifetime: Duration,
    /// Time from one part to the next as last seen, once one is stored.
    pace: Option<Duration>,
    part_size: u64,
}

impl<T> Supply<T> {
    pub(super) fn new(pending: BTreeSet<i32>, part_size: u64) -> Self {
        Self { pending, ready: BTreeMap::new(), lifetime: LIFETIME, pace: None, part_size }
    }

    /// Notes how long a part took, of which so many are on their way together.
    pub(super) fn took(&mut self, time: Duration, at_once: usize) {
        self.pace = Some(time / u32::try_from(at_once.max(1)).unwrap_or(u32::MAX));
    }

    /// Takes the URLs of a part, if they are here and work.
    pub(super) fn take(&mut self, number: i32, now: Instant) -> Option<T> {
        self.ready.remove(&number).filter(|(_, until)| now < *until).map(|(urls, _)| urls)
    }

    pub(super) fn add(&mut self, number: i32, urls: T, lifetime: Option<Duration>, asked: Instant) {
        self.lifetime = lifetime.unwrap_or(LIFETIME);
        self.ready.insert(number, (urls, asked + self.lifetime));
    }

    /// A part and those that come next; one that was asked for before, with those whose URLs are too old by now.
    pub(super) fn choose(&mut self, number: i32, now: Instant) -> Vec<i32> {
        let numbers: Vec<i32> = if self.pending.contains(&number) {
            self.pending.range(number..).copied().take(self.batch()).collect()
        } else {
            let old = self.ready.iter().filter(|(_, (_, until))| *until <= now).map(|(number, _)| *number);
            std::iter::once(number).chain(old.filter(|old| *old != number)).take(BATCH).collect()
        };
        for number in &numbers {
            self.pending.remove(number);
        }
        numbers
    }

    /// As many as are used in two thirds of the time that they work; in all of it, while nobody knows how fast it is.
    fn batch(&self) -> usize {
        let milliseconds = |time: Duration| u64::try_from(time.as_millis()).unwrap_or(u64::MAX);
        let lifetime = milliseconds(self.lifetime);
        let (usable, pace) = match self.pace {
            Some(pace) => (lifetime / 3 * 2, milliseconds(pace)),
            None => (lifetime, self.part_size.saturating_mul(1_000) / EXPECTED),
        };
        usable.checked_div(pace).and_then(|parts| usize::try_from(parts).ok()).unwrap_or(BATCH).clamp(1, BATCH)
    }
}

/// Calls for the URLs of all parts of a file of known length, if each batch is used before it expires.
pub(crate) fn url_calls(length: u64, wished: u64) -> u64 {
    let part = part_size(length, wished).unwrap_or(u64::MAX);
    length.div_ceil(part).div_ceil(BATCH as u64)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Sends parts at a speed, four at a time; returns the calls, and the URLs that expired before they were used.
    async fn send(parts: i32, part_size: u64, speed: u64) -> (usize, usize) {
        const AT_ONCE: u64 = 4;
        let time = Duration::from_millis(part_size * 1_000 * AT_ONCE / speed);
        let mut supply = Supply::new((1..=parts).collect(), part_size);
        let (mut calls, mut expired) = (0, 0);
        let mut number = 1;
        while number <= parts {
            let now = Instant::now();
            let on_their_way = number..(number + 4).min(parts + 1);
            for number in on_their_way.clone() {
                expired += supply.ready.values().filter(|((), until)| *until <= now).count();
                if supply.take(number, now).is_none() {
                    calls += 1;
                    let asked = supply.choose(number, now);
                    assert!(asked.len() <= BATCH && asked.contains(&number));
                    for number in asked {
                        supply.add(number, (), Some(LIFETIME), now);
                    }
                    assert!(supply.take(number, now).is_some());
                }
            }
            tokio::time::advance(time).await;
            supply.took(time, 4);
            number = on_their_way.end;
        }
        (calls, expired)
    }

    #[tokio::test(start_paused = true)]
    async fn no_url_expires_unused_however_slow_it_is() {
        const MIB: u64 = 1 << 20;
        for part_size in [MIB / 10, MIB, 8 * MIB, 16 * MIB, 64 * MIB, 1024 * MIB, 5120 * MIB] {
            for speed in [MIB / 2, MIB, 100 * MIB] {
                let (calls, expired) = send(2_000, part_size, speed).await;
                assert_eq!(expired, 0, "{part_size} at {speed}");
                if part_size <= 8 * MIB {
                    assert_eq!(calls, 2_000_usize.div_ceil(30), "{part_size} at {speed}");
                }
            }
        }
    }

    #[tokio::test(start_paused = true)]
    async fn expired_urls_come_together_with_the_one_that_is_needed() {
        let mut supply = Supply::new((1..=100).collect(), 1 << 20);
        let now = Instant::now();
        for number in supply.choose(1, now) {
            supply.add(number, (), None, now);
        }
        assert!(supply.take(1, now).is_some());
        assert_eq!(supply.choose(1, now), [1], "who asks again gets fresh ones");
        tokio::time::advance(LIFETIME).await;
        let now = Instant::now();
        assert!(supply.take(2, now).is_none());
        assert_eq!(supply.choose(2, now), [2].into_iter().chain(3..=30).collect::<Vec<_>>());
        assert_eq!(supply.choose(99, now), [99, 100]);
    }
}
