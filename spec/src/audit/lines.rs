//! Lines of keys, in the files of the spec and in those beside it.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::InvalidSource;
use crate::document::Document;
use crate::node::Node;
use crate::parse;
use crate::source::{Source, SourceTree};

/// Finds keys in the files of a spec.
pub(super) struct Lines<'a> {
    documents: BTreeMap<&'a str, &'a Document>,
}

impl<'a> Lines<'a> {
    pub(super) fn of(tree: &'a SourceTree) -> Self {
        let parsed = tree.parse().into_iter();
        Self { documents: parsed.filter_map(|file| Some((file.path.as_str(), file.document.as_ref()?))).collect() }
    }

    /// `file:line` of a key, or of what is nearest to it when there is none.
    pub(super) fn at(&self, file: &str, keys: &[String]) -> String {
        let span = self.documents.get(file).map(|document| document.key(keys));
        let line = span.and_then(|place| Some(line(&place.source.text, place.span?.start)));
        line.map_or_else(|| file.to_owned(), |line| format!("{file}:{line}"))
    }
}

/// A file beside the spec, as a tree with positions. JSON is read as the YAML that it is.
pub(super) struct Tree {
    source: Arc<Source>,
    root: Node,
}

impl Tree {
    /// Refuses what is no YAML and what has a key twice.
    pub(super) fn read(file: &'static str, text: &str) -> Result<Self, InvalidSource> {
        let source = Arc::new(Source::new(file.to_owned(), text.to_owned()));
        let (root, findings) = parse::parse(&source);
        if let Some(finding) = findings.first() {
            let line = finding.primary().position().map(|(line, _)| line);
            return Err(InvalidSource::new(file, line, finding.message()));
        }
        root.map(|root| Self { source, root }).ok_or_else(|| InvalidSource::new(file, None, "the file is empty"))
    }

    /// Whether there is such a key or element.
    pub(super) fn has(&self, keys: &[impl AsRef<str>]) -> bool {
        self.root.find(keys).complete
    }

    /// Line of a key or of an element, or of what is nearest to it.
    pub(super) fn line(&self, keys: &[impl AsRef<str>]) -> usize {
        let found = self.root.find(keys);
        line(&self.source.text, found.key_span.unwrap_or(&found.node.span).start)
    }
}

/// Line of a byte of a text, from 1.
fn line(text: &str, start: usize) -> usize {
    text.get(..start).map_or(1, |before| before.matches('\n').count() + 1)
}
