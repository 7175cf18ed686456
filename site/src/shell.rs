//! Navigation and frame around the content of a page.

use dingtalk_storage_pages::{Frame, Language as FrameLanguage, Link, Search};
use maud::{Markup, Render, html};

use crate::address::{Linker, Page, Target, here};
use crate::block::{Block, Card, Document};
use crate::context::Context;
use crate::guide;
use crate::html::{content, headings};
use crate::inline::text;
use crate::words::{Language, Words};

/// What the shell of every page knows.
pub struct Shell<'a> {
    /// What pages are made of.
    pub context: &'a Context<'a>,
    /// Titles of the listed guides in a language, by path.
    pub guides: &'a [(String, String)],
    /// Words.
    pub words: &'static Words,
}

impl Shell<'_> {
    /// A page as HTML. `markdown` makes its links to the other form.
    pub fn html(&self, document: &Document, linker: Linker<'_>, markdown: &str) -> String {
        let words = self.words;
        let root = linker.root();
        let title = match document.page {
            Page::Index => words.site.to_owned(),
            _ => format!("{} · {}", document.title, words.site),
        };
        let headings =
            headings(document).into_iter().map(|(id, text)| Link { text, href: here(&id), is_current: false });
        let headings: Vec<Link> = headings.collect();
        let search = Search {
            index: format!("{root}assets/{}", index_file(words.language)),
            root: linker.tree(),
            label: words.search.to_owned(),
            nothing: words.nothing_found.to_owned(),
        };
        let languages = self.languages(document, linker);
        let scripts = ["page.js", "search.js"].map(|file| format!("{root}assets/{file}"));
        let frame = Frame {
            language: words.language.code(),
            title: &title,
            description: &document.description,
            style: &format!("{root}assets/style.css"),
            scripts: &scripts,
            markdown: Some(markdown),
            languages: &languages,
            brand: Link { text: words.site.to_owned(), href: href(linker, Page::Index), is_current: false },
            search: Some(&search),
            words: words.frame(),
            navigation: self.navigation(document, linker),
            headings: &headings,
            main: content(document, linker, words),
            foot: html! {
                span { (words.made_from) }
                a href=(markdown) { (words.as_markdown) }
            },
        };
        frame.html()
    }

    fn languages(&self, document: &Document, linker: Linker<'_>) -> Vec<FrameLanguage> {
        if matches!(document.page, Page::File(_)) {
            return Vec::new();
        }
        let others = Language::ALL.into_iter().filter(|language| *language != self.words.language);
        let other = |language: Language| FrameLanguage {
            code: language.code().to_owned(),
            name: language.name().to_owned(),
            href: linker.in_language(language, &document.page),
        };
        others.map(other).collect()
    }

    fn navigation(&self, document: &Document, linker: Linker<'_>) -> Markup {
        let words = self.words;
        let entry = |page: Page, text: &str| entry(document, linker, page, text);
        html! {
            ul {
                (entry(Page::Index, words.start))
                (entry(Page::Jobs, words.jobs))
                li {
                    (link(document, linker, Page::Guides, words.guides))
                    @if document.part == Page::Guides {
                        ul { @for (path, title) in self.guides { (entry(Page::Guide(path.clone()), title)) } }
                    }
                }
            }
            p { (words.chapters) }
            ul {
                @for (name, group) in &self.context.sources.spec.groups {
                    @let page = Page::Chapter(name.clone());
                    li {
                        (link(document, linker, page.clone(), words.chapter(name, &group.title)))
                        @if document.part == page {
                            (self.operations(name, document, linker))
                        }
                    }
                }
            }
            p { (words.reference) }
            ul {
                (entry(Page::Operations, words.operations))
                (entry(Page::Types, words.types))
                (entry(Page::Errors, words.errors))
                (entry(Page::Scopes, words.scopes))
                (entry(Page::Events, words.events))
            }
        }
    }

    /// The operations of a chapter. Where two have one name, it is told which version each is of.
    fn operations(&self, group: &str, document: &Document, linker: Linker<'_>) -> Markup {
        let items: Vec<_> = self.context.operations().filter(|item| item.operation.group == group).collect();
        html! {
            ul {
                @for item in &items {
                    @let name = &item.operation.name;
                    @let is_shared = items.iter().filter(|other| other.operation.name == *name).count() > 1;
                    @let page = Page::Operation(item.operation.full_name.clone());
                    li {
                        (link(document, linker, page, html! {
                            (name)
                            @if is_shared { " " span.faint { (item.family.title) } }
                        }))
                    }
                }
            }
        }
    }
}

fn entry(document: &Document, linker: Linker<'_>, page: Page, text: &str) -> Markup {
    html! { li { (link(document, linker, page, text)) } }
}

fn link(document: &Document, linker: Linker<'_>, page: Page, text: impl Render) -> Markup {
    let current = if page == document.page { Some("page") } else { (page == document.part).then_some("true") };
    html! { a href=(href(linker, page)) aria-current=[current] { (text) } }
}

fn href(linker: Linker<'_>, page: Page) -> String {
    linker.href(&Target::Page(page, None))
}

/// The script with the index of a language.
pub fn index_file(language: Language) -> &'static str {
    match language {
        Language::English => "index.js",
        Language::Chinese => "index.zh.js",
    }
}

/// The page that lists the guides.
pub fn guides(guides: &[Document], words: &Words) -> Document {
    let mut document = Document::new(Page::Guides, Page::Guides, words.guides, words.guides_text);
    document.push(Block::Lead(text(words.guides_text)));
    let by_path = |wanted: &&str| guides.iter().find(|guide| guide.page == Page::Guide((*wanted).to_owned()));
    let card = |guide: &Document| Card {
        page: guide.page.clone(),
        title: guide.title.clone(),
        text: guide.description.clone(),
    };
    document.push(Block::Cards(guide::LISTED.iter().filter_map(by_path).map(card).collect()));
    document
}
