//! Rust types of fields, parameters and arguments.

use proc_macro2::TokenStream;
use quote::quote;

use crate::ir::{Field, Type};
use crate::names::ident;

/// A type as it stands in a table.
pub fn text(ty: &TokenStream) -> String {
    ty.to_string().replace(' ', "").replace(',', ", ")
}

/// The type of one value, owned.
pub fn owned(ty: &Type) -> TokenStream {
    match ty {
        Type::Text => quote!(String),
        Type::Int32 => quote!(i32),
        Type::Int64 => quote!(i64),
        Type::Uint64 => quote!(u64),
        Type::Bool => quote!(bool),
        Type::Time | Type::Timestamp => quote!(runtime::Time),
        Type::ErrorCode => quote!(runtime::ErrorCode),
        Type::Any => quote!(serde_json::Value),
        Type::File => quote!(runtime::FormFile),
        Type::Id(name) | Type::Enum(name) | Type::Object(name) | Type::LocalObject(name) => {
            let name = ident(name);
            quote!(#name)
        }
        Type::List(inner) => {
            let inner = owned(inner);
            quote!(Vec<#inner>)
        }
        Type::Map(inner) => {
            let inner = owned(inner);
            quote!(BTreeMap<String, #inner>)
        }
        Type::MapOrList(inner) => {
            let inner = owned(inner);
            quote!(runtime::MapOrList<#inner>)
        }
    }
}

/// The type of a field that is handed in; one that may be `null` is an option.
pub fn argument(field: &Field) -> TokenStream {
    let ty = argument_of(&field.ty);
    if field.nullable { quote!(Option<#ty>) } else { ty }
}

/// The type of a value that is handed in: small ones by value, the rest by reference.
fn argument_of(ty: &Type) -> TokenStream {
    match ty {
        Type::Text => quote!(&str),
        Type::List(inner) => {
            let inner = owned(inner);
            quote!(&[#inner])
        }
        ty if is_passed_by_value(ty) => owned(ty),
        ty => {
            let ty = owned(ty);
            quote!(&#ty)
        }
    }
}

/// Numbers, flags and enums: an enum is mostly a name, and `&Role::Editor` reads badly.
pub fn is_passed_by_value(ty: &Type) -> bool {
    matches!(ty, Type::Int32 | Type::Int64 | Type::Uint64 | Type::Bool | Type::Enum(_))
}

/// The type of a field of an object.
pub fn of_field(field: &Field, in_answer: bool) -> TokenStream {
    let ty = of_value(field);
    if is_optional(field, in_answer) { quote!(Option<#ty>) } else { ty }
}

/// The type of a field that has a value.
pub fn of_value(field: &Field) -> TokenStream {
    let mut ty = owned(&field.ty);
    if field.nullable {
        ty = quote!(runtime::Nullable<#ty>);
    }
    if field.indirect {
        ty = quote!(Box<#ty>);
    }
    ty
}

/// Whether a field of an object is an `Option`. Lists and maps of answers are empty instead; an answer may lack
/// anything but what it always has, also what a request must have.
pub fn is_optional(field: &Field, in_answer: bool) -> bool {
    let is_collection = matches!(field.ty, Type::List(_) | Type::Map(_)) && !field.nullable;
    if in_answer { !field.always && !is_collection } else { !field.required }
}
