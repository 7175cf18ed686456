//! The place where an application steps between a client and the network.

mod failure;
mod message;

use std::fmt;
use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;

use super::{Bounds, Payload, RawAnswer, late};
use crate::authorization::authorize;
use crate::connections::Pool;
use crate::operation::Token;
use crate::token_cache::Bearer;
use crate::{Error, Operation};

pub use failure::TransportError;
pub use message::{HttpAnswer, HttpRequest};

/// What an exchange comes to.
pub type Exchange<'a> = Pin<Box<dyn Future<Output = Result<HttpAnswer, TransportError>> + Send + 'a>>;

/// Stands between a client and the network: middleware, which looks at what goes by and passes it on with
/// [`Network::send`], or a transport of its own, which does not. It is asked for each attempt, and serves to record
/// and replay, to measure, to add headers, and to test without a server.
///
/// Limits, retries, deadlines and the reading of answers stay the client's. The phase of a failed call stays true
/// because a [`TransportError`] says whether the request may have reached the server: a write of unknown outcome is
/// not sent again.
///
/// It sees neither access tokens nor the secrets that they are got with, unless it asks for them by
/// [`sees_secrets`](Self::sees_secrets): requests come without token, `Network::send` adds it, and calls that get a
/// token go past it. The bytes of files go past it as well: they go to signed URLs, which are secrets.
///
/// # Examples
///
/// Recording what a client does, and replaying it without a network:
///
/// ```
/// use std::collections::HashMap;
/// use std::sync::{Arc, Mutex};
///
/// use dingtalk_runtime::credentials::FixedToken;
/// use dingtalk_runtime::{Client, ClientBuilder, Exchange, HttpAnswer, HttpRequest, Network, Transport, TransportError};
/// # use dingtalk_runtime::{Effect, Operation};
///
/// /// Answers by method, URL and body. A real one would write them to a file.
/// type Tape = Arc<Mutex<HashMap<String, HttpAnswer>>>;
///
/// fn key(request: &HttpRequest) -> String {
///     format!("{:?} {} {:?}", request.method(), request.url(), request.body())
/// }
///
/// #[derive(Debug)]
/// struct Record(Tape);
///
/// impl Transport for Record {
///     fn exchange(&self, request: HttpRequest, network: Network) -> Exchange<'_> {
///         Box::pin(async move {
///             let key = key(&request);
///             let answer = network.send(request).await?;
///             // An answer that was cut off is not worth keeping.
///             if answer.is_whole() {
///                 self.0.lock().unwrap().insert(key, answer.clone());
///             }
///             Ok(answer)
///         })
///     }
/// }
///
/// #[derive(Debug)]
/// struct Replay(Tape);
///
/// impl Transport for Replay {
///     fn exchange(&self, request: HttpRequest, _: Network) -> Exchange<'_> {
///         let answer = self.0.lock().unwrap().get(&key(&request)).cloned();
///         Box::pin(async move { answer.ok_or_else(|| TransportError::never_sent("it was not recorded")) })
///     }
/// }
///
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
/// # const GET: Operation =
/// #     Operation { name: "test.Get", path: "/v1.0/things/{id}", effect: Effect::Read, ..Operation::UNSET };
/// # use tokio::io::{AsyncReadExt, AsyncWriteExt};
/// # let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await?;
/// # let address = format!("http://{}", listener.local_addr()?);
/// # let server = tokio::spawn(async move {
/// #     let (mut stream, _) = listener.accept().await.unwrap();
/// #     let _ = stream.read(&mut [0; 4096]).await.unwrap();
/// #     let answer = "HTTP/1.1 200 OK\r\ncontent-length: 12\r\n\r\n{\"id\":\"one\"}";
/// #     stream.write_all(answer.as_bytes()).await.unwrap();
/// # });
/// let tape = Tape::default();
/// let builder = |transport| -> Result<Client, Box<dyn std::error::Error>> {
///     let builder = ClientBuilder::new().base_url(&address).credentials(FixedToken::new("token")?);
///     Ok(builder.transport_arc(transport).build()?)
/// };
/// let recording: Client = builder(Arc::new(Record(tape.clone())))?;
/// let first: serde_json::Value = recording.request(&GET).path("id", "7").send().await?;
/// # server.await?;
/// // The server is gone.
/// let replaying: Client = builder(Arc::new(Replay(tape.clone())))?;
/// let second: serde_json::Value = replaying.request(&GET).path("id", "7").send().await?;
/// assert_eq!(first, second);
/// let unknown = replaying.request(&GET).path("id", "8").send::<serde_json::Value>().await.unwrap_err();
/// assert!(unknown.to_string().contains("it was not recorded"));
/// assert!(!format!("{:?}", tape.lock().unwrap()).contains("token"));
/// # Ok(())
/// # }
/// ```
/// Measuring, for example for Prometheus, by operation and status:
///
/// ```
/// use std::collections::BTreeMap;
/// use std::sync::{Arc, Mutex};
/// use std::time::{Duration, Instant};
///
/// use dingtalk_runtime::{Exchange, HttpRequest, Network, Transport};
///
/// /// How often, and how long together.
/// type Counts = BTreeMap<(&'static str, Option<u16>), (u64, Duration)>;
///
/// #[derive(Debug, Clone, Default)]
/// struct Metrics(Arc<Mutex<Counts>>);
///
/// impl Transport for Metrics {
///     fn exchange(&self, request: HttpRequest, network: Network) -> Exchange<'_> {
///         Box::pin(async move {
///             let (name, started) = (request.operation().name, Instant::now());
///             let result = network.send(request).await;
///             let status = result.as_ref().ok().map(|answer| answer.status());
///             let mut counts = self.0.lock().unwrap();
///             let (number, time) = counts.entry((name, status)).or_default();
///             *number += 1;
///             *time += started.elapsed();
///             drop(counts);
///             result
///         })
///     }
/// }
/// # use dingtalk_runtime::credentials::FixedToken;
/// # use dingtalk_runtime::{Client, ClientBuilder, Operation};
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
/// # const GET: Operation = Operation { name: "test.Get", path: "/v1.0/things", ..Operation::UNSET };
/// # let metrics = Metrics::default();
/// # let builder = ClientBuilder::new().base_url("http://127.0.0.1:1").credentials(FixedToken::new("token")?);
/// # let client: Client = builder.transport(metrics.clone()).build()?;
/// # client.request(&GET).send::<serde_json::Value>().once().await.unwrap_err();
/// # assert_eq!(metrics.0.lock().unwrap()[&("test.Get", None)].0, 1);
/// # Ok(())
/// # }
/// ```
///
/// A test without a server, of code that meets a full space:
///
/// ```
/// use dingtalk_runtime::credentials::FixedToken;
/// use dingtalk_runtime::{
///     Client, ClientBuilder, ErrorCode, Exchange, HttpAnswer, HttpRequest, Network, Region, Transport,
/// };
///
/// #[derive(Debug)]
/// struct FullSpace;
///
/// impl Transport for FullSpace {
///     fn exchange(&self, request: HttpRequest, _: Network) -> Exchange<'_> {
///         assert!(request.url().path().ends_with("/commit"), "{request:?}");
///         Box::pin(async { Ok(HttpAnswer::new(400, r#"{"code":"spaceQuotaInsufficient","message":"full"}"#)) })
///     }
/// }
///
/// # use dingtalk_runtime::{Effect, Method, Operation};
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
/// # const COMMIT: Operation = Operation {
/// #     name: "test.Commit", method: Method::Post, path: "/v1.0/files/commit", effect: Effect::Write, ..Operation::UNSET
/// # };
/// let builder = ClientBuilder::new().region(Region::International).credentials(FixedToken::new("token")?);
/// let client: Client = builder.transport(FullSpace).build()?;
/// let error = client.request(&COMMIT).send::<serde_json::Value>().await.unwrap_err();
/// assert_eq!(error.code(), Some(&ErrorCode::SpaceQuotaInsufficient));
/// # Ok(())
/// # }
/// ```
pub trait Transport: fmt::Debug + Send + Sync + 'static {
    /// Sends a request and gives its answer. It is dropped when the attempt's time is up; the call then counts as one
    /// that may have been sent.
    fn exchange(&self, request: HttpRequest, network: Network) -> Exchange<'_>;

    /// Whether it is the transport itself and so has to see secrets: access tokens in requests, and the calls that get
    /// them with the secret of the app. As a rule it has not.
    fn sees_secrets(&self) -> bool {
        false
    }
}

/// The way to the server that the client would have taken by itself, with its connections, its bounds and its token.
/// It is good for one request: nothing behind the client's back sends a write twice.
pub struct Network {
    pub(crate) pool: Arc<Pool>,
    pub(crate) bearer: Option<Bearer>,
    pub(crate) bounds: Bounds,
}

impl Network {
    /// Sends the request.
    ///
    /// # Errors
    ///
    /// If no answer came; a refusal of the server is an answer.
    pub async fn send(self, request: HttpRequest) -> Result<HttpAnswer, TransportError> {
        let HttpRequest { operation, url, headers, body, .. } = request;
        let is_https = url.scheme() == "https";
        let http = self.pool.http(is_https).map_err(TransportError)?;
        let request = || {
            let mut request = reqwest::Request::new(operation.method.into(), url);
            *request.headers_mut() = headers;
            authorize(&mut request, self.bearer.as_ref(), operation.token);
            (request, body)
        };
        let answer = super::exchange(http, request, &self.bounds).await;
        answer.map(HttpAnswer).map_err(TransportError)
    }
}

impl fmt::Debug for Network {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_struct("Network").finish_non_exhaustive()
    }
}

/// What a transport gets of one attempt.
pub(crate) struct Attempt {
    pub(crate) operation: &'static Operation,
    pub(crate) number: u32,
    /// With the token, if the transport sees secrets.
    pub(crate) request: reqwest::Request,
    pub(crate) body: Option<Payload>,
    pub(crate) network: Network,
}

/// Whether the attempts of an operation are a transport's business.
pub(crate) fn concerns(transport: &dyn Transport, operation: &Operation) -> bool {
    operation.token != Token::None || transport.sees_secrets()
}

/// Sends a request through a transport and reads its answer, as [`exchange`](super::exchange) does over the network.
pub(crate) async fn exchange_through(transport: &dyn Transport, attempt: Attempt) -> Result<RawAnswer, Error> {
    let Attempt { operation, number, mut request, body, network } = attempt;
    let bounds = network.bounds;
    let headers = std::mem::take(request.headers_mut());
    let request = HttpRequest { operation, attempt: number, url: request.url().clone(), headers, body };
    match tokio::time::timeout_at(bounds.deadline, transport.exchange(request, network)).await {
        Ok(Ok(answer)) => Ok(answer.into_raw(bounds)),
        Ok(Err(error)) => Err(error.0),
        Err(_) => Err(late("no answer came", &bounds)),
    }
}
