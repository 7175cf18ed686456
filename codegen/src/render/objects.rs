//! Objects: the struct with what its fields are on the wire, and how a request makes one.

use std::fmt::Write as _;

use proc_macro2::{Ident, TokenStream};
use quote::quote;

use super::doc::Doc;
use super::layout::Item;
use super::links::Links;
use super::{lints, ty};
use crate::ir::{Api, Field, Object, Type};
use crate::names::{self, ident};

/// The items of an object; its documentation may name what `links` knows.
pub fn items(api: &Api, object: &Object, links: &Links) -> Vec<Item> {
    let table = table(api, object, &links.clone().with_fields(object));
    let constructors = object.in_request.then(|| Item::Code(constructors(object)));
    let signed = object.fields.iter().filter(|_| object.in_answer).filter_map(|field| signed(object, field));
    std::iter::once(Item::Table(table)).chain(constructors).chain(signed.map(Item::Table)).collect()
}

/// The way from signed URLs to their bytes: where the URLs are, and the headers that go along.
fn signed(object: &Object, field: &Field) -> Option<String> {
    let headers = field.signed.as_ref()?.headers.as_ref();
    let headers = headers.and_then(|wire| object.field(wire));
    let urls = match &field.ty {
        Type::List(_) => format!("list {}", field.rust),
        _ if !ty::is_optional(field, true) => format!("one {}", field.rust),
        _ => format!("given {}", field.rust),
    };
    let headers = headers.map(|headers| format!(", {}", headers.rust)).unwrap_or_default();
    Some(format!("runtime::__private::signed!({}: {urls}{headers});\n", object.name))
}

/// `new` with what a request must have, and a setter for the rest.
fn constructors(object: &Object) -> TokenStream {
    let name = ident(&object.name);
    let required: Vec<_> = object.fields.iter().filter(|field| field.required).collect();
    let arguments = required.iter().map(|field| ty::named_argument(&ident(&field.rust), field));
    let fields = required.iter().map(|field| initial(field, object.in_answer));
    // An object of answers also has a field of its own that tells where it came from.
    let has_more = object.in_answer || required.len() < object.fields.len();
    let rest = has_more.then(|| quote!(..Self::default()));
    let body = if required.is_empty() { quote!(Self::default()) } else { quote!(Self { #(#fields,)* #rest }) };
    let setters = object.fields.iter().filter(|field| !field.required).map(|field| setter(field, object.in_answer));
    let allowed = lints::of_arguments(required.iter().copied(), 0);
    let doc = if required.is_empty() { " Nothing set." } else { " With what a request must have." };
    quote! {
        impl #name {
            #[doc = #doc]
            #[must_use]
            #allowed
            pub fn new(#(#arguments),*) -> Self {
                #body
            }

            #(#setters)*
        }
    }
}

fn initial(field: &Field, in_answer: bool) -> TokenStream {
    let name = ident(&field.rust);
    match stored(&name, field, in_answer) {
        value if value.to_string() == field.rust => value,
        value => quote!(#name: #value),
    }
}

fn setter(field: &Field, in_answer: bool) -> TokenStream {
    let (name, method) = (ident(&field.rust), ident(&names::setter(&field.rust, in_answer)));
    let doc = format!(" Sets `{}`.", field.rust);
    let argument = ty::named_argument(&ident("value"), field);
    let mut value = stored(&ident("value"), field, in_answer);
    if field.ty == Type::Text && !field.nullable && !ty::is_optional(field, in_answer) {
        // Clippy wants a text that takes the place of another to be copied into it.
        value = quote!(String::from(value));
    }
    quote! {
        #[doc = #doc]
        #[must_use]
        pub fn #method(mut self, #argument) -> Self {
            self.#name = #value;
            self
        }
    }
}

/// An argument as the field keeps it.
fn stored(name: &Ident, field: &Field, in_answer: bool) -> TokenStream {
    let mut value = match &field.ty {
        ty if ty::is_passed_by_value(ty) => quote!(#name),
        Type::Text if field.nullable => quote!(#name.map(str::to_owned)),
        Type::List(_) if field.nullable => quote!(#name.map(<[_]>::to_vec)),
        _ if field.nullable => quote!(#name.cloned()),
        Type::Text => quote!(#name.to_owned()),
        Type::List(_) => quote!(#name.to_vec()),
        _ => quote!(#name.clone()),
    };
    if field.nullable {
        value = quote!(#value.into());
    }
    if field.indirect {
        value = quote!(Box::new(#value));
    }
    if ty::is_optional(field, in_answer) { quote!(Some(#value)) } else { value }
}

/// The struct, and for each field also its name on the wire and what reads it; `?` marks one that is an `Option`. A macro
/// makes what the directions need.
fn table(api: &Api, object: &Object, links: &Links) -> String {
    let name = match (object.in_request, object.in_answer) {
        (true, true) => "shared_object",
        (true, false) => "request_object",
        (false, _) => "answer_object",
    };
    let doc = links.of_text(&Doc::of(&object.doc).quirks(&object.quirks).text(4));
    let hashed = if object.hashed { ": Hash" } else { "" };
    let mut table = format!("runtime::__private::{name}! {{\n{doc}    pub struct {}{hashed} {{\n", object.name);
    for field in &object.fields {
        let modifiers = [
            (field.required && object.in_request, "required "),
            (field.always && object.in_answer, "always "),
            (field.indirect, "boxed "),
            (field.nullable, "nullable "),
            (*field.ty.core() == Type::Timestamp, "timestamp "),
            (field.numeric, "numeric "),
        ];
        let modifiers: String = modifiers.iter().filter(|(applies, _)| *applies).map(|(_, word)| *word).collect();
        let (doc, Field { wire, rust, .. }) = (links.of_field(api, field), field);
        let optional = if ty::is_optional(field, object.in_answer) { "?" } else { "" };
        let (ty, kind) = (ty::of_value(field), kind(&field.ty));
        let _ = writeln!(table, "{doc}        {wire:?} => {rust}{optional}: {ty} as {modifiers}{kind},");
    }
    table.push_str("    }\n}\n");
    table
}

fn kind(ty: &Type) -> &'static str {
    match ty {
        Type::Text | Type::Id(_) | Type::Enum(_) | Type::ErrorCode => "text",
        Type::Int64 => "integer",
        Type::Uint64 => "unsigned",
        Type::Int32 => "small_integer",
        Type::Bool => "boolean",
        Type::Time | Type::Timestamp => "time",
        // The checks let no object hold a file.
        Type::Any | Type::File => "any",
        Type::Object(_) | Type::LocalObject(_) => "object",
        Type::List(_) => "list",
        Type::Map(_) => "map",
        Type::MapOrList(_) => "map_or_list",
    }
}
