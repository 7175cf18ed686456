//! Answers cut at each place, of every class of status, in every framing, for every effect.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use dingtalk_runtime::{Client, Effect, Error, ErrorKind, Operation, Phase};

use crate::support::*;

const STATUSES: [u16; 22] =
    [101, 200, 202, 204, 301, 303, 304, 307, 400, 401, 403, 404, 408, 409, 421, 425, 429, 500, 503, 504, 520, 600];
const CODED: &str = r#"{"code":"permissionDenied","requestid":"R","message":"m"}"#;
/// The first length of it that shows the code.
const WITH_CODE: usize = 26;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Framing {
    Length,
    Chunks,
    /// Until the connection is closed.
    Close,
    Http10,
    /// Likewise: a coding that is not `chunked` goes before a length.
    Coding(&'static str),
}

const FRAMINGS: [Framing; 8] = [
    Framing::Length,
    Framing::Chunks,
    Framing::Close,
    Framing::Http10,
    Framing::Coding("identity"),
    Framing::Coding("gzip"),
    Framing::Coding("chunked, identity"),
    Framing::Coding(""),
];

/// The last byte that comes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Place {
    Nowhere,
    InStatusLine,
    InHead,
    Head,
    /// So many bytes of the body; chunks end at each.
    Body(usize),
}

const PLACES: [Place; 8] = [
    Place::Nowhere,
    Place::InStatusLine,
    Place::InHead,
    Place::Head,
    Place::Body(1),
    Place::Body(WITH_CODE - 1),
    Place::Body(WITH_CODE),
    Place::Body(40),
];

fn body(status: u16) -> &'static str {
    if status < 300 { r#"{"id":"1","size":2,"nextToken":"more and more"}"# } else { CODED }
}

/// The bytes of an answer up to a place.
fn cut(status: u16, framing: Framing, place: Place) -> Vec<u8> {
    let body = body(status);
    let (version, header) = match framing {
        Framing::Length => ("1.1", format!("Content-Length: {}\r\n", body.len())),
        Framing::Chunks => ("1.1", "Transfer-Encoding: chunked\r\n".to_owned()),
        Framing::Close => ("1.1", "Connection: close\r\n".to_owned()),
        Framing::Http10 => ("1.0", String::new()),
        Framing::Coding(coding) => {
            ("1.1", format!("Transfer-Encoding: {coding}\r\nContent-Length: {}\r\n", body.len()))
        }
    };
    let head = format!("HTTP/{version} {status} Status\r\n{header}\r\n");
    let text = match place {
        Place::Nowhere => String::new(),
        Place::InStatusLine => head[..11].to_owned(),
        Place::InHead => head[..head.len() - 3].to_owned(),
        Place::Head => head,
        Place::Body(length) if framing == Framing::Chunks => format!("{head}{length:x}\r\n{}", &body[..length]),
        Place::Body(length) => format!("{head}{}", &body[..length]),
    };
    text.into_bytes()
}

/// What must come of it: the phase, and whether what may be done twice is sent again.
fn expected(status: u16, place: Place) -> (Phase, bool) {
    let shows_code = matches!(place, Place::Body(WITH_CODE..));
    if matches!(place, Place::Nowhere | Place::InStatusLine | Place::InHead) {
        return (Phase::Unknown, true);
    }
    match status {
        300..=399 => (Phase::Refused, false),
        101 | 600 => (Phase::Unknown, false),
        // It has no body that could be cut.
        204 => (Phase::Applied, true),
        400..=499 if shows_code && status != 408 => (Phase::Refused, false),
        _ => (Phase::Unknown, true),
    }
}

/// A server that always gives the same answer, which can be changed.
struct Cutting(Server, Arc<Mutex<Vec<Step>>>);

impl Cutting {
    async fn start() -> Self {
        let steps: Arc<Mutex<Vec<Step>>> = Arc::default();
        let current = Arc::clone(&steps);
        Self(Server::start(move |_| Plan::Answer(current.lock().unwrap().clone())).await, steps)
    }

    /// A call that is answered so; with how many times it was sent.
    async fn call(&self, client: &Client, operation: &'static Operation, steps: &[Step]) -> (Error, usize) {
        *self.1.lock().unwrap() = steps.to_vec();
        let before = self.0.received().len();
        let error = request(client, operation).send::<Thing>().await.unwrap_err();
        (error, self.0.received().len() - before)
    }
}

fn client(server: &Server) -> Client {
    bare(server).retry_budget(1_000_000).stop_when_banned(false).timeout(Duration::from_secs(3600)).build().unwrap()
}

#[tokio::test(start_paused = true)]
async fn no_cut_answer_makes_a_write_twice_and_none_is_taken_for_more_than_it_tells() {
    let server = Cutting::start().await;
    let client = client(&server.0);
    for status in STATUSES {
        for framing in FRAMINGS {
            for place in PLACES {
                // Without a body, an answer ends with its head.
                let can_stall = framing == Framing::Length && !matches!(status, 101 | 204 | 304);
                let ends = if can_stall { vec![Step::Close, Step::Stall] } else { vec![Step::Close] };
                for end in ends {
                    let steps = [Step::Send(cut(status, framing, place)), end];
                    for operation in [&READ, &IDEMPOTENT, &WRITE] {
                        let (error, sent) = server.call(&client, operation, &steps).await;
                        let context = format!("{status} {framing:?} {place:?} {:?}: {error:?}", operation.effect);
                        check(operation.effect, &error, sent, expected(status, place), &context);
                    }
                }
            }
        }
    }
}

fn check(effect: Effect, error: &Error, sent: usize, (phase, goes_on): (Phase, bool), context: &str) {
    let is_write = effect == Effect::Write;
    assert_eq!(error.phase(), phase, "{context}");
    assert_eq!(sent, if goes_on && !is_write { 4 } else { 1 }, "{context}");
    assert_eq!(error.attempts() as usize, sent, "{context}");
    if is_write {
        assert!(!error.is_retryable(), "{context}");
        assert_eq!(error.kind() == ErrorKind::OutcomeUnknown, phase == Phase::Unknown, "{context}");
    }
}

#[tokio::test(start_paused = true)]
async fn what_was_read_before_the_cut_counts() {
    let server = Cutting::start().await;
    let client = client(&server.0);
    let cases = [
        (403, "Forbidden.AccessDenied.QpsLimitForAppkeyAndApi", Phase::Refused, 4),
        (400, "operationConcurrentControl", Phase::Refused, 4),
        (403, "permissionDenied", Phase::Refused, 1),
        // Nothing is known about what a cut answer with these would have said.
        (400, "operationTimeout", Phase::Unknown, 1),
        (403, "systemError", Phase::Unknown, 1),
        (503, "Forbidden.AccessDenied.QpsLimitForAppkeyAndApi", Phase::Unknown, 1),
        (500, "paramError", Phase::Unknown, 1),
        (408, "paramError", Phase::Unknown, 1),
        (200, "paramError", Phase::Unknown, 1),
        (303, "Forbidden.AccessDenied.QpsLimitForAppkeyAndApi", Phase::Refused, 1),
    ];
    for (status, code, phase, attempts) in cases {
        let text = format!(
            "HTTP/1.1 {status} -\r\nContent-Length: 900\r\n\r\n{{\"code\":\"{code}\",\"requestid\":\"R\",\"mess"
        );
        let steps = [Step::Send(text.into_bytes()), Step::Close];
        let (error, sent) = server.call(&client, &WRITE, &steps).await;
        assert_eq!((error.phase(), sent), (phase, attempts), "{status} {code}: {error:?}");
        if status != 303 {
            assert_eq!(error.code().map(|code| code.as_str().to_owned()).as_deref(), Some(code));
            assert_eq!(error.request_id(), Some("R"));
        }
    }
}

#[tokio::test(start_paused = true)]
async fn answers_that_break_the_rules_of_http_make_no_write_twice() {
    let server = Cutting::start().await;
    let client = client(&server.0);
    for status in STATUSES {
        let coded = CODED;
        let length = coded.len();
        for text in [
            format!("HTTP/1.1 {status} -\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n{coded}\r\n0\r\n\r\n"),
            format!("HTTP/1.1 {status} -\r\nTransfer-Encoding: chunked\r\n\r\n5\r\n{coded}"),
            format!("HTTP/1.1 {status} -\r\nTransfer-Encoding: chunked\r\n\r\n{length:x}\r\n{coded}\r\n"),
            format!("HTTP/1.1 {status} -\r\nTransfer-Encoding: chunked\r\n\r\n{length:x}\r\n{coded}\r\n0\r\nX: "),
            format!("HTTP/1.1 {status} -\r\nTransfer-Encoding: gzip, chunked\r\n\r\n4\r\n\x1f\x08\x01\x02\r\n"),
            format!("HTTP/1.1 {status} -\r\nContent-Encoding: gzip\r\nContent-Length: 4\r\n\r\n\x1f\x08\x01\x02"),
            format!("HTTP/1.1 {status} -\r\nContent-Length: 5\r\nContent-Length: 6\r\n\r\n{{\"a\":"),
            format!("HTTP/1.1 {status} -\r\nContent-Length: -1\r\n\r\n{coded}"),
            format!("HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 {status} -\r\nContent-Length: 99\r\n\r\n{{\"a"),
            format!(
                "HTTP/1.1 103 Early Hints\r\nLink: <x>\r\n\r\nHTTP/1.1 {status} -\r\nContent-Length: 99\r\n\r\n{{\"a"
            ),
            "HTTP/1.1 100 Continue\r\n\r\n".to_owned(),
        ] {
            let steps = [Step::Send(text.clone().into_bytes()), Step::Close];
            let (error, sent) = server.call(&client, &WRITE, &steps).await;
            assert_eq!(sent, 1, "{text:?}: {error:?}");
            assert!(!error.is_retryable(), "{text:?}: {error:?}");
            let is_refusal = error.phase() == Phase::Refused;
            // Whole but for the end of its chunks, a code counts.
            let shows_code = text.contains(coded) && !text.contains("zz") && !text.contains(": -1");
            assert!(!is_refusal || (300..400).contains(&status) || shows_code, "{text:?}: {error:?}");
        }
    }
}

#[tokio::test(start_paused = true)]
async fn a_body_where_none_may_be_spoils_no_later_answer() {
    let server = Cutting::start().await;
    let client = client(&server.0);
    *server.1.lock().unwrap() =
        vec![Step::Send(b"HTTP/1.1 204 No Content\r\nContent-Length: 19\r\n\r\n{\"id\":\"intruder\"}  ".to_vec())];
    request(&client, &WRITE).send::<()>().await.unwrap();
    *server.1.lock().unwrap() = vec![Step::Send(bytes(200, "", GOOD))];
    for _ in 0..3 {
        let result = request(&client, &READ).send::<Thing>().await;
        assert!(result.is_ok_and(|thing| thing.id.as_deref() == Some("1")));
    }
}
