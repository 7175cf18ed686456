//! What stands beside a good answer.

use reqwest::header::{HeaderMap, HeaderValue};

use crate::Unreadable;
use crate::error::ErrorBody;

/// Headers in which gateways write the id of a request, the likeliest first.
const REQUEST_IDS: [&str; 3] = ["x-acs-request-id", "x-acs-trace-id", "x-request-id"];

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
}

impl AnswerMeta {
    pub(crate) fn new(status: u16, headers: HeaderMap, body: &[u8], attempts: u32) -> Self {
        let request_id = request_id(&headers).and_then(text_of_id).or_else(|| ErrorBody::read(body).request_id);
        Self { status, request_id, headers, attempts, unreadable: Vec::new() }
    }
}

/// The id of a request, as the headers of its answer tell it.
pub(crate) fn request_id(headers: &HeaderMap) -> Option<&HeaderValue> {
    REQUEST_IDS.iter().find_map(|name| headers.get(*name))
}

/// An id that is worth showing.
pub(crate) fn text_of_id(value: &HeaderValue) -> Option<String> {
    value.to_str().ok().filter(|text| (1..=128).contains(&text.len())).map(str::to_owned)
}
