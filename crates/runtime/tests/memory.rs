//! What answers become in memory, whatever they hold; counted by an allocator.
#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "tests fail by panicking")]

use std::collections::BTreeMap;

use dingtalk_runtime::{Answer, MapOrList, Time};
use serde_json::Value;

/// As large as the largest element of the API.
#[derive(Debug, Clone, PartialEq, Default)]
struct Large {
    id: Option<String>,
    name: Option<String>,
    path: Option<String>,
    extension: Option<String>,
    creator: Option<String>,
    modifier: Option<String>,
    uuid: Option<String>,
    created: Option<Time>,
    modified: Option<Time>,
    size: Option<i64>,
    version: Option<i64>,
    either: Option<MapOrList<Large>>,
    boxed: Option<Box<Large>>,
    list: Vec<Large>,
    lists: Vec<Vec<i64>>,
    names: Vec<String>,
    numbers: Vec<i64>,
    map: BTreeMap<String, i64>,
    maps: BTreeMap<String, Large>,
    any: Option<Value>,
}

dingtalk_runtime::__private::answer_object!(Large {
    "id" => id: text,
    "name" => name: text,
    "path" => path: text,
    "extension" => extension: text,
    "creator" => creator: text,
    "modifier" => modifier: text,
    "uuid" => uuid: text,
    "created" => created: time,
    "modified" => modified: time,
    "size" => size: integer,
    "version" => version: integer,
    "either" => either: map_or_list,
    "boxed" => boxed: boxed object,
    "list" => list: list,
    "lists" => lists: list,
    "names" => names: list,
    "numbers" => numbers: list,
    "map" => map: map,
    "maps" => maps: map,
    "any" => any: any,
});

/// The most memory that reading a body took at once, in times of its size; and whether it could be read.
fn times<T: Answer>(body: &str) -> (u64, bool) {
    let mut is_good = false;
    let memory = allocation_counter::measure(|| is_good = T::decode(body.as_bytes()).is_ok());
    (memory.bytes_max.div_ceil(u64::try_from(body.len()).unwrap()), is_good)
}

#[test]
fn no_answer_becomes_more_than_eight_times_its_size() {
    // Smaller answers may take a mebibyte, whatever they hold.
    const SIZE: usize = 1024 * 1024;
    // What is repeated, between what stands before and after it.
    let repeated = [
        (r#"{"list":["#, "{},", "{}]}"),
        (r#"{"list":["#, r#"{"list":[{}]},"#, "{}]}"),
        (r#"{"list":["#, r#"{"boxed":{}},"#, "{}]}"),
        (r#"{"list":["#, r#"{"map":{"":1}},"#, "{}]}"),
        (r#"{"list":["#, r#"{"either":{"":[{}]}},"#, "{}]}"),
        (r#"{"list":["#, r#"{"either":[{}]},"#, "{}]}"),
        (r#"{"list":["#, r#"{"size":[]},"#, "{}]}"),
        (r#"{"lists":["#, "[],", "[]]}"),
        (r#"{"lists":["#, "[0],", "[]]}"),
        (r#"{"names":["#, r#""","#, "7]}"),
        (r#"{"names":["#, "7,", "7]}"),
        (r#"{"names":["#, r#""\u0041","#, "7]}"),
        (r#"{"numbers":["#, "7,", "7]}"),
        (r#"{"any":["#, "[],", "[]]}"),
        (r#"{"any":["#, "[0],", "[]]}"),
        (r#"{"any":["#, r#"{"":0},"#, "[]]}"),
        (r#"{"any":["#, r#""a","#, "[]]}"),
        (r#"{"id":""#, r"\u0041", "\"}"),
        (r#"{"id":""#, r"\n", "\"}"),
        (r#"{"id":""#, "x", "\"}"),
        (r#"{"unknown":"#, "[", ""),
        (r#"{"unknown":["#, "{},", "[]]}"),
    ];
    let bodies = repeated.map(|(start, part, end)| format!("{start}{}{end}", part.repeat(SIZE / part.len())));
    let named = [("maps", "{}"), ("map", "1"), ("either", "[]"), ("any", "[]")].map(|(field, value)| {
        let entries: Vec<String> = (0..SIZE / 12).map(|number| format!(r#""{number}":{value}"#)).collect();
        format!(r#"{{"{field}":{{{}}}}}"#, entries.join(","))
    });
    for body in bodies.iter().chain(&named) {
        for (times, _) in [times::<Large>(body), times::<Value>(body), times::<()>(body)] {
            assert!(times <= 8, "{times} times: {}", &body[..40]);
        }
    }
}

#[test]
fn answers_of_the_usual_shapes_are_read_at_any_size() {
    let file = |number: usize| {
        format!(
            r#"{{"id":"22289278{number:04}","name":"Report {number}.docx","path":"/Reports/Report {number}.docx","extension":"docx","creator":"nQ1iSvVzJDVDk7xiSWeSivCwiEiE","modifier":"nQ1iSvVzJDVDk7xiSWeSivCwiEiE","uuid":"P7QG4Yx2JpXDvjzBIMk1m46eJ9dEq","created":"2026-05-28T09:37:16Z","modified":"2026-05-29T10:47:08Z","size":{number},"version":3}}"#
        )
    };
    let files: Vec<String> = (0..20_000).map(file).collect();
    let body = format!(r#"{{"list":[{}]}}"#, files.join(","));
    assert!(body.len() > 6_000_000);
    assert!(times::<Large>(&body).1, "as typed values");
    let ids: Vec<String> = (0..90_000).map(|number| format!("\"2228927874{number:05}\"")).collect();
    assert!(times::<Large>(&format!(r#"{{"names":[{}]}}"#, ids.join(","))).1, "many ids");
    // Small answers may have any shape.
    assert!(times::<Large>(&format!(r#"{{"list":[{}{{}}]}}"#, "{},".repeat(1000))).1);
    assert!(times::<Value>(&format!(r#"{{"list":[{}]}}"#, files[..200].join(","))).1, "as JSON");
}

/// Nobody is known before his signature is: what he sends is not built up.
#[cfg(feature = "callback")]
#[test]
fn a_push_of_a_stranger_takes_no_more_than_it_has() {
    use dingtalk_runtime::events::{Callback, CallbackError};
    let callback = Callback::new("123456", "1".repeat(43), "owner").unwrap();
    for (begin, repeated, end) in [
        (r#"{"list":["#, "{},", r#"0],"encrypt":"a"}"#),
        (r#"{"list":["#, "[],", r#"0],"encrypt":"a"}"#),
        (r#"{"encrypt":"a","#, r#""a":1,"#, r#""b":1}"#),
        (r#"{"encrypt":""#, "a", r#""}"#),
    ] {
        let body = format!("{begin}{}{end}", repeated.repeat((1 << 20) / repeated.len()));
        let memory = allocation_counter::measure(|| {
            let opened = callback.open("signature=a&timestamp=1&nonce=n", body.as_bytes());
            assert_eq!(opened, Err(CallbackError::Signature));
        });
        // The encrypted text itself, and once more with what is signed beside it.
        assert!(memory.bytes_max <= 3 << 20, "{} bytes for {repeated}", memory.bytes_max);
    }
}

#[test]
fn ids_of_handled_events_take_the_same_however_long_they_are() {
    let mut seen = dingtalk_runtime::events::Seen::new(1000);
    let ids: Vec<String> = (0..1000).map(|number| format!("{number}{}", "x".repeat(10_000))).collect();
    let memory = allocation_counter::measure(|| ids.iter().for_each(|id| seen.add(id)));
    assert!(memory.bytes_max < 128 * 1024, "{}", memory.bytes_max);
    assert!(ids.iter().all(|id| seen.has(id)) && !seen.has("0"));
}
