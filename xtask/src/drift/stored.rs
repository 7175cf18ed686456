//! Files of the spec on the disk: each as a whole or not at all, nothing is overwritten that was not read.

use std::collections::BTreeMap;
use std::fs;
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};

use dingtalk_storage_spec::SourceTree;

use crate::Failure;

/// The compiler does not look at hidden files, so one that is left behind stops nothing.
const STAGED: &str = "drift-new";
/// A tree has texts without it; a file keeps the one that it has.
const BYTE_ORDER_MARK: &str = "\u{feff}";

/// Writes new files and changed ones; the latter must still be what `tree` has.
pub(super) fn store(
    folder: &Path,
    tree: &SourceTree,
    new: &BTreeMap<String, String>,
    changed: &BTreeMap<String, String>,
) -> Result<(), Failure> {
    let mut marked = Vec::new();
    for path in changed.keys() {
        let read = tree.files().find(|(name, _)| name == path).map(|(_, text)| text);
        let now = fs::read_to_string(folder.join(path)).map_err(|error| failed(&folder.join(path), &error))?;
        if now.starts_with(BYTE_ORDER_MARK) {
            marked.push(path);
        }
        if read != Some(now.strip_prefix(BYTE_ORDER_MARK).unwrap_or(&now)) {
            return Err(format!("error: {path} was changed meanwhile; nothing was written, run it again").into());
        }
    }
    let mut staged = Staged(Vec::new());
    for (path, text) in new.iter().chain(changed) {
        let target = folder.join(path);
        let beside = beside(&target);
        staged.0.push(beside.clone());
        let mark = if marked.contains(&path) { BYTE_ORDER_MARK } else { "" };
        stage(&beside, &format!("{mark}{text}")).map_err(|error| failed(&target, &error))?;
    }
    for (path, beside) in new.keys().chain(changed.keys()).zip(&staged.0) {
        let target = folder.join(path);
        // A link takes no name that is taken, a rename does.
        let moved = if new.contains_key(path) { fs::hard_link(beside, &target) } else { fs::rename(beside, &target) };
        moved.map_err(|error| failed(&target, &error))?;
    }
    Ok(())
}

/// Files beside the others; what is left of them goes away.
struct Staged(Vec<PathBuf>);

impl Drop for Staged {
    fn drop(&mut self) {
        for path in &self.0 {
            // Those that took their place are gone already.
            let _ = fs::remove_file(path);
        }
    }
}

fn beside(target: &Path) -> PathBuf {
    let name = target.file_name().unwrap_or_default().to_string_lossy();
    target.with_file_name(format!(".{name}.{}.{STAGED}", std::process::id()))
}

fn stage(path: &Path, text: &str) -> io::Result<()> {
    let mut file = fs::File::create_new(path)?;
    file.write_all(text.as_bytes())?;
    file.sync_all()
}

fn failed(path: &Path, error: &io::Error) -> Failure {
    format!("error: cannot write {}: {error}", path.display()).into()
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "a test says by panicking")]
mod tests {
    use super::*;

    fn map(path: &str, text: &str) -> BTreeMap<String, String> {
        BTreeMap::from([(path.to_owned(), text.to_owned())])
    }

    #[test]
    fn nothing_is_overwritten_that_was_not_read() {
        let folder = tempfile::tempdir().unwrap();
        let none = BTreeMap::new();
        fs::write(folder.path().join("errors.yaml"), "one").unwrap();
        let tree = SourceTree::read(folder.path());
        store(folder.path(), &tree, &map("groups.yaml", "new"), &map("errors.yaml", "two")).unwrap();
        let read = |name: &str| fs::read_to_string(folder.path().join(name)).unwrap();
        assert_eq!((read("errors.yaml"), read("groups.yaml")), ("two".to_owned(), "new".to_owned()));
        // It is no longer what the tree has.
        assert!(store(folder.path(), &tree, &none, &map("errors.yaml", "three")).is_err());
        assert!(store(folder.path(), &tree, &map("groups.yaml", "other"), &none).is_err());
        assert_eq!((read("errors.yaml"), read("groups.yaml")), ("two".to_owned(), "new".to_owned()));
        assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 2);
    }
}
