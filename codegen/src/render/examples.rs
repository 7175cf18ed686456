//! A full request and a full answer of each operation, made from the examples of the spec, and a test for each.
//!
//! Each operation has a file of its own, so that a change of one shows as a change of one.

mod request;
mod value;

pub use request::{on_the_wire as request, parameters};
pub use value::{answer, least, on_the_wire, text};

use dingtalk_storage_spec::model::Envelope;
use serde_json::{Map, Value, json};

use super::layout::{Item, RustFile};
use crate::ir::{Api, Family, Operation};
use crate::names::ident;
use crate::output::Output;
use proc_macro2::TokenStream;
use quote::quote;

/// The examples as JSON, each with its path.
pub fn files(api: &Api) -> impl Iterator<Item = (String, String)> {
    api.operations().map(|(family, operation)| {
        let path = format!("tests/examples/{}/{}.json", family.name, operation.module);
        (path, format!("{:#}\n", example(api, operation)))
    })
}

/// The tests that use them.
pub fn tests(api: &Api) -> RustFile<'static> {
    let families = api.families.iter().map(tests_of_family);
    let code = quote! {
        #![cfg_attr(rustfmt, rustfmt_skip)]
        #[path = "../tests/examples/check.rs"]
        mod the_example;
        #(#families)*
    };
    RustFile {
        path: "tests/examples/main.rs".to_owned(),
        source: "api",
        doc: "Every operation by its example: what is sent, and what is read.".to_owned(),
        items: vec![Item::Code(code)],
    }
}

/// An answer with what the family puts around it.
pub fn within_envelope(envelope: Envelope, answer: Option<Value>) -> Value {
    let mut around = Map::from_iter([("errcode".to_owned(), json!(0)), ("errmsg".to_owned(), json!("ok"))]);
    match (envelope, answer) {
        (Envelope::Plain, answer) => return answer.unwrap_or_else(|| json!({})),
        (Envelope::Errcode, Some(answer)) => drop(around.insert("result".to_owned(), answer)),
        (Envelope::Flat, Some(Value::Object(answer))) => around.extend(answer),
        (Envelope::Errcode | Envelope::Flat, _) => {}
    }
    Value::Object(around)
}

/// The body of a request with all of its fields.
pub fn body(api: &Api, operation: &Operation) -> Value {
    request(api, operation).get_mut("body").map(Value::take).unwrap_or_default()
}

fn example(api: &Api, operation: &Operation) -> Value {
    json!({
        "$comment": format!("{} generate from spec/{}. Do not edit.", Output::MARK, operation.source),
        "operation": operation.full_name,
        "parameters": parameters(api, operation),
        "request": request(api, operation),
        "answer": answer(api, operation),
    })
}

/// The tests of a family are in a module of their own: no name of one is that of another.
fn tests_of_family(family: &Family) -> TokenStream {
    let name = ident(&family.name);
    let tests = family.operations.iter().map(|operation| ident(&operation.module));
    let operations = family.operations.iter().map(|operation| &operation.full_name);
    quote! {
        mod #name {
            #(
                #[test]
                fn #tests() {
                    crate::the_example::agrees(#operations);
                }
            )*
        }
    }
}
