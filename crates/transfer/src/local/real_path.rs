//! Whether one place of this machine is within another one, whatever links lead there.

use std::path::{Component, Path, PathBuf};

/// Most links on the way to one place, as on Linux.
const MOST_LINKS: u32 = 40;

/// Whether a path leads to a folder or to something beneath it, be it there already or not. Links are followed, in both.
#[must_use]
pub fn is_beneath(path: &Path, folder: &Path) -> bool {
    let (path, folder) = (real_path(path), real_path(folder));
    // One folder can have several paths, for example by its case or by a mount.
    path.starts_with(&folder) || path.ancestors().any(|above| is_same(above, &folder))
}

/// Where a path leads when all links are followed. What is not there yet is where it would be made.
fn real_path(path: &Path) -> PathBuf {
    let mut path = std::path::absolute(path).unwrap_or_else(|_| path.to_owned());
    for _ in 0..MOST_LINKS {
        let there = path.ancestors().find_map(|above| Some((std::fs::canonicalize(above).ok()?, above)));
        let Some((real, above)) = there else { return path };
        let Ok(rest) = path.strip_prefix(above) else { return path };
        let mut names = rest.components();
        let Some(first) = names.next() else { return real };
        // A link to what is not there yet leads there when it is.
        let Ok(target) = std::fs::read_link(real.join(first)) else { return made(real, rest) };
        path = real.join(target).join(names.as_path());
    }
    path
}

/// A path of folders that are made beneath one that is there.
fn made(mut real: PathBuf, rest: &Path) -> PathBuf {
    for name in rest.components() {
        match name {
            Component::ParentDir => drop(real.pop()),
            name => real.push(name),
        }
    }
    real
}

#[cfg(unix)]
fn is_same(one: &Path, other: &Path) -> bool {
    use std::os::unix::fs::MetadataExt;
    let identity = |path: &Path| std::fs::metadata(path).ok().map(|metadata| (metadata.dev(), metadata.ino()));
    identity(one).is_some_and(|one| Some(one) == identity(other))
}

#[cfg(not(unix))]
fn is_same(one: &Path, other: &Path) -> bool {
    one == other
}

#[cfg(all(test, unix))]
mod tests {
    use std::os::unix::fs::symlink;

    use super::*;

    #[test]
    fn links_lead_where_they_lead() {
        let all = tempfile::tempdir().unwrap();
        let at = |path: &str| all.path().join(path);
        std::fs::create_dir_all(at("tree/sub")).unwrap();
        std::fs::create_dir_all(at("other")).unwrap();
        for (target, link) in [
            ("tree", "to-tree"),
            ("to-tree", "to-link"),
            ("tree/sub", "to-sub"),
            ("tree/none", "to-none"),
            ("other", "tree/to-other"),
            ("loop", "loop"),
        ] {
            symlink(at(target), at(link)).unwrap();
        }
        for (path, folder, expected) in [
            ("tree", "tree", true),
            ("tree/new/deeper", "tree", true),
            ("to-tree/new", "tree", true),
            ("tree/new", "to-link", true),
            ("to-sub", "tree", true),
            ("to-sub/..", "tree", true),
            ("to-sub/../..", "tree", false),
            ("to-none/new", "tree", true),
            ("other/../tree/new", "tree", true),
            ("none/../tree/sub", "tree", true),
            ("tree/to-other/new", "tree", false),
            ("tree/to-other/new", "other", true),
            ("trees", "tree", false),
            ("other", "tree", false),
            ("loop", "tree", false),
            ("tree", "tree/sub", false),
        ] {
            assert_eq!(is_beneath(&at(path), &at(folder)), expected, "{path} in {folder}");
        }
    }
}
