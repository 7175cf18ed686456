//! Exchanges without an answer.

use std::fmt;
use std::sync::Arc;

use crate::error::{Facts, Phase};
use crate::transport::ruled;
use crate::verdict::Sent;
use crate::{Error, ErrorKind};

/// Why no answer came, and what the server may have got.
#[derive(Clone)]
pub struct TransportError(pub(super) Error);

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
