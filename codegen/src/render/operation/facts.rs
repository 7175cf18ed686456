//! The static facts of an operation.

use std::fmt::Write as _;

use dingtalk_storage_spec::model;
use proc_macro2::Ident;

use crate::ir::{Family, Operation, Parameter, Place};
use crate::names::{camel, ident, number};
use crate::render::markdown::one_line;

/// One line for each fact; what is as in most operations is left to the family.
pub fn write(table: &mut String, family: &Family, operation: &Operation) {
    let Operation { full_name, summary, path, group, effect, .. } = operation;
    let method = camel(&operation.method.to_lowercase());
    let mut fact = |name: &str, value: &dyn std::fmt::Display| {
        let _ = writeln!(table, "    {name}: {value},");
    };
    fact("name", &format!("{full_name:?}"));
    if one_line(summary) != *summary || summary.contains(char::is_control) {
        fact("summary", &format!("{summary:?}"));
    }
    fact("method", &method);
    fact("path", &format!("{path:?}"));
    if let Some(elements) = operation.batch.as_ref().and_then(|batch| operation.parameters.get(batch.items)) {
        fact("elements", &elements.field.rust);
    }
    fact("errors", &errors(operation));
    match operation.body {
        None => {}
        Some(model::Encoding::Json) => fact("body", &true),
        Some(model::Encoding::Form) => fact("form", &form(operation)),
    }
    fact("group", &format!("{group:?}"));
    fact("effect", &format!("runtime::Effect::{effect:?}"));
    if let Some(scope) = &operation.scope {
        fact("scope", &format!("Some({scope:?})"));
    }
    if let Some((slug, language)) = &operation.page_slug {
        fact("page", &format!("Some({slug:?})"));
        if *language == model::Language::Zh {
            fact("language", &"runtime::Language::Zh");
        }
    }
    if operation.status != model::Status::Current {
        fact("status", &format!("runtime::Status::{:?}", operation.status));
    }
    if operation.apps.len() != 2 {
        let apps: Vec<_> = operation.apps.iter().map(|app| format!("runtime::App::{app:?}")).collect();
        fact("apps", &format!("&[{}]", apps.join(", ")));
    }
    if operation.token != family.token {
        fact("token", &format!("runtime::Token::{:?}", operation.token));
    }
}

/// `["400 paramError paramError.name 403 permissionDenied"]`: one line instead of one for each code.
fn errors(operation: &Operation) -> String {
    let statuses = operation.errors.iter().map(|(status, codes)| format!("{status} {}", codes.join(" ")));
    let list = statuses.collect::<Vec<_>>().join(" ");
    if list.is_empty() { "[]".to_owned() } else { format!("[{list:?}]") }
}

/// The largest files that the form takes, those with conditions after those without.
fn form(operation: &Operation) -> String {
    let parts = operation.parameters.iter().filter(|parameter| parameter.place == Place::Part);
    let limits = parts.flat_map(|Parameter { field, .. }| {
        let sometimes = field.accepts.iter().filter_map(|rule| {
            let when: Vec<_> = rule.when.iter().map(|(part, value)| format!("({part:?}, {value:?})")).collect();
            Some((when.join(", "), rule.max?))
        });
        let limits = field.max.map(|max| (String::new(), max)).into_iter().chain(sometimes);
        limits.map(|(when, max)| format!("runtime::FileLimit::new({:?}, &[{when}], {})", field.wire, number(max)))
    });
    format!("Some(&[{}])", limits.collect::<Vec<_>>().join(", "))
}

/// Name of a variant; those of the model and of the runtime are the same.
pub fn variant(value: impl std::fmt::Debug) -> Ident {
    ident(&format!("{value:?}"))
}
