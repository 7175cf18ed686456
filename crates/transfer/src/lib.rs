//! Files up and down, for applications: one call each, verified, surviving a crash, with a bound on what it costs.
//!
//! A [`Drive`] is a client with its operator; everything begins there. It stands on the generated client and its
//! connections: no other crate retries or uploads on its own.

mod checksum;
mod drive;
mod entry;
mod error;
mod upload;

pub use checksum::Integrity;
pub use drive::{Drive, DriveBuilder, Settings};
pub use entry::{Entry, EntryKind};
pub use error::Error;
pub use upload::{Progress, Source, StoredName, Target, Upload, UploadSource, Uploaded};
