//! What a call may take.

use std::sync::Arc;
use std::time::Duration;

use crate::decode::Bounds;
use crate::list_calls::ListEnd;
use crate::own_headers::OwnHeaders;
use crate::retry::RetryPolicy;

/// What a call may take and how it is repeated.
#[derive(Debug, Clone)]
pub(crate) struct Settings {
    /// Time for the call with all its attempts and pauses.
    pub(crate) timeout: Duration,
    /// Time for one attempt.
    pub(crate) attempt_timeout: Duration,
    /// When the list must be done that the call is a part of.
    pub(crate) list: Option<ListEnd>,
    pub(crate) policy: Arc<dyn RetryPolicy>,
    /// Longest pause between two pieces of an answer.
    pub(crate) stall_timeout: Duration,
    /// Most bytes of an answer.
    pub(crate) largest_answer: usize,
    /// What it may become in memory.
    pub(crate) decoded: Bounds,
    /// Headers beside those of this crate.
    pub(crate) headers: OwnHeaders,
    /// What comes beside the answer is kept.
    pub(crate) keeps_meta: bool,
    /// The call is made even if the server has banned this address.
    pub(crate) ignores_bans: bool,
}
