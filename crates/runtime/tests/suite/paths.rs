//! Whatever an id holds, the server sees the resource that was meant, or nothing.

use std::sync::{Arc, Mutex};

use dingtalk_runtime::{Client, ErrorKind, Operation, Phase};

use crate::support::*;

/// An operation with many parameters, to try many strings with one request.
const MANY: Operation =
    Operation { name: "test.Many", path: "/v1.0/{a}/{b}/x/{c}/{d}/{e}/y/{f}/{g}/{h}/{i}/{j}", body: false, ..READ };
const NAMES: [&str; 10] = ["a", "b", "c", "d", "e", "f", "g", "h", "i", "j"];
/// Segments of the template that are fixed, by their place.
const FIXED: [(usize, &str); 3] = [(0, "v1.0"), (3, "x"), (7, "y")];

/// Strings that have led others astray.
const NAUGHTY: [&str; 48] = [
    "../y",
    "x/../y",
    "..%2f",
    "%2e",
    "%2E%2E",
    ".%2e",
    "%2e.",
    "...",
    "....",
    ".. ",
    " ..",
    "..;",
    ";..",
    ".;/",
    "./",
    "/.",
    "/..",
    "//",
    "/",
    "\\",
    "..\\",
    "\\..",
    "%",
    "%%",
    "%2",
    "%zz",
    "%00",
    "\0",
    "\r\nHost: evil",
    "\n",
    "\t",
    " ",
    "?",
    "?a=b",
    "#",
    "#a",
    "&",
    "=",
    "a b",
    "中文",
    "é",
    "🙂",
    "\u{202e}",
    "\u{feff}",
    "\u{ffff}",
    "'\"<>`{}|^[]",
    "http://evil",
    "@:!$()*+,",
];

fn random_string(random: &mut fastrand::Rng) -> String {
    const PIECES: [&str; 24] = [
        ".", "..", "/", "\\", "%", "%2e", "%2F", "%5c", "?", "#", "&", "=", ";", ":", "@", "+", " ", "\0", "\r", "\n",
        "é", "中", "🙂", "x",
    ];
    match random.u8(..4) {
        0 => NAUGHTY[random.usize(..NAUGHTY.len())].to_owned(),
        1 => (0..random.usize(1..6)).map(|_| PIECES[random.usize(..PIECES.len())]).collect(),
        2 => (0..random.usize(1..12)).map(|_| random.char(..)).collect(),
        _ => (0..random.usize(1..24)).map(|_| char::from(random.u8(..128))).collect(),
    }
}

fn is_refused(text: &str) -> bool {
    matches!(text, "" | "." | "..")
}

fn decoded(segment: &str) -> String {
    percent_encoding::percent_decode_str(segment).decode_utf8().unwrap().into_owned()
}

#[tokio::test(start_paused = true)]
async fn a_hundred_thousand_strings_arrive_as_they_are_or_not_at_all() {
    let target = Arc::new(Mutex::new(String::new()));
    let seen = Arc::clone(&target);
    let server = Server::start(move |received| {
        seen.lock().unwrap().clone_from(&received.target);
        json(200, "{}")
    })
    .await;
    let client: Client = bare(&server).build().unwrap();
    let mut strings = 0;
    for seed in 0..10_100 {
        let mut random = fastrand::Rng::with_seed(seed);
        let mut texts: Vec<String> = Vec::new();
        while texts.len() < NAMES.len() {
            texts.extend(Some(random_string(&mut random)).filter(|text| !is_refused(text)));
        }
        let call =
            NAMES.iter().zip(&texts).fold(client.request(&MANY), |request, (name, text)| request.path(name, text));
        call.query("q", &texts[0]).send::<()>().await.unwrap();
        let target = target.lock().unwrap().clone();
        let context = format!("seed {seed}, {texts:?}: {target}");
        let (path, query) = target.split_once('?').unwrap();
        assert!(target.bytes().all(|byte| byte.is_ascii_graphic()), "{context}");
        let segments: Vec<&str> = path.split('/').skip(1).collect();
        assert_eq!(segments.len(), 13, "{context}");
        for (place, fixed) in FIXED {
            assert_eq!(segments[place], fixed, "{context}");
        }
        let values: Vec<String> = (0..13)
            .filter(|place| FIXED.iter().all(|(fixed, _)| fixed != place))
            .map(|place| decoded(segments[place]))
            .collect();
        assert_eq!(values, texts, "{context}");
        // What a parser of URLs makes of it is the same: no dots that climb.
        assert_eq!(reqwest::Url::parse(&format!("http://h{target}")).unwrap().path(), path, "{context}");
        assert_eq!(
            query.split_once('=').map(|(_, value)| decoded(value)).as_deref(),
            Some(texts[0].as_str()),
            "{context}"
        );
        strings += texts.len();
    }
    assert!(strings >= 100_000);
}

#[tokio::test(start_paused = true)]
async fn what_would_lead_astray_is_refused_before_anything_is_sent() {
    let server = Server::start(|_| json(200, GOOD)).await;
    let client: Client = with_tokens(&server).build().unwrap();
    for text in ["", ".", ".."] {
        for operation in [&READ, &WRITE] {
            let error = client.request(operation).path("id", text).send::<Thing>().await.unwrap_err();
            assert_eq!((error.kind(), error.phase()), (ErrorKind::Request, Phase::NotSent));
        }
    }
    let error = client.request(&READ).send::<Thing>().await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Request);
    assert!(error.to_string().contains("the path parameter id is empty"), "{error}");
    assert_eq!(server.received().len(), 0);
}

#[tokio::test(start_paused = true)]
async fn a_parameter_that_is_set_again_is_replaced() {
    let server = Server::start(|_| json(200, GOOD)).await;
    let client: Client = bare(&server).build().unwrap();
    let request = client.request(&READ).path("id", "1").path("id", "2").query("a", "1").query("b", "2").query("a", "3");
    let request = request.query_indexed("c", &["x", "y", "z"]).query_indexed("c", &["w"]);
    request.send::<Thing>().await.unwrap();
    assert_eq!(server.received()[0].target, "/v1.0/things/2/query?a=3&b=2&c.1=w");
    assert_eq!(server.received()[0].body, b"{}");
}
