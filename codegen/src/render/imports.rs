//! Imports of a file.

use std::collections::BTreeSet;

use proc_macro2::{TokenStream, TokenTree};
use quote::quote;

use super::layout::Item;
use crate::ir::Type;
use crate::names::ident;

/// `use` lines in the order of the formatter: for the shared types that the file uses and does not define, for the
/// runtime, for maps.
pub fn imports<'a>(items: &[Item], used: impl Iterator<Item = &'a Type>, defined: &BTreeSet<&str>) -> TokenStream {
    let map = names(items, "BTreeMap").then(|| {
        quote!(
            use std::collections::BTreeMap;
        )
    });
    let runtime = names(items, "runtime").then(|| {
        quote!(
            use dingtalk_runtime as runtime;
        )
    });
    let types: BTreeSet<_> = used.filter_map(shared_name).filter(|name| !defined.contains(name)).collect();
    let types: Vec<_> = types.into_iter().map(ident).collect();
    let types = match types.as_slice() {
        [] => None,
        [one] => Some(quote!(use crate::types::#one;)),
        several => Some(quote!(use crate::types::{#(#several),*};)),
    };
    quote!(#types #runtime #map)
}

/// The shared type at the core of lists and maps.
fn shared_name(ty: &Type) -> Option<&str> {
    match ty.core() {
        Type::Id(name) | Type::Enum(name) | Type::Object(name) => Some(name),
        _ => None,
    }
}

/// Whether the code names it anywhere.
fn names(items: &[Item], name: &str) -> bool {
    items.iter().any(|item| matches!(item, Item::Code(tokens) if contains(tokens, name)))
}

fn contains(tokens: &TokenStream, name: &str) -> bool {
    tokens.clone().into_iter().any(|token| match token {
        TokenTree::Ident(ident) => ident == name,
        TokenTree::Group(group) => contains(&group.stream(), name),
        TokenTree::Punct(_) | TokenTree::Literal(_) => false,
    })
}
