//! What the fixtures' operations send and read, one test for each feature of the format.
#![allow(clippy::unwrap_used, reason = "a test whose set-up fails has failed")]

use std::cmp::Ordering;
use std::collections::{BTreeMap, HashSet};

use dingtalk_runtime::{ErrorKind, FormFile, TaskState, Time};
use dingtalk_storage_golden::credentials::FixedToken;
use dingtalk_storage_golden::features_v1::inline_objects::{Filter, Range};
use dingtalk_storage_golden::features_v1::nullable::Grading;
use dingtalk_storage_golden::forms::read_numbered_task::{ReadNumberedTask, ReadNumberedTaskResponse};
use dingtalk_storage_golden::types::{
    Certain, Grade, PageToken, ShelfId, SignedUrl, SpaceId, Thing, ThingId, ThingKind, UnionId,
};
use dingtalk_storage_golden::{Client, ErrorCode, OPERATIONS};
use dingtalk_storage_tests::recorder::{Recorded, Recorder};
use serde_json::{Value, json};

async fn server(answer: impl Fn(&Recorded) -> Value + Send + Sync + 'static) -> (Recorder, Client) {
    let recorder = Recorder::start(move |request| (200, answer(request).to_string())).await.unwrap();
    let client = Client::builder().credentials(FixedToken::new("token").unwrap()).base_url(recorder.url());
    (recorder.clone(), client.oapi_base_url(recorder.url()).build().unwrap())
}

async fn silent() -> (Recorder, Client) {
    server(|_| json!({})).await
}

fn line(recorder: &Recorder) -> String {
    recorder.last().unwrap().line().trim_end_matches(" HTTP/1.1").to_owned()
}

fn body(recorder: &Recorder) -> Value {
    serde_json::from_str(&recorder.last().unwrap().body).unwrap()
}

#[tokio::test]
async fn path_parameters() {
    let (recorder, client) = silent().await;
    client.features_v1().path_parameters(&SpaceId::new("a b/c"), 3).send().await.unwrap();
    assert_eq!(line(&recorder), "GET /v1.0/things/a%20b%2Fc/versions/3");
    assert_eq!(recorder.last().unwrap().header("content-type"), None, "a request without a body has no content type");
}

#[tokio::test]
async fn query_parameters() {
    let (recorder, client) = silent().await;
    let request = client.operator(&UnionId::new("me")).features_v1().query_parameters();
    request.with_parts(true).level(2).kind(ThingKind::ToRecycle).name("a&b=c d").send().await.unwrap();
    assert_eq!(line(&recorder), "GET /v1.0/things?unionId=me&withParts=true&level=2&type=toRecycle&name=a%26b%3Dc%20d");
}

#[tokio::test]
async fn optional_operator() {
    let (recorder, client) = silent().await;
    client.features_v1().optional_operator(ThingKind::File).send().await.unwrap();
    assert_eq!(line(&recorder), "GET /v1.0/things/stars?type=FILE");
    let calls = client.operator(&UnionId::new("me")).features_v1();
    calls.optional_operator(ThingKind::File).send().await.unwrap();
    assert_eq!(line(&recorder), "GET /v1.0/things/stars?type=FILE&unionId=me");
}

#[test]
fn texts_with_quotes() {
    assert_eq!(ThingKind::TheOtherKind.as_str(), r#"the "other" \ kind"#);
    assert_eq!(ThingKind::from(r#"the "other" \ kind"#), ThingKind::TheOtherKind);
}

#[tokio::test]
async fn query_lists() {
    let (recorder, client) = silent().await;
    client.features_v1().query_lists(&[5, 7]).thing_ids(&[ThingId::new("x"), ThingId::root()]).send().await.unwrap();
    let expected = "GET /v1.0/things/lists?fileTypes.1=5&fileTypes.2=7&thingIds=%5B%22x%22%2C%220%22%5D";
    assert_eq!(line(&recorder), expected);
}

#[tokio::test]
async fn flattened_option() {
    let (recorder, client) = silent().await;
    let calls = client.operator(&UnionId::new("me")).features_v1();
    calls.flattened_option("one").send().await.unwrap();
    assert_eq!(body(&recorder), json!({ "name": "one" }), "nothing set, nothing sent");

    let part = Thing::new("part").with_size(1);
    let things = [Thing::new("two").with_parts(std::slice::from_ref(&part)), Thing::new("three")];
    calls.flattened_option("one").things(&things).size(512).send().await.unwrap();
    let things = json!([{ "name": "two", "parts": [{ "name": "part", "size": 1 }] }, { "name": "three" }]);
    assert_eq!(body(&recorder), json!({ "name": "one", "option": { "things": things, "size": 512 } }));
}

#[tokio::test]
async fn explicit_nulls() {
    let (recorder, client) = server(|_| json!({ "grade": "-1" })).await;
    let calls = client.features_v1();

    let answer = calls.nullable(None).send().await.unwrap();
    assert_eq!(body(&recorder), json!({ "parent": null }), "what is required is null, the rest is left out");
    assert_eq!(answer.grade, Some(Grade::Bad));

    let grading = Grading::new().grade(None).reasons(None);
    calls.nullable(Some(&ThingId::new("7"))).name(None).grade(&grading).send().await.unwrap();
    let nulls = json!({ "grade": null, "reasons": null });
    assert_eq!(body(&recorder), json!({ "parent": "7", "name": null, "grade": nulls }));

    let grading = Grading::new().grade(Some(Grade::Chinese)).reasons(Some(&["so".to_owned()]));
    calls.nullable(None).name(Some("a")).grade(&grading).send().await.unwrap();
    let values = json!({ "grade": "中文", "reasons": ["so"] });
    assert_eq!(body(&recorder), json!({ "parent": null, "name": "a", "grade": values }));
}

#[cfg(feature = "by-name")]
#[tokio::test]
async fn explicit_nulls_by_name() {
    let (recorder, client) = silent().await;
    let parameters = json!({ "parent": null, "name": null, "grade": { "reasons": null } });
    let request = client.by_name("features_v1.Nullable", parameters.as_object().unwrap()).unwrap();
    request.send().await.unwrap();
    assert_eq!(body(&recorder), parameters);

    let nothing = serde_json::Map::new();
    let error = client.by_name("features_v1.Nullable", &nothing).unwrap_err().to_string();
    assert!(error.contains("parent"), "null is a value, and nothing is none: {error}");
    let parameters = json!({ "parent": 5 });
    assert!(client.by_name("features_v1.Nullable", parameters.as_object().unwrap()).is_err());
}

#[test]
fn values_that_make_no_names() {
    for (wire, grade) in [("1", Grade::Good), ("-1", Grade::Bad), ("中文", Grade::Chinese), ("self", Grade::Itself)] {
        assert_eq!(Grade::from(wire), grade);
        assert_eq!(grade.as_str(), wire);
    }
}

#[tokio::test]
async fn inline_objects() {
    let (recorder, client) = server(|_| {
        let extra = json!([1, { "a": null }]);
        json!({
            "results": [{ "thing": { "id": 1, "type": "FILE" }, "errorCode": "permissionDenied", "extra": extra }],
            "bySpace": { "s": { "count": "3" }, "t": null },
        })
    })
    .await;
    let filter = Filter::new("n").range(&Range::new().to(9));
    let tags = BTreeMap::from([("k".to_owned(), "v".to_owned())]);

    let answer = client.features_v1().inline_objects(&filter).tags(&tags).send().await.unwrap();

    assert_eq!(body(&recorder), json!({ "filter": { "name": "n", "range": { "to": 9 } }, "tags": { "k": "v" } }));
    let result = answer.results.first().unwrap();
    assert_eq!(result.thing.as_ref().unwrap().kind, Some(ThingKind::File));
    assert_eq!(result.error_code, Some(ErrorCode::PermissionDenied));
    assert_eq!(result.extra, Some(json!([1, { "a": null }])));
    assert_eq!(answer.by_space.get("s").unwrap().count, Some(3));
    assert!(!answer.by_space.contains_key("t"));
}

#[tokio::test]
async fn empty_answer() {
    let recorder = Recorder::start(|_| (200, String::new())).await.unwrap();
    let client = Client::builder().credentials(FixedToken::new("token").unwrap()).base_url(recorder.url());
    let client = client.build().unwrap();
    client.features_v1().empty_answer(&ThingId::new("7")).send().await.unwrap();
    assert_eq!(line(&recorder), "DELETE /v1.0/things/7");
}

#[tokio::test]
async fn pages() {
    let (recorder, client) = server(|request| {
        if request.line().contains("nextToken=two") {
            json!({ "things": [{ "name": "c" }], "nextToken": "" })
        } else {
            json!({ "things": [{ "name": "a" }, { "name": "b" }], "nextToken": "two" })
        }
    })
    .await;
    let mut items = client.features_v1().paged().max_results(2).items();
    let mut names = Vec::new();
    while let Some(item) = items.try_next().await.unwrap() {
        names.push(item.name.unwrap());
    }
    assert_eq!(names, ["a", "b", "c"]);
    assert_eq!(line(&recorder), "GET /v1.0/things/pages?maxResults=2&nextToken=two");
    assert_eq!(recorder.requests().len(), 2);
}

#[tokio::test]
async fn pages_by_a_token_in_the_body() {
    let (recorder, client) = server(|request| {
        let next = if request.body.contains("two") { "" } else { "two" };
        json!({ "things": [], "nextCursor": next })
    })
    .await;
    let mut pages = client.features_v1().paged_in_body().cursor(&PageToken::new("one")).pages();
    while pages.try_next().await.unwrap().is_some() {}
    assert_eq!(body(&recorder), json!({ "option": { "cursor": "two" } }));
    assert_eq!(recorder.requests().len(), 2, "an empty page is not the last one");
}

#[tokio::test]
async fn pages_that_promise_more_and_do_not_lead_there() {
    let (recorder, client) = server(|_| json!({ "things": [{ "name": "a" }], "hasMore": true })).await;
    let mut items = client.features_v1().paged_in_body().items();
    assert!(items.try_next().await.unwrap().is_some());
    assert_eq!(items.try_next().await.unwrap_err().kind(), ErrorKind::Paging);
    assert_eq!(recorder.requests().len(), 1);
}

#[tokio::test]
async fn batches() {
    let (recorder, client) = server(|request| {
        let body: Value = serde_json::from_str(&request.body).unwrap();
        let ids = body.get("thingIds").unwrap().as_array().unwrap().iter().rev();
        let results = ids.map(|id| json!({ "id": id, "kind": "FILE", "count": 1 }));
        json!({ "results": results.collect::<Vec<_>>() })
    })
    .await;
    let ids: Vec<_> = (0..65).map(|number| ThingId::new(number.to_string())).collect();
    let mut batches = client.features_v1().batched(&ids).batches();
    let mut seen = Vec::new();
    while let Some((id, outcome)) = batches.next().await {
        assert_eq!(outcome.unwrap().id, id, "results are matched by their key, not their order");
        seen.push(id);
    }
    assert_eq!(seen, ids);
    assert_eq!(recorder.requests().len(), 3);
}

#[tokio::test(start_paused = true)]
async fn work_that_goes_on() {
    let (recorder, client) = server(|request| match request.line() {
        line if line.starts_with("GET /v1.0/tasks/a?unionId=me ") => json!({ "task": { "status": "SUCCESS" } }),
        line if line.starts_with("GET /v1.0/tasks/b?") => json!({ "task": { "status": "FAIL", "failCount": 2 } }),
        _ => json!({ "results": [{ "taskId": "a" }, {}, { "taskId": "b" }] }),
    })
    .await;
    let request = client.features_v1().continued_list(&UnionId::new("me"), &[ThingId::root()]);

    let finished = request.wait().await.unwrap();

    assert_eq!(finished.answer.results.len(), 3);
    let failed: Vec<_> = finished.tasks.iter().map(|task| task.task.as_ref().unwrap().fail_count).collect();
    assert_eq!(failed, [None, Some(2)], "a task that failed is a value, not an error");
    assert_eq!(recorder.requests().len(), 3);
}

#[tokio::test]
async fn times_maps_and_chains() {
    let (_, client) = server(|_| {
        json!({
            "createTime": "Thu May 28 09:37:16 CST 2026",
            "properties": [{ "name": "color" }],
            "chain": { "label": "a", "next": { "label": "b", "next": null } },
        })
    })
    .await;
    let answer = client.features_v1().times().send().await.unwrap();
    assert_eq!(answer.create_time.unwrap().unix_millis(), Some(1_779_932_236_000));
    assert_eq!(answer.properties.unwrap().iter().next().unwrap().name.as_deref(), Some("color"));
    assert_eq!(answer.chain.unwrap().next.unwrap().label.as_deref(), Some("b"));
}

#[tokio::test]
async fn secrets_are_sent_and_never_shown() {
    let (recorder, client) = server(|_| json!({ "urls": ["https://secret"] })).await;
    let request = client.features_v1().secrets(&SignedUrl::new("https://secret"));
    assert!(!format!("{request:?}").contains("https://secret"));
    let answer = request.send().await.unwrap();
    assert_eq!(body(&recorder), json!({ "url": "https://secret" }));
    assert_eq!(answer.urls, [SignedUrl::new("https://secret")]);
    assert!(!format!("{answer:?}").contains("https://secret"));
}

#[tokio::test]
async fn fields_that_always_come() {
    let (_, client) = server(|_| json!({ "results": [{ "id": "1", "kind": "FILE" }] })).await;
    let call = client.features_v1().batched(&[ThingId::new("1")]).send();
    let (answer, unreadable) = call.with_unreadable().await.unwrap();
    // An element is nothing without its count; the answer goes on without it, and says so.
    assert!(answer.results.is_empty() && unreadable.iter().all(dingtalk_runtime::Unreadable::is_left_out));
    assert_eq!(unreadable.first().unwrap().problem(), "the field count is missing");
    let certain: Certain = serde_json::from_value(json!({ "id": 1, "kind": "NEW", "count": "3" })).unwrap();
    assert_eq!((certain.id.as_str(), certain.kind.as_str(), certain.count), ("1", "NEW", 3));
    assert!(serde_json::from_value::<Certain>(json!({ "id": null, "kind": "FILE", "count": 3 })).is_err());
}

#[tokio::test]
async fn an_operation_without_a_token() {
    let (recorder, client) = server(|_| json!({ "expireIn": 7200 })).await;
    client.features_v1().without_token("me").send().await.unwrap();
    assert_eq!(recorder.last().unwrap().header("x-acs-dingtalk-access-token"), None);
}

#[tokio::test]
async fn the_old_host_wraps_its_answers() {
    let (recorder, client) = server(|request| {
        if request.body.contains("bad") {
            json!({ "errcode": 400_002, "errmsg": "bad name", "request_id": "r" })
        } else {
            json!({ "errcode": 0, "errmsg": "ok", "request_id": "r", "result": { "thing": { "name": "a" } } })
        }
    })
    .await;
    let answer = client.old_host().envelope("a thing").send().await.unwrap();
    assert_eq!(answer.thing.unwrap().name.as_deref(), Some("a"));
    assert_eq!(line(&recorder), "POST /topapi/v2/things/get?access_token=token");
    let error = client.old_host().envelope("bad").send().await.unwrap_err();
    assert_eq!(error.code().unwrap().as_str(), "400002");
    assert_eq!(error.request_id(), Some("r"));
}

#[tokio::test]
async fn forms_and_answers_beside_a_code() {
    let (recorder, client) = server(|request| match request.line() {
        line if line.starts_with("GET") => json!({ "errcode": 0, "status": "1" }),
        // With what stands around it: the boundary is random, and may hold these three letters.
        _ if request.body.contains("filename=\"bad\"") => json!({ "errcode": 88, "errmsg": "no" }),
        _ => json!({ "errcode": 0, "errmsg": "ok", "name": "a", "taskId": "7" }),
    })
    .await;
    let file = FormFile::new("a \"b\".txt", "content");
    let request = client.forms().form(ThingKind::File, &file).count(2).is_final(true).id(&ThingId::root());
    let answer = request.clone().more(&FormFile::new("c", "d").content_type("text/plain")).send().await.unwrap();
    assert_eq!(answer.name.as_deref(), Some("a"));
    assert_eq!(line(&recorder), "POST /things/form?access_token=token");
    let sent = recorder.last().unwrap();
    let kind = sent.header("content-type").unwrap();
    let boundary = kind.strip_prefix("multipart/form-data; boundary=").unwrap();
    let part = |head: &str, content: &str| {
        format!("--BOUNDARY\r\ncontent-disposition: form-data; name=\"{head}\r\n\r\n{content}\r\n")
    };
    let expected = [
        part("kind\"", "FILE"),
        part("file\"; filename=\"a %22b%22.txt\"\r\ncontent-type: application/octet-stream", "content"),
        part("count\"", "2"),
        part("isFinal\"", "true"),
        part("id\"", "0"),
        part("more\"; filename=\"c\"\r\ncontent-type: text/plain", "d"),
    ];
    assert_eq!(sent.body.replace(boundary, "BOUNDARY"), expected.concat() + "--BOUNDARY--\r\n");

    // The smallest of the limits that hold counts.
    let large = FormFile::new("a.txt", vec![0; 100_001]);
    let refused = client.forms().form(ThingKind::File, &large).send().await.unwrap_err();
    assert!(refused.to_string().contains("100001 bytes") && refused.to_string().contains("100000"), "{refused}");
    client.forms().form(ThingKind::OnlyViewer, &large).send().await.unwrap();
    let error = client.forms().form(ThingKind::File, &FormFile::new("bad", "x")).send().await.unwrap_err();
    assert_eq!(error.code().unwrap().as_str(), "88");

    // The task is read from the answer itself, and its status is a number.
    let finished = request.wait().await.unwrap();
    assert_eq!(finished.tasks.len(), 1);
    let state = |status| {
        let answer = serde_json::json!({ "status": status }).to_string();
        let task = <ReadNumberedTaskResponse as dingtalk_runtime::Answer>::decode(answer.as_bytes()).unwrap();
        <ReadNumberedTask as dingtalk_runtime::TaskReader>::state(&task)
    };
    let states = [0, 1, 2, -3, 4].map(state);
    let [running, done, failed] = [TaskState::Running, TaskState::Succeeded, TaskState::Failed];
    assert_eq!(states, [running, done, failed, failed, running]);
}

#[test]
fn the_table_has_every_operation_that_is_compiled_in() {
    let names: Vec<_> = OPERATIONS.iter().map(|operation| operation.name).collect();
    assert!(names.contains(&"features_v1.PathParameters") && names.contains(&"old_host.Envelope"));
    assert_eq!(names.contains(&"features_v1.Legacy"), cfg!(feature = "legacy"));
    assert!(names.is_sorted());
}

#[tokio::test]
async fn times_and_ids_are_numbers_where_the_server_wants_them() {
    let answer = json!({ "shelves": [18, "19", "x"], "until": "2022-01-01T00:00:00Z" });
    let (recorder, client) = server(move |_| answer.clone()).await;
    // Whatever a time was read as, a number is sent.
    let since = Time::from("2022-01-01T00:00:00Z");
    let request = client.features_v1().signed_urls(&ShelfId::new("18")).since(&since).size(u64::MAX);
    let request = request.shelves(&["19".into(), "020".into(), "x".into()]);
    let request = request.times(&[since.clone(), Time::from_unix_millis(7), "some day".into()]).perhaps(Some(&since));
    let answer = request.send().await.unwrap();
    let sent = json!({
        // An id that is no number, or would be another one, goes as it is.
        "shelf": 18, "shelves": [19, "020", "x"],
        "since": 1_640_995_200_000_i64, "times": [1_640_995_200_000_i64, 7, "some day"],
        "perhaps": 1_640_995_200_000_i64, "size": u64::MAX,
    });
    assert_eq!(body(&recorder), sent);
    assert_eq!(answer.shelves, ["18", "19", "x"]);
    assert_eq!(answer.until, Some(since));
    let shown = serde_json::to_value(&answer).unwrap();
    assert_eq!(shown, json!({ "shelves": [18, 19, "x"], "until": 1_640_995_200_000_i64 }));
}

#[tokio::test]
async fn a_size_is_never_negative() {
    let (_, client) = server(|_| json!({ "one": { "url": "https://a.test", "size": -1 }, "until": -1 })).await;
    let call = client.features_v1().signed_urls(&ShelfId::new("18")).send();
    let answer = call.await;
    assert!(answer.unwrap_err().to_string().contains("negative"));
}

#[tokio::test]
async fn signed_urls_are_made_of_answers() {
    use dingtalk_runtime::object_storage::Signed;
    let (_, client) = server(|_| {
        json!({
            "several": { "urls": ["https://a.test/1", "https://b.test/1"], "headers": { "authorization": "OSS x" }, "until": 1 },
            "one": { "url": "https://c.test/2" },
        })
    })
    .await;
    let answer = client.features_v1().signed_urls(&ShelfId::new("18")).send().await.unwrap();
    assert_eq!(answer.several().unwrap().signed().unwrap().urls(), 2);
    assert_eq!(Signed::try_from(answer.one().unwrap()).unwrap().urls(), 1);
    let error = answer.signed().unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Absent);
    assert!(error.to_string().contains("features_v1.SignedUrls") && error.to_string().contains("url"), "{error}");
}

#[test]
fn ids_that_are_another_id_convert() {
    let space = SpaceId::new("18");
    assert_eq!(ShelfId::from(&space), ShelfId::new("18"));
    let shelf: ShelfId = ThingId::new("18").into();
    assert_eq!(shelf, ShelfId::from(space));
}

#[test]
fn ranked_values_compare_and_unknown_ones_do_not() {
    assert!(Grade::Good > Grade::Bad && Grade::Bad > Grade::Itself);
    let unknown = Grade::from("of another version");
    assert_eq!(unknown.partial_cmp(&Grade::Good), None);
    assert_eq!(unknown.partial_cmp(&unknown.clone()), Some(Ordering::Equal));
    assert_eq!(unknown.partial_cmp(&Grade::from("another one")), None);
    let is_enough = unknown >= Grade::Bad;
    assert!(!is_enough, "what nobody knows is never enough");
}

#[test]
fn objects_without_a_secret_are_keys() {
    let things = [Thing::new("one"), Thing::new("two").with_size(2), Thing::new("one")];
    assert_eq!(HashSet::from(things).len(), 2);
}

#[test]
fn objects_of_requests_and_answers_say_what_they_lack_and_are_set() {
    let thing = Thing::new("one");
    let error = thing.size().unwrap_err();
    assert!(error.to_string().contains("`size`"), "{error}");
    let thing = thing.with_size(7).with_kind(ThingKind::File);
    assert_eq!(
        (thing.name().unwrap().as_str(), thing.size().unwrap(), thing.kind().unwrap()),
        ("one", 7, &ThingKind::File)
    );
}
