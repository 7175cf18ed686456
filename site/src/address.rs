//! Where each page is, and how one page leads to another.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;

use crate::words::Language;

/// A page, whatever its language and form.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Page {
    /// The first page.
    Index,
    /// Which call for which job.
    Jobs,
    /// All operations.
    Operations,
    /// An operation by its full name.
    Operation(String),
    /// A chapter of the documentation.
    Chapter(String),
    /// Operations of one module and version.
    Family(String),
    /// All types.
    Types,
    /// A shared type.
    Type(String),
    /// All error codes.
    Errors,
    /// An error code.
    Error(String),
    /// All permissions.
    Scopes,
    /// A permission.
    Scope(String),
    /// All events.
    Events,
    /// An event.
    Event(String),
    /// All guides.
    Guides,
    /// A Markdown file of the repository, by its path.
    Guide(String),
    /// Another file of the repository, by its path.
    File(String),
}

impl Page {
    /// The folder of the page and its name there.
    fn parts(&self) -> (&'static str, String) {
        let index = || "index".to_owned();
        match self {
            Self::Index => ("", index()),
            Self::Jobs => ("", "jobs".to_owned()),
            Self::Operations => ("operations/", index()),
            Self::Operation(name) => ("operations/", safe(name)),
            Self::Chapter(name) => ("chapters/", safe(name)),
            Self::Family(name) => ("families/", safe(name)),
            Self::Types => ("types/", index()),
            Self::Type(name) => ("types/", safe(name)),
            Self::Errors => ("errors/", index()),
            Self::Error(code) => ("errors/", safe(code)),
            Self::Scopes => ("scopes/", index()),
            Self::Scope(name) => ("scopes/", safe(name)),
            Self::Events => ("events/", index()),
            Self::Event(name) => ("events/", safe(name)),
            Self::Guides => ("guides/", index()),
            Self::Guide(path) => ("guides/", guide_name(path)),
            Self::File(path) => ("files/", path.split('/').map(safe).collect::<Vec<_>>().join("/")),
        }
    }

    /// Whether the page exists once, and not in each language.
    fn is_neutral(&self) -> bool {
        matches!(self, Self::File(_))
    }
}

/// `docs/command-line.md` is `command-line`; the README of a folder has the name of the folder.
fn guide_name(path: &str) -> String {
    let path = path.trim_end_matches(".md");
    let name = match path.strip_suffix("/README") {
        Some(folder) => folder.trim_start_matches("crates/"),
        None => path.trim_start_matches("docs/").trim_start_matches("generated/").trim_start_matches("spec/"),
    };
    safe(&name.to_lowercase().replace('/', "-"))
}

/// A name of a file on every system, different for different texts but for their case.
fn safe(text: &str) -> String {
    let mut name = String::with_capacity(text.len());
    for (at, byte) in text.bytes().enumerate() {
        let is_plain = byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-') || (byte == b'.' && at > 0);
        if is_plain {
            name.push(char::from(byte));
        } else {
            let _ = write!(name, "~{byte:02x}");
        }
    }
    if name.is_empty() { "~".to_owned() } else { name }
}

/// Where a link leads.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Target {
    /// To a page, or to a place in it.
    Page(Page, Option<String>),
    /// To a place in the same page.
    Here(String),
    /// To somewhere else.
    Web(String),
}

/// The form of a page.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Form {
    /// For people.
    Html,
    /// For programs, and for who copies it.
    Markdown,
}

impl Form {
    fn ending(self) -> &'static str {
        match self {
            Self::Html => ".html",
            Self::Markdown => ".md",
        }
    }
}

/// The paths of all pages.
#[derive(Debug, Default)]
pub struct Addresses(BTreeMap<Page, String>);

impl Addresses {
    /// Gives each page a path of its own, also where file systems do not tell upper from lower case.
    pub fn of(pages: BTreeSet<Page>) -> Self {
        let mut taken = BTreeSet::new();
        let mut addresses = BTreeMap::new();
        for page in pages {
            let (folder, name) = page.parts();
            let mut path = format!("{folder}{name}");
            while !taken.insert(path.to_lowercase()) {
                path.push('~');
            }
            addresses.insert(page, path);
        }
        Self(addresses)
    }

    /// Whether there is such a page.
    pub fn has(&self, page: &Page) -> bool {
        self.0.contains_key(page)
    }

    /// All pages in their order.
    pub fn pages(&self) -> impl Iterator<Item = &Page> {
        self.0.keys()
    }

    /// Path of a page without language and ending.
    pub fn bare(&self, page: &Page) -> &str {
        self.0.get(page).map_or("index", String::as_str)
    }

    /// Path of a page.
    pub fn path(&self, language: Language, page: &Page, form: Form) -> String {
        let tree = if page.is_neutral() { "" } else { language.tree() };
        format!("{tree}{}{}", self.bare(page), form.ending())
    }
}

/// Makes links from one page.
#[derive(Debug, Clone, Copy)]
pub struct Linker<'a> {
    addresses: &'a Addresses,
    language: Language,
    form: Form,
    /// How many folders lie between the page and the first page of all languages.
    depth: usize,
}

impl<'a> Linker<'a> {
    /// Links from a page.
    pub fn from(addresses: &'a Addresses, language: Language, page: &Page, form: Form) -> Self {
        let depth = addresses.path(language, page, form).matches('/').count();
        Self { addresses, language, form, depth }
    }

    /// What leads to the folder of the whole site.
    pub fn root(self) -> String {
        "../".repeat(self.depth)
    }

    /// What leads to the folder with the pages of the language.
    pub fn tree(self) -> String {
        let up = self.root();
        format!("{up}{}", self.language.tree())
    }

    /// The address of a target, seen from the page.
    pub fn href(self, target: &Target) -> String {
        match target {
            Target::Web(address) => address.clone(),
            Target::Here(anchor) => here(anchor),
            Target::Page(page, anchor) => {
                let path = self.addresses.path(self.language, page, self.form);
                let anchor = anchor.as_ref().map(|anchor| format!("#{}", encoded(anchor))).unwrap_or_default();
                format!("{}{path}{anchor}", self.root())
            }
        }
    }

    /// The same page in another language.
    pub fn in_language(self, language: Language, page: &Page) -> String {
        format!("{}{}", self.root(), self.addresses.path(language, page, self.form))
    }

    /// Whether there is such a page.
    pub fn has(self, page: &Page) -> bool {
        self.addresses.has(page)
    }
}

/// The address of a place in the same page.
pub fn here(anchor: &str) -> String {
    format!("#{}", encoded(anchor))
}

/// An anchor as it stands in an address.
fn encoded(anchor: &str) -> String {
    const KEPT: percent_encoding::AsciiSet =
        percent_encoding::NON_ALPHANUMERIC.remove(b'.').remove(b'-').remove(b'_').remove(b'~');
    percent_encoding::utf8_percent_encode(anchor, &KEPT).to_string()
}

/// A text as the id of an element: without spaces, and never empty.
pub fn anchor(text: &str) -> String {
    let id: String = text.chars().map(|c| if c.is_whitespace() || c.is_control() { '-' } else { c }).collect();
    if id.is_empty() { "-".to_owned() } else { id }
}

#[cfg(test)]
#[allow(clippy::indexing_slicing, reason = "a test fails by panicking")]
mod tests {
    use super::*;

    #[test]
    fn names_are_file_names_and_differ() {
        assert_eq!(safe("paramError.spaceId"), "paramError.spaceId");
        assert_eq!(safe("../a b/ü"), "~2e.~2fa~20b~2f~c3~bc");
        assert_eq!(safe(""), "~");
        let pages = ["a", "A", "a~"].map(|code| Page::Error(code.to_owned()));
        let addresses = Addresses::of(pages.clone().into());
        let paths: BTreeSet<String> = pages.iter().map(|page| addresses.bare(page).to_lowercase()).collect();
        assert_eq!(paths.len(), 3);
    }

    #[test]
    fn links_lead_from_folder_to_folder() {
        let pages = [Page::Index, Page::Operation("a.B".to_owned()), Page::File("spec/api/x.yaml".to_owned())];
        let addresses = Addresses::of(pages.clone().into());
        let from = Linker::from(&addresses, Language::Chinese, &pages[1], Form::Html);
        assert_eq!(from.href(&Target::Page(Page::Index, None)), "../../zh/index.html");
        assert_eq!(
            from.href(&Target::Page(pages[2].clone(), Some("L 3".to_owned()))),
            "../../files/spec/api/x.yaml.html#L%203"
        );
        assert_eq!(from.in_language(Language::English, &pages[1]), "../../operations/a.B.html");
    }
}
