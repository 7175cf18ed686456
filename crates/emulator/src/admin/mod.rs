//! The admin API: what tests in other languages need to steer an emulator.
//!
//! It knows no credentials, so it protects itself against web pages in a developer's browser: a body has to be sent as
//! `application/json`, which a page of another origin cannot do, and the `Host` has to be an address or `localhost`,
//! which the name of a rebound page is not.

mod calls;
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
use crate::pages;
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
    let (method, path) = (parts.method.clone(), parts.uri.path().to_owned());
    let outcome = match admit(&shared, &parts.headers, &bytes) {
        Ok(body) => {
            if let Some(page) = pages::serve(&shared, &method, &path, parts.uri.query(), &parts.headers) {
                return page;
            }
            run(&shared, &parts.method, parts.uri.path(), parts.uri.query(), body).await
        }
        Err(failure) => Err(failure),
    };
    let status = outcome.as_ref().map_or_else(|failure| failure.status, |_| StatusCode::OK);
    tracing::debug!("{method} {path}: {}", status.as_u16());
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
    let query = crate::query::pairs(query.unwrap_or_default());
    let call = calls::find(method.as_str(), path)?;
    call.check(&query, &body)?;
    match (call.method, call.path) {
        ("GET", "/healthz") => Ok(json!({ "status": "ok" })),
        ("GET", "/_emulator") => Ok(commands::about(shared)),
        ("POST", "/_emulator/reset") => commands::reset(shared).await,
        ("GET", "/_emulator/operations") => Ok(commands::operations()),
        ("GET", "/_emulator/journal") => commands::journal(shared, &query),
        ("DELETE", "/_emulator/journal") => Ok(commands::clear_journal(shared)),
        ("GET", "/_emulator/effects") => commands::effects(shared, &query),
        ("GET", "/_emulator/counts") => Ok(commands::counts(shared)),
        ("GET", "/_emulator/events") => Ok(json!(delivery::events(shared))),
        ("PUT", "/_emulator/subscriber") => commands::subscribe(shared, body).await,
        ("DELETE", "/_emulator/subscriber") => Ok(commands::unsubscribe(shared)),
        ("GET", "/_emulator/faults") => Ok(commands::faults(shared)),
        ("GET", "/_emulator/faults/missed") => Ok(commands::missed_faults(shared)),
        ("POST", "/_emulator/faults") => commands::add_fault(shared, body),
        ("DELETE", "/_emulator/faults") => Ok(commands::clear_faults(shared)),
        ("DELETE", "/_emulator/faults/{number}") => commands::remove_fault(shared, path),
        ("GET", "/_emulator/limits") => Ok(commands::limits(shared)),
        ("PUT", "/_emulator/limits") => commands::set_limits(shared, body),
        ("GET", "/_emulator/clock") => Ok(commands::clock(shared)),
        ("POST", "/_emulator/clock/advance") => commands::advance(shared, &body).await,
        ("POST", "/_emulator/plan") => commands::plant(shared, body).await,
        ("POST", "/_emulator/dump") => commands::dump(shared, &body).await,
        ("POST", "/_emulator/load") => commands::load(shared, &body).await,
        ("DELETE", "/_emulator/tokens") => commands::revoke_tokens(shared).await,
        _ => Err(Failure::new(StatusCode::NOT_IMPLEMENTED, "the emulator has forgotten to do this call")),
    }
}

fn answer(status: StatusCode, body: &Value) -> Response<Body> {
    let mut text = body.to_string();
    text.push('\n');
    let mut answer = Response::new(Body::bytes(Bytes::from(text)));
    *answer.status_mut() = status;
    answer.headers_mut().insert(header::CONTENT_TYPE, HeaderValue::from_static("application/json;charset=utf-8"));
    answer.headers_mut().insert(header::VARY, HeaderValue::from_static("accept"));
    answer
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn the_readme_lists_every_call() {
        let readme = include_str!("../../README.md");
        let (_, table) = readme.split_once("| call | |\n|---|---|\n").unwrap_or_default();
        let mut listed = BTreeSet::new();
        for row in table.split("\n\n").next().unwrap_or_default().lines() {
            let mut path = "";
            for name in row.split('|').nth(1).unwrap_or_default().split('`').skip(1).step_by(2) {
                let (method, of) = name.split_once(' ').unwrap_or((name, path));
                path = of;
                listed.insert(format!("{method} {path}"));
            }
        }
        let all: BTreeSet<String> = calls::CALLS.iter().map(|call| format!("{} {}", call.method, call.path)).collect();
        assert_eq!(listed, all);
    }

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
