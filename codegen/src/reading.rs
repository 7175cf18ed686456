//! The words and examples of the crate's documentation, for other documents that are made of the intermediate form.

use serde_json::Value;

use crate::ir::{Api, Family, Operation};
pub use crate::lower::documentation as page_address;
use crate::render;
pub use crate::render::{one_line as markdown, paragraphs, sentence};

/// A call in each form that it is made in, and its answer.
#[derive(Debug, Clone, PartialEq)]
pub struct CallExample {
    /// Lines of Rust, as the crate's documentation shows them.
    pub rust: Vec<String>,
    /// All parameters under their wire names, as a call by name takes them.
    pub parameters: Value,
    /// What goes over the wire: `method`, decoded `path`, `query` by name, and `body`.
    pub request: Value,
    /// What comes back, with what the family puts around it.
    pub answer: Value,
}

/// The example of an operation.
pub fn call_example(api: &Api, family: &Family, operation: &Operation) -> CallExample {
    let is_shown = |line: &String| !line.starts_with("# ") && !line.starts_with("```");
    CallExample {
        rust: render::rust_example(api, family, operation).into_iter().filter(is_shown).collect(),
        parameters: render::parameters_example(api, operation),
        request: render::request_example(api, operation),
        answer: render::within_envelope(family.envelope, render::answer_example(api, operation)),
    }
}
