//! Errors in the making.

use std::borrow::Cow;
use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;

use super::{Error, ErrorKind, Facts, Phase};
use crate::{ErrorCode, Operation};

impl Error {
    pub(crate) fn new(kind: ErrorKind, phase: Phase, detail: impl Into<Cow<'static, str>>) -> Self {
        Self(Arc::new(Facts { detail: Some(detail.into()), ..Facts::bare(kind, phase) }))
    }

    pub(crate) fn from_facts(facts: Facts) -> Self {
        Self(Arc::new(facts))
    }

    /// A request that cannot be sent as it is.
    pub(crate) fn request(operation: &'static Operation, detail: impl Into<Cow<'static, str>>) -> Self {
        Self::new(ErrorKind::Request, Phase::NotSent, detail).with(|facts| facts.operation = Some(operation))
    }

    /// An answer that cannot be used.
    pub(crate) fn answer(detail: impl Into<Cow<'static, str>>) -> Self {
        Self::new(ErrorKind::Answer, Phase::Unknown, detail)
    }

    pub(crate) fn configuration(detail: impl Into<Cow<'static, str>>) -> Self {
        Self::new(ErrorKind::Configuration, Phase::NotSent, detail)
    }

    /// For [`Credentials`](crate::credentials::Credentials) of one's own: no token could be had.
    ///
    /// `is_transient` tells whether a later try may go better. Neither text nor source may hold secrets.
    pub fn credentials(text: impl Into<String>, is_transient: bool) -> Self {
        Self::new(ErrorKind::Credentials, Phase::NotSent, text.into()).with(|facts| facts.is_transient = is_transient)
    }

    /// Time ran out while something was waited for.
    pub(crate) fn timeout(phase: Phase, what: &'static str, after: Duration) -> Self {
        Self::new(ErrorKind::Timeout, phase, format!("{what} within {after:?}")).with(|facts| facts.is_transient = true)
    }
}

impl Facts {
    pub(crate) fn bare(kind: ErrorKind, phase: Phase) -> Self {
        Self {
            kind,
            phase,
            operation: None,
            status: None,
            code: None,
            message: None,
            request_id: None,
            missing_scopes: Vec::new(),
            detail: None,
            is_transient: false,
            retry_after: None,
            attempts: 0,
            task: None,
            storage: None,
            body: Bytes::new(),
            source: None,
        }
    }

    /// Changes all texts that the server wrote.
    pub(crate) fn censor(&mut self, censor: impl Fn(String) -> String) {
        self.message = self.message.take().map(&censor);
        self.request_id = self.request_id.take().map(&censor);
        self.missing_scopes = std::mem::take(&mut self.missing_scopes).into_iter().map(&censor).collect();
        if let Some(ErrorCode::UnknownValue(code)) = &self.code {
            self.code = Some(ErrorCode::from(censor(code.as_str().to_owned())));
        }
    }
}
