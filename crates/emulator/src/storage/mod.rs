//! The object storage that signed URLs lead to.

mod admission;
mod blobs;
mod conditions;
mod download;
mod error;
mod file_sink;
mod multipart;
mod pages;
mod range;
mod service;
mod signature;
mod upload;

pub use blobs::Blobs;
pub(crate) use blobs::upper_hex;
pub use service::serve;
pub use signature::{Signer, string_to_sign_at};

/// Seconds that a signed URL works.
pub const EXPIRATION_SECONDS: i64 = 900;

/// First part of the name of every object.
pub const PREFIX: &str = "yundisk0";

/// The bucket, for clients that name it before the object or as the first part of the host. Signed URLs do without.
pub const BUCKET: &str = "lippi-space";
