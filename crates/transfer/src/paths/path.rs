//! Paths as they are written.

use crate::Error;

/// The names in the text of a path; what stands between two slashes and is empty is none.
pub(super) fn names(text: &str) -> impl Iterator<Item = &str> {
    text.split('/').filter(|name| !name.is_empty())
}

/// A path that was read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Path<'a> {
    pub(super) names: Vec<&'a str>,
    /// Whether a slash at its end says that it is a folder.
    pub(super) is_folder: bool,
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
        Ok(Self { names, is_folder: text.ends_with('/') })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn slashes_separate_and_nothing_else_does() {
        for (text, names, is_folder) in [
            ("", vec![], false),
            ("/", vec![], true),
            ("/a/b.txt", vec!["a", "b.txt"], false),
            ("a//b/", vec!["a", "b"], true),
            ("/ a /\\..\\", vec![" a ", "\\..\\"], false),
        ] {
            assert_eq!(Path::parse(text).ok(), Some(Path { names, is_folder }), "{text}");
        }
        assert!(Path::parse("/a/../b").is_err() && Path::parse("./a").is_err());
    }
}
