//! Connections that do not come about: names, ports, certificates. Nothing was sent, so any call goes on.

use std::collections::VecDeque;
use std::net::SocketAddr;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use dingtalk_runtime::credentials::FixedToken;
use dingtalk_runtime::{AppState, Backoff, Client, ClientBuilder, ErrorKind, Phase};
use reqwest::dns::{Addrs, Name, Resolve, Resolving};
use rustls::pki_types::{CertificateDer, PrivateKeyDer, PrivatePkcs8KeyDer};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpListener;
use tokio::task::JoinSet;

use crate::support::*;

const AUTHORITY: &[u8] = include_bytes!("support/tls/ca.der");
const CERTIFICATE: &[u8] = include_bytes!("support/tls/server.der");
const KEY: &[u8] = include_bytes!("support/tls/server.key.der");

/// Where a name leads, one time after the other.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Way {
    /// The name is unknown.
    Unknown,
    /// To a port.
    Port(u16),
}

/// Resolves names by a list, and in the end to the good port.
struct Ways {
    list: Mutex<VecDeque<Way>>,
    good: u16,
}

impl Resolve for Ways {
    fn resolve(&self, _: Name) -> Resolving {
        let way = self.list.lock().unwrap().pop_front().unwrap_or(Way::Port(self.good));
        Box::pin(std::future::ready(match way {
            Way::Unknown => Err("no such name".into()),
            Way::Port(port) => Ok(Box::new(std::iter::once(SocketAddr::from(([127, 0, 0, 1], port)))) as Addrs),
        }))
    }
}

/// What answers at a port.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Behaviour {
    Good,
    Reset,
    Garbage,
    Silent,
}

async fn listen(behaviour: Behaviour, applied: Arc<Mutex<usize>>) -> u16 {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let port = listener.local_addr().unwrap().port();
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let key = PrivateKeyDer::Pkcs8(PrivatePkcs8KeyDer::from(KEY));
    let config = rustls::ServerConfig::builder_with_provider(provider).with_safe_default_protocol_versions().unwrap();
    let config = config.with_no_client_auth().with_single_cert(vec![CertificateDer::from(CERTIFICATE)], key).unwrap();
    let acceptor = tokio_rustls::TlsAcceptor::from(Arc::new(config));
    tokio::spawn(async move {
        while let Ok((mut stream, _)) = listener.accept().await {
            match behaviour {
                Behaviour::Reset => stream.set_zero_linger().unwrap(),
                Behaviour::Garbage => drop(stream.write_all(b"HTTP/1.1 400 Bad Request\r\n\r\n").await),
                Behaviour::Silent => drop(tokio::spawn(async move {
                    std::future::pending::<()>().await;
                    drop(stream);
                })),
                Behaviour::Good => drop(tokio::spawn(serve(acceptor.clone(), stream, Arc::clone(&applied)))),
            }
        }
    });
    port
}

/// Answers one small request.
async fn serve(acceptor: tokio_rustls::TlsAcceptor, stream: tokio::net::TcpStream, applied: Arc<Mutex<usize>>) {
    let Ok(mut stream) = acceptor.accept(stream).await else { return };
    let mut buffer = Vec::new();
    while !buffer.ends_with(b"}") {
        if stream.read_buf(&mut buffer).await.is_ok_and(|count| count == 0) {
            return;
        }
    }
    *applied.lock().unwrap() += 1;
    let _ = stream.write_all(&bytes(200, "", GOOD)).await;
    let _ = stream.shutdown().await;
}

/// TLS that trusts the authority of the tests.
fn trusting() -> rustls::ClientConfig {
    let mut roots = rustls::RootCertStore::empty();
    roots.add(CertificateDer::from(AUTHORITY)).unwrap();
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let config = rustls::ClientConfig::builder_with_provider(provider).with_safe_default_protocol_versions().unwrap();
    config.with_root_certificates(roots).with_no_client_auth()
}

fn client(address: &str, ways: Vec<Way>, good: u16) -> ClientBuilder {
    let ways = Arc::new(Ways { list: Mutex::new(ways.into()), good });
    let builder = ClientBuilder::new().base_url(address).credentials(FixedToken::new("fixed-token").unwrap());
    let builder = builder.app(&AppState::new());
    builder.http(move |http| http.tls_backend_preconfigured(trusting()).dns_resolver(Arc::clone(&ways)))
}

/// A call against a list of ways; by real time, for a paused clock would run ahead of the network.
async fn goes_on(seed: u64, ways: [Way; 5], good: u16) {
    let mut random = fastrand::Rng::with_seed(seed);
    let operation = [&READ, &IDEMPOTENT, &WRITE][random.usize(..3)];
    let schedule: Vec<Way> = (0..random.usize(..6)).map(|_| ways[random.usize(..ways.len())]).collect();
    let quick = Backoff::default().pauses(Duration::from_millis(1), Duration::from_millis(1));
    let builder =
        client("https://api.test", schedule.clone(), good).retry(quick).connect_timeout(Duration::from_secs(2));
    let client: Client = builder.build().unwrap();
    let result = request(&client, operation).send::<Thing>().await;
    let context = format!("seed {seed}, {schedule:?}, {:?}: {result:?}", operation.effect);
    assert_eq!(result.is_ok(), schedule.len() < 4, "{context}");
    if let Err(error) = result {
        assert_eq!(
            (error.kind(), error.phase(), error.attempts()),
            (ErrorKind::Connect, Phase::NotSent, 4),
            "{context}"
        );
    }
}

#[tokio::test]
async fn calls_of_every_effect_go_on_when_no_connection_came_about() {
    let applied = Arc::new(Mutex::new(0));
    let mut ports = Vec::new();
    for behaviour in [Behaviour::Good, Behaviour::Reset, Behaviour::Garbage, Behaviour::Silent] {
        ports.push(listen(behaviour, Arc::clone(&applied)).await);
    }
    let closed = TcpListener::bind("127.0.0.1:0").await.unwrap().local_addr().unwrap().port();
    let ways = [Way::Unknown, Way::Port(closed), Way::Port(ports[1]), Way::Port(ports[2]), Way::Port(ports[3])];
    let mut tasks = JoinSet::new();
    for seed in 0..100 {
        tasks.spawn(goes_on(seed, ways, ports[0]));
    }
    while let Some(result) = tasks.join_next().await {
        result.unwrap();
    }
    let good = (0..100).filter(|seed| {
        let mut random = fastrand::Rng::with_seed(*seed);
        random.usize(..3);
        random.usize(..6) < 4
    });
    assert_eq!(*applied.lock().unwrap(), good.count());
}

#[tokio::test(start_paused = true)]
async fn a_connection_is_used_again_for_fifteen_seconds() {
    let server = Server::start(|_| json(200, GOOD)).await;
    let client: Client = bare(&server).build().unwrap();
    for (pause, connections) in [(0, 1), (14, 1), (14, 1), (16, 2), (1, 2)] {
        tokio::time::sleep(Duration::from_secs(pause)).await;
        request(&client, &READ).send::<Thing>().await.unwrap();
        assert_eq!(server.connections(), connections, "after {pause} s");
    }
}

#[tokio::test]
async fn a_connection_that_does_not_come_about_is_given_up_in_time() {
    let silent = listen(Behaviour::Silent, Arc::default()).await;
    let timeout = Duration::from_millis(100);
    let client: Client = client("https://api.test", vec![], silent).connect_timeout(timeout).build().unwrap();
    let started = tokio::time::Instant::now();
    let error = request(&client, &WRITE).send::<Thing>().once().await.unwrap_err();
    assert_eq!((error.kind(), error.phase()), (ErrorKind::Connect, Phase::NotSent));
    // Who has set a wrong address sees it, and nothing of what was asked for.
    assert!(error.to_string().contains(", on the way to api.test. "), "{error}");
    assert!(started.elapsed() >= timeout, "{:?}", started.elapsed());
}

#[tokio::test]
async fn a_call_whose_time_ends_before_there_is_a_connection_was_not_sent() {
    let silent = listen(Behaviour::Silent, Arc::default()).await;
    let client: Client = client("https://api.test", vec![], silent).build().unwrap();
    let error = request(&client, &WRITE).send::<Thing>().timeout(Duration::from_millis(100)).await.unwrap_err();
    assert_eq!((error.kind(), error.phase()), (ErrorKind::Timeout, Phase::NotSent));
}

#[tokio::test]
async fn a_certificate_must_be_right_whatever_the_http_client_was_set_to() {
    let applied = Arc::new(Mutex::new(0));
    let good = listen(Behaviour::Good, Arc::clone(&applied)).await;
    let token = || FixedToken::new("t").unwrap();
    let untrusted = || ClientBuilder::new().base_url("https://api.test").credentials(token()).app(&AppState::new());
    let ways = move || Arc::new(Ways { list: Mutex::default(), good });
    let authority = || reqwest::Certificate::from_der(AUTHORITY).unwrap();
    let careless = |ways| reqwest::Client::builder().dns_resolver(ways);
    let clients: [Client; 5] = [
        // Another host than the certificate's.
        client("https://other.test", vec![], good).build().unwrap(),
        // An authority that the platform does not know.
        untrusted().http(move |http| http.dns_resolver(ways())).build().unwrap(),
        untrusted().http(move |http| http.dns_resolver(ways()).tls_danger_accept_invalid_certs(true)).build().unwrap(),
        // The same with a builder that is not this crate's.
        untrusted().http(move |_| careless(ways()).tls_danger_accept_invalid_certs(true)).build().unwrap(),
        untrusted()
            .base_url("https://other.test")
            .http(move |_| careless(ways()).tls_certs_only([authority()]).tls_danger_accept_invalid_hostnames(true))
            .build()
            .unwrap(),
    ];
    for client in clients {
        let error = request(&client, &READ).send::<Thing>().await.unwrap_err();
        let facts = (error.kind(), error.phase(), error.attempts(), error.is_retryable());
        assert_eq!(facts, (ErrorKind::Connect, Phase::NotSent, 1, false), "{error}");
    }
    assert_eq!(*applied.lock().unwrap(), 0);
    // What was refused above is the certificate: with the right name, the careless client gets through.
    let trusting = untrusted().http(move |_| careless(ways()).tls_certs_only([authority()]));
    let client: Client = trusting.build().unwrap();
    request(&client, &READ).send::<Thing>().await.unwrap();
    assert_eq!(*applied.lock().unwrap(), 1);
}

#[test]
fn a_builder_of_http_clients_that_is_not_ours_may_take_the_place_of_ours() {
    const MARK: &str = "DINGTALK_RUNTIME_TEST_PROVIDER";
    if std::env::var(MARK).is_ok() {
        let builder = ClientBuilder::<Client>::new().base_url("https://api.test");
        builder.http(|_| reqwest::Client::builder()).build().unwrap();
        return;
    }
    // Another test of this process may have installed a provider of cryptography.
    let name = "connections::a_builder_of_http_clients_that_is_not_ours_may_take_the_place_of_ours";
    let mut child = std::process::Command::new(std::env::current_exe().unwrap());
    let output = child.args(["--exact", name]).env(MARK, "1").output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stdout));
}

#[test]
fn only_https_and_literal_loopback_are_taken() {
    for address in [
        "http://api.dingtalk.io",
        "http://localhost:1",
        "http://127.0.0.1.evil.example",
        "https://user@api.dingtalk.io",
    ] {
        let error = ClientBuilder::<Client>::new().base_url(address).build().unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Configuration, "{address}");
    }
}
