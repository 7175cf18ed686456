//! HTTP/1.1 with enough control over the connection to break it on command.

mod body;
mod connection;

pub use body::{Body, Delivery, Source};
pub use connection::{Connection, Control};
