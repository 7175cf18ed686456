//! The list of all operations, from which a macro makes tables.

use dingtalk_storage_spec::model::Status;
use proc_macro2::TokenStream;

use super::layout::{Item, RustFile};
use crate::error::Error;
use crate::ir::Api;
use crate::output::Output;

/// Renders `operations.rs`.
pub fn render(api: &Api, output: &mut Output) -> Result<(), Error> {
    let mut table = String::from("dingtalk_runtime::__private::operations! {\n");
    for family in &api.families {
        for operation in &family.operations {
            let gate = match operation.status {
                Status::Current => format!("feature = \"{}\"", family.name),
                Status::Legacy => format!("all(feature = \"{}\", feature = \"legacy\")", family.name),
                Status::Undocumented => format!("all(feature = \"{}\", feature = \"undocumented\")", family.name),
            };
            table.extend(["    #[cfg(", &gate, ")] crate::", &family.name, "::", &operation.module, ",\n"]);
        }
    }
    table.push_str("}\n");
    RustFile {
        path: "generated/src/operations.rs",
        source: "api",
        doc: "Static facts of every operation that is compiled in.",
        head: TokenStream::new(),
        items: vec![Item::Table(table)],
    }
    .add_to(output)
}
