//! Decoding a large answer holds up nobody: it is done beside the tasks of the runtime, where there is a thread for it.

use std::sync::{Mutex, mpsc};
use std::thread::ThreadId;
use std::time::Duration;

use dingtalk_runtime::Client;
use dingtalk_runtime::decode::{Failure, Field, Object};
use tokio::runtime::{Builder, Handle};
use tokio::sync::oneshot;

use crate::support::*;

/// From so many bytes on an answer is large.
const LARGE: usize = 256 * 1024;
/// Longer than anything here takes; whoever waits so long waits for ever.
const EVER: Duration = Duration::from_secs(60);

/// An answer of so many bytes.
fn of_size(size: usize) -> Plan {
    const FRAME: usize = r#"{"first":""}"#.len();
    json(200, &format!(r#"{{"first":"{}"}}"#, "x".repeat(size - FRAME)))
}

/// Tells where it was decoded.
#[derive(Debug, Default)]
struct Where(Option<ThreadId>);

impl Object for Where {
    fn field(&mut self, _: &str, value: Field<'_>) -> Result<(), Failure> {
        self.0 = Some(std::thread::current().id());
        value.skip()
    }
}

#[tokio::test]
async fn only_a_large_answer_is_decoded_in_another_thread() {
    let server = Server::start(|received| of_size(received.header("x-size").unwrap().parse().unwrap())).await;
    let client: Client = bare(&server).build().unwrap();
    for (size, is_here) in [(100, true), (LARGE - 1, true), (LARGE, false), (4 * LARGE, false)] {
        let decoded = request(&client, &READ).send::<Where>().header("x-size", size.to_string()).await.unwrap();
        assert_eq!(decoded.0 == Some(std::thread::current().id()), is_here, "{size} bytes");
    }
}

/// Tells that its decoding has begun, and is told when it may go on.
static GATE: Mutex<Option<(oneshot::Sender<()>, mpsc::Receiver<()>)>> = Mutex::new(None);

#[derive(Debug, Default)]
struct Gated;

impl Object for Gated {
    fn field(&mut self, _: &str, value: Field<'_>) -> Result<(), Failure> {
        let (begun, go_on) = GATE.lock().unwrap().take().unwrap();
        begun.send(()).unwrap();
        go_on.recv_timeout(EVER).expect("no other task went on meanwhile");
        value.skip()
    }
}

#[tokio::test]
async fn other_tasks_of_a_single_thread_go_on_while_a_large_answer_is_decoded() {
    let server = Server::start(|_| of_size(LARGE)).await;
    let client: Client = bare(&server).build().unwrap();
    let ((begun, has_begun), (go_on, may_go_on)) = (oneshot::channel(), mpsc::channel());
    *GATE.lock().unwrap() = Some((begun, may_go_on));
    let call = tokio::spawn(request(&client, &READ).send::<Gated>());
    has_begun.await.unwrap();
    go_on.send(()).unwrap();
    call.await.unwrap().unwrap();
}

#[test]
fn an_application_that_keeps_all_threads_for_itself_gets_its_large_answers_all_the_same() {
    let builders = [Builder::new_current_thread(), Builder::new_multi_thread()];
    for mut builder in builders {
        let runtime = builder.max_blocking_threads(1).enable_all().build().unwrap();
        let ended = runtime.block_on(async {
            let server = Server::start(|_| of_size(LARGE)).await;
            let client: Client = bare(&server).build().unwrap();
            // The only thread waits for the call, and the decoding for the thread.
            let call = request(&client, &READ).send::<Where>();
            let waiting = tokio::task::spawn_blocking(move || Handle::current().block_on(call));
            tokio::time::timeout(EVER, waiting).await
        });
        runtime.shutdown_background();
        assert!(ended.unwrap().unwrap().unwrap().0.is_some());
    }
}
