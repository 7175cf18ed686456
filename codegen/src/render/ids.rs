//! Id types.

use proc_macro2::TokenStream;
use quote::quote;

use super::doc::Doc;
use super::layout::Item;
use super::markdown::{code_span, marked};
use crate::ir::Id;
use crate::names::ident;

/// The items of an id type.
pub fn items(id: &Id) -> Vec<Item> {
    let name = ident(&id.name);
    let doc = Doc::of(&id.doc).quirks(&id.quirks).tokens();
    let (derives, implement) = if id.secret {
        (quote!(#[derive(Clone, PartialEq, Eq, Default)]), quote!(secret))
    } else {
        (quote!(#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Default)]), quote!(id))
    };
    let constants = id.constants.iter().map(constant);
    let constants = (!id.constants.is_empty()).then(|| quote!(impl #name { #(#constants)* }));
    let code = quote! {
        #doc
        #derives
        pub struct #name(String);
        runtime::__private::#implement!(#name);
        #constants
    };
    let conversions = id.from.iter().map(|(other, grounds)| conversion(&id.name, other, grounds));
    std::iter::once(Item::Code(code)).chain(conversions).collect()
}

/// Another id that is one, too.
fn conversion(name: &str, other: &str, grounds: &str) -> Item {
    let doc = Doc::of(grounds).text(4);
    Item::Table(format!("runtime::__private::same_id! {{\n{doc}    {other} => {name},\n}}\n"))
}

fn constant((name, value, doc): &(String, String, String)) -> TokenStream {
    let name = ident(name);
    let doc =
        Doc::default().markdown_paragraph(&format!("{} On the wire: {}.", marked(doc), code_span(value))).tokens();
    quote! {
        #doc
        #[must_use]
        pub fn #name() -> Self {
            Self::new(#value)
        }
    }
}
