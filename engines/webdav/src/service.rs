//! One request, from its headers to the answer.

use std::sync::Arc;
use std::time::{Duration, Instant};

use bytes::Bytes;
use dav_server::DavHandler;
use dav_server::body::Body as DavBody;
use dav_server::davpath::DavPath;
use futures_util::StreamExt;
use http::header::{self, HeaderMap, HeaderName, HeaderValue};
use http::uri::Authority;
use http::{Method, Request, Response, StatusCode, Uri};
use http_body::Body;

use crate::asked::Asked;
use crate::body::Checked;
use crate::budget::Budget;
use crate::conditions::unreadable;
use crate::failure::Failure;
use crate::filesystem::DriveFiles;
use crate::locks::Locks;
use crate::login::Login;
use crate::place::Place;

const METHODS: &str = "OPTIONS, GET, HEAD, PUT, DELETE, PROPFIND, PROPPATCH, MKCOL, COPY, MOVE, LOCK, UNLOCK";
const READING: &str = "OPTIONS, GET, HEAD, PROPFIND";
/// How long a client may send nothing in the middle of a body.
const PATIENCE: Duration = Duration::from_mins(2);
/// Bytes of a file that go to the connection at once.
const READ: usize = 1 << 20;
/// What the Finder announces in place of a length.
const ANNOUNCED: HeaderName = HeaderName::from_static("x-expected-entity-length");

/// Answers requests.
#[derive(Clone)]
pub struct Service(Arc<Parts>);

struct Parts {
    place: Arc<Place>,
    budget: Budget,
    login: Login,
    is_read_only: bool,
    dav: DavHandler<Asked>,
}

impl Service {
    pub fn new(place: Arc<Place>, budget: Budget, login: Login, is_read_only: bool, for_good: bool) -> Self {
        let files = DriveFiles::new(Arc::clone(&place), for_good);
        let dav = DavHandler::builder()
            .filesystem(Box::new(files))
            .locksystem(Locks::boxed())
            .autoindex(true)
            .read_buf_size(READ)
            .build_handler();
        Self(Arc::new(Parts { place, budget, login, is_read_only, dav }))
    }

    /// Answers a request, and says so in the log.
    pub async fn answer<B>(&self, request: Request<B>) -> Response<DavBody>
    where
        B: Body<Data = Bytes> + Send + Unpin + 'static,
        B::Error: std::error::Error + Send + Sync + 'static,
    {
        let began = Instant::now();
        let (method, path) = (request.method().clone(), request.uri().path().to_owned());
        let asked = Asked::new(self.0.budget.drive(), &method, &path, request.headers());
        let answer = match self.refuse(&request) {
            Some(refusal) => refusal,
            None => self.serve(request, &asked).await,
        };
        let (status, calls, milliseconds) =
            (answer.status().as_u16(), asked.drive().calls().count(), began.elapsed().as_millis());
        tracing::info!(%method, ?path, status, calls, milliseconds);
        answer
    }

    /// Answers what takes no look into the drive.
    fn refuse<B>(&self, request: &Request<B>) -> Option<Response<DavBody>> {
        let headers = request.headers();
        if !self.0.login.lets_in(headers) {
            let mut refusal = told(&Failure::new(StatusCode::UNAUTHORIZED, "name and password are needed"));
            let realm = HeaderValue::from_static("Basic realm=\"DingTalk Storage\", charset=\"UTF-8\"");
            refusal.headers_mut().insert(header::WWW_AUTHENTICATE, realm);
            return Some(refusal);
        }
        let methods = if self.0.is_read_only { READING } else { METHODS };
        if !methods.split(", ").any(|method| method == request.method().as_str()) {
            let known = METHODS.split(", ").any(|method| method == request.method().as_str());
            let status = if known { StatusCode::FORBIDDEN } else { StatusCode::METHOD_NOT_ALLOWED };
            let mut refusal = told(&Failure::new(status, format!("{} is not allowed here", request.method())));
            refusal.headers_mut().insert(header::ALLOW, HeaderValue::from_static(methods));
            return Some(refusal);
        }
        if request.method() == Method::OPTIONS {
            return Some(options(methods));
        }
        if headers.contains_key(header::CONTENT_RANGE) {
            let message = "a part of a file cannot be stored: send all of it";
            return Some(told(&Failure::new(StatusCode::BAD_REQUEST, message)));
        }
        let depth = headers.get("depth").map(HeaderValue::as_bytes);
        if request.method().as_str() == "PROPFIND" && depth.is_some_and(|depth| depth.eq_ignore_ascii_case(b"infinity"))
        {
            return Some(finite_depth());
        }
        if request.uri().path() == "*" {
            return Some(told(&Failure::new(StatusCode::BAD_REQUEST, "no file and no folder is called by *")));
        }
        let refusal = ambiguous(headers).or_else(|| elsewhere(request)).or_else(|| circle(request));
        refusal.map(|failure| told(&failure))
    }

    async fn serve<B>(&self, mut request: Request<B>, asked: &Asked) -> Response<DavBody>
    where
        B: Body<Data = Bytes> + Send + Unpin + 'static,
        B::Error: std::error::Error + Send + Sync + 'static,
    {
        let announced = announced(request.headers());
        if request.method().as_str() == "PROPFIND" {
            // Without a depth, all that is below is meant; what is in the folder is what can be told.
            request.headers_mut().entry("depth").or_insert(HeaderValue::from_static("1"));
            if !asked.is_shallow()
                && let Err(failure) = self.list_before(request.uri(), asked).await
            {
                return self.failed(&failure);
            }
        }
        let request = request.map(|body| Checked::new(body, asked.clone(), announced, PATIENCE));
        let user = self.0.login.user().to_owned();
        let answer = self.0.dav.handle_guarded(request, user, asked.clone()).await;
        if asked.is("PROPPATCH") && answer.status() == StatusCode::MULTI_STATUS {
            return without_false_success(answer).await;
        }
        match asked.failure() {
            Some(failure) if has_failed(answer.status(), asked) => {
                let mut told = self.failed(failure);
                if let Some(close) = answer.headers().get(header::CONNECTION) {
                    told.headers_mut().insert(header::CONNECTION, close.clone());
                }
                told
            }
            _ => answer,
        }
    }

    /// Lists a folder before the answer begins: once it has begun, a list that fails would be taken for an empty folder.
    async fn list_before(&self, uri: &Uri, asked: &Asked) -> Result<(), Failure> {
        let Ok(url) = DavPath::new(uri.path()) else { return Ok(()) };
        if let Some(children) = self.0.place.children(&self.0.place.path(&url)?, asked).await? {
            asked.keep_list(children);
        }
        Ok(())
    }

    fn failed(&self, failure: &Failure) -> Response<DavBody> {
        if failure.is_for_calls() {
            self.0.budget.used_up();
        } else if failure.status.is_server_error() {
            tracing::warn!(status = failure.status.as_u16(), "{}", failure.message);
        }
        told(failure)
    }
}

/// Whether an answer is one about a failure. What is moved, copied or deleted is so as a whole, so what the library tells of
/// parts of it is about all.
fn has_failed(status: StatusCode, asked: &Asked) -> bool {
    let is_of_parts = status == StatusCode::MULTI_STATUS;
    status.is_client_error()
        || status.is_server_error()
        || (is_of_parts && ["MOVE", "COPY", "DELETE"].iter().any(|method| asked.is(method)))
}

/// What is announced of the length where HTTP itself does not say it.
fn announced(headers: &HeaderMap) -> Option<u64> {
    if headers.contains_key(header::CONTENT_LENGTH) {
        return None;
    }
    headers.get(ANNOUNCED)?.to_str().ok()?.trim().parse().ok()
}

/// What the protocol's library would understand in another way than it is meant: that something may be replaced, and where
/// to.
fn ambiguous(headers: &HeaderMap) -> Option<Failure> {
    if let Some(message) = unreadable(headers) {
        return Some(Failure::new(StatusCode::BAD_REQUEST, message));
    }
    let refused = |message| Some(Failure::new(StatusCode::BAD_REQUEST, message));
    if headers.get("overwrite").is_some_and(|overwrite| !matches!(overwrite.as_bytes(), b"T" | b"F")) {
        return refused("Overwrite is neither T nor F");
    }
    if headers.contains_key("destination") {
        let Some(url) = destination(headers) else {
            return refused(
                "the destination is no URL: characters that URLs do not have are written as %20 and the like",
            );
        };
        if url.query().is_some() {
            return refused("the destination has a question mark, which is written as %3F in a name");
        }
    }
    None
}

/// Where something is to be moved or copied to.
fn destination(headers: &HeaderMap) -> Option<Uri> {
    headers.get("destination")?.to_str().ok()?.parse().ok()
}

/// What is to go to another server would come to this one, under the same path. Behind a server that knows TLS, the scheme
/// is another one.
fn elsewhere<B>(request: &Request<B>) -> Option<Failure> {
    let to = destination(request.headers())?;
    let to = to.authority()?;
    let host = request.headers().get(header::HOST).and_then(|host| host.to_str().ok()?.parse().ok());
    let here: Option<Authority> = request.uri().authority().cloned().or(host);
    let port = |url: &Authority| url.port_u16().filter(|port| !matches!(port, 80 | 443));
    let is_here = here.is_some_and(|here| here.host().eq_ignore_ascii_case(to.host()) && port(&here) == port(to));
    (!is_here).then(|| Failure::new(StatusCode::BAD_GATEWAY, format!("{:?} is another server", to.host())))
}

/// The library tells Windows that its times and attributes are set, whatever became of them. Nothing is: the drive keeps no
/// property of others, and Windows goes on where it is told so.
async fn without_false_success(answer: Response<DavBody>) -> Response<DavBody> {
    let (mut head, mut body) = answer.into_parts();
    let mut text = Vec::new();
    while let Some(Ok(piece)) = body.next().await {
        text.extend_from_slice(&piece);
    }
    // In what is a name or a path there is no blank.
    let text = String::from_utf8_lossy(&text).replace("HTTP/1.1 200 OK", "HTTP/1.1 403 Forbidden");
    head.headers.insert(header::CONTENT_LENGTH, text.len().into());
    Response::from_parts(head, DavBody::from(text))
}

/// A move or a copy into itself, or onto what it is in: the one never ends, the other would delete its own source.
fn circle<B>(request: &Request<B>) -> Option<Failure> {
    if !matches!(request.method().as_str(), "MOVE" | "COPY") {
        return None;
    }
    let to = destination(request.headers())?;
    let (from, to) = (DavPath::new(request.uri().path()).ok()?, DavPath::new(to.path()).ok()?);
    let names = |path: &DavPath| {
        let names = path.as_bytes().split(|byte| *byte == b'/').filter(|name| !name.is_empty()).map(<[u8]>::to_vec);
        names.collect::<Vec<_>>()
    };
    let (from, to) = (names(&from), names(&to));
    let is_circle = from.starts_with(&to)
        || (to.starts_with(&from) && request.headers().get("depth").is_none_or(|depth| depth != "0"));
    is_circle.then(|| Failure::new(StatusCode::FORBIDDEN, "one of both places is in the other"))
}

fn options(methods: &'static str) -> Response<DavBody> {
    let mut answer = Response::new(DavBody::empty());
    let headers = answer.headers_mut();
    headers.insert("dav", HeaderValue::from_static("1, 2, 3"));
    headers.insert("ms-author-via", HeaderValue::from_static("DAV"));
    headers.insert(header::ALLOW, HeaderValue::from_static(methods));
    headers.insert(header::CONTENT_LENGTH, HeaderValue::from_static("0"));
    answer
}

/// Every folder would be a call, and a client that does this does not mean it.
fn finite_depth() -> Response<DavBody> {
    let body =
        "<?xml version=\"1.0\" encoding=\"utf-8\"?>\n<D:error xmlns:D=\"DAV:\"><D:propfind-finite-depth/></D:error>\n";
    xml(StatusCode::FORBIDDEN, body.to_owned())
}

/// A failure in the words of clients that show the reason.
fn told(failure: &Failure) -> Response<DavBody> {
    let message: String = failure.message.chars().filter(|character| !character.is_control()).collect();
    let message = message.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;");
    let body = format!(
        "<?xml version=\"1.0\" encoding=\"utf-8\"?>\n<D:error xmlns:D=\"DAV:\" xmlns:s=\"http://sabredav.org/ns\">\
         <s:message>{message}</s:message></D:error>\n"
    );
    let mut answer = xml(failure.status, body);
    if let Some(pause) = failure.retry_after {
        answer.headers_mut().insert(header::RETRY_AFTER, pause.as_secs().max(1).into());
    }
    answer
}

fn xml(status: StatusCode, body: String) -> Response<DavBody> {
    let length = body.len();
    let mut answer = Response::new(DavBody::from(body));
    *answer.status_mut() = status;
    let headers = answer.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("application/xml; charset=utf-8"));
    headers.insert(header::CONTENT_LENGTH, length.into());
    answer
}
