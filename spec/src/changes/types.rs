//! Shared types.

use std::collections::BTreeSet;

use super::Change;
use super::Verdict::{Major, Minor};
use super::fields::{self, Object, join};
use super::log::Log;
use super::shape::{Travels, Usage};
use crate::model::{Constant, IdType, Map, TypeDef};
use crate::spec::Spec;

/// Changes of all shared types, by name.
pub(super) fn changes(old: &Spec, new: &Spec) -> Vec<Change> {
    let (old_usage, new_usage) = (Usage::of(old), Usage::of(new));
    let names: BTreeSet<_> = old.types.keys().chain(new.types.keys()).collect();
    let mut changes = Vec::new();
    for name in names {
        let mut log = Log::new(format!("type {name}"));
        match (old.types.get(name), new.types.get(name)) {
            (Some(old), Some(new)) => {
                let travels = (old_usage.travels(name), new_usage.travels(name));
                compare(&mut log, &old.def, &new.def, travels);
            }
            (None, Some(_)) => log.add(Minor, "", "added"),
            _ => log.add(Major, "", "removed"),
        }
        changes.extend(log.finish());
    }
    changes
}

fn compare(log: &mut Log, old: &TypeDef, new: &TypeDef, (old_travels, new_travels): (Travels, Travels)) {
    let TypeDef { doc, fields, values, id, quirks, discrepancies: _ } = old;
    log.document("doc", doc, &new.doc);
    log.document("quirks", quirks, &new.quirks);
    if kind(old) != kind(new) {
        return log.add(Major, "", format!("{}, was {}", kind(new), kind(old)));
    }
    if let (Some(old), Some(new)) = (fields, &new.fields) {
        compare_directions(log, old_travels, new_travels);
        let (old, new) = (Object { fields: old, travels: old_travels }, Object { fields: new, travels: new_travels });
        fields::compare(log, "", old, new);
    }
    if let (Some(old), Some(new)) = (values, &new.values) {
        compare_values(log, old, new);
    }
    if let (Some(old), Some(new)) = (id, &new.id) {
        compare_id(log, old, new);
    }
}

fn kind(def: &TypeDef) -> &'static str {
    match (&def.fields, &def.values) {
        (Some(_), _) => "an object",
        (None, Some(_)) => "an enum",
        (None, None) => "an id",
    }
}

/// What the type can do follows from where it is used.
fn compare_directions(log: &mut Log, old: Travels, new: Travels) {
    for (old, new, place) in [(old.request, new.request, "requests"), (old.answer, new.answer, "answers")] {
        match (old, new) {
            (false, true) => log.add(Minor, "", format!("{place} hold it now")),
            (true, false) => log.add(Major, "", format!("{place} hold it no longer, so it is made for them no longer")),
            _ => {}
        }
    }
}

fn compare_values(log: &mut Log, old: &Map<String>, new: &Map<String>) {
    for value in old.keys().filter(|value| !new.contains_key(*value)) {
        log.add(Major, value, "value removed");
    }
    for (value, doc) in new {
        match old.get(value) {
            Some(before) => log.document(value, before, doc),
            None => log.add(Minor, value, "value added"),
        }
    }
}

fn compare_id(log: &mut Log, old: &IdType, new: &IdType) {
    let IdType { example, secret, constants } = old;
    match (*secret, new.secret) {
        (false, true) => log.add(Major, "", "secret now; it is shown nowhere"),
        (true, false) => log.add(Major, "", "no longer secret; it is shown"),
        _ => log.document("example", example, &new.example),
    }
    for name in constants.keys().filter(|name| !new.constants.contains_key(*name)) {
        log.add(Major, &join("constants", name), "removed");
    }
    for (name, constant) in &new.constants {
        let place = join("constants", name);
        match constants.get(name) {
            Some(Constant { value, doc }) => {
                log.compare(Minor, &place, value, &constant.value);
                log.document(&place, doc, &constant.doc);
            }
            None => log.add(Minor, &place, "added"),
        }
    }
}
