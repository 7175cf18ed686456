//! The callers that wait for a place, in the order of their coming: plain decisions, without clocks or timers.

use std::collections::BTreeMap;
use std::task::Waker;
use std::time::Duration;

use super::window::{Place, Window};

/// A place is given to whoever is first, and the caller is woken to take it. So nobody depends on another being
/// driven: in a runtime that exists but does not run, a caller keeps at most its places from others until they are
/// free again, and from then on its whole runtime is passed over until one of its callers shows up.
#[derive(Debug)]
pub(super) struct Queue<R> {
    pub(super) window: Window,
    waiting: BTreeMap<u64, Waiting<R>>,
    /// Places whose callers were woken and have not come for them yet.
    given: BTreeMap<u64, (Place, R)>,
    /// Runtimes whose callers did not come for their places.
    asleep: Vec<R>,
    next: u64,
}

#[derive(Debug)]
struct Waiting<R> {
    waker: Waker,
    most: u32,
    runtime: R,
}

/// What a caller that waits has to do.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Turn {
    /// It may go on.
    Go(Place),
    /// It is woken, and should look again by itself at this time.
    Wait(Duration),
}

/// Callers that are to be woken, outside of the lock.
#[must_use]
pub(super) struct Wakers(Vec<Waker>);

impl Wakers {
    pub(super) fn wake(self) {
        self.0.into_iter().for_each(Waker::wake);
    }
}

/// Callers behind the first look by themselves whether they were forgotten, this long after it should be their turn.
const PATIENCE: Duration = Duration::from_secs(2);

impl<R: Copy + PartialEq> Queue<R> {
    pub(super) fn new() -> Self {
        Self {
            window: Window::default(),
            waiting: BTreeMap::new(),
            given: BTreeMap::new(),
            asleep: Vec::new(),
            next: 0,
        }
    }

    /// Takes a place for a caller that comes, if nobody waits before it.
    pub(super) fn take(&mut self, most: u32, now: Duration) -> Option<Place> {
        if self.waiting.is_empty() { self.window.take(most, now).ok() } else { None }
    }

    /// A number for a caller that has to wait.
    pub(super) fn enter(&mut self) -> u64 {
        self.next += 1;
        self.next
    }

    /// A caller looks whether it is its turn.
    pub(super) fn poll(&mut self, number: u64, caller: (u32, R), waker: &Waker, now: Duration) -> (Turn, Wakers) {
        let (most, runtime) = caller;
        self.asleep.retain(|asleep| *asleep != runtime);
        if let Some((place, _)) = self.given.remove(&number)
            && let Some(place) = self.window.begin(place, now)
        {
            return (Turn::Go(place), Wakers(Vec::new()));
        }
        self.waiting.entry(number).and_modify(|waiting| waiting.waker.clone_from(waker)).or_insert_with(|| Waiting {
            waker: waker.clone(),
            most,
            runtime,
        });
        let before = self.first();
        let (given, free_at) = self.give(now);
        let mut wakers = Wakers(given);
        if let Some((place, _)) = self.given.remove(&number) {
            wakers.0.retain(|other| !other.will_wake(waker));
            wakers.0.extend(self.first_waker());
            return (Turn::Go(place), wakers);
        }
        if self.first() != before && self.first() != Some(number) {
            wakers.0.extend(self.first_waker());
        }
        (Turn::Wait(self.look_again(number, most, free_at, now)), wakers)
    }

    /// The first one waits for the place; the others for those before them, and a little longer.
    fn look_again(&self, number: u64, most: u32, free_at: Duration, now: Duration) -> Duration {
        match self.first() {
            Some(first) if first < number => {
                let seconds = (number - first) / u64::from(most.max(1));
                free_at.max(now).saturating_add(Duration::from_secs(seconds)).saturating_add(PATIENCE)
            }
            _ => free_at,
        }
    }

    /// Gives free places to those who wait, who are to be woken. Tells when the next place is free.
    fn give(&mut self, now: Duration) -> (Vec<Waker>, Duration) {
        self.take_back_forgotten(now);
        let mut woken = Vec::new();
        loop {
            let Some(first) = self.first() else { return (woken, now) };
            let Some(waiting) = self.waiting.get(&first) else { return (woken, now) };
            match self.window.take(waiting.most, now) {
                Ok(place) => {
                    self.given.insert(first, (place, waiting.runtime));
                    woken.extend(self.waiting.remove(&first).map(|waiting| waiting.waker));
                }
                Err(free_at) => return (woken, free_at),
            }
        }
    }

    /// Whoever is first minds the time when the next place is free.
    fn first_waker(&self) -> Option<Waker> {
        self.first().and_then(|first| self.waiting.get(&first)).map(|waiting| waiting.waker.clone())
    }

    /// Places that nobody came for are free again, and their callers' runtimes are passed over.
    fn take_back_forgotten(&mut self, now: Duration) {
        let asleep = &mut self.asleep;
        self.given.retain(|_, (place, runtime)| {
            let is_forgotten = place.free_at <= now;
            if is_forgotten && !asleep.contains(runtime) {
                asleep.push(*runtime);
            }
            !is_forgotten
        });
    }

    /// The first caller whose runtime is awake.
    fn first(&self) -> Option<u64> {
        self.waiting.iter().find(|(_, waiting)| !self.asleep.contains(&waiting.runtime)).map(|(number, _)| *number)
    }

    /// Something changed: a place may be free earlier than it seemed.
    pub(super) fn look(&mut self, now: Duration) -> Wakers {
        if self.waiting.is_empty() {
            return Wakers(Vec::new());
        }
        let (mut woken, _) = self.give(now);
        woken.extend(self.first_waker());
        Wakers(woken)
    }

    /// A caller has gone.
    pub(super) fn leave(&mut self, number: u64, now: Duration) -> Wakers {
        let was_first = self.first() == Some(number);
        self.waiting.remove(&number);
        match self.given.remove(&number) {
            Some((place, _)) => self.window.release(place),
            None if !was_first => return Wakers(Vec::new()),
            None => {}
        }
        self.look(now)
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "tests fail by panicking")]
    use super::*;

    fn at(milliseconds: u64) -> Duration {
        Duration::from_millis(milliseconds)
    }

    struct Case(Queue<u8>);

    impl Case {
        /// Lets a caller of a runtime come or look again; one call is allowed per window.
        fn poll(&mut self, number: u64, runtime: u8, now: u64) -> Option<Place> {
            match self.0.poll(number, (1, runtime), Waker::noop(), at(now)).0 {
                Turn::Go(place) => Some(place),
                Turn::Wait(_) => None,
            }
        }
    }

    #[test]
    fn who_comes_first_is_served_first_and_a_place_can_be_given_back() {
        let mut case = Case(Queue::new());
        let place = case.0.take(1, at(0)).unwrap();
        let [first, second, third] = [0; 3].map(|_| case.0.enter());
        for number in [first, second, third] {
            assert_eq!(case.poll(number, 0, 10), None);
        }
        assert!(case.0.take(1, at(2000)).is_none(), "somebody waits");
        case.0.window.release(place);
        case.0.look(at(20)).wake();
        assert_eq!(case.poll(second, 0, 21), None);
        // The first one was given a place and leaves without it.
        case.0.leave(first, at(22)).wake();
        assert_eq!(case.poll(third, 0, 23), None);
        assert!(case.poll(second, 0, 24).is_some());
    }

    #[test]
    fn callers_that_do_not_come_for_their_places_keep_them_once_only() {
        let mut case = Case(Queue::new());
        case.0.take(1, at(0)).unwrap();
        let numbers: Vec<u64> = (0..100).map(|_| case.0.enter()).collect();
        for number in &numbers {
            assert_eq!(case.poll(*number, 7, 10), None);
        }
        let awake = case.0.enter();
        assert_eq!(case.poll(awake, 1, 20), None);
        // The place goes to the first sleeper, is lost, and then to the one that is awake.
        assert_eq!(case.poll(awake, 1, 1505), None);
        assert!(case.poll(awake, 1, 3010).is_some());
        // Whoever wakes up waits like others, in its old order.
        assert_eq!(case.poll(numbers[1], 7, 3020), None);
        assert_eq!(case.poll(numbers[0], 7, 3020), None);
        case.0.look(at(4600)).wake();
        assert_eq!(case.poll(numbers[1], 7, 4601), None);
        assert!(case.poll(numbers[0], 7, 4602).is_some());
    }

    #[test]
    fn each_looks_for_itself_when_its_turn_is_overdue() {
        let mut case = Case(Queue::new());
        case.0.take(1, at(0)).unwrap();
        let numbers: Vec<u64> = (0..11).map(|_| case.0.enter()).collect();
        let turns: Vec<Turn> =
            numbers.iter().map(|number| case.0.poll(*number, (1, 0), Waker::noop(), at(0)).0).collect();
        assert_eq!(turns[0], Turn::Wait(at(1505)));
        assert_eq!(turns[10], Turn::Wait(at(1505 + 10_000 + 2000)));
    }
}
