//! Objects: the struct, how a request makes one, and how its fields are called on the wire.

use std::fmt::Write as _;

use proc_macro2::{Ident, TokenStream};
use quote::quote;

use super::doc::{Doc, sentence};
use super::layout::Item;
use super::{quirks, ty};
use crate::ir::{Field, Object, Type};
use crate::names::ident;

/// The items of an object.
pub fn items(object: &Object) -> Vec<Item> {
    let mut items = vec![structure(object).into()];
    if object.in_request {
        items.push(constructors(object).into());
    }
    items.push(Item::Table(table(object)));
    items
}

fn structure(object: &Object) -> TokenStream {
    let name = ident(&object.name);
    let doc = quirks::documented(&object.doc, &object.quirks).tokens();
    let fields = object.fields.iter().map(|field| {
        let doc = Doc::of(&sentence(field)).tokens();
        let name = ident(&field.rust);
        let ty = ty::of_field(field, object.in_answer);
        quote!(#doc pub #name: #ty,)
    });
    quote! {
        #doc
        #[derive(Debug, Clone, PartialEq, Default)]
        #[non_exhaustive]
        pub struct #name { #(#fields)* }
    }
}

/// `new` with what a request must have, and a setter for the rest.
fn constructors(object: &Object) -> TokenStream {
    let name = ident(&object.name);
    let required: Vec<_> = object.fields.iter().filter(|field| field.required).collect();
    let arguments = required.iter().map(|field| argument(&ident(&field.rust), field));
    let fields = required.iter().map(|field| initial(field, object.in_answer));
    let rest = (required.len() < object.fields.len()).then(|| quote!(..Self::default()));
    let body = if required.is_empty() { quote!(Self::default()) } else { quote!(Self { #(#fields,)* #rest }) };
    let setters = object.fields.iter().filter(|field| !field.required).map(|field| setter(field, object.in_answer));
    let doc = if required.is_empty() { " Nothing set." } else { " With what a request must have." };
    quote! {
        impl #name {
            #[doc = #doc]
            #[must_use]
            pub fn new(#(#arguments),*) -> Self {
                #body
            }

            #(#setters)*
        }
    }
}

fn argument(name: &Ident, field: &Field) -> TokenStream {
    let ty = ty::argument(&field.ty);
    quote!(#name: #ty)
}

fn initial(field: &Field, in_answer: bool) -> TokenStream {
    let name = ident(&field.rust);
    match stored(&name, field, in_answer) {
        value if value.to_string() == field.rust => value,
        value => quote!(#name: #value),
    }
}

fn setter(field: &Field, in_answer: bool) -> TokenStream {
    let name = ident(&field.rust);
    let doc = Doc::of(&sentence(field)).tokens();
    let argument = argument(&ident("value"), field);
    let value = stored(&ident("value"), field, in_answer);
    quote! {
        #doc
        #[must_use]
        pub fn #name(mut self, #argument) -> Self {
            self.#name = #value;
            self
        }
    }
}

/// An argument as the field keeps it.
fn stored(name: &Ident, field: &Field, in_answer: bool) -> TokenStream {
    let mut value = match &field.ty {
        ty if ty::is_passed_by_value(ty) => quote!(#name),
        Type::Text => quote!(#name.to_owned()),
        Type::List(_) => quote!(#name.to_vec()),
        _ => quote!(#name.clone()),
    };
    if field.indirect {
        value = quote!(Box::new(#value));
    }
    if ty::is_optional(field, in_answer) { quote!(Some(#value)) } else { value }
}

/// The wire name, the field and the kind of each field, and in objects of requests what it means, for calls by name.
/// The macro makes the implementations that the directions need.
fn table(object: &Object) -> String {
    let name = match (object.in_request, object.in_answer) {
        (true, true) => "shared_object",
        (true, false) => "request_object",
        (false, _) => "answer_object",
    };
    let mut table = format!("dingtalk_runtime::{name}!({} {{\n", object.name);
    for field in &object.fields {
        let modifiers = [
            (field.required && object.in_request, "required "),
            (field.always && object.in_answer, "always "),
            (field.indirect, "boxed "),
        ];
        let modifiers: String = modifiers.iter().filter(|(applies, _)| *applies).map(|(_, word)| *word).collect();
        let doc = if object.in_request { format!(" {:?}", sentence(field)) } else { String::new() };
        let _ = writeln!(table, "    {:?} => {}: {modifiers}{}{doc},", field.wire, field.rust, kind(&field.ty));
    }
    table.push_str("});\n");
    table
}

fn kind(ty: &Type) -> &'static str {
    match ty {
        Type::Text | Type::Id(_) | Type::Enum(_) | Type::ErrorCode => "text",
        Type::Int64 => "integer",
        Type::Int32 => "small_integer",
        Type::Bool => "boolean",
        Type::Time => "time",
        Type::Any => "any",
        Type::Object(_) | Type::LocalObject(_) => "object",
        Type::List(_) => "list",
        Type::Map(_) => "map",
        Type::MapOrList(_) => "map_or_list",
    }
}
