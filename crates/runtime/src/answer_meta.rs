//! What stands beside a good answer.

use std::fmt;

use bytes::Bytes;
use reqwest::header::{HeaderMap, HeaderName};

use crate::Unreadable;
use crate::error::ErrorBody;

/// Headers in which gateways write the id of a request, the likeliest first.
static REQUEST_IDS: [HeaderName; 3] = [
    HeaderName::from_static("x-acs-request-id"),
    HeaderName::from_static("x-acs-trace-id"),
    HeaderName::from_static("x-request-id"),
];

/// What came with a good answer; see [`Call::with_meta`](crate::Call::with_meta).
#[derive(Debug, Clone, Default)]
#[non_exhaustive]
pub struct AnswerMeta {
    /// HTTP status.
    pub status: u16,
    /// Id under which the server knows the call, if it said one.
    pub request_id: Option<String>,
    /// Headers of the answer.
    pub headers: HeaderMap,
    /// How many times the call was sent or tried to be sent.
    pub attempts: u32,
    /// What was unreadable in the answer's lists.
    pub unreadable: Vec<Unreadable>,
    /// The answer as it came, secrets included.
    pub body: AnswerBody,
}

/// The bytes of an answer as they came: with the envelope of the server, and with fields that this version does not know.
/// What is secret in it is not known here, so `Debug` shows its length alone.
#[derive(Clone, Default, PartialEq, Eq)]
pub struct AnswerBody(Bytes);

impl AnswerBody {
    /// The bytes.
    #[must_use]
    pub fn as_bytes(&self) -> &[u8] {
        &self.0
    }
}

impl fmt::Debug for AnswerBody {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "AnswerBody({} bytes)", self.0.len())
    }
}

impl AnswerMeta {
    pub(crate) fn new(status: u16, headers: HeaderMap, body: &Bytes, attempts: u32) -> Self {
        let request_id = request_id(&headers).or_else(|| ErrorBody::read(body).request_id);
        Self { status, request_id, headers, attempts, unreadable: Vec::new(), body: AnswerBody(body.clone()) }
    }
}

/// The id of a request, as the headers of its answer tell it, if it is worth showing.
pub(crate) fn request_id(headers: &HeaderMap) -> Option<String> {
    let id = REQUEST_IDS.iter().find_map(|name| headers.get(name))?;
    id.to_str().ok().filter(|text| (1..=128).contains(&text.len())).map(str::to_owned)
}
