//! What the emulator knows of each operation, and what became of its calls.

use maud::{Markup, html};

use super::journal::{fault_table, newest};
use super::table::table;
use super::{Page, operation_name};
use crate::contract::{Field, Operation, Shape, Status, contract};
use crate::operations::handler;
use crate::shared::Shared;

/// All operations.
pub fn list(shared: &Shared) -> Page {
    let counts = shared.journal().counts().clone();
    let rows: Vec<Markup> = contract()
        .operations
        .iter()
        .map(|operation| {
            let calls = counts.calls.get(&operation.name).copied().unwrap_or_default();
            html! {
                tr {
                    td { (operation_name(&operation.name)) (marks(operation)) }
                    td { code { (operation.method) " " (operation.path) } }
                    td.number { @if calls > 0 { (calls) } }
                }
            }
        })
        .collect();
    Page { title: "Operations".to_owned(), main: table("Operations", &["Operation", "Request", "Calls"], &rows, "") }
}

/// One operation, by its name.
pub fn page(shared: &Shared, name: &str) -> Option<Page> {
    let operation = contract().operation(name)?;
    let faults: Vec<_> = {
        let all = shared.faults().reports();
        all.into_iter().filter(|report| report.fault.is_named(&operation.name)).collect()
    };
    let main = html! {
        p.name { (operation.name) (marks(operation)) }
        div.http { b { (operation.method) } span { (operation.path) } }
        @if let Some(scope) = &operation.scope { dl.facts { dt { "Scope" } dd { code { (scope) } } } }
        h2 { "Calls" }
        (newest(shared, &operation.name))
        h2 { "Faults that are about it" }
        (fault_table(&faults, "None."))
        h2 { "Request" }
        @for (title, fields) in [("In the path", &operation.path_parameters), ("In the query", &operation.query), ("In the body", &operation.body)] {
            @if !fields.is_empty() { h3 { (title) } (field_table(title, fields)) }
        }
        h2 { "Answer" }
        (field_table("Answer", &operation.response))
        h2 { "Refusals" }
        (refusals(operation))
    };
    let title = operation.name.split_once('.').map_or(operation.name.as_str(), |(_, name)| name);
    Some(Page { title: title.to_owned(), main })
}

fn marks(operation: &Operation) -> Markup {
    html! {
        @match operation.status {
            Status::Current => {}
            Status::Legacy => { " " span.badge.warn { "legacy" } }
            Status::Undocumented => { " " span.badge.warn { "undocumented" } }
        }
        @if handler(&operation.name).is_none() { " " span.badge.must { "not emulated" } }
    }
}

fn field_table(label: &str, fields: &[Field]) -> Markup {
    let mut rows = Vec::new();
    collect("", fields, &mut rows);
    table(label, &["Name", "Type", "Limits"], &rows, "Nothing.")
}

/// Fields, and those of objects that only this place has, with their dotted names.
fn collect(before: &str, fields: &[Field], rows: &mut Vec<Markup>) {
    for field in fields {
        let name = format!("{before}{}", field.name);
        let limits: Vec<String> = [
            field.min.map(|min| format!("at least {min}")),
            field.max.map(|max| format!("at most {max}")),
            field.default.as_ref().map(|default| format!("default {default}")),
        ]
        .into_iter()
        .flatten()
        .collect();
        rows.push(html! {
            tr {
                td {
                    code { (name) }
                    @if field.required { " " span.badge.must { "required" } }
                    @if field.always { " " span.badge.good { "always" } }
                }
                td { (words(&field.shape)) }
                td { (limits.join(", ")) }
            }
        });
        if let Shape::Object(within) = inner(&field.shape) {
            collect(&format!("{name}."), within, rows);
        }
    }
}

/// What lists and maps hold.
fn inner(shape: &Shape) -> &Shape {
    match shape {
        Shape::List(of) | Shape::Map(of) => inner(of),
        shape => shape,
    }
}

fn words(shape: &Shape) -> String {
    match shape {
        Shape::Text => "string".to_owned(),
        Shape::Id => "id".to_owned(),
        Shape::Int32 => "int32".to_owned(),
        Shape::Int64 => "int64".to_owned(),
        Shape::Uint64 => "uint64".to_owned(),
        Shape::Bool => "bool".to_owned(),
        Shape::Time => "time".to_owned(),
        Shape::ErrorCode => "error code".to_owned(),
        Shape::Any => "any".to_owned(),
        Shape::File => "file".to_owned(),
        Shape::Enum(values) => values.join(" | "),
        Shape::Shared(name) => name.clone(),
        Shape::Object(_) => "object".to_owned(),
        Shape::List(of) => format!("list of {}", words(of)),
        Shape::Map(of) => format!("map to {}", words(of)),
    }
}

fn refusals(operation: &Operation) -> Markup {
    let rows: Vec<Markup> = operation
        .errors
        .iter()
        .map(|(code, status)| {
            html! { tr { td.number { (status) } td { code { (code) } } td { (contract().meaning(code)) } } }
        })
        .collect();
    table("Refusals", &["HTTP", "Code", "Meaning"], &rows, "Its page lists none.")
}
