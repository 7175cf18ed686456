//! Events over a stream.

use std::sync::{Arc, Mutex};

use dingtalk_storage::credentials::InternalApp;
use dingtalk_storage::events::{Envelope, Event, Stream};
use dingtalk_storage::runtime::ErrorKind;
use dingtalk_storage::types::DentryId;
use dingtalk_storage_emulator::{Fault, FaultKind};
use tokio::sync::mpsc;
use tokio::task::JoinHandle;

use super::{Watched, app, folder, soon};

/// What the handler does with the next events, in their order; after that all goes well.
type Plans = Arc<Mutex<Vec<Result<(), &'static str>>>>;

struct Listener {
    task: JoinHandle<()>,
    handed: mpsc::UnboundedReceiver<(Option<String>, DentryId)>,
}

impl Listener {
    fn start(watched: &Watched, plans: Plans) -> Self {
        let (sender, handed) = mpsc::unbounded_channel();
        let stream = Stream::new(&watched.client, &app(&watched.emulator));
        let task = tokio::spawn(async move {
            let handler = |envelope: Envelope<Event>| {
                sender.send((envelope.id.clone(), folder(&envelope))).unwrap();
                let mut plans = plans.lock().unwrap();
                let result = if plans.is_empty() { Ok(()) } else { plans.remove(0) };
                async move { result }
            };
            let ended = stream.run(handler).await;
            panic!("{ended:?}");
        });
        Self { task, handed }
    }

    async fn next(&mut self) -> (Option<String>, DentryId) {
        soon(self.handed.recv()).await.unwrap()
    }
}

/// How often each outcome of a frame was noted by the emulator.
fn statuses(watched: &Watched) -> Vec<u16> {
    let pushes = watched.emulator.journal().into_iter().filter(|record| record.operation == "events.Push");
    pushes.map(|record| record.status).collect()
}

/// The app has asked for a ticket: from now on its news waits.
async fn is_open(watched: &Watched) {
    let has_opened =
        || watched.emulator.journal().iter().any(|record| record.path.ends_with("/gateway/connections/open"));
    soon(async {
        while !has_opened() {
            tokio::task::yield_now().await;
        }
    })
    .await;
}

#[tokio::test]
async fn events_are_accepted_after_the_handler_and_come_again_after_its_error() {
    let watched = Watched::start().await;
    let plans = Arc::new(Mutex::new(vec![Err("the index is locked"), Ok(())]));
    let mut listener = Listener::start(&watched, plans);
    is_open(&watched).await;
    let first = watched.news("a").await;
    let (failed, again) = (listener.next().await, listener.next().await);
    assert_eq!(failed, again, "the same event with the same id");
    assert_eq!(failed.1, first);
    let second = watched.news("b").await;
    assert_eq!(listener.next().await.1, second);
    soon(async {
        while statuses(&watched).iter().filter(|status| **status == 200).count() < 2 {
            tokio::task::yield_now().await;
        }
    })
    .await;
    assert_eq!(statuses(&watched), [0, 200, 200]);
    listener.task.abort();
}

#[tokio::test]
async fn a_broken_connection_is_followed_by_another_and_no_event_is_lost_or_handled_twice() {
    let watched = Watched::start().await;
    let mut listener = Listener::start(&watched, Plans::default());
    is_open(&watched).await;
    // It was handled, and the word of it is lost with the connection.
    watched.emulator.add_fault(Fault::new(FaultKind::ApplyThenDrop).on("events.Push"));
    let handled = watched.news("a").await;
    assert_eq!(listener.next().await.1, handled);
    // It never came.
    watched.emulator.add_fault(Fault::new(FaultKind::ResetBefore).on("events.Push"));
    let late = watched.news("b").await;
    assert_eq!(listener.next().await.1, late);
    let last = watched.news("c").await;
    assert_eq!(listener.next().await.1, last);
    assert_eq!(watched.emulator.missed_faults(), []);
    listener.task.abort();
}

#[tokio::test]
async fn what_was_not_handled_to_its_end_comes_again() {
    let watched = Watched::start().await;
    let stream = Stream::new(&watched.client, &app(&watched.emulator));
    let (sender, mut begun) = mpsc::unbounded_channel();
    let dropped = tokio::spawn(async move {
        let handler = |envelope: Envelope<Event>| {
            sender.send(folder(&envelope)).unwrap();
            std::future::pending::<Result<(), String>>()
        };
        stream.run(handler).await
    });
    is_open(&watched).await;
    let file = watched.news("a").await;
    assert_eq!(soon(begun.recv()).await.unwrap(), file);
    dropped.abort();
    let mut listener = Listener::start(&watched, Plans::default());
    assert_eq!(listener.next().await.1, file);
    listener.task.abort();
}

#[tokio::test]
async fn a_wrong_secret_ends_the_stream() {
    let watched = Watched::start().await;
    let wrong = InternalApp::new(watched.emulator.credentials().app_key, "wrong-secret");
    let stream = Stream::new(&watched.client, &wrong);
    let handler = |_: Envelope<Event>| std::future::ready(Ok::<(), String>(()));
    let error = soon(stream.run(handler)).await.unwrap_err();
    assert_eq!((error.kind(), error.attempts()), (ErrorKind::Api, 1));
    assert!(!error.to_string().contains("wrong-secret"), "{error}");
}
