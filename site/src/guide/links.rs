//! Where the links of a guide lead.

use pulldown_cmark::{Event, Tag};

use super::{GUIDE, original, render::parser, translation};
use crate::Sources;
use crate::address::{Page, Target};
use crate::words::Language;

/// The files of the repository.
#[derive(Clone, Copy)]
pub struct Repository<'a> {
    /// Reads a text file, if there is one.
    pub file: &'a dyn Fn(&str) -> Option<String>,
}

/// What a link leads to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Resolved {
    /// To this.
    To(Target),
    /// To an item of the crate, as rustdoc writes it.
    Item(String),
    /// To nothing that the site has.
    Nothing,
}

impl Resolved {
    /// The same without an anchor that the page does not have in the language: headings are translated, too.
    pub fn in_language(self, sources: Sources<'_>, language: Language, base: &str) -> Self {
        let is_translated = |path: &str| (sources.file)(&translation(path)).is_some();
        match self {
            Self::To(Target::Page(Page::Guide(path), Some(_)))
                if language == Language::Chinese && original(base) == base && is_translated(&path) =>
            {
                Self::To(Target::Page(Page::Guide(path), None))
            }
            other => other,
        }
    }
}

impl Repository<'_> {
    /// What a link of a file leads to.
    pub fn resolve(&self, base: &str, destination: &str) -> Resolved {
        if destination.contains("://") || destination.starts_with("mailto:") {
            return Resolved::To(Target::Web(destination.to_owned()));
        }
        let (path, anchor) = match destination.split_once('#') {
            Some((path, anchor)) => (path, Some(anchor.to_owned())),
            None => (destination, None),
        };
        if path.is_empty() {
            return anchor.map_or(Resolved::Nothing, |anchor| Resolved::To(Target::Here(anchor)));
        }
        if original(base) == GUIDE && !path.contains('/') && !path.contains('.') {
            return Resolved::Item(path.to_owned());
        }
        match joined(base, path).and_then(|path| self.page(&path)) {
            Some(page) => Resolved::To(Target::Page(page, anchor)),
            None => Resolved::Nothing,
        }
    }

    /// The page of a file, or of the README of a folder.
    fn page(&self, path: &str) -> Option<Page> {
        let path = original(path);
        let exists = |path: &str| (self.file)(path).is_some();
        let is_markdown = std::path::Path::new(&path).extension().is_some_and(|end| end == "md");
        if is_markdown {
            return exists(&path).then_some(Page::Guide(path));
        }
        if exists(&path) {
            return Some(Page::File(path));
        }
        let readme = format!("{}/README.md", path.trim_end_matches('/'));
        exists(&readme).then_some(Page::Guide(readme))
    }
}

/// A path from the file that has it; nothing for one that leads out of the repository.
fn joined(base: &str, path: &str) -> Option<String> {
    let folder = base.rsplit_once('/').map_or("", |(folder, _)| folder);
    let mut parts: Vec<&str> = folder.split('/').filter(|part| !part.is_empty()).collect();
    for part in path.split('/') {
        match part {
            "" | "." => {}
            ".." => drop(parts.pop()?),
            part => parts.push(part),
        }
    }
    Some(parts.join("/"))
}

/// All pages of the repository that a guide leads to.
pub fn pages(repository: &Repository<'_>, base: &str, text: &str) -> Vec<Page> {
    let links = parser(base, text).filter_map(|(event, _)| match event {
        Event::Start(Tag::Link { dest_url, .. }) => Some(repository.resolve(base, &dest_url)),
        _ => None,
    });
    let found = links.filter_map(|link| match link {
        Resolved::To(Target::Page(page, _)) => Some(page),
        _ => None,
    });
    found.collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn links_lead_to_files_and_folders_and_never_out() {
        let file =
            |path: &str| ["docs/b.md", "crates/x/README.md", "LICENSE", "README.md"].contains(&path).then(String::new);
        let repository = Repository { file: &file };
        let page = |page: Page| Resolved::To(Target::Page(page, None));
        assert_eq!(repository.resolve("docs/a.md", "b.md"), page(Page::Guide("docs/b.md".to_owned())));
        assert_eq!(repository.resolve("docs/zh-CN/a.md", "b.md"), page(Page::Guide("docs/b.md".to_owned())));
        assert_eq!(
            repository.resolve("docs/zh-CN/a.md", "../../README.zh-CN.md"),
            page(Page::Guide("README.md".to_owned()))
        );
        assert_eq!(repository.resolve("README.md", "crates/x"), page(Page::Guide("crates/x/README.md".to_owned())));
        assert_eq!(repository.resolve("docs/a.md", "../LICENSE"), page(Page::File("LICENSE".to_owned())));
        assert_eq!(repository.resolve("docs/a.md", "../../etc/passwd"), Resolved::Nothing);
        assert_eq!(repository.resolve(GUIDE, "types::DentryId"), Resolved::Item("types::DentryId".to_owned()));
    }
}
