//! The place where an application steps between a client and the network.

use std::fmt;
use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;
use std::time::SystemTime;

use bytes::Bytes;
use reqwest::Url;
use reqwest::header::{HeaderMap, HeaderName, HeaderValue, RETRY_AFTER};

use super::{Bounds, RawAnswer, late, ruled, too_large};
use crate::answer_meta::request_id;
use crate::authorization::authorize;
use crate::connections::Pool;
use crate::error::{Facts, Phase};
use crate::operation::Token;
use crate::token_cache::Bearer;
use crate::verdict::{Extent, Sent};
use crate::{Error, ErrorKind, Method, Operation, own_headers, retry};

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

/// A request on its way to the API. Its `Debug` shows neither ids nor the body.
#[derive(Clone)]
pub struct HttpRequest {
    operation: &'static Operation,
    attempt: u32,
    url: Url,
    headers: HeaderMap,
    body: Option<Bytes>,
}

impl HttpRequest {
    /// The operation that is called.
    #[must_use]
    pub fn operation(&self) -> &'static Operation {
        self.operation
    }

    /// Number of the attempt, from 1.
    #[must_use]
    pub fn attempt(&self) -> u32 {
        self.attempt
    }

    /// The method.
    #[must_use]
    pub fn method(&self) -> Method {
        self.operation.method
    }

    /// The whole address. It stays as it is, so that no token goes to another server.
    #[must_use]
    pub fn url(&self) -> &Url {
        &self.url
    }

    /// The headers.
    #[must_use]
    pub fn headers(&self) -> &HeaderMap {
        &self.headers
    }

    /// The JSON that is sent, if anything is.
    #[must_use]
    pub fn body(&self) -> Option<&Bytes> {
        self.body.as_ref()
    }

    /// Sets a header, as [`Call::header`](crate::Call::header) does.
    ///
    /// # Errors
    ///
    /// If it is one of those that only the client sets.
    pub fn header<N, V>(mut self, name: N, value: V) -> Result<Self, TransportError>
    where
        N: TryInto<HeaderName>,
        V: TryInto<HeaderValue>,
    {
        own_headers::insert(&mut self.headers, name, value).map_err(TransportError::never_sent)?;
        Ok(self)
    }
}

impl fmt::Debug for HttpRequest {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("HttpRequest")
            .field("operation", &self.operation.name)
            .field("attempt", &self.attempt)
            .field("body", &self.body.as_ref().map(Bytes::len))
            .finish_non_exhaustive()
    }
}

/// An answer of the API, or one that is made in its place.
#[derive(Debug, Clone)]
pub struct HttpAnswer {
    status: u16,
    headers: HeaderMap,
    body: Bytes,
    is_sealed: bool,
    fault: Option<(Extent, Error)>,
}

impl HttpAnswer {
    /// An answer with this status and body.
    #[must_use]
    pub fn new(status: u16, body: impl Into<Bytes>) -> Self {
        Self { status, headers: HeaderMap::new(), body: body.into(), is_sealed: true, fault: None }
    }

    /// Adds a header.
    #[must_use]
    pub fn header(mut self, name: HeaderName, value: HeaderValue) -> Self {
        self.headers.append(name, value);
        self
    }

    /// The same answer as if the connection had broken after it, before its end.
    #[must_use]
    pub fn cut_off(mut self) -> Self {
        let error = Error::new(ErrorKind::Connection, Phase::Unknown, "the answer was cut off");
        self.fault = Some((Extent::Cut, ruled(error, Sent::Perhaps)));
        self
    }

    /// HTTP status.
    #[must_use]
    pub fn status(&self) -> u16 {
        self.status
    }

    /// Headers.
    #[must_use]
    pub fn headers(&self) -> &HeaderMap {
        &self.headers
    }

    /// The body, as far as it came.
    #[must_use]
    pub fn body(&self) -> &Bytes {
        &self.body
    }

    /// Whether all of it came.
    #[must_use]
    pub fn is_whole(&self) -> bool {
        self.fault.is_none()
    }

    fn of_network(mut raw: RawAnswer) -> Self {
        let headers = raw.headers.take().map(|headers| *headers).unwrap_or_default();
        Self { status: raw.status, headers, body: raw.body, is_sealed: raw.is_sealed, fault: raw.fault }
    }

    /// The answer as the client judges it, within its bounds.
    fn into_raw(mut self, bounds: Bounds) -> RawAnswer {
        if self.body.len() > bounds.size {
            self.body.truncate(bounds.size);
            self.fault = Some((Extent::TooLarge, too_large(bounds.size)));
        }
        let wait = self.headers.get(RETRY_AFTER);
        RawAnswer {
            status: self.status,
            is_sealed: self.is_sealed,
            retry_after: wait.and_then(|value| retry::retry_after(value.as_bytes(), SystemTime::now())),
            body: self.body,
            fault: self.fault,
            request_id: request_id(&self.headers),
            headers: Some(Box::new(self.headers)),
        }
    }
}

/// Why no answer came, and what the server may have got.
#[derive(Clone)]
pub struct TransportError(Error);

impl TransportError {
    /// Nothing that the server could act on was sent. The call may be tried again.
    #[must_use]
    pub fn not_sent(why: impl Into<String>) -> Self {
        Self::of(ErrorKind::Connect, Sent::Nothing, why.into())
    }

    /// Nothing was sent, and a second try would meet the same obstacle.
    #[must_use]
    pub fn never_sent(why: impl Into<String>) -> Self {
        Self::of(ErrorKind::Request, Sent::Never, why.into())
    }

    /// The request may have reached the server. When in doubt, it is this.
    #[must_use]
    pub fn perhaps_sent(why: impl Into<String>) -> Self {
        Self::of(ErrorKind::Connection, Sent::Perhaps, why.into())
    }

    /// Adds the error that it came from. It must hold no secrets.
    #[must_use]
    pub fn with_source(self, source: impl std::error::Error + Send + Sync + 'static) -> Self {
        Self(self.0.with(|facts| facts.source = Some(Arc::new(source))))
    }

    /// Whether the request may have reached the server.
    #[must_use]
    pub fn may_have_been_sent(&self) -> bool {
        self.0.phase() != Phase::NotSent
    }

    fn of(kind: ErrorKind, sent: Sent, why: String) -> Self {
        let facts = Facts { detail: Some(why.into()), ..Facts::bare(kind, Phase::Unknown) };
        Self(ruled(Error::from_facts(facts), sent))
    }
}

impl fmt::Debug for TransportError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_tuple("TransportError").field(&self.0).finish()
    }
}

impl fmt::Display for TransportError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(self.0.facts().detail.as_deref().unwrap_or("no answer came"))
    }
}

impl std::error::Error for TransportError {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        std::error::Error::source(&self.0)
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
        let mut request = reqwest::Request::new(operation.method.into(), url);
        *request.headers_mut() = headers;
        authorize(&mut request, self.bearer.as_ref(), operation.token);
        let http = self.pool.http(is_https).map_err(TransportError)?;
        let answer = super::exchange(http, request, body, self.bounds).await;
        answer.map(HttpAnswer::of_network).map_err(TransportError)
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
    pub(crate) body: Option<Bytes>,
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
        Err(_) => Err(late("no answer came", bounds)),
    }
}
