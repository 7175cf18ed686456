//! Lists for programs: what there is, and all of it in one file.

use std::fmt::Write as _;

use crate::address::{Addresses, Form, Linker, Page};
use crate::block::Document;
use crate::markdown::{escaped, page};
use crate::words::Language;

const INTRODUCTION: &str = "\
# DingTalk Storage

> DingTalk's enterprise cloud drive: every operation with its parameters, answers, error codes, permissions and
> peculiarities, transcribed from the official documentation and held against the official SDK, with a Rust crate, a
> command line and an emulator made from it.

An operation has one name everywhere: `storage_v2.CommitFile` is `client.storage_v2().commit_file(..)` in the crate
`dingtalk-storage` and `dingtalk-storage api storage_v2.CommitFile` in a shell. Which of the generations of the API to
take is in the list of jobs.
";

/// What there is, as links to the pages in Markdown.
pub fn index(documents: &[Document], addresses: &Addresses) -> String {
    let mut text = INTRODUCTION.to_owned();
    for (title, is_in) in PARTS {
        let _ = writeln!(text, "\n## {title}\n");
        for document in documents.iter().filter(|document| is_in(&document.page)) {
            let name = match &document.page {
                Page::Operation(name) => name,
                _ => &document.title,
            };
            let path = addresses.path(Language::English, &document.page, Form::Markdown);
            let _ = writeln!(text, "- [{}]({path}): {}", escaped(name), escaped(&document.description));
        }
    }
    text
}

type IsIn = fn(&Page) -> bool;

const PARTS: [(&str, IsIn); 7] = [
    ("Where to begin", |page| matches!(page, Page::Jobs | Page::Guide(_))),
    ("Operations", |page| matches!(page, Page::Operation(_))),
    ("Types", |page| matches!(page, Page::Type(_))),
    ("Error codes", |page| matches!(page, Page::Errors | Page::Error(_))),
    ("Permissions", |page| matches!(page, Page::Scopes | Page::Scope(_))),
    ("Events", |page| matches!(page, Page::Event(_))),
    ("Chapters", |page| matches!(page, Page::Chapter(_) | Page::Family(_))),
];

/// Everything that is no guide, in one file.
pub fn full(documents: &[Document], addresses: &Addresses) -> String {
    let linker = Linker::from(addresses, Language::English, &Page::Index, Form::Markdown);
    let mut text = INTRODUCTION.to_owned();
    for (_, is_in) in PARTS {
        let wanted =
            |page: &Page| is_in(page) && !matches!(page, Page::Guide(_) | Page::Errors | Page::Scopes | Page::Jobs);
        for document in documents.iter().filter(|document| wanted(&document.page)) {
            let _ = write!(text, "\n---\n\n{}", page(document, linker));
        }
    }
    text
}
