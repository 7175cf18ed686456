//! The list of all operations, from which a macro makes tables.

use std::fmt::Write as _;

use dingtalk_storage_spec::model::Status;

use super::layout::{Item, RustFile};
use crate::ir::{Api, Family};

/// `operations.rs`.
pub fn file(api: &Api) -> RustFile<'static> {
    let mut table = String::from("dingtalk_runtime::__private::operations! {\n");
    for (Family { name, .. }, operation) in api.operations() {
        let gate = match operation.status {
            Status::Current => format!("feature = \"{name}\""),
            Status::Legacy => format!("all(feature = \"{name}\", feature = \"legacy\")"),
            Status::Undocumented => format!("all(feature = \"{name}\", feature = \"undocumented\")"),
        };
        let _ = writeln!(table, "    #[cfg({gate})] crate::{name}::{},", operation.module);
    }
    table.push_str("}\n");
    RustFile {
        path: "generated/src/operations.rs".to_owned(),
        source: "api",
        doc: "Static facts of every operation that is compiled in.".to_owned(),
        items: vec![Item::Table(table)],
    }
}
