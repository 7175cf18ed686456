//! The static facts of an operation.

use dingtalk_storage_spec::model::{Encoding, Language, Status};
use proc_macro2::Ident;

use crate::ir::{Family, Operation, Parameter, Place};
use crate::names::{camel, ident, number};
use crate::render::markdown::one_line;

/// One line for each fact; what is as in most operations is left to the family.
pub fn lines(family: &Family, operation: &Operation) -> String {
    let Operation { full_name, summary, path, group, effect, status, token, .. } = operation;
    let is_other = one_line(summary) != *summary || summary.contains(char::is_control);
    let elements = operation.batch.as_ref().and_then(|batch| operation.parameters.get(batch.items));
    let (page, language) = operation.page_slug.as_ref().map(|(slug, language)| (slug, language)).unzip();
    let apps: Vec<_> = operation.apps.iter().map(|app| format!("runtime::App::{app:?}")).collect();
    let facts = [
        ("name", Some(format!("{full_name:?}"))),
        ("summary", is_other.then(|| format!("{summary:?}"))),
        ("method", Some(camel(&operation.method.to_lowercase()))),
        ("path", Some(format!("{path:?}"))),
        ("elements", elements.map(|elements| elements.field.rust.clone())),
        ("errors", Some(errors(operation))),
        ("body", (operation.body == Some(Encoding::Json)).then(|| "true".to_owned())),
        ("form", (operation.body == Some(Encoding::Form)).then(|| form(operation))),
        ("group", Some(format!("{group:?}"))),
        ("effect", Some(format!("runtime::Effect::{effect:?}"))),
        ("scope", operation.scope.as_ref().map(|scope| format!("Some({scope:?})"))),
        ("page", page.map(|slug| format!("Some({slug:?})"))),
        (
            "language",
            language.filter(|language| **language == Language::Zh).map(|_| "runtime::Language::Zh".to_owned()),
        ),
        ("status", (*status != Status::Current).then(|| format!("runtime::Status::{status:?}"))),
        ("apps", (apps.len() != 2).then(|| format!("&[{}]", apps.join(", ")))),
        ("token", (*token != family.token).then(|| format!("runtime::Token::{token:?}"))),
    ];
    let facts = facts.into_iter().filter_map(|(name, value)| Some(format!("    {name}: {},\n", value?)));
    facts.collect::<Vec<_>>().concat()
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
