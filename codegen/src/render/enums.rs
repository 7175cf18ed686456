//! Enums that keep values that they do not know.

use std::fmt::Write as _;

use proc_macro2::TokenStream;
use quote::quote;

use super::doc::Doc;
use super::layout::Item;
use super::quirks;
use crate::ir::{Enum, EnumValue};
use crate::names::ident;

/// The items of an enum: what it is, and how its values are called on the wire.
pub fn items(item: &Enum) -> Vec<Item> {
    vec![definition(item).into(), Item::Table(table(item))]
}

fn definition(item: &Enum) -> TokenStream {
    let name = ident(&item.name);
    let doc = quirks::documented(&item.doc, &item.quirks).tokens();
    let variants = item.values.iter().map(variant);
    quote! {
        #doc
        #[derive(Debug, Clone, PartialEq, Eq, Hash)]
        #[non_exhaustive]
        pub enum #name {
            #(#variants)*
            /// A value that this version does not know.
            UnknownValue(runtime::UnknownValue),
        }
    }
}

/// The wire value of each variant. The macro makes the conversions.
fn table(item: &Enum) -> String {
    let mut table = format!("dingtalk_runtime::open_enum!({} {{\n", item.name);
    for value in &item.values {
        let _ = writeln!(table, "    {:?} => {},", value.wire, value.rust);
    }
    table.push_str("});\n");
    table
}

fn variant(value: &EnumValue) -> TokenStream {
    let doc = Doc::of(&value.doc).tokens();
    let name = ident(&value.rust);
    quote!(#doc #name,)
}
