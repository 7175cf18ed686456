//! The places of a window of time: so many calls may be counted by the server in any second.

use std::collections::VecDeque;
use std::time::Duration;

/// Length of the server's window, and a little for the coarseness of clocks.
const WINDOW: Duration = Duration::from_millis(1005);
/// No request takes so much longer than another on its way to the server.
const SLACK: Duration = Duration::from_millis(500);
/// Memory for so many places is kept when they are no longer used.
const FEW: usize = 32;
/// Answers after which the shortest one is a trustworthy measure.
const TRUSTED: u32 = 64;

/// Places for calls, as many as the server allows in a window, and no more than are in use.
///
/// The server counts a call at some moment between sending and answer. A place is therefore free again one
/// window after the answer at the latest, and then no window of the server, fixed or sliding, holds two
/// calls of one place. With a steady connection that wastes the time of a round trip; so once it is known how
/// short answers can be, only what an answer took longer than the shortest one is waited in addition.
///
/// Slow answers are bounded: what a call takes beyond the shortest one counts up to [`SLACK`], because it is
/// mostly the server's work after counting. A request that is still on its way there for longer than that, and
/// overtakes none, may therefore meet twenty others; the server then refuses one, and it is sent again.
///
/// Only places in use are kept, so that the memory follows the calls of the last second, not the rate.
#[derive(Debug, Default)]
pub(crate) struct Window {
    /// In order. A new place is always the last: no other is free so late.
    in_use: VecDeque<Place>,
    /// Tells places apart that are free at the same time.
    taken: u64,
    /// No place is free before then, whenever it was taken or given back.
    paused_until: Duration,
    shortest: Shortest,
}

/// A place in use, until it is free again.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Place {
    pub(crate) free_at: Duration,
    id: u64,
}

impl Window {
    /// Takes a place when fewer than `most` are in use, or tells when that will be.
    pub(crate) fn take(&mut self, most: u32, now: Duration) -> Result<Place, Duration> {
        if self.paused_until > now {
            return Err(self.paused_until);
        }
        while self.in_use.front().is_some_and(|place| place.free_at <= now) {
            self.in_use.pop_front();
        }
        if self.in_use.len() < self.in_use.capacity() / 4 {
            self.in_use.shrink_to(FEW.max(self.in_use.len() * 2));
        }
        // Callers may have limits of their own: one of a smaller limit waits until that many places are free.
        let too_many = self.in_use.len().checked_sub(most.max(1) as usize);
        if let Some(last) = too_many.and_then(|excess| self.in_use.get(excess)) {
            return Err(last.free_at);
        }
        self.taken += 1;
        let place = Place { free_at: now + SLACK + WINDOW, id: self.taken };
        self.put(place);
        Ok(place)
    }

    /// The call of a place is sent only now; none when the place was free in the meantime.
    pub(crate) fn begin(&mut self, place: Place, now: Duration) -> Option<Place> {
        if place.free_at <= now || !self.remove(place) {
            return None;
        }
        let place = Place { free_at: now + SLACK + WINDOW, ..place };
        self.put(place);
        Some(place)
    }

    /// Tells when the answer to the call of a place came or was given up.
    pub(crate) fn settle(&mut self, place: Place, answered: Duration) {
        let sent = place.free_at.saturating_sub(SLACK + WINDOW);
        let took = answered.saturating_sub(sent);
        let excess = took.saturating_sub(self.shortest.trusted()).min(SLACK);
        self.shortest.add(took);
        // Long after it was sent, the place is free already.
        if self.remove(place) {
            self.put(Place { free_at: sent + excess + WINDOW, ..place });
        }
    }

    /// Gives a place back whose call was not sent.
    pub(crate) fn release(&mut self, place: Place) {
        self.remove(place);
    }

    /// As a rule the place is the last one, or close to it.
    fn put(&mut self, place: Place) {
        let after = self.in_use.iter().rev().take_while(|other| **other > place).count();
        self.in_use.insert(self.in_use.len() - after, place);
    }

    /// Whether the place was in use.
    fn remove(&mut self, place: Place) -> bool {
        let index = self.in_use.iter().rposition(|other| *other <= place);
        let index = index.filter(|index| self.in_use.get(*index) == Some(&place));
        index.is_some_and(|index| self.in_use.remove(index).is_some())
    }

    /// The server counts more calls than ours: frees no place before then.
    pub(crate) fn pause(&mut self, until: Duration) {
        self.paused_until = self.paused_until.max(until);
    }

    /// Until when no place is free, whatever becomes of the calls under way.
    pub(crate) fn paused_until(&self) -> Duration {
        self.paused_until
    }

    /// How many places are in use.
    #[cfg(test)]
    fn len(&self) -> usize {
        self.in_use.len()
    }
}

/// The shortest of the last answers.
#[derive(Debug, Default)]
struct Shortest {
    /// Of the answers that are being counted, and of those before.
    current: Option<Duration>,
    previous: Option<Duration>,
    count: u32,
}

impl Shortest {
    /// Zero until enough answers were seen.
    fn trusted(&self) -> Duration {
        let previous = self.previous.unwrap_or_default();
        self.current.map_or(previous, |current| current.min(previous))
    }

    fn add(&mut self, took: Duration) {
        self.current = Some(self.current.map_or(took, |current| current.min(took)));
        self.count += 1;
        if self.count == TRUSTED {
            self.count = 0;
            self.previous = self.current.take();
        }
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "tests fail by panicking")]
    use super::*;

    fn at(milliseconds: u64) -> Duration {
        Duration::from_millis(milliseconds)
    }

    #[test]
    fn a_pause_outlasts_what_becomes_of_the_calls_under_way() {
        let mut window = Window::default();
        let [first, second, _] = [0; 3].map(|now| window.take(3, at(now)).unwrap());
        assert_eq!(window.take(3, at(0)), Err(at(1505)));
        window.pause(at(5000));
        window.pause(at(3000));
        window.settle(first, at(100));
        window.release(second);
        assert_eq!(window.take(3, at(4999)), Err(at(5000)));
        assert!(window.take(3, at(5000)).is_ok());
    }

    #[test]
    fn the_memory_follows_the_calls_and_not_the_rate() {
        let mut window = Window::default();
        for number in 0..10_000 {
            let now = at(number * 10);
            let place = window.take(u32::MAX, now).unwrap();
            window.settle(place, now);
            assert!(window.len() <= 102, "{}", window.len());
        }
    }

    #[test]
    fn callers_of_different_limits_share_the_places() {
        let mut window = Window::default();
        for now in 0..5 {
            window.take(5, at(now)).unwrap();
        }
        assert_eq!(window.take(2, at(10)), Err(at(1508)));
        assert!(window.take(6, at(10)).is_ok());
    }

    #[test]
    fn a_place_that_became_free_before_its_call_began_is_lost() {
        let mut window = Window::default();
        let place = window.take(1, at(0)).unwrap();
        let later = window.begin(place, at(1000)).unwrap();
        assert_eq!(window.take(1, at(1600)), Err(at(2505)));
        assert_eq!(window.begin(place, at(1100)), None);
        assert!(window.take(1, at(2505)).is_ok());
        assert_eq!(window.begin(later, at(2505)), None);
    }
}
