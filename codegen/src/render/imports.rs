//! Imports of a file.

use std::collections::BTreeSet;

use proc_macro2::TokenStream;
use quote::quote;

use crate::ir::Type;
use crate::names::ident;

/// `use` lines for the shared types that the file uses and does not define, for the runtime, whose macros every file
/// needs, and for maps.
pub fn imports<'a>(used: impl Iterator<Item = &'a Type>, defined: &[&str]) -> TokenStream {
    let used: Vec<_> = used.collect();
    let map = used.iter().any(|ty| has_map(ty)).then(|| quote! { use std::collections::BTreeMap; });
    let types: BTreeSet<_> =
        used.iter().filter_map(|ty| ty.shared_name()).filter(|name| !defined.contains(name)).collect();
    let types: Vec<_> = types.into_iter().map(ident).collect();
    let types = match types.as_slice() {
        [] => None,
        [one] => Some(quote!(use crate::types::#one;)),
        several => Some(quote!(use crate::types::{#(#several),*};)),
    };
    quote!(#types use dingtalk_runtime as runtime; #map)
}

fn has_map(ty: &Type) -> bool {
    match ty {
        Type::Map(_) => true,
        Type::List(inner) | Type::MapOrList(inner) => has_map(inner),
        _ => false,
    }
}
