//! From the bytes of a page to what it says. Any bytes give a page: what cannot be read is told.

mod basic;
mod end;
mod table;

use std::collections::{BTreeMap, BTreeSet};
use std::ops::ControlFlow;

use crate::columns::Column;
use crate::legacy::Matrix;
use crate::orphan::Orphan;
use crate::page::{At, Page};
use crate::rendering::{self, Language, Rendering};
use crate::section::{self, Section};
use crate::source::{self, Line};
use crate::text::{label, plain};
use crate::{example, html, layout};

use basic::Fact;

/// What the spec knows, where a line can be cut in several places.
pub(crate) trait Names {
    fn is_field(&self, name: &str) -> bool;
    fn is_code(&self, code: &str) -> bool;
}

/// A page with more rows than this is none of the documentation.
const MOST_ROWS: usize = 1_000;
/// Longer lines are none of the documentation.
const LONGEST_LINE: usize = 20_000;

/// Reads a page.
pub(crate) fn parse(bytes: &[u8], language: Option<Language>, names: &dyn Names) -> Page {
    let (text, is_text) = source::decode(bytes);
    let lines = layout::settle(html::to_markdown(source::lines(&text)));
    let texts: Vec<&str> = lines.iter().map(|line| line.text.as_str()).collect();
    let outside: Vec<&str> = lines.iter().filter(|line| !line.is_code).map(|line| line.text.as_str()).collect();
    let language = language.unwrap_or_else(|| rendering::language(&texts));
    let page = Page { rendering: rendering::recognise(&outside), language, ..Page::default() };
    let own_text = texts.join("\n");
    let mut reader = Reader {
        page,
        names,
        own_names: example::names(&own_text),
        section: Section::Other,
        furthest: Section::Other,
        columns: None,
        is_over: false,
        has_bars: false,
        guessed: None,
        foreign_sample: false,
        asked: None,
        request: Vec::new(),
        response: Vec::new(),
        request_template: Vec::new(),
        response_template: Vec::new(),
        matrix: None,
        orphans: Vec::new(),
        rows: 0,
        unplaced: BTreeMap::new(),
    };
    if !is_text {
        reader.unread(1, "some bytes are no text in UTF-8 or UTF-16");
    }
    let front = source::front_matter(&lines);
    let cut = cut_line(&text, &lines);
    for (index, line) in lines.iter().enumerate() {
        let is_front = front.contains(&index);
        if line.text.len() > LONGEST_LINE {
            reader.unread(line.number, "the line is too long for a page");
            reader.gap();
            continue;
        }
        reader.fact_of_page(&line.text, is_front);
        if is_front {
            continue;
        }
        if cut == Some(index) {
            reader.unread(line.number, "the page ends within a line");
            reader.gap();
        } else if line.is_code {
            reader.code(line.number, &line.text);
        } else if reader.line(line.number, &line.text).is_break() {
            break;
        }
    }
    let last = lines.last().map_or(1, |line| line.number);
    reader.finish(last)
}

/// The last line, when it is not all there. One that ends as a row or a sentence does is taken for whole.
fn cut_line(text: &str, lines: &[Line]) -> Option<usize> {
    let last = text.rsplit(['\n', '\r']).next()?.trim();
    let ends =
        last.ends_with(if last.starts_with('|') { &['|'][..] } else { &['.', '。', ')', '!', '}', ']', '>'][..] });
    (!last.is_empty() && !ends).then(|| lines.len().saturating_sub(1))
}

struct Reader<'a> {
    page: Page,
    names: &'a dyn Names,
    /// Names in the examples of the page itself.
    own_names: BTreeSet<&'a str>,
    section: Section,
    /// The last part in the order of pages that has begun.
    furthest: Section,
    /// Columns of the table that the next line may go on.
    columns: Option<Vec<Column>>,
    /// Whether a line without bars is no part of the table any more.
    is_over: bool,
    /// Whether the rows of this part have bars.
    has_bars: bool,
    /// The last row of which only its cells told what it is: a header, when the line below it says so.
    guessed: Option<Guessed>,
    /// Whether what comes is code in another language than HTTP.
    foreign_sample: bool,
    /// A label whose value is expected in the next line.
    asked: Option<Fact>,
    request: example::Lines,
    response: example::Lines,
    /// Templates of the older layout.
    request_template: example::Lines,
    response_template: example::Lines,
    matrix: Option<Matrix>,
    /// Tables whose heading is lost.
    orphans: Vec<Orphan>,
    rows: usize,
    /// Parts with lines that could be fields, and the first of these.
    unplaced: BTreeMap<Section, usize>,
}

/// A row below no header.
enum Guessed {
    /// It gave a field or a code.
    Read,
    /// It gave nothing.
    Unread(usize, String),
}

impl Reader<'_> {
    fn unread(&mut self, line: usize, value: impl Into<String>) {
        self.page.unread.push(At { value: value.into(), line });
    }

    /// Something of the part that is read is lost.
    fn gap(&mut self) {
        self.page.gaps.insert(self.section);
    }

    fn begin(&mut self, section: Section) {
        self.tell_guess();
        self.section = section;
        // The older layout has its templates before the tables.
        if !matches!(section, Section::Orphan | Section::RequestTemplate | Section::ResponseTemplate) {
            self.furthest = self.furthest.max(section);
        }
        self.columns = None;
        self.is_over = false;
        self.has_bars = false;
        self.matrix = None;
        self.foreign_sample = false;
    }

    /// Stops at a second operation.
    fn line(&mut self, number: usize, line: &str) -> ControlFlow<()> {
        let trimmed = line.trim();
        if trimmed.is_empty() {
            // Rows without bars may have blank lines between them.
            self.is_over |= self.has_bars;
            return ControlFlow::Continue(());
        }
        if self.is_second(number, trimmed) {
            return ControlFlow::Break(());
        }
        if self.basic(number, trimmed) {
            return ControlFlow::Continue(());
        }
        if let Some(section) = section::heading(line) {
            self.begin(section);
        } else if example::is_request(trimmed) && !self.section.is_code() && self.page.rendering != Rendering::Legacy {
            self.begin(Section::RequestExample);
            self.code(number, line);
        } else if example::is_answer(trimmed) && self.section != Section::ResponseExample {
            self.begin(Section::ResponseExample);
            self.code(number, line);
        } else if self.header(number, trimmed) || self.matrix(number, trimmed) {
        } else if self.section.is_code() {
            self.example(number, line);
        } else {
            self.row(number, trimmed);
        }
        ControlFlow::Continue(())
    }

    /// What the page says of itself: `key: value` between lines of `---`, or in a quote.
    fn fact_of_page(&mut self, line: &str, is_front: bool) {
        let line = line.trim();
        let fact = if is_front { Some(line) } else { line.strip_prefix("> ") };
        if let Some((key, value)) = fact.and_then(|line| line.split_once(':')) {
            let value = value.trim().trim_matches(['"', '\'']).to_owned();
            match key.trim().to_lowercase().as_str() {
                "slug" => self.page.slug = Some(value),
                "title" => self.page.title = Some(value),
                "updated_at" | "updated" => self.page.updated = Some(value),
                "source_url" | "source" => {
                    let slug = value.rsplit('/').next().map(str::to_owned);
                    self.page.slug = self.page.slug.take().or(slug);
                }
                _ => {}
            }
        } else if let Some(title) = line.strip_prefix("# ")
            && self.page.title.is_none()
        {
            self.page.title = Some(plain(title));
        }
    }

    fn code(&mut self, number: usize, line: &str) {
        // The heading of an example can be lost.
        if !self.section.is_code() && self.page.rendering != Rendering::Legacy {
            if example::is_request(line) {
                self.begin(Section::RequestExample);
            } else if example::is_answer(line) {
                self.begin(Section::ResponseExample);
            }
        }
        if self.foreign_sample {
            return;
        }
        match self.section {
            Section::RequestExample => self.request.push((number, line.to_owned())),
            Section::ResponseExample => self.response.push((number, line.to_owned())),
            Section::RequestTemplate => self.request_template.push((number, line.to_owned())),
            Section::ResponseTemplate => self.response_template.push((number, line.to_owned())),
            _ => {}
        }
    }

    fn example(&mut self, number: usize, line: &str) {
        if section::is_sample_language(line) {
            self.foreign_sample = true;
        } else if label(line) == "http" {
            self.foreign_sample = false;
        } else {
            self.code(number, line);
        }
    }
}

/// The first characters of a line, to show it.
fn start(line: &str) -> String {
    line.chars().filter(|each| !each.is_control()).take(60).collect()
}
