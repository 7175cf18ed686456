//! What an application sees and shapes around its calls, with the generated crate alone and without a server.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing, reason = "tests fail by panicking")]

use std::sync::{Arc, Mutex};
use std::time::Duration;

use dingtalk_storage::credentials::FixedToken;
use dingtalk_storage::runtime::{
    AnswerMeta, Attempt, Dropped, Ended, ErrorBuilder, ErrorKind, Exchange, HttpAnswer, HttpRequest, Network, Observer,
    Paused, Phase, Queue, Retry, TimedOut, Transport, TransportError, Waited, reqwest, serde_json,
};
use dingtalk_storage::types::{DentryId, RecycleItemId, SpaceId, UnionId};
use dingtalk_storage::{Client, ClientBuilder, Error, ErrorCode, Region};
use reqwest::header::{HeaderName, HeaderValue};

/// Answers as a space with three files in two pages, a minute after each request.
#[derive(Debug, Clone, Default)]
struct Space {
    seen: Arc<Mutex<Vec<String>>>,
}

impl Transport for Space {
    fn exchange(&self, request: HttpRequest, _: Network) -> Exchange<'_> {
        let trace = request.headers().get("x-trace").map(|value| value.to_str().unwrap().to_owned());
        self.seen.lock().unwrap().push(format!("{} {trace:?}", request.operation().name));
        let token = request.url().query_pairs().find(|(name, _)| name == "nextToken");
        let file = |id| serde_json::json!({ "id": id, "type": "FILE", "name": "a.txt" });
        let body = match (request.operation().name, token) {
            ("storage_v1.ListDentries", None) => {
                serde_json::json!({ "dentries": [file("1"), file("2")], "nextToken": "b" })
            }
            ("storage_v1.ListDentries", Some(_)) => serde_json::json!({ "dentries": [file("3")] }),
            ("storage_v1.RestoreRecycleItems", _) => restored(&request),
            _ => serde_json::json!({ "success": true }),
        };
        Box::pin(async move {
            tokio::time::sleep(Duration::from_mins(1)).await;
            let id = (HeaderName::from_static("x-acs-request-id"), HeaderValue::from_static("R-1"));
            Ok(HttpAnswer::new(200, body.to_string()).header(id.0, id.1))
        })
    }
}

/// That everything was restored which is asked for.
fn restored(request: &HttpRequest) -> serde_json::Value {
    let body: serde_json::Value = serde_json::from_slice(request.body().unwrap()).unwrap();
    let ids = body["recycleItemIds"].as_array().unwrap();
    let results: Vec<_> = ids.iter().map(|id| serde_json::json!({ "recycleItemId": id })).collect();
    serde_json::json!({ "resultItems": results })
}

fn builder() -> ClientBuilder {
    let day = Duration::from_hours(24);
    let builder = Client::builder().region(Region::International);
    builder.credentials(FixedToken::new("token").unwrap()).timeout(day).attempt_timeout(day)
}

fn client(space: &Space) -> Client {
    builder().transport(space.clone()).header("x-trace", "all").build().unwrap()
}

fn ids() -> (SpaceId, UnionId, DentryId) {
    ("854".into(), "operator".into(), DentryId::root())
}

#[tokio::test(start_paused = true)]
async fn a_typed_call_tells_what_stands_beside_its_answer() {
    let space = Space::default();
    let (space_id, operator, root) = ids();
    let call = client(&space).storage_v1().list_dentries(&space_id, &operator, &root).send();
    let (answer, meta): (_, AnswerMeta) = call.header("x-trace", "this").with_meta().await.unwrap();
    assert_eq!(answer.dentries.len(), 2);
    assert_eq!((meta.status, meta.request_id.as_deref(), meta.attempts), (200, Some("R-1"), 1));
    assert_eq!(meta.headers["x-acs-request-id"], "R-1");
    assert_eq!(*space.seen.lock().unwrap(), [r#"storage_v1.ListDentries Some("this")"#]);
}

#[tokio::test(start_paused = true)]
async fn a_list_has_a_time_and_settings_for_each_of_its_calls() {
    let space = Space::default();
    let (space_id, operator, root) = ids();
    let list = || client(&space).storage_v1().list_dentries(&space_id, &operator, &root).items();
    let mut all = list().each_call(|call| call.header("x-trace", "page")).timeout(Duration::from_mins(3));
    let mut number = 0;
    while all.try_next().await.unwrap().is_some() {
        number += 1;
    }
    assert_eq!(number, 3);
    assert_eq!(*space.seen.lock().unwrap(), [r#"storage_v1.ListDentries Some("page")"#; 2]);
    let mut first = list().timeout(Duration::from_secs(90));
    assert!(first.try_next().await.unwrap().is_some() && first.try_next().await.unwrap().is_some());
    assert_eq!(first.try_next().await.unwrap_err().timed_out(), Some(TimedOut::List));
    assert_eq!(first.next_token().unwrap().as_str(), "b");
}

#[tokio::test(start_paused = true)]
async fn a_bulk_call_has_a_time_too() {
    let space = Space::default();
    let items: Vec<RecycleItemId> = (0..61).map(|number| number.to_string().into()).collect();
    let request = client(&space).storage_v1().restore_recycle_items(&"bin".into(), &"operator".into(), &items);
    let outcomes = request.batches().timeout(Duration::from_secs(90)).all().await;
    let late: Vec<&Error> = outcomes.iter().filter_map(|(_, outcome)| outcome.as_ref().err()).collect();
    assert_eq!((outcomes.len(), late.len()), (61, 31));
    assert!(late.iter().all(|error| error.timed_out() == Some(TimedOut::List)));
    assert_eq!(late.last().unwrap().phase(), Phase::NotSent);
}

#[tokio::test(start_paused = true)]
async fn an_answer_for_all_elements_of_a_bulk_call_is_that_of_each() {
    let space = Space::default();
    let items: Vec<RecycleItemId> = (0..61).map(|number| number.to_string().into()).collect();
    let request = client(&space).storage_v1().delete_recycle_items(&"bin".into(), &"operator".into(), &items);
    let outcomes = request.batches().all().await;
    assert_eq!((outcomes.len(), space.seen.lock().unwrap().len()), (61, 2));
    assert!(outcomes.iter().all(|(_, outcome)| outcome.as_ref().unwrap().success == Some(true)));
}

/// Sees all that there is to see.
#[derive(Debug, Clone, Default)]
struct Watching(Arc<Mutex<Vec<&'static str>>>);

impl Watching {
    fn saw(&self, what: &'static str) {
        self.0.lock().unwrap().push(what);
    }
}

impl Observer for Watching {
    fn attempt(&self, _: &Attempt<'_>) {
        self.saw("attempt");
    }

    fn call(&self, _: &Ended<'_>) {
        self.saw("call");
    }

    fn dropped(&self, _: &Dropped) {
        self.saw("dropped");
    }

    fn waited(&self, wait: &Waited) {
        assert_eq!(wait.queue, Queue::Limiter);
        self.saw("waited");
    }

    fn retry(&self, _: &Retry<'_>) {
        self.saw("retry");
    }

    fn paused(&self, _: &Paused<'_>) {
        self.saw("paused");
    }
}

/// Throttles the first call, loses the second on its way, and never answers the third.
#[derive(Debug, Default)]
struct Troubled(Mutex<u32>);

impl Transport for Troubled {
    fn exchange(&self, _: HttpRequest, _: Network) -> Exchange<'_> {
        let mut number = self.0.lock().unwrap();
        *number += 1;
        match *number {
            1 => Box::pin(async {
                Ok(HttpAnswer::new(403, r#"{"code":"Forbidden.AccessDenied.QpsLimitForApi","message":"m"}"#))
            }),
            2 => Box::pin(async { Err(TransportError::not_sent("no cable")) }),
            3 => Box::pin(async { Ok(HttpAnswer::new(200, r#"{"dentries":[]}"#)) }),
            _ => Box::pin(std::future::pending()),
        }
    }
}

#[tokio::test(start_paused = true)]
async fn an_observer_sees_waits_pauses_repeats_and_dropped_calls() {
    let watching = Watching::default();
    let one = std::num::NonZeroU32::new(1);
    let app = dingtalk_storage::runtime::AppState::new();
    let builder = builder().app(&app).calls_per_second(one).observer(watching.clone());
    let client = builder.transport(Troubled::default()).build().unwrap();
    let (space_id, operator, root) = ids();
    let call = || client.storage_v1().list_dentries(&space_id, &operator, &root).send();
    call().await.unwrap();
    assert!(tokio::time::timeout(Duration::from_secs(9), call()).await.is_err());
    let seen = watching.0.lock().unwrap().clone();
    for what in ["attempt", "paused", "retry", "waited", "call", "dropped"] {
        assert!(seen.contains(&what), "{what}: {seen:?}");
    }
    assert_eq!(seen.last(), Some(&"dropped"));
}

#[test]
fn errors_can_be_made_for_tests() {
    let error: Error = ErrorBuilder::new(ErrorKind::Api).status(404).code("dentryNotExist").build();
    assert_eq!((error.code(), error.phase()), (Some(&ErrorCode::DentryNotExist), Phase::Refused));
}
