//! The table of an operation, from which a macro of the runtime makes its facts, its call, its request and its call by name.

use dingtalk_storage_spec::model::ListStyle;

use super::{documentation, facts};
use crate::ir::{Api, Family, Operation, Parameter, Place, Type};
use crate::render::links::Links;
use crate::render::markdown::one_line;
use crate::render::ty;

/// What it does, what it takes, and its facts.
pub fn operation(api: &Api, family: &Family, operation: &Operation, links: &Links) -> String {
    let Operation { module, name, .. } = operation;
    // One line, of which the facts take the summary.
    let summary = one_line(&operation.summary);
    let doc = links.of_text(&documentation::of(api, family, operation).text(4));
    let required = block(operation.required().map(|(_, parameter)| row(api, parameter, links)));
    let optional = block(operation.optional().map(|parameter| row(api, parameter, links)));
    let (answer, facts) = (answer(operation), facts::lines(family, operation));
    format!(
        "runtime::__private::operation! {{\n    /// {summary}\n    ///\n{doc}    \
         pub fn {module}({required}) -> {name} {{{optional}}} -> {answer};\n{facts}}}\n"
    )
}

/// The type of the answer.
pub fn answer(operation: &Operation) -> &str {
    operation.response.as_ref().map_or("()", |response| &response.name)
}

/// Where a parameter goes: the method that puts it there, and its names on the wire.
pub fn place(parameter: &Parameter) -> String {
    let wire = &parameter.field.wire;
    match &parameter.place {
        Place::Token => format!("user_token {wire:?}"),
        Place::Path => format!("path {wire:?}"),
        Place::Query(None) => format!("query {wire:?}"),
        Place::Query(Some(ListStyle::Indexed)) => format!("query_indexed {wire:?}"),
        Place::Query(Some(ListStyle::Json)) => format!("query_json {wire:?}"),
        Place::Part if parameter.field.ty == Type::File => format!("form_file {wire:?}"),
        Place::Part => format!("form {wire:?}"),
        Place::Body(None) => format!("body {wire:?}"),
        Place::Body(Some(object)) => format!("body_in {object:?} {wire:?}"),
    }
}

fn row(api: &Api, parameter: &Parameter, links: &Links) -> String {
    let field = &parameter.field;
    let doc = links.of_field(api, field);
    let form = match field.ty.core() {
        Type::Timestamp => " as timestamp",
        _ if field.numeric => " as numeric",
        _ => "",
    };
    let ty = ty::argument(field);
    format!("{doc}        {} => {}: {ty}{form},\n", place(parameter), field.rust)
}

/// Rows between brackets.
fn block(rows: impl Iterator<Item = String>) -> String {
    let rows: String = rows.collect();
    if rows.is_empty() { rows } else { format!("\n{rows}    ") }
}
