//! Reading places.

use std::path::PathBuf;

use dingtalk_storage::types::{DentryUuid, SpaceId};

use crate::Failure;

const SCHEME: &str = "ding:";

/// A place of the drive or of this machine.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Location {
    /// Standard input or output.
    Standard,
    /// A file or folder of this machine.
    Local(PathBuf),
    /// A place of the drive.
    Remote(Remote),
}

/// A place of the drive.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Remote {
    pub base: Base,
    /// What is written before the path.
    pub head: String,
    /// Names with a slash before each; empty for the base itself.
    pub path: String,
    /// Whether a slash at its end says that it is a folder.
    pub is_folder: bool,
}

/// Where a path begins.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum Base {
    SpaceId(SpaceId),
    SpaceName(String),
    MyDocuments,
    Wiki(String),
    Uuid(DentryUuid),
    Link(String),
}

impl Location {
    /// Reads a place; what begins like one of the drive, and is none, is an error.
    pub fn parse(text: &str) -> Result<Self, Failure> {
        if text == "-" {
            return Ok(Self::Standard);
        }
        if text.is_empty() {
            return Err(Failure::usage("a path is empty"));
        }
        Ok(if is_remote(text) { Self::Remote(Remote::parse(text)?) } else { Self::Local(PathBuf::from(text)) })
    }
}

fn is_remote(text: &str) -> bool {
    text.starts_with(SCHEME) || text.starts_with("https://") || text.starts_with("http://")
}

impl Remote {
    /// Reads a place of the drive.
    pub fn parse(text: &str) -> Result<Self, Failure> {
        if text.starts_with("http://") || text.starts_with("https://") {
            return link(text);
        }
        let Some(rest) = text.strip_prefix(SCHEME) else {
            return Err(local(text));
        };
        let (base, head, path) = base(text, rest)?;
        let names: Vec<&str> = path.split('/').filter(|name| !name.is_empty()).collect();
        if let Some(name) = names.iter().find(|name| matches!(**name, "." | "..")) {
            return Err(Failure::usage(format!("{text:?} has {name:?}, which the drive does not know")));
        }
        let path_text = names.iter().flat_map(|name| ["/", name]).collect();
        Ok(Self { base, head, path: path_text, is_folder: path.ends_with('/') })
    }

    /// A place below this one, as it is written.
    pub fn shown(&self, path: &str) -> String {
        if path.is_empty() { format!("{}/", self.head) } else { format!("{}{path}", self.head) }
    }

    /// Itself, as it is written.
    pub fn text(&self) -> String {
        self.shown(&self.path)
    }

    /// Whether it has wildcards.
    pub fn is_pattern(&self) -> bool {
        self.path.contains('*')
    }

    /// Its last name, and the folder that has it.
    pub fn split(&self) -> Option<(Self, &str)> {
        let (folder, name) = self.path.rsplit_once('/')?;
        let folder = Self { path: folder.to_owned(), is_folder: true, ..self.clone() };
        (!name.is_empty()).then_some((folder, name))
    }

    /// Something in it.
    pub fn join(&self, name: &str) -> Self {
        Self { path: format!("{}/{name}", self.path), is_folder: false, ..self.clone() }
    }
}

/// Refuses a place of this machine where one of the drive is needed. Where the text could be one of the drive, it says how
/// that would be written.
fn local(text: &str) -> Failure {
    let failure = Failure::usage(format!("{text:?} is a place of this machine, and one of the drive is needed"));
    let would_be = format!("{SCHEME}{text}");
    match Remote::parse(&would_be).map(|place| place.base) {
        Ok(Base::SpaceName(space)) if !matches!(space.as_str(), "." | ".." | "~") => {
            failure.hint(format!("write {would_be} for one in the space {space:?}"))
        }
        _ => failure.hint("write ding:SPACE/path"),
    }
}

fn link(text: &str) -> Result<Remote, Failure> {
    let host = text.split('/').nth(2).unwrap_or_default();
    let host = host.rsplit('@').next().unwrap_or_default().split(':').next().unwrap_or_default();
    let is_ours = ["dingtalk.com", "dingtalk.io"]
        .iter()
        .any(|ours| host.strip_suffix(ours).is_some_and(|before| before.is_empty() || before.ends_with('.')));
    if !is_ours || !text.starts_with("https://") {
        return Err(Failure::usage(format!("{text:?} is no link to a file or folder of DingTalk"))
            .hint("they look like https://alidocs.dingtalk.com/i/nodes/.."));
    }
    Ok(Remote { base: Base::Link(text.to_owned()), head: text.to_owned(), path: String::new(), is_folder: false })
}

/// The base, how it is written, and the rest.
fn base<'a>(text: &str, rest: &'a str) -> Result<(Base, String, &'a str), Failure> {
    let cut = |rest: &'a str| rest.split_once('/').map_or((rest, ""), |(first, _)| rest.split_at(first.len()));
    let (first, path) = cut(rest);
    let needs = |what: &str| Failure::usage(format!("{text:?} does not say {what}")).hint("write ding:SPACE/path");
    let head = |first: &str| format!("{SCHEME}{first}");
    if first == "@my-docs" {
        return Ok((Base::MyDocuments, head(first), path));
    }
    if first == "@wiki" {
        let (name, path) = cut(path.strip_prefix('/').unwrap_or_default());
        if name.is_empty() {
            return Err(needs("which knowledge base").hint("write ding:@wiki/NAME/path"));
        }
        return Ok((Base::Wiki(name.to_owned()), head(&format!("@wiki/{name}")), path));
    }
    if first.starts_with('@') {
        return Err(Failure::usage(format!("{text:?} begins with {first:?}, and there are @my-docs and @wiki"))
            .hint(format!("a space that is called so is ding:name={first}")));
    }
    let base = if let Some(uuid) = first.strip_prefix("uuid=") {
        if uuid.is_empty() {
            return Err(needs("which uuid"));
        }
        Base::Uuid(DentryUuid::new(uuid))
    } else if let Some(id) = first.strip_prefix("id=") {
        if id.is_empty() {
            return Err(needs("which id"));
        }
        Base::SpaceId(SpaceId::new(id))
    } else {
        let is_name = first.starts_with("name=");
        let name = first.strip_prefix("name=").unwrap_or(first);
        if name.is_empty() {
            return Err(needs("which space"));
        }
        // Ids of spaces are numbers; who has a space with such a name writes `name=`.
        let is_id = !is_name && name.bytes().all(|byte| byte.is_ascii_digit());
        if is_id { Base::SpaceId(SpaceId::new(name)) } else { Base::SpaceName(name.to_owned()) }
    };
    Ok((base, head(first), path))
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "tests fail by panicking")]
mod tests {
    use super::*;

    fn remote(text: &str) -> (Base, String, bool) {
        let Location::Remote(remote) = Location::parse(text).unwrap() else { panic!("{text} is local") };
        (remote.base, remote.path, remote.is_folder)
    }

    #[test]
    fn places_of_the_drive_are_read() {
        let name = |name: &str| Base::SpaceName(name.to_owned());
        for (text, base, path, is_folder) in [
            ("ding:Reports", name("Reports"), "", false),
            ("ding:Reports/", name("Reports"), "", true),
            ("ding:Sales 報告//2026/a b.pdf", name("Sales 報告"), "/2026/a b.pdf", false),
            ("ding:name=2026/x/", name("2026"), "/x", true),
            ("ding:name=@wiki/x", name("@wiki"), "/x", false),
            ("ding:12345/a", Base::SpaceId(SpaceId::new("12345")), "/a", false),
            ("ding:id=abc/a", Base::SpaceId(SpaceId::new("abc")), "/a", false),
            ("ding:@my-docs/a/*.txt", Base::MyDocuments, "/a/*.txt", false),
            ("ding:@wiki/Handbook/a", Base::Wiki("Handbook".to_owned()), "/a", false),
            ("ding:uuid=Gl6P=x/a", Base::Uuid(DentryUuid::new("Gl6P=x")), "/a", false),
        ] {
            assert_eq!(remote(text), (base, path.to_owned(), is_folder), "{text}");
        }
        let link = "https://alidocs.dingtalk.com/i/nodes/abc?utm=1";
        assert_eq!(remote(link), (Base::Link(link.to_owned()), String::new(), false));
    }

    #[test]
    fn other_places_are_of_this_machine_or_refused() {
        for local in ["a.txt", "./ding:x", "/ding:/x", "C:\\ding", "dingo:x", "Ding:x", "*", "~/-"] {
            assert_eq!(Location::parse(local).unwrap(), Location::Local(PathBuf::from(local)));
        }
        assert_eq!(Location::parse("-").unwrap(), Location::Standard);
        for wrong in [
            "",
            "ding:",
            "ding:/",
            "ding:@wiki",
            "ding:@wiki/",
            "ding:@other/x",
            "ding:uuid=",
            "ding:uuid=/x",
            "ding:id=",
            "ding:name=",
            "ding:a/../b",
            "ding:a/./b",
            "https://example.com/i/nodes/x",
            "http://alidocs.dingtalk.com/i/nodes/x",
            "https://dingtalk.com.example.com/x",
            "https://evildingtalk.com/x",
            "https://dingtalk.com@example.com/x",
        ] {
            assert!(Location::parse(wrong).is_err(), "{wrong}");
        }
    }

    #[test]
    fn who_forgets_the_scheme_is_told_how_a_place_of_the_drive_is_written() {
        let hint = |text: &str| Remote::parse(text).unwrap_err().hint.unwrap();
        assert_eq!(hint("Demo"), "write ding:Demo for one in the space \"Demo\"");
        assert_eq!(hint("Demo/a/"), "write ding:Demo/a/ for one in the space \"Demo\"");
        for local in ["/tmp/a", "./a", "../a", "~/a", ""] {
            assert_eq!(hint(local), "write ding:SPACE/path", "{local}");
        }
    }

    #[test]
    fn a_place_below_another_is_written_like_that() {
        let Location::Remote(remote) = Location::parse("ding:name=2026/a/b").unwrap() else { panic!("local") };
        assert_eq!(remote.text(), "ding:name=2026/a/b");
        let (folder, name) = remote.split().unwrap();
        assert_eq!((folder.text().as_str(), name), ("ding:name=2026/a", "b"));
        assert_eq!(folder.join("c").text(), "ding:name=2026/a/c");
        assert!(Remote::parse("ding:S").unwrap().split().is_none());
    }
}
