//! What an observer sees, and calls that block.

use std::fmt::Write as _;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use dingtalk_runtime::{Attempt, Client, Dropped, Ended, Observer, Paused, Retry, Waited};

use crate::support::*;

/// Notes each attempt and each call in a line.
#[derive(Debug, Clone, Default)]
struct Notes(Arc<Mutex<Vec<String>>>);

impl Notes {
    fn add(&self, line: String) {
        self.0.lock().unwrap().push(line);
    }
}

impl Observer for Notes {
    fn attempt(&self, attempt: &Attempt<'_>) {
        let status = attempt.error.and_then(dingtalk_runtime::Error::status);
        self.add(format!("{} {} {status:?} {} s", attempt.operation.name, attempt.number, attempt.duration.as_secs()));
    }

    fn dropped(&self, call: &Dropped) {
        self.add(format!("{} dropped: {:?}", call.operation.name, call.phase));
    }

    fn waited(&self, wait: &Waited) {
        self.add(format!("{} waited {:?} {} s", wait.operation.name, wait.queue, wait.duration.as_secs()));
    }

    fn retry(&self, retry: &Retry<'_>) {
        self.add(format!("{} again after {}", retry.operation.name, retry.attempts));
    }

    fn paused(&self, pause: &Paused<'_>) {
        self.add(format!("{} pauses {} s", pause.operation.name, pause.duration.as_secs()));
    }

    fn call(&self, call: &Ended<'_>) {
        let kind = call.error.map(dingtalk_runtime::Error::kind);
        self.add(format!("{} ended after {} attempts: {kind:?}", call.operation.name, call.attempts));
    }
}

#[tokio::test(start_paused = true)]
async fn an_observer_sees_each_attempt_and_each_call() {
    let count = Mutex::new(0);
    let server = Server::start(move |received| {
        let mut count = count.lock().unwrap();
        *count += 1;
        match (received.path(), *count) {
            (TOKEN_PATH, _) => json(200, TOKEN),
            (_, 2) => json(403, THROTTLED),
            (_, 3) => Plan::Answer(vec![Step::Wait(Duration::from_secs(2)), Step::Send(bytes(200, "", GOOD))]),
            _ => json(403, r#"{"code":"permissionDenied","message":"m"}"#),
        }
    })
    .await;
    let notes = Notes::default();
    let client: Client = with_tokens(&server).observer(notes.clone()).build().unwrap();
    request(&client, &WRITE).send::<Thing>().await.unwrap();
    request(&client, &READ).send::<Thing>().await.unwrap_err();
    let expected = [
        "oauth2_v1.GetAccessToken 1 None 0 s",
        "oauth2_v1.GetAccessToken ended after 1 attempts: None",
        "test.Write 1 Some(403) 0 s",
        "test.Write again after 1",
        "test.Write 2 None 2 s",
        "test.Write ended after 2 attempts: None",
        "test.Read 1 Some(403) 0 s",
        "test.Read ended after 1 attempts: Some(Api)",
    ];
    assert_eq!(*notes.0.lock().unwrap(), expected);
}

#[tokio::test(start_paused = true)]
async fn an_observer_sees_calls_that_are_refused_before_anything_is_sent() {
    let notes = Notes::default();
    let client: Client = bare(&Server::absent()).observer(notes.clone()).build().unwrap();
    client.request(&READ).path("id", "..").send::<Thing>().await.unwrap_err();
    assert_eq!(*notes.0.lock().unwrap(), ["test.Read ended after 0 attempts: Some(Request)"]);
}

#[tokio::test(start_paused = true)]
async fn an_observer_sees_waits_pauses_and_dropped_calls() {
    let server = Server::start(|received| {
        let is_first = received.query("round").as_deref() == Some("1");
        if is_first { json(403, THROTTLED) } else { Plan::Answer(vec![Step::Stall]) }
    })
    .await;
    let notes = Notes::default();
    let one = std::num::NonZeroU32::new(1);
    let client: Client = bare(&server).calls_per_second(one).observer(notes.clone()).build().unwrap();
    request(&client, &WRITE).query("round", "1").send::<Thing>().once().await.unwrap_err();
    let second = request(&client, &WRITE).send::<Thing>().once();
    assert!(tokio::time::timeout(Duration::from_secs(9), second).await.is_err());
    for _ in 0..2 {
        let next = request(&client, &WRITE).send::<Thing>().once();
        assert!(tokio::time::timeout(Duration::from_millis(1), next).await.is_err());
    }
    let expected = [
        "test.Write 1 Some(403) 0 s",
        "test.Write pauses 1 s",
        "test.Write ended after 1 attempts: Some(Api)",
        "test.Write waited Limiter 1 s",
        "test.Write dropped: Unknown",
        "test.Write dropped: Unknown",
        "test.Write dropped: NotSent",
    ];
    assert_eq!(*notes.0.lock().unwrap(), expected);
}

/// Notes the fields that spans declare, and those that are recorded without having been declared.
#[derive(Clone, Default)]
struct Spans(Arc<Mutex<Vec<String>>>);

impl tracing::Subscriber for Spans {
    fn enabled(&self, metadata: &tracing::Metadata<'_>) -> bool {
        metadata.target() == "dingtalk"
    }

    fn new_span(&self, span: &tracing::span::Attributes<'_>) -> tracing::span::Id {
        self.0.lock().unwrap().push(span.metadata().name().to_owned());
        tracing::span::Id::from_u64(1)
    }

    fn record(&self, _: &tracing::span::Id, values: &tracing::span::Record<'_>) {
        values.record(&mut |field: &tracing::field::Field, value: &dyn std::fmt::Debug| {
            self.0.lock().unwrap().push(format!("{field}={value:?}"));
        });
    }

    fn record_follows_from(&self, _: &tracing::span::Id, _: &tracing::span::Id) {}
    fn event(&self, event: &tracing::Event<'_>) {
        let (mut message, mut line) = (String::new(), event.metadata().level().to_string());
        event.record(&mut |field: &tracing::field::Field, value: &dyn std::fmt::Debug| match field.name() {
            "message" => message = format!(" message={value:?}"),
            name => write!(line, " {name}={value:?}").unwrap(),
        });
        self.0.lock().unwrap().push(line + &message);
    }
    fn enter(&self, _: &tracing::span::Id) {}
    fn exit(&self, _: &tracing::span::Id) {}
}

#[test]
fn the_span_of_a_call_says_how_it_ended() {
    const MARK: &str = "DINGTALK_RUNTIME_TEST_SPANS";
    if std::env::var(MARK).is_err() {
        // Other tests of this process would be heard as well, or have told tracing that nobody listens.
        let name = "observing::the_span_of_a_call_says_how_it_ended";
        let mut child = std::process::Command::new(std::env::current_exe().unwrap());
        let output = child.args(["--exact", name]).env(MARK, "1").output().unwrap();
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stdout));
        return;
    }
    let spans = Spans::default();
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().start_paused(true).build().unwrap();
    tracing::subscriber::with_default(spans.clone(), || {
        runtime.block_on(async {
            let body = r#"{"code":"permissionDenied","requestid":"R","message":"m"}"#;
            let server = Server::start(move |_| json(403, body)).await;
            let client: Client = bare(&server).build().unwrap();
            request(&client, &READ).send::<Thing>().await.unwrap_err();
            client.request(&READ).path("id", "").send::<Thing>().await.unwrap_err();
        });
    });
    let of_answer = [
        "error.type=Api",
        "dingtalk.phase=Refused",
        "http.response.status_code=403",
        "dingtalk.code=\"permissionDenied\"",
        "dingtalk.request_id=\"R\"",
    ];
    let mut expected = vec!["call", "attempt"];
    expected.extend(of_answer);
    // The event tells the same, and with what it was called.
    let event = "INFO path=/v1.0/things/7/query error=Api phase=Refused status=403 code=\"permissionDenied\" \
                 request_id=\"R\" message=the call failed";
    expected.push(event);
    expected.extend(of_answer);
    expected.extend(["dingtalk.attempts=1", "call"]);
    expected.push("INFO path=/v1.0/things//query error=Request phase=NotSent message=the call failed");
    expected.extend(["error.type=Request", "dingtalk.phase=NotSent", "dingtalk.attempts=0"]);
    assert_eq!(*spans.0.lock().unwrap(), expected);
}

#[cfg(feature = "blocking")]
#[test]
fn a_call_can_block_a_thread_but_not_a_runtime() {
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_all().build().unwrap();
    let server =
        runtime.block_on(Server::start(
            |received| if received.path() == TOKEN_PATH { json(200, TOKEN) } else { json(200, GOOD) },
        ));
    let client: Client = with_tokens(&server).build().unwrap();
    let threads: Vec<_> = (0..4)
        .map(|_| {
            let client = client.clone();
            std::thread::spawn(move || request(&client, &READ).send::<Thing>().block().unwrap())
        })
        .collect();
    for thread in threads {
        assert_eq!(thread.join().unwrap().id.as_deref(), Some("1"));
    }
    assert_eq!(server.count(TOKEN_PATH), 1);
    let error = runtime.block_on(async { request(&client, &READ).send::<Thing>().block() }).unwrap_err();
    assert_eq!(error.kind(), dingtalk_runtime::ErrorKind::Configuration);
}

#[test]
fn a_call_outside_of_a_runtime_is_an_error_and_no_panic() {
    use std::future::Future;
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    let server = runtime.block_on(Server::start(|_| json(200, GOOD)));
    let client: Client = bare(&server).build().unwrap();
    let mut call = std::pin::pin!(request(&client, &READ).send::<Thing>());
    let mut context = std::task::Context::from_waker(std::task::Waker::noop());
    let std::task::Poll::Ready(Err(error)) = call.as_mut().poll(&mut context) else { panic!("it is not ready") };
    assert_eq!(error.kind(), dingtalk_runtime::ErrorKind::Configuration);
    let std::task::Poll::Ready(Err(error)) = call.as_mut().poll(&mut context) else { panic!("it is not ready") };
    assert!(error.to_string().contains("has ended already"), "{error}");
}
