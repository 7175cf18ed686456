//! A full request and a full answer of each operation, made from the examples of the spec, and a test for each.

mod request;
mod value;

use serde_json::{Map, Value, json};

use super::layout::{Item, RustFile};
use crate::error::Error;
use crate::ir::{Api, Operation};
use crate::names::ident;
use crate::output::Output;
use proc_macro2::TokenStream;
use quote::quote;

/// Renders the examples as JSON and the tests that use them.
pub fn render(api: &Api, output: &mut Output) -> Result<(), Error> {
    let operations = || api.families.iter().flat_map(|family| &family.operations);
    let mut examples = Map::new();
    examples.insert("$comment".to_owned(), format!("{} generate from spec/api. Do not edit.", Output::MARK).into());
    for operation in operations() {
        examples.insert(operation.full_name.clone(), example(api, operation));
    }
    output.add("tests/examples/operations.json", format!("{:#}\n", Value::Object(examples)))?;
    RustFile {
        path: "tests/examples/main.rs",
        source: "api",
        doc: "Every operation by its example: what is sent, and what is read.",
        head: quote!(
            mod check;
        ),
        items: operations().map(test).map(Item::Code).collect(),
    }
    .add_to(output)
}

fn example(api: &Api, operation: &Operation) -> Value {
    let answer = operation.response.as_ref().map(|response| value::object(api, operation, &response.fields));
    json!({
        "parameters": request::parameters(api, operation),
        "request": request::on_the_wire(api, operation),
        "answer": answer,
    })
}

fn test(operation: &Operation) -> TokenStream {
    let name = ident(&operation.full_name.replace(&operation.name, &operation.module).replace('.', "_"));
    let operation = &operation.full_name;
    quote! {
        #[test]
        fn #name() {
            check::operation(#operation);
        }
    }
}
