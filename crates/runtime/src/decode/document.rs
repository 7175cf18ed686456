//! A whole answer.

use super::budget::Bounds;
use super::reader::{Mode, Reader, State};
use super::{Failure, Origin, Unreadable};
use crate::Operation;

/// The body of an answer, with what reading it may take and what was passed over.
#[doc(hidden)]
#[derive(Debug)]
pub struct Document<'a> {
    body: &'a [u8],
    state: State,
}

impl<'a> Document<'a> {
    /// A body in whose lists single values may be unreadable.
    pub(crate) fn new(body: &'a [u8], bounds: Bounds) -> Self {
        Self { body, state: State::new(Mode::Tolerant, bounds, body.len()) }
    }

    /// The same, as the answer of an operation.
    pub(crate) fn of(mut self, operation: &'static Operation) -> Self {
        self.state.origin = Origin::of(Some(operation));
        self
    }

    /// A text that must be readable to the last value. It comes from the program, which knows how large it may be.
    pub(super) fn strict(text: &'a str) -> Self {
        Self { body: text.as_bytes(), state: State::new(Mode::Strict, Bounds::NONE, text.len()) }
    }

    pub(super) fn is_empty(&self) -> bool {
        self.body.trim_ascii().is_empty()
    }

    /// Has the one value read that it must hold.
    pub(super) fn read<T>(&mut self, read: impl FnOnce(Reader<'_>) -> Result<T, Failure>) -> Result<T, Failure> {
        let text = std::str::from_utf8(self.body).map_err(|_| Failure::not_json())?;
        let mut reader = Reader::new(text, &mut self.state);
        let result = read(reader.again()).and_then(|value| reader.end().map(|()| value));
        result.map_err(|failure| {
            if failure.is_about_one_value() {
                // The shape of half a text says nothing.
                reader.rewind(0);
                reader.skip().and_then(|()| reader.end()).err().unwrap_or(failure)
            } else {
                failure
            }
        })
    }

    /// Whether what was read may say that the call failed: then it is worth a closer look.
    pub(crate) fn may_be_failure(&self) -> bool {
        self.state.may_be_failure
    }

    /// What was passed over.
    pub(crate) fn into_unreadable(self) -> Vec<Unreadable> {
        self.state.passed_over.into_list()
    }
}
