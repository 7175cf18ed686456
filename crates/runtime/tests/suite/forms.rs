//! Forms: what is sent to the byte, what is refused before it is sent, and what is sent again.

use std::io;
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::task::{Context, Poll};

use bytes::Bytes;
use dingtalk_runtime::{Client, Effect, Envelope, ErrorClass, ErrorKind, FileLimit, FormFile, Never, Operation, Phase};
use futures_core::Stream;

use crate::support::*;

const LIMITS: &[FileLimit] = &[FileLimit::new("media", &[], 100), FileLimit::new("media", &[("type", "voice")], 10)];
const UPLOAD: Operation = Operation {
    name: "test.Upload",
    method: dingtalk_runtime::Method::Post,
    path: "/media/upload",
    effect: Effect::Write,
    envelope: Envelope::Flat,
    form: Some(LIMITS),
    ..READ
};
const DONE: &str = r#"{"errcode":0,"errmsg":"ok","id":"1"}"#;

async fn server(answers: &'static [(u16, &'static str)]) -> (Server, Client) {
    let calls = AtomicUsize::new(0);
    let server = Server::start(move |_| {
        let (status, body) = answers[calls.fetch_add(1, Ordering::SeqCst).min(answers.len() - 1)];
        json(status, body)
    })
    .await;
    let client = bare(&server).build().unwrap();
    (server, client)
}

/// The body with `BOUNDARY` for what separates its parts.
fn body(received: &Received) -> String {
    let kind = received.header("content-type").unwrap();
    let boundary = kind.strip_prefix("multipart/form-data; boundary=").unwrap();
    assert_eq!((boundary.len(), boundary.chars().all(|each| each.is_ascii_hexdigit())), (32, true));
    assert_eq!(received.header("content-length"), Some(received.body.len().to_string().as_str()));
    assert_eq!(received.header("transfer-encoding"), None);
    String::from_utf8(received.body.clone()).unwrap().replace(boundary, "BOUNDARY")
}

#[tokio::test(start_paused = true)]
async fn names_of_files_stay_between_their_quotes() {
    let (server, client) = server(&[(200, DONE)]).await;
    let names =
        ["a b.txt", "报告 \u{1F4C4}.pdf", "\"; x=\"\\.txt\\", "a\r\ncontent-type: text/html\r\n\r\n\u{0}\u{7f}%22é"];
    for name in names {
        let file = FormFile::new(name, "--BOUNDARY--\r\n\r\n").content_type("text/plain; charset=utf-8");
        client.request(&UPLOAD).form("type", "image").form_file("media", &file).send::<Thing>().await.unwrap();
    }
    let escaped = [
        "a b.txt",
        "报告 \u{1F4C4}.pdf",
        "%22; x=%22%5C.txt%5C",
        "a%0D%0Acontent-type: text/html%0D%0A%0D%0A%00%7F%22é",
    ];
    for (received, name) in server.received().iter().zip(escaped) {
        let expected = format!(
            "--BOUNDARY\r\ncontent-disposition: form-data; name=\"type\"\r\n\r\nimage\r\n\
             --BOUNDARY\r\ncontent-disposition: form-data; name=\"media\"; filename=\"{name}\"\r\n\
             content-type: text/plain; charset=utf-8\r\n\r\n--BOUNDARY--\r\n\r\n\r\n--BOUNDARY--\r\n"
        );
        assert_eq!(body(received), expected);
    }
}

#[tokio::test(start_paused = true)]
async fn a_part_is_set_once_and_a_form_may_have_no_file_or_an_empty_one() {
    let (server, client) = server(&[(200, DONE)]).await;
    let request = client.request(&UPLOAD).form("a", &1_i64).form("b", &true).form("a", "\r\n--x");
    request.send::<Thing>().await.unwrap();
    let part = |name: &str, text: &str| {
        format!("--BOUNDARY\r\ncontent-disposition: form-data; name=\"{name}\"\r\n\r\n{text}\r\n")
    };
    assert_eq!(body(&server.received()[0]), part("a", "\r\n--x") + &part("b", "true") + "--BOUNDARY--\r\n");
    for empty in [FormFile::new("x", ""), FormFile::stream("x", 0, || stream(&[]))] {
        client.request(&UPLOAD).form_file("media", &empty).send::<Thing>().await.unwrap();
        let body = body(server.received().last().unwrap());
        assert!(body.ends_with("content-type: application/octet-stream\r\n\r\n\r\n--BOUNDARY--\r\n"), "{body}");
    }
}

#[tokio::test(start_paused = true)]
async fn what_is_too_large_is_refused_before_anything_is_sent() {
    let (server, client) = server(&[(200, DONE)]).await;
    let send = async |kind: &str, size: usize| {
        let file = FormFile::new("a.amr", vec![0; size]);
        client.request(&UPLOAD).form("type", kind).form_file("media", &file).send::<Thing>().await
    };
    for (kind, size, limit) in
        [("image", 101, "at most 100 bytes"), ("voice", 11, "at most 10 bytes are taken, where type is voice")]
    {
        let error = send(kind, size).await.unwrap_err();
        assert_eq!((error.kind(), error.phase()), (ErrorKind::Request, Phase::NotSent));
        let text = error.to_string();
        assert!(text.contains(limit) && text.contains(&format!("{size} bytes")) && text.contains("a.amr"), "{text}");
    }
    assert_eq!(server.received().len(), 0);
    for (kind, size) in [("image", 100), ("voice", 10)] {
        send(kind, size).await.unwrap();
    }
    for kind in ["", " ", "text/\r\nplain", "text/\u{e9}"] {
        let file = FormFile::new("a.txt", "a").content_type(kind);
        let error = client.request(&UPLOAD).form_file("media", &file).send::<Thing>().await.unwrap_err();
        assert_eq!((error.kind(), error.phase()), (ErrorKind::Request, Phase::NotSent), "{kind:?}");
    }
    assert_eq!(server.received().len(), 2);
}

/// Pieces, and then the failure if there is one.
struct Pieces(std::vec::IntoIter<io::Result<Bytes>>);

impl Stream for Pieces {
    type Item = io::Result<Bytes>;

    fn poll_next(mut self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<Option<io::Result<Bytes>>> {
        Poll::Ready(self.0.next())
    }
}

fn stream(pieces: &[&'static str]) -> Pieces {
    let pieces = pieces.iter().map(|piece| Ok(Bytes::from_static(piece.as_bytes())));
    Pieces(pieces.collect::<Vec<_>>().into_iter())
}

#[tokio::test(start_paused = true)]
async fn a_stream_is_opened_anew_for_each_attempt() {
    let (server, client) = server(&[(403, THROTTLED), (200, DONE)]).await;
    let opened = Arc::new(AtomicUsize::new(0));
    let counted = Arc::clone(&opened);
    let file = FormFile::stream("a.txt", 6, move || {
        counted.fetch_add(1, Ordering::SeqCst);
        stream(&["abc", "", "def"])
    });
    assert_eq!((file.name(), file.length()), ("a.txt", 6));
    let thing: Thing = client.request(&UPLOAD).form_file("media", &file).send().await.unwrap();
    assert_eq!(thing.id.as_deref(), Some("1"));
    assert_eq!(opened.load(Ordering::SeqCst), 2);
    let bodies: Vec<String> = server.received().iter().map(body).collect();
    assert!(bodies[0].contains("\r\n\r\nabcdef\r\n--BOUNDARY--"), "{}", bodies[0]);
    assert_eq!(bodies[0], bodies[1]);
}

#[tokio::test(start_paused = true)]
async fn a_stream_of_another_length_or_that_fails_breaks_the_request_off() {
    let failing = || Pieces(vec![Ok(Bytes::from_static(b"abc")), Err(io::Error::other("disk gone"))].into_iter());
    let files = [
        (FormFile::stream("a", 7, || stream(&["abc", "def"])), "ended before its announced length"),
        (FormFile::stream("a", 5, || stream(&["abc", "def"])), "goes on after its announced length"),
        (FormFile::stream("a", 0, || stream(&["abc"])), "goes on after its announced length"),
        (FormFile::stream("a", 9, failing), "disk gone"),
    ];
    for (file, reason) in files {
        let (server, client) = server(&[(200, DONE)]).await;
        let error = client.request(&UPLOAD).form_file("media", &file).send::<Thing>().await.unwrap_err();
        assert_eq!((error.kind(), error.phase(), error.attempts()), (ErrorKind::Request, Phase::NotSent, 1), "{error}");
        assert!(error.to_string().contains(reason), "{error}");
        assert_eq!(server.received().len(), 0, "the server never had a whole request");
    }
}

#[tokio::test(start_paused = true)]
async fn an_answer_beside_errcode_is_read_and_its_errors_are_errors() {
    let ask = async |body: &'static str| {
        let server = Server::start(move |_| json(200, body)).await;
        let client = bare(&server).retry(Never).build().unwrap();
        client.request(&UPLOAD).form("type", "x").send::<Thing>().await
    };
    for good in [DONE, r#"{"id":"1","errmsg":"ok","errcode":"0"}"#] {
        assert_eq!(ask(good).await.unwrap().id.as_deref(), Some("1"));
    }
    let error = ask(r#"{"errcode":33012,"errmsg":"no such","id":"1"}"#).await.unwrap_err();
    assert_eq!((error.kind(), error.phase(), error.class()), (ErrorKind::Api, Phase::Refused, ErrorClass::Parameter));
    assert_eq!((error.code().unwrap().as_str(), error.message()), ("33012", Some("no such")));
    // Nothing says that these worked.
    for odd in [r#"{"id":"1"}"#, "{}", "[]", ""] {
        let error = ask(odd).await.unwrap_err();
        assert_eq!((error.kind(), error.phase()), (ErrorKind::OutcomeUnknown, Phase::Unknown), "{odd}: {error}");
    }
}

#[tokio::test]
async fn a_request_shows_names_and_no_contents() {
    let (_, client) = server(&[(200, DONE)]).await;
    let file = FormFile::new("secret-name", "secret-bytes");
    let request = client.request(&UPLOAD).form("type", "secret-text").form_file("media", &file);
    let shown = format!("{request:?} {file:?}");
    assert!(shown.contains("\"type\", \"media\"") && !shown.contains("secret"), "{shown}");
}
