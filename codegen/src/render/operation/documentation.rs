//! The documentation of an operation: what a caller must know, then how a call looks.

use dingtalk_storage_spec::model;

use crate::ir::{Api, Family, Operation, Parameter, Type};
use crate::lower::documentation as address_of;
use crate::names::word;
use crate::render::doc::{Doc, documentation_link};
use crate::render::example;
use crate::render::markdown::{code_span, marked};

/// The documentation of the method that makes the request, after the summary.
pub fn of(api: &Api, family: &Family, operation: &Operation) -> Doc {
    let limits: Vec<_> = operation.required().filter_map(|(_, parameter)| limit(parameter)).collect();
    let limits = (!limits.is_empty()).then(|| format!("Limits: {}.", limits.join(", ")));
    let page = operation.page_slug.as_ref().map(|(slug, language)| address_of(slug, *language));
    Doc::of(operation.details.as_deref().unwrap_or_default())
        .entries(status(operation.status).map(str::to_owned))
        .markdown_entries([format!("{} {}", access(operation), marked(&effect(operation)))])
        .entries(limits)
        .quirks(&operation.quirks)
        .markdown_entries(page.map(|address| documentation_link(&address)))
        .lines(example::lines(api, family, operation))
}

fn status(status: model::Status) -> Option<&'static str> {
    match status {
        model::Status::Current => None,
        model::Status::Legacy => Some("Legacy: its page is retired, so it may stop working."),
        model::Status::Undocumented => Some("Undocumented: only the official SDK has it."),
    }
}

fn access(operation: &Operation) -> String {
    let scope = operation.scope.as_ref().map_or_else(|| "not known".to_owned(), |scope| code_span(scope));
    let apps = match operation.apps.as_slice() {
        [] => "",
        [model::App::Internal] => ", for internal apps",
        [model::App::ThirdParty] => ", for third-party apps",
        _ => ", for internal and third-party apps",
    };
    let person = if operation.token == model::Token::User { " It is called with the token of a person." } else { "" };
    format!("Scope: {scope}{apps}.{person}")
}

fn effect(operation: &Operation) -> String {
    let reason = operation.effect_reason.as_ref().map(|reason| format!(" {reason}")).unwrap_or_default();
    format!("Effect: {}.{reason}", word(operation.effect))
}

fn limit(parameter: &Parameter) -> Option<String> {
    let max = parameter.field.max?;
    let bound = if matches!(parameter.field.ty, Type::List(_) | Type::Map(_)) { "at most" } else { "up to" };
    let unit = if parameter.field.ty == Type::File { " bytes" } else { "" };
    Some(format!("`{}` {bound} {max}{unit}", parameter.field.rust))
}
