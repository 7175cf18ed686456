//! Bodies that are forms: `multipart/form-data`, whose length is known before the first byte leaves.

mod encoded;
mod file;

use std::fmt;

pub(crate) use encoded::{Encoded, Piece};
pub use file::FormFile;

/// The parts of a form, in the order in which they were set.
#[derive(Clone, Default)]
pub(crate) struct Form {
    parts: Vec<(&'static str, Part)>,
}

#[derive(Clone)]
enum Part {
    Text(String),
    File(FormFile),
}

/// How large the file of a part may be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct FileLimit {
    /// Name of the part.
    part: &'static str,
    /// Values of other parts where it is so.
    when: &'static [(&'static str, &'static str)],
    /// Most bytes.
    max: u64,
}

impl FileLimit {
    /// For the tables of operations.
    #[doc(hidden)]
    #[must_use]
    pub const fn new(part: &'static str, when: &'static [(&'static str, &'static str)], max: u64) -> Self {
        Self { part, when, max }
    }

    /// Name of the part that it is about.
    #[must_use]
    pub fn part(&self) -> &'static str {
        self.part
    }

    /// Values of other parts that it needs to apply; without any, it always does.
    #[must_use]
    pub fn when(&self) -> &'static [(&'static str, &'static str)] {
        self.when
    }

    /// Most bytes.
    #[must_use]
    pub fn max(&self) -> u64 {
        self.max
    }
}

/// Behind the reason, where it holds: `, where type is voice`.
impl fmt::Display for FileLimit {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "at most {} bytes are taken", self.max)?;
        for (index, (name, value)) in self.when.iter().enumerate() {
            write!(formatter, "{} {name} is {value}", if index == 0 { ", where" } else { " and" })?;
        }
        Ok(())
    }
}

impl Form {
    pub(crate) fn text(&mut self, name: &'static str, value: String) {
        self.put(name, Part::Text(value));
    }

    pub(crate) fn file(&mut self, name: &'static str, file: &FormFile) {
        self.put(name, Part::File(file.clone()));
    }

    fn put(&mut self, name: &'static str, part: Part) {
        match self.parts.iter_mut().find(|(other, _)| *other == name) {
            Some((_, old)) => *old = part,
            None => self.parts.push((name, part)),
        }
    }

    /// Names of the parts.
    pub(crate) fn names(&self) -> impl Iterator<Item = &'static str> {
        self.parts.iter().map(|(name, _)| *name)
    }

    /// The parts that are texts.
    pub(crate) fn texts(&self) -> impl Iterator<Item = (&'static str, &str)> {
        self.parts.iter().filter_map(|(name, part)| match part {
            Part::Text(text) => Some((*name, text.as_str())),
            Part::File(_) => None,
        })
    }

    /// The parts that are files.
    pub(crate) fn files(&self) -> impl Iterator<Item = (&'static str, &FormFile)> {
        self.parts.iter().filter_map(|(name, part)| match part {
            Part::File(file) => Some((*name, file)),
            Part::Text(_) => None,
        })
    }

    /// Why it cannot be sent: a file that is larger than the server takes, or a type that no header can hold.
    pub(crate) fn fault(&self, limits: &[FileLimit]) -> Option<String> {
        self.files().find_map(|(name, file)| {
            if let Some(kind) = file.unfit_type() {
                return Some(format!("the content type {kind:?} of {name} is none"));
            }
            let applies = |limit: &&FileLimit| limit.part == name && self.has(limit.when);
            let smallest = limits.iter().filter(applies).min_by_key(|limit| limit.max)?;
            let (length, file) = (file.length(), file.name());
            let reason = format!("the file {file:?} in {name} has {length} bytes, and {smallest}");
            (length > smallest.max).then_some(reason)
        })
    }

    fn has(&self, values: &[(&str, &str)]) -> bool {
        values.iter().all(|(name, value)| self.texts().any(|(other, text)| other == *name && text == *value))
    }

    /// The body, and the type that its header tells.
    pub(crate) fn encoded(&self) -> Encoded {
        Encoded::new(&self.parts)
    }
}
