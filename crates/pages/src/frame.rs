//! The frame: head, bar, navigation, content, contents of the page, foot.

use maud::{DOCTYPE, Markup, html};

/// A link of the navigation.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Link {
    /// What it says.
    pub text: String,
    /// Where it leads.
    pub href: String,
    /// Whether it leads to the page itself, or to the part of the pages that it belongs to.
    pub is_current: bool,
}

/// The same page in another language.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Language {
    /// As in `lang`, for example `zh-CN`.
    pub code: String,
    /// Name of the language in itself.
    pub name: String,
    /// Where the page is.
    pub href: String,
}

/// What the search needs to know.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Search {
    /// The script with the index; it is loaded when somebody searches.
    pub index: String,
    /// What stands before the addresses of the index.
    pub root: String,
    /// Label of the field.
    pub label: String,
    /// What is said when nothing is found.
    pub nothing: String,
}

/// The words of the frame, in the language of the page.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct FrameWords {
    /// Leads past the navigation.
    pub skip: &'static str,
    /// Names the navigation.
    pub contents: &'static str,
    /// Names the list of the headings of the page.
    pub on_this_page: &'static str,
    /// Names the button that changes the colours.
    pub colours: &'static str,
    /// Names the button that copies code.
    pub copy: &'static str,
    /// What it says when that is done.
    pub copied: &'static str,
}

/// A page.
#[derive(Debug)]
pub struct Frame<'a> {
    /// Language of the page, as in `lang`.
    pub language: &'a str,
    /// Title of the window.
    pub title: &'a str,
    /// One sentence for who lists the page.
    pub description: &'a str,
    /// Where the style sheet is.
    pub style: &'a str,
    /// Where the scripts are.
    pub scripts: &'a [String],
    /// Where the same page is as Markdown.
    pub markdown: Option<&'a str>,
    /// The same page in other languages.
    pub languages: &'a [Language],
    /// Name of the whole, which leads to its first page.
    pub brand: Link,
    /// The search, if there is one.
    pub search: Option<&'a Search>,
    /// Words.
    pub words: FrameWords,
    /// Groups of links: the navigation.
    pub navigation: Markup,
    /// Headings of the page, each with its address within it.
    pub headings: &'a [Link],
    /// The content.
    pub main: Markup,
    /// What stands below it.
    pub foot: Markup,
}

impl Frame<'_> {
    /// The page as HTML.
    pub fn html(&self) -> String {
        let words = self.words;
        let page = html! {
            (DOCTYPE)
            html lang=(self.language) data-copy=(words.copy) data-copied=(words.copied) {
                head { (self.head()) }
                body {
                    a.skip href="#frame-main" { (words.skip) }
                    (self.bar())
                    div.layout {
                        main #frame-main tabindex="-1" {
                            (self.main)
                            footer { (self.foot) }
                        }
                        nav.side #frame-contents aria-label=(words.contents) { (self.navigation) }
                        @if self.headings.len() > 1 {
                            nav.toc aria-label=(words.on_this_page) {
                                p { (words.on_this_page) }
                                ul { @for link in self.headings { li { a href=(link.href) { (link.text) } } } }
                            }
                        }
                    }
                }
            }
        };
        let mut text = page.into_string();
        text.push('\n');
        text
    }

    fn head(&self) -> Markup {
        html! {
            meta charset="utf-8";
            meta name="viewport" content="width=device-width, initial-scale=1";
            title { (self.title) }
            meta name="description" content=(self.description);
            meta name="color-scheme" content="light dark";
            // An empty icon, so that no browser asks for one.
            link rel="icon" href="data:,";
            link rel="stylesheet" href=(self.style);
            @for script in self.scripts { script src=(script) defer {} }
            @if let Some(markdown) = self.markdown { link rel="alternate" type="text/markdown" href=(markdown); }
            @for language in self.languages { link rel="alternate" hreflang=(language.code) href=(language.href); }
        }
    }

    fn bar(&self) -> Markup {
        html! {
            header.bar {
                a.brand href=(self.brand.href) { (self.brand.text) }
                @if let Some(search) = self.search {
                    search {
                        form data-index=(search.index) data-root=(search.root) data-nothing=(search.nothing) hidden {
                            input #frame-search type="search" name="q" autocomplete="off" spellcheck="false" placeholder=(search.label)
                                aria-label=(search.label) role="combobox" aria-expanded="false" aria-autocomplete="list"
                                aria-controls="frame-found";
                            kbd aria-hidden="true" { "/" }
                            div #frame-found role="listbox" aria-label=(search.label) hidden {}
                        }
                    }
                }
                span.tools {
                    a.menu href="#frame-contents" { (self.words.contents) }
                    @for language in self.languages {
                        a lang=(language.code) hreflang=(language.code) href=(language.href) { (language.name) }
                    }
                    button #frame-colours type="button" aria-label=(self.words.colours) title=(self.words.colours) hidden { "◐" }
                }
            }
        }
    }
}
