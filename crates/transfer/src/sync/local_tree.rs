//! The tree of a folder of this machine.

use std::path::Path;

use super::filter::Filter;
use super::names::{Holder, is_temporary};
use super::tree::{Builder, File, Folder, Tree, join};
use crate::local::{FolderIdentity, FoundKind, LocalFolder};
use crate::{Category, Error};

/// Reads the whole tree. A folder in it that cannot be read makes a gap; the root has to be readable. The folder where this
/// crate keeps its own state is left alone: what is noted there is secret, and changes meanwhile.
pub(super) fn read(root: &LocalFolder, filter: Option<&Filter>, state: Option<&Path>) -> Result<Tree, Error> {
    let builder = Builder { holder: Holder::here(), filter, refused: Vec::new() };
    let mut reading = Reading { builder, state: state.and_then(FolderIdentity::at), gap: None };
    let root = reading.folder(root, "", String::new())?;
    Ok(Tree { root, gap: reading.gap, refused: reading.builder.refused })
}

struct Reading<'a> {
    builder: Builder<'a>,
    state: Option<FolderIdentity>,
    gap: Option<String>,
}

impl Reading<'_> {
    fn folder(&mut self, place: &LocalFolder, path: &str, name: String) -> Result<Folder, Error> {
        let mut folder = Folder { name, ..Folder::default() };
        let mut found = place.entries()?;
        found.sort_unstable_by(|one, other| one.name.cmp(&other.name));
        for found in found {
            let Some(written) = found.name.to_str() else {
                let shown = found.name.to_string_lossy();
                self.builder.leave(&mut folder, (path, &shown), "its name is no Unicode", Some(Category::Local));
                continue;
            };
            if is_temporary(written) {
                continue;
            }
            if found.kind == FoundKind::Other {
                let reason = "it is a link, a pipe or a device, and what it leads to is not of this tree";
                self.builder.leave(&mut folder, (path, written), reason, None);
                continue;
            }
            let Some(name) = self.builder.name(&mut folder, path, written) else { continue };
            match found.kind {
                FoundKind::File(facts) => {
                    let (size, modified) = (facts.size, Some(facts.modified));
                    let file = File { name: written.to_owned(), size, modified, entry: None };
                    self.builder.add_file(&mut folder, path, name, file);
                }
                _ if self.builder.enters(&mut folder, path, &name) => {
                    let below = join(path, &name);
                    let inner = place.existing(written).and_then(|inner| {
                        let is_own = self.state.is_some() && inner.identity() == self.state;
                        if is_own { Ok(None) } else { self.folder(&inner, &below, written.to_owned()).map(Some) }
                    });
                    match inner {
                        Ok(Some(inner)) => Builder::add_folder(&mut folder, name, inner),
                        Ok(None) => {
                            let reason = "unfinished transfers are noted there, with what goes on with them";
                            self.builder.leave(&mut folder, (path, &name), reason, None);
                        }
                        Err(error) => {
                            let category = Some(error.category());
                            self.builder.leave(&mut folder, (path, &name), &error.to_string(), category);
                            self.gap.get_or_insert_with(|| error.to_string());
                        }
                    }
                }
                _ => {}
            }
        }
        Ok(folder)
    }
}
