//! Page after page, and whether anything was missed.

use std::collections::HashSet;
use std::hash::{BuildHasher, RandomState};

use dingtalk_storage::runtime::ErrorKind;
use dingtalk_storage::types::DentryId;

use super::checkpoint::{Pending, WalkCheckpoint};
use super::source::{Page, Source};
use crate::{Entry, Error};

/// Most pages without an entry in a row.
const MOST_EMPTY: u32 = 100;

/// Page after page. It is at a page until the next one is asked for, so that what was not taken comes again.
#[derive(Debug)]
pub(super) struct Walker<S> {
    source: S,
    at: WalkCheckpoint,
    /// What is to be listed after the page that is looked at.
    after: Option<After>,
    /// Whether its first token came from a checkpoint, and may be too old.
    is_resumed: bool,
    seen: HashSet<u64>,
    hashing: RandomState,
    empty: u32,
}

/// What follows a page.
#[derive(Debug)]
struct After {
    next: Option<String>,
    folders: Vec<DentryId>,
    has_gaps: bool,
}

impl<S: Source> Walker<S> {
    pub(super) fn new(source: S, at: WalkCheckpoint) -> Self {
        let (seen, hashing) = (HashSet::new(), RandomState::new());
        Self { source, at, after: None, is_resumed: false, seen, hashing, empty: 0 }
    }

    pub(super) fn go_on(&mut self, at: WalkCheckpoint) {
        self.is_resumed = true;
        (self.at, self.after) = (at, None);
        self.seen.clear();
    }

    pub(super) fn source(&self) -> &S {
        &self.source
    }

    /// Whether it lists the space as a whole.
    pub(super) fn is_of_space(&self) -> bool {
        matches!(self.at.pending, Pending::All(_))
    }

    /// Whether all came that there is.
    pub(super) fn is_complete(&self) -> bool {
        let at = self.checkpoint(true);
        at.pending == Pending::Nothing && !at.has_gaps
    }

    /// Where it is; after the page that is looked at if all of it was taken.
    pub(super) fn checkpoint(&self, is_taken: bool) -> WalkCheckpoint {
        let mut at = self.at.clone();
        if let Some(after) = self.after.as_ref().filter(|_| is_taken) {
            advance(&mut at, after);
        }
        at
    }

    /// The entries of the next page; none after the last.
    pub(super) async fn next(&mut self) -> Result<Option<Vec<Entry>>, Error> {
        loop {
            if let Some(after) = self.after.take() {
                advance(&mut self.at, &after);
            }
            let asked = match &self.at.pending {
                Pending::Nothing => return Ok(None),
                Pending::All(token) => self.source.all(token.as_deref()).await,
                Pending::Folders(folders) => {
                    let Some((folder, token)) = folders.last() else {
                        self.at.pending = Pending::Nothing;
                        continue;
                    };
                    self.source.children(folder, token.as_deref()).await
                }
            };
            match asked {
                Ok(page) => return self.accept(page).map(Some),
                Err(error) => self.recover(error)?,
            }
        }
    }

    fn accept(&mut self, page: Page) -> Result<Vec<Entry>, Error> {
        self.is_resumed = false;
        let token = page.next.as_deref();
        if token.is_some_and(|token| !self.seen.insert(self.hashing.hash_one((self.folder(), token)))) {
            return Err(Error::Answer("the pages of a list lead to no end: a token came twice".into()));
        }
        self.empty = if page.entries.is_empty() && page.next.is_some() { self.empty + 1 } else { 0 };
        if self.empty == MOST_EMPTY {
            self.empty = 0;
            return Err(Error::Answer(format!("the pages of a list lead to no end: {MOST_EMPTY} were empty")));
        }
        // A folder that is moved meanwhile may be met again, and a server could have one within itself.
        let folders = page.entries.iter().filter(|entry| entry.is_folder()).map(|entry| entry.id.clone());
        let folders = folders.filter(|folder| self.seen.insert(self.hashing.hash_one(folder))).collect();
        self.after = Some(After { next: page.next, folders, has_gaps: page.has_gaps });
        Ok(page.entries)
    }

    fn folder(&self) -> Option<&DentryId> {
        match &self.at.pending {
            Pending::Folders(folders) => folders.last().map(|(folder, _)| folder),
            _ => None,
        }
    }

    /// What can be done about a page that cannot be had, other than to say so.
    fn recover(&mut self, error: Error) -> Result<(), Error> {
        let Error::Api(failure) = &error else { return Err(error) };
        let is_refused = failure.kind() == ErrorKind::Api && !failure.is_retryable();
        let status = failure.status();
        match &mut self.at.pending {
            // A token that is not taken any more: what it led to has to be listed from its beginning.
            Pending::All(token @ Some(_)) if is_refused && status == Some(400) && self.is_resumed => *token = None,
            // Who may not list the whole space may list folders of it.
            Pending::All(None) if is_refused && status == Some(403) => {
                self.at = WalkCheckpoint { has_gaps: self.at.has_gaps, ..WalkCheckpoint::by_folders(&self.at.space) };
            }
            Pending::Folders(folders) if is_refused => match (folders.last_mut(), status) {
                (Some((_, token @ Some(_))), Some(400)) if self.is_resumed => *token = None,
                // It may not be listed, or is gone: the walk has not seen all of it.
                (Some(_), Some(403 | 404)) if self.at.has_listed => {
                    folders.pop();
                    self.at.has_gaps = true;
                }
                _ => return Err(error),
            },
            _ => return Err(error),
        }
        self.is_resumed = false;
        Ok(())
    }
}

fn advance(at: &mut WalkCheckpoint, after: &After) {
    at.has_listed = true;
    at.has_gaps |= after.has_gaps;
    match &mut at.pending {
        Pending::All(token) => match &after.next {
            Some(next) => *token = Some(next.clone()),
            None => at.pending = Pending::Nothing,
        },
        Pending::Folders(folders) => {
            match (folders.last_mut(), &after.next) {
                (Some((_, token)), Some(next)) => *token = Some(next.clone()),
                _ => drop(folders.pop()),
            }
            // Below the folder that is listed, so that its pages come one after the other.
            let place = folders.len() - usize::from(after.next.is_some() && !folders.is_empty());
            folders.splice(place..place, after.folders.iter().map(|folder| (folder.clone(), None)));
            if folders.is_empty() {
                at.pending = Pending::Nothing;
            }
        }
        Pending::Nothing => {}
    }
}
