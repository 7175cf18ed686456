//! From text to a tree with positions, by the events of the YAML parser.

use std::ops::Range;
use std::sync::Arc;

use saphyr_parser::{Event, Parser, ScalarStyle, ScanError, Span};

use crate::codes::Code;
use crate::finding::{Finding, Place};
use crate::lookalike;
use crate::node::{Data, Entries, Entry, Node};
use crate::shape;
use crate::source::Source;
use crate::syntax::{self, Diagnosis};

/// The format nests about ten levels; more is a mistake or an attack.
const DEEPEST: usize = 64;

/// Reads the text. Without a tree there is at least one finding.
pub(crate) fn parse(source: &Arc<Source>) -> (Option<Node>, Vec<Finding>) {
    if let Some(finding) = unusual_indentation(source).or_else(|| key_in_a_comment(source)) {
        return (None, vec![finding]);
    }
    let mut builder = Builder::new(source);
    let finished = builder.read_events();
    let usable = finished.is_some() && !builder.refused;
    if usable && builder.root.as_ref().is_none_or(Node::is_null) {
        builder.findings.push(empty_file(source));
    }
    (builder.root.filter(|root| usable && !root.is_null()), builder.findings)
}

/// YAML takes other spaces than plain ones for text, so that the line means something else than it seems to.
fn unusual_indentation(source: &Arc<Source>) -> Option<Finding> {
    if source.text.is_ascii() {
        return None;
    }
    let mut start = 0;
    for line in source.text.split_inclusive('\n') {
        let unusual = line.char_indices().find(|(_, character)| *character != ' ');
        if let Some((at, character)) = unusual.filter(|(_, character)| lookalike::plain(*character) == Some(" ")) {
            let place = Place::span(source, start + at..start + at + character.len_utf8());
            let finding = Finding::new(Code::NotYaml, place, lookalike::describe(character));
            return Some(finding.help("lines are indented with plain spaces"));
        }
        start += line.len();
    }
    None
}

/// YAML gives the lines below a key that is a comment to the key before it, where each of them is another mistake.
fn key_in_a_comment(source: &Arc<Source>) -> Option<Finding> {
    let text = &source.text;
    let is_left = |next: &str| next.starts_with(' ') && !next.trim().is_empty() && !next.trim().starts_with('#');
    let mut start = 0;
    let mut lines = text.split_inclusive('\n').peekable();
    while let Some(line) = lines.next() {
        let name = line.strip_prefix('#').and_then(|comment| comment.trim().strip_suffix(':'));
        let name = name.filter(|name| shape::is_key(name) && lines.peek().is_some_and(|next| is_left(next)));
        let is_there =
            |name: &str| text.lines().any(|line| line.strip_prefix(name).is_some_and(|rest| rest.starts_with(':')));
        if let Some(name) = name.filter(|name| !is_there(name)) {
            let place = Place::span(source, start..start + line.trim_end().len());
            let message = format!("`{name}:` is a comment, but the lines below it are none");
            let help = "delete the `#`, or write one before each of those lines";
            return Some(Finding::new(Code::NotYaml, place, message).help(help));
        }
        start += line.len();
    }
    None
}

fn empty_file(source: &Arc<Source>) -> Finding {
    Finding::new(Code::EmptyFile, Place::span(source, 0..0), "the file is empty")
        .help("write its content, or delete the file")
}

/// A list or map that is not finished yet.
enum Open {
    List { start: usize, items: Vec<Node> },
    Map { start: usize, entries: Entries, key: Option<(String, Range<usize>)> },
}

struct Builder<'a> {
    source: &'a Arc<Source>,
    offsets: Offsets,
    open: Vec<Open>,
    root: Option<Node>,
    findings: Vec<Finding>,
    /// Something was found that makes the tree unusable.
    refused: bool,
    documents: usize,
}

impl<'a> Builder<'a> {
    fn new(source: &'a Arc<Source>) -> Self {
        Self {
            source,
            offsets: Offsets::new(&source.text),
            open: Vec::new(),
            root: None,
            findings: Vec::new(),
            refused: false,
            documents: 0,
        }
    }

    /// Returns nothing when the text is so broken that reading had to stop.
    fn read_events(&mut self) -> Option<()> {
        let source = self.source;
        let mut parser = Parser::new_from_str(&source.text);
        while let Some(event) = parser.next_event() {
            match event {
                Ok((event, span)) => self.event(event, span)?,
                Err(error) => {
                    self.not_yaml(&error);
                    return None;
                }
            }
        }
        Some(())
    }

    fn event(&mut self, event: Event<'_>, span: Span) -> Option<()> {
        let span = self.offsets.span(span);
        match event {
            Event::Nothing | Event::StreamStart | Event::StreamEnd | Event::DocumentEnd => {}
            Event::DocumentStart(_) => self.document_start(span)?,
            Event::Alias(_) => {
                self.feature(
                    span.clone(),
                    "an alias (`*name`)",
                    "write the value again; a text that begins with `*` has to be in quotes",
                );
                self.finish(Node { span, data: Data::Scalar { text: String::new(), quoted: false } });
            }
            Event::Scalar(text, style, anchor, tag) => {
                self.decorations(&span, anchor, tag.is_some());
                self.scalar(span, text.into_owned(), style);
            }
            Event::SequenceStart(anchor, tag) => {
                self.decorations(&span, anchor, tag.is_some());
                self.open(&span, Open::List { start: span.start, items: Vec::new() })?;
            }
            Event::MappingStart(anchor, tag) => {
                self.decorations(&span, anchor, tag.is_some());
                let map = Open::Map { start: span.start, entries: Entries::new(), key: None };
                self.open(&span, map)?;
            }
            Event::SequenceEnd | Event::MappingEnd => self.close(span.end),
        }
        Some(())
    }

    fn document_start(&mut self, span: Range<usize>) -> Option<()> {
        self.documents += 1;
        if self.documents > 1 {
            self.feature(span, "a second document", "a file has one document; delete the line with `---`");
            return None;
        }
        Some(())
    }

    fn open(&mut self, span: &Range<usize>, open: Open) -> Option<()> {
        if self.open.len() >= DEEPEST {
            let message = format!("the data is nested more than {DEEPEST} levels deep");
            self.findings.push(Finding::new(Code::TooDeep, Place::span(self.source, span.clone()), message));
            return None;
        }
        self.open.push(open);
        Some(())
    }

    fn scalar(&mut self, span: Range<usize>, text: String, style: ScalarStyle) {
        let quoted = style != ScalarStyle::Plain;
        if let Some(Open::Map { key: key @ None, .. }) = self.open.last_mut() {
            *key = Some((text, span));
        } else {
            self.finish(Node { span, data: Data::Scalar { text, quoted } });
        }
    }

    fn close(&mut self, end: usize) {
        let node = match self.open.pop() {
            Some(Open::List { start, items }) => Node { span: start..end.max(start), data: Data::List(items) },
            Some(Open::Map { start, entries, .. }) => Node { span: start..end.max(start), data: Data::Map(entries) },
            None => return,
        };
        self.finish(node);
    }

    /// Puts a finished node where it belongs.
    fn finish(&mut self, node: Node) {
        match self.open.last_mut() {
            None => self.root = Some(node),
            Some(Open::List { items, .. }) => items.push(node),
            Some(Open::Map { entries, key, .. }) => match key.take() {
                None => {
                    // A list or map as a key; the value that follows needs some key to go with.
                    *key = Some((String::new(), node.span.clone()));
                    self.feature(node.span, "a list or map as a key", "a key is a plain text");
                }
                Some((key, key_span)) => match entries.get(&key).map(|first| first.key_span.clone()) {
                    Some(first) => {
                        // A line that was doubled is one mistake: what stands under the second one belongs to it.
                        if let Some(entry) = entries.get_mut(&key).filter(|entry| entry.value.is_null()) {
                            entry.value = node;
                        }
                        self.duplicate(&key, key_span, first);
                    }
                    None => {
                        entries.insert(key, Entry { key_span, value: node });
                    }
                },
            },
        }
    }

    fn duplicate(&mut self, key: &str, span: Range<usize>, first: Range<usize>) {
        let (code, what) = duplicate_code(&self.path());
        let finding = Finding::new(code, Place::span(self.source, span), format!("{what} `{key}` stands here twice"))
            .label("again")
            .also(Place::span(self.source, first), "first defined here");
        self.findings.push(finding);
    }

    /// Keys that lead to the innermost open map; list elements are left out.
    fn path(&self) -> Vec<&str> {
        let keys = self.open.iter().filter_map(|open| match open {
            Open::Map { key: Some((key, _)), .. } => Some(key.as_str()),
            _ => None,
        });
        keys.collect()
    }

    fn decorations(&mut self, span: &Range<usize>, anchor: usize, tagged: bool) {
        if anchor != 0 {
            self.feature(
                span.clone(),
                "an anchor (`&name`)",
                "write the value again where it is needed; a text that begins with `&` has to be in quotes",
            );
        }
        if tagged {
            self.feature(
                span.clone(),
                "a tag (`!name`)",
                "the format has none; delete it, and quote texts that look like a tag",
            );
        }
    }

    fn feature(&mut self, span: Range<usize>, what: &str, help: &str) {
        self.refused = true;
        let place = Place::span(self.source, span);
        self.findings
            .push(Finding::new(Code::YamlFeature, place, format!("{what} is not part of the format")).help(help));
    }

    fn not_yaml(&mut self, error: &ScanError) {
        let at = self.offsets.byte(error.marker().index());
        if let Some(Diagnosis { span, message, help }) = syntax::diagnose(&self.source.text, at) {
            // A `*` or `&` that the parser stumbled over later is no alias, then.
            self.findings.retain(|finding| finding.code() != Code::YamlFeature);
            let finding = Finding::new(Code::NotYaml, Place::span(self.source, span), message).help(help);
            self.findings.push(finding);
            return;
        }
        let (span, help) = self.explain_error(at, error.info());
        let place = Place::span(self.source, span);
        let finding =
            Finding::new(Code::NotYaml, place, format!("this is not YAML: {}", error.info())).maybe_help(help);
        self.findings.push(finding);
    }

    /// The parser tells where it gave up, which is often not where the mistake is. Tabs are found by looking for them.
    fn explain_error(&self, at: usize, info: &str) -> (Range<usize>, Option<String>) {
        let text = &self.source.text;
        let line_start = text.get(..at).and_then(|before| before.rfind('\n')).map_or(0, |newline| newline + 1);
        let line = text.get(line_start..).and_then(|rest| rest.lines().next()).unwrap_or_default();
        let indent = line.len() - line.trim_start().len();
        let tab = line.get(..indent).and_then(|blank| blank.find('\t'));
        if let Some(tab) = tab {
            let start = line_start + tab;
            return (start..start + 1, Some("indent with spaces; YAML allows no tabs there".to_owned()));
        }
        let character = text.get(at..).and_then(|rest| rest.chars().next()).filter(|next| *next != '\n');
        let help = LIKELY_CAUSES.iter().find(|(words, _)| info.contains(words)).map(|(_, cause)| (*cause).to_owned());
        (at..at + character.map_or(0, char::len_utf8), help)
    }
}

/// What the parser says, and what mostly is behind it.
const LIKELY_CAUSES: &[(&str, &str)] = &[
    ("mapping values are not allowed", "a text with `: ` in it has to be in quotes"),
    ("expected ',' or '}'", "a `{` above may not be closed, or a text with a special character needs quotes"),
    ("expected ',' or ']'", "a `[` above may not be closed, or a text with a special character needs quotes"),
    ("anchor or alias", "a text that begins with `*` or `&` has to be in quotes; a list begins with `- `"),
    ("quoted scalar", "the quote that begins here may not be closed"),
    ("did not find expected key", "the line may be indented more or less than its neighbours"),
    ("did not find expected '-' indicator", "the line may be indented more or less than its neighbours"),
];

/// A key that stands twice is a duplicate of what the map lists.
fn duplicate_code(path: &[&str]) -> (Code, &'static str) {
    match path {
        ["types"] => (Code::DuplicateType, "the type"),
        ["types", _, "values"] => (Code::DuplicateEnumValue, "the value"),
        ["codes"] => (Code::DuplicateErrorCode, "the error code"),
        _ => (Code::DuplicateKey, "the key"),
    }
}

/// The parser counts characters, everybody else counts bytes.
struct Offsets {
    /// Byte of each character, unless both are the same.
    bytes: Option<Vec<usize>>,
    length: usize,
}

impl Offsets {
    fn new(text: &str) -> Self {
        let bytes = (!text.is_ascii()).then(|| text.char_indices().map(|(byte, _)| byte).collect());
        Self { bytes, length: text.len() }
    }

    fn byte(&self, character: usize) -> usize {
        match &self.bytes {
            None => character.min(self.length),
            Some(bytes) => bytes.get(character).copied().unwrap_or(self.length),
        }
    }

    fn span(&self, span: Span) -> Range<usize> {
        let start = self.byte(span.start.index());
        start..self.byte(span.end.index()).max(start)
    }
}
