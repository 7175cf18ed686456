//! The places of a window of time: so many calls may be counted by the server in any second.

use std::time::Duration;

/// Length of the server's window, and a little for the coarseness of clocks.
const WINDOW: Duration = Duration::from_millis(1005);
/// No request takes so much longer than another on its way to the server.
const SLACK: Duration = Duration::from_millis(500);
/// Answers after which the shortest one is a trustworthy measure.
const TRUSTED: u32 = 64;

/// One place per call that the server allows in a window.
///
/// The server counts a call at some moment between sending and answer. A place is therefore free again one
/// window after the answer at the latest, and then no window of the server, fixed or sliding, holds two
/// calls of one place. With a steady connection that wastes the time of a round trip; so once it is known how
/// short answers can be, only what an answer took longer than the shortest one is waited in addition.
///
/// Slow answers are bounded: what a call takes beyond the shortest one counts up to [`SLACK`], because it is
/// mostly the server's work after counting. A request that is still on its way there for longer than that, and
/// overtakes none, may therefore meet twenty others; the server then refuses one, and it is sent again.
#[derive(Debug)]
pub(crate) struct Window {
    /// When each place is free again.
    free_at: Vec<Duration>,
    /// The place after the one that was taken last; as a rule it has been free the longest.
    next: usize,
    /// No place is free before then, whenever it was taken or given back.
    paused_until: Duration,
    shortest: Shortest,
}

impl Window {
    pub(crate) fn new(places: usize) -> Self {
        Self {
            free_at: vec![Duration::ZERO; places],
            next: 0,
            paused_until: Duration::ZERO,
            shortest: Shortest::default(),
        }
    }

    /// Takes a place that is free, or tells when the next will be.
    pub(crate) fn take(&mut self, now: Duration) -> Result<usize, Duration> {
        if self.paused_until > now {
            return Err(self.paused_until);
        }
        let is_free = self.free_at.get(self.next).is_some_and(|free_at| *free_at <= now);
        if !is_free {
            let soonest = self.free_at.iter().enumerate().min_by_key(|(_, free_at)| **free_at);
            let Some((place, free_at)) = soonest else { return Err(Duration::MAX) };
            if *free_at > now {
                return Err(*free_at);
            }
            self.next = place;
        }
        let place = self.next;
        if let Some(free_at) = self.free_at.get_mut(place) {
            *free_at = now + SLACK + WINDOW;
        }
        self.next = (place + 1) % self.free_at.len();
        Ok(place)
    }

    /// Tells when the call of a place was sent, and when its answer came or was given up.
    pub(crate) fn settle(&mut self, place: usize, sent: Duration, answered: Duration) {
        let took = answered.saturating_sub(sent);
        let excess = took.saturating_sub(self.shortest.trusted()).min(SLACK);
        self.shortest.add(took);
        if let Some(free_at) = self.free_at.get_mut(place) {
            // Long after it was sent, the place may belong to another call already.
            *free_at = if took < WINDOW { sent + excess + WINDOW } else { (sent + excess + WINDOW).max(*free_at) };
        }
    }

    /// Gives a place back whose call was not sent.
    pub(crate) fn release(&mut self, place: usize) {
        if let Some(free_at) = self.free_at.get_mut(place) {
            *free_at = Duration::ZERO;
        }
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
    use super::*;

    #[test]
    fn a_pause_outlasts_what_becomes_of_the_calls_under_way() {
        let at = Duration::from_millis;
        let mut window = Window::new(3);
        let places = [window.take(at(0)), window.take(at(0)), window.take(at(0))];
        assert_eq!(places, [Ok(0), Ok(1), Ok(2)]);
        window.pause(at(5000));
        window.pause(at(3000));
        window.settle(0, at(0), at(100));
        window.release(1);
        assert_eq!(window.take(at(4999)), Err(at(5000)));
        assert!(window.take(at(5000)).is_ok());
    }
}
