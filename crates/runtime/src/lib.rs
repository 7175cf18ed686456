//! What the client of DingTalk Storage stands on.
//!
//! The generated crate `dingtalk-storage` describes the operations; this one makes their calls. It gets and
//! renews access tokens ([`credentials`]), keeps to the API's limits, sends again what may be sent again
//! ([`RetryPolicy`]), reads answers leniently ([`decode`]) and tells in one [`Error`] what went wrong and
//! what to do.
//!
//! Applications use it through the generated crate.

#![cfg_attr(docsrs, feature(doc_cfg))]

// Generated code names this crate from outside; `error_code.rs` is generated and inside.
extern crate self as dingtalk_runtime;

#[macro_use]
mod macros;
#[macro_use]
mod object_macros;
#[macro_use]
mod operation_macros;
#[macro_use]
mod error_macros;
#[cfg(not(feature = "by-name"))]
#[macro_use]
mod without_names;

#[doc(hidden)]
pub mod __private;
mod answer_meta;
mod app_state;
mod authorization;
mod batches;
#[cfg(feature = "blocking")]
pub mod blocking;
mod breaker;
mod builder;
#[cfg(feature = "by-name")]
pub mod by_name;
mod call;
mod call_counter;
mod censor;
mod client;
mod connections;
pub mod credentials;
pub mod decode;
mod delivery;
pub mod encode;
mod endpoints;
mod error;
#[rustfmt::skip]
mod error_code;
pub mod events;
mod form;
#[cfg(feature = "fuzzing")]
#[doc(hidden)]
pub mod fuzzing;
pub mod http;
mod limiter;
mod list_calls;
mod named_settings;
mod nullable;
pub mod object_storage;
mod observe;
mod operation;
mod origin;
mod own_headers;
mod paging;
mod parameter;
mod repair;
mod request;
mod retry;
mod secret;
mod settings;
mod settle;
mod sync;
mod tasks;
#[cfg(test)]
mod test_support;
mod time;
mod token_cache;
mod transport;
mod unknown;
mod verdict;

pub use answer_meta::{AnswerBody, AnswerMeta};
pub use app_state::AppState;
pub use batches::{Batched, Batches, Outcome, TaskCalls};
pub use builder::{ClientBuilder, Region};
pub use call::{Call, WithMeta, WithUnreadable};
pub use call_counter::CallCounter;
pub use client::Client;
pub use decode::{Answer, MapOrList, Unreadable};
pub use encode::WithSecrets;
pub use error::{Error, ErrorBuilder, ErrorKind, Phase, TimedOut};
pub use error_code::{ErrorClass, ErrorCode};
pub use form::{FileLimit, FormFile};
pub use named_settings::NamedSettings;
pub use nullable::Nullable;
pub use object_storage::OssError;
pub use observe::{Attempt, Dropped, Ended, Observer, Paused, Queue, Retry, Waited};
pub use operation::{App, Effect, Envelope, Host, Language, Method, Operation, Status, Token};
pub use paging::{Items, Paged, Pages};
pub use parameter::Parameter;
pub use request::Request;
pub use retry::{Backoff, Never, RetryPolicy};
pub use settle::{Said, Settle, Settled};
pub use tasks::{Finished, Lasting, TaskReader, TaskState, Unfinished, Wait, WaitTask};
pub use time::Time;
pub use transport::{Exchange, HttpAnswer, HttpRequest, Network, Transport, TransportError};
pub use unknown::UnknownValue;

/// The HTTP library, in the version whose types stand in this crate's interface.
pub use reqwest;
/// The JSON library, in the version whose types stand in this crate's interface.
pub use serde_json;
