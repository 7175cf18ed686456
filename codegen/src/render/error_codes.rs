//! The error codes of the API, as a part of the runtime, which decides by them.

use std::fmt::Write as _;

use dingtalk_storage_spec::model::ErrorClass;
use proc_macro2::TokenStream;
use quote::quote;

use super::layout::{Item, RustFile};
use super::markdown::one_line;
use super::operation::variant;
use crate::ir::{Api, ErrorCode};

/// Classes with what they mean, in the order of the spec.
const CLASSES: [(ErrorClass, &str); 15] = [
    (ErrorClass::Parameter, "A parameter is missing or wrong."),
    (ErrorClass::Token, "The access token is missing, wrong or expired."),
    (ErrorClass::Credentials, "The credentials of the app are wrong or not authorized."),
    (ErrorClass::Scope, "The app lacks a permission, or calls from an address that is not allowed."),
    (ErrorClass::Permission, "The operator lacks a right on the thing."),
    (ErrorClass::Missing, "The thing does not exist."),
    (ErrorClass::Conflict, "The thing exists already, or the name is taken."),
    (ErrorClass::Capacity, "Storage capacity is used up."),
    (ErrorClass::Throttled, "Too many calls in a short time. Not applied, so it may be sent again a little later."),
    (ErrorClass::Exhausted, "The calls of the month or day are used up. Sending again does not help."),
    (ErrorClass::Concurrency, "Something else works on the same thing. Not applied, so it may be sent again."),
    (ErrorClass::Unsupported, "The thing does not support it."),
    (ErrorClass::Content, "The content was refused, or is not in the state that it should be in."),
    (ErrorClass::Server, "The server had a problem. Whether the call was applied is not known."),
    (ErrorClass::Timeout, "The server ran out of time. Whether the call was applied is not known."),
];

/// `error_code.rs`.
pub fn file(api: &Api) -> RustFile<'static> {
    RustFile {
        path: "crates/runtime/src/error_code.rs".to_owned(),
        source: "errors.yaml",
        doc: "Error codes of the API: what each means and what to do about it.".to_owned(),
        items: vec![Item::Table(table(&api.errors)), Item::Code(classes())],
    }
}

/// One row for each code; a macro of the runtime makes everything about it. Meaning and advice are word for word as in
/// the spec; where rustdoc needs marks in the meaning, it gets a text of its own.
fn table(codes: &[ErrorCode]) -> String {
    let mut table = String::from("error_codes! {\n");
    for ErrorCode { wire, rust, class, meaning, advice } in codes {
        let doc = one_line(meaning);
        let doc = if doc == *meaning { String::new() } else { format!(" as {doc:?}") };
        let _ = writeln!(table, "    {wire:?} => {rust}: {class:?}, {meaning:?}{doc}, {advice:?};");
    }
    table.push_str("}\n");
    table
}

fn classes() -> TokenStream {
    let names = CLASSES.iter().map(|(class, _)| variant(class));
    let docs = CLASSES.iter().map(|(_, doc)| format!(" {doc}"));
    quote! {
        /// What kind of trouble an error code is.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
        #[non_exhaustive]
        pub enum ErrorClass {
            #(#[doc = #docs] #names,)*
            /// A code that this version does not know and cannot place.
            Unknown,
        }
    }
}
