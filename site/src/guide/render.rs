//! A guide as HTML and as Markdown with links of the site.

use std::collections::HashMap;
use std::ops::Range;

use maud::html;
use pulldown_cmark::{
    BrokenLink, CodeBlockKind, CowStr, Event, HeadingLevel, OffsetIter, Options, Parser, Tag, TagEnd,
};

use super::links::Resolved;
use super::{GUIDE, original};
use crate::address::here;
use crate::html::code;

/// A guide.
#[derive(Debug, Clone, Default)]
pub struct Rendered {
    /// Its heading, if it begins with one.
    pub title: Option<String>,
    /// Its first paragraph, as plain text.
    pub description: String,
    /// What follows the heading.
    pub html: String,
    /// The same.
    pub markdown: String,
    /// Anchors and texts of the headings of the second level.
    pub headings: Vec<(String, String)>,
}

type Callback = fn(BrokenLink<'_>) -> Option<(CowStr<'_>, CowStr<'_>)>;

/// Reads Markdown. Names between brackets are links in what rustdoc reads, too.
pub fn parser<'a>(base: &str, text: &'a str) -> OffsetIter<'a, Callback> {
    let of_rustdoc: Callback = |link| {
        let name = link.reference.trim_matches('`').to_owned();
        Some((name.into(), "".into()))
    };
    let none: Callback = |_| None;
    let callback = if original(base) == GUIDE { of_rustdoc } else { none };
    Parser::new_with_broken_link_callback(text, Options::ENABLE_TABLES, Some(callback)).into_offset_iter()
}

/// Makes the page of a guide. `html` and `markdown` give the address of a link in each form.
pub fn render(
    base: &str,
    text: &str,
    html: &dyn Fn(&str) -> Option<String>,
    markdown: &dyn Fn(&str) -> Option<String>,
    link_to_section: &str,
) -> Rendered {
    let text = without_remark(text);
    let (mut page, title_end) = content(base, text, html, link_to_section);
    let body = text.get(title_end..).unwrap_or_default();
    relinked(base, body, markdown).trim_start().clone_into(&mut page.markdown);
    page
}

/// The text without the comment that it begins with, which is for who edits the file.
fn without_remark(text: &str) -> &str {
    let rest = text.strip_prefix("<!--").and_then(|rest| rest.split_once("-->"));
    rest.map_or(text, |(_, rest)| rest).trim_start()
}

/// The page without its Markdown, and where its title ends.
fn content(base: &str, text: &str, href: &dyn Fn(&str) -> Option<String>, link_to_section: &str) -> (Rendered, usize) {
    let mut events = parser(base, text).peekable();
    // What begins with a heading has its title there; in any other, all headings are below the title.
    let has_title = matches!(events.peek(), Some((Event::Start(Tag::Heading { level: HeadingLevel::H1, .. }), _)));
    let mut content = Content {
        href,
        link_to_section,
        has_title,
        page: Rendered::default(),
        anchors: Anchors::default(),
        out: Vec::new(),
        linked: Vec::new(),
    };
    let mut title_end = 0;
    while let Some((event, range)) = events.next() {
        match event {
            Event::Start(Tag::Heading { level, .. }) => {
                let within = events.by_ref().map(|(event, _)| event);
                let within = within.take_while(|event| !matches!(event, Event::End(TagEnd::Heading(_)))).collect();
                if content.heading(level, within) {
                    title_end = range.end;
                }
            }
            Event::Start(Tag::CodeBlock(kind)) => {
                let within = events.by_ref().map(|(event, _)| event);
                let within: Vec<_> =
                    within.take_while(|event| !matches!(event, Event::End(TagEnd::CodeBlock))).collect();
                content.code(&kind, &within);
            }
            event => content.other(event),
        }
    }
    (content.finish(), title_end)
}

/// The content of a guide as it grows.
struct Content<'a, 'b> {
    href: &'b dyn Fn(&str) -> Option<String>,
    link_to_section: &'b str,
    has_title: bool,
    page: Rendered,
    anchors: Anchors,
    out: Vec<Event<'a>>,
    /// Whether each link that is open leads somewhere.
    linked: Vec<bool>,
}

impl<'a> Content<'a, '_> {
    /// A heading; returns whether it is the title of the page.
    fn heading(&mut self, level: HeadingLevel, mut within: Vec<Event<'a>>) -> bool {
        within.retain(|event| !matches!(event, Event::Start(Tag::Link { .. }) | Event::End(TagEnd::Link)));
        let words = plain(&within);
        if self.has_title && self.page.title.is_none() && level == HeadingLevel::H1 {
            self.page.title = Some(words);
            return true;
        }
        let id = self.anchors.of(&words);
        let level = (level as usize + usize::from(!self.has_title)).clamp(2, 6);
        if level == 2 {
            self.page.headings.push((id.clone(), words));
        }
        let anchor = html! { a.anchor href=(here(&id)) aria-label=(self.link_to_section) { "#" } }.into_string();
        let id = html! { (id) }.into_string();
        self.out.push(Event::Html(format!("<h{level} id=\"{id}\">").into()));
        self.out.extend(within);
        self.out.push(Event::Html(format!("{anchor}</h{level}>\n").into()));
        false
    }

    fn code(&mut self, kind: &CodeBlockKind<'_>, within: &[Event<'_>]) {
        let language = match kind {
            CodeBlockKind::Fenced(info) => language_of(info),
            CodeBlockKind::Indented => "",
        };
        let block = code(language, &shown(language, &plain(within)));
        self.out.push(Event::Html(block.into_string().into()));
    }

    fn other(&mut self, event: Event<'a>) {
        match event {
            Event::Start(Tag::Link { link_type, dest_url, title, id }) => {
                let href = (self.href)(&dest_url);
                self.linked.push(href.is_some());
                let link = href.map(|href| Event::Start(Tag::Link { link_type, dest_url: href.into(), title, id }));
                self.out.extend(link);
            }
            Event::End(TagEnd::Link) => {
                if self.linked.pop() == Some(true) {
                    self.out.push(Event::End(TagEnd::Link));
                }
            }
            Event::Start(Tag::Table(columns)) => {
                self.out.push(Event::Html("<div class=\"scroll\" tabindex=\"0\">".into()));
                self.out.push(Event::Start(Tag::Table(columns)));
            }
            Event::End(TagEnd::Table) => {
                self.out.push(Event::End(TagEnd::Table));
                self.out.push(Event::Html("</div>".into()));
            }
            // Comments are for who edits the file; other tags are shown as what they are.
            Event::Html(html) | Event::InlineHtml(html) if html.trim_start().starts_with("<!--") => {}
            Event::Html(html) | Event::InlineHtml(html) => self.out.push(Event::Text(html)),
            event => self.out.push(event),
        }
    }

    fn finish(mut self) -> Rendered {
        self.page.description = description(&self.out);
        pulldown_cmark::html::push_html(&mut self.page.html, self.out.into_iter());
        self.page
    }
}

/// The first paragraph.
fn description(events: &[Event<'_>]) -> String {
    let paragraph = events.iter().skip_while(|event| !matches!(event, Event::Start(Tag::Paragraph)));
    let within: Vec<Event<'_>> =
        paragraph.take_while(|event| !matches!(event, Event::End(TagEnd::Paragraph))).cloned().collect();
    plain(&within)
}

fn plain(events: &[Event<'_>]) -> String {
    let mut text = String::new();
    for event in events {
        match event {
            Event::Text(part) | Event::Code(part) => text.push_str(part),
            Event::SoftBreak | Event::HardBreak => text.push(' '),
            _ => {}
        }
    }
    text
}

/// The language of a block. What rustdoc alone understands is said of Rust.
fn language_of(info: &str) -> &str {
    match info.split([',', ' ']).next().unwrap_or_default() {
        "no_run" | "ignore" | "should_panic" | "compile_fail" => "rust",
        language => language,
    }
}

/// Code without the lines that rustdoc hides.
fn shown(language: &str, text: &str) -> String {
    if language != "rust" {
        return text.to_owned();
    }
    let is_shown = |line: &&str| !line.trim_start().starts_with("# ") && line.trim() != "#";
    text.split_inclusive('\n').filter(is_shown).collect()
}

/// The text with the addresses of its links replaced, and without those that lead nowhere.
fn relinked(base: &str, text: &str, href: &dyn Fn(&str) -> Option<String>) -> String {
    let mut edits: Vec<(Range<usize>, String)> = Vec::new();
    for (event, range) in parser(base, text) {
        match event {
            Event::Start(Tag::Link { dest_url, .. }) => {
                let source = text.get(range.clone()).unwrap_or_default();
                let words = source
                    .strip_prefix('[')
                    .and_then(|rest| rest.rsplit_once("](").map(|(words, _)| words).or_else(|| rest.strip_suffix(']')));
                // An address between angle brackets stays what it is.
                let Some(words) = words else { continue };
                let new = href(&dest_url).map_or_else(|| words.to_owned(), |href| format!("[{words}]({href})"));
                edits.push((range, new));
            }
            Event::Html(html) if html.trim_start().starts_with("<!--") => edits.push((range, String::new())),
            _ => {}
        }
    }
    let (mut out, mut at) = (String::new(), 0);
    for (range, new) in edits {
        out.push_str(text.get(at..range.start).unwrap_or_default());
        out.push_str(&new);
        at = range.end;
    }
    out.push_str(text.get(at..).unwrap_or_default());
    out
}

/// Gives headings the anchors that GitHub gives them.
#[derive(Debug, Default)]
struct Anchors(HashMap<String, usize>);

impl Anchors {
    fn of(&mut self, heading: &str) -> String {
        let kept = |c: &char| c.is_alphanumeric() || matches!(c, ' ' | '-' | '_');
        let id: String =
            heading.trim().to_lowercase().chars().filter(kept).map(|c| if c == ' ' { '-' } else { c }).collect();
        let count = self.0.entry(id.clone()).or_default();
        *count += 1;
        if *count == 1 { id } else { format!("{id}-{}", *count - 1) }
    }
}

/// The target of a link as an address; items of the crate by what `item` knows of them.
pub fn address(
    resolved: Resolved,
    href: &dyn Fn(&crate::address::Target) -> Option<String>,
    item: &dyn Fn(&str) -> Option<crate::address::Target>,
) -> Option<String> {
    match resolved {
        Resolved::To(target) => href(&target),
        Resolved::Item(path) => href(&item(&path)?),
        Resolved::Nothing => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_guide_keeps_its_words_and_changes_its_links() {
        let text = "<!-- c -->\n# A `b`\n\nTo [x](x.md) and [y](y.md), <b>.\n\n## Two\n\n```rust,no_run\n# hidden\nlet a = \"<\";\n```\n\n## Two\n";
        let href = |destination: &str| (destination == "x.md").then(|| "../x.html".to_owned());
        let page = render("README.md", text, &href, &href, "link");
        assert_eq!((page.title.as_deref(), page.description.as_str()), (Some("A b"), "To x and y, <b>."));
        assert!(page.html.contains("<a href=\"../x.html\">x</a> and y, &lt;b&gt;."), "{}", page.html);
        assert!(page.html.contains("let a = ") && !page.html.contains("hidden"), "{}", page.html);
        assert_eq!(page.headings.iter().map(|(id, _)| id.as_str()).collect::<Vec<_>>(), ["two", "two-1"]);
        assert!(page.markdown.starts_with("To [x](../x.html) and y, <b>."), "{}", page.markdown);
    }
}
