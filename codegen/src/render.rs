//! [`ir`](crate::ir) to files. One module renders one kind of file or item.

mod client;
mod coverage;
mod doc;
mod enums;
mod error_codes;
mod events;
mod example;
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
pub(crate) mod ty;
mod types;

pub use coverage::render_coverage;
pub use doc::{paragraphs, sentence};
pub use example::lines as rust_example;
pub use examples::{
    answer as answer_example, body as body_example, parameters as parameters_example, request as request_example, text,
    within_envelope,
};
pub use markdown::one_line;

use crate::error::Error;
use crate::ir::Api;
use crate::output::Output;

/// Renders every file of the API, but for the map of the documentation, which needs its overview pages too.
pub fn render(api: &Api) -> Result<Output, Error> {
    let mut output = Output::default();
    let types = api.type_files.iter().map(|file| types::file(api, file));
    let families = api.families.iter().map(family::file);
    let operations = api.operations().map(|(family, operation)| operation::file(api, family, operation));
    let files = client::files(api).into_iter().chain([operations_table::file(api), types::root(api)]);
    let files = files.chain(types).chain(events::file(api)).chain([examples::tests(api)]);
    let files = files.chain(families).chain(operations).chain([error_codes::file(api)]);
    files.into_iter().try_for_each(|file| file.add_to(&mut output))?;
    examples::files(api).try_for_each(|(path, text)| output.add(path, text))?;
    output.add_section(manifest::section(api));
    Ok(output)
}
