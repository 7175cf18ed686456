//! Markdown files of the repository as pages.

mod links;
mod render;
mod table;

use std::collections::BTreeSet;

use crate::Sources;
use crate::address::Page;
use crate::words::Language;

pub use links::Repository;
pub use render::{Rendered, address, render};
pub use table::{jobs, part_with_table};

/// The guides that the navigation lists, in its order; others are there because one of these leads to them.
pub const LISTED: [&str; 8] = [
    "README.md",
    GUIDE,
    "docs/command-line.md",
    "docs/commands.md",
    "crates/emulator/README.md",
    "docs/openapi.md",
    "docs/architecture.md",
    "CONTRIBUTING.md",
];

/// The guide of the crate, whose links are those of rustdoc.
pub const GUIDE: &str = "generated/GUIDE.md";

/// Where the translation of a guide is.
pub fn translation(path: &str) -> String {
    match path {
        "README.md" => "README.zh-CN.md".to_owned(),
        GUIDE => "docs/zh-CN/guide.md".to_owned(),
        path => match path.strip_prefix("docs/") {
            Some(name) => format!("docs/zh-CN/{name}"),
            None => path.replace(".md", ".zh-CN.md"),
        },
    }
}

/// The guide that a file is a translation of; any other file is itself.
fn original(path: &str) -> String {
    match path {
        "docs/zh-CN/guide.md" => GUIDE.to_owned(),
        path => path.replace("docs/zh-CN/", "docs/").replace(".zh-CN.md", ".md"),
    }
}

/// The text of a guide in a language, with the path that its links start from, and whether it is translated.
pub fn text(sources: Sources<'_>, language: Language, path: &str) -> Option<(String, String, bool)> {
    let translated = translation(path);
    if language == Language::Chinese
        && let Some(text) = (sources.file)(&translated)
    {
        return Some((translated, text, true));
    }
    Some((path.to_owned(), (sources.file)(path)?, language == Language::English))
}

/// All guides and all other files that they lead to.
pub fn pages(sources: Sources<'_>) -> BTreeSet<Page> {
    let repository = Repository { file: sources.file };
    let mut pages = BTreeSet::new();
    let mut open: Vec<String> = LISTED.iter().map(|path| (*path).to_owned()).collect();
    open.retain(|path| (sources.file)(path).is_some());
    while let Some(path) = open.pop() {
        if !pages.insert(Page::Guide(path.clone())) {
            continue;
        }
        for language in Language::ALL {
            let Some((base, text, _)) = self::text(sources, language, &path) else { continue };
            for page in links::pages(&repository, &base, &text) {
                match page {
                    Page::Guide(found) => open.push(found),
                    page => drop(pages.insert(page)),
                }
            }
        }
    }
    pages
}
