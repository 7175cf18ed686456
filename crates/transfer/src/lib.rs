//! Files up and down, for applications: one call each, verified, surviving a crash, with a bound on what it costs.
//!
//! A [`Drive`] is a client with its operator; everything begins there. It stands on the generated client and its
//! connections: no other crate retries or uploads on its own.
//!
//! ```no_run
//! use dingtalk_storage_transfer::{Drive, StoredName};
//! # async fn example(
//! #     client: dingtalk_storage::Client,
//! #     person: dingtalk_storage::types::UnionId,
//! #     folder: dingtalk_storage::types::DentryUuid,
//! # ) -> Result<(), dingtalk_storage_transfer::Error> {
//! let drive = Drive::new(&client.operator(&person));
//! let uploaded = drive.upload(std::path::Path::new("report.pdf")).to(&folder).send().await?;
//! if let StoredName::Changed { wished } = &uploaded.name {
//!     println!("{wished} was taken, the file is called {}", uploaded.entry.name);
//! }
//! let downloaded = drive.download(&uploaded.entry).to_path("copy.pdf").await?;
//! assert!(downloaded.integrity.is_verified());
//! # Ok(()) }
//! ```
//!
//! A large file goes in parts, and what is stored of them is noted in the user's folder for state
//! ([`DriveBuilder::state_dir`]): should the process die, or [`Upload::send`] be dropped, the same upload sends what is
//! missing and no more; [`Drive::resume`] does so by what [`Drive::unfinished`] lists. A large download to a path goes on
//! in the same way. The file is committed once, also where the answer to the commit gets lost; where nobody can tell
//! whether it was, [`Error::CommitUnknown`] says where to look.

#[cfg(doctest)]
#[doc = include_str!("../README.md")]
struct Readme;

mod allowance;
mod audit;
mod checksum;
mod connecting;
mod download;
mod drive;
mod entry;
mod error;
mod ids;
mod journal;
mod local;
mod pace;
mod paths;
mod placing;
mod removing;
mod state_dir;
mod sync;
mod unfinished;
mod upload;
mod versions;
mod walk;

pub use audit::{Audit, AuditPlan, AuditReport, Audited, Flag, RoleInForce};
pub use checksum::Integrity;
pub use download::{ByteStream, Download, Downloaded, OpenFile, RemoteFile};
pub use drive::{Drive, DriveBuilder, Settings};
pub use entry::{Entry, EntryKind};
pub use error::{Category, Error, Leftover};
pub use local::{LocalFolder, check_local_name, check_replaceable, is_beneath};
pub use paths::{Paths, RecentPaths};
pub use placing::{Placing, Removal, numbered};
pub use sync::{
    Action, BackupPlace, Became, Checked, Compare, Comparison, Cost, Execution, Existing, Failure, FileState, Filter,
    FilterBuilder, Item, Outcome, Plan, PlannedEntry, PlannedFolder, Refused, Report, Root, Route, Side, SyncDirection,
    SyncProgress, SyncSource, TreeSync, check_drive_name, name_from_drive, name_on_drive, parse_age, parse_size,
};
pub use unfinished::{Direction, Resume, Resumed, Unfinished};
pub use upload::{Progress, Source, Start, StoredName, Target, Upload, UploadSource, Uploaded};
pub use walk::{Change, Changes, ChangesCheckpoint, Known, Placed, PlacedWalk, Walk, WalkCheckpoint};
