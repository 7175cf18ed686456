//! Spec to [`ir`](crate::ir): resolves names, fills in defaults, decides which way each object travels.

mod hashing;
mod lookup;
mod operation;
mod task;
mod types;
mod usage;

use std::collections::HashMap;

use dingtalk_storage_spec::{Spec, model};

use crate::error::Error;
use crate::ir::{Api, ErrorCode, Event, Family, Group, TypeFile};
use crate::names;

/// Lowers a spec that the compiler has accepted.
pub fn lower(spec: &Spec) -> Result<Api, Error> {
    let usage = usage::of(spec);
    let type_files = types::lower_files(spec, &usage)?;
    let mut api = Api {
        groups: spec.groups.iter().map(|(name, group)| lower_group(name, group)).collect(),
        families: spec.families.iter().map(|family| lower_family(spec, family)).collect::<Result<_, _>>()?,
        type_index: type_index(&type_files),
        type_files,
        errors: spec.errors.iter().map(|(wire, code)| lower_error(wire, code)).collect(),
        events: spec.events.iter().map(|(wire, event)| lower_event(wire, event)).collect(),
    };
    hashing::mark(&mut api);
    Ok(api)
}

fn type_index(files: &[TypeFile]) -> HashMap<String, (usize, usize)> {
    let types = files.iter().enumerate().flat_map(|(file, TypeFile { types, .. })| {
        types.iter().enumerate().map(move |(index, item)| (item.name().to_owned(), (file, index)))
    });
    types.collect()
}

fn lower_group(name: &str, group: &model::Group) -> Group {
    Group { name: name.to_owned(), title: group.title.clone(), lacks: group.lacks.clone() }
}

fn lower_family(spec: &Spec, family: &dingtalk_storage_spec::FamilySpec) -> Result<Family, Error> {
    Ok(Family {
        name: family.family.family.clone(),
        title: family.family.title.clone(),
        doc: family.family.doc.clone(),
        source: family.file.clone(),
        host: family.family.host,
        token: family.family.token,
        envelope: family.family.envelope,
        operations: family
            .operations
            .iter()
            .map(|operation| operation::lower(spec, &family.family, operation))
            .collect::<Result<_, _>>()?,
    })
}

fn lower_error(wire: &str, code: &model::ErrorCode) -> ErrorCode {
    ErrorCode {
        wire: wire.to_owned(),
        rust: code.rust.clone().unwrap_or_else(|| names::camel(wire)),
        class: code.class,
        meaning: code.meaning.clone(),
        advice: code.advice.clone(),
    }
}

fn lower_event(wire: &str, event: &model::Event) -> Event {
    Event {
        wire: wire.to_owned(),
        rust: names::camel(wire),
        summary: event.summary.clone(),
        details: event.details.clone(),
        documentation: documentation(&event.docs, event.language),
        biz_type: event.biz_type,
        data: event.data.name().to_owned(),
    }
}

/// Address of a documentation page.
pub fn documentation(slug: &str, language: model::Language) -> String {
    match language {
        model::Language::En => format!("https://help.dingtalk.io/open/development/{slug}"),
        model::Language::Zh => format!("https://open.dingtalk.com/document/development/{slug}"),
    }
}
