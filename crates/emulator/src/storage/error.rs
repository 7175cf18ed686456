//! Errors of the object storage, in its XML.

use std::borrow::Cow;

use http::StatusCode;

/// An error of the object storage.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StorageError {
    /// HTTP status.
    pub status: StatusCode,
    /// Code, for example `SignatureDoesNotMatch`.
    pub code: Cow<'static, str>,
    /// What it says.
    pub message: String,
    /// Further elements of the answer.
    pub details: Vec<(&'static str, String)>,
    /// Value of a `Retry-After` header.
    pub retry_after: Option<u64>,
}

impl StorageError {
    /// An error without details.
    pub fn new(status: StatusCode, code: impl Into<Cow<'static, str>>, message: impl Into<String>) -> Self {
        Self { status, code: code.into(), message: message.into(), details: Vec::new(), retry_after: None }
    }

    /// The same with one more element.
    #[must_use]
    pub fn detail(mut self, name: &'static str, value: impl Into<String>) -> Self {
        self.details.push((name, value.into()));
        self
    }

    /// The same with the time after which to come again.
    #[must_use]
    pub fn retry_after(self, seconds: Option<u64>) -> Self {
        Self { retry_after: seconds, ..self }
    }

    /// The URL has expired.
    pub fn expired(now: &str, requested: &str) -> Self {
        let message = "The difference between the request time and the current time is too large.";
        Self::new(StatusCode::FORBIDDEN, "RequestTimeTooSkewed", message)
            .detail("MaxAllowedSkewMilliseconds", (super::EXPIRATION_SECONDS * 1000).to_string())
            .detail("RequestTime", requested)
            .detail("ServerTime", now)
    }

    /// The signature does not belong to the request.
    pub fn signature(key: &str, provided: &str, signed: &str) -> Self {
        let message = "The request signature we calculated does not match the signature you provided. \
                       Check your key and signing method.";
        let bytes: Vec<String> = signed.bytes().map(|byte| format!("{byte:02X}")).collect();
        Self::new(StatusCode::FORBIDDEN, "SignatureDoesNotMatch", message)
            .detail("OSSAccessKeyId", key)
            .detail("SignatureProvided", provided)
            .detail("StringToSign", signed)
            .detail("StringToSignBytes", bytes.join(" "))
    }

    /// The request is not allowed.
    pub fn denied(message: &'static str) -> Self {
        Self::new(StatusCode::FORBIDDEN, "AccessDenied", message)
    }

    /// There is no key of this id.
    pub fn unknown_key(id: &str) -> Self {
        let message = "The OSS Access Key Id you provided does not exist in our records.";
        Self::new(StatusCode::FORBIDDEN, "InvalidAccessKeyId", message).detail("OSSAccessKeyId", id)
    }

    /// The bytes cannot be kept.
    pub fn internal(error: &std::io::Error) -> Self {
        Self::new(StatusCode::INTERNAL_SERVER_ERROR, "InternalError", error.to_string())
    }

    /// The object is not there.
    pub fn missing(object: &str) -> Self {
        Self::new(StatusCode::NOT_FOUND, "NoSuchKey", "The specified key does not exist.").detail("Key", object)
    }

    /// Body of the answer.
    pub fn xml(&self, request_id: &str, host: &str) -> String {
        let mut text = String::from("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<Error>\n");
        let first =
            [("Code", self.code.as_ref()), ("Message", &self.message), ("RequestId", request_id), ("HostId", host)];
        let details = self.details.iter().map(|(name, value)| (*name, value.as_str()));
        for (name, value) in first.into_iter().chain(details) {
            for part in ["  <", name, ">", &escape(value), "</", name, ">\n"] {
                text.push_str(part);
            }
        }
        text.push_str("</Error>\n");
        text
    }
}

/// Text as XML has it.
pub fn escape(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}
