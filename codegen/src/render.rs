//! [`ir`](crate::ir) to files. One module renders one kind of file or item.

mod client;
mod coverage;
mod doc;
mod enums;
mod error_codes;
mod events;
pub(crate) mod example;
mod examples;
mod family;
mod ids;
mod imports;
mod layout;
mod links;
mod lints;
mod manifest;
mod markdown;
mod names_in_tables;
mod objects;
mod operation;
mod operations_table;
mod quirks;
pub(crate) mod ty;
mod types;

pub use coverage::render_coverage;
pub(crate) use doc::{paragraphs, sentence};
pub(crate) use example::lines as rust_example;
pub(crate) use examples::{answer_example, body_example, parameters_example, request_example, within_envelope};
pub(crate) use markdown::one_line;

use crate::error::Error;
use crate::ir::Api;
use crate::output::Output;

/// Renders every file of the API, but for the map of the documentation, which needs its overview pages too.
pub fn render(api: &Api) -> Result<Output, Error> {
    let mut output = Output::default();
    client::render(api, &mut output)?;
    operations_table::render(api, &mut output)?;
    types::render(api, &mut output)?;
    events::render(api, &mut output)?;
    examples::render(api, &mut output)?;
    family::render(api, &mut output)?;
    operation::render(api, &mut output)?;
    error_codes::render(api, &mut output)?;
    manifest::render(api, &mut output);
    Ok(output)
}
