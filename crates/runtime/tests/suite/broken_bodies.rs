//! Bodies that no strict reader takes: what they say still counts.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use dingtalk_runtime::{Client, ErrorClass, ErrorKind, Phase};

use crate::support::*;

/// An answer with these bytes, of some content type.
fn raw(status: u16, kind: &str, body: &[u8]) -> Plan {
    let head = format!("HTTP/1.1 {status} -\r\nContent-Type: {kind}\r\nContent-Length: {}\r\n\r\n", body.len());
    Plan::Answer(vec![Step::Send([head.as_bytes(), body].concat())])
}

/// The ways to break an error body.
fn broken(code: &str) -> Vec<(&'static str, Vec<u8>)> {
    let said = format!(r#""code":"{code}","requestid":"R-9""#);
    let with = |message: &[u8]| [b"{", said.as_bytes(), b",\"message\":\"", message, b"\"}"].concat();
    let before = |message: &[u8]| [b"{\"message\":\"", message, b"\",", said.as_bytes(), b"}"].concat();
    let deep = |opening: &str, closing: &str| {
        format!(r#"{{"message":{}1{},{said}}}"#, opening.repeat(5000), closing.repeat(5000)).into_bytes()
    };
    vec![
        ("GBK", with(b"\xce\xde\xd0\xa7\xb5\xc4")),
        ("GBK with a backslash", before(b"\xce\xde\xd5\\")),
        ("a mark of the byte order", [b"\xef\xbb\xbf".to_vec(), with(b"m")].concat()),
        ("a lone surrogate", with(br"\ud83d")),
        ("a lone surrogate before", before(br"x\ude00y")),
        ("a raw tab", before(b"a\tb")),
        ("a raw line break", with(b"a\r\nb")),
        ("a NUL after it", [with(b"m"), b"\0".to_vec()].concat()),
        ("something after it", [with(b"m"), b"\r\n<!-- node 7 -->".to_vec()].concat()),
        ("cut JSON", with(b"m")[..said.len() + 14].to_vec()),
        ("a deep list", deep("[", "]")),
        ("a deep object", deep(r#"{"a":"#, "}")),
        ("no UTF-8", before(b"\xff\xfe\x80")),
        ("a path of Windows", before(br"C:\Users\x")),
    ]
}

#[tokio::test(start_paused = true)]
async fn the_code_and_the_id_of_an_error_are_read_whatever_is_broken() {
    for kind in ["application/json", "text/html;charset=GBK", "text/plain", ""] {
        for (what, body) in broken("spaceNotExist") {
            let server = Server::start(move |_| raw(404, kind, &body)).await;
            let client: Client = bare(&server).build().unwrap();
            let error = request(&client, &WRITE).send::<Thing>().await.unwrap_err();
            let facts = (error.kind(), error.class(), error.request_id(), error.attempts());
            assert_eq!(facts, (ErrorKind::Api, ErrorClass::Missing, Some("R-9"), 1), "{what}: {error:?}");
        }
    }
}

#[tokio::test(start_paused = true)]
async fn tokens_are_renewed_and_throttles_waited_for_whatever_is_broken() {
    for (code, status) in [("InvalidAuthentication", 400), ("Forbidden.AccessDenied.QpsLimitForAppkeyAndApi", 403)] {
        for (what, body) in broken(code) {
            let sent = AtomicUsize::new(0);
            let server = Server::start(move |received| match received.path() {
                TOKEN_PATH => json(200, TOKEN),
                _ if sent.fetch_add(1, Ordering::SeqCst) == 0 => raw(status, "application/json", &body),
                _ => json(200, GOOD),
            })
            .await;
            let client: Client = with_tokens(&server).build().unwrap();
            request(&client, &WRITE).send::<Thing>().await.unwrap_or_else(|error| panic!("{what}: {error:?}"));
            assert_eq!(server.count("/v1.0/things/7/write"), 2, "{what}");
        }
    }
}

#[tokio::test(start_paused = true)]
async fn a_broken_name_spoils_no_page() {
    let names: [&[u8]; 8] =
        [br"\ud83d.txt", br"x\ude00", b"a\tb", b"a\0b", b"\xce\xde\xd5\\", b"\xe6\x96", br"C:\Users\x", b"\xff"];
    for name in names {
        let body = [br#"{"nextToken":"n","things":[{"id":""#, name, br#"","size":7},{"id":"2","size":8}]}"#].concat();
        for body in [body.clone(), [b"\xef\xbb\xbf".to_vec(), body.clone(), b"\0".to_vec()].concat()] {
            let server = Server::start(move |_| raw(200, "application/json", &body)).await;
            let client: Client = bare(&server).build().unwrap();
            let page = request(&client, &READ).send::<Thing>().await.unwrap();
            assert_eq!(page.things.iter().map(|thing| thing.size).collect::<Vec<_>>(), [Some(7), Some(8)]);
            assert_eq!((page.next.as_deref(), page.things[1].id.as_deref()), (Some("n"), Some("2")));
            assert_eq!(server.received().len(), 1);
        }
    }
}

#[tokio::test(start_paused = true)]
async fn a_ban_is_a_page_and_no_content_type() {
    for kind in ["text/html", "TEXT/HTML; charset=utf-8"] {
        for status in [200, 201] {
            let server = Server::start(move |_| raw(status, kind, GOOD.as_bytes())).await;
            let client: Client = bare(&server).build().unwrap();
            for operation in [&WRITE, &READ, &WRITE] {
                request(&client, operation).send::<Thing>().await.unwrap();
            }
        }
        // Words without markup are no page either.
        let server = Server::start(move |_| raw(403, kind, b"Forbidden")).await;
        let client: Client = bare(&server).build().unwrap();
        let error = request(&client, &WRITE).send::<Thing>().await.unwrap_err();
        assert_eq!((error.kind(), error.phase()), (ErrorKind::Api, Phase::Refused));
    }
    for page in ["<html>Go away</html>", "\u{feff}<!doctype HTML>", "<!-- x --><head><title>403</title></head>"] {
        for kind in ["application/json", "text/plain", ""] {
            let server = Server::start(move |_| raw(200, kind, page.as_bytes())).await;
            let client: Client = bare(&server).build().unwrap();
            let error = request(&client, &WRITE).send::<Thing>().await.unwrap_err();
            assert_eq!((error.kind(), error.phase()), (ErrorKind::Banned, Phase::Refused), "{page}");
            assert_eq!(error.retry_after(), Some(Duration::from_secs(5 * 60)));
            let error = request(&client, &WRITE).send::<Thing>().await.unwrap_err();
            assert_eq!(error.phase(), Phase::NotSent, "{page}");
        }
    }
}

/// How a unit of UTF-16 is written.
type Bytes = fn(u16) -> [u8; 2];

#[tokio::test(start_paused = true)]
async fn utf_16_is_read_with_and_without_its_mark() {
    let encoded = |text: &str, mark: &[u8], bytes: Bytes| {
        mark.iter().copied().chain(text.encode_utf16().flat_map(bytes)).collect::<Vec<u8>>()
    };
    let ways: [(&[u8], Bytes); 4] = [
        (b"", u16::to_le_bytes),
        (b"", u16::to_be_bytes),
        (b"\xff\xfe", u16::to_le_bytes),
        (b"\xfe\xff", u16::to_be_bytes),
    ];
    for (mark, bytes) in ways {
        for text in [
            r#"{"code":"spaceNotExist","requestid":"R-9","message":"无效 😀"}"#,
            "{\"message\":\"a\tb\",\"requestid\":\"R-9\",\"code\":\"spaceNotExist\"",
        ] {
            let body = encoded(text, mark, bytes);
            let server = Server::start(move |_| raw(404, "application/json", &body)).await;
            let client: Client = bare(&server).build().unwrap();
            let error = request(&client, &WRITE).send::<Thing>().await.unwrap_err();
            assert_eq!((error.class(), error.request_id()), (ErrorClass::Missing, Some("R-9")), "{text}: {error:?}");
        }
        let good = encoded(r#"{"id":"名😀","size":7}"#, mark, bytes);
        let server = Server::start(move |_| raw(200, "application/json", &good)).await;
        let client: Client = bare(&server).build().unwrap();
        let thing = request(&client, &READ).send::<Thing>().await.unwrap();
        assert_eq!((thing.id.as_deref(), thing.size), (Some("名😀"), Some(7)));
    }
}
