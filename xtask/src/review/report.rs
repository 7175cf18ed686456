//! The parts of a review, for a terminal and for a comment.

use std::fmt::Write as _;

/// A review.
#[derive(Debug)]
pub struct Report {
    revision: String,
    parts: Vec<Part>,
}

/// One part: a line that says how it stands, and what there is to read.
#[derive(Debug)]
pub struct Part {
    title: &'static str,
    summary: String,
    text: String,
    markdown: String,
    is_open: bool,
}

impl Part {
    /// A part of which there is nothing more to read.
    pub fn new(title: &'static str, summary: impl Into<String>) -> Self {
        Self { title, summary: summary.into(), text: String::new(), markdown: String::new(), is_open: false }
    }

    /// What there is to read, in both forms.
    pub fn with(mut self, text: String, markdown: String) -> Self {
        (self.text, self.markdown) = (text, markdown);
        self
    }

    /// What there is to read, as it stands in both forms.
    pub fn with_block(self, text: &str) -> Self {
        if text.is_empty() {
            return self;
        }
        let longest = text.split(|c| c != '`').map(str::len).max().unwrap_or_default();
        let fence = "`".repeat((longest + 1).max(3));
        let markdown = format!("{fence}text\n{}\n{fence}\n", text.trim_end());
        self.with(text.to_owned(), markdown)
    }

    /// Something more for the line.
    pub fn and(mut self, more: &str) -> Self {
        let _ = write!(self.summary, "; {more}");
        self
    }

    /// It has to be settled before the change is done.
    pub fn open(mut self) -> Self {
        self.is_open = true;
        self
    }
}

impl Report {
    /// A review without parts.
    pub fn new(revision: &str) -> Self {
        Self { revision: revision.to_owned(), parts: Vec::new() }
    }

    /// Adds a part.
    pub fn add(&mut self, part: Part) {
        self.parts.push(part);
    }

    /// What has to be settled.
    pub fn open(&self) -> Vec<&'static str> {
        self.parts.iter().filter(|part| part.is_open).map(|part| part.title).collect()
    }

    /// For a terminal: everything to read, and how it stands at the end.
    pub fn text(&self) -> String {
        let mut text = String::new();
        for part in self.parts.iter().filter(|part| !part.text.trim().is_empty()) {
            let _ = writeln!(text, "# {}\n\n{}\n", part.title, part.text.trim_end());
        }
        let _ = writeln!(text, "# Summary of the changes since {}\n", self.revision);
        for part in &self.parts {
            let mark = if part.is_open { "!" } else { " " };
            let _ = writeln!(text, "{mark} {:18} {}", part.title, part.summary);
        }
        text
    }

    /// For a comment: how it stands first, and what there is to read folded.
    pub fn markdown(&self) -> String {
        let mut text = format!("## Changes since `{}`\n\n| | |\n|---|---|\n", self.revision);
        for part in &self.parts {
            let mark = if part.is_open { "⚠ " } else { "" };
            let _ = writeln!(text, "| {mark}{} | {} |", part.title, part.summary.replace('|', "\\|"));
        }
        for part in self.parts.iter().filter(|part| !part.markdown.trim().is_empty()) {
            let open = if part.is_open { " open" } else { "" };
            let body = part.markdown.trim_end();
            let _ = writeln!(text, "\n<details{open}><summary>{}</summary>\n\n{body}\n\n</details>", part.title);
        }
        text
    }
}
