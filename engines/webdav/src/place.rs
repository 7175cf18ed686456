//! The folder of the drive that is served, and the paths in it.

use std::collections::HashMap;
use std::time::Duration;

use dav_server::davpath::DavPath;
use dingtalk_storage::types::SpaceId;
use dingtalk_storage_transfer::{Entry, Error, RecentPaths, name_from_drive, name_on_drive};
use http::StatusCode;

use crate::asked::Asked;
use crate::failure::Failure;

/// A name that stands for something in a listing, and what it is.
pub type Named = (String, Entry);

/// The folder of the drive that is served.
#[derive(Debug, Clone)]
pub struct Place {
    pub space: SpaceId,
    /// Its path in the space: a slash before each name, nothing for the root.
    root: String,
    age: Duration,
}

impl Place {
    /// What others did is seen after so long.
    pub fn new(space: SpaceId, path: &str, age: Duration) -> Self {
        let names = path.split('/').filter(|name| !name.is_empty());
        // A request that asks for the same thing twice must be told the same.
        Self { space, root: names.flat_map(|name| ["/", name]).collect(), age: age.max(Duration::from_secs(1)) }
    }

    pub fn root(&self) -> &str {
        if self.root.is_empty() { "/" } else { &self.root }
    }

    /// The path in the space of the path of a URL.
    pub fn path(&self, url: &DavPath) -> Result<String, Failure> {
        let mut path = self.root.clone();
        for name in url.as_bytes().split(|byte| *byte == b'/').filter(|name| !name.is_empty()) {
            let name = std::str::from_utf8(name)
                .map_err(|_| Failure::new(StatusCode::BAD_REQUEST, "a name in the URL is no UTF-8"))?;
            path.push('/');
            let name = name_on_drive(name);
            path.push_str(
                &name.map_err(|reason| Failure::new(StatusCode::BAD_REQUEST, format!("a name cannot be: {reason}")))?,
            );
        }
        Ok(path)
    }

    /// The path of the folder that has a path, and the name in it; none for what is served itself.
    pub fn split<'a>(&self, path: &'a str) -> Result<(&'a str, &'a str), Failure> {
        match path.rsplit_once('/') {
            Some(split) if path.len() > self.root.len() => Ok(split),
            _ => Err(Failure::new(StatusCode::FORBIDDEN, "that is the folder that is served")),
        }
    }

    fn recent(&self, asked: &Asked) -> RecentPaths {
        asked.drive().paths(&self.space).recent(self.age)
    }

    /// What is at a path of the space.
    pub async fn entry(&self, path: &str, asked: &Asked) -> Result<Entry, Failure> {
        let found = self.recent(asked).entry(path).await;
        Self::with_bytes(found.map_err(|error| asked.failure_of(&error))?)
    }

    /// The same as it is now, whatever was seen before.
    pub async fn entry_now(&self, path: &str, asked: &Asked) -> Result<Entry, Failure> {
        let found = asked.drive().paths(&self.space).stat(path).await;
        Self::with_bytes(found.map_err(|error| asked.failure_of(&error))?)
    }

    fn with_bytes(entry: Entry) -> Result<Entry, Failure> {
        if entry.is_online_document() {
            let message = format!("{:?} is an online document, which has no bytes: open it in DingTalk", entry.name);
            return Err(Failure::new(StatusCode::FORBIDDEN, message));
        }
        Ok(entry)
    }

    /// A folder at a path of the space.
    pub async fn folder(&self, path: &str, asked: &Asked) -> Result<Entry, Failure> {
        let folder = self.entry(path, asked).await?;
        if folder.is_folder() {
            return Ok(folder);
        }
        Err(Failure::not_found(format!("{:?} is a file, and no folder", folder.name)))
    }

    /// The entries of a folder; none if it is a file.
    pub async fn children(&self, path: &str, asked: &Asked) -> Result<Option<Vec<Entry>>, Failure> {
        match self.recent(asked).children(path).await {
            Ok(children) => Ok(Some(children)),
            Err(Error::NotAFolder(_)) => Ok(None),
            Err(error) => Err(asked.failure_of(&error)),
        }
    }
}

/// What a listing shows of the entries of a folder. Names that several have, and names to which no URL leads, are left
/// out, because whatever was done by them could be done to the wrong thing; so are online documents.
pub fn shown(path: &str, entries: Vec<Entry>) -> Vec<Named> {
    let mut times: HashMap<&str, usize> = HashMap::new();
    for entry in &entries {
        *times.entry(entry.name.as_str()).or_default() += 1;
    }
    let doubled: Vec<bool> = entries.iter().map(|entry| times.get(entry.name.as_str()) != Some(&1)).collect();
    let mut shown = Vec::with_capacity(entries.len());
    for (entry, is_doubled) in entries.into_iter().zip(doubled) {
        if is_doubled {
            tracing::warn!(?path, name = ?entry.name, id = %entry.id, "left out: several entries have this name");
            continue;
        }
        if entry.is_online_document() {
            continue;
        }
        match name_in_urls(&entry.name) {
            Ok(name) => shown.push((name, entry)),
            Err(reason) => tracing::warn!(?path, name = ?entry.name, id = %entry.id, "left out: {reason}"),
        }
    }
    shown
}

/// The name that clients see, from which the same entry is found.
fn name_in_urls(on_drive: &str) -> Result<String, &'static str> {
    let name = name_from_drive(on_drive)?;
    if name.contains('/') || matches!(name.as_str(), "." | "..") {
        return Err("no URL can have this name");
    }
    if name_on_drive(&name)? == on_drive { Ok(name) } else { Err("the drive has this name, and does not take it") }
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "tests fail by panicking")]
mod tests {
    use super::*;

    #[test]
    fn urls_are_below_what_is_served_with_names_as_the_drive_takes_them() {
        let age = Duration::ZERO;
        let path = |root: &str, url: &str| Place::new("1".into(), root, age).path(&DavPath::new(url).unwrap());
        assert_eq!(path("/", "/").unwrap(), "");
        assert_eq!(path("Reports//2026/", "/a%20b/").unwrap(), "/Reports/2026/a b");
        assert_eq!(path("", "/a%2A%3F/%E4%BA%A7").unwrap(), "/a‛＊?/产");
        assert_eq!(path("", "/a%5Cb").unwrap(), "/a‛＼b");
        for url in ["/%ff", &format!("/{}", "x".repeat(256))] {
            assert_eq!(path("", url).unwrap_err().status, 400, "{url}");
        }
        for (on_drive, name) in
            [("a‛＊b", Some("a*b")), ("a‛／b", None), (".‛．", None), ("a*b", None), ("‛ａ", None), ("产", Some("产"))]
        {
            assert_eq!(name_in_urls(on_drive).ok().as_deref(), name, "{on_drive}");
        }
        let place = Place::new("1".into(), "/a", age);
        assert_eq!(place.split("/a/b").unwrap(), ("/a", "b"));
        assert_eq!(place.split("/a").unwrap_err().status, 403);
        assert_eq!(Place::new("1".into(), "", age).split("/b").unwrap(), ("", "b"));
        assert!(Place::new("1".into(), "", age).split("").is_err());
    }
}
