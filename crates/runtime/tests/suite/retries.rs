//! When calls are sent again, how long they wait, and when they give up.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::{Duration, SystemTime};

use dingtalk_runtime::{Backoff, Client, Error, ErrorClass, ErrorKind, Never, Phase, RetryPolicy};
use tokio::task::JoinSet;
use tokio::time::Instant;

use crate::support::*;

/// A server that gives these answers in turn and then good ones.
pub async fn in_turn(plans: Vec<Plan>) -> Server {
    let plans = Mutex::new(plans.into_iter());
    Server::start(move |_| plans.lock().unwrap().next().unwrap_or_else(|| json(200, GOOD))).await
}

/// Seconds that a call takes against these answers.
async fn seconds(plans: Vec<Plan>) -> (Result<Thing, Error>, f64) {
    let server = in_turn(plans).await;
    let client: Client = bare(&server).build().unwrap();
    let started = Instant::now();
    let result = request(&client, &WRITE).send().await;
    (result, started.elapsed().as_secs_f64())
}

fn throttled(headers: &str) -> Plan {
    answer(403, headers, THROTTLED)
}

#[tokio::test(start_paused = true)]
async fn a_throttled_write_waits_for_the_next_second() {
    for _ in 0..200 {
        let (result, took) = seconds(vec![throttled("")]).await;
        result.unwrap();
        assert!((1.0..1.51).contains(&took), "{took}");
    }
}

#[tokio::test(start_paused = true)]
async fn retry_after_is_honoured_in_every_form() {
    let http_date = |after: u64| {
        let date = SystemTime::now() + Duration::from_secs(after);
        format!("Retry-After: {}\r\n", httpdate(date))
    };
    let cases = [
        ("Retry-After: 7\r\n".to_owned(), 7.0, 7.01),
        ("Retry-After: 0\r\n".to_owned(), 1.0, 1.51),
        // A date has whole seconds.
        (http_date(30), 28.9, 30.01),
        ("Retry-After: Sun, 06 Nov 1994 08:49:37 GMT\r\n".to_owned(), 1.0, 1.51),
        ("Retry-After: soon\r\n".to_owned(), 1.0, 1.51),
        ("Retry-After: -5\r\n".to_owned(), 1.0, 1.51),
        ("Retry-After: 1e3\r\n".to_owned(), 1.0, 1.51),
    ];
    for (header, least, most) in cases {
        let (result, took) = seconds(vec![throttled(&header)]).await;
        result.unwrap();
        assert!((least..most).contains(&took), "{header:?}: {took}");
    }
}

/// A date as headers write it.
fn httpdate(date: SystemTime) -> String {
    const MONTHS: [&str; 12] = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];
    let seconds = date.duration_since(SystemTime::UNIX_EPOCH).unwrap().as_secs();
    let (mut days, mut year) = (seconds / 86_400, 1970);
    let leap = |year: u64| year.is_multiple_of(4) && (!year.is_multiple_of(100) || year.is_multiple_of(400));
    while days >= 365 + u64::from(leap(year)) {
        days -= 365 + u64::from(leap(year));
        year += 1;
    }
    let mut month = 0;
    let lengths = [31, 28 + u64::from(leap(year)), 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];
    while days >= lengths[month] {
        days -= lengths[month];
        month += 1;
    }
    let (hour, minute, second) = (seconds / 3600 % 24, seconds / 60 % 60, seconds % 60);
    format!("Mon, {:02} {} {year} {hour:02}:{minute:02}:{second:02} GMT", days + 1, MONTHS[month])
}

#[tokio::test(start_paused = true)]
async fn retry_after_is_honoured_in_an_outage() {
    let server = in_turn(vec![answer(503, "Retry-After: 7\r\n", "")]).await;
    let client: Client = bare(&server).build().unwrap();
    let started = Instant::now();
    request(&client, &READ).send::<Thing>().await.unwrap();
    let took = started.elapsed().as_secs_f64();
    assert!((7.0..7.01).contains(&took), "{took}");
}

#[tokio::test(start_paused = true)]
async fn a_pause_that_does_not_fit_is_not_begun() {
    for header in ["Retry-After: 91\r\n", "Retry-After: 1000000000000\r\n"] {
        let (result, took) = seconds(vec![throttled(header)]).await;
        let error = result.unwrap_err();
        assert!(took < 0.05, "{took}");
        assert_eq!((error.class(), error.attempts()), (ErrorClass::Throttled, 1));
        assert!(error.retry_after().unwrap() >= Duration::from_secs(91), "{error}");
    }
}

#[tokio::test(start_paused = true)]
async fn pauses_grow_and_are_spread() {
    let policy = Backoff::attempts(99);
    for attempt in 1..=6_u32 {
        let bound = 0.4 * f64::from(1 << (attempt - 1));
        let mut bins = [0_usize; 10];
        for _ in 0..10_000 {
            let pause = policy.pause(&failure(attempt).await).unwrap().as_secs_f64();
            assert!((0.1 * bound..=bound).contains(&pause), "attempt {attempt}: {pause}");
            let place = (pause / bound - 0.1) / 0.9 * 10.0;
            #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "between 0 and 10")]
            let bin = (place as usize).min(9);
            bins[bin] += 1;
        }
        assert!(bins.iter().all(|count| (700..1300).contains(count)), "attempt {attempt}: {bins:?}");
    }
}

/// A failure after so many attempts.
async fn failure(attempts: u32) -> Error {
    static FAILURES: Mutex<Vec<Error>> = Mutex::new(Vec::new());
    let known = |attempts: usize| FAILURES.lock().unwrap().get(attempts).cloned();
    let place = attempts as usize - 1;
    while known(place).is_none() {
        let server = Server::start(|_| json(500, "")).await;
        let client: Client = bare(&server).build().unwrap();
        let next = u32::try_from(FAILURES.lock().unwrap().len() + 1).unwrap();
        let error = request(&client, &READ)
            .send::<Thing>()
            .retry(Backoff::attempts(next))
            .timeout(Duration::from_secs(9 * 3600))
            .await
            .unwrap_err();
        FAILURES.lock().unwrap().push(error);
    }
    known(place).unwrap()
}

/// A policy that would send everything again at once.
#[derive(Debug)]
struct Reckless;

impl RetryPolicy for Reckless {
    fn pause(&self, failure: &Error) -> Option<Duration> {
        (failure.attempts() < 10).then_some(Duration::ZERO)
    }
}

#[tokio::test(start_paused = true)]
async fn no_policy_can_send_a_write_of_unknown_outcome_again() {
    let lost = || Plan::Answer(vec![Step::Close]);
    let server = in_turn((0..10).map(|_| lost()).collect()).await;
    let client: Client = bare(&server).retry(Reckless).build().unwrap();
    let error = request(&client, &WRITE).send::<Thing>().await.unwrap_err();
    assert_eq!((error.kind(), error.phase(), error.attempts()), (ErrorKind::OutcomeUnknown, Phase::Unknown, 1));
    assert!(!error.is_retryable());
    assert_eq!(server.received().len(), 1);
    let error = request(&client, &READ).send::<Thing>().retry(Reckless).await;
    assert!(error.is_ok(), "{error:?}");
    assert_eq!(server.received().len(), 11);
}

#[tokio::test(start_paused = true)]
async fn settings_of_a_call_go_before_those_of_the_client() {
    let server = Server::start(|_| json(503, "")).await;
    let client: Client = bare(&server).retry(Backoff::attempts(2)).build().unwrap();
    let attempts = async |call: dingtalk_runtime::Call<Thing>| call.await.unwrap_err().attempts();
    assert_eq!(attempts(request(&client, &READ).send()).await, 2);
    assert_eq!(attempts(request(&client, &READ).send().retry(Backoff::attempts(3))).await, 3);
    assert_eq!(attempts(request(&client, &READ).send().retry(Never)).await, 1);
    assert_eq!(attempts(request(&client, &READ).send().once()).await, 1);
}

#[tokio::test(start_paused = true)]
async fn an_outage_sees_hardly_more_than_the_calls_themselves() {
    let start = Instant::now();
    let down = Duration::from_secs(40);
    let server = Server::start(move |_| if start.elapsed() < down { json(503, "") } else { json(200, GOOD) }).await;
    let limit = std::num::NonZeroU32::new(200);
    let client: Client = bare(&server).calls_per_second(limit).build().unwrap();
    let calls = Arc::new(AtomicUsize::new(0));
    let mut tasks = JoinSet::new();
    for task in 0..1000 {
        let (client, calls) = (client.clone(), Arc::clone(&calls));
        tasks.spawn(async move {
            tokio::time::sleep(Duration::from_millis(4 * task)).await;
            while start.elapsed() < down {
                calls.fetch_add(1, Ordering::SeqCst);
                let _ = request(&client, &READ).send::<Thing>().await;
                tokio::time::sleep(Duration::from_secs(20)).await;
            }
        });
    }
    tasks.join_all().await;
    let (calls, attempts) = (calls.load(Ordering::SeqCst), server.received().len());
    assert!(calls >= 2000, "{calls}");
    assert!(attempts * 100 <= calls * 110, "{attempts} attempts of {calls} calls");
    // The server is back, and so is the client.
    for _ in 0..100 {
        request(&client, &READ).send::<Thing>().await.unwrap();
    }
}

#[tokio::test(start_paused = true)]
async fn a_burst_into_an_outage_sees_hardly_more_than_the_calls_themselves() {
    let server = Server::start(|_| json(503, "")).await;
    let limit = std::num::NonZeroU32::new(200);
    let client: Client = bare(&server).calls_per_second(limit).build().unwrap();
    let mut tasks = JoinSet::new();
    for _ in 0..1000 {
        tasks.spawn(request(&client, &READ).send::<Thing>());
    }
    tasks.join_all().await;
    let attempts = server.received().len();
    assert!((1000..=1100).contains(&attempts), "{attempts} attempts of 1000 calls");
}

#[tokio::test(start_paused = true)]
async fn the_budget_of_retries_can_be_set() {
    for (retries, attempts) in [(0, 10), (5, 15)] {
        let server = Server::start(|_| json(503, "")).await;
        let client: Client = bare(&server).retry_budget(retries).build().unwrap();
        let mut tasks = JoinSet::new();
        for _ in 0..10 {
            tasks.spawn(request(&client, &READ).send::<Thing>());
        }
        tasks.join_all().await;
        assert_eq!(server.received().len(), attempts);
    }
}

#[tokio::test(start_paused = true)]
async fn bounds_of_an_answer_can_be_set_for_a_call() {
    let server = Server::start(|_| json(200, GOOD)).await;
    let client: Client = bare(&server).build().unwrap();
    let error = request(&client, &READ).send::<Thing>().largest_answer(GOOD.len() - 1).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Answer);
    let head = Step::Send(b"HTTP/1.1 200 OK\r\nContent-Length: 90\r\n\r\n{".to_vec());
    let server = in_turn(vec![Plan::Answer(vec![head, Step::Stall])]).await;
    let client: Client = bare(&server).build().unwrap();
    let started = Instant::now();
    request(&client, &READ).send::<Thing>().stall_timeout(Duration::from_secs(2)).await.unwrap();
    assert!(started.elapsed() < Duration::from_millis(2450), "{:?}", started.elapsed());
}

#[tokio::test(start_paused = true)]
async fn deadlines_are_kept_wherever_the_time_goes() {
    let limit = Duration::from_secs(2);
    let head = "HTTP/1.1 200 OK\r\nContent-Length: 90\r\n\r\n";
    let send = |text: &str| Step::Send(text.as_bytes().to_vec());
    let cases = [
        ("no answer", vec![Step::Stall], Phase::Unknown),
        ("a stalled head", vec![send("HTTP/1.1 200"), Step::Stall], Phase::Unknown),
        ("a stalled body", vec![send(head), send("{"), Step::Stall], Phase::Unknown),
        (
            "a dripping body",
            vec![send(head), send("{"), Step::Wait(limit * 3 / 4), send("}"), Step::Stall],
            Phase::Unknown,
        ),
        (
            "a pause",
            vec![send(std::str::from_utf8(&bytes(403, "Retry-After: 1\r\n", THROTTLED)).unwrap())],
            Phase::Refused,
        ),
    ];
    for (name, steps, phase) in cases {
        let server = Server::start(move |_| Plan::Answer(steps.clone())).await;
        let client: Client = bare(&server).build().unwrap();
        let started = Instant::now();
        let error = request(&client, &WRITE).send::<Thing>().timeout(limit).await.unwrap_err();
        let took = started.elapsed();
        assert!(took <= limit + Duration::from_millis(50), "{name}: {took:?}");
        assert_eq!(error.phase(), phase, "{name}: {error}");
    }
}

#[tokio::test(start_paused = true)]
async fn an_attempt_has_a_deadline_of_its_own_and_a_stalled_answer_is_noticed_sooner() {
    let send = |text: &str| Step::Send(text.as_bytes().to_vec());
    let head = "HTTP/1.1 200 OK\r\nContent-Length: 90\r\n\r\n{";
    let cases = [("no answer", vec![Step::Stall], 30), ("a stalled body", vec![send(head), Step::Stall], 15)];
    for (name, steps, expected) in cases {
        let server = in_turn(vec![Plan::Answer(steps)]).await;
        let client: Client = bare(&server).build().unwrap();
        let started = Instant::now();
        request(&client, &READ).send::<Thing>().await.unwrap();
        let took = started.elapsed();
        let expected = Duration::from_secs(expected);
        assert!((expected..expected + Duration::from_millis(450)).contains(&took), "{name}: {took:?}");
    }
}

#[tokio::test(start_paused = true)]
async fn any_time_may_be_without_end() {
    let forever = Duration::MAX;
    let server = in_turn(vec![json(503, ""), throttled("")]).await;
    let builder = bare(&server).timeout(forever).attempt_timeout(forever).connect_timeout(forever);
    let client: Client = builder.stall_timeout(forever).build().unwrap();
    let call = request(&client, &READ).send::<Thing>().timeout(forever).attempt_timeout(forever);
    call.await.unwrap();
    let server = in_turn(vec![json(503, "")]).await;
    let client: Client = bare(&server).build().unwrap();
    let call = request(&client, &READ).send::<Thing>().retry(Backoff::default().pauses(forever, forever));
    assert_eq!(call.await.unwrap_err().attempts(), 1);
}

#[tokio::test(start_paused = true)]
async fn waiting_for_a_token_or_a_turn_ends_at_the_deadline_too() {
    let limit = Duration::from_secs(2);
    let server = Server::start(|received| match received.path() {
        TOKEN_PATH => Plan::Answer(vec![Step::Stall]),
        _ => json(200, GOOD),
    })
    .await;
    let client: Client = with_tokens(&server).build().unwrap();
    let started = Instant::now();
    let error = request(&client, &WRITE).send::<Thing>().timeout(limit).await.unwrap_err();
    assert_eq!((error.kind(), error.phase()), (ErrorKind::Credentials, Phase::NotSent));
    assert!(started.elapsed() <= limit + Duration::from_millis(50), "{:?}", started.elapsed());

    let client: Client = bare(&server).calls_per_second(std::num::NonZeroU32::new(1)).build().unwrap();
    let started = Instant::now();
    let mut tasks = JoinSet::new();
    for _ in 0..5 {
        tasks.spawn(request(&client, &WRITE).send::<Thing>().timeout(limit));
    }
    let errors: Vec<Error> = tasks.join_all().await.into_iter().filter_map(Result::err).collect();
    assert!(started.elapsed() <= limit + Duration::from_millis(50), "{:?}", started.elapsed());
    assert_eq!(errors.len(), 3);
    assert!(
        errors.iter().all(|error| (error.kind(), error.phase()) == (ErrorKind::Timeout, Phase::NotSent)),
        "{errors:?}"
    );
}
