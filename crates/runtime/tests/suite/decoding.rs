//! Answers as the server really writes them.

use std::collections::BTreeMap;

use dingtalk_runtime::{Client, Effect, ErrorKind, MapOrList, Phase, Time};
use serde_json::json as value;

use crate::support::*;

/// A part of an answer.
#[derive(Debug, Default, Clone, PartialEq)]
pub struct Part {
    name: Option<String>,
}

dingtalk_runtime::__private::answer_object!(Part { "name" => name: text, });

/// An id.
#[derive(Debug, Default, Clone, PartialEq, Eq)]
pub struct PartId(String);

dingtalk_runtime::__private::id!(PartId);

/// An answer with a field of each kind.
#[derive(Debug, Default, Clone, PartialEq)]
pub struct Everything {
    key: PartId,
    id: Option<PartId>,
    text: Option<String>,
    number: Option<i64>,
    small: Option<i32>,
    flag: Option<bool>,
    time: Option<Time>,
    part: Option<Part>,
    boxed: Option<Box<Part>>,
    list: Vec<Part>,
    ids: Vec<PartId>,
    numbers: Vec<i64>,
    map: BTreeMap<String, PartId>,
    either: Option<MapOrList<Part>>,
    any: Option<serde_json::Value>,
}

dingtalk_runtime::__private::answer_object!(Everything {
    "key" => key: always text,
    "id" => id: text,
    "text" => text: text,
    "number" => number: integer,
    "small" => small: small_integer,
    "flag" => flag: boolean,
    "time" => time: time,
    "part" => part: object,
    "boxed" => boxed: boxed object,
    "list" => list: list,
    "ids" => ids: list,
    "numbers" => numbers: list,
    "map" => map: map,
    "either" => either: map_or_list,
    "any" => any: any,
});

/// An open set of texts.
#[derive(Debug, Clone, PartialEq)]
pub enum Kind {
    File,
    Folder,
    UnknownValue(dingtalk_runtime::UnknownValue),
}

dingtalk_runtime::__private::open_enum!(Kind { "FILE" => File, "FOLDER" => Folder, });

#[test]
fn values_of_enums_are_read_whatever_the_case_and_others_stay_as_they_are() {
    for (text, kind) in [("FILE", Kind::File), ("file", Kind::File), ("Folder", Kind::Folder)] {
        assert_eq!(Kind::from(text), kind, "{text}");
    }
    for text in ["Files", "", "link", "字"] {
        let kind = Kind::from(text);
        assert!(matches!(kind, Kind::UnknownValue(_)), "{text}");
        assert_eq!(kind.as_str(), text);
    }
    // An enum takes no more room for values that hardly ever come.
    assert_eq!(size_of::<Option<Kind>>(), 2 * size_of::<usize>());
}

fn part(name: &str) -> Part {
    Part { name: Some(name.to_owned()) }
}

/// Decodes an answer that has the field which must be there, and one more.
fn read(name: &str, json: &str) -> Result<Everything, String> {
    let body = format!(r#"{{"key":"k","{name}":{json}}}"#);
    serde_json::from_str(&body).map_err(|error| error.to_string())
}

fn check(name: &str, json: &str, change: impl FnOnce(&mut Everything)) {
    let mut expected = Everything { key: "k".into(), ..Everything::default() };
    change(&mut expected);
    assert_eq!(read(name, json), Ok(expected), "{name}: {json}");
}

#[test]
fn every_field_may_be_absent_in_every_way() {
    for name in
        ["id", "number", "small", "flag", "time", "part", "boxed", "list", "ids", "numbers", "map", "either", "unknown"]
    {
        for json in ["null", "\"\""] {
            check(name, json, |_| {});
        }
    }
    check("text", "null", |_| {});
    check("text", "\"\"", |all| all.text = Some(String::new()));
    check("any", "null", |_| {});
}

#[test]
fn numbers_and_texts_stand_for_each_other() {
    for (json, text) in [
        ("\"7\"", "7"),
        ("7", "7"),
        ("-7", "-7"),
        ("18446744073709551615", "18446744073709551615"),
        ("9007199254740993", "9007199254740993"),
        ("1.5", "1.5"),
        ("true", "true"),
    ] {
        check("id", json, |all| all.id = Some(text.into()));
        check("text", json, |all| all.text = Some(text.into()));
    }
    for json in ["7", "\"7\"", "\" 7 \"", "7.0", "7e0"] {
        check("number", json, |all| all.number = Some(7));
        check("small", json, |all| all.small = Some(7));
        check("numbers", &format!("[{json},null,\"\"]"), |all| all.numbers = vec![7]);
    }
    for number in [i64::MAX, i64::MIN, 9_007_199_254_740_993] {
        check("number", &number.to_string(), |all| all.number = Some(number));
        check("number", &format!("\"{number}\""), |all| all.number = Some(number));
    }
    for json in ["true", "\"true\"", "\"TRUE\"", "1", "\"1\""] {
        check("flag", json, |all| all.flag = Some(true));
    }
    for json in ["false", "\"false\"", "\"False\"", "0", "\"0\""] {
        check("flag", json, |all| all.flag = Some(false));
    }
    for json in ["1653730636000", "\"1653730636000\"", "\"2022-05-28T09:37:16Z\"", "\"Sat May 28 17:37:16 CST 2022\""] {
        let time = read("time", json).unwrap().time.unwrap();
        assert_eq!(time.unix_millis(), Some(1_653_730_636_000), "{json}");
    }
    check("time", "\"some day\"", |all| all.time = Some("some day".into()));
}

#[test]
fn ids_keep_every_digit() {
    for seed in 0..20_000 {
        let number = fastrand::Rng::with_seed(seed).u64(..);
        check("id", &number.to_string(), |all| all.id = Some(number.to_string().into()));
    }
    for json in ["18446744073709551616", "123456789012345678901234567890", "-9223372036854775809"] {
        check("id", json, |all| all.id = Some(json.into()));
        check("ids", &format!("[{json}]"), |all| all.ids = vec![json.into()]);
    }
}

#[test]
fn lists_maps_and_objects_leave_out_what_is_absent() {
    check("part", r#"{"name":"a","other":[{}]}"#, |all| all.part = Some(part("a")));
    check("boxed", r#"{"name":"a"}"#, |all| all.boxed = Some(Box::new(part("a"))));
    check("list", r#"[{"name":"a"},null,"",{"name":"b"}]"#, |all| all.list = vec![part("a"), part("b")]);
    check("ids", r#"["a",7,null,""]"#, |all| all.ids = vec!["a".into(), "7".into()]);
    check("map", r#"{"a":"x","b":null,"c":7}"#, |all| {
        all.map = [("a".to_owned(), "x".into()), ("c".to_owned(), "7".into())].into();
    });
    check("any", r#"{"a":[1,null,{"b":"c"}]}"#, |all| all.any = Some(value!({"a": [1, null, {"b": "c"}]})));
}

#[test]
fn properties_may_be_a_list_or_a_map_of_lists() {
    check("either", r#"[{"name":"a"}]"#, |all| all.either = Some(MapOrList::List(vec![part("a")])));
    let map = [("x".to_owned(), vec![part("a"), part("b")]), ("y".to_owned(), vec![])];
    check("either", r#"{"x":[{"name":"a"},{"name":"b"}],"y":null}"#, |all| {
        all.either = Some(MapOrList::Map(map.into()));
    });
    let either = read("either", r#"{"x":[{"name":"a"}],"y":[{"name":"b"}]}"#).unwrap().either.unwrap();
    assert_eq!(either.iter().cloned().collect::<Vec<_>>(), [part("a"), part("b")]);
    assert_eq!((either.under("y"), either.under("z")), (&[part("b")][..], &[][..]));
}

#[test]
fn other_types_are_errors() {
    let wrong = [
        ("id", "[]"),
        ("id", "{}"),
        ("id", "1e30"),
        ("number", "true"),
        ("number", "\"x\""),
        ("number", "1.5"),
        ("number", "0.99999999999999999999"),
        ("number", "4503599627370497.7"),
        ("number", "\"4503599627370497.7\""),
        ("number", "9007199254740993.5"),
        ("number", "1e-400"),
        ("number", "1e400"),
        ("number", "9223372036854775808"),
        ("small", "2147483648"),
        ("flag", "2"),
        ("flag", "\"yes\""),
        ("part", "[]"),
        ("part", "7"),
        ("part", "\"x\""),
        ("list", "{}"),
        ("list", "\"x\""),
        ("map", "[]"),
        ("either", "7"),
        ("number", "1e999"),
    ];
    for (name, json) in wrong {
        assert!(read(name, json).is_err(), "{name}: {json}");
    }
}

#[test]
fn a_field_that_must_be_there_is_missed_by_name() {
    let error = |body| serde_json::from_str::<Everything>(body).unwrap_err().to_string();
    for body in ["{}", r#"{"id":"1"}"#] {
        assert!(error(body).contains("missing field `key`"), "{body}: {}", error(body));
    }
    for body in [r#"{"key":null}"#, r#"{"key":""}"#] {
        assert!(error(body).contains("expected a value"), "{body}: {}", error(body));
    }
}

pub async fn answered(body: String) -> Result<Everything, dingtalk_runtime::Error> {
    let server = Server::start(move |_| json(200, &body)).await;
    let client: Client = bare(&server).build().unwrap();
    request(&client, &READ).send().once().await
}

#[tokio::test(start_paused = true)]
async fn errors_lead_to_the_field_without_its_value() {
    let cases = [
        (r#"{"key":"k","number":0.99999999999999999999}"#, "at $.number: expected a whole number, found a fraction"),
        (r#"{"key":"k","number":1e400}"#, "at $.number: expected a number of 64 bits with sign, found a larger number"),
        (r#"{"key":"k","number":"secret-value"}"#, "at $.number: expected a whole number, found a text"),
        (r#"{"id":"secret-value"}"#, "the field key is missing"),
        (r#"{"key":"k","part":"secret-value"}"#, "at $.part: expected an object, found a text"),
        (r#"["secret-value"]"#, "at $: expected an object, found a list"),
        (r#"{"key":"k","boxed":{"name":["secret-value"]}}"#, "at $.boxed.name: expected a text, found a list"),
    ];
    for (body, part) in cases {
        let error = answered(body.to_owned()).await.unwrap_err();
        assert_eq!((error.kind(), error.phase(), error.attempts()), (ErrorKind::Answer, Phase::Applied, 1), "{body}");
        let shown = format!("{error} {error:?}");
        assert!(shown.contains(part), "{part} is not in: {shown}");
        assert!(!shown.contains("secret"), "{shown}");
    }
}

#[tokio::test(start_paused = true)]
async fn errors_about_broken_answers_show_none_of_it() {
    for body in [
        r#"{"key":"secret-value":1}"#,
        r#"{"secret-value":}"#,
        r#"{"key":"k","any":{"secret-value":secret-value}}"#,
        "secret-value",
    ] {
        let error = answered(body.to_owned()).await.unwrap_err();
        assert_eq!((error.kind(), error.phase()), (ErrorKind::Answer, Phase::Applied), "{body}");
        let shown = format!("{error} {error:?}");
        assert!(shown.contains("at $"), "{shown}");
        assert!(!shown.contains("secret"), "{body}: {shown}");
    }
}

#[tokio::test(start_paused = true)]
async fn an_answer_that_is_cut_anywhere_is_never_good() {
    let body = r#"{"key":"k","list":[{"name":"a"},{"name":"b\"}"}],"map":{"a":"x"},"number":12,"any":{"deep":[1,2,{"x":null}]}}"#;
    for end in 0..body.len() {
        // By a server that closes the connection where the answer ends.
        let cut = format!("HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n{}", &body[..end]).into_bytes();
        let server = Server::start(move |_| Plan::Answer(vec![Step::Send(cut.clone()), Step::Close])).await;
        let client: Client = bare(&server).build().unwrap();
        let error = request(&client, &READ).send::<Everything>().once().await.unwrap_err();
        assert_eq!((error.kind(), error.is_retryable()), (ErrorKind::Answer, true), "{end}: {error}");
        // And by one that promised more.
        let head = format!("HTTP/1.1 200 OK\r\nContent-Length: {}\r\n\r\n{}", body.len(), &body[..end]).into_bytes();
        let server = Server::start(move |_| Plan::Answer(vec![Step::Send(head.clone()), Step::Close])).await;
        let client: Client = bare(&server).build().unwrap();
        let error = request(&client, &READ).send::<Everything>().once().await.unwrap_err();
        assert_eq!((error.kind(), error.phase()), (ErrorKind::Connection, Phase::Unknown), "{end}: {error}");
    }
    answered(body.to_owned()).await.unwrap();
}

#[tokio::test(start_paused = true)]
async fn an_answer_that_nobody_reads_is_never_good_when_it_is_cut() {
    let ask = async |operation, answer: Vec<u8>| {
        let server = Server::start(move |_| Plan::Answer(vec![Step::Send(answer.clone()), Step::Close])).await;
        let client: Client = bare(&server).build().unwrap();
        request(&client, operation).send::<()>().once().await
    };
    let closed = |body: &str| format!("HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n{body}").into_bytes();
    let body = r#"{"code":"permissionDenied","requestid":"R","message":"m"}"#;
    for operation in [&READ, &WRITE] {
        for end in 1..body.len() {
            let error = ask(operation, closed(&body[..end])).await.unwrap_err();
            // Before its code it may be the beginning of anything; with it, nobody knows how it goes on.
            let expected = match (end, operation.effect) {
                (_, Effect::Write) => ErrorKind::OutcomeUnknown,
                (..26, _) => ErrorKind::Answer,
                _ => ErrorKind::Api,
            };
            assert_eq!((error.kind(), error.phase()), (expected, Phase::Unknown), "{end}: {error}");
        }
        assert_eq!(ask(operation, closed(body)).await.unwrap_err().kind(), ErrorKind::Api);
        for good in ["", " \r\n", "{}", r#"{"result":true}"#, "[]", "null", "true", "\"ok\""] {
            ask(operation, closed(good)).await.unwrap_or_else(|error| panic!("{good:?}: {error}"));
        }
    }
}

#[tokio::test(start_paused = true)]
async fn the_older_api_is_unwrapped_and_its_errors_are_errors() {
    use dingtalk_runtime::{Envelope, ErrorClass, Operation, Token};
    const OLD: Operation = Operation { envelope: Envelope::Errcode, token: Token::Query, ..READ };
    let ask = async |body: &'static str| {
        let server = Server::start(move |_| json(200, body)).await;
        let client: Client = bare(&server).build().unwrap();
        let answer = request(&client, &OLD).send::<Thing>().once().await;
        assert_eq!(server.received()[0].query("access_token").as_deref(), Some("fixed-token"));
        assert_eq!(server.received()[0].header("x-acs-dingtalk-access-token"), None);
        answer
    };
    let thing = ask(r#"{"errcode":0,"errmsg":"ok","result":{"id":"1","size":2},"request_id":"r"}"#).await.unwrap();
    assert_eq!((thing.id.as_deref(), thing.size), (Some("1"), Some(2)));
    assert_eq!(ask(r#"{"errcode":0,"errmsg":"ok","request_id":"r"}"#).await.unwrap(), Thing::default());
    let error = ask(r#"{"errcode":90018,"errmsg":"too many","request_id":"r"}"#).await.unwrap_err();
    assert_eq!(
        (error.class(), error.phase(), error.message(), error.request_id()),
        (ErrorClass::Throttled, Phase::Refused, Some("too many"), Some("r"))
    );
    let error = ask(r#"{"errcode":88,"sub_code":"40014","errmsg":"bad token","request_id":"r"}"#).await.unwrap_err();
    assert_eq!(error.class(), ErrorClass::Token);
    let error = ask(r#"{"errcode":33012,"errmsg":"bad user","request_id":"r"}"#).await.unwrap_err();
    assert_eq!((error.class(), error.kind()), (ErrorClass::Parameter, ErrorKind::Api));
    let error = ask(r#"{"hello":1}"#).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Answer);
    let error = ask(r#"{"errcode":0,"result":{"size":"secret-value"}}"#).await.unwrap_err();
    assert!(error.to_string().contains("at $.size"), "{error}");
}
