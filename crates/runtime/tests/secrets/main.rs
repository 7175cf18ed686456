//! No secret shows anywhere: every path of the runtime with canaries for secrets, and a look at all that it says.
//!
//! A program of its own, because what listens to spans listens to the whole process.
#![cfg(unix)]
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing, reason = "tests fail by panicking")]
#![allow(clippy::wildcard_imports, reason = "the support module is written for that")]

#[path = "../suite/support/mod.rs"]
mod support;

use std::error::Error as _;
use std::fmt::{Debug, Write as _};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use dingtalk_runtime::credentials::{AccessToken, ClientCredentials, CorpApp, FixedToken, InternalApp};
use dingtalk_runtime::{Attempt, Client, Ended, Envelope, Error, Observer, Operation, Token};
use tracing::field::{Field, Visit};
use tracing::span::{Attributes, Id, Record};
use tracing::{Event, Metadata, Subscriber};

use support::*;

/// With characters that look otherwise in URLs, JSON and base64.
const SECRET: &str = "c4n4ry-S3CRET+/=%22\"x";
const TOKEN_TEXT: &str = "c4n4ry-T0KEN+/=%22\"x";
const UPLOAD_KEY: &str = "c4n4ry-UPL0AD+/=%22\"x";
const SIGNED_URL: &str = "https://sz.trans.dingtalk.com/c4n4ry-0BJECT?Signature=c4n4ry-S1GNATURE";
const PERSON: &str = "c4n4ry-P3RSON";
/// What must not be seen, in any form that contains one of these.
const CANARIES: [&str; 8] = ["S3CRET", "T0KEN", "UPL0AD", "0BJECT", "S1GNATURE", "P3RSON", "c4n4ry", "OSS STS.k3y:s1g"];

/// Everything that was said.
#[derive(Clone, Default)]
struct Heard(Arc<Mutex<String>>);

impl Heard {
    fn add(&self, text: &str) {
        let mut heard = self.0.lock().unwrap();
        heard.push_str(text);
        heard.push('\n');
    }

    fn debug(&self, value: &dyn Debug) {
        self.add(&format!("{value:?} {value:#?}"));
    }

    /// An error with all that it says about itself and its causes; its raw body is not shown by anything.
    fn error(&self, error: &Error) {
        self.debug(error);
        self.add(&error.to_string());
        self.add(&format!("{:?} {:?} {:?}", error.code(), error.request_id(), error.missing_scopes()));
        let mut cause = error.source();
        while let Some(deeper) = cause {
            self.debug(&deeper);
            self.add(&deeper.to_string());
            cause = deeper.source();
        }
    }
}

/// Hears all spans and events, at every level.
struct Ear {
    heard: Heard,
    next: AtomicU64,
}

struct Fields<'a>(&'a mut String);

impl Visit for Fields<'_> {
    fn record_debug(&mut self, field: &Field, value: &dyn Debug) {
        let _ = write!(self.0, "{field}={value:?} ");
    }

    fn record_str(&mut self, field: &Field, value: &str) {
        let _ = write!(self.0, "{field}={value} ");
    }
}

impl Subscriber for Ear {
    fn enabled(&self, _: &Metadata<'_>) -> bool {
        true
    }

    fn new_span(&self, span: &Attributes<'_>) -> Id {
        let mut text = format!("span {} ", span.metadata().name());
        span.record(&mut Fields(&mut text));
        self.heard.add(&text);
        Id::from_u64(self.next.fetch_add(1, Ordering::Relaxed) + 1)
    }

    fn record(&self, _: &Id, values: &Record<'_>) {
        let mut text = String::from("record ");
        values.record(&mut Fields(&mut text));
        self.heard.add(&text);
    }

    fn record_follows_from(&self, _: &Id, _: &Id) {}

    fn event(&self, event: &Event<'_>) {
        let mut text = format!("event {} ", event.metadata().target());
        event.record(&mut Fields(&mut text));
        self.heard.add(&text);
    }

    fn enter(&self, _: &Id) {}

    fn exit(&self, _: &Id) {}
}

/// Hears what the crates below write to the `log` facade.
struct LogEar;

static LOGGED: Mutex<String> = Mutex::new(String::new());

impl log::Log for LogEar {
    fn enabled(&self, _: &log::Metadata<'_>) -> bool {
        true
    }

    fn log(&self, record: &log::Record<'_>) {
        let _ = writeln!(LOGGED.lock().unwrap(), "log {} {}", record.target(), record.args());
    }

    fn flush(&self) {}
}

#[derive(Debug)]
struct Watcher(#[allow(dead_code, reason = "a hook may hold anything")] u8, Ears);

#[derive(Clone)]
struct Ears(Heard);

impl Debug for Ears {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str("Ears")
    }
}

impl Observer for Watcher {
    fn attempt(&self, attempt: &Attempt<'_>) {
        self.1.0.debug(attempt);
    }

    fn call(&self, call: &Ended<'_>) {
        self.1.0.debug(call);
    }
}

/// A secret as generated code declares it.
#[derive(Clone, PartialEq, Eq, Default)]
struct UploadKey(String);

dingtalk_runtime::secret!(UploadKey);

/// An answer that holds secrets.
#[derive(Debug, Clone, PartialEq, Default)]
struct Upload {
    key: Option<UploadKey>,
    url: Option<UploadKey>,
    size: Option<i64>,
}

dingtalk_runtime::answer_object!(Upload { "uploadKey" => key: text, "url" => url: text, "size" => size: integer, });

/// Ways for a server to answer, some of which repeat what they were sent.
fn answers() -> Vec<Plan> {
    let echo = |status: u16| {
        let message =
            serde_json::to_string(&format!("bad: {TOKEN_TEXT}, {UPLOAD_KEY}, {SIGNED_URL}, {PERSON}")).unwrap();
        json(status, &format!(r#"{{"code":"paramError","requestid":"R","message":{message}}}"#))
    };
    let upload = serde_json::json!({"uploadKey": UPLOAD_KEY, "url": SIGNED_URL, "size": SECRET}).to_string();
    let good = upload.replace(&serde_json::to_string(SECRET).unwrap(), "7");
    let cut = good[..good.len() - 9].to_owned();
    let send = |bytes: Vec<u8>| Plan::Answer(vec![Step::Send(bytes), Step::Close]);
    vec![
        json(200, &good),
        json(200, &upload),
        json(200, &cut),
        send(bytes(200, "", &good)[..90].to_vec()),
        Plan::Answer(vec![Step::Close]),
        Plan::Answer(vec![Step::Stall]),
        echo(400),
        echo(500),
        json(400, EXPIRED),
        json(403, THROTTLED),
        answer(302, &format!("Location: {SIGNED_URL}&{SECRET}\r\nSet-Cookie: {TOKEN_TEXT}\r\n"), ""),
        answer(403, "Content-Type: text/html\r\n", &format!("<html>{TOKEN_TEXT}</html>")),
        answer(200, &format!("Content-Encoding: {SECRET}\r\nX-Token: {TOKEN_TEXT}\r\n"), &upload),
        send(format!("HTTP/1.1 200 OK\r\nBad Header {SECRET}\r\n\r\n").into_bytes()),
        send(format!("{TOKEN_TEXT} {SECRET}\r\n\r\n").into_bytes()),
        json(200, &serde_json::json!({"errcode": 1, "errmsg": TOKEN_TEXT}).to_string()),
    ]
}

fn token_answers() -> Vec<Plan> {
    let good = serde_json::json!({"accessToken": TOKEN_TEXT, "expireIn": 7200}).to_string();
    let message = serde_json::to_string(SECRET).unwrap();
    vec![
        json(200, &good),
        json(200, &good[..good.len() - 5]),
        json(200, &good.replace("7200", &message)),
        json(200, &serde_json::json!({"accessToken": [TOKEN_TEXT]}).to_string()),
        json(200, &serde_json::json!({"accessToken": format!("{TOKEN_TEXT}\n")}).to_string()),
        json(400, &format!(r#"{{"code":"invalidClientIdOrSecret","requestid":"R","message":{message}}}"#)),
        json(500, &good),
        Plan::Answer(vec![Step::Close]),
    ]
}

const OLD: Operation = Operation { name: "test.Old", token: Token::Query, envelope: Envelope::Errcode, ..READ };

async fn call(heard: &Heard, client: &Client, operation: &'static Operation) {
    let key = UploadKey::new(UPLOAD_KEY);
    let request = request(client, operation)
        .path("id", PERSON)
        .query("unionId", PERSON)
        .query("key", &key)
        .body("uploadKey", &key)
        .body("url", SIGNED_URL);
    heard.debug(&request);
    heard.debug(&key);
    let call = request.send::<Upload>().timeout(Duration::from_secs(50));
    heard.debug(&call);
    match call.await {
        Ok(upload) => heard.debug(&upload),
        Err(error) => heard.error(&error),
    }
}

/// Every answer of the API, then every answer of the token server, each with every kind of operation.
async fn everything(heard: &Heard) {
    for (token, plan) in answers()
        .into_iter()
        .map(|plan| (token_answers().remove(0), plan))
        .chain(token_answers().into_iter().map(|token| (token, json(200, "{}"))))
    {
        let server =
            Server::start(
                move |received| if received.path().starts_with("/v1.0/oauth2") { token.clone() } else { plan.clone() },
            )
            .await;
        for operation in [&READ, &WRITE, &OLD] {
            let credentials = InternalApp::new("app-key", SECRET);
            heard.debug(&credentials);
            let builder = bare(&server).credentials(credentials).observer(Watcher(0, Ears(heard.clone())));
            heard.debug(&builder);
            let client: Client = builder.build().unwrap();
            heard.debug(&client);
            call(heard, &client, operation).await;
        }
    }
}

/// Forms in which a text may hide: as it is, percent-encoded, JSON-escaped, and in base64 at each offset.
fn forms(text: &str) -> Vec<String> {
    let percent: String = percent_encoding::utf8_percent_encode(text, percent_encoding::NON_ALPHANUMERIC).to_string();
    let json = serde_json::to_string(text).unwrap().trim_matches('"').to_owned();
    let base64 = (0..3).map(|offset| base64(text, offset));
    [text.to_owned(), percent, json, format!("{text:?}").trim_matches('"').to_owned()]
        .into_iter()
        .chain(base64)
        .collect()
}

/// The middle of the base64 of a text that begins so many bytes after a boundary.
fn base64(text: &str, offset: usize) -> String {
    const DIGITS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let bytes: Vec<u8> = std::iter::repeat_n(0, offset).chain(text.bytes()).collect();
    let digit = |triple: u32, shift: u32| char::from(DIGITS[(triple >> shift & 63) as usize]);
    let digits = bytes.chunks_exact(3).flat_map(|part| {
        let triple = part.iter().fold(0, |number, byte| number << 8 | u32::from(*byte));
        [18, 12, 6, 0].map(|shift| digit(triple, shift))
    });
    digits.skip(if offset == 0 { 0 } else { 4 }).collect()
}

#[tokio::test(start_paused = true)]
async fn nothing_that_is_said_at_any_level_shows_a_secret() {
    let heard = Heard::default();
    if log::set_logger(&LogEar).is_ok() {
        log::set_max_level(log::LevelFilter::Trace);
    }
    tracing::subscriber::set_global_default(Ear { heard: heard.clone(), next: AtomicU64::new(0) }).unwrap();
    everything(&heard).await;
    for error in [FixedToken::new(format!("{SECRET}\n")).unwrap_err(), Client::builder_error()] {
        heard.error(&error);
    }
    heard.debug(&FixedToken::new(TOKEN_TEXT).unwrap());
    heard.debug(&AccessToken::new(TOKEN_TEXT, Some(7200)).unwrap());
    heard.debug(&CorpApp::new("key", SECRET, "corp", || SECRET.to_owned()));
    heard.debug(&ClientCredentials::new("corp", "key", SECRET));
    let said = format!("{}{}", heard.0.lock().unwrap(), LOGGED.lock().unwrap());
    // The ears work: the spans are there, and so is what the HTTP client logs.
    for part in [
        "span call",
        "span attempt",
        "http.request.method=POST",
        "http.request.resend_count=1",
        "server.address=127.0.0.1",
        "url.template=/v1.0/things/{id}/write",
        "http.response.status_code=403",
        "error.type=Banned",
        "dingtalk.code=paramError",
        "dingtalk.request_id=R",
        "dingtalk.phase=Unknown",
        "dingtalk.attempts=2",
        "Attempt {",
        "log reqwest",
    ] {
        assert!(said.contains(part), "{part} was not heard");
    }
    for canary in CANARIES.iter().chain(&[SECRET, TOKEN_TEXT, UPLOAD_KEY, SIGNED_URL, PERSON]) {
        for form in forms(canary) {
            if let Some(place) = said.find(&form) {
                let start = said.floor_char_boundary(place.saturating_sub(300));
                let end = said.ceil_char_boundary(place + 100);
                panic!("{form} was said: {}", &said[start..end]);
            }
        }
    }
}

/// For errors about addresses, which may hold passwords.
trait BuilderError {
    fn builder_error() -> Error;
}

impl BuilderError for Client {
    fn builder_error() -> Error {
        dingtalk_runtime::ClientBuilder::<Client>::new()
            .base_url(format!("https://{PERSON}:{SIGNED_URL}@host"))
            .build()
            .unwrap_err()
    }
}

#[tokio::test(start_paused = true)]
async fn the_token_header_is_marked_as_sensitive_and_the_token_stays_out_of_bodies() {
    let server =
        Server::start(|_| json(400, &format!(r#"{{"code":"paramError","message":"{}"}}"#, "fixed-token"))).await;
    let client: Client = bare(&server).build().unwrap();
    let error = request(&client, &READ).send::<Thing>().await.unwrap_err();
    assert_eq!(error.message(), Some("***"));
    assert!(error.body().is_empty());
}
