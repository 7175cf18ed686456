//! What is learned from failures, and what must not be.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use dingtalk_runtime::{Client, Effect, ErrorClass, ErrorKind, Method, Never, Operation, Phase};

use crate::retries::in_turn;
use crate::support::*;

const TOKEN_NAME: &str = "x-acs-dingtalk-access-token";

/// A server that has forgotten its first token, and of whose nodes one does not know the second for some requests.
async fn lagging(rejections: usize) -> Server {
    let (tokens, rejected) = (AtomicUsize::new(0), AtomicUsize::new(0));
    Server::start(move |received| {
        if received.path() == TOKEN_PATH {
            let number = tokens.fetch_add(1, Ordering::SeqCst) + 1;
            return json(200, &format!(r#"{{"accessToken":"token-{number}","expireIn":7200}}"#));
        }
        let is_old = received.header(TOKEN_NAME) == Some("token-1");
        let is_lagging = !is_old && rejected.fetch_add(1, Ordering::SeqCst) < rejections;
        if is_old || is_lagging { json(400, EXPIRED) } else { json(200, GOOD) }
    })
    .await
}

#[tokio::test(start_paused = true)]
async fn a_new_token_that_one_node_does_not_know_yet_stops_no_other_call() {
    let server = lagging(1).await;
    let client: Client = with_tokens(&server).retry(Never).build().unwrap();
    let ask = async || request(&client, &WRITE).send::<Thing>().await;
    let error = ask().await.unwrap_err();
    assert_eq!((error.class(), error.phase(), error.attempts()), (ErrorClass::Token, Phase::Refused, 2));
    for _ in 0..100 {
        ask().await.unwrap();
    }
    assert_eq!(server.count(TOKEN_PATH), 2);
}

#[tokio::test(start_paused = true)]
async fn nodes_that_lag_behind_for_a_moment_cost_no_more_than_their_own_calls() {
    for rejections in 2..20 {
        let server = lagging(rejections).await;
        let client: Client = with_tokens(&server).retry(Never).build().unwrap();
        let mut sent_and_failed = 0;
        for _ in 0..100 {
            if let Err(error) = request(&client, &WRITE).send::<Thing>().await {
                assert_eq!(error.phase(), Phase::Refused, "{error:?}");
                sent_and_failed += 1;
            }
        }
        // Each call meets up to two of them.
        assert!(sent_and_failed <= rejections.div_ceil(2) + 1, "{sent_and_failed} of {rejections}");
        assert_eq!(server.count(TOKEN_PATH), 2);
    }
}

#[tokio::test(start_paused = true)]
async fn a_server_that_takes_none_of_its_tokens_is_asked_for_few() {
    let server =
        Server::start(|received| if received.path() == TOKEN_PATH { json(200, TOKEN) } else { json(400, EXPIRED) })
            .await;
    let client: Client = with_tokens(&server).retry(Never).build().unwrap();
    let mut sent = 0;
    for _ in 0..1000 {
        let error = request(&client, &READ).send::<Thing>().await.unwrap_err();
        sent += usize::from(error.phase() != Phase::NotSent);
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
    assert!((3..=9).contains(&server.count(TOKEN_PATH)), "{} tokens in 100 s", server.count(TOKEN_PATH));
    assert!(sent < 50, "{sent} calls were sent for nothing");
}

#[tokio::test(start_paused = true)]
async fn a_failure_that_no_server_answered_says_nothing_about_the_token() {
    // The first token is rejected; to the second no server says anything; it is rejected, too; and so on.
    let asked = Arc::new(AtomicUsize::new(0));
    let counted = Arc::clone(&asked);
    let server = Server::start(move |received| match received.path() {
        TOKEN_PATH => json(200, TOKEN),
        _ if counted.fetch_add(1, Ordering::SeqCst).is_multiple_of(2) => json(400, EXPIRED),
        _ => Plan::Answer(vec![Step::Close]),
    })
    .await;
    let client: Client = with_tokens(&server).retry(Never).build().unwrap();
    for _ in 0..1000 {
        request(&client, &READ).send::<Thing>().await.unwrap_err();
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
    assert!(server.count(TOKEN_PATH) <= 9, "{} tokens in 100 s", server.count(TOKEN_PATH));
}

const DELETE: Operation =
    Operation { name: "test.Delete", method: Method::Delete, effect: Effect::Idempotent, body: false, ..READ };

#[tokio::test(start_paused = true)]
async fn a_repeated_deletion_that_meets_nothing_says_that_the_first_may_have_done_it() {
    let gone = || json(404, r#"{"code":"dentryNotExist","requestid":"R","message":"m"}"#);
    let lost = [
        Plan::Answer(vec![Step::Close]),
        Plan::Answer(vec![Step::Send(b"HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\n{".to_vec()), Step::Close]),
        json(500, ""),
    ];
    let delete = async |plans: Vec<Plan>| {
        let server = in_turn(plans).await;
        let client: Client = bare(&server).build().unwrap();
        let request = client.request(&DELETE).path("id", "7");
        request.send::<Thing>().await.unwrap_err()
    };
    for first in lost {
        let error = delete(vec![first, gone()]).await;
        assert_eq!((error.kind(), error.class(), error.attempts()), (ErrorKind::Api, ErrorClass::Missing, 2));
        assert!(error.follows_unknown_attempt());
        assert!(error.to_string().contains("An earlier attempt"), "{error}");
    }
    let throttled = || json(403, THROTTLED);
    for plans in [vec![gone()], vec![throttled(), gone()]] {
        let error = delete(plans).await;
        assert!(!error.follows_unknown_attempt() && !error.to_string().contains("earlier"), "{error}");
    }
}

const POST: Operation = Operation { method: Method::Post, body: false, ..READ };
const PUT: Operation = Operation { method: Method::Put, body: false, ..READ };
const GET: Operation = Operation { method: Method::Get, body: false, ..READ };

#[tokio::test(start_paused = true)]
async fn a_request_without_a_body_says_so_where_the_method_has_one() {
    let server = Server::start(|_| json(200, GOOD)).await;
    let client: Client = bare(&server).build().unwrap();
    for (operation, length) in [(&POST, Some("0")), (&PUT, Some("0")), (&GET, None), (&DELETE, None)] {
        client.request(operation).path("id", "7").send::<Thing>().await.unwrap();
        let received = server.received().pop().unwrap();
        assert_eq!(received.header("content-length"), length, "{}", received.method);
        assert_eq!((received.header("content-type"), received.header("transfer-encoding")), (None, None));
    }
}

#[tokio::test(start_paused = true)]
async fn no_secret_shows_wherever_an_answer_is_cut() {
    const KEY: &str = "upl0ad-k3y-0123456789-0123456789-0123456789-0123456789-xyz";
    let body = Arc::new(Mutex::new(Vec::new()));
    let current = Arc::clone(&body);
    let server = Server::start(move |_| {
        let body = current.lock().unwrap().clone();
        Plan::Answer(vec![
            Step::Send(b"HTTP/1.1 403 -\r\nConnection: close\r\n\r\n".to_vec()),
            Step::Send(body),
            Step::Close,
        ])
    })
    .await;
    let client: Client = bare(&server).build().unwrap();
    let shows = |text: &[u8]| {
        [KEY, "fixed-token"].iter().any(|secret| text.windows(5).any(|part| part == &secret.as_bytes()[..5]))
    };
    let ask = async |answer: Vec<u8>| {
        *body.lock().unwrap() = answer;
        let request = client.request(&WRITE).path("id", "7").body("uploadKey", KEY);
        let error = request.send::<Thing>().once().await.unwrap_err();
        assert!(!shows(error.body()), "{}", error.body().escape_ascii());
        assert!(!shows(format!("{error} {error:?}").as_bytes()), "{error:?}");
        error
    };
    for secret in [KEY, "fixed-token"] {
        // Across the end of what is shown of a message, of what is read of it, and of what is kept of a body.
        for end in [2048, 16 * 1024 - 26, 16 * 1024] {
            for offset in (0..=secret.len()).step_by(3) {
                let padding = "x".repeat(end - offset);
                let text = format!(r#"{{"code":"y","message":"{padding}{secret}{}"}}"#, "z".repeat(999));
                let error = ask(text.into_bytes()).await;
                assert!(error.message().is_some_and(|message| message.len() <= 2048));
            }
        }
        // And wherever the network cuts it.
        let text = format!(r#"{{"code":"y","requestid":"R","message":"bad {secret} is"}}"#);
        for end in 8..text.len() {
            ask(text.as_bytes()[..end].to_vec()).await;
        }
    }
}
