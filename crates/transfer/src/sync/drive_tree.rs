//! The tree of a folder of the drive.

use std::collections::{BTreeMap, HashSet};

use dingtalk_storage::types::DentryId;

use super::filter::Filter;
use super::names::Holder;
use super::tree::{Builder, File, Folder, Tree, join};
use crate::{Drive, Entry, Error};

/// All that is below a folder, as it was listed.
#[derive(Debug, Default)]
pub(super) struct Listing {
    pub(super) entries: BTreeMap<DentryId, Entry>,
    /// Whether all came that there is.
    pub(super) is_complete: bool,
}

/// Lists all that is below a folder.
pub(super) async fn list(drive: &Drive, folder: &Entry) -> Result<Listing, Error> {
    let mut walk = drive.walk_folder(folder);
    let mut listing = Listing::default();
    while let Some(entry) = walk.try_next().await? {
        listing.entries.insert(entry.id.clone(), entry);
    }
    listing.is_complete = walk.is_complete();
    Ok(listing)
}

/// The tree that a listing shows.
pub(super) fn read(root: &Entry, listing: &Listing, filter: Option<&Filter>) -> Tree {
    let mut below: BTreeMap<&DentryId, Vec<&Entry>> = BTreeMap::new();
    for entry in listing.entries.values().filter(|entry| entry.id != root.id) {
        below.entry(&entry.parent).or_default().push(entry);
    }
    let mut reading = Reading {
        builder: Builder { holder: Holder::Drive, filter, refused: Vec::new() },
        below,
        seen: HashSet::new(),
    };
    let tree = reading.folder(root, "");
    let is_whole = listing.is_complete && reading.has_seen_all(root);
    let gap = (!is_whole).then(|| "the listing of the drive's folder was not complete".to_owned());
    Tree { root: tree, gap, refused: reading.builder.refused }
}

struct Reading<'a> {
    builder: Builder<'a>,
    below: BTreeMap<&'a DentryId, Vec<&'a Entry>>,
    seen: HashSet<&'a DentryId>,
}

impl<'a> Reading<'a> {
    fn folder(&mut self, entry: &'a Entry, path: &str) -> Folder {
        let mut folder = Folder { name: entry.name.clone(), entry: Some(entry.clone()), ..Folder::default() };
        // A folder within itself would have no end.
        if !self.seen.insert(&entry.id) {
            return folder;
        }
        let mut children = self.below.get(&entry.id).cloned().unwrap_or_default();
        children.sort_unstable_by(|one, other| one.name.cmp(&other.name));
        for child in children {
            if child.is_online {
                let reason = "it is an online document, which has no bytes of its own";
                self.builder.leave(&mut folder, (path, &child.name), reason, None);
                continue;
            }
            let Some(name) = self.builder.name(&mut folder, path, &child.name) else { continue };
            if !child.is_folder() {
                self.builder.add_file(&mut folder, path, name, File::of_entry(child.clone()));
            } else if self.builder.enters(&mut folder, path, &name) {
                let inner = self.folder(child, &join(path, &name));
                Builder::add_folder(&mut folder, name, inner);
            } else {
                self.skip(child);
            }
        }
        folder
    }

    /// Notes that folders below were met, though nobody looks into them.
    fn skip(&mut self, entry: &'a Entry) {
        let mut below = vec![entry];
        while let Some(entry) = below.pop() {
            if self.seen.insert(&entry.id) {
                below.extend(self.below.get(&entry.id).into_iter().flatten().copied());
            }
        }
    }

    /// Whether no entry hangs below a folder that was not listed: it was moved meanwhile, or a page is missing.
    fn has_seen_all(&self, root: &Entry) -> bool {
        let is_known = |id: &DentryId| *id == root.id || self.seen.contains(id);
        let is_refused = |id: &DentryId| self.below.values().flatten().any(|entry| entry.id == *id);
        self.below.keys().all(|parent| is_known(parent) || is_refused(parent))
    }
}

/// Names in a folder as a list of its own shows them; none where that is not whole. It is asked before something is
/// deleted here because the drive does not have it: that a longer list came to an early end would look like that.
pub(super) async fn names(drive: &Drive, folder: &Entry) -> Result<Option<HashSet<String>>, Error> {
    let calls = drive.client().storage_v1();
    let (mut names, mut token) = (HashSet::new(), None);
    loop {
        let mut call = calls.list_dentries(&folder.space, &folder.id).max_results(50);
        if let Some(token) = &token {
            call = call.next_token(token);
        }
        let (page, unreadable) = call.send().with_unreadable().await?;
        if !unreadable.is_empty() {
            return Ok(None);
        }
        names.extend(page.dentries.iter().filter_map(|dentry| Holder::Drive.read(&dentry.name).ok()));
        let next = page.next_token.filter(|next| !next.as_str().is_empty());
        match next {
            Some(next) if token.as_ref() != Some(&next) => token = Some(next),
            Some(_) => return Ok(None),
            None => return Ok(Some(names)),
        }
    }
}
