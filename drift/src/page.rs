//! What a page says, each fact with its line.

use std::collections::BTreeSet;

use serde_json::Value;

use crate::rendering::{Language, Rendering};
use crate::section::Section;

/// A fact and the line that it stands on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct At<T> {
    /// The fact.
    pub value: T,
    /// Line, from 1.
    pub line: usize,
}

/// A page about one operation.
#[derive(Debug, Clone, Default)]
pub struct Page {
    /// How it is written.
    pub rendering: Rendering,
    /// Its language.
    pub language: Language,
    /// Last part of its address.
    pub slug: Option<String>,
    /// Its title.
    pub title: Option<String>,
    /// When it was changed last, as it says itself.
    pub updated: Option<String>,
    /// HTTP method.
    pub method: Option<At<String>>,
    /// Path of the URL, without host and query.
    pub path: Option<At<String>>,
    /// The cell with the permission.
    pub scope: Option<At<String>>,
    /// The cell with the kinds of apps.
    pub apps: Option<At<Vec<String>>>,
    /// Parameters in the header.
    pub headers: Option<Table>,
    /// Parameters in the path.
    pub path_parameters: Option<Table>,
    /// Parameters in the query.
    pub query: Option<Table>,
    /// Fields of the body.
    pub body: Option<Table>,
    /// Fields of the answer.
    pub response: Option<Table>,
    /// The codes of errors.
    pub errors: Option<ErrorTable>,
    /// The request of the example.
    pub request_example: Option<RequestExample>,
    /// The answer of the example.
    pub response_example: Option<Example>,
    /// What could not be read.
    pub unread: Vec<At<String>>,
    /// Parts of which something could not be read, so that what they lack says nothing.
    pub(crate) gaps: BTreeSet<Section>,
}

impl Page {
    /// Whether it describes an operation at all.
    pub fn is_of_operation(&self) -> bool {
        self.path.is_some() || self.method.is_some()
    }

    /// Whether it has a table as pages of operations have them.
    pub(crate) fn has_tables(&self) -> bool {
        let tables = [&self.headers, &self.path_parameters, &self.query, &self.body, &self.response];
        tables.into_iter().any(Option::is_some) || self.errors.is_some()
    }
}

/// A table of parameters or fields.
#[derive(Debug, Clone, Default)]
pub struct Table {
    /// Line of its header.
    pub line: usize,
    /// Its rows.
    pub rows: Vec<Row>,
}

/// A row of such a table.
#[derive(Debug, Clone, Default)]
pub struct Row {
    /// Its line.
    pub line: usize,
    /// Name on the wire.
    pub name: String,
    /// Type as it is written.
    pub kind: String,
    /// Whether it is required, where the page says so.
    pub required: Option<bool>,
    /// What it means.
    pub description: String,
}

/// The table of error codes.
#[derive(Debug, Clone, Default)]
pub struct ErrorTable {
    /// Line of its header.
    pub line: usize,
    /// Status and code, by line.
    pub rows: Vec<At<(u16, String)>>,
}

/// JSON of an example, and its lines.
#[derive(Debug, Clone)]
pub struct Example {
    /// The JSON.
    pub value: Value,
    /// Its lines: number and text.
    pub lines: Vec<(usize, String)>,
}

impl Example {
    /// Line of the last key of a path, as good as texts can tell.
    pub(crate) fn line_of(&self, names: &[String]) -> usize {
        let first = self.lines.first().map_or(1, |(number, _)| *number);
        let mut at = 0;
        let mut line = first;
        for name in names {
            let key = format!("\"{name}\"");
            if let Some((offset, (number, _))) =
                self.lines.iter().skip(at).enumerate().find(|(_, (_, text))| text.contains(&key))
            {
                at += offset;
                line = *number;
            }
        }
        line
    }
}

/// The request of an example.
#[derive(Debug, Clone, Default)]
pub struct RequestExample {
    /// Line of the request line.
    pub line: usize,
    /// HTTP method.
    pub method: String,
    /// Path without query.
    pub path: String,
    /// Names in the query.
    pub query: Vec<String>,
    /// The body.
    pub body: Option<Example>,
}
