//! Signed requests on the wire: exactly the headers that came, whole content or none, no secret in errors.

use std::io;
use std::time::Duration;

use bytes::Bytes;
use dingtalk_runtime::object_storage::{Content, Signed};
use dingtalk_runtime::{Client, Error, ErrorKind, Phase};
use futures_core::Stream;

use crate::support::*;

const PATH: &str = "/bucket/object?Expires=1&Signature=hidden-signature";

fn signed() -> Signed {
    let headers = [("Authorization", "OSS id:hidden-value"), ("x-oss-date", "20260528T093716Z")];
    Signed::new([format!("http://127.0.0.1:9{PATH}").as_str()], headers).unwrap()
}

fn stored() -> Plan {
    answer(200, "ETag: \"AB\"\r\nx-oss-hash-crc64ecma: 18446744073709551615\r\nx-oss-request-id: R-1\r\n", "")
}

fn client(server: &Server) -> Client {
    bare(server).build().unwrap()
}

/// Pieces that come at once, and perhaps a failure after them.
fn pieces(pieces: &[&'static str], failure: Option<io::ErrorKind>) -> impl Stream<Item = io::Result<Bytes>> + use<> {
    let pieces = pieces.iter().map(|piece| Ok(Bytes::from_static(piece.as_bytes())));
    let all: Vec<_> = pieces.chain(failure.map(|kind| Err(kind.into()))).collect();
    Pieces(all.into_iter())
}

struct Pieces(std::vec::IntoIter<io::Result<Bytes>>);

impl Stream for Pieces {
    type Item = io::Result<Bytes>;

    fn poll_next(
        mut self: std::pin::Pin<&mut Self>,
        _: &mut std::task::Context<'_>,
    ) -> std::task::Poll<Option<Self::Item>> {
        std::task::Poll::Ready(self.0.next())
    }
}

fn header_names(received: &Received) -> Vec<String> {
    let lines = received.head.lines().skip(1).filter_map(|line| line.split_once(':'));
    let mut names: Vec<_> = lines.map(|(name, _)| name.to_ascii_lowercase()).collect();
    names.sort();
    names
}

#[tokio::test]
async fn a_put_carries_exactly_the_headers_that_came_and_the_content_whole() {
    let server = Server::start(|_| stored()).await;
    let client = client(&server);
    let contents = [
        Content::from(Bytes::from_static(b"whole")),
        Content::stream(5, pieces(&["wh", "", "ole"], None)),
        Content::from(Bytes::new()),
        Content::stream(0, pieces(&["", ""], None)),
    ];
    for content in contents {
        let stored = client.signed(&signed()).put(content).await.unwrap();
        assert_eq!((stored.etag.as_deref(), stored.crc64), (Some("\"AB\""), Some(u64::MAX)));
    }
    let bodies: Vec<_> = server.received().into_iter().map(|received| received.body).collect();
    assert_eq!(bodies, [b"whole".as_slice(), b"whole", b"", b""]);
    for received in server.received() {
        assert_eq!((received.method.as_str(), received.target.as_str()), ("PUT", PATH));
        assert_eq!(
            header_names(&received),
            ["accept", "authorization", "content-length", "host", "user-agent", "x-oss-date"],
            "{}",
            received.head
        );
        assert_eq!(received.header("content-length"), Some(received.body.len().to_string().as_str()));
    }
}

#[tokio::test]
async fn content_that_ends_early_goes_on_or_fails_is_never_stored() {
    let server = Server::start(|_| stored()).await;
    let client = client(&server);
    let contents = [
        Content::stream(6, pieces(&["whole"], None)),
        Content::stream(4, pieces(&["whole"], None)),
        Content::stream(5, pieces(&["whole", "x"], None)),
        Content::stream(0, pieces(&["x"], None)),
        Content::stream(5, pieces(&["who"], Some(io::ErrorKind::PermissionDenied))),
        Content::stream(5, pieces(&["whole"], Some(io::ErrorKind::PermissionDenied))),
    ];
    for (number, content) in contents.into_iter().enumerate() {
        let error = client.signed(&signed()).put(content).await.unwrap_err();
        assert_eq!((error.kind(), error.phase()), (ErrorKind::Source, Phase::NotSent), "content {number}: {error}");
        assert!(!error.is_retryable(), "content {number}: {error}");
    }
    assert_eq!(server.received().len(), 0, "a request came to its end");
}

#[tokio::test]
async fn a_refusal_tells_what_the_storage_said_and_shows_no_secret() {
    const REFUSAL: &str = "<?xml version=\"1.0\"?><Error><Code>RequestTimeTooSkewed</Code><Message>late</Message>\
                           <RequestId>R-9</RequestId></Error>";
    let server = Server::start(|_| answer(403, "Content-Type: application/xml\r\n", REFUSAL)).await;
    let client = client(&server);
    let refused: [Error; 2] = [
        client.signed(&signed()).put(Bytes::from_static(b"x").into()).await.unwrap_err(),
        client.signed(&signed()).get().await.unwrap_err(),
    ];
    for error in refused {
        assert_eq!((error.kind(), error.status(), error.request_id()), (ErrorKind::Storage, Some(403), Some("R-9")));
        assert_eq!(error.attempts(), 1);
        let storage = error.storage().unwrap();
        assert_eq!((storage.code.as_str(), storage.is_expired()), ("RequestTimeTooSkewed", true));
        let shown = format!("{error} {error:?}");
        assert!(!shown.contains("hidden") && !shown.contains("bucket"), "{shown}");
    }
    let absent = bare(&Server::absent()).build().unwrap();
    let error = absent.signed(&signed()).get().await.unwrap_err();
    let shown = format!("{error} {error:?}");
    assert!(error.kind() == ErrorKind::Connect && !shown.contains("hidden"), "{shown}");
    assert_eq!(error.attempts(), 1);
}

#[tokio::test]
async fn what_the_storage_repeats_of_the_signature_is_hidden_wherever_its_texts_are_cut() {
    const CUT: usize = 2048;
    let server = Server::start(|received| {
        let start: usize = received.header("range").unwrap().split('-').next_back().unwrap().parse().unwrap();
        let (_, query) = received.target.split_once('?').unwrap();
        let repeated = format!("{} {}", received.header("authorization").unwrap(), query.replace('&', "&amp;"));
        let alone = "hidden-value hidden-signature ".repeat(2);
        let text = format!("{} {repeated} {alone}", "x".repeat(start));
        let body = format!(
            "<Error><Code>AccessDenied {text}</Code><Message>{text}</Message><RequestId>{text}</RequestId>\
             <HostId>{text}</HostId><EC>{text}</EC></Error>"
        );
        answer(403, "x-oss-request-id: hidden-signature\r\n", &body)
    })
    .await;
    let client = client(&server);
    for start in CUT - 200..=CUT {
        let error = client.signed(&signed()).range(0, start as u64).get().await.unwrap_err();
        let storage = error.storage().unwrap();
        let texts = [&storage.message, &storage.request_id, &storage.host_id, &storage.ec];
        assert!(texts.into_iter().flatten().all(|text| (CUT - 200..=CUT).contains(&text.len())), "{error:?}");
        let shown = format!("{error} {error:?} {storage:?}");
        assert!(!shown.contains("hidd"), "{start}: {shown}");
    }
}

#[tokio::test]
async fn a_part_says_which_part_it_is_and_the_whole_object_does_not() {
    let server = Server::start(|received| match received.header("range") {
        Some("bytes=2-3") => answer(206, "Content-Range: bytes 2-3/5\r\nETag: \"E\"\r\n", "cd"),
        _ => answer(200, "", "abcde"),
    })
    .await;
    let client = client(&server);
    let mut part = client.signed(&signed()).range(2, 3).if_match("\"E\"").get().await.unwrap();
    assert_eq!((part.range(), part.is_part(), part.length()), (Some((2, 3, 5)), true, Some(2)));
    assert_eq!((part.next().await.unwrap().unwrap(), part.next().await.unwrap()), (Bytes::from_static(b"cd"), None));
    let whole = client.signed(&signed()).range(9, 9).get().await.unwrap();
    assert_eq!((whole.range(), whole.is_part(), whole.length()), (None, false, Some(5)));
    let received = server.received();
    assert_eq!(received[0].header("if-match"), Some("\"E\""));
    assert_eq!(received[0].header("x-oss-range-behavior"), Some("standard"));
}

#[tokio::test(start_paused = true)]
async fn what_stands_still_is_given_up_and_a_slow_source_is_waited_for() {
    let server = Server::start(|received| match received.method.as_str() {
        "PUT" => stored(),
        _ => Plan::Answer(vec![Step::Send(b"HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nabc".to_vec()), Step::Stall]),
    })
    .await;
    let client = client(&server);
    let mut object = client.signed(&signed()).stall_timeout(Duration::from_secs(7)).get().await.unwrap();
    assert_eq!(object.next().await.unwrap().unwrap(), "abc");
    let before = tokio::time::Instant::now();
    let error = object.next().await.unwrap_err();
    // The phase that a lost answer has anywhere.
    assert_eq!((error.kind(), error.phase()), (ErrorKind::Timeout, Phase::Unknown));
    assert!(error.is_retryable());
    assert_eq!(before.elapsed().as_secs(), 7);

    let slow = Slow { pause: Box::pin(tokio::time::sleep(Duration::from_secs(10 * 60))), is_done: false };
    client.signed(&signed()).stall_timeout(Duration::from_secs(7)).put(Content::stream(4, slow)).await.unwrap();

    let deaf = Server::start(|_| Plan::Answer(vec![Step::Stall])).await;
    let client = bare(&deaf).build().unwrap();
    let before = tokio::time::Instant::now();
    let request = signed();
    let request = client.signed(&request).stall_timeout(Duration::from_secs(7));
    assert_eq!(request.put(Bytes::from_static(b"x").into()).await.unwrap_err().kind(), ErrorKind::Timeout);
    assert!(before.elapsed().as_secs() <= 14);
}

/// A source that thinks for a long time.
struct Slow {
    pause: std::pin::Pin<Box<tokio::time::Sleep>>,
    is_done: bool,
}

impl Stream for Slow {
    type Item = io::Result<Bytes>;

    fn poll_next(
        mut self: std::pin::Pin<&mut Self>,
        context: &mut std::task::Context<'_>,
    ) -> std::task::Poll<Option<Self::Item>> {
        if self.is_done {
            return std::task::Poll::Ready(None);
        }
        std::task::ready!(std::future::Future::poll(self.pause.as_mut(), context));
        self.is_done = true;
        std::task::Poll::Ready(Some(Ok(Bytes::from_static(b"slow"))))
    }
}

#[tokio::test]
async fn a_url_that_cannot_be_used_is_refused_without_being_shown() {
    let good = "https://storage.example/hidden";
    let none: [&str; 0] = [];
    let refused = [
        Signed::new(none, []),
        Signed::new(["hidden"], []),
        Signed::new(["file:///hidden"], []),
        Signed::new([good, "hidden"], []),
        Signed::new([good], [("bad name", "hidden")]),
        Signed::new([good], [("name", "hidden\n")]),
    ];
    for signed in refused {
        let error = signed.unwrap_err();
        assert!(!format!("{error} {error:?}").contains("hidden"), "{error}");
    }
}

#[tokio::test(start_paused = true)]
async fn what_follows_the_head_of_an_answer_is_read_for_a_while_and_to_a_size() {
    // Each piece comes in time, and there is no end.
    let drip = |status: u16| {
        let head = Step::Send(format!("HTTP/1.1 {status} -\r\nContent-Length: 99999999\r\n\r\n").into_bytes());
        let drops = (0..1000).flat_map(|_| [Step::Wait(Duration::from_secs(20)), Step::Send(b"x".to_vec())]);
        Plan::Answer([head].into_iter().chain(drops).collect())
    };
    let flood = |status: u16| {
        let head = Step::Send(format!("HTTP/1.1 {status} -\r\nTransfer-Encoding: chunked\r\n\r\n").into_bytes());
        let piece = [b"10000\r\n".to_vec(), vec![b'x'; 65_536], b"\r\n".to_vec()].concat();
        Plan::Answer([head].into_iter().chain((0..1000).map(|_| Step::Send(piece.clone()))).collect())
    };
    for status in [200, 403] {
        for plan in [drip(status), flood(status)] {
            let server = Server::start(move |_| plan.clone()).await;
            let client = client(&server);
            let started = tokio::time::Instant::now();

            let result = client.signed(&signed()).put(Content::from(Bytes::from_static(b"x"))).await;
            assert_eq!(result.is_ok(), status == 200, "{result:?}");
            assert!(started.elapsed() <= Duration::from_secs(31), "{:?}", started.elapsed());
        }
    }
}

#[tokio::test]
async fn a_code_of_the_storage_stands_in_one_line() {
    let body = "<Error><Code>Odd\u{1b}[31m\nCode\u{202e}</Code></Error>";
    let server = Server::start(move |_| answer(403, "", body)).await;
    let error = client(&server).signed(&signed()).get().await.unwrap_err();
    assert!(!error.to_string().chars().any(|c| c.is_control() || c == '\u{202e}'), "{error:?}");
}
