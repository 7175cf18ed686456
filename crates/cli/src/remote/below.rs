//! All that is below a folder.

use std::collections::HashMap;

use dingtalk_storage::types::DentryId;
use dingtalk_storage_transfer::{Drive, Entry, Walk};

use super::Found;
use crate::Failure;
use crate::exit::Code;

/// Folders above one another that are believed; a drive that has more leads in a circle.
const DEEPEST: usize = 1000;

/// All files and folders below a folder, by path. That of a whole space takes a call for each 50 entries, that of another
/// folder one for each folder.
pub async fn below(drive: &Drive, top: &Found) -> Result<Vec<Found>, Failure> {
    if !top.entry.is_folder() {
        return Ok(Vec::new());
    }
    let mut walk =
        if is_root(drive, &top.entry).await? { drive.walk(&top.entry.space) } else { drive.walk_folder(&top.entry) };
    let entries = all(&mut walk).await?;
    if !walk.is_complete() {
        return Err(Failure::new(Code::Changed, format!("{} could not be listed to its end", top.path()))
            .hint("it may be changing, or a folder in it may not be read: try again"));
    }
    Ok(placed(top, entries))
}

/// Whether it is the root of its space.
pub async fn is_root(drive: &Drive, entry: &Entry) -> Result<bool, Failure> {
    Ok(entry.id == DentryId::root() || drive.paths(&entry.space).root().await?.id == entry.id)
}

async fn all(walk: &mut Walk) -> Result<Vec<Entry>, Failure> {
    let mut entries = Vec::new();
    while let Some(entry) = walk.try_next().await? {
        entries.push(entry);
    }
    Ok(entries)
}

/// The entries with their paths.
fn placed(top: &Found, entries: Vec<Entry>) -> Vec<Found> {
    let parents: HashMap<DentryId, (DentryId, String)> =
        entries.iter().map(|entry| (entry.id.clone(), (entry.parent.clone(), entry.name.clone()))).collect();
    let mut found: Vec<Found> = entries
        .into_iter()
        .filter(|entry| entry.id != top.entry.id)
        .map(|entry| {
            let mut names = vec![entry.name.clone()];
            let mut above = &entry.parent;
            while let Some((parent, name)) = parents.get(above).filter(|_| names.len() < DEEPEST) {
                if *above == top.entry.id {
                    break;
                }
                names.push(name.clone());
                above = parent;
            }
            let place = names.iter().rev().fold(top.place.clone(), |place, name| place.join(name));
            Found { place, entry }
        })
        .collect();
    found.sort_by(|one, other| one.names().cmp(other.names()).then_with(|| one.entry.id.cmp(&other.entry.id)));
    // One that was changed while it went on came twice.
    found.dedup_by(|one, other| one.entry.id == other.entry.id);
    found
}

impl Found {
    /// Names of its path, so that what is in a folder comes right after it.
    fn names(&self) -> impl Iterator<Item = &str> {
        self.place.path.split('/')
    }
}
