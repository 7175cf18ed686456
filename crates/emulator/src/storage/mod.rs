//! The object storage that signed URLs lead to.

mod admission;
mod blobs;
mod error;
mod file_sink;
mod pages;
mod range;
mod service;
mod signature;

pub use blobs::Blobs;
pub(crate) use blobs::upper_hex;
pub use service::serve;
pub use signature::{Signer, string_to_sign_at};

/// Seconds that a signed URL works.
pub const EXPIRATION_SECONDS: i64 = 900;

/// First part of the path of every object.
pub const BUCKET: &str = "yundisk0";
