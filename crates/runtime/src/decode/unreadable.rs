//! What was passed over in an answer.

use std::fmt;

use super::Failure;
use super::failure::{Step, path};

/// A value in a list that could not be read, while the rest of the answer was.
///
/// A field that may be absent is empty then. Where it must be there, or where the element itself has another shape,
/// the element is left out of its list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Unreadable {
    path: String,
    problem: String,
    is_left_out: bool,
}

impl Unreadable {
    /// Where the value stands in the answer, for example `$.dentries[3].size`: the field `size` of the fourth element.
    #[must_use]
    pub fn path(&self) -> &str {
        &self.path
    }

    /// What is wrong with it, for example `expected a whole number, found a fraction`. It shows no value.
    #[must_use]
    pub fn problem(&self) -> &str {
        &self.problem
    }

    /// Whether a whole element is missing from its list, and not only one of its fields empty.
    #[must_use]
    pub fn is_left_out(&self) -> bool {
        self.is_left_out
    }
}

impl fmt::Display for Unreadable {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let done = if self.is_left_out { "the element was left out" } else { "the field was left empty" };
        write!(formatter, "at {}: {}; {done}", self.path, self.problem)
    }
}

/// What was passed over so far.
#[derive(Debug, Default)]
pub(super) struct PassedOver {
    values: Vec<Value>,
}

#[derive(Debug)]
struct Value {
    steps: Vec<Step>,
    problem: String,
    is_left_out: bool,
}

impl PassedOver {
    /// Most that are kept: after these nobody needs to be told that something is wrong.
    const MOST: usize = 64;

    pub(super) fn len(&self) -> usize {
        self.values.len()
    }

    pub(super) fn add(&mut self, failure: Failure, is_left_out: bool) {
        if self.values.len() < Self::MOST {
            let problem = failure.problem();
            self.values.push(Value { steps: failure.into_steps(), problem, is_left_out });
        }
    }

    /// Forgets what was passed over in something that is passed over as a whole.
    pub(super) fn truncate(&mut self, length: usize) {
        self.values.truncate(length);
    }

    /// Those from this one on are below a step.
    pub(super) fn below(&mut self, first: usize, step: &Step) {
        for value in self.values.iter_mut().skip(first) {
            value.steps.push(step.clone());
        }
    }

    pub(super) fn into_list(self) -> Vec<Unreadable> {
        let shown = |value: Value| Unreadable {
            path: path(&value.steps),
            problem: value.problem,
            is_left_out: value.is_left_out,
        };
        self.values.into_iter().map(shown).collect()
    }
}
