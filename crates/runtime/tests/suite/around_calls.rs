//! What goes with a call and comes with its answer; what stands between client and network; whose time ran out.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use dingtalk_runtime::credentials::{FixedToken, InternalApp};
use dingtalk_runtime::{
    AppState, Client, ClientBuilder, ErrorBuilder, ErrorKind, Exchange, HttpAnswer, HttpRequest, Network, Phase,
    Region, TimedOut, Transport, TransportError,
};

use crate::support::*;

#[tokio::test(start_paused = true)]
async fn an_answer_tells_what_stands_beside_it() {
    let server = Server::start(|_| answer(200, "X-Request-Id: R-9\r\nX-More: yes\r\n", GOOD)).await;
    let client: Client = bare(&server).build().unwrap();
    let (thing, meta) = request(&client, &READ).send::<Thing>().with_meta().await.unwrap();
    assert_eq!((thing.size, meta.status, meta.attempts), (Some(2), 200, 1));
    assert_eq!((meta.request_id.as_deref(), meta.headers["x-more"].as_bytes()), (Some("R-9"), "yes".as_bytes()));
    let in_body = Server::start(|_| json(200, r#"{"id":"1","requestId":"R-8"}"#)).await;
    let client: Client = bare(&in_body).build().unwrap();
    let (_, meta) = request(&client, &READ).send::<Thing>().with_meta().await.unwrap();
    assert_eq!(meta.request_id.as_deref(), Some("R-8"));
}

#[tokio::test(start_paused = true)]
async fn headers_go_with_a_call_and_those_of_the_client_stay() {
    let server = Server::start(|_| json(200, GOOD)).await;
    let client: Client = bare(&server).header("x-all", "1").build().unwrap();
    request(&client, &READ).send::<Thing>().header("x-trace", "2").await.unwrap();
    let received = server.received();
    let head = received[0].head.to_ascii_lowercase();
    assert!(head.contains("x-all: 1\r\n") && head.contains("x-trace: 2\r\n"), "{head}");
    for name in ["x-acs-dingtalk-access-token", "Host", "content-length", "transfer-encoding", "a b"] {
        let error = request(&client, &READ).send::<Thing>().header(name, "secret-value").await.unwrap_err();
        assert_eq!((error.kind(), error.phase()), (ErrorKind::Request, Phase::NotSent), "{name}");
        assert!(!error.to_string().contains("secret-value"), "{error}");
    }
    assert_eq!(server.received().len(), 1);
    assert_eq!(bare(&server).header("te", "trailers").build().unwrap_err().kind(), ErrorKind::Configuration);
}

/// Answers in turn what it was told to, and notes what it saw.
#[derive(Debug)]
struct Scripted {
    answers: Mutex<Vec<Result<HttpAnswer, TransportError>>>,
    seen: Arc<Mutex<Vec<String>>>,
    sees_secrets: bool,
}

impl Transport for Scripted {
    fn exchange(&self, request: HttpRequest, _: Network) -> Exchange<'_> {
        let token = request.headers().get("x-acs-dingtalk-access-token").map(|value| value.to_str().unwrap());
        self.seen.lock().unwrap().push(format!("{} {token:?}", request.operation().name));
        let answer = self.answers.lock().unwrap().remove(0);
        Box::pin(async { answer })
    }

    fn sees_secrets(&self) -> bool {
        self.sees_secrets
    }
}

fn scripted(
    answers: Vec<Result<HttpAnswer, TransportError>>,
    sees_secrets: bool,
) -> (ClientBuilder, Arc<Mutex<Vec<String>>>) {
    let seen = Arc::default();
    let transport = Scripted { answers: Mutex::new(answers), seen: Arc::clone(&seen), sees_secrets };
    let builder = ClientBuilder::new().region(Region::International).app(&AppState::new()).transport(transport);
    (builder.credentials(FixedToken::new("fixed-token").unwrap()), seen)
}

type MakeAnswer = fn() -> Result<HttpAnswer, TransportError>;

#[tokio::test(start_paused = true)]
async fn what_a_transport_says_about_a_failure_decides_what_is_sent_again() {
    let cases: [(MakeAnswer, ErrorKind, Phase, usize); 6] = [
        (|| Err(TransportError::not_sent("no")), ErrorKind::Connect, Phase::NotSent, 4),
        (|| Err(TransportError::never_sent("no")), ErrorKind::Request, Phase::NotSent, 1),
        (|| Err(TransportError::perhaps_sent("no")), ErrorKind::OutcomeUnknown, Phase::Unknown, 1),
        (|| Ok(HttpAnswer::new(200, r#"{"id"#).cut_off()), ErrorKind::OutcomeUnknown, Phase::Unknown, 1),
        (|| Ok(HttpAnswer::new(200, r#"["id"]"#)), ErrorKind::Answer, Phase::Applied, 1),
        (|| Ok(HttpAnswer::new(403, r#"{"code":"permissionDenied"}"#)), ErrorKind::Api, Phase::Refused, 1),
    ];
    for (answer, kind, phase, attempts) in cases {
        let (builder, seen) = scripted((0..9).map(|_| answer()).collect(), false);
        let client: Client = builder.build().unwrap();
        let error = request(&client, &WRITE).send::<Thing>().await.unwrap_err();
        assert_eq!((error.kind(), error.phase()), (kind, phase), "{error}");
        assert_eq!(*seen.lock().unwrap(), vec!["test.Write None"; attempts]);
    }
}

#[tokio::test(start_paused = true)]
async fn only_the_transport_itself_sees_secrets() {
    let answers = || vec![Ok(HttpAnswer::new(200, TOKEN)), Ok(HttpAnswer::new(200, GOOD))];
    let (builder, seen) = scripted(answers(), true);
    let client: Client = builder.credentials(InternalApp::new("key", "app-secret-value")).build().unwrap();
    request(&client, &READ).send::<Thing>().await.unwrap();
    assert_eq!(*seen.lock().unwrap(), ["oauth2_v1.GetAccessToken None", "test.Read Some(\"token-1\")"]);
    assert!(!format!("{client:?}").contains("app-secret-value"));
}

/// Passes on what it sees, with a header more.
#[derive(Debug)]
struct Marking;

impl Transport for Marking {
    fn exchange(&self, request: HttpRequest, network: Network) -> Exchange<'_> {
        assert!(!request.headers().contains_key("x-acs-dingtalk-access-token"));
        Box::pin(async move {
            let answer = network.send(request.header("x-mark", "here")?).await?;
            assert_eq!(answer.headers()["x-more"], "yes");
            Ok(answer)
        })
    }
}

#[tokio::test(start_paused = true)]
async fn middleware_stands_between_client_and_network() {
    let server = Server::start(|received| match received.path() {
        TOKEN_PATH => json(200, TOKEN),
        _ => answer(200, "X-More: yes\r\n", GOOD),
    })
    .await;
    let client: Client = with_tokens(&server).transport(Marking).build().unwrap();
    request(&client, &READ).send::<Thing>().await.unwrap();
    let heads: Vec<String> = server.received().iter().map(|received| received.head.to_ascii_lowercase()).collect();
    assert!(!heads[0].contains("x-mark") && heads[1].contains("x-mark: here"), "{heads:?}");
    assert!(heads[1].contains("x-acs-dingtalk-access-token: token-1"), "{heads:?}");
}

#[tokio::test(start_paused = true)]
async fn an_error_tells_whose_time_ran_out() {
    let server = Server::start(|_| Plan::Answer(vec![Step::Stall])).await;
    let client: Client = bare(&server).build().unwrap();
    let second = Duration::from_secs(1);
    let call = || request(&client, &READ).send::<Thing>().once();
    assert_eq!(call().timeout(second).await.unwrap_err().timed_out(), Some(TimedOut::Call));
    assert_eq!(call().attempt_timeout(second).await.unwrap_err().timed_out(), Some(TimedOut::Attempt));
    let one = std::num::NonZeroU32::new(1);
    let client: Client = bare(&server).calls_per_second(one).build().unwrap();
    let call = || request(&client, &WRITE).send::<Thing>().once();
    let first = tokio::spawn(call().attempt_timeout(second));
    tokio::task::yield_now().await;
    let late = call().timeout(second / 2).await.unwrap_err();
    assert_eq!((late.timed_out(), late.phase()), (Some(TimedOut::Limiter), Phase::NotSent));
    assert!(late.to_string().contains("limiter") && late.to_string().contains("test.Write"), "{late}");
    let waited = call().timeout(3 * second).await.unwrap_err();
    assert_eq!((waited.timed_out(), waited.kind()), (Some(TimedOut::Call), ErrorKind::OutcomeUnknown));
    assert!(waited.waited() >= second && waited.to_string().contains("limiter"), "{waited}");
    assert_eq!(first.await.unwrap().unwrap_err().timed_out(), Some(TimedOut::Attempt));
}

#[test]
fn errors_can_be_made_for_tests() {
    let error = ErrorBuilder::new(ErrorKind::Api).operation(&READ).status(404).code("dentryNotExist").build();
    assert_eq!((error.phase(), error.status(), error.attempts()), (Phase::Refused, Some(404), 1));
    assert!(error.to_string().contains("test.Read") && !error.is_retryable());
    let late = ErrorBuilder::new(ErrorKind::Timeout).operation(&READ).timed_out(TimedOut::Limiter).build();
    assert!(late.is_retryable());
    assert_eq!(late.timed_out(), Some(TimedOut::Limiter));
}

#[tokio::test(start_paused = true)]
async fn long_values_of_headers_are_kept_out_of_errors_whatever_their_bytes_and_short_ones_spoil_none() {
    const BODY: &str = r#"{"code":"somethingNew","requestid":"R-1","message":"1 is no good, нет-ключа-здесь"}"#;
    let server = Server::start(|_| json(400, BODY)).await;
    let client: Client = bare(&server).build().unwrap();
    let ask = async |value: &str| request(&client, &WRITE).send::<Thing>().header("x-own", value).await.unwrap_err();
    let short = ask("1").await;
    assert_eq!((short.request_id(), short.body()), (Some("R-1"), BODY.as_bytes()));
    assert!(short.message().is_some_and(|message| message.starts_with("1 is no good")));
    let long = ask("нет-ключа-здесь").await;
    assert!(long.message().is_some_and(|message| !message.contains("ключа")) && long.body().is_empty(), "{long:?}");
}

#[test]
fn an_answer_that_a_transport_sees_is_not_shown() {
    let name = reqwest::header::HeaderName::from_static("set-cookie");
    let answer = HttpAnswer::new(200, r#"{"uploadKey":"hidden"}"#).header(name, "session=hidden".parse().unwrap());
    let shown = format!("{answer:?}");
    assert!(shown.contains("200") && !shown.contains("hidden"), "{shown}");
}
