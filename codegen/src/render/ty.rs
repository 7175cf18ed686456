//! Rust types of fields, parameters and arguments.

use proc_macro2::{Ident, TokenStream};
use quote::quote;

use crate::ir::{Field, Type};

/// The type of one value, owned.
pub fn owned(ty: &Type) -> String {
    let plain = match ty {
        Type::Text => "String",
        Type::Int32 => "i32",
        Type::Int64 => "i64",
        Type::Uint64 => "u64",
        Type::Bool => "bool",
        Type::Time | Type::Timestamp => "runtime::Time",
        Type::ErrorCode => "runtime::ErrorCode",
        Type::Any => "serde_json::Value",
        Type::File => "runtime::FormFile",
        Type::Id(name) | Type::Enum(name) | Type::Object(name) | Type::LocalObject(name) => name,
        Type::List(inner) => return format!("Vec<{}>", owned(inner)),
        Type::Map(inner) => return format!("BTreeMap<String, {}>", owned(inner)),
        Type::MapOrList(inner) => return format!("runtime::MapOrList<{}>", owned(inner)),
    };
    plain.to_owned()
}

/// The type of a field that is handed in: small ones by value, the rest by reference; one that may be `null` is an
/// option.
pub fn argument(field: &Field) -> String {
    let ty = match &field.ty {
        Type::Text => "&str".to_owned(),
        Type::List(inner) => format!("&[{}]", owned(inner)),
        ty if is_passed_by_value(ty) => owned(ty),
        ty => format!("&{}", owned(ty)),
    };
    if field.nullable { format!("Option<{ty}>") } else { ty }
}

/// An argument of this name for a field.
pub fn named_argument(name: &Ident, field: &Field) -> TokenStream {
    let ty: TokenStream = argument(field).parse().unwrap_or_default();
    quote!(#name: #ty)
}

/// Numbers, flags and enums: an enum is mostly a name, and `&Role::Editor` reads badly.
pub fn is_passed_by_value(ty: &Type) -> bool {
    matches!(ty, Type::Int32 | Type::Int64 | Type::Uint64 | Type::Bool | Type::Enum(_))
}

/// The type of a field of an object.
pub fn of_field(field: &Field, in_answer: bool) -> String {
    let ty = of_value(field);
    if is_optional(field, in_answer) { format!("Option<{ty}>") } else { ty }
}

/// The type of a field that has a value.
pub fn of_value(field: &Field) -> String {
    let ty = owned(&field.ty);
    let ty = if field.nullable { format!("runtime::Nullable<{ty}>") } else { ty };
    if field.indirect { format!("Box<{ty}>") } else { ty }
}

/// Whether a field of an object is an `Option`. Lists and maps of answers are empty instead; an answer may lack
/// anything but what it always has, also what a request must have.
pub fn is_optional(field: &Field, in_answer: bool) -> bool {
    let is_collection = matches!(field.ty, Type::List(_) | Type::Map(_)) && !field.nullable;
    if in_answer { !field.always && !is_collection } else { !field.required }
}
