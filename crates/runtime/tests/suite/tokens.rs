//! Tokens: one fetch for any number of calls, also when it fails, and a way back from every failure.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use dingtalk_runtime::credentials::{AccessToken, Credentials, Fetch, TokenServer};
use dingtalk_runtime::{Client, Effect, Error, ErrorClass, ErrorKind, Never, Operation, Phase, Token};
use tokio::task::JoinSet;
use tokio::time::Instant;

use crate::support::*;

/// Makes so many calls at once; gives their results.
async fn calls(client: &Client, count: usize) -> Vec<Result<Thing, Error>> {
    let mut set = JoinSet::new();
    for _ in 0..count {
        set.spawn(request(client, &READ).send::<Thing>());
    }
    set.join_all().await
}

/// A server with numbered tokens of which only the newest is good.
async fn numbered(valid: Arc<AtomicUsize>) -> Server {
    Server::start(move |received| {
        if received.path() == TOKEN_PATH {
            let number = valid.fetch_add(1, Ordering::SeqCst) + 1;
            return json(200, &format!(r#"{{"accessToken":"token-{number}","expireIn":7200}}"#));
        }
        let good = format!("token-{}", valid.load(Ordering::SeqCst));
        match received.header("x-acs-dingtalk-access-token") {
            Some(token) if token == good => json(200, GOOD),
            _ => json(400, EXPIRED),
        }
    })
    .await
}

#[tokio::test(start_paused = true)]
async fn ten_thousand_first_calls_make_one_token_request() {
    let server = numbered(Arc::default()).await;
    let limit = std::num::NonZeroU32::new(100);
    let client = with_tokens(&server).calls_per_second(limit).timeout(Duration::from_secs(3600)).build().unwrap();
    let results = calls(&client, 10_000).await;
    assert!(results.iter().all(Result::is_ok));
    assert_eq!(server.count(TOKEN_PATH), 1);
    let token_request = &server.received()[0];
    assert_eq!(token_request.body, br#"{"appKey":"app-key","appSecret":"app-secret"}"#);
    assert_eq!(token_request.header("x-acs-dingtalk-access-token"), None);
}

#[tokio::test(start_paused = true)]
async fn a_dead_token_server_is_asked_once_in_each_pause_and_all_who_wait_get_its_answer() {
    let server = Server::start(|_| json(500, r#"{"code":"systemError","requestid":"R-5","message":"down"}"#)).await;
    let client: Client = with_tokens(&server).retry(Never).build().unwrap();
    for round in 1..=4 {
        let started = Instant::now();
        for result in calls(&client, 10_000).await {
            let error = result.unwrap_err();
            assert_eq!((error.kind(), error.phase()), (ErrorKind::Credentials, Phase::NotSent));
            assert_eq!(
                (error.class(), error.request_id(), error.status()),
                (ErrorClass::Server, Some("R-5"), Some(500))
            );
        }
        assert!(started.elapsed() < Duration::from_millis(50), "callers waited {:?}", started.elapsed());
        assert_eq!(server.count(TOKEN_PATH), round);
        // Longer than the pause with its jitter.
        tokio::time::sleep(Duration::from_millis(1300) * (1 << (round - 1))).await;
    }
}

#[tokio::test(start_paused = true)]
async fn calls_outlive_an_outage_of_the_token_server() {
    let start = Instant::now();
    let server = Server::start(move |received| match received.path() {
        TOKEN_PATH if start.elapsed() < Duration::from_secs(3) => json(503, ""),
        TOKEN_PATH => json(200, TOKEN),
        _ => json(200, GOOD),
    })
    .await;
    let client = with_tokens(&server).calls_per_second(std::num::NonZeroU32::new(100)).build().unwrap();
    let results = calls(&client, 1000).await;
    let lost = results.iter().filter(|result| result.is_err()).count();
    assert_eq!(lost, 0, "{:?}", results.iter().find(|result| result.is_err()));
    assert!(server.count(TOKEN_PATH) <= 4, "{} token requests", server.count(TOKEN_PATH));
}

#[tokio::test(start_paused = true)]
async fn a_token_that_is_revoked_under_a_thousand_calls_is_fetched_once_more() {
    let valid = Arc::new(AtomicUsize::new(0));
    let server = numbered(Arc::clone(&valid)).await;
    let limit = std::num::NonZeroU32::new(200);
    let client = with_tokens(&server).calls_per_second(limit).timeout(Duration::from_secs(3600)).build().unwrap();
    calls(&client, 1).await.remove(0).unwrap();
    assert_eq!(server.count(TOKEN_PATH), 1);
    // The server forgets the first token: nothing but a newer one is good.
    valid.store(7, Ordering::SeqCst);
    let results = calls(&client, 1000).await;
    assert!(results.iter().all(Result::is_ok), "{:?}", results.iter().find(|result| result.is_err()));
    assert_eq!(server.count(TOKEN_PATH), 2);
    let replays = server
        .received()
        .iter()
        .filter(|received| received.header("x-acs-dingtalk-access-token") == Some("token-1"))
        .count()
        - 1;
    assert!((1..=200).contains(&replays), "{replays} calls were rejected");
}

#[tokio::test(start_paused = true)]
async fn a_write_is_replayed_once_with_a_new_token_and_not_twice() {
    let server =
        Server::start(|received| if received.path() == TOKEN_PATH { json(200, TOKEN) } else { json(400, EXPIRED) })
            .await;
    let client = with_tokens(&server).build().unwrap();
    let error = request(&client, &WRITE).send::<Thing>().await.unwrap_err();
    assert_eq!((error.class(), error.phase(), error.attempts()), (ErrorClass::Token, Phase::Refused, 2));
    assert_eq!((server.count(TOKEN_PATH), server.count("/v1.0/things/7/write")), (2, 2));
}

#[tokio::test(start_paused = true)]
async fn a_fixed_token_is_not_replayed() {
    let server = Server::start(|_| json(400, EXPIRED)).await;
    let client = bare(&server).build().unwrap();
    let error = request(&client, &READ).send::<Thing>().await.unwrap_err();
    assert_eq!((error.class(), error.attempts()), (ErrorClass::Token, 1));
}

#[tokio::test(start_paused = true)]
async fn odd_lives_neither_loop_nor_overflow() {
    let fields = ["0", "null", "-1", "\"7200\"", "7200.0", "3", "1000000000000000000", "1e300", "\"\"", "[]", "true"]
        .map(|life| format!(r#","expireIn":{life}"#));
    for life in fields.into_iter().chain([String::new()]) {
        let answer = format!(r#"{{"accessToken":"token-1"{life}}}"#);
        let server = Server::start(move |received| match received.path() {
            TOKEN_PATH => json(200, &answer),
            _ => json(200, GOOD),
        })
        .await;
        let client: Client = with_tokens(&server).build().unwrap();
        let minutes = 5;
        for _ in 0..minutes * 12 {
            request(&client, &READ).send::<Thing>().await.unwrap();
            tokio::time::sleep(Duration::from_secs(5)).await;
        }
        assert!(server.count(TOKEN_PATH) <= minutes + 2, "{life}: {} token requests", server.count(TOKEN_PATH));
    }
}

#[tokio::test(start_paused = true)]
async fn no_call_waits_when_a_token_expires() {
    let server = Server::start(|received| match received.path() {
        TOKEN_PATH => {
            let body = bytes(200, "", TOKEN);
            Plan::Answer(vec![Step::Wait(Duration::from_secs(3)), Step::Send(body)])
        }
        _ => json(200, GOOD),
    })
    .await;
    let client: Client = with_tokens(&server).build().unwrap();
    request(&client, &READ).send::<Thing>().await.unwrap();
    let mut slowest = Duration::ZERO;
    for _ in 0..7200 * 3 / 10 {
        let started = Instant::now();
        request(&client, &READ).send::<Thing>().await.unwrap();
        slowest = slowest.max(started.elapsed());
        tokio::time::sleep(Duration::from_secs(10)).await;
    }
    assert!(slowest < Duration::from_millis(5), "a call waited {slowest:?}");
    assert!((3..=5).contains(&server.count(TOKEN_PATH)), "{} token requests", server.count(TOKEN_PATH));
}

#[tokio::test(start_paused = true)]
async fn wrong_credentials_fail_at_once_and_work_when_they_are_right() {
    let is_right = Arc::new(Mutex::new(false));
    let right = Arc::clone(&is_right);
    let server = Server::start(move |received| match received.path() {
        TOKEN_PATH if *right.lock().unwrap() => json(200, TOKEN),
        TOKEN_PATH => json(400, r#"{"code":"invalidClientIdOrSecret","requestid":"R","message":"wrong"}"#),
        _ => json(200, GOOD),
    })
    .await;
    let client: Client = with_tokens(&server).build().unwrap();
    let started = Instant::now();
    let error = request(&client, &READ).send::<Thing>().await.unwrap_err();
    assert_eq!((error.kind(), error.class()), (ErrorKind::Credentials, ErrorClass::Credentials));
    assert!(started.elapsed() < Duration::from_millis(50));
    *is_right.lock().unwrap() = true;
    tokio::time::sleep(Duration::from_secs(2)).await;
    request(&client, &READ).send::<Thing>().await.unwrap();
}

#[tokio::test(start_paused = true)]
async fn a_caller_that_leaves_does_not_take_the_fetch_with_it() {
    let server = Server::start(|received| match received.path() {
        TOKEN_PATH => Plan::Answer(vec![Step::Wait(Duration::from_secs(1)), Step::Send(bytes(200, "", TOKEN))]),
        _ => json(200, GOOD),
    })
    .await;
    let client: Client = with_tokens(&server).build().unwrap();
    let first = tokio::time::timeout(Duration::from_millis(10), request(&client, &READ).send::<Thing>()).await;
    assert!(first.is_err());
    request(&client, &READ).send::<Thing>().await.unwrap();
    assert_eq!(server.count(TOKEN_PATH), 1);
}

#[test]
fn a_client_outlives_the_runtimes_that_used_it() {
    let runtime = || tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    let serving = tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_all().build().unwrap();
    let slow = Arc::new(AtomicUsize::new(0));
    let first = Arc::clone(&slow);
    let server = serving.block_on(Server::start(move |received| match received.path() {
        // The first token request hangs for ever.
        TOKEN_PATH if first.fetch_add(1, Ordering::SeqCst) == 0 => Plan::Answer(vec![Step::Stall]),
        TOKEN_PATH => json(200, TOKEN),
        _ => json(200, GOOD),
    }));
    let client: Client = with_tokens(&server).build().unwrap();
    // A runtime that ends while it fetches the token.
    runtime().block_on(async {
        let call = request(&client, &READ).send::<Thing>();
        while slow.load(Ordering::SeqCst) == 0 {
            let _ = tokio::time::timeout(Duration::from_millis(1), std::future::pending::<()>()).await;
            if slow.load(Ordering::SeqCst) == 0 {
                drop(tokio::spawn(request(&client, &READ).send::<Thing>()));
            }
        }
        drop(call);
    });
    for _ in 0..3 {
        runtime().block_on(async { request(&client, &READ).send::<Thing>().await.unwrap() });
    }
    assert_eq!(server.count(TOKEN_PATH), 2);
}

/// A source whose second fetch does not end.
#[derive(Debug, Default)]
struct StuckOnce(AtomicUsize);

impl Credentials for StuckOnce {
    fn fetch<'a>(&'a self, _: &'a TokenServer) -> Fetch<'a> {
        let number = self.0.fetch_add(1, Ordering::SeqCst);
        Box::pin(async move {
            if number == 1 {
                std::future::pending::<()>().await;
            }
            AccessToken::new(format!("token-{number}"), Some(7200))
        })
    }
}

#[test]
fn a_runtime_that_is_kept_but_not_driven_stops_no_other() {
    let runtime = || tokio::runtime::Builder::new_current_thread().enable_all().start_paused(true).build().unwrap();
    // Begins an early fetch, which is long stuck afterwards; begins a fetch for which others wait.
    for (begun_after, called_after, longest) in [(6500, 7200, 1), (7060, 7065, 18)] {
        let (driven, frozen) = (runtime(), runtime());
        let (server, client) = driven.block_on(async {
            let server = Server::start(|_| json(200, GOOD)).await;
            let client: Client = bare(&server).credentials(StuckOnce::default()).build().unwrap();
            request(&client, &READ).send::<Thing>().await.unwrap();
            (server, client)
        });
        frozen.block_on(async {
            tokio::time::advance(Duration::from_secs(begun_after)).await;
            let call = request(&client, &READ).send::<Thing>().timeout(Duration::from_secs(1)).once();
            call.await.unwrap_err();
        });
        driven.block_on(async {
            tokio::time::advance(Duration::from_secs(called_after)).await;
            let started = Instant::now();
            let results = calls(&client, 10).await;
            assert!(results.iter().all(Result::is_ok), "{results:?}");
            assert!(started.elapsed() < Duration::from_secs(longest), "{:?}", started.elapsed());
            let last = server.received().pop().unwrap();
            assert_eq!(last.header("x-acs-dingtalk-access-token"), Some("token-2"));
        });
        drop(frozen);
    }
}

/// A source that panics, sooner or later.
#[derive(Debug)]
struct Panicking(Arc<AtomicUsize>, Duration);

impl Credentials for Panicking {
    fn fetch<'a>(&'a self, _: &'a TokenServer) -> Fetch<'a> {
        self.0.fetch_add(1, Ordering::SeqCst);
        assert!(!self.1.is_zero(), "this source is broken");
        Box::pin(async {
            tokio::time::sleep(self.1).await;
            panic!("this source is broken")
        })
    }
}

#[tokio::test(start_paused = true)]
async fn a_source_that_panics_is_asked_once_in_each_pause() {
    for millis in [0, 10] {
        let asked = Arc::new(AtomicUsize::new(0));
        let source = Panicking(Arc::clone(&asked), Duration::from_millis(millis));
        let client: Client = bare(&Server::absent()).credentials(source).retry(Never).build().unwrap();
        for round in 1..=3 {
            for result in calls(&client, 100).await {
                let error = result.unwrap_err();
                assert_eq!((error.kind(), error.is_retryable()), (ErrorKind::Credentials, true), "{error}");
            }
            assert_eq!(asked.load(Ordering::SeqCst), round);
            tokio::time::sleep(Duration::from_millis(1300) * (1 << (round - 1))).await;
        }
    }
}

#[tokio::test(start_paused = true)]
async fn a_thousand_calls_that_were_rejected_at_once_fetch_one_token() {
    let rejected = Arc::new(AtomicUsize::new(0));
    let rejections = Arc::clone(&rejected);
    let tokens = AtomicUsize::new(0);
    let server = Server::start(move |received| {
        if received.path() == TOKEN_PATH {
            let number = tokens.fetch_add(1, Ordering::SeqCst) + 1;
            return json(200, &format!(r#"{{"accessToken":"token-{number}","expireIn":7200}}"#));
        }
        if received.header("x-acs-dingtalk-access-token") == Some("token-1") {
            rejections.fetch_add(1, Ordering::SeqCst);
            // Until then all calls have left.
            let body = bytes(400, "", EXPIRED);
            return Plan::Answer(vec![Step::Wait(Duration::from_secs(1)), Step::Send(body)]);
        }
        json(200, GOOD)
    })
    .await;
    let client: Client = with_tokens(&server).max_connections(1000).build().unwrap();
    let results = calls(&client, 1000).await;
    assert!(results.iter().all(Result::is_ok), "{:?}", results.iter().find(|result| result.is_err()));
    assert_eq!((rejected.load(Ordering::SeqCst), server.count(TOKEN_PATH)), (1000, 2));
}

/// An operation that wants the token of a person.
const PERSONAL: Operation = Operation { name: "test.Personal", token: Token::User, effect: Effect::Write, ..READ };

#[tokio::test(start_paused = true)]
async fn the_token_of_a_person_goes_with_its_call_and_no_other_is_fetched() {
    let server = Server::start(|_| json(200, GOOD)).await;
    let client = with_tokens(&server).build().unwrap();

    for token in ["token-of-ada", "token-of-ben"] {
        request(&client, &PERSONAL).user_token("userAccessToken", token).send::<Thing>().await.unwrap();
    }

    let received = server.received();
    let tokens: Vec<_> = received.iter().map(|request| request.header("x-acs-dingtalk-access-token")).collect();
    assert_eq!(tokens, [Some("token-of-ada"), Some("token-of-ben")]);
    // Nor does it go along where the token of the app is wanted.
    let client = bare(&server).build().unwrap();
    request(&client, &READ).user_token("userAccessToken", "token-of-ada").send::<Thing>().await.unwrap();
    assert_eq!(server.received()[2].header("x-acs-dingtalk-access-token"), Some("fixed-token"));
}

#[tokio::test(start_paused = true)]
async fn a_rejected_token_of_a_person_is_told_and_not_replaced() {
    let echo = r#"{"code":"InvalidAuthentication","requestid":"R-1","message":"token-of-ada-long-enough has expired"}"#;
    let server = Server::start(move |_| json(400, echo)).await;
    let client = with_tokens(&server).build().unwrap();

    let call = request(&client, &PERSONAL).user_token("userAccessToken", "token-of-ada-long-enough");
    assert!(!format!("{call:?}").contains("token-of-ada"));
    let error = call.send::<Thing>().await.unwrap_err();

    assert_eq!((error.class(), server.received().len()), (ErrorClass::Token, 1));
    assert!(!format!("{error} {error:?}").contains("token-of-ada"), "{error:?}");
}

#[tokio::test(start_paused = true)]
async fn a_token_of_a_person_that_cannot_be_sent_is_refused_before_anything_is() {
    let server = Server::start(|_| json(200, GOOD)).await;
    let client = with_tokens(&server).build().unwrap();
    let without = request(&client, &PERSONAL).send::<Thing>().await.unwrap_err();
    assert_eq!(without.phase(), Phase::NotSent);
    for token in ["", "two\nlines", "schön"] {
        let error = request(&client, &PERSONAL).user_token("userAccessToken", token).send::<Thing>().await.unwrap_err();
        assert_eq!(error.phase(), Phase::NotSent);
        assert!(error.to_string().contains("the access token of the person is empty or holds"), "{error}");
    }
    assert_eq!(server.received().len(), 0);
}
