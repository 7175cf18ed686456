//! DingTalk Storage as an [`ObjectStore`]: a space of the drive, or a folder of it, for what stands on the crate
//! `object_store` 0.13, the version that DataFusion 55 has.
//!
//! It stands on [`dingtalk_storage_transfer`]: its paths, its verified bytes, its commit that is made once. It makes no
//! calls of its own but through that, and sends nothing again that the crates below would not.
//!
//! ```no_run
//! use dingtalk_storage_object_store::DingtalkStoreBuilder;
//! use object_store::{ObjectStoreExt, path::Path};
//!
//! # async fn example() -> object_store::Result<()> {
//! // DINGTALK_REGION, DINGTALK_APP_KEY, DINGTALK_APP_SECRET, DINGTALK_OPERATOR
//! let store = DingtalkStoreBuilder::from_env().with_url("dingtalk://2256226585/Reports").build()?;
//! store.put(&Path::from("2026/a.csv"), "a,b\n1,2\n".into()).await?;
//! let text = store.get(&Path::from("2026/a.csv")).await?.bytes().await?;
//! # Ok(()) }
//! ```
//!
//! # What is true when
//!
//! - What this store has written, it reads; so do its clones.
//! - What others have changed is seen at the latest after [`freshness`](DingtalkStoreBuilder::with_freshness): for so long
//!   is believed what was listed or asked for, which saves a call for each read. That something is *not* there is never
//!   said from memory, and lists are always asked for. A file that others rename in this time keeps its id: what deletes,
//!   copies or renames it by its old name does so with that file.
//! - Of several of this store and its clones who rename one object at the same time, one does. Between processes the drive
//!   cannot tell: its renames are by id, and know no condition.
//! - Each `get` is of one version of the file, its metadata and all of its bytes; so are the ranges of one `get_ranges`.
//! - A put, and the completion of a multipart upload, is one commit: readers see all of it or nothing.
//! - An `ETag` is made of the file's uuid and version. The storage's checksum is no part of it, because lists do not tell
//!   it; it is held against the bytes of every upload and of every file that is read as a whole.
//!
//! # Names
//!
//! The parts of an object's path are the names of folders and of a file, letter by letter; percent signs mean themselves.
//! A character that the drive does not take is written as the sync of the transfer crate writes it
//! ([`name_on_drive`](dingtalk_storage_transfer::name_on_drive)), and read back. Two files of one name are an error that
//! names both, where the path is used; lists have both. Folders are real: an empty one is no object, but a common prefix.
//! Online documents have no bytes, and are in no list.

#[cfg(doctest)]
#[doc = include_str!("../README.md")]
struct Readme;

mod attributes;
mod builder;
mod failure;
mod gates;
mod listing;
mod location;
mod metadata;
mod placing;
mod reading;
mod recent;
mod removing;
mod store;
mod uploading;
mod writing;

pub use attributes::AttributePolicy;
pub use builder::{DingtalkStoreBuilder, parse_url, parse_url_opts};
pub use store::DingtalkStore;

#[cfg(doc)]
use object_store::ObjectStore;
