//! Values of an answer that cannot be read, and what is left of it.

use std::collections::BTreeMap;

use dingtalk_runtime::{Answer, Call, Client, ErrorKind, Items, MapOrList, Paged, Pages, Phase};

use crate::support::*;

/// An element that is nothing without its id.
#[derive(Debug, Default, Clone, PartialEq)]
struct Entry {
    id: String,
    name: Option<String>,
    size: Option<i64>,
    small: Option<i32>,
    flag: Option<bool>,
    tags: Vec<String>,
    inner: Option<Box<Entry>>,
    either: Option<MapOrList<Entry>>,
}

dingtalk_runtime::__private::answer_object!(Entry {
    "id" => id: always text,
    "name" => name: text,
    "size" => size: integer,
    "small" => small: small_integer,
    "flag" => flag: boolean,
    "tags" => tags: list,
    "inner" => inner: boxed object,
    "either" => either: map_or_list,
});

#[derive(Debug, Default, Clone, PartialEq)]
struct Listing {
    entries: Vec<Entry>,
    ids: Vec<i64>,
    by_name: BTreeMap<String, Entry>,
    first: Option<Entry>,
    next: Option<String>,
}

dingtalk_runtime::__private::answer_object!(Listing {
    "entries" => entries: list,
    "ids" => ids: list,
    "byName" => by_name: map,
    "first" => first: object,
    "nextToken" => next: text,
});

fn entry(id: &str) -> Entry {
    Entry { id: id.to_owned(), ..Entry::default() }
}

async fn asked<T: Answer>(body: &str) -> Result<(T, Vec<String>), dingtalk_runtime::Error> {
    let body = body.to_owned();
    let server = Server::start(move |_| json(200, &body)).await;
    let client: Client = bare(&server).build().unwrap();
    let (answer, unreadable) = request(&client, &READ).send::<T>().with_unreadable().await?;
    assert_eq!(server.received().len(), 1, "it is asked for once");
    Ok((answer, unreadable.iter().map(ToString::to_string).collect()))
}

#[tokio::test(start_paused = true)]
async fn a_field_of_an_element_that_cannot_be_read_costs_that_field_alone() {
    // The field, what comes for it, what is said.
    let cases = [
        ("size", "1.5", "expected a whole number, found a fraction"),
        ("size", "0.99999999999999999999", "expected a whole number, found a fraction"),
        ("size", "4503599627370497.7", "expected a whole number, found a fraction"),
        ("size", "1e400", "expected a number of 64 bits with sign, found a larger number"),
        ("size", "\"secret\"", "expected a whole number, found a text"),
        ("size", "{\"secret\":[{}]}", "expected a whole number, found an object"),
        ("size", "true", "expected a whole number, found a boolean"),
        ("small", "2147483648", "expected a number of 32 bits, found a larger number"),
        ("flag", "2", "expected a boolean, found a number"),
        ("flag", "[[true]]", "expected a boolean, found a list"),
        ("name", "[]", "expected a text, found a list"),
        ("tags", "{\"a\":1}", "expected a list, found an object"),
        ("tags", "7", "expected a list, found a number"),
        ("inner", "\"secret\"", "expected an object, found a text"),
        ("inner", "[1,[2]]", "expected an object, found a list"),
        ("either", "7", "expected a list or a map of lists, found a number"),
    ];
    for (name, json, problem) in cases {
        let body = format!(
            r#"{{"entries":[{{"id":"1"}},{{"{name}":{json},"id":"2"}},{{"id":"3","size":3}}],"nextToken":"t"}}"#
        );
        let (listing, unreadable) = asked::<Listing>(&body).await.unwrap();
        let entries = vec![entry("1"), entry("2"), Entry { size: Some(3), ..entry("3") }];
        assert_eq!(listing, Listing { entries, next: Some("t".into()), ..Listing::default() }, "{body}");
        assert_eq!(unreadable, [format!("at $.entries[1].{name}: {problem}; the field was left empty")], "{body}");
    }
}

#[tokio::test(start_paused = true)]
async fn an_element_that_is_nothing_without_what_cannot_be_read_is_left_out() {
    let left_out = [
        (r#"{"size":1}"#, "at $.entries[1]: the field id is missing"),
        (r#"{"id":null}"#, "at $.entries[1].id: expected a value, found null"),
        (r#"{"id":["secret"],"size":1}"#, "at $.entries[1].id: expected a text, found a list"),
        ("7", "at $.entries[1]: expected an object, found a number"),
        (r#""secret""#, "at $.entries[1]: expected an object, found a text"),
        (r#"[{"id":"secret"}]"#, "at $.entries[1]: expected an object, found a list"),
        // What was passed over inside of it is no news any more.
        (r#"{"size":1.5,"tags":[[]]}"#, "at $.entries[1]: the field id is missing"),
    ];
    for (json, problem) in left_out {
        let body = format!(r#"{{"entries":[{{"id":"1"}},{json},{{"id":"3"}}]}}"#);
        let (listing, unreadable) = asked::<Listing>(&body).await.unwrap();
        assert_eq!(listing.entries, [entry("1"), entry("3")], "{body}");
        assert_eq!(unreadable, [format!("{problem}; the element was left out")], "{body}");
    }
    let (listing, unreadable) = asked::<Listing>(r#"{"ids":[1,1.5,"2","x",[3],4]}"#).await.unwrap();
    assert_eq!(listing.ids, [1, 2, 4]);
    let paths: Vec<_> = unreadable.iter().filter_map(|text| text.split(": ").next()).collect();
    assert_eq!(paths, ["at $.ids[1]", "at $.ids[3]", "at $.ids[4]"]);
}

#[tokio::test(start_paused = true)]
async fn the_innermost_thing_that_may_be_absent_is_what_is_lost() {
    let body = r#"{
        "entries": [{
            "id": "1",
            "inner": {"id": "2", "inner": {"size": 3}, "size": 4, "tags": ["a", {}, "b"]},
            "either": {"secret": [{"id": "5", "size": []}, {}], "other": 7}
        }],
        "byName": {"secret": {"id": "6", "size": {}}, "hidden": {"size": 1}}
    }"#;
    let (listing, unreadable) = asked::<Listing>(body).await.unwrap();
    let inner = Entry { size: Some(4), tags: vec!["a".into(), "b".into()], ..entry("2") };
    let either: BTreeMap<_, _> = [("secret".to_owned(), vec![entry("5")]), ("other".to_owned(), vec![])].into();
    let first = Entry { inner: Some(Box::new(inner)), either: Some(MapOrList::Map(either)), ..entry("1") };
    assert_eq!(listing.entries, [first]);
    assert_eq!(listing.by_name, [("secret".to_owned(), entry("6"))].into());
    assert_eq!(
        unreadable,
        [
            "at $.entries[0].inner.inner: the field id is missing; the field was left empty",
            "at $.entries[0].inner.tags[1]: expected a text, found an object; the element was left out",
            "at $.entries[0].either.*[0].size: expected a whole number, found a list; the field was left empty",
            "at $.entries[0].either.*[1]: the field id is missing; the element was left out",
            "at $.entries[0].either.*: expected a list, found a number; the element was left out",
            "at $.byName.*.size: expected a whole number, found an object; the field was left empty",
            "at $.byName.*: the field id is missing; the element was left out",
        ]
    );
}

#[tokio::test(start_paused = true)]
async fn what_tells_how_to_go_on_is_never_passed_over() {
    let cases = [
        (r#"{"entries":{"id":"1"}}"#, "at $.entries: expected a list, found an object"),
        (r#"{"entries":[],"nextToken":[]}"#, "at $.nextToken: expected a text, found a list"),
        (r#"{"first":{"id":"1","size":1.5}}"#, "at $.first.size: expected a whole number, found a fraction"),
        (r#"{"first":{"size":1}}"#, "at $.first: the field id is missing"),
        (r#"{"byName":[]}"#, "at $.byName: expected an object, found a list"),
    ];
    for (body, problem) in cases {
        let error = asked::<Listing>(body).await.unwrap_err();
        assert_eq!((error.kind(), error.phase(), error.attempts()), (ErrorKind::Answer, Phase::Applied, 1), "{body}");
        assert!(error.to_string().contains(problem), "{problem}: {error}");
    }
}

#[tokio::test(start_paused = true)]
async fn a_broken_answer_is_not_mistaken_for_an_odd_one() {
    // Cut, or no JSON, behind or within what does not fit: its shape says nothing, and a read is tried again.
    for body in [
        r#"{"entries":[{"id":"1","size":{"a":"#,
        r#"{"entries":[{"id":"1","size":[1,2}]}"#,
        r#"{"entries":[{"id":"1","size":tru"#,
        r#"{"first":{"size":"x"},"#,
        r#"{"first":7,"entries":["#,
        r#"{"entries":[7]} x"#,
    ] {
        let body = body.to_owned();
        let answer = body.clone();
        let server = Server::start(move |_| json(200, &answer)).await;
        let client: Client = bare(&server).build().unwrap();
        let error = request(&client, &READ).send::<Listing>().await.unwrap_err();
        assert_eq!((error.kind(), error.is_retryable()), (ErrorKind::Answer, true), "{body}: {error}");
    }
}

#[tokio::test(start_paused = true)]
async fn a_name_with_broken_characters_costs_those_characters() {
    let body = "{\"entries\":[{\"id\":\"1\",\"name\":\"a\\ud83db\"},{\"id\":\"2\",\"name\":\"a\tb\\u0000\"}]}";
    let (listing, unreadable) = asked::<Listing>(body).await.unwrap();
    let names: Vec<_> = listing.entries.iter().filter_map(|entry| entry.name.as_deref()).collect();
    assert_eq!(names, ["a\u{fffd}b", "a\tb\0"]);
    assert_eq!(unreadable, [""; 0]);
}

#[test]
fn stored_answers_are_read_strictly_in_any_format_of_serde() {
    let stored = r#"{"entries":[{"id":"1","size":1.5}]}"#;
    let text = serde_json::from_str::<Probe<Listing>>(stored).unwrap_err().to_string();
    assert!(text.contains("at $.entries[0].size: expected a whole number, found a fraction"), "{text}");
    // No number goes through floating point where the format has its digits.
    let exact = |json: &str| serde_json::from_str::<Probe<Entry>>(json).map(|probe| probe.0.size);
    assert_eq!(exact(r#"{"id":"1","size":9007199254740993.0}"#).unwrap(), Some(9_007_199_254_740_993));
    exact(r#"{"id":"1","size":0.99999999999999999999}"#).unwrap_err();
    // From a tree of values, and from a reader that hands out copies.
    let value = serde_json::json!({"id": 7, "size": "8", "inner": {"id": "9"}});
    let inner = Some(Box::new(entry("9")));
    let expected = Entry { size: Some(8), inner, ..entry("7") };
    assert_eq!(serde_json::from_value::<Probe<Entry>>(value.clone()).unwrap().0, expected);
    assert_eq!(serde_json::from_reader::<_, Probe<Entry>>(value.to_string().as_bytes()).unwrap().0, expected);
    // Through what buffers values of any format.
    assert_eq!(serde_json::from_value::<Untagged>(value).unwrap(), Untagged::Entry(Box::new(Probe(expected))));
}

#[derive(Debug, PartialEq, serde::Deserialize)]
#[serde(transparent)]
struct Probe<T>(T);

#[derive(Debug, PartialEq, serde::Deserialize)]
#[serde(untagged)]
enum Untagged {
    Entry(Box<Probe<Entry>>),
}

/// A paged request.
#[derive(Debug, Clone)]
struct List(dingtalk_runtime::Request);

impl Paged for List {
    type Answer = Listing;
    type Item = Entry;
    type Token = String;

    fn page(&self, token: Option<&String>) -> Call<Listing> {
        let request = self.0.clone();
        match token {
            Some(token) => request.query("nextToken", token).send(),
            None => request.send(),
        }
    }

    fn split(answer: Listing) -> (Vec<Entry>, Option<String>) {
        (answer.entries, answer.next)
    }
}

const PAGES: [&str; 3] = [
    r#"{"entries":[{"id":"1"},{"size":2},{"id":"3","size":1.5}],"nextToken":"1"}"#,
    r#"{"entries":[{"id":"4","size":[]}],"nextToken":"2"}"#,
    r#"{"entries":[{"id":"5"}]}"#,
];

async fn paged() -> List {
    let server = Server::start(|received| {
        json(200, PAGES[received.query("nextToken").map_or(0, |token| token.parse::<usize>().unwrap())])
    })
    .await;
    let client: Client = bare(&server).build().unwrap();
    std::mem::forget(server);
    List(request(&client, &READ))
}

#[tokio::test(start_paused = true)]
async fn a_list_tells_what_it_had_to_leave_out_and_goes_on() {
    let mut items = Items::new(paged().await);
    let (mut ids, mut errors) = (Vec::new(), Vec::new());
    loop {
        match items.try_next().await {
            Ok(Some(entry)) => ids.push(entry.id),
            Ok(None) => break,
            Err(error) => {
                assert_eq!((error.kind(), error.phase()), (ErrorKind::Answer, Phase::Applied));
                errors.push((ids.len(), error.to_string()));
            }
        }
    }
    assert_eq!(ids, ["1", "3", "4", "5"]);
    let [(2, error)] = &errors[..] else { panic!("one, after the page: {errors:?}") };
    assert!(error.contains("at $.entries[1]: the field id is missing"), "{error}");

    let mut pages = Pages::new(paged().await);
    assert_eq!(pages.try_next().await.unwrap().unwrap().len(), 2);
    let paths: Vec<_> = pages.unreadable().iter().map(dingtalk_runtime::Unreadable::path).collect();
    assert_eq!(paths, ["$.entries[1]", "$.entries[2].size"]);
    pages.try_next().await.unwrap_err();
    assert_eq!(pages.try_next().await.unwrap().unwrap(), [entry("4")]);
    assert_eq!(pages.unreadable().len(), 1);
    assert_eq!(pages.try_next().await.unwrap().unwrap(), [entry("5")]);
    assert!(pages.unreadable().is_empty());
    assert_eq!(pages.try_next().await.unwrap(), None);
}
