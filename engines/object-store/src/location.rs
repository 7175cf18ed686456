//! Paths of objects, and paths of the drive.

use std::fmt;

use dingtalk_storage::types::SpaceId;
use dingtalk_storage_transfer::{name_from_drive, name_on_drive};
use object_store::path::{Path, PathPart};
use object_store::{Error, Result};

use crate::failure::STORE;

/// What a store is of: a space, or a folder of it.
#[derive(Debug, Clone)]
pub(crate) struct Place {
    pub(crate) space: SpaceId,
    /// The folder as the drive names it: with a slash before each name, empty for the root.
    folder: String,
    prefix: Path,
}

impl Place {
    pub(crate) fn new(space: SpaceId, prefix: Path) -> Result<Self> {
        let folder = on_drive(&prefix)?;
        Ok(Self { space, folder, prefix })
    }

    pub(crate) fn is_whole_space(&self) -> bool {
        self.folder.is_empty()
    }

    /// The path of the drive.
    pub(crate) fn path(&self, location: &Path) -> Result<String> {
        Ok(format!("{}{}", self.folder, on_drive(location)?))
    }

    /// The path of the drive of a folder; `/` for the root.
    pub(crate) fn folder(&self, prefix: Option<&Path>) -> Result<String> {
        let path = prefix.map_or_else(|| Ok(self.folder.clone()), |prefix| self.path(prefix))?;
        Ok(if path.is_empty() { "/".to_owned() } else { path })
    }

    /// The folder that has an object, and its name there.
    pub(crate) fn split(&self, location: &Path) -> Result<(String, String)> {
        let path = self.path(location)?;
        match path.rsplit_once('/') {
            Some((folder, name)) if !location.is_root() => Ok((format!("{folder}/"), name.to_owned())),
            _ => Err(unusable(location.as_ref(), "the root of the store is no object: name one in it")),
        }
    }
}

impl fmt::Display for Place {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "dingtalk://{}/{}", self.space, self.prefix)
    }
}

fn on_drive(location: &Path) -> Result<String> {
    let mut path = String::new();
    for part in location.parts() {
        let name = name_on_drive(part.as_ref()).map_err(|reason| unusable(location.as_ref(), reason))?;
        path.push('/');
        path.push_str(&name);
    }
    Ok(path)
}

/// The path of something in a folder.
pub(crate) fn join(folder: &Path, name: &str) -> Result<Path> {
    let part = name_from_drive(name).map_err(|reason| unnameable(folder, name, reason))?;
    PathPart::parse(&part).map_err(|_| unnameable(folder, name, "no path of an object can have it"))?;
    // As it is: what has to be escaped elsewhere stands for itself here.
    let path = if folder.is_root() { part } else { format!("{folder}/{part}") };
    Path::parse(path).map_err(Error::from)
}

fn unusable(location: &str, reason: &str) -> Error {
    Error::Generic { store: STORE, source: format!("{location:?} cannot be a path of the drive: {reason}").into() }
}

fn unnameable(folder: &Path, name: &str, reason: &str) -> Error {
    let source = format!("{name:?} in {:?} cannot be the name of an object ({reason}): rename it", folder.as_ref());
    Error::Generic { store: STORE, source: source.into() }
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "tests fail by panicking")]
mod tests {
    use super::*;

    fn place(prefix: &str) -> Place {
        Place::new(SpaceId::new("7"), Path::parse(prefix).unwrap()).unwrap()
    }

    #[test]
    fn parts_are_names_letter_by_letter_and_come_back() {
        for (object, drive) in [
            ("a/b.csv", "/a/b.csv"),
            ("a%2Fb/%48.txt", "/a%2Fb/%48.txt"),
            ("year=2026/x y~[1].parquet", "/year=2026/x y~[1].parquet"),
            ("a*b/end.", "/a‛＊b/end‛．"),
            ("a\\b", "/a‛＼b"),
        ] {
            let location = Path::parse(object).unwrap();
            assert_eq!(place("").path(&location).unwrap(), drive);
            assert_eq!(place("in it").path(&location).unwrap(), format!("/in it{drive}"));
            let names = drive.split('/').filter(|name| !name.is_empty());
            let back = names.fold(Path::default(), |folder, name| join(&folder, name).unwrap());
            assert_eq!(back, location);
        }
        let (folder, name) = place("p").split(&Path::from("a/b.csv")).unwrap();
        assert_eq!((folder.as_str(), name.as_str()), ("/p/a/", "b.csv"));
        assert_eq!(place("").split(&Path::from("b")).unwrap().0, "/");
        assert!(place("p").split(&Path::default()).is_err());
        assert_eq!((place("").folder(None).unwrap().as_str(), place("p").folder(None).unwrap().as_str()), ("/", "/p"));
    }

    #[test]
    fn what_no_path_can_have_is_said() {
        for name in ["a‛／b", "‛␉", "‛ａ"] {
            let error = join(&Path::from("f"), name).unwrap_err().to_string();
            assert!(error.contains(name) && error.contains("rename it"), "{error}");
        }
        let long = Path::parse("x".repeat(256)).unwrap();
        assert!(place("").path(&long).is_err());
    }
}
