//! How the drive is now, where a plan can be of yesterday.

use std::collections::HashMap;

use dingtalk_storage::types::DentryId;

use crate::Entry;
use crate::sync::drive_tree::Listing;
use crate::sync::plan::{Item, PlannedEntry};

/// What is in the drive's folder now.
#[derive(Debug)]
pub(super) struct Now {
    listing: Listing,
    places: HashMap<(DentryId, String), DentryId>,
}

/// What is left to be done about an item.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Left {
    All,
    Nothing,
    /// Something has become another one since.
    Changed,
}

impl Now {
    pub(super) fn new(listing: Listing) -> Self {
        let places =
            listing.entries.values().map(|entry| ((entry.parent.clone(), entry.name.clone()), entry.id.clone()));
        let places = places.collect();
        Self { listing, places }
    }

    pub(super) fn at(&self, folder: &DentryId, name: &str) -> Option<&Entry> {
        let id = self.places.get(&(folder.clone(), name.to_owned()))?;
        self.listing.entries.get(id)
    }

    /// Of something that is to come to a place.
    pub(super) fn left_of_upload(&self, item: &Item, folder: &DentryId) -> Left {
        match (&item.entry, self.at(folder, &item.name)) {
            (_, Some(there)) if item.is_done(there) => Left::Nothing,
            (Some(planned), Some(there)) if planned.is(there) => Left::All,
            (None, None) => Left::All,
            _ => Left::Changed,
        }
    }

    /// Of a file that is to be moved.
    pub(super) fn left_of_move(&self, planned: &PlannedEntry, folder: &DentryId, name: &str) -> Left {
        let moved = PlannedEntry { parent: folder.clone(), name: name.to_owned(), ..planned.clone() };
        match self.listing.entries.get(&planned.id) {
            Some(there) if moved.is(there) => Left::Nothing,
            Some(there) if planned.is(there) => Left::All,
            _ => Left::Changed,
        }
    }

    /// Of something that is to go.
    pub(super) fn left_of_deletion(&self, planned: &PlannedEntry) -> Left {
        match self.listing.entries.get(&planned.id) {
            Some(there) if planned.is(there) => Left::All,
            None if self.listing.is_complete => Left::Nothing,
            _ => Left::Changed,
        }
    }

    /// Of a file that is to get another time.
    pub(super) fn left_of_time(&self, item: &Item, planned: &PlannedEntry) -> Left {
        match self.listing.entries.get(&planned.id) {
            Some(there) if item.is_done(there) => Left::Nothing,
            Some(there) if planned.is(there) => Left::All,
            _ => Left::Changed,
        }
    }
}
