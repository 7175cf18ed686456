//! Failures that come with HTTP 200, and good answers that look like them.

use dingtalk_runtime::{Client, Envelope, Error, ErrorKind, Operation, Phase};
use serde_json::{Value, json};

use crate::support::*;

async fn asked<T: dingtalk_runtime::Answer>(operation: &'static Operation, body: String) -> Result<T, Error> {
    let head = "x-acs-request-id: H-1\r\nContent-Type: application/json";
    let text = format!("HTTP/1.1 200 OK\r\n{head}\r\nContent-Length: {}\r\n\r\n{body}", body.len());
    let server = Server::start(move |_| Plan::Answer(vec![Step::Send(text.clone().into_bytes())])).await;
    let client: Client = bare(&server).build().unwrap();
    request(&client, operation).send().once().await
}

/// The answer as a typed one, as one that nobody reads and as JSON.
async fn errors_of(operation: &'static Operation, body: &str) -> [Option<Error>; 3] {
    [
        asked::<Thing>(operation, body.to_owned()).await.err(),
        asked::<()>(operation, body.to_owned()).await.err(),
        asked::<Value>(operation, body.to_owned()).await.err(),
    ]
}

/// Objects with these fields in all orders.
fn objects(fields: &[&str]) -> Vec<String> {
    orders_of(fields).into_iter().map(|order| format!("{{{}}}", order.join(","))).collect()
}

fn orders_of<'a>(fields: &[&'a str]) -> Vec<Vec<&'a str>> {
    let Some((first, rest)) = fields.split_first() else { return vec![Vec::new()] };
    let mut orders = Vec::new();
    for order in orders_of(rest) {
        for place in 0..=order.len() {
            let mut order = order.clone();
            order.insert(place, *first);
            orders.push(order);
        }
    }
    orders
}

#[tokio::test(start_paused = true)]
async fn a_failure_is_one_in_whatever_order_and_spelling_it_is_told() {
    let shapes: [&[&str]; 14] = [
        &[r#""success":false"#, r#""code":"permissionDenied""#, r#""message":"m""#],
        &[r#""success":"false""#, r#""errorCode":"permissionDenied""#],
        &[r#""isSuccess":false"#, r#""errorCode":"permissionDenied""#, r#""id":"1""#],
        &[r#""id":"1""#, r#""code":"permissionDenied""#, r#""requestid":"R""#],
        &[r#""things":[{"size":1}]"#, r#""message":"m""#, r#""code":"permissionDenied""#],
        &[r#""result":{}"#, r#""errorCode":"permissionDenied""#, r#""errorMsg":"m""#],
        &[r#""id":"1""#, r#""Code":"permissionDenied""#, r#""Message":"m""#],
        &[r#""id":null"#, r#""error_code":"permissionDenied""#],
        &[r#""id":"1""#, r#""code":"permissionDenied""#],
        &[r#""success":false"#, r#""code":"0""#, r#""errorCode":"permissionDenied""#],
        &[r#""success":false"#, r#""code":"500x""#, r#""errorCode":"permissionDenied""#],
        &[r#""errcode":88"#, r#""sub_code":"permissionDenied""#, r#""errmsg":"m""#],
        &[r#""error":{"message":"m","code":"permissionDenied"}"#, r#""requestId":"R""#],
        &[r#""success":true"#, r#""success":false"#, r#""code":"permissionDenied""#],
    ];
    for body in shapes.iter().flat_map(|shape| objects(shape)) {
        for operation in [&READ, &WRITE] {
            for error in errors_of(operation, &body).await {
                let error = error.unwrap_or_else(|| panic!("taken for a success: {body}"));
                assert_eq!((error.kind(), error.phase()), (ErrorKind::Api, Phase::Refused), "{body}");
                assert_eq!(error.code().map(dingtalk_runtime::ErrorCode::as_str), Some("permissionDenied"), "{body}");
                let id = if body.contains("equest") { "R" } else { "H-1" };
                assert_eq!((error.status(), error.request_id()), (Some(200), Some(id)), "{body}");
            }
        }
    }
}

#[tokio::test(start_paused = true)]
async fn a_failure_without_a_code_is_one_too() {
    for body in [r#"{"success":false}"#, r#"{"id":"1","success":false,"code":0}"#] {
        for error in errors_of(&WRITE, body).await {
            let error = error.unwrap();
            assert_eq!((error.kind(), error.phase(), error.code()), (ErrorKind::Api, Phase::Refused, None));
            assert!(error.to_string().contains("it says that the call did not succeed"), "{error}");
        }
    }
    let trouble = r#"{"id":"1","success":false,"code":"systemError","message":"m"}"#;
    let [read, ..] = errors_of(&READ, trouble).await;
    assert!(read.unwrap().is_retryable());
    let [write, ..] = errors_of(&WRITE, trouble).await;
    assert_eq!(write.unwrap().kind(), ErrorKind::OutcomeUnknown);
}

#[tokio::test(start_paused = true)]
async fn what_only_looks_like_a_failure_is_none() {
    const OLD: Operation = Operation { envelope: Envelope::Errcode, ..READ };
    for body in [
        r#"{"id":"1","success":true}"#,
        r#"{"id":"1","success":0,"failed":0,"status":"IN_PROGRESS"}"#,
        r#"{"id":"1","success":true,"code":"x","message":"m"}"#,
        r#"{"id":"1","code":"0","message":"success","requestId":"R"}"#,
        r#"{"id":"1","code":200,"message":"OK"}"#,
        r#"{"id":"1","errorCode":"","errorMsg":"","success":null}"#,
        r#"{"id":"1","errorCode":null,"errorMsg":null,"code":null,"error":null}"#,
        r#"{"id":"1","errcode":0,"errmsg":"ok"}"#,
        r#"{"id":"1","code":"an invitation"}"#,
        r#"{"id":"1","things":[{"success":false,"errorCode":"permissionDenied","code":"x","message":"y"}]}"#,
        r#"{"id":"1","message":"m","requestId":"R","description":"d"}"#,
        r#"{"id":"1","status":"1"}"#,
    ] {
        assert_eq!(errors_of(&WRITE, body).await.map(|error| error.map(|error| error.to_string())), [None, None, None]);
    }
    let inside =
        json!({"errcode": 0, "result": {"id": "1", "success": false, "code": "x", "message": "y"}}).to_string();
    assert!(asked::<Thing>(&OLD, inside).await.is_ok());
    let outside = json!({"result": {"id": "1"}, "errcode": 0, "success": false}).to_string();
    assert!(asked::<Thing>(&OLD, outside).await.is_err());
}

#[tokio::test]
async fn a_failure_at_the_end_of_a_large_answer_is_seen() {
    let things = r#"{"size":1,"success":false,"code":"x","message":"y"},"#.repeat(10_000);
    let good = format!(r#"{{"things":[{things}{{}}]}}"#);
    assert_eq!(asked::<Thing>(&READ, good).await.unwrap().things.len(), 10_001);
    let bad = format!(r#"{{"things":[{things}{{}}],"success":false,"errorCode":"dentryNotExist"}}"#);
    let error = asked::<Thing>(&READ, bad).await.unwrap_err();
    assert_eq!(error.code().map(dingtalk_runtime::ErrorCode::as_str), Some("dentryNotExist"));
    assert!(error.body().len() <= 16 * 1024);
}

#[tokio::test]
async fn a_number_that_is_whole_by_its_digits_says_what_its_digits_say() {
    for good in
        [r#"{"code":0.0,"message":"ok","id":"1"}"#, r#"{"errcode":-0.0,"id":"1"}"#, r#"{"code":200.0,"id":"1"}"#]
    {
        assert_eq!(asked::<Thing>(&READ, good.to_owned()).await.unwrap().id.as_deref(), Some("1"), "{good}");
    }
    let error = asked::<Thing>(&READ, r#"{"errcode":40035.0,"errmsg":"m"}"#.to_owned()).await.unwrap_err();
    assert_eq!(error.code().map(dingtalk_runtime::ErrorCode::as_str), Some("40035"));
}

#[tokio::test]
async fn an_error_within_a_body_counts_where_the_body_says_nothing_in_whatever_order() {
    let fields = [r#""code":"systemError""#, r#""error":{"code":"permissionDenied","request-id":"R"}"#];
    for order in [fields, [fields[1], fields[0]]] {
        let error = asked::<Thing>(&READ, format!("{{{}}}", order.join(","))).await.unwrap_err();
        let code = error.code().map(dingtalk_runtime::ErrorCode::as_str);
        assert_eq!((code, error.request_id()), (Some("systemError"), Some("R")), "{order:?}");
    }
}
