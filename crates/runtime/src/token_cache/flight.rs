//! One piece of work that any number of tasks wait for.

use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll, Waker};
use std::time::Duration;

use crate::sync::{Mutex, lock};

/// How the work ended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Landing<E> {
    /// There is a token now.
    Done,
    /// It failed, the same for all who waited; nobody may try again before the pause is over.
    Failed(E, Duration),
    /// Whoever did the work was stopped: a runtime ended, a thread panicked.
    Abandoned,
}

/// Work in progress.
pub(crate) struct Flight<E>(Mutex<Progress<E>>);

struct Progress<E> {
    landing: Option<Landing<E>>,
    wakers: Vec<Option<Waker>>,
    /// Places of `wakers` whose waiters have gone.
    free: Vec<usize>,
}

impl<E> Flight<E> {
    pub(crate) fn new() -> Arc<Self> {
        Arc::new(Self(Mutex::new(Progress { landing: None, wakers: Vec::new(), free: Vec::new() })))
    }

    /// Ends the work; only the first word counts.
    pub(crate) fn land(&self, landing: Landing<E>) {
        let wakers = {
            let mut progress = lock(&self.0);
            progress.landing.get_or_insert(landing);
            std::mem::take(&mut progress.wakers)
        };
        // Not under the lock: a waker may run the task at once.
        wakers.into_iter().flatten().for_each(Waker::wake);
    }

    pub(crate) fn wait(self: &Arc<Self>) -> Waiter<E> {
        Waiter { flight: Arc::clone(self), place: None }
    }
}

/// Waits for the end of a flight. It may be dropped at any time.
pub(crate) struct Waiter<E> {
    flight: Arc<Flight<E>>,
    place: Option<usize>,
}

impl<E> Waiter<E> {
    pub(crate) fn flight(&self) -> &Arc<Flight<E>> {
        &self.flight
    }
}

impl<E: Clone> Future for Waiter<E> {
    type Output = Landing<E>;

    fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Self::Output> {
        let flight = Arc::clone(&self.flight);
        let mut progress = lock(&flight.0);
        if let Some(landing) = &progress.landing {
            return Poll::Ready(landing.clone());
        }
        let waker = Some(context.waker().clone());
        let place = match self.place {
            Some(place) => place,
            None => progress.free.pop().unwrap_or(progress.wakers.len()),
        };
        match progress.wakers.get_mut(place) {
            Some(slot) => *slot = waker,
            None => progress.wakers.push(waker),
        }
        self.place = Some(place);
        Poll::Pending
    }
}

impl<E> Drop for Waiter<E> {
    fn drop(&mut self) {
        let Some(place) = self.place else { return };
        let mut progress = lock(&self.flight.0);
        if let Some(slot) = progress.wakers.get_mut(place) {
            *slot = None;
            progress.free.push(place);
        }
    }
}
