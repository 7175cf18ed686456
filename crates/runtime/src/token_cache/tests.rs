//! The decisions about a token, by the clock.
#![allow(clippy::panic, reason = "tests fail by panicking")]

use std::sync::Arc;
use std::time::Duration;

use super::state::{Held, Moment, Next, State, Ticket, life};

const TWO_HOURS: Duration = Duration::from_secs(2 * 3600);
const A_DAY: Duration = Duration::from_secs(24 * 3600);

type TestState = Arc<State<&'static str, &'static str>>;

/// So many seconds by both clocks.
fn at(seconds: u64) -> Moment {
    Moment { monotonic: Duration::from_secs(seconds), wall: Duration::from_secs(1_000_000 + seconds) }
}

fn ticket(state: &TestState, now: Moment) -> Ticket<&'static str, &'static str> {
    match state.next(now) {
        Next::Fetch(ticket, _) => ticket,
        other => panic!("expected a fetch, got {}", name(&other)),
    }
}

fn token(state: &TestState, now: Moment) -> Held<&'static str> {
    match state.next(now) {
        Next::Use(held) => held,
        other => panic!("expected a token, got {}", name(&other)),
    }
}

fn name(next: &Next<&'static str, &'static str>) -> String {
    match next {
        Next::Use(held) => format!("use {}", held.token),
        Next::UseAndFetch(held, _) => format!("use {} and fetch", held.token),
        Next::Fetch(..) => "fetch".to_owned(),
        Next::Wait(..) => "wait".to_owned(),
        Next::Fail(error, pause) => format!("fail with {error} for {} s", pause.as_secs()),
    }
}

fn holding(life: Duration) -> TestState {
    let state = State::new();
    ticket(&state, at(0)).succeed("first", Some(life), at(0), 0.5);
    state
}

#[test]
fn lives_are_sane_whatever_the_server_says() {
    let cases = [
        (None, 7200),
        (Some(0), 7200),
        (Some(-1), 7200),
        (Some(i64::MIN), 7200),
        (Some(3), 60),
        (Some(7200), 7200),
        (Some(i64::MAX), 86_400),
        (Some(1_000_000_000_000_000_000), 86_400),
    ];
    for (seconds, expected) in cases {
        assert_eq!(life(seconds), Duration::from_secs(expected), "{seconds:?}");
    }
}

#[test]
fn the_next_token_is_fetched_by_one_caller_while_the_old_one_is_used() {
    for (jitter, early, late) in [(0.0, 5759, 5760), (1.0, 6479, 6480)] {
        let state = State::new();
        ticket(&state, at(0)).succeed("first", Some(TWO_HOURS), at(0), jitter);
        assert_eq!(name(&state.next(at(early))), "use first");
        let Next::UseAndFetch(_, ticket) = state.next(at(late)) else { panic!("nobody fetches") };
        assert_eq!(name(&state.next(at(late))), "use first");
        ticket.succeed("second", Some(TWO_HOURS), at(late), jitter);
        assert_eq!(name(&state.next(at(late))), "use second");
    }
}

#[test]
fn a_failed_early_fetch_leaves_the_old_token_in_use() {
    let state = holding(TWO_HOURS);
    let Next::UseAndFetch(_, ticket) = state.next(at(6500)) else { panic!("nobody fetches") };
    ticket.fail("down", at(6500), 0.0);
    assert_eq!(name(&state.next(at(6500))), "use first");
    assert_eq!(name(&state.next(at(6501))), "use first and fetch");
}

#[test]
fn one_caller_tries_in_each_growing_pause_and_the_others_get_the_same_failure() {
    let state: TestState = State::new();
    let mut now = 0;
    for pause in [1, 2, 4, 8, 16, 32, 60, 60] {
        let ticket = ticket(&state, at(now));
        assert_eq!(name(&state.next(at(now))), "wait");
        ticket.fail("down", at(now), 0.0);
        assert_eq!(name(&state.next(at(now))), format!("fail with down for {pause} s"));
        assert_eq!(name(&state.next(at(now + pause - 1))), "fail with down for 1 s");
        now += pause;
    }
    ticket(&state, at(now)).succeed("first", None, at(now), 0.0);
    assert_eq!(name(&state.next(at(now))), "use first");
}

#[test]
fn a_thousand_rejections_of_one_token_make_one_fetch() {
    let state = holding(TWO_HOURS);
    let generation = token(&state, at(100)).generation;
    for _ in 0..1000 {
        state.reject(generation, &"rejected", at(100));
    }
    ticket(&state, at(100)).succeed("second", Some(TWO_HOURS), at(101), 0.5);
    // Calls that were still under way with the first token come back now.
    for _ in 0..1000 {
        state.reject(generation, &"rejected", at(101));
    }
    assert_eq!(name(&state.next(at(101))), "use second");
}

#[test]
fn a_server_that_rejects_its_own_new_tokens_is_asked_less_and_less() {
    let state = holding(TWO_HOURS);
    let mut fetches = 0;
    for second in 100..200 {
        match state.next(at(second)) {
            Next::Use(held) => state.reject(held.generation, &"rejected", at(second)),
            Next::Fetch(ticket, _) => {
                fetches += 1;
                ticket.succeed("another", Some(TWO_HOURS), at(second), 0.5);
            }
            Next::Fail(..) => {}
            other => panic!("unexpected: {}", name(&other)),
        }
    }
    assert!((2..=8).contains(&fetches), "{fetches} fetches in 100 seconds");
}

#[test]
fn a_rejection_long_after_an_earlier_one_is_no_pattern() {
    let state = holding(A_DAY);
    for hour in 1..5 {
        let now = at(hour * 3600);
        state.reject(token(&state, now).generation, &"rejected", now);
        ticket(&state, now).succeed("next", Some(A_DAY), now, 0.5);
    }
}

#[test]
fn a_new_token_that_is_rejected_once_stays_in_use_until_there_may_be_another() {
    let state = holding(TWO_HOURS);
    state.reject(token(&state, at(100)).generation, &"rejected", at(100));
    ticket(&state, at(100)).succeed("second", Some(TWO_HOURS), at(100), 0.5);
    let second = token(&state, at(100));
    assert!(second.is_unproven);
    for _ in 0..1000 {
        state.reject(second.generation, &"rejected", at(100));
        assert_eq!(name(&state.next(at(101))), "use second");
    }
    // Somebody takes it after all.
    state.accept(second.generation);
    assert_eq!(name(&state.next(at(3000))), "use second");
    assert!(!token(&state, at(3000)).is_unproven);
    // Nobody does.
    state.reject(second.generation, &"rejected", at(3001));
    ticket(&state, at(3001)).succeed("third", Some(TWO_HOURS), at(3001), 0.5);
    state.reject(token(&state, at(3001)).generation, &"rejected", at(3001));
    assert_eq!(name(&state.next(at(3002))), "use third");
    ticket(&state, at(3003)).succeed("fourth", Some(TWO_HOURS), at(3003), 0.5);
    state.reject(token(&state, at(3003)).generation, &"rejected", at(3003));
    assert_eq!(name(&state.next(at(3004))), "fail with rejected for 1 s");
}

#[test]
fn an_accepted_token_forgives_the_rejections_before_it() {
    let state = holding(TWO_HOURS);
    for second in 0..20 {
        let held = token(&state, at(second));
        state.reject(held.generation, &"rejected", at(second));
        ticket(&state, at(second)).succeed("next", Some(TWO_HOURS), at(second), 0.5);
        state.accept(token(&state, at(second)).generation);
    }
}

#[test]
fn whichever_clock_says_that_more_time_has_passed_is_believed() {
    let state = holding(TWO_HOURS);
    let (hour, year) = (Duration::from_secs(3600), Duration::from_secs(24 * 365 * 3600));
    let start = at(0);
    let slept = Moment { monotonic: start.monotonic, wall: start.wall + 3 * hour };
    assert_eq!(name(&state.next(slept)), "fetch");
    let set_back = Moment { monotonic: hour, wall: Duration::ZERO };
    assert_eq!(name(&state.next(set_back)), "use first");
    let set_forward = Moment { monotonic: hour, wall: start.wall + year };
    ticket(&state, set_forward).succeed("second", Some(TWO_HOURS), set_forward, 0.5);
    assert_eq!(name(&state.next(set_forward)), "use second");
    let set_back_again = Moment { monotonic: hour + hour / 2, wall: start.wall };
    assert_eq!(name(&state.next(set_back_again)), "use second");
}

#[test]
fn a_wall_clock_that_runs_a_little_ahead_shortens_no_pause() {
    let state: TestState = State::new();
    ticket(&state, at(0)).fail("no", at(0), 0.0);
    let ahead = |wall: u64| Moment { wall: at(0).wall + Duration::from_secs(wall), ..at(0) };
    assert!(name(&state.next(ahead(30))).starts_with("fail with no"));
    // The machine slept through the pause.
    assert_eq!(name(&state.next(ahead(90))), "fetch");
}

#[test]
fn a_ticket_that_is_dropped_lets_the_next_caller_fetch() {
    let state: TestState = State::new();
    drop(ticket(&state, at(0)));
    assert_eq!(name(&state.next(at(0))), "fetch");
}

#[test]
fn a_fetch_that_does_not_end_is_given_up_and_its_late_end_changes_nothing() {
    let late_ends: [fn(Ticket<&'static str, &'static str>); 3] = [
        |ticket| ticket.succeed("late", Some(TWO_HOURS), at(22), 0.5),
        |ticket| ticket.fail("late", at(22), 0.5),
        |ticket| drop(ticket),
    ];
    for end_late in late_ends {
        let state: TestState = State::new();
        let stuck = ticket(&state, at(0));
        assert_eq!(name(&state.next(at(20))), "wait");
        let second = ticket(&state, at(21));
        end_late(stuck);
        assert_eq!(name(&state.next(at(22))), "wait");
        second.succeed("second", Some(TWO_HOURS), at(22), 0.5);
        assert_eq!(name(&state.next(at(22))), "use second");
    }
}

#[test]
fn an_early_fetch_that_does_not_end_is_begun_again_while_the_old_token_is_used() {
    let state = holding(TWO_HOURS);
    let Next::UseAndFetch(_, stuck) = state.next(at(6500)) else { panic!("nobody fetches") };
    assert_eq!(name(&state.next(at(6520))), "use first");
    let Next::UseAndFetch(_, second) = state.next(at(6521)) else { panic!("nobody fetches again") };
    second.succeed("second", Some(TWO_HOURS), at(6522), 0.5);
    stuck.succeed("late", Some(TWO_HOURS), at(6523), 0.5);
    assert_eq!(name(&state.next(at(6523))), "use second");
}

#[test]
fn who_waits_knows_how_long_it_may_be_worth_it() {
    let state: TestState = State::new();
    let _stuck = ticket(&state, at(0));
    let Next::Wait(_, patience) = state.next(at(15)) else { panic!("nobody waits") };
    assert_eq!(patience, Duration::from_secs(6));
}

#[test]
fn a_lasting_token_is_never_fetched_again() {
    let state: TestState = State::new();
    ticket(&state, at(0)).succeed("only", None, at(0), 0.5);
    assert_eq!(name(&state.next(at(1_000_000_000))), "use only");
}
