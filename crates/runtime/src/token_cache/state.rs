//! What is known about a token, and who may fetch the next one: plain decisions, without clocks or I/O.

use std::sync::Arc;
use std::time::Duration;

use super::flight::{Flight, Landing, Waiter};
use crate::sync::{Mutex, lock};

/// A token is fetched again at the earliest after so long, whatever the server says about its life.
const SHORTEST_LIFE: Duration = Duration::from_secs(60);
/// Life of a token when the server does not say, and what it says today.
const USUAL_LIFE: Duration = Duration::from_secs(2 * 3600);
/// Longer lives are not believed.
const LONGEST_LIFE: Duration = Duration::from_secs(24 * 3600);
/// Pause after the first failure; it doubles up to the longest.
const FIRST_PAUSE: Duration = Duration::from_secs(1);
const LONGEST_PAUSE: Duration = Duration::from_secs(60);
/// A source that gives no token within this time has failed.
pub(crate) const LONGEST_FETCH: Duration = Duration::from_secs(20);
/// A fetch that has not ended after so long never will by itself: the runtime that should stop it is not driven.
const STUCK: Duration = Duration::from_secs(21);
/// A token that is rejected after so long simply expired.
const FRESH: Duration = Duration::from_secs(60);
/// Rejections that are further apart have nothing to do with each other. No pause between tries is as long.
const FORGIVEN: Duration = Duration::from_secs(2 * 60);

/// The wall clock is believed where it is ahead by more than this: then the machine has slept. Less is no matter to
/// tokens, and the two clocks need not agree to the second.
const DOZE: Duration = Duration::from_secs(60);

/// A point in time by two clocks. The monotonic one stands still while the machine sleeps, the wall clock
/// may be set to anything; if it says that clearly more time has passed, it is believed.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Moment {
    pub(crate) monotonic: Duration,
    pub(crate) wall: Duration,
}

impl Moment {
    fn since(self, earlier: Self) -> Duration {
        let monotonic = self.monotonic.saturating_sub(earlier.monotonic);
        let wall = self.wall.saturating_sub(earlier.wall);
        if wall > monotonic + DOZE { wall } else { monotonic }
    }
}

/// Life of a token from what the server says about it, in seconds.
pub(crate) fn life(seconds: Option<i64>) -> Duration {
    match seconds.and_then(|seconds| u64::try_from(seconds).ok()) {
        None | Some(0) => USUAL_LIFE,
        Some(seconds) => Duration::from_secs(seconds).clamp(SHORTEST_LIFE, LONGEST_LIFE),
    }
}

/// A token in use. Its generation tells it from those before it.
#[derive(Debug, Clone)]
pub(crate) struct Held<T> {
    pub(crate) token: T,
    pub(crate) generation: u64,
    /// An earlier one was rejected, and no server has taken this one yet.
    pub(crate) is_unproven: bool,
    /// It came after a rejection and was rejected itself.
    is_doubted: bool,
    issued: Moment,
    /// None for a token that never expires.
    life: Option<Life>,
}

#[derive(Debug, Clone, Copy)]
struct Life {
    refresh_after: Duration,
    expires_after: Duration,
}

/// What a call that needs a token does.
pub(crate) enum Next<T, E> {
    /// Takes the token.
    Use(Held<T>),
    /// Takes the token and sees that the next one is fetched meanwhile.
    UseAndFetch(Held<T>, Ticket<T, E>),
    /// Fetches a token and waits for it like the others.
    Fetch(Ticket<T, E>, Waiter<E>),
    /// Waits for the token that another call fetches, but no longer than this: then the other is stuck.
    Wait(Waiter<E>, Duration),
    /// Gives up: fetching failed so short a time ago that nobody may try yet. The pause is what is left.
    Fail(E, Duration),
}

/// The token of one credential.
pub(crate) struct State<T, E>(Mutex<Inner<T, E>>);

struct Inner<T, E> {
    held: Option<Held<T>>,
    flight: Option<Departed<E>>,
    setback: Option<Setback<E>>,
    generation: u64,
    /// Rejections of fresh tokens without a good answer between them, and when the last one was.
    rejections: u32,
    rejected_at: Option<Moment>,
}

/// A fetch under way, and since when.
struct Departed<E> {
    flight: Arc<Flight<E>>,
    since: Moment,
}

impl<E> Departed<E> {
    fn patience_left(&self, now: Moment) -> Duration {
        STUCK.saturating_sub(now.since(self.since))
    }
}

impl<T, E> Inner<T, E> {
    /// Takes a flight away that will not land by itself.
    fn take_stuck(&mut self, now: Moment) -> Option<Departed<E>> {
        self.flight.take_if(|departed| departed.patience_left(now).is_zero())
    }

    /// Ends the flight, unless another one has taken its place; false then.
    fn end(&mut self, flight: &Arc<Flight<E>>) -> bool {
        self.flight.take_if(|departed| Arc::ptr_eq(&departed.flight, flight)).is_some()
    }
}

/// A failure, and when the next try is allowed.
struct Setback<E> {
    error: E,
    since: Moment,
    pause: Duration,
    in_a_row: u32,
}

impl<E> Setback<E> {
    fn pause_left(&self, now: Moment) -> Duration {
        self.pause.saturating_sub(now.since(self.since))
    }
}

impl<T: Clone, E: Clone> State<T, E> {
    pub(crate) fn new() -> Arc<Self> {
        let inner = Inner { held: None, flight: None, setback: None, generation: 0, rejections: 0, rejected_at: None };
        Arc::new(Self(Mutex::new(inner)))
    }

    /// Decides what a call does to get its token.
    pub(crate) fn next(self: &Arc<Self>, now: Moment) -> Next<T, E> {
        let mut inner = lock(&self.0);
        let stuck = inner.take_stuck(now);
        let next = self.decide(&mut inner, now);
        drop(inner);
        if let Some(stuck) = stuck {
            stuck.flight.land(Landing::Abandoned);
        }
        next
    }

    fn decide(self: &Arc<Self>, inner: &mut Inner<T, E>, now: Moment) -> Next<T, E> {
        let usable = inner
            .held
            .as_ref()
            .filter(|held| held.life.is_none_or(|life| now.since(held.issued) < life.expires_after))
            .cloned();
        let setback = inner
            .setback
            .as_ref()
            .map(|setback| (setback.pause_left(now), &setback.error))
            .filter(|(left, _)| !left.is_zero());
        // In doubt it is used as long as there can be no other: perhaps one node of the server lags behind.
        let usable = usable.filter(|held| !held.is_doubted || setback.is_some());
        if let Some(mut held) = usable {
            held.is_unproven = inner.rejections > 0;
            let is_old = held.life.is_some_and(|life| now.since(held.issued) >= life.refresh_after);
            if is_old && inner.flight.is_none() && setback.is_none() {
                let (ticket, _) = self.take_off(inner, now);
                return Next::UseAndFetch(held, ticket);
            }
            return Next::Use(held);
        }
        if let Some(departed) = &inner.flight {
            return Next::Wait(departed.flight.wait(), departed.patience_left(now));
        }
        if let Some((left, error)) = setback {
            return Next::Fail(error.clone(), left);
        }
        let (ticket, flight) = self.take_off(inner, now);
        Next::Fetch(ticket, flight.wait())
    }

    /// The token, if there is nothing to do but to take it.
    pub(crate) fn held(&self, now: Moment) -> Option<Held<T>> {
        let inner = lock(&self.0);
        let is_young = |held: &&Held<T>| held.life.is_none_or(|life| now.since(held.issued) < life.refresh_after);
        // One that came after a rejection and was not taken yet is a matter for `decide`.
        inner.held.as_ref().filter(|_| inner.rejections == 0).filter(is_young).cloned()
    }

    /// Ends a fetch that others cannot wait for any longer; what it still brings changes nothing.
    pub(crate) fn give_up(&self, waiter: &Waiter<E>) {
        if lock(&self.0).end(waiter.flight()) {
            waiter.flight().land(Landing::Abandoned);
        }
    }

    fn take_off(self: &Arc<Self>, inner: &mut Inner<T, E>, now: Moment) -> (Ticket<T, E>, Arc<Flight<E>>) {
        let flight = Flight::new();
        inner.flight = Some(Departed { flight: Arc::clone(&flight), since: now });
        (Ticket { state: Arc::clone(self), flight: Arc::clone(&flight), is_used: false }, flight)
    }

    /// Tells that the server rejected a token. Only the one in use is thrown away: a thousand calls that were
    /// rejected with the same token make one fetch.
    pub(crate) fn reject(&self, generation: u64, error: &E, now: Moment) {
        let mut inner = lock(&self.0);
        let is_in_use = |held: &Held<T>| held.generation == generation && !held.is_doubted;
        let Some(mut held) = inner.held.take_if(|held| is_in_use(held)) else { return };
        let is_fresh = now.since(held.issued) < FRESH;
        let is_pattern = is_fresh && inner.rejected_at.is_none_or(|last| now.since(last) < FORGIVEN);
        inner.rejected_at = Some(now);
        inner.rejections = if is_pattern { inner.rejections.saturating_add(1) } else { 1 };
        // The server hands out tokens that it does not take: asking faster would not help.
        if inner.rejections > 1 {
            let in_a_row = inner.rejections - 1;
            inner.setback = Some(Setback { error: error.clone(), since: now, pause: pause(in_a_row, 0.5), in_a_row });
        }
        // Once, it may be that a node has not heard of the new token yet: others take it.
        if inner.rejections == 2 {
            held.is_doubted = true;
            inner.held = Some(held);
        }
    }

    /// Tells that the server took a token.
    pub(crate) fn accept(&self, generation: u64) {
        let mut inner = lock(&self.0);
        if let Some(held) = inner.held.as_mut().filter(|held| held.generation == generation) {
            let was_doubted = std::mem::take(&mut held.is_doubted);
            inner.rejections = 0;
            if was_doubted {
                inner.setback = None;
            }
        }
    }
}

/// Pause after so many failures in a row; `jitter` between 0 and 1 spreads it.
fn pause(in_a_row: u32, jitter: f64) -> Duration {
    let doubled = FIRST_PAUSE.saturating_mul(1 << in_a_row.saturating_sub(1).min(10));
    doubled.min(LONGEST_PAUSE).mul_f64(1.0 + 0.2 * jitter)
}

/// The right and duty to fetch a token. Dropping it unused lets the next call try. It is void once its flight was
/// given up: what it brings then changes nothing.
pub(crate) struct Ticket<T, E> {
    state: Arc<State<T, E>>,
    flight: Arc<Flight<E>>,
    is_used: bool,
}

impl<T, E> Ticket<T, E> {
    /// Puts the fetched token into use. `life` is none for a token that never expires.
    pub(crate) fn succeed(mut self, token: T, life: Option<Duration>, now: Moment, jitter: f64)
    where
        E: Clone,
    {
        self.is_used = true;
        {
            let mut inner = lock(&self.state.0);
            if inner.end(&self.flight) {
                inner.generation += 1;
                let life = life.map(|life| Life {
                    refresh_after: life.mul_f64(0.8 + 0.1 * jitter),
                    expires_after: life.mul_f64(0.98),
                });
                let generation = inner.generation;
                inner.held = Some(Held { token, generation, is_unproven: false, is_doubted: false, issued: now, life });
                inner.setback = None;
            }
        }
        self.flight.land(Landing::Done);
    }

    /// Tells all who wait that it failed, and bars the next try for a while.
    pub(crate) fn fail(mut self, error: E, now: Moment, jitter: f64)
    where
        E: Clone,
    {
        self.is_used = true;
        let pause = {
            let mut inner = lock(&self.state.0);
            let in_a_row = inner.setback.as_ref().map_or(0, |setback| setback.in_a_row).saturating_add(1);
            let pause = pause(in_a_row, jitter);
            if inner.end(&self.flight) {
                inner.setback = Some(Setback { error: error.clone(), since: now, pause, in_a_row });
            }
            pause
        };
        self.flight.land(Landing::Failed(error, pause));
    }
}

impl<T, E> Drop for Ticket<T, E> {
    fn drop(&mut self) {
        if !self.is_used {
            lock(&self.state.0).end(&self.flight);
            self.flight.land(Landing::Abandoned);
        }
    }
}
