//! Enums that keep values that they do not know.

use std::fmt::Write as _;

use super::doc::Doc;
use super::links::Links;
use crate::ir::Enum;

/// The table of an enum: its variants, and what each is on the wire.
pub fn table(item: &Enum) -> String {
    let links = Links::default().with_values(item);
    let ranked = item.ranked.as_ref();
    let ranked = ranked.map(|grounds| format!("They compare, and those that stand first are greater: {grounds}"));
    let doc = Doc::of(&item.doc).paragraph(&ranked.unwrap_or_default()).quirks(&item.quirks);
    let doc = links.of_text(&doc.text(4));
    let order = if item.ranked.is_some() { ": PartialOrd" } else { "" };
    let mut table = format!("runtime::__private::open_enum! {{\n{doc}    pub enum {}{order} {{\n", item.name);
    for value in &item.values {
        let doc = links.of_text(&Doc::of(&value.doc).text(8));
        let _ = writeln!(table, "{doc}        {:?} => {},", value.wire, value.rust);
    }
    table.push_str("    }\n}\n");
    table
}
