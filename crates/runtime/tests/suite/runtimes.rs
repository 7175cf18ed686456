//! Clients that are used in several runtimes, in strange ones and in none; and what a process has only once.

use std::future::Future;
use std::task::{Context, Waker};
use std::time::Duration;

use dingtalk_runtime::{AppState, Call, Client, ClientBuilder, ErrorKind, Region};
use tokio::runtime::{Builder, Runtime};
use tokio::time::Instant;

use crate::support::*;

fn paused() -> Runtime {
    Builder::new_current_thread().enable_all().start_paused(true).build().unwrap()
}

/// Begins calls in a runtime that is not driven from then on.
fn begun_in(runtime: &Runtime, calls: Vec<Call<Thing>>) -> Vec<Call<Thing>> {
    let mut calls = calls;
    runtime.block_on(async {
        for call in &mut calls {
            let mut context = Context::from_waker(Waker::noop());
            assert!(std::pin::Pin::new(call).poll(&mut context).is_pending());
        }
    });
    calls
}

#[test]
fn a_runtime_that_is_kept_but_not_driven_does_not_hold_up_the_tokens_of_others() {
    let (idle, driven) = (paused(), paused());
    let server =
        driven.block_on(Server::start(|received| json(200, if received.path() == TOKEN_PATH { TOKEN } else { GOOD })));
    let client: Client = with_tokens(&server).build().unwrap();
    let _begun = begun_in(&idle, vec![request(&client, &READ).send()]);
    driven.block_on(async {
        let started = Instant::now();
        request(&client, &READ).send::<Thing>().await.unwrap();
        assert!(started.elapsed() < Duration::from_secs(3), "{:?}", started.elapsed());
    });
}

#[test]
fn a_runtime_that_is_kept_but_not_driven_does_not_hold_up_the_queue_of_others() {
    let (idle, driven) = (paused(), paused());
    let server = driven.block_on(Server::start(|_| json(200, GOOD)));
    let client: Client = bare(&server).calls_per_second(std::num::NonZeroU32::new(2)).build().unwrap();
    let calls = (0..50).map(|_| request(&client, &READ).send()).collect();
    let begun = begun_in(&idle, calls);
    driven.block_on(async {
        let started = Instant::now();
        for _ in 0..4 {
            request(&client, &READ).send::<Thing>().await.unwrap();
        }
        assert!(started.elapsed() < Duration::from_secs(8), "{:?}", started.elapsed());
    });
    drop(begun);
}

#[test]
fn each_runtime_has_connections_of_its_own() {
    let serving = Builder::new_multi_thread().worker_threads(1).enable_all().build().unwrap();
    let server = serving.block_on(Server::start(|_| json(200, GOOD)));
    let client: Client = bare(&server).build().unwrap();
    let runtimes: Vec<Runtime> = (0..3).map(|_| Builder::new_current_thread().enable_all().build().unwrap()).collect();
    for _ in 0..2 {
        for runtime in &runtimes {
            let call = request(&client, &READ).send::<Thing>().timeout(Duration::from_secs(5));
            runtime.block_on(call).unwrap();
        }
    }
    assert_eq!(server.connections(), 3);
}

#[test]
fn a_runtime_without_timers_or_sockets_is_an_error() {
    let client: Client = bare(&Server::absent()).build().unwrap();
    let without_time = Builder::new_current_thread().enable_io().build().unwrap();
    let without_io = Builder::new_current_thread().enable_time().build().unwrap();
    for (runtime, lacks) in [(without_time, "timers"), (without_io, "I/O")] {
        let error = runtime.block_on(request(&client, &READ).send::<Thing>()).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Configuration);
        assert!(error.to_string().contains(lacks), "{error}");
    }
}

#[cfg(feature = "blocking")]
#[test]
fn a_call_blocks_where_tokio_lets_threads_block_and_nowhere_else() {
    for runtime in [
        Builder::new_multi_thread().worker_threads(2).enable_all().build().unwrap(),
        Builder::new_current_thread().enable_all().build().unwrap(),
    ] {
        let serving = Builder::new_multi_thread().worker_threads(1).enable_all().build().unwrap();
        let server = serving.block_on(Server::start(|_| json(200, GOOD)));
        let client: Client = bare(&server).build().unwrap();
        let block = move || request(&client, &READ).send::<Thing>().block();
        block().unwrap();
        let (inside, in_place) = (block.clone(), block.clone());
        let is_threaded = runtime.handle().runtime_flavor() == tokio::runtime::RuntimeFlavor::MultiThread;
        runtime.block_on(async move {
            tokio::task::spawn_blocking(inside).await.unwrap().unwrap();
            if is_threaded {
                tokio::spawn(async move { tokio::task::block_in_place(in_place) }).await.unwrap().unwrap();
            }
            let in_task = block.clone();
            assert_eq!(block().unwrap_err().kind(), ErrorKind::Configuration);
            let error = tokio::spawn(async move { in_task() }).await.unwrap().unwrap_err();
            assert!(error.to_string().contains("spawn_blocking"), "{error}");
        });
    }
}

/// Runs a test alone in a process of its own, with these variables; true in that process.
fn is_alone(name: &str, variables: &[(&str, &str)]) -> bool {
    const MARK: &str = "DINGTALK_RUNTIME_TEST_ALONE";
    if std::env::var(MARK).is_ok_and(|marked| marked == name) {
        return true;
    }
    let mut child = std::process::Command::new(std::env::current_exe().unwrap());
    let child = child.args(["--exact", name, "--nocapture"]).env(MARK, name).envs(variables.iter().copied());
    let output = child.output().unwrap();
    let log = String::from_utf8_lossy(&output.stdout).into_owned() + &String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success() && log.contains("1 passed"), "{log}");
    false
}

#[test]
fn an_adjusted_client_leaves_the_cryptography_of_the_process_alone() {
    if is_alone("runtimes::an_adjusted_client_leaves_the_cryptography_of_the_process_alone", &[]) {
        let builder = ClientBuilder::new()
            .region(Region::Mainland)
            .http(|http| http.user_agent("test").pool_max_idle_per_host(1));
        let _: Client = builder.build().unwrap();
        let builder = ClientBuilder::new().base_url("http://127.0.0.1:9").http(|_| reqwest::Client::builder());
        let _: Client = builder.build().unwrap();
        rustls::crypto::ring::default_provider().install_default().expect("nobody has installed one");
    }
}

/// A proxy that answers whatever it is asked, and the requests that came to it.
async fn proxy() -> Server {
    Server::start_tcp(|_| json(200, GOOD)).await
}

#[test]
fn plain_servers_are_never_asked_through_a_proxy() {
    let name = "runtimes::plain_servers_are_never_asked_through_a_proxy";
    // The proxy's port is not known before; this one is closed, so that a call through it fails.
    let variables = ["HTTP_PROXY", "http_proxy", "HTTPS_PROXY", "https_proxy", "ALL_PROXY", "all_proxy"]
        .map(|variable| (variable, "http://127.0.0.1:1"));
    let without = [("NO_PROXY", ""), ("no_proxy", "")];
    let variables: Vec<(&str, &str)> = variables.into_iter().chain(without).collect();
    if !is_alone(name, &variables) {
        return;
    }
    Builder::new_current_thread().enable_all().build().unwrap().block_on(async {
        let proxy = proxy().await;
        let address = proxy.address().to_owned();
        let server = Server::start_tcp(|_| json(200, GOOD)).await;
        let token = || dingtalk_runtime::credentials::FixedToken::new("fixed-token").unwrap();
        let builder = || ClientBuilder::<Client>::new().credentials(token()).app(&AppState::new());
        let plain_api = || builder().base_url(server.address()).oapi_base_url("https://oapi.test");
        let older_plain = || builder().base_url("https://api.test").oapi_base_url(server.address());
        let by_proxy = move |http: reqwest::ClientBuilder| http.proxy(reqwest::Proxy::all(&address).unwrap());
        let own = by_proxy.clone();
        for (builder, operation) in [
            (builder().base_url(server.address()), &READ),
            (plain_api(), &READ),
            (older_plain(), &OLDER),
            (plain_api().http(|_| reqwest::Client::builder()), &READ),
            (older_plain().http(|_| reqwest::Client::builder()), &OLDER),
            (plain_api().http(by_proxy), &READ),
            (plain_api().http(move |_| own(reqwest::Client::builder())), &READ),
        ] {
            let client: Client = builder.build().unwrap();
            request(&client, operation).send::<Thing>().await.unwrap();
        }
        assert_eq!((server.received().len(), proxy.received().len()), (7, 0));
    });
}

/// An operation of the older API.
const OLDER: dingtalk_runtime::Operation =
    dingtalk_runtime::Operation { host: dingtalk_runtime::Host::Oapi, token: dingtalk_runtime::Token::Query, ..READ };

#[cfg(feature = "blocking")]
#[tokio::test]
async fn a_list_that_must_not_block_ends_after_saying_so() {
    let server = Server::start(|_| json(200, GOOD)).await;
    let client: Client = bare(&server).build().unwrap();
    let list = || Listed(request(&client, &READ));
    assert_eq!(dingtalk_runtime::Items::new(list()).blocking().filter(Result::is_err).take(9).count(), 1);
    assert_eq!(dingtalk_runtime::Pages::new(list()).blocking().filter(Result::is_err).take(9).count(), 1);
}

#[cfg(feature = "blocking")]
#[test]
fn a_call_in_the_destructor_of_a_thread_local_value_is_an_error_and_no_abort() {
    use std::sync::mpsc::{Sender, channel};

    struct AtEnd(Client, Sender<Result<Thing, dingtalk_runtime::Error>>);
    impl Drop for AtEnd {
        fn drop(&mut self) {
            self.1.send(request(&self.0, &READ).send::<Thing>().block()).unwrap();
        }
    }
    thread_local! {
        static AT_END: std::cell::RefCell<Option<AtEnd>> = const { std::cell::RefCell::new(None) };
    }

    let serving = Builder::new_multi_thread().worker_threads(1).enable_all().build().unwrap();
    let server = serving.block_on(Server::start(|_| json(200, GOOD)));
    let client: Client = bare(&server).build().unwrap();
    let (sender, results) = channel();
    std::thread::spawn(move || {
        AT_END.with_borrow_mut(|at_end| *at_end = Some(AtEnd(client.clone(), sender)));
        // What tokio keeps for the thread is made after this value, and ends before it.
        request(&client, &READ).send::<Thing>().block().unwrap();
    })
    .join()
    .unwrap();
    let error = results.recv().unwrap().unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Configuration, "{error}");
}
