//! What a user of the runtime would notice, against a server on a raw socket.
#![cfg(unix)] // the server listens on a Unix socket
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing, reason = "tests fail by panicking")]
#![allow(clippy::wildcard_imports, reason = "the support module is written for that")]

mod advice;
mod around_calls;
mod bans;
mod broken_bodies;
mod calls;
mod cancellation;
mod chaos;
mod connections;
mod credentials;
mod cuts;
mod decoding;
mod endpoints;
mod exported_names;
mod failures;
mod forms;
mod given;
mod hostile_answers;
mod large_answers;
mod limits;
mod list_times;
mod matrix;
mod object_storage;
mod observing;
mod paths;
mod races;
mod recovery;
mod redirects;
mod retries;
mod runtimes;
mod series;
#[cfg(feature = "stream")]
mod streams;
mod support;
mod tokens;
mod unreadable;
