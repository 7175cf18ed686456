//! Spec to [`ir`](crate::ir): resolves names, fills in defaults, decides which way each object travels.

mod operation;
mod roles;
mod types;
mod usage;

use dingtalk_storage_spec::{FamilySpec, Spec, model};

use crate::error::Error;
use crate::ir::{Api, ErrorCode, Event, Family, TypeFile};
use crate::names;
use usage::Usage;

/// Lowers a spec that the compiler has accepted.
pub fn lower(spec: &Spec) -> Result<Api, Error> {
    let usage = usage::of(spec);
    let type_files = types::lower_files(spec, &usage)?;
    let mut api = Api {
        groups: spec.groups.clone(),
        families: Vec::new(),
        type_index: type_files.iter().enumerate().flat_map(positions).collect(),
        type_files,
        errors: spec.errors.iter().map(|(wire, code)| lower_error(wire, code)).collect(),
        events: spec.events.iter().map(|(wire, event)| lower_event(wire, event)).collect(),
    };
    let families = spec.families.iter().map(|family| lower_family(spec, &usage, &api, family));
    api.families = families.collect::<Result<_, _>>()?;
    Ok(api)
}

/// Where each type of a file stands.
fn positions((file, TypeFile { types, .. }): (usize, &TypeFile)) -> impl Iterator<Item = (String, (usize, usize))> {
    types.iter().enumerate().map(move |(index, item)| (item.name().to_owned(), (file, index)))
}

fn lower_family(spec: &Spec, usage: &Usage, api: &Api, source: &FamilySpec) -> Result<Family, Error> {
    let model::Family { family: name, title, doc, host, token, envelope, tasks } = source.family.clone();
    let operations = source.operations.iter().map(|item| operation::lower(spec, usage, api, &source.family, item));
    let operations = operations.collect::<Result<Vec<_>, _>>()?;
    let tasks = tasks.map(|tasks| roles::tasks(api, &source.file, tasks, &operations)).transpose()?;
    Ok(Family { name, title, doc, source: source.file.clone(), host, token, envelope, tasks, operations })
}

fn lower_error(wire: &str, code: &model::ErrorCode) -> ErrorCode {
    let model::ErrorCode { rust, class, meaning, advice, any_operation: _ } = code.clone();
    ErrorCode { wire: wire.to_owned(), rust: rust.unwrap_or_else(|| names::camel(wire)), class, meaning, advice }
}

fn lower_event(wire: &str, event: &model::Event) -> Event {
    let model::Event { summary, details, docs, language, biz_type, data } = event.clone();
    let (documentation, data) = (documentation(&docs, language), data.name().to_owned());
    Event { wire: wire.to_owned(), rust: names::camel(wire), summary, details, documentation, biz_type, data }
}

/// Address of a documentation page.
pub fn documentation(slug: &str, language: model::Language) -> String {
    match language {
        model::Language::En => format!("https://help.dingtalk.io/open/development/{slug}"),
        model::Language::Zh => format!("https://open.dingtalk.com/document/development/{slug}"),
    }
}
