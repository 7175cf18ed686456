//! What a fuzzer throws bytes at: everything that reads what others wrote, with what must hold whatever they wrote.
//!
//! Only for this crate's fuzz targets and the test that replays them; no part of the public interface.
#![allow(missing_docs, clippy::expect_used, clippy::missing_panics_doc, reason = "a broken promise ends the run")]

use std::collections::BTreeMap;
use std::sync::OnceLock;
use std::time::{Duration, SystemTime};

use bytes::Bytes;
use reqwest::Url;
use reqwest::header::HeaderMap;
use serde_json::Value;

use crate::censor::Censor;
use crate::error::ErrorBody;
use crate::events::{Envelope, Payload};
use crate::operation::{Effect, Operation};
use crate::origin::Origin;
use crate::transport::{End, RawAnswer};
use crate::verdict::Extent;
use crate::{
    Answer, Client, ClientBuilder, Error, ErrorKind, MapOrList, OssError, Phase, Time, credentials, retry, verdict,
};

/// A target by the name of its corpus.
pub type Target = (&'static str, fn(&[u8]));

/// All targets.
pub const TARGETS: [Target; 9] = [
    ("answer", answer),
    ("error_body", error_body),
    ("path", path),
    ("retry_after", retry_after),
    ("token_answer", token_answer),
    ("object_storage_error", object_storage_error),
    ("time", time),
    ("event", event),
    ("origin", origin),
];

const OPERATION: Operation =
    Operation { name: "fuzz.Any", path: "/a/{id}/b", effect: Effect::Write, ..Operation::UNSET };

/// An answer with a field of each kind.
#[derive(Debug, Default)]
struct Everything {
    text: Option<String>,
    number: Option<i64>,
    small: Option<i32>,
    flag: Option<bool>,
    time: Option<Time>,
    next: Option<Box<Everything>>,
    list: Vec<Everything>,
    numbers: Vec<i64>,
    map: BTreeMap<String, String>,
    either: Option<MapOrList<Everything>>,
    any: Option<Value>,
}

crate::__dt_answer_object!(Everything {
    "text" => text: text,
    "number" => number: integer,
    "small" => small: small_integer,
    "flag" => flag: boolean,
    "time" => time: time,
    "next" => next: boxed object,
    "list" => list: list,
    "numbers" => numbers: list,
    "map" => map: map,
    "either" => either: map_or_list,
    "any" => any: any,
});

/// Answers decode, or the problem is told in one line.
pub fn answer(data: &[u8]) {
    match <Everything as Answer>::decode(data) {
        // What is no whole JSON is never good; control characters in texts are all that is forgiven.
        Ok(_) => {
            let forgiven: Vec<u8> = data.iter().map(|byte| if *byte < b' ' { b' ' } else { *byte }).collect();
            assert!(serde_json::from_slice::<serde::de::IgnoredAny>(&forgiven).is_ok());
        }
        Err(failure) => {
            let (path, problem) = (failure.path(), failure.problem());
            assert!(path.starts_with('$') && path.len() < 16 * 1024);
            assert!(!path.chars().chain(problem.chars()).any(char::is_control));
            // What is JSON is not called anything else.
            let text = std::str::from_utf8(data).unwrap_or_default();
            let is_json = serde_json::from_str::<serde::de::IgnoredAny>(text).is_ok();
            assert!(!(is_json && failure.is_broken()));
        }
    }
}

const STATUSES: [u16; 10] = [200, 204, 301, 400, 401, 403, 404, 429, 500, 503];

/// Any status with any body is a success or an error that can be shown in one line.
pub fn error_body(data: &[u8]) {
    let (first, body) = data.split_first().unwrap_or((&0, &[]));
    let status = STATUSES.get(usize::from(first % 10)).copied().unwrap_or(200);
    let fault = (first & 64 != 0).then(|| (Extent::Cut, Error::new(ErrorKind::Connection, Phase::Unknown, "cut")));
    let end = if first & 128 == 0 { End::Surely } else { End::Headers };
    let mut answer = RawAnswer { status, headers: HeaderMap::new(), body: Bytes::copy_from_slice(body), end, fault };
    let judged = verdict::judge(&OPERATION, &mut answer);
    let error = match judged {
        Ok(body) => verdict::second_look(&mut answer, ErrorBody::read(&body)),
        Err(error) => Some(error),
    };
    if let Some(error) = error {
        let censor = Censor::new(["fuzz".to_owned()]);
        let error = verdict::for_effect(&OPERATION, error).with(|facts| facts.censor(&censor, &censor));
        let shown = error.to_string();
        assert!(!shown.chars().any(char::is_control) && shown.len() < 64 * 1024);
        assert!(status >= 300 || error.phase() != Phase::NotSent);
        assert!(format!("{error:?}").len() < 64 * 1024);
    }
}

fn client() -> &'static Client {
    static CLIENT: OnceLock<Client> = OnceLock::new();
    CLIENT.get_or_init(|| ClientBuilder::new().base_url("http://127.0.0.1:9").build().expect("the address is local"))
}

/// An id arrives as it is, or is refused.
pub fn path(data: &[u8]) {
    let id = String::from_utf8_lossy(data);
    let Ok(target) = client().request(&OPERATION).path("id", &*id).query("q", &*id).address("") else {
        assert!(matches!(&*id, "" | "." | ".."));
        return;
    };
    let url = Url::parse(&format!("http://127.0.0.1:9{target}")).expect("it is a URL");
    let (path, query) = target.split_once('?').expect("it has a query");
    assert_eq!(url.path(), path);
    assert_eq!(url.query(), Some(query));
    let segments: Vec<&str> = path.split('/').collect();
    let [_, "a", segment, "b"] = segments[..] else { unreachable!("other segments: {path}") };
    let decoded = percent_encoding::percent_decode_str(segment).decode_utf8().expect("it was UTF-8");
    assert_eq!(decoded, id);
}

/// A pause is bounded.
pub fn retry_after(data: &[u8]) {
    let now = SystemTime::UNIX_EPOCH + Duration::from_secs(500_000 * 3600);
    let pause = retry::retry_after(data, now);
    assert!(pause.is_none_or(|pause| pause <= Duration::from_secs(24 * 3600)));
}

/// A token has a sane life and can be sent.
pub fn token_answer(data: &[u8]) {
    if let Ok(Some(token)) = credentials::read_answer(data) {
        let life = token.life().expect("it expires");
        assert!((60..=86_400).contains(&life.as_secs()));
        assert!(reqwest::header::HeaderValue::from_str(token.expose()).is_ok());
    }
}

pub fn object_storage_error(data: &[u8]) {
    if let Some(error) = OssError::parse(data) {
        assert!(!error.code.is_empty() && error.code.len() <= 2048 * 3);
    }
}

/// Times convert to the same point both ways, or not at all.
pub fn time(data: &[u8]) {
    let time = Time::from(&*String::from_utf8_lossy(data));
    let (millis, point) = (time.unix_millis(), time.to_system_time());
    if let (Some(millis), Some(point)) = (millis, point) {
        let epoch = SystemTime::UNIX_EPOCH;
        let distance = point.duration_since(epoch).or_else(|_| epoch.duration_since(point)).expect("one is later");
        assert_eq!(distance.as_millis(), u128::from(millis.unsigned_abs()));
    }
    assert!(millis.is_some() || point.is_none());
}

struct Any;

impl Payload for Any {
    type CorpId = String;

    fn name_of(biz_type: u32) -> Option<&'static str> {
        (biz_type == 233).then_some("created")
    }

    fn decode(_: &str, _: Value) -> Result<Self, serde_json::Error> {
        Ok(Self)
    }
}

pub fn event(data: &[u8]) {
    for envelope in
        [Envelope::<Any>::from_stream(data), Envelope::from_http(data), Envelope::from_sync(data)].into_iter().flatten()
    {
        assert!(!envelope.name.is_empty());
    }
}

/// What is taken as an address is https, or http to this machine.
pub fn origin(data: &[u8]) {
    let text = String::from_utf8_lossy(data);
    if let Ok(origin) = Origin::new(&text, "the server", false) {
        let url = Url::parse(origin.as_str()).expect("it is a URL");
        assert_eq!((url.username(), url.password(), url.query(), url.fragment()), ("", None, None, None));
        let host = origin.host().trim_start_matches('[').trim_end_matches(']');
        let is_loopback = host.parse::<std::net::IpAddr>().is_ok_and(|address| address.is_loopback());
        assert!(url.scheme() == "https" || (url.scheme() == "http" && is_loopback), "{text}");
    }
}
