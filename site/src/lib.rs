//! The documentation site: what the spec says, as pages for people and for programs.
//!
//! [`build`] is a function from data to files. Each page is a `Document` (`block.rs`) first, which becomes HTML and
//! Markdown; so the two say the same. The tree of pages exists twice, with English and with Chinese words around the
//! texts of the spec, which stay English. Guides are the Markdown files of the repository.
//!
//! | module | what it does |
//! |---|---|
//! | `address` | where each page is, and how one leads to another |
//! | `inline`, `names` | texts of the spec, with links where they name something |
//! | `block`, `html`, `markdown` | a page as data, and its two forms |
//! | `pages` | one module for each kind of page |
//! | `guide`, `file` | files of the repository as pages |
//! | `words` | labels in both languages |
//! | `shell` | navigation and frame |
//! | `search`, `llms` | the index of the search, and the lists for programs |
//! | `write` | a site takes its place as a whole |

mod address;
mod assembly;
mod block;
mod context;
mod file;
mod guide;
mod highlight;
mod html;
mod inline;
mod llms;
mod markdown;
mod names;
mod pages;
mod search;
mod shell;
mod uses;
mod words;
mod write;

use std::collections::BTreeMap;

use dingtalk_storage_codegen::ir::Api;
use dingtalk_storage_spec::audit::Audit;
use dingtalk_storage_spec::{SourceTree, Spec};

pub use write::{Error, write};

/// What a site is made of.
#[derive(Clone, Copy)]
pub struct Sources<'a> {
    /// The spec.
    pub spec: &'a Spec,
    /// The spec with all names resolved.
    pub api: &'a Api,
    /// The files of the spec, with their lines.
    pub tree: &'a SourceTree,
    /// Where spec and official SDK differ, and why.
    pub audit: Option<&'a Audit>,
    /// Reads a text file of the repository by its path, if there is one.
    pub file: &'a dyn Fn(&str) -> Option<String>,
}

/// The files of a site by their paths.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Site {
    files: BTreeMap<String, String>,
}

impl Site {
    /// Paths and texts, by path.
    pub fn files(&self) -> impl Iterator<Item = (&str, &str)> {
        self.files.iter().map(|(path, text)| (path.as_str(), text.as_str()))
    }

    /// The text of a file.
    pub fn file(&self, path: &str) -> Option<&str> {
        self.files.get(path).map(String::as_str)
    }
}

/// Makes the site.
pub fn build(sources: Sources<'_>) -> Site {
    Site { files: assembly::assemble(sources) }
}
