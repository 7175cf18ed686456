//! Errors in the making.

use std::borrow::Cow;
use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;

use super::answer::shown;
use super::{Error, ErrorKind, Facts, Phase, TimedOut};
use crate::censor::Censor;
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
    pub(crate) fn timeout(whose: TimedOut, phase: Phase, detail: impl Into<Cow<'static, str>>) -> Self {
        Self::new(ErrorKind::Timeout, phase, detail).with(|facts| {
            facts.is_transient = true;
            facts.timed_out = Some(whose);
        })
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
            advice: None,
            is_transient: false,
            retry_after: None,
            attempts: 0,
            follows_unknown: false,
            timed_out: None,
            waited: Duration::ZERO,
            task: None,
            storage: None,
            body: Bytes::new(),
            is_body_cut: false,
            source: None,
        }
    }

    /// Takes out of everything that the server wrote what it may have repeated, then cuts it to the length that is
    /// shown. `secrets` are those that not even the body may hold.
    pub(crate) fn censor(&mut self, all: &Censor, secrets: &Censor) {
        let clean = |text| shown(text, all);
        self.message = self.message.take().map(clean);
        self.request_id = self.request_id.take().map(clean);
        self.missing_scopes = std::mem::take(&mut self.missing_scopes).into_iter().map(clean).collect();
        if let Some(ErrorCode::UnknownValue(code)) = &self.code {
            self.code = Some(ErrorCode::from(clean(code.as_str().to_owned())));
        }
        if secrets.finds(&self.body, self.is_body_cut) {
            self.body = Bytes::new();
        } else if let Cow::Owned(body) = all.bytes(&self.body, self.is_body_cut) {
            self.body = body.into();
        }
    }
}
