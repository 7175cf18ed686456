//! The documentation of an operation: what a caller must know, then how a call looks.

use dingtalk_storage_spec::model;

use crate::ir::{Api, Family, Operation, Parameter, Type};
use crate::lower::documentation as address_of;
use crate::render::doc::Doc;
use crate::render::markdown::{code_span, marked};
use crate::render::{example, quirks};

/// The documentation of the method that makes the request, after the summary.
pub fn of(api: &Api, family: &Family, operation: &Operation) -> Doc {
    let mut doc = Doc::default();
    if let Some(details) = &operation.details {
        doc.paragraph(details);
    }
    if let Some(status) = status(operation.status) {
        doc.entry(status);
    }
    doc.markdown_entry(&format!("{} {}", access(operation), marked(&effect(operation))));
    let limits: Vec<_> = operation.required().filter_map(|(_, parameter)| limit(parameter)).collect();
    if !limits.is_empty() {
        doc.entry(&format!("Limits: {}.", limits.join(", ")));
    }
    quirks::add(&mut doc, &operation.quirks);
    if let Some((slug, language)) = &operation.page_slug {
        doc.link_entry(&address_of(slug, *language));
    }
    doc.lines(example::lines(api, family, operation));
    doc
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
    let effect = format!("Effect: {:?}.", operation.effect).to_lowercase().replacen('e', "E", 1);
    match &operation.effect_reason {
        Some(reason) => format!("{effect} {reason}"),
        None => effect,
    }
}

fn limit(parameter: &Parameter) -> Option<String> {
    let max = parameter.field.max?;
    let bound = if matches!(parameter.field.ty, Type::List(_) | Type::Map(_)) { "at most" } else { "up to" };
    let unit = if parameter.field.ty == Type::File { " bytes" } else { "" };
    Some(format!("`{}` {bound} {max}{unit}", parameter.field.rust))
}
