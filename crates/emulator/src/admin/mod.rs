//! The admin API: what tests in other languages need to steer an emulator.
//!
//! It knows no credentials, so it protects itself against web pages in a developer's browser: a body has to be sent as
//! `application/json`, which a page of another origin cannot do, and the `Host` has to be an address or `localhost`,
//! which the name of a rebound page is not.

mod commands;

use std::net::IpAddr;
use std::sync::Arc;

use bytes::Bytes;
use http::{HeaderMap, HeaderValue, Method, Request, Response, StatusCode, header};
use hyper::body::Incoming;
use serde_json::{Value, json};

use crate::delivery;
use crate::exchange::next_frame;
use crate::http::Body;
use crate::shared::Shared;

/// Largest body of an admin call.
const LARGEST_BODY: usize = 16 << 20;

/// Whether a path belongs to the admin API.
pub fn is_admin(path: &str) -> bool {
    path == "/healthz" || path == "/_emulator" || path.starts_with("/_emulator/")
}

/// Why an admin call fails.
#[derive(Debug)]
pub struct Failure {
    status: StatusCode,
    message: String,
}

impl Failure {
    fn new(status: StatusCode, message: impl Into<String>) -> Self {
        Self { status, message: message.into() }
    }
}

/// Serves a request of the admin API.
pub async fn serve(shared: Arc<Shared>, request: Request<Incoming>) -> Response<Body> {
    let (parts, mut body) = request.into_parts();
    let mut bytes = Vec::new();
    while let Some(Ok(chunk)) = next_frame(&mut body).await {
        if bytes.len() + chunk.len() > LARGEST_BODY {
            return answer(StatusCode::PAYLOAD_TOO_LARGE, &json!({ "message": "the body is too large" }));
        }
        bytes.extend_from_slice(&chunk);
    }
    let outcome = match admit(&shared, &parts.headers, &bytes) {
        Ok(body) => run(&shared, &parts.method, parts.uri.path(), parts.uri.query(), body).await,
        Err(failure) => Err(failure),
    };
    match outcome {
        Ok(body) => answer(StatusCode::OK, &body),
        Err(failure) => answer(failure.status, &json!({ "message": failure.message })),
    }
}

/// Refuses what a web page could have sent, and reads the body.
fn admit(shared: &Shared, headers: &HeaderMap, bytes: &[u8]) -> Result<Value, Failure> {
    let text = |name| headers.get(name).and_then(|value: &HeaderValue| value.to_str().ok()).unwrap_or_default();
    if !shared.options.allow_other_hosts && !is_literal_host(text(header::HOST)) {
        let reason = "the Host header has to be an address or localhost";
        return Err(Failure::new(StatusCode::FORBIDDEN, reason));
    }
    if bytes.is_empty() {
        return Ok(Value::Null);
    }
    if !text(header::CONTENT_TYPE).starts_with("application/json") {
        let reason = "a body has to be sent with content-type: application/json";
        return Err(Failure::new(StatusCode::UNSUPPORTED_MEDIA_TYPE, reason));
    }
    serde_json::from_slice(bytes).map_err(|error| Failure::new(StatusCode::BAD_REQUEST, error.to_string()))
}

fn is_literal_host(host: &str) -> bool {
    let name = host.rsplit_once(':').filter(|(_, port)| port.parse::<u16>().is_ok()).map_or(host, |(name, _)| name);
    let address = name.trim_start_matches('[').trim_end_matches(']');
    name == "localhost" || address.parse::<IpAddr>().is_ok()
}

async fn run(
    shared: &Arc<Shared>,
    method: &Method,
    path: &str,
    query: Option<&str>,
    body: Value,
) -> Result<Value, Failure> {
    let path = path.strip_prefix("/_emulator").unwrap_or(path);
    let parts: Vec<&str> = path.split('/').filter(|part| !part.is_empty()).collect();
    let query = crate::query::pairs(query.unwrap_or_default());
    match (method.as_str(), parts.as_slice()) {
        ("GET", ["healthz"]) => Ok(json!({ "status": "ok" })),
        ("GET", []) => Ok(commands::about(shared)),
        ("GET", ["operations"]) => Ok(commands::operations()),
        ("GET", ["journal"]) => commands::journal(shared, &query),
        ("DELETE", ["journal"]) => Ok(commands::clear_journal(shared)),
        ("GET", ["effects"]) => commands::effects(shared, &query),
        ("GET", ["counts"]) => Ok(commands::counts(shared)),
        ("GET", ["events"]) => Ok(json!(delivery::events(shared))),
        ("PUT", ["subscriber"]) => commands::subscribe(shared, &body),
        ("DELETE", ["subscriber"]) => Ok(commands::unsubscribe(shared)),
        ("GET", ["faults"]) => Ok(commands::faults(shared)),
        ("GET", ["faults", "missed"]) => Ok(commands::missed_faults(shared)),
        ("POST", ["faults"]) => commands::add_fault(shared, body),
        ("DELETE", ["faults"]) => Ok(commands::clear_faults(shared)),
        ("DELETE", ["faults", number]) => commands::remove_fault(shared, number),
        ("GET", ["limits"]) => Ok(commands::limits(shared)),
        ("PUT", ["limits"]) => commands::set_limits(shared, body),
        ("GET", ["clock"]) => Ok(commands::clock(shared)),
        ("POST", ["clock", "advance"]) => commands::advance(shared, &body).await,
        ("POST", ["plan"]) => commands::plant(shared, body).await,
        ("POST", ["dump"]) => commands::dump(shared, &body).await,
        ("POST", ["load"]) => commands::load(shared, &body).await,
        ("DELETE", ["tokens"]) => commands::revoke_tokens(shared).await,
        _ => Err(Failure::new(StatusCode::NOT_FOUND, "there is no such admin call; the README lists them")),
    }
}

fn answer(status: StatusCode, body: &Value) -> Response<Body> {
    let mut text = body.to_string();
    text.push('\n');
    let mut answer = Response::new(Body::bytes(Bytes::from(text)));
    *answer.status_mut() = status;
    answer.headers_mut().insert(header::CONTENT_TYPE, HeaderValue::from_static("application/json;charset=utf-8"));
    answer
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_addresses_and_localhost_are_hosts() {
        for host in ["127.0.0.1:80", "127.0.0.1", "[::1]:8080", "localhost", "localhost:4000"] {
            assert!(is_literal_host(host), "{host}");
        }
        for host in ["", "evil.example:80", "localhost.evil.example", "127.0.0.1.evil.example"] {
            assert!(!is_literal_host(host), "{host}");
        }
    }
}
