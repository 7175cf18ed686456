//! One mistake in the spec, and where it is.

use std::borrow::Cow;
use std::ops::Range;
use std::sync::Arc;

use crate::codes::Code;
use crate::legible;
use crate::lookalike;
use crate::source::Source;

/// A place in a file of the spec, or a whole file.
#[derive(Debug, Clone)]
pub(crate) struct Place {
    pub(crate) source: Arc<Source>,
    /// Bytes of the text; none when the finding is about the file itself.
    pub(crate) span: Option<Range<usize>>,
    /// Something at this place was reported and left out already, so that more findings here would be mere consequences.
    pub(crate) broken: bool,
}

impl Place {
    /// A part of the text.
    pub(crate) fn span(source: &Arc<Source>, span: Range<usize>) -> Self {
        Self { source: Arc::clone(source), span: Some(span), broken: false }
    }

    /// A file as a whole, which may not even exist.
    pub(crate) fn file(path: &str) -> Self {
        Self { source: Arc::new(Source::new(path.to_owned(), String::new())), span: None, broken: false }
    }

    fn order(&self) -> (&str, usize) {
        (&self.source.path, self.span.as_ref().map_or(0, |span| span.start))
    }
}

/// Whether a comment follows a value on its line.
fn is_cut_by_comment(place: &Place) -> bool {
    let end = place.span.as_ref().map(|span| span.end);
    end.and_then(|end| place.source.text.get(end..)).is_some_and(|rest| rest.starts_with(" #"))
}

/// What is longer is no name.
const LONGEST_NAME: usize = 120;

/// A place with a remark.
#[derive(Debug, Clone)]
pub struct Label {
    pub(crate) place: Place,
    pub(crate) text: String,
}

impl Label {
    /// Path of the file within the spec, as it is on the disk; it may hold characters that no terminal should get.
    pub fn path(&self) -> &str {
        &self.place.source.path
    }

    /// Line and column, both from 1, the column in characters. None when the label is about the file itself.
    pub fn position(&self) -> Option<(usize, usize)> {
        Some(self.place.source.position(self.place.span.as_ref()?.start))
    }

    /// Line and column of what follows the place, as [`position`](Self::position).
    pub fn end(&self) -> Option<(usize, usize)> {
        Some(self.place.source.position(self.place.span.as_ref()?.end))
    }

    /// The path for people: what cannot be seen is escaped.
    pub(crate) fn shown_path(&self) -> Cow<'_, str> {
        legible::escaped(self.path())
    }

    /// The remark; may be empty.
    pub fn text(&self) -> &str {
        &self.text
    }
}

/// One mistake in the spec.
#[derive(Debug, Clone)]
pub struct Finding {
    code: Code,
    message: String,
    primary: Label,
    secondary: Vec<Label>,
    help: Option<String>,
    rests_on: RestsOn,
}

/// What has to be right for a finding to be true.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum RestsOn {
    /// What stands at its place.
    Itself,
    /// What other files say.
    Files(Vec<String>),
    /// All files: that nobody uses a name, or what a type is for.
    Everything,
}

impl Finding {
    pub(crate) fn new(code: Code, place: Place, message: impl Into<String>) -> Self {
        let primary = Label { place, text: String::new() };
        Self {
            code,
            message: legible::sentence(message.into()),
            primary,
            secondary: Vec::new(),
            help: None,
            rests_on: RestsOn::Itself,
        }
    }

    /// Marks what is true only if nothing of the rest of the spec is amiss.
    pub(crate) fn of_the_whole(mut self) -> Self {
        self.rests_on = RestsOn::Everything;
        self
    }

    /// Marks what is true only if nothing is amiss in the file of a document, too.
    pub(crate) fn resting_on(mut self, source: &Source) -> Self {
        if source.path != self.primary.path() {
            match &mut self.rests_on {
                RestsOn::Itself => self.rests_on = RestsOn::Files(vec![source.path.clone()]),
                RestsOn::Files(paths) => paths.push(source.path.clone()),
                RestsOn::Everything => {}
            }
        }
        self
    }

    pub(crate) fn rests_on(&self) -> &RestsOn {
        &self.rests_on
    }

    /// Adds a remark to the place itself.
    pub(crate) fn label(mut self, text: impl Into<String>) -> Self {
        self.primary.text = legible::sentence(text.into());
        self
    }

    /// Adds another place that has to do with it.
    pub(crate) fn also(mut self, place: Place, text: impl Into<String>) -> Self {
        self.secondary.push(Label { place, text: legible::sentence(text.into()) });
        self
    }

    /// Adds what to do about it.
    pub(crate) fn help(mut self, text: impl Into<String>) -> Self {
        self.help = Some(legible::sentence(text.into()));
        self
    }

    /// Adds what to do about it, if there is anything to say.
    pub(crate) fn maybe_help(self, text: Option<String>) -> Self {
        match text {
            Some(text) => self.help(text),
            None => self,
        }
    }

    /// Says so where a name, number or choice holds a character that only looks like a plain one: nobody sees that.
    pub(crate) fn remark_look_alikes(&mut self) {
        let is_prose = matches!(self.code, Code::MissingDoc | Code::FullStop | Code::NotYaml | Code::SchemaLine);
        let place = &self.primary.place;
        if self.code == Code::FullStop && is_cut_by_comment(place) {
            self.help = Some("`#` begins a comment; if it belongs to the text, put the text in quotes".to_owned());
            return;
        }
        let Some(written) = place.span.clone().and_then(|span| place.source.text.get(span)) else { return };
        // A sentence may end with a Chinese full stop or quote; what else stands in it is its own matter.
        let looked_at = if is_prose {
            written.char_indices().next_back().and_then(|(at, _)| written.get(at..))
        } else {
            Some(written)
        };
        let Some(remark) = looked_at.filter(|text| text.len() <= LONGEST_NAME).and_then(lookalike::remark) else {
            return;
        };
        let is_to_go = self.help.as_ref().is_some_and(|help| help.starts_with("delete"));
        if self.message.contains(&remark) || is_to_go {
            return;
        }
        self.help = Some(match self.help.take() {
            Some(help) => format!("{remark}; {help}"),
            None => remark,
        });
    }

    /// What kind of mistake it is.
    pub fn code(&self) -> Code {
        self.code
    }

    /// What is wrong, in one line.
    pub fn message(&self) -> &str {
        &self.message
    }

    /// Where it is.
    pub fn primary(&self) -> &Label {
        &self.primary
    }

    /// Other places that have to do with it.
    pub fn secondary(&self) -> &[Label] {
        &self.secondary
    }

    /// What to do about it.
    pub fn help_text(&self) -> Option<&str> {
        self.help.as_deref()
    }

    /// Whether it only follows from a mistake that is reported already.
    pub(crate) fn is_consequence(&self) -> bool {
        self.primary.place.broken
    }

    /// Findings are shown by file and position.
    pub(crate) fn order(&self) -> (&str, usize, Code, &str) {
        let (path, start) = self.primary.place.order();
        (path, start, self.code, &self.message)
    }
}
