//! What a walk asks: the API, or what a test makes of it.

use std::future::Future;

use dingtalk_storage::types::DentryId;

use crate::{Entry, Error};

/// A page of a list.
#[derive(Debug, Default)]
pub(super) struct Page {
    pub(super) entries: Vec<Entry>,
    pub(super) next: Option<String>,
    /// Whether something of it could not be read.
    pub(super) has_gaps: bool,
}

/// Where an entry is that no list had.
#[derive(Debug)]
pub(super) enum Look {
    There(Box<Entry>),
    Gone,
    /// The server does not say, for example because the operator may not know.
    Unknown,
}

/// What a walk asks.
pub(super) trait Source: Send + Sync {
    /// A page of all entries of the space.
    fn all(&self, token: Option<&str>) -> impl Future<Output = Result<Page, Error>> + Send;

    /// A page of the entries of a folder.
    fn children(&self, folder: &DentryId, token: Option<&str>) -> impl Future<Output = Result<Page, Error>> + Send;

    /// Where entries are.
    fn look(&self, ids: &[DentryId]) -> impl Future<Output = Result<Vec<(DentryId, Look)>, Error>> + Send;
}
