//! Paths as they are written.

use crate::{Entry, Error};

/// The names in the text of a path; what stands between two slashes and is empty is none.
pub(super) fn names(text: &str) -> impl Iterator<Item = &str> {
    text.split('/').filter(|name| !name.is_empty())
}

/// A path that was read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Path<'a> {
    pub(super) names: Vec<&'a str>,
    pub(super) end: End,
}

/// What a path leads to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum End {
    Any,
    /// A folder, as a slash at its end says.
    Folder,
    File,
}

impl End {
    pub(super) fn is(self, entry: &Entry) -> bool {
        match self {
            Self::Any => true,
            Self::Folder => entry.is_folder(),
            Self::File => !entry.is_folder(),
        }
    }
}

impl<'a> Path<'a> {
    pub(crate) fn parse(text: &'a str) -> Result<Self, Error> {
        let names: Vec<&str> = names(text).collect();
        if names.iter().any(|name| matches!(*name, "." | "..")) {
            return Err(Error::BadPath {
                path: text.to_owned(),
                reason: "it has `.` or `..`, which the drive does not know",
            });
        }
        let end = if text.ends_with('/') { End::Folder } else { End::Any };
        Ok(Self { names, end })
    }

    /// Read as one that leads to a file, or to a folder, whether or not a slash says so.
    pub(super) fn parse_to(text: &'a str, end: End) -> Result<Self, Error> {
        Ok(Self { end, ..Self::parse(text)? })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn slashes_separate_and_nothing_else_does() {
        for (text, names, end) in [
            ("", vec![], End::Any),
            ("/", vec![], End::Folder),
            ("/a/b.txt", vec!["a", "b.txt"], End::Any),
            ("a//b/", vec!["a", "b"], End::Folder),
            ("/ a /\\..\\", vec![" a ", "\\..\\"], End::Any),
        ] {
            assert_eq!(Path::parse(text).ok(), Some(Path { names, end }), "{text}");
        }
        assert!(Path::parse("/a/../b").is_err() && Path::parse("./a").is_err());
    }
}
