//! One operation held against its example.
#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a test whose set-up fails has failed")]

use dingtalk_storage::by_name::{Named, Parameter, Place};
use dingtalk_storage::credentials::FixedToken;
use dingtalk_storage::runtime::{Envelope, Token};
use dingtalk_storage::{Client, Error, ErrorCode, NAMED};
use dingtalk_storage_tests::example::{Example, Wire, Wrapping};
use dingtalk_storage_tests::recorder::Recorder;
use serde_json::{Map, Value};

const TOKEN: &str = "token-of-the-app";

/// Sends the parameters of the example, all of them and then only those that are required, through the typed request,
/// and compares what arrives; decodes the answer of the example and compares what comes out.
pub fn agrees(name: &str) {
    let example = Example::of(name);
    let named = NAMED.iter().find(|named| named.operation().name == name).expect("every operation has a name");
    let has_null = |value: &Value| value.to_string().contains("null");
    assert!(!has_null(&Value::Object(example.parameters.clone())), "an example shows values");

    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    runtime.block_on(async {
        assert_eq!(exchange(named, example, &example.parameters, &example.request).await, example.answer);
        let (parameters, request) = without_optional(named, example);
        exchange(named, example, &parameters, &request).await;
        judged(named, example).await;
    });
}

/// Holds the answer of the example against what is said beside it at its top: a failure is one wherever it stands, and
/// nothing in the answer itself, nor what goes with successes, makes it one.
async fn judged(named: &Named, example: &Example) {
    // An answer that has a field of one of these names needs rules of its own in `ErrorBody`.
    const BESIDE: [&str; 4] = ["code", "message", "requestId", "errorCode"];
    if named.operation().envelope != Envelope::Plain {
        return;
    }
    let empty = Map::new();
    let answer = example.answer.as_object().unwrap_or(&empty);
    assert!(BESIDE.iter().all(|name| !answer.contains_key(*name)), "{:?}", answer.keys());
    let with = |beside: &str, is_first: bool| {
        let own = Value::Object(answer.clone()).to_string();
        let own = own[1..own.len() - 1].to_owned();
        let parts = if is_first { [beside, &own] } else { [&own, beside] };
        format!("{{{}}}", parts.iter().filter(|part| !part.is_empty()).copied().collect::<Vec<_>>().join(","))
    };
    for is_first in [true, false] {
        let good = with(r#""code":"0","message":"ok","requestId":"R","errorCode":"""#, is_first);
        assert!(answered(named, example, good).await.is_ok());
        let bad = with(r#""requestId":"R","code":"permissionDenied","message":"m""#, is_first);
        let has_success = answer.get("success").is_some_and(Value::is_boolean);
        if !has_success {
            let error = answered(named, example, bad).await.unwrap_err();
            assert_eq!(error.code(), Some(&ErrorCode::PermissionDenied));
        }
    }
    let failed = r#"{"success":false,"errorCode":"permissionDenied"}"#;
    let error = answered(named, example, failed.to_owned()).await.unwrap_err();
    assert_eq!(error.code(), Some(&ErrorCode::PermissionDenied));
}

async fn answered(named: &Named, example: &Example, answer: String) -> Result<Value, Error> {
    let recorder = Recorder::start(move |_| (200, answer.clone())).await.unwrap();
    let credentials = FixedToken::new(TOKEN).unwrap();
    let client = Client::builder().base_url(recorder.url()).credentials(credentials).build().unwrap();
    client.by_name(named.operation().name, &example.parameters).unwrap().send().once().await
}

/// How the server wraps an answer.
fn wrapping(envelope: Envelope) -> Wrapping {
    match envelope {
        Envelope::Plain => Wrapping::Plain,
        Envelope::Errcode => Wrapping::InResult,
        Envelope::Flat => Wrapping::BesideErrcode,
    }
}

/// Makes a call, checks what arrives, and gives what comes out of the answer.
async fn exchange(named: &Named, example: &Example, parameters: &Map<String, Value>, expected: &Wire) -> Value {
    let answer = example.answer_on_the_wire(wrapping(named.operation().envelope));
    let recorder = Recorder::start(move |_| (200, answer.clone())).await.unwrap();
    let credentials = FixedToken::new(TOKEN).unwrap();
    let client = Client::builder().base_url(recorder.url()).credentials(credentials).build().unwrap();
    let request = client.by_name(named.operation().name, parameters).unwrap();
    assert_eq!(request.doubts(), [], "an example shows values that are known");

    let decoded = request.send().await.unwrap();

    let (arrived, token) = Wire::read(&recorder.last().unwrap());
    assert_eq!(&arrived, expected);
    assert_eq!(token.as_deref(), example.token((named.operation().token != Token::None).then_some(TOKEN)));
    decoded
}

/// The required parameters of the example, and the request that they make.
fn without_optional(named: &Named, example: &Example) -> (Map<String, Value>, Wire) {
    let mut parameters = example.parameters.clone();
    let mut request = example.request.clone();
    for parameter in named.parameters().iter().filter(|parameter| !parameter.is_required) {
        remove(&mut parameters, parameter);
        let body = request.body.as_mut().and_then(Value::as_object_mut);
        match (parameter.place, body) {
            (Place::Query, _) => request.query.retain(|name, _| !is_of(name, &parameter.name())),
            (Place::Body, Some(body)) => remove(body, parameter),
            (place, _) => panic!("{}: an optional parameter in {place:?}", parameter.name()),
        }
    }
    (parameters, request)
}

/// Takes a parameter out of an object, and the inner object that it leaves empty.
fn remove(object: &mut Map<String, Value>, parameter: &Parameter) {
    let (first, rest) = parameter.path.split_first().unwrap();
    let Some(last) = rest.first() else {
        assert!(object.remove(*first).is_some(), "{first} has no example");
        return;
    };
    let inner = object.get_mut(*first).and_then(Value::as_object_mut).expect("an object");
    assert!(inner.remove(*last).is_some(), "{last} has no example");
    if inner.is_empty() {
        object.remove(*first);
    }
}

/// Whether a name in the query is that of the parameter, or of an element of its list: `fileTypes.1`.
fn is_of(name: &str, parameter: &str) -> bool {
    name.strip_prefix(parameter).is_some_and(|rest| rest.is_empty() || rest.starts_with('.'))
}
