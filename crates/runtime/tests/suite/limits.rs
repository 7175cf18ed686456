//! The client's own limits: calls per second, connections, and calls in all.

use std::future::Future;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use dingtalk_runtime::{AppState, CallCounter, Client, Error, ErrorKind, Phase};
use tokio::task::JoinSet;
use tokio::time::Instant;

use crate::support::*;

/// Makes so many calls at once; gives when the server counted each. A request takes between `least` and `most`
/// milliseconds to arrive, and its answer `back` milliseconds.
async fn counted_at(calls: usize, least: u64, most: u64, back: u64, seed: u64) -> Vec<Duration> {
    let start = Instant::now();
    let times = Arc::new(Mutex::new((Vec::new(), fastrand::Rng::with_seed(seed))));
    let counted = Arc::clone(&times);
    let server = Server::start(move |_| {
        let mut counted = counted.lock().unwrap();
        let way = Duration::from_millis(counted.1.u64(least..=most));
        counted.0.push(start.elapsed() + way);
        Plan::Answer(vec![Step::Wait(way + Duration::from_millis(back)), Step::Send(bytes(200, "", GOOD))])
    })
    .await;
    let client: Client = bare(&server)
        .calls_per_second(std::num::NonZeroU32::new(20))
        .timeout(Duration::from_secs(9 * 3600))
        .build()
        .unwrap();
    let mut tasks = JoinSet::new();
    for _ in 0..calls {
        tasks.spawn(request(&client, &READ).send::<Thing>());
    }
    for result in tasks.join_all().await {
        result.unwrap();
    }
    let mut times = std::mem::take(&mut times.lock().unwrap().0);
    times.sort_unstable();
    times
}

/// Most calls in any sliding window of a second; a fixed window holds no more.
fn most_in_a_second(times: &[Duration]) -> usize {
    let in_window = |start: &Duration| {
        times.iter().filter(|time| (*start..*start + Duration::from_secs(1)).contains(*time)).count()
    };
    times.iter().map(in_window).max().unwrap()
}

/// Calls per second of the last part of a run. They come in bursts, so the last one does not count: its window
/// had only begun.
fn rate(times: &[Duration], last: usize) -> f64 {
    let part = &times[times.len() - last..];
    let span = part[last - 1].saturating_sub(part[0]).as_secs_f64();
    #[allow(clippy::cast_precision_loss, reason = "small numbers")]
    let calls = (last - 20) as f64;
    calls / span
}

#[tokio::test(start_paused = true)]
async fn no_window_of_the_server_is_ever_overfull_and_little_of_it_is_wasted() {
    let cases = [
        // way there, way back, rate from the beginning, rate when the connection is known
        (0..=0, 0, 19.8, 19.8),
        (5..=5, 5, 19.7, 19.8),
        (40..=40, 60, 19.0, 19.5),
        (0..=20, 20, 19.0, 19.5),
        (0..=80, 20, 18.5, 18.5),
        (300..=300, 1200, 13.0, 13.0),
    ];
    for (way, back, from_start, later) in cases {
        for seed in 0..3 {
            let times = counted_at(600, *way.start(), *way.end(), back, seed).await;
            let context = format!("seed {seed}, {way:?} ms there, {back} ms back");
            assert!(most_in_a_second(&times) <= 20, "{} in a second: {context}", most_in_a_second(&times));
            assert!(rate(&times, 600) >= from_start, "{} per second: {context}", rate(&times, 600));
            assert!(rate(&times, 300) >= later, "{} per second later: {context}", rate(&times, 300));
        }
    }
}

#[tokio::test(start_paused = true)]
async fn operations_have_limits_of_their_own() {
    let server = Server::start(|_| json(200, GOOD)).await;
    let client: Client = bare(&server).calls_per_second(std::num::NonZeroU32::new(1)).build().unwrap();
    let started = Instant::now();
    request(&client, &READ).send::<Thing>().await.unwrap();
    request(&client, &WRITE).send::<Thing>().await.unwrap();
    assert!(started.elapsed() < Duration::from_millis(100));
    request(&client, &READ).send::<Thing>().await.unwrap();
    assert!(started.elapsed() >= Duration::from_secs(1));
}

#[tokio::test(start_paused = true)]
async fn calls_are_served_in_the_order_of_their_coming() {
    let server = Server::start(|_| json(200, GOOD)).await;
    let client: Client = bare(&server).calls_per_second(std::num::NonZeroU32::new(2)).build().unwrap();
    let mut tasks = JoinSet::new();
    for number in 0..20 {
        let request = client.request(&READ).path("id", &number);
        tasks.spawn(request.send::<Thing>());
    }
    tasks.join_all().await;
    let order: Vec<String> = server.received().iter().map(|received| received.path().to_owned()).collect();
    let expected: Vec<String> = (0..20).map(|number| format!("/v1.0/things/{number}/query")).collect();
    assert_eq!(order, expected);
}

/// When the calls of one operation come to the server: some at once, and another while they are under way. The
/// first is throttled with these headers.
async fn around_a_throttle(headers: &'static str, timeout: u64) -> (Vec<Duration>, Result<Thing, Error>) {
    let times = Arc::new(Mutex::new(Vec::new()));
    let (start, seen) = (Instant::now(), Arc::clone(&times));
    let server = Server::start(move |_| {
        let mut seen = seen.lock().unwrap();
        seen.push(start.elapsed());
        match seen.len() {
            1 => answer(403, headers, THROTTLED),
            2..=5 => Plan::Answer(vec![Step::Wait(Duration::from_millis(100)), Step::Send(bytes(200, "", GOOD))]),
            _ => json(200, GOOD),
        }
    })
    .await;
    let client: Client = bare(&server).calls_per_second(std::num::NonZeroU32::new(20)).build().unwrap();
    let mut tasks = JoinSet::new();
    for _ in 0..5 {
        tasks.spawn(request(&client, &READ).send::<Thing>().once());
    }
    tasks.join_all().await;
    let late = request(&client, &READ).send().timeout(Duration::from_secs(timeout)).await;
    let times = times.lock().unwrap().clone();
    (times, late)
}

#[tokio::test(start_paused = true)]
async fn calls_under_way_do_not_end_the_rest_that_the_server_asked_for() {
    for (headers, pause) in
        [("", 1), ("Retry-After: 0\r\n", 1), ("Retry-After: 7\r\n", 7), ("Retry-After: 999999\r\n", 300)]
    {
        let (times, late) = around_a_throttle(headers, 400).await;
        late.unwrap();
        let pause = Duration::from_secs(pause);
        assert!(times[4] < Duration::from_millis(50), "{times:?}");
        assert!((pause..pause + Duration::from_millis(50)).contains(&times[5]), "{headers:?}: {times:?}");
    }
}

#[tokio::test(start_paused = true)]
async fn a_call_whose_time_ends_within_the_rest_does_not_wait_for_it() {
    let started = Instant::now();
    let (times, late) = around_a_throttle("Retry-After: 60\r\n", 30).await;
    let error = late.unwrap_err();
    assert!(started.elapsed() < Duration::from_secs(1), "{:?}", started.elapsed());
    assert_eq!((error.kind(), error.phase(), times.len()), (ErrorKind::Timeout, Phase::NotSent, 5));
    assert!(error.retry_after().unwrap() > Duration::from_secs(59), "{error}");
}

#[tokio::test(start_paused = true)]
async fn a_client_that_nobody_tuned_keeps_to_the_documented_limit() {
    let times = Arc::new(Mutex::new(Vec::new()));
    let (start, seen) = (Instant::now(), Arc::clone(&times));
    let server = Server::start(move |_| {
        seen.lock().unwrap().push(start.elapsed());
        json(200, GOOD)
    })
    .await;
    let token = dingtalk_runtime::credentials::FixedToken::new("fixed-token").unwrap();
    let client: Client =
        server.reach(dingtalk_runtime::ClientBuilder::new()).credentials(token).app(&AppState::new()).build().unwrap();
    let mut tasks = JoinSet::new();
    for _ in 0..60 {
        tasks.spawn(request(&client, &READ).send::<Thing>());
    }
    for result in tasks.join_all().await {
        result.unwrap();
    }
    let times = times.lock().unwrap().clone();
    assert_eq!((times.len(), most_in_a_second(&times)), (60, 20), "{times:?}");
    assert!(times[59] < Duration::from_secs(4), "{times:?}");
}

#[tokio::test(start_paused = true)]
async fn a_throttled_operation_rests_for_all_its_callers() {
    let times = Arc::new(Mutex::new(Vec::new()));
    let (start, seen) = (Instant::now(), Arc::clone(&times));
    let server = Server::start(move |_| {
        let mut seen = seen.lock().unwrap();
        seen.push(start.elapsed());
        if seen.len() == 1 { answer(403, "", THROTTLED) } else { json(200, GOOD) }
    })
    .await;
    let client: Client = bare(&server).calls_per_second(std::num::NonZeroU32::new(5)).build().unwrap();
    let first = tokio::spawn(request(&client, &READ).send::<Thing>());
    tokio::time::sleep(Duration::from_millis(100)).await;
    request(&client, &READ).send::<Thing>().await.unwrap();
    first.await.unwrap().unwrap();
    assert!(times.lock().unwrap()[1] >= Duration::from_secs(1), "{times:?}");
}

#[tokio::test(start_paused = true)]
async fn the_counter_counts_what_was_sent_and_stops_before_one_too_many() {
    let server = Server::start(|received| match received.path() {
        TOKEN_PATH => json(200, TOKEN),
        "/v1.0/things/7/write" => json(403, THROTTLED),
        _ => json(200, GOOD),
    })
    .await;
    let counter = CallCounter::starting_at(100, Some(107));
    let client: Client = with_tokens(&server).counter(counter.clone()).build().unwrap();
    request(&client, &READ).send::<Thing>().await.unwrap();
    request(&client, &WRITE).send::<Thing>().await.unwrap_err();
    assert_eq!(counter.count(), 105);
    request(&client, &READ).send::<Thing>().await.unwrap();
    request(&client, &READ).send::<Thing>().await.unwrap();
    let error = request(&client, &READ).send::<Thing>().await.unwrap_err();
    assert_eq!((error.kind(), error.phase()), (ErrorKind::CallsUsedUp, Phase::NotSent));
    assert_eq!(counter.count(), 107);
    let metered = server.received().iter().filter(|received| received.path() != TOKEN_PATH).count();
    assert_eq!(metered, 7);
}

#[tokio::test(start_paused = true)]
async fn a_part_counts_for_the_whole_and_has_its_own_maximum() {
    let server = Server::start(|received| match received.path() {
        TOKEN_PATH => json(200, TOKEN),
        _ => json(200, GOOD),
    })
    .await;
    let whole = CallCounter::starting_at(0, Some(5));
    let client: Client = with_tokens(&server).counter(whole.clone()).build().unwrap();
    let part = whole.part(Some(3));
    let job = client.counted_by(&part);
    for _ in 0..3 {
        request(&job, &READ).send::<Thing>().await.unwrap();
    }
    let error = request(&job, &READ).send::<Thing>().await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::CallsUsedUp);
    assert_eq!((part.count(), part.left(), whole.count(), whole.left()), (3, Some(0), 3, Some(2)));

    // The whole is used up before the part is.
    let other = client.counted_by(&whole.part(Some(3)));
    request(&other, &WRITE).send::<Thing>().await.unwrap();
    request(&client, &READ).send::<Thing>().await.unwrap();
    request(&other, &READ).send::<Thing>().await.unwrap_err();
    assert_eq!((other.counter().count(), other.counter().left(), whole.count()), (1, Some(0), 5));
    assert_eq!(whole.by_operation().into_iter().collect::<Vec<_>>(), [(READ.name, 4), (WRITE.name, 1)]);
    assert_eq!(other.counter().by_operation().into_iter().collect::<Vec<_>>(), [(WRITE.name, 1)]);
    let metered = server.received().iter().filter(|received| received.path() != TOKEN_PATH).count();
    assert_eq!(metered, 5);
}

#[tokio::test(start_paused = true)]
async fn a_call_that_could_not_be_sent_is_not_counted() {
    let client: Client = bare(&Server::absent()).build().unwrap();
    let error = request(&client, &WRITE).send::<Thing>().await.unwrap_err();
    assert_eq!((error.kind(), error.phase(), error.attempts()), (ErrorKind::Connect, Phase::NotSent, 4));
    assert_eq!(client.counter().count(), 0);
}

/// The error code of a limit per minute.
const PER_MINUTE: &str = r#"{"code":"Forbidden.AccessDenied.QpmLimitForAppkeyAndApi","message":"too many"}"#;

#[tokio::test(start_paused = true)]
async fn a_limit_per_minute_rests_until_its_minute_is_over() {
    let (start, refused) = (Instant::now(), Arc::new(Mutex::new(0)));
    let seen = Arc::clone(&refused);
    let server = Server::start(move |_| {
        if start.elapsed() < Duration::from_secs(61) {
            *seen.lock().unwrap() += 1;
            return json(403, PER_MINUTE);
        }
        json(200, GOOD)
    })
    .await;
    let builder = bare(&server).calls_per_second(std::num::NonZeroU32::new(20)).timeout(Duration::from_secs(10 * 60));
    let client: Client = builder.build().unwrap();
    let mut tasks = JoinSet::new();
    for _ in 0..200 {
        tasks.spawn(request(&client, &READ).send::<Thing>());
    }
    assert!(tasks.join_all().await.iter().all(Result::is_ok));
    // Those that were under way at once, and one more window at most.
    assert!(*refused.lock().unwrap() <= 40, "{refused:?}");
}

/// A builder as applications have it: with a token of its own, and everything else as it comes.
fn plain(server: &Server, token: &str) -> dingtalk_runtime::ClientBuilder {
    let token = dingtalk_runtime::credentials::FixedToken::new(token).unwrap();
    server.reach(dingtalk_runtime::ClientBuilder::new()).credentials(token)
}

/// Makes 100 calls with each client at once, and gives the most that came in a second.
async fn together(clients: impl FnOnce(&Server) -> Vec<Client>) -> usize {
    let times = Arc::new(Mutex::new(Vec::new()));
    let (start, seen) = (Instant::now(), Arc::clone(&times));
    let server = Server::start(move |_| {
        seen.lock().unwrap().push(start.elapsed());
        json(200, GOOD)
    })
    .await;
    let clients = clients(&server);
    let mut tasks = JoinSet::new();
    for _ in 0..100 {
        for client in &clients {
            tasks.spawn(request(client, &READ).send::<Thing>());
        }
    }
    assert!(tasks.join_all().await.iter().all(Result::is_ok));
    let times = times.lock().unwrap().clone();
    assert_eq!(times.len(), clients.len() * 100);
    most_in_a_second(&times)
}

#[tokio::test(start_paused = true)]
async fn the_clients_of_an_app_keep_to_its_limit_together() {
    let of_one_app = |server: &Server| (0..3).map(|_| plain(server, "one-app").build().unwrap()).collect();
    assert_eq!(together(of_one_app).await, 20);
    let of_two_apps =
        |server: &Server| vec![plain(server, "app-1").build().unwrap(), plain(server, "app-2").build().unwrap()];
    assert_eq!(together(of_two_apps).await, 40);
    let by_hand = |server: &Server| {
        let app = AppState::new();
        vec![
            plain(server, "app-3").app(&app).build().unwrap(),
            plain(server, "app-4").app(&app).build().unwrap(),
            plain(server, "app-4").app(&AppState::new()).build().unwrap(),
        ]
    };
    assert_eq!(together(by_hand).await, 40);
}

#[tokio::test(start_paused = true)]
async fn the_clients_of_an_app_share_its_token_and_count_unless_their_secrets_differ() {
    let server = Server::start(|received| match received.path() {
        TOKEN_PATH if String::from_utf8_lossy(&received.body).contains("wrong") => {
            json(400, r#"{"code":"invalidClientIdOrSecret","message":"m"}"#)
        }
        TOKEN_PATH => json(200, TOKEN),
        _ => json(200, GOOD),
    })
    .await;
    let client = |secret: &str| -> Client {
        let app = dingtalk_runtime::credentials::InternalApp::new("shared-token-app", secret);
        server.reach(dingtalk_runtime::ClientBuilder::new()).credentials(app).build().unwrap()
    };
    let (first, second, wrong) = (client("secret"), client("secret"), client("wrong"));
    for client in [&first, &second] {
        request(client, &READ).send::<Thing>().await.unwrap();
    }
    assert_eq!(server.count(TOKEN_PATH), 1);
    let error = request(&wrong, &READ).send::<Thing>().await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Credentials);
    assert_eq!((first.counter().count(), second.app().counter().count()), (2, 2));
    drop((first, second, wrong));
    assert_eq!(client("secret").counter().count(), 0, "nothing is kept without a client");
}

#[tokio::test(start_paused = true)]
async fn any_rate_can_be_set() {
    let server = Server::start(|_| json(200, GOOD)).await;
    for rate in [u32::MAX, 10_000_000] {
        let client: Client = bare(&server).calls_per_second(std::num::NonZeroU32::new(rate)).build().unwrap();
        let used = allocation_counter::measure(|| drop(client.request(&READ))).bytes_max;
        assert!(used < 10_000);
        let started = Instant::now();
        for _ in 0..100 {
            request(&client, &READ).send::<Thing>().await.unwrap();
        }
        assert!(started.elapsed() < Duration::from_secs(1));
    }
}

#[test]
fn a_caller_that_waits_for_its_turn_takes_little_memory() {
    const CALLERS: usize = 20_000;
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().start_paused(true).build().unwrap();
    runtime.block_on(async {
        let server = Server::start(|_| Plan::Answer(vec![Step::Stall])).await;
        let builder =
            bare(&server).calls_per_second(std::num::NonZeroU32::new(1)).timeout(Duration::from_secs(9 * 3600));
        let client: Client = builder.attempt_timeout(Duration::from_secs(9 * 3600)).build().unwrap();
        // It gets the token and takes the only place.
        let first = tokio::spawn(request(&client, &READ).send::<Thing>());
        tokio::time::sleep(Duration::from_millis(1)).await;
        assert!(!first.is_finished() && server.received().len() == 1);
        let mut context = std::task::Context::from_waker(std::task::Waker::noop());
        let mut waiting = Vec::with_capacity(CALLERS);
        let used = allocation_counter::measure(|| {
            for _ in 0..CALLERS {
                let mut call = request(&client, &READ).send::<Thing>();
                assert!(std::pin::Pin::new(&mut call).poll(&mut context).is_pending());
                waiting.push(call);
            }
        });
        let each = used.bytes_current / i64::try_from(CALLERS).unwrap();
        println!("{each} bytes for each caller");
        assert!(each <= 1088, "{each} bytes for each caller");
    });
}

#[tokio::test(start_paused = true)]
async fn callers_share_a_bounded_number_of_connections() {
    let server =
        Server::start(|_| Plan::Answer(vec![Step::Wait(Duration::from_millis(10)), Step::Send(bytes(200, "", GOOD))]))
            .await;
    for rate in [None, std::num::NonZeroU32::new(1000)] {
        let before = server.connections();
        let client: Client = bare(&server).calls_per_second(rate).max_connections(8).build().unwrap();
        let mut tasks = JoinSet::new();
        for _ in 0..1000 {
            tasks.spawn(request(&client, &READ).send::<Thing>());
        }
        assert!(tasks.join_all().await.iter().all(Result::is_ok));
        let opened = server.connections() - before;
        assert!((1..=8).contains(&opened), "{opened}");
    }
}

#[tokio::test(start_paused = true)]
async fn time_that_went_by_in_a_queue_of_the_client_is_said_to_have() {
    let server = Server::start(|_| json(200, GOOD)).await;
    let client: Client = bare(&server).calls_per_second(std::num::NonZeroU32::new(20)).build().unwrap();
    let mut tasks = JoinSet::new();
    for _ in 0..100 {
        tasks.spawn(request(&client, &READ).send::<Thing>().timeout(Duration::from_secs(2)));
    }
    let results = tasks.join_all().await;
    let errors: Vec<&Error> = results.iter().filter_map(|result| result.as_ref().err()).collect();
    assert!((40..=60).contains(&errors.len()), "{}", errors.len());
    for error in errors {
        assert_eq!((error.kind(), error.phase()), (ErrorKind::Timeout, Phase::NotSent));
        assert!(error.to_string().contains("limiter, which lets 20 calls of test.Read"), "{error}");
    }
    let stalling = Server::start(|_| Plan::Answer(vec![Step::Stall])).await;
    let client: Client = bare(&stalling).max_connections(1).build().unwrap();
    let first = tokio::spawn(request(&client, &READ).send::<Thing>().once());
    tokio::task::yield_now().await;
    let error = request(&client, &READ).send::<Thing>().timeout(Duration::from_secs(2)).await.unwrap_err();
    assert!(error.to_string().contains("one of the client's 1 connections"), "{error}");
    assert_eq!(error.phase(), Phase::NotSent);
    first.await.unwrap().unwrap_err();
}

#[tokio::test(start_paused = true)]
async fn a_token_is_fetched_although_all_connections_are_asked_for() {
    for connections in [1, 4] {
        let tokens = AtomicUsize::new(0);
        let server = Server::start(move |received| {
            if received.path() == TOKEN_PATH {
                let number = tokens.fetch_add(1, Ordering::SeqCst) + 1;
                return json(200, &format!(r#"{{"accessToken":"token-{number}","expireIn":7200}}"#));
            }
            if received.header("x-acs-dingtalk-access-token") == Some("token-1") {
                return Plan::Answer(vec![Step::Wait(Duration::from_millis(100)), Step::Send(bytes(400, "", EXPIRED))]);
            }
            json(200, GOOD)
        })
        .await;
        for rate in [None, std::num::NonZeroU32::new(1000)] {
            let builder = with_tokens(&server).app(&dingtalk_runtime::AppState::new()).calls_per_second(rate);
            let client: Client = builder.max_connections(connections).build().unwrap();
            let started = Instant::now();
            let mut tasks = JoinSet::new();
            for _ in 0..50 * connections {
                tasks.spawn(request(&client, &WRITE).send::<Thing>());
            }
            assert!(tasks.join_all().await.iter().all(Result::is_ok));
            assert!(started.elapsed() < Duration::from_secs(3), "{:?}", started.elapsed());
        }
    }
}
