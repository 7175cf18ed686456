//! The way to the value that spoiled an answer.
//!
//! The errors of serde cannot carry it, so the levels are noted beside them while they come up. Only names that a
//! type knows are shown: the names in a map, and those that no field has, are the server's data.

use std::cell::RefCell;
use std::fmt::Write as _;

thread_local! {
    /// Levels from the innermost to the outermost; none while nobody asks.
    static NOTES: RefCell<Option<Vec<Step>>> = const { RefCell::new(None) };
}

/// One level of the way down to a value.
enum Step {
    Field(String),
    /// A name that is data.
    Hidden,
    /// What is below has a name that no field has.
    Unknown,
    Element(usize),
}

/// The way to the value at which something stops reading, for example `$.dentries[3].size`.
pub(crate) fn path_to_failure<T>(read: impl FnOnce() -> Result<T, serde_json::Error>) -> String {
    NOTES.set(Some(Vec::new()));
    let result = read();
    let steps = NOTES.take().unwrap_or_default();
    if result.is_err() { render(steps) } else { "$".to_owned() }
}

/// Reading the value of this name failed.
#[cold]
pub(super) fn note_field(name: &str, is_data: bool) {
    note(|steps| {
        let is_unknown = steps.pop_if(|step| matches!(step, Step::Unknown)).is_some();
        steps.push(if is_data || is_unknown { Step::Hidden } else { Step::Field(name.to_owned()) });
    });
}

/// Passing over the value of a name that nobody knows failed.
#[cold]
pub(super) fn note_unknown() {
    note(|steps| steps.push(Step::Unknown));
}

/// Reading an element of a list failed.
#[cold]
pub(super) fn note_element(index: usize) {
    note(|steps| steps.push(Step::Element(index)));
}

fn note(add: impl FnOnce(&mut Vec<Step>)) {
    NOTES.with_borrow_mut(|notes| notes.as_mut().map(add));
}

fn render(steps: Vec<Step>) -> String {
    /// Deeper paths show their beginning; nobody reads more.
    const STEPS: usize = 32;
    let is_long = steps.len() > STEPS;
    let mut path = String::from("$");
    for step in steps.into_iter().rev().take(STEPS) {
        match step {
            Step::Field(name) => {
                path.push('.');
                path.push_str(&name);
            }
            Step::Hidden | Step::Unknown => path.push_str(".*"),
            Step::Element(index) => {
                // Writing to a text cannot fail.
                let _ = write!(path, "[{index}]");
            }
        }
    }
    if is_long {
        path.push('…');
    }
    path
}
