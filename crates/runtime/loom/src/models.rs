//! What must hold in every order in which threads can run.

use std::time::Duration;

use loom::future::block_on;
use loom::sync::Arc;
use loom::sync::atomic::{AtomicUsize, Ordering};
use loom::thread;

use crate::budget::Budget;
use crate::departure::Departure;
use crate::sync::{Mutex, lock};
use crate::token_cache::flight::Landing;
use crate::token_cache::state::{Moment, Next, State};
use crate::window::Window;

/// Runs a model with every order of up to so many forced switches between threads; loom's own advice is 2 or 3.
fn explore(model: impl Fn() + Sync + Send + 'static) {
    let mut builder = loom::model::Builder::new();
    builder.preemption_bound = Some(3);
    builder.check(model);
}

type TestState = std::sync::Arc<State<usize, &'static str>>;

fn at(seconds: u64) -> Moment {
    Moment { monotonic: Duration::from_secs(seconds), wall: Duration::from_secs(seconds) }
}

/// Gets a token as a call does; whoever may fetch calls `fetch`.
fn token(state: &TestState, fetch: impl Fn() -> Result<usize, &'static str>) -> Result<usize, &'static str> {
    token_at(0, state, fetch)
}

fn token_at(now: u64, state: &TestState, fetch: impl Fn() -> Result<usize, &'static str>) -> Result<usize, &'static str> {
    loop {
        let waiter = match state.next(at(now)) {
            Next::Use(held) => return Ok(held.token),
            Next::UseAndFetch(..) => unreachable!("the token is new"),
            Next::Fail(error, _) => return Err(error),
            Next::Wait(waiter, _) => waiter,
            Next::Fetch(ticket, waiter) => {
                match fetch() {
                    Ok(token) => ticket.succeed(token, Some(Duration::from_secs(7200)), at(now), 0.5),
                    Err(error) => ticket.fail(error, at(now), 0.5),
                }
                waiter
            }
        };
        match block_on(waiter) {
            Landing::Done | Landing::Abandoned => {}
            Landing::Failed(error, _) => return Err(error),
        }
    }
}

/// Runs three callers, this thread among them; gives what they got.
fn three(state: &TestState, caller: impl Fn(&TestState) -> Result<usize, &'static str> + Clone + Send + 'static) -> Vec<Result<usize, &'static str>> {
    let threads: Vec<_> = (0..2)
        .map(|_| {
            let (state, caller) = (state.clone(), caller.clone());
            thread::spawn(move || caller(&state))
        })
        .collect();
    let own = caller(state);
    threads.into_iter().map(|thread| thread.join().unwrap()).chain([own]).collect()
}

#[test]
fn three_first_callers_make_one_fetch() {
    explore(|| {
        let state = State::new();
        let fetches = Arc::new(AtomicUsize::new(0));
        let counted = fetches.clone();
        let results = three(&state, move |state| token(state, || Ok(counted.fetch_add(1, Ordering::SeqCst))));
        assert_eq!(results, [Ok(0); 3]);
        assert_eq!(fetches.load(Ordering::SeqCst), 1);
    });
}

#[test]
fn three_callers_of_a_dead_server_make_one_fetch_and_share_its_failure() {
    explore(|| {
        let state = State::new();
        let fetches = Arc::new(AtomicUsize::new(0));
        let counted = fetches.clone();
        let results = three(&state, move |state| {
            token(state, || {
                counted.fetch_add(1, Ordering::SeqCst);
                Err("down")
            })
        });
        assert_eq!(results, [Err("down"); 3]);
        assert_eq!(fetches.load(Ordering::SeqCst), 1);
    });
}

#[test]
fn three_rejections_of_one_token_make_one_fetch() {
    explore(|| {
        let state: TestState = State::new();
        token(&state, || Ok(1)).unwrap();
        let Next::Use(first) = state.next(at(0)) else { unreachable!("there is a token") };
        let fetches = Arc::new(AtomicUsize::new(1));
        let counted = fetches.clone();
        let results = three(&state, move |state| {
            state.reject(first.generation, &"rejected", at(0));
            let got = token(state, || Ok(counted.fetch_add(1, Ordering::SeqCst) + 1));
            state.accept(2);
            got
        });
        assert_eq!(results, [Ok(2); 3]);
        assert_eq!(fetches.load(Ordering::SeqCst), 2);
    });
}

#[test]
fn a_leader_that_goes_away_leaves_nobody_waiting() {
    explore(|| {
        let state: TestState = State::new();
        let other = state.clone();
        let leaver = thread::spawn(move || match other.next(at(0)) {
            Next::Fetch(ticket, waiter) => {
                drop(waiter);
                drop(ticket);
            }
            next => drop(next),
        });
        assert_eq!(token(&state, || Ok(7)), Ok(7));
        leaver.join().unwrap();
    });
}

#[test]
fn a_leader_that_is_stuck_is_replaced_and_changes_nothing_when_it_comes_back() {
    explore(|| {
        let state: TestState = State::new();
        let Next::Fetch(stuck, early) = state.next(at(0)) else { unreachable!("there is no token") };
        let other = state.clone();
        let caller = thread::spawn(move || token_at(30, &other, || Ok(7)));
        let back = thread::spawn(move || stuck.succeed(1, None, at(30), 0.5));
        // It was told that the leader was given up, or that it came back in time.
        assert!(matches!(block_on(early), Landing::Abandoned | Landing::Done));
        back.join().unwrap();
        let got = caller.join().unwrap().unwrap();
        let Next::Use(held) = state.next(at(30)) else { unreachable!("there is a token") };
        assert_eq!(held.token, got);
    });
}

#[test]
fn a_waiter_that_goes_away_takes_no_wakeup_with_it() {
    explore(|| {
        let state: TestState = State::new();
        let Next::Fetch(ticket, waiter) = state.next(at(0)) else { unreachable!("there is no token") };
        let leaver = thread::spawn(move || drop(waiter));
        let other = state.clone();
        let waiting = thread::spawn(move || token(&other, || Ok(8)));
        ticket.succeed(7, None, at(0), 0.5);
        leaver.join().unwrap();
        assert_eq!(waiting.join().unwrap(), Ok(7));
    });
}

#[test]
fn no_retry_of_the_budget_is_spent_twice_and_no_reward_is_lost() {
    explore(|| {
        let budget = Arc::new(Budget::new(3));
        let capacity = 3;
        for _ in 1..capacity {
            assert!(budget.take(Duration::ZERO));
        }
        let takers: Vec<_> = (0..2)
            .map(|_| {
                let budget = budget.clone();
                thread::spawn(move || budget.take(Duration::ZERO))
            })
            .collect();
        (0..5).for_each(|_| budget.reward());
        let taken = takers.into_iter().map(|taker| taker.join().unwrap()).filter(|taken| *taken).count();
        assert_eq!(taken, 1);
        // Ten rewards make one retry, whoever ran first.
        (0..5).for_each(|_| budget.reward());
        assert!(budget.take(Duration::ZERO));
        assert!(!budget.take(Duration::ZERO));
    });
}

#[test]
fn no_more_calls_go_than_a_window_has_places() {
    explore(|| {
        let window = Arc::new(Mutex::new(Window::default()));
        let callers: Vec<_> = (0..2)
            .map(|_| {
                let window = window.clone();
                thread::spawn(move || {
                    let place = lock(&window).take(2, Duration::from_secs(1)).ok()?;
                    lock(&window).settle(place, Duration::from_secs(1));
                    Some(place)
                })
            })
            .collect();
        let own = lock(&window).take(2, Duration::from_secs(1)).ok();
        let places: Vec<_> = callers.into_iter().filter_map(|caller| caller.join().unwrap()).chain(own).collect();
        assert_eq!(places.len(), 2);
        assert!(lock(&window).take(2, Duration::from_millis(2004)).is_err());
        assert!(lock(&window).take(2, Duration::from_secs(4)).is_ok());
    });
}

#[test]
fn what_was_called_back_has_not_left_and_never_will() {
    explore(|| {
        let departure = Arc::new(Departure::new());
        let sent = Arc::new(AtomicUsize::new(0));
        // The connection may ask several times; the body leaves when it gets leave.
        let connection = {
            let (departure, sent) = (departure.clone(), sent.clone());
            thread::spawn(move || {
                for _ in 0..2 {
                    if departure.take() {
                        sent.store(1, Ordering::Release);
                    }
                }
            })
        };
        let is_withdrawn = departure.withdraw();
        let seen = sent.load(Ordering::Acquire);
        connection.join().unwrap();
        let seen_later = sent.load(Ordering::Acquire);
        if is_withdrawn {
            assert_eq!((seen, seen_later), (0, 0), "it was called back and left");
        } else {
            assert_eq!(seen_later, 1, "it was neither called back nor sent");
        }
        assert_eq!(departure.withdraw(), is_withdrawn);
    });
}
