//! The places of a window of time: so many calls may be counted by the server in any second.

use std::collections::VecDeque;
use std::time::Duration;

/// Length of the server's window, and a little for the coarseness of clocks.
const WINDOW: Duration = Duration::from_millis(1005);
/// No request takes so much longer than another on its way to the server.
const SLACK: Duration = Duration::from_millis(500);
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
/// Places that are free in the same millisecond are counted together, so that the memory has a bound, whatever the rate.
#[derive(Debug, Default)]
pub(crate) struct Window {
    /// In order of time.
    in_use: VecDeque<Bunch>,
    /// How many places these are.
    count: usize,
    /// No place is free before then, whenever it was taken or given back.
    paused_until: Duration,
    shortest: Shortest,
}

/// A place in use, until it is free again.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Place {
    /// A whole millisecond.
    pub(crate) free_at: Duration,
}

/// Places that are free at the same time. Which is whose makes no difference.
#[derive(Debug)]
struct Bunch {
    free_at: Duration,
    count: usize,
}

impl Window {
    /// Takes a place when fewer than `most` are in use, or tells when that will be.
    pub(crate) fn take(&mut self, most: u32, now: Duration) -> Result<Place, Duration> {
        if self.paused_until > now {
            return Err(self.paused_until);
        }
        while let Some(bunch) = self.in_use.front().filter(|bunch| bunch.free_at <= now) {
            self.count -= bunch.count;
            self.in_use.pop_front();
        }
        // Callers may have limits of their own: one of a smaller limit waits until that many places are free.
        if let Some(mut excess) = self.count.checked_sub(most.max(1) as usize) {
            for bunch in &self.in_use {
                match excess.checked_sub(bunch.count) {
                    Some(left) => excess = left,
                    None => return Err(bunch.free_at),
                }
            }
        }
        Ok(self.put(now + SLACK + WINDOW))
    }

    /// The call of a place is sent only now; none when the place was free in the meantime.
    pub(crate) fn begin(&mut self, place: Place, now: Duration) -> Option<Place> {
        if place.free_at <= now || !self.remove(place) {
            return None;
        }
        Some(self.put(now + SLACK + WINDOW))
    }

    /// Tells when the answer to the call of a place came or was given up.
    pub(crate) fn settle(&mut self, place: Place, answered: Duration) {
        let sent = place.free_at.saturating_sub(SLACK + WINDOW);
        let took = answered.saturating_sub(sent);
        let excess = took.saturating_sub(self.shortest.trusted()).min(SLACK);
        self.shortest.add(took);
        // Long after it was sent, the place is free already.
        if self.remove(place) {
            self.put(sent + excess + WINDOW);
        }
    }

    /// Gives a place back whose call was not sent.
    pub(crate) fn release(&mut self, place: Place) {
        self.remove(place);
    }

    /// Puts a place in use until then, or a little later.
    fn put(&mut self, free_at: Duration) -> Place {
        let free_at = whole_milliseconds(free_at);
        self.count += 1;
        match self.find(free_at) {
            Ok(index) => {
                if let Some(bunch) = self.in_use.get_mut(index) {
                    bunch.count += 1;
                }
            }
            Err(index) => self.in_use.insert(index, Bunch { free_at, count: 1 }),
        }
        Place { free_at }
    }

    /// Whether the place was in use.
    fn remove(&mut self, place: Place) -> bool {
        let Ok(index) = self.find(place.free_at) else { return false };
        let Some(bunch) = self.in_use.get_mut(index) else { return false };
        bunch.count -= 1;
        if bunch.count == 0 {
            self.in_use.remove(index);
        }
        self.count -= 1;
        true
    }

    /// Where the bunch of a time is, or has to go.
    fn find(&self, free_at: Duration) -> Result<usize, usize> {
        self.in_use.binary_search_by_key(&free_at, |bunch| bunch.free_at)
    }

    /// The server counts more calls than ours: frees no place before then.
    pub(crate) fn pause(&mut self, until: Duration) {
        self.paused_until = self.paused_until.max(until);
    }

    /// Until when no place is free, whatever becomes of the calls under way.
    pub(crate) fn paused_until(&self) -> Duration {
        self.paused_until
    }
}

/// The first whole millisecond that is not before a time.
fn whole_milliseconds(time: Duration) -> Duration {
    const MILLISECOND: u32 = 1_000_000;
    let above = time.subsec_nanos() % MILLISECOND;
    if above == 0 { time } else { time + Duration::from_nanos((MILLISECOND - above).into()) }
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
    fn the_memory_is_bounded_whatever_the_rate() {
        let mut window = Window::default();
        for number in 0..1_000_000 {
            let now = Duration::from_micros(number * 5);
            let place = window.take(u32::MAX, now).unwrap();
            if number % 3 == 0 {
                window.settle(place, now + Duration::from_micros(number % 700));
            }
            assert!(window.in_use.len() <= 1507, "{}", window.in_use.len());
        }
        assert!(window.count > 200_000, "{}", window.count);
        assert_eq!(window.count, window.in_use.iter().map(|bunch| bunch.count).sum::<usize>());
        window.take(1, at(10_000)).unwrap();
        assert_eq!((window.count, window.in_use.len()), (1, 1));
    }

    #[test]
    fn places_of_the_same_time_are_given_back_one_by_one() {
        let mut window = Window::default();
        let places = [0; 3].map(|_| window.take(3, at(0)).unwrap());
        assert_eq!(window.take(3, at(1)), Err(at(1505)));
        window.release(places[1]);
        assert!(window.take(3, at(1)).is_ok());
        assert_eq!(window.take(3, at(1)), Err(at(1505)));
        window.release(places[0]);
        window.release(places[2]);
        // What is no longer in use gives nothing back.
        window.release(places[2]);
        assert_eq!(window.count, 1);
    }

    #[test]
    fn no_place_is_free_before_its_time() {
        let mut window = Window::default();
        window.take(1, Duration::from_nanos(1)).unwrap();
        assert_eq!(window.take(1, Duration::from_nanos(1_505_000_001)), Err(at(1506)));
        assert!(window.take(1, at(1506)).is_ok());
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
