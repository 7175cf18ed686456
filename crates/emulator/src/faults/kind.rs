//! What can go wrong.

use serde::{Deserialize, Serialize};
use serde_json::Value;

/// What goes wrong. Offsets count bytes of a body from 0; times are in milliseconds of real time.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "camelCase", rename_all_fields = "camelCase", deny_unknown_fields)]
pub enum FaultKind {
    /// The call is refused with a status and, if given, a code; nothing is done.
    Status {
        /// HTTP status.
        status: u16,
        /// Error code.
        #[serde(default)]
        code: Option<String>,
        /// Value of a `Retry-After` header.
        #[serde(default)]
        retry_after: Option<u64>,
    },
    /// The call is throttled as the gateway does it; nothing is done.
    Throttle {
        /// Error code; the one for app and operation when left out.
        #[serde(default)]
        code: Option<String>,
    },
    /// The answer is the page for banned addresses; nothing is done.
    BanPage {
        /// JSON instead of HTML.
        #[serde(default)]
        json: bool,
    },
    /// The work begins later.
    Delay {
        /// How much later.
        millis: u64,
    },
    /// Of the request's body only so much is read; then nothing happens for a while.
    StallRequest {
        /// Bytes that are read.
        at: u64,
        /// How long; without it, for ever.
        #[serde(default)]
        millis: Option<u64>,
    },
    /// The answer stops after so many bytes of its body for a while, and then goes on. One that has no more bytes does
    /// not stop.
    StallAnswer {
        /// Bytes that are sent.
        at: u64,
        /// How long; without it, for ever.
        #[serde(default)]
        millis: Option<u64>,
    },
    /// The answer comes no faster than so many bytes in a second, a tenth of them at once.
    Slow {
        /// Bytes in a second, at least 1.
        rate: u64,
    },
    /// The connection is reset before anything is done.
    ResetBefore,
    /// The connection is reset when so much of the request's body was read; nothing is done.
    ResetRequest {
        /// Bytes that are read.
        at: u64,
    },
    /// The connection is reset when so much of the answer's body was sent, or all of it; the work is done.
    ResetAnswer {
        /// Bytes that are sent.
        at: u64,
    },
    /// The connection is reset when the whole answer was sent.
    ResetAfter,
    /// The work is done, and the connection is reset without an answer.
    ApplyThenDrop,
    /// The work is done, and the answer is an error.
    ApplyThenStatus {
        /// HTTP status.
        status: u16,
        /// Error code.
        #[serde(default)]
        code: Option<String>,
    },
    /// The work is done, and no answer comes, while the connection stays open.
    ApplyThenStall {
        /// How long until the answer comes; without it, never.
        #[serde(default)]
        millis: Option<u64>,
    },
    /// The answer is closed in an orderly way after so many bytes, although more were promised. One that has no more
    /// bytes is not cut.
    Truncate {
        /// Bytes that are sent.
        at: u64,
    },
    /// One bit of the answer's body is wrong.
    FlipBit {
        /// The bit, counted from 0.
        bit: u64,
    },
    /// The storage answers with a wrong `x-oss-hash-crc64ecma`.
    WrongCrc,
    /// The storage answers without `x-oss-hash-crc64ecma`.
    NoCrc,
    /// The storage answers with a wrong `ETag`.
    WrongEtag,
    /// The storage answers 200 with the whole object, whatever the range.
    IgnoreRange,
    /// The storage says that the URL has expired.
    ExpireUrl,
    /// The storage says that the signature is wrong.
    BreakSignature,
    /// The first of the signed URLs in the answer leads to a port where nobody listens; the good one comes second.
    DeadUrl,
    /// The answer is a redirect; nothing is done.
    Redirect {
        /// HTTP status.
        status: u16,
        /// Where to.
        location: String,
    },
    /// A place of the JSON in the answer is changed.
    MutateJson {
        /// The place, as a JSON pointer: `/dentry/id`.
        pointer: String,
        /// What stands there instead; without it, what stands there is taken away.
        #[serde(default)]
        value: Option<Value>,
    },
    /// The access token of the call becomes invalid before the call is looked at.
    RevokeToken,
}

/// Who meets a fault.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Side {
    /// A call to the API.
    Api,
    /// A request to the object storage.
    Storage,
    /// News on its way to a subscriber.
    Push,
}
