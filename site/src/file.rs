//! Files of the repository with their lines.

use maud::html;

use crate::address::Page;
use crate::block::{Block, Document};
use crate::highlight::yaml;
use crate::markdown::fenced;

/// The page of a file.
pub fn file(path: &str, text: &str) -> Document {
    let page = Page::File(path.to_owned());
    let name = path.rsplit('/').next().unwrap_or(path);
    let mut document = Document::new(page, Page::Index, name, path);
    document.push(Block::Name(crate::inline::text(path)));
    let is_yaml = std::path::Path::new(path).extension().is_some_and(|end| end == "yaml");
    let language = path.rsplit_once('.').map_or("", |(_, ending)| ending);
    // A line is a block, so that it can be marked as a whole; the line break is within it, so that it is copied.
    let lines = html! {
        div.code {
            pre.file tabindex="0" {
                code {
                    @for (number, line) in (1_usize..).zip(text.lines()) {
                        span id=(format!("L{number}")) {
                            a href=(format!("#L{number}")) aria-label=(number) data-line=(number) {}
                            @if is_yaml { (yaml(line)) } @else { (line) }
                            "\n"
                        }
                    }
                }
            }
        }
    };
    document.push(Block::Ready { html: lines.into_string(), markdown: fenced(language, text), headings: Vec::new() });
    document
}
