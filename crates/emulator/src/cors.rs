//! Web pages of other origins may call the API and the object storage, where that was asked for. The admin API is never for
//! them.

use http::{HeaderMap, HeaderName, HeaderValue, Method, Request, Response, StatusCode, header};

use crate::error::Error;
use crate::http::Body;

/// Headers of answers that scripts may read.
const EXPOSED: &str = "Accept-Ranges, Content-Disposition, Content-Length, Content-Range, Date, ETag, Last-Modified, \
                       Location, Retry-After, Server, x-oss-hash-crc64ecma, x-oss-request-id";

/// Methods that scripts may use.
const METHODS: &str = "GET, HEAD, POST, PUT, DELETE";

/// Seconds that a browser may remember an answer.
const MAX_AGE: &str = "600";

const REQUEST_PRIVATE: HeaderName = HeaderName::from_static("access-control-request-private-network");
const ALLOW_PRIVATE: HeaderName = HeaderName::from_static("access-control-allow-private-network");

/// Which origins may call.
#[derive(Debug, Clone, Default)]
pub struct Cors {
    origins: Vec<String>,
}

impl Cors {
    /// Takes origins such as `http://localhost:5173`, or `*` for any.
    ///
    /// # Errors
    ///
    /// What is no origin.
    pub fn new(origins: &[String]) -> Result<Self, Error> {
        match origins.iter().find(|origin| !is_origin(origin)) {
            Some(wrong) => Err(Error::Origin(wrong.clone())),
            None => Ok(Self { origins: origins.to_vec() }),
        }
    }

    /// The origin of a request, if it may call.
    pub fn admitted<T>(&self, request: &Request<T>) -> Option<HeaderValue> {
        let origin = request.headers().get(header::ORIGIN)?;
        let text = origin.to_str().ok()?;
        self.origins.iter().any(|each| each == "*" || each == text).then(|| origin.clone())
    }

    /// The answer to a browser that asks before it sends a request. It is neither a call nor in the journal.
    pub fn preflight<T>(&self, request: &Request<T>) -> Option<Response<Body>> {
        let asked = request.headers();
        if self.origins.is_empty()
            || request.method() != Method::OPTIONS
            || !asked.contains_key(header::ACCESS_CONTROL_REQUEST_METHOD)
        {
            return None;
        }
        let Some(origin) = self.admitted(request) else {
            let mut refused = Response::new(Body::bytes("this origin may not call; see --cors\n"));
            *refused.status_mut() = StatusCode::FORBIDDEN;
            return Some(refused);
        };
        let mut answer = Response::new(Body::bytes(Vec::new()));
        *answer.status_mut() = StatusCode::NO_CONTENT;
        let headers = answer.headers_mut();
        headers.insert(header::ACCESS_CONTROL_ALLOW_ORIGIN, origin);
        headers.insert(header::ACCESS_CONTROL_ALLOW_METHODS, HeaderValue::from_static(METHODS));
        headers.insert(header::ACCESS_CONTROL_MAX_AGE, HeaderValue::from_static(MAX_AGE));
        headers.insert(header::VARY, HeaderValue::from_static("Origin"));
        // Signed URLs come with headers of any name, and `*` would not be for Authorization.
        if let Some(names) = asked.get(header::ACCESS_CONTROL_REQUEST_HEADERS) {
            headers.insert(header::ACCESS_CONTROL_ALLOW_HEADERS, names.clone());
        }
        if asked.contains_key(REQUEST_PRIVATE) {
            headers.insert(ALLOW_PRIVATE, HeaderValue::from_static("true"));
        }
        Some(answer)
    }
}

/// Lets a page of an origin read an answer.
pub fn expose(headers: &mut HeaderMap, origin: HeaderValue) {
    headers.insert(header::ACCESS_CONTROL_ALLOW_ORIGIN, origin);
    headers.insert(header::ACCESS_CONTROL_EXPOSE_HEADERS, HeaderValue::from_static(EXPOSED));
    headers.insert(header::VARY, HeaderValue::from_static("Origin"));
}

/// Whether something is an origin as browsers send it, or stands for any.
fn is_origin(text: &str) -> bool {
    if text == "*" || text == "null" {
        return true;
    }
    let rest = text.strip_prefix("http://").or_else(|| text.strip_prefix("https://"));
    let authority = rest.and_then(|rest| rest.parse::<http::uri::Authority>().ok());
    authority.is_some_and(|authority| !authority.as_str().contains('@') && text == text.to_lowercase())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn origins_are_as_browsers_send_them() {
        for origin in ["*", "null", "http://localhost:5173", "https://app.example", "http://[::1]:80"] {
            assert!(is_origin(origin), "{origin}");
        }
        for wrong in
            ["", "localhost:5173", "http://localhost/", "http://localhost:5173/app", "ftp://x", "http://A.example"]
        {
            assert!(!is_origin(wrong), "{wrong}");
        }
    }
}
