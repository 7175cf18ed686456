//! Why a call is refused: a code of the spec, and what to tell about it.

use std::borrow::Cow;

use serde_json::{Value, json};

use crate::contract::{Operation, contract};

/// A refusal.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Refusal {
    /// Error code.
    pub code: Cow<'static, str>,
    /// HTTP status, where it is not the one that the spec gives the code.
    pub status: Option<u16>,
    /// What was wrong with this call.
    pub reason: Option<String>,
    /// Permissions that the app would need.
    pub scopes: Vec<String>,
}

impl Refusal {
    /// A refusal with a code; its HTTP status is the one that the operation documents.
    pub fn new(code: impl Into<Cow<'static, str>>) -> Self {
        Self { code: code.into(), status: None, reason: None, scopes: Vec::new() }
    }

    /// The same with what was wrong.
    #[must_use]
    pub fn because(mut self, reason: impl Into<String>) -> Self {
        self.reason = Some(reason.into());
        self
    }

    /// The same with an HTTP status of its own.
    #[must_use]
    pub fn with_status(mut self, status: u16) -> Self {
        self.status = Some(status);
        self
    }

    /// HTTP status of the answer.
    pub fn status(&self, operation: Option<&Operation>) -> u16 {
        let usual = || operation.map_or(400, |operation| contract().status(operation, &self.code));
        self.status.unwrap_or_else(usual)
    }

    /// Body of the answer.
    pub fn body(&self, request_id: &str) -> Value {
        let meaning = contract().meaning(&self.code);
        let message = match &self.reason {
            Some(reason) if meaning.is_empty() => reason.clone(),
            Some(reason) => format!("{meaning} ({reason})"),
            None => meaning.to_owned(),
        };
        let mut body = json!({ "code": self.code, "message": message, "requestid": request_id });
        if !self.scopes.is_empty()
            && let Some(body) = body.as_object_mut()
        {
            body.insert("accessdenieddetail".to_owned(), json!({ "requiredScopes": self.scopes }));
        }
        body
    }

    /// Body of the answer of the old host, whose HTTP status is 200.
    pub fn errcode_body(&self, request_id: &str) -> Value {
        let message = self.reason.clone().unwrap_or_else(|| contract().meaning(&self.code).to_owned());
        let (errcode, sub_code) = match self.code.as_ref() {
            "AuthenticationFailed.MissingParameter" => (88, Some("40000")),
            "InvalidAuthentication" => (88, Some("40014")),
            "Forbidden.AccessDenied.AccessTokenPermissionDenied" => (60011, None),
            "Forbidden.AccessDenied.QpsLimitForAppkeyAndApi" => (90018, None),
            "Forbidden.AccessDenied.ApiCountLimitForOrg" => (90020, None),
            other => (other.parse().unwrap_or(400_002), None),
        };
        let mut body = json!({ "errcode": errcode, "errmsg": message, "request_id": request_id });
        if let (Some(sub_code), Some(body)) = (sub_code, body.as_object_mut()) {
            body.insert("sub_code".to_owned(), json!(sub_code));
        }
        body
    }
}
