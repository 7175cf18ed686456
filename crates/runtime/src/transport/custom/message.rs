//! Requests and answers as an application sees them that steps in between.

use std::fmt;

use bytes::Bytes;
use reqwest::Url;
use reqwest::header::{HeaderMap, HeaderName, HeaderValue};

use super::TransportError;
use crate::error::Phase;
use crate::transport::{Bounds, End, Payload, RawAnswer, ruled, too_large};
use crate::verdict::{Extent, Sent};
use crate::{Error, ErrorKind, Method, Operation, own_headers};

/// A request on its way to the API. Its `Debug` shows neither ids nor the body.
#[derive(Clone)]
pub struct HttpRequest {
    pub(super) operation: &'static Operation,
    pub(super) attempt: u32,
    pub(super) url: Url,
    pub(super) headers: HeaderMap,
    pub(super) body: Option<Payload>,
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

    /// The JSON that is sent, if any is. Forms, whose type the headers tell, are not shown: their files may be large,
    /// and come from anywhere.
    #[must_use]
    pub fn body(&self) -> Option<&Bytes> {
        self.body.as_ref().and_then(Payload::json)
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
            .field("body", &self.body.as_ref().map(Payload::length))
            .finish_non_exhaustive()
    }
}

/// An answer of the API, or one that is made in its place. Its `Debug` shows neither the headers nor the body, which may
/// hold signed URLs and keys.
#[derive(Clone)]
pub struct HttpAnswer(pub(super) RawAnswer);

impl fmt::Debug for HttpAnswer {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("HttpAnswer")
            .field("status", &self.0.status)
            .field("body", &self.0.body.len())
            .field("is_whole", &self.is_whole())
            .finish_non_exhaustive()
    }
}

impl HttpAnswer {
    /// An answer with this status and body.
    #[must_use]
    pub fn new(status: u16, body: impl Into<Bytes>) -> Self {
        let headers = HeaderMap::new();
        Self(RawAnswer { status, headers, body: body.into(), end: End::Surely, fault: None })
    }

    /// Adds a header.
    #[must_use]
    pub fn header(mut self, name: HeaderName, value: HeaderValue) -> Self {
        self.0.headers.append(name, value);
        self
    }

    /// The same answer as if the connection had broken after it, before its end.
    #[must_use]
    pub fn cut_off(mut self) -> Self {
        let error = Error::new(ErrorKind::Connection, Phase::Unknown, "the answer was cut off");
        self.0.fault = Some((Extent::Cut, ruled(error, Sent::Perhaps)));
        self
    }

    /// HTTP status.
    #[must_use]
    pub fn status(&self) -> u16 {
        self.0.status
    }

    /// Headers.
    #[must_use]
    pub fn headers(&self) -> &HeaderMap {
        &self.0.headers
    }

    /// The body, as far as it came.
    #[must_use]
    pub fn body(&self) -> &Bytes {
        &self.0.body
    }

    /// Whether all of it came.
    #[must_use]
    pub fn is_whole(&self) -> bool {
        self.0.fault.is_none()
    }

    /// The answer as the client judges it, within its bounds.
    pub(super) fn into_raw(mut self, bounds: Bounds) -> RawAnswer {
        if self.0.body.len() > bounds.size {
            self.0.body.truncate(bounds.size);
            self.0.fault = Some((Extent::TooLarge, too_large(bounds.size)));
        }
        self.0
    }
}
