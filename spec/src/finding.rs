//! One mistake in the spec, and where it is.

use std::ops::Range;
use std::sync::Arc;

use crate::codes::Code;
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

/// A place with a remark.
#[derive(Debug, Clone)]
pub struct Label {
    pub(crate) place: Place,
    pub(crate) text: String,
}

impl Label {
    /// Path of the file within the spec.
    pub fn path(&self) -> &str {
        &self.place.source.path
    }

    /// Line and column, both from 1, the column in characters. None when the label is about the file itself.
    pub fn position(&self) -> Option<(usize, usize)> {
        let start = self.place.span.as_ref()?.start;
        let before = self.place.source.text.get(..start)?;
        let line_start = before.rfind('\n').map_or(0, |newline| newline + 1);
        let line = before.matches('\n').count() + 1;
        Some((line, before.get(line_start..)?.chars().count() + 1))
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
}

impl Finding {
    pub(crate) fn new(code: Code, place: Place, message: impl Into<String>) -> Self {
        let primary = Label { place, text: String::new() };
        Self { code, message: message.into(), primary, secondary: Vec::new(), help: None }
    }

    /// Adds a remark to the place itself.
    pub(crate) fn label(mut self, text: impl Into<String>) -> Self {
        self.primary.text = text.into();
        self
    }

    /// Adds another place that has to do with it.
    pub(crate) fn also(mut self, place: Place, text: impl Into<String>) -> Self {
        self.secondary.push(Label { place, text: text.into() });
        self
    }

    /// Adds what to do about it.
    pub(crate) fn help(mut self, text: impl Into<String>) -> Self {
        self.help = Some(text.into());
        self
    }

    /// Adds what to do about it, if there is anything to say.
    pub(crate) fn maybe_help(mut self, text: Option<String>) -> Self {
        self.help = text.or(self.help);
        self
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
