//! Fields of objects.

use super::Verdict::{Major, Minor, Patch};
use super::log::Log;
use super::shape::{Travels, is_optional, rust_name, type_in_words};
use crate::model::{Field, Map};

/// The fields of an object in one version.
#[derive(Clone, Copy)]
pub(super) struct Object<'a> {
    pub(super) fields: &'a Map<Field>,
    pub(super) travels: Travels,
}

impl<'a> Object<'a> {
    /// Arguments of its constructor; none when no request holds it.
    fn arguments(self) -> Vec<&'a str> {
        let required = self.fields.iter().filter(|(_, field)| self.travels.request && field.required);
        required.map(|(wire, _)| wire.as_str()).collect()
    }
}

/// Compares all fields of an object; `place` is where it is.
pub(super) fn compare(log: &mut Log, place: &str, old: Object<'_>, new: Object<'_>) {
    for wire in old.fields.keys().filter(|wire| !new.fields.contains_key(*wire)) {
        log.add(Major, &join(place, wire), "removed");
    }
    for (wire, field) in new.fields {
        let place = join(place, wire);
        match old.fields.get(wire) {
            Some(before) => compare_field(log, &place, wire, (before, old.travels), (field, new.travels)),
            None if new.travels.request && field.required => {
                log.add_with_note(Major, &place, "added, required", "`new` has one argument more");
            }
            None => log.add(Minor, &place, "added, optional"),
        }
    }
    if is_reordered(&old.arguments(), &new.arguments()) {
        log.add_with_note(Major, place, "required fields come in another order", "so do the arguments of `new`");
    }
}

type Side<'a> = (&'a Field, Travels);

fn compare_field(log: &mut Log, place: &str, wire: &str, (old, old_travels): Side<'_>, (new, new_travels): Side<'_>) {
    compared(old);
    compare_type(log, place, old, new);
    if rust_name(wire, old) != rust_name(wire, new) {
        log.add(Major, place, format!("`{}` in Rust, was `{}`", rust_name(wire, new), rust_name(wire, old)));
    }
    compare_presence(log, place, (old, old_travels), (new, new_travels));
    compare_limits(log, place, old, new);
    compare_words(log, place, old, new);
    let (old, new) =
        (Object { fields: &old.fields, travels: old_travels }, Object { fields: &new.fields, travels: new_travels });
    compare(log, place, old, new);
}

/// Names every attribute of a field, and who compares it.
pub(super) fn compared(field: &Field) {
    let Field {
        // compare_type
        kind: _,
        type_name: _,
        or_list: _,
        indirect: _,
        // rust_name
        rust: _,
        // compare_presence of a field of an object; a parameter is required or not, and flattened into others
        required: _,
        always: _,
        flatten: _,
        // compare_limits
        default: _,
        min: _,
        max: _,
        // compare_words
        doc: _,
        evidence: _,
        example: _,
        // The fields of the object within
        fields: _,
        // compare_parameter; the query alone has it
        style: _,
    } = field;
}

/// Whether requests need the field, and whether it is an `Option`.
fn compare_presence(log: &mut Log, place: &str, (old, old_travels): Side<'_>, (new, new_travels): Side<'_>) {
    let in_requests = old_travels.request && new_travels.request;
    match (old.required, new.required) {
        (false, true) if in_requests => {
            log.add_with_note(Major, place, "required now", "a setter became an argument of `new`");
        }
        (true, false) if in_requests => {
            log.add_with_note(Major, place, "optional now", "an argument of `new` became a setter");
        }
        _ => match (is_optional(old, old_travels), is_optional(new, new_travels)) {
            (false, true) => log.add(Major, place, "no longer always there; an `Option` now"),
            (true, false) => log.add(Major, place, "always there; no longer an `Option`"),
            _ if old.always != new.always => log.add(Patch, place, always(new)),
            _ => log.document(place, &old.required, &new.required),
        },
    }
}

fn always(field: &Field) -> &'static str {
    if field.always { "always there" } else { "no longer always there" }
}

/// Compares the Rust types, apart from `Option`.
pub(super) fn compare_type(log: &mut Log, place: &str, old: &Field, new: &Field) {
    let (old, new) = (type_in_words(old), type_in_words(new));
    if old != new {
        log.add(Major, place, format!("type {new}, was {old}"));
    }
}

/// Compares what the client documents and does not enforce.
pub(super) fn compare_limits(log: &mut Log, place: &str, old: &Field, new: &Field) {
    for (name, old, new) in [("min", old.min, new.min), ("max", old.max, new.max)] {
        log.compare_option(Patch, &join(place, name), old.as_ref(), new.as_ref());
    }
    let [old, new] = [old, new].map(|field| field.default.as_ref().map(in_words));
    log.compare_option(Patch, &join(place, "default"), old.as_ref(), new.as_ref());
}

fn in_words(value: &serde_yaml::Value) -> String {
    serde_yaml::to_string(value).unwrap_or_default().trim().to_owned()
}

/// Compares what is only read by people.
pub(super) fn compare_words(log: &mut Log, place: &str, old: &Field, new: &Field) {
    let words = |field: &Field| (field.doc.clone(), field.example.clone(), field.evidence.clone());
    log.document(place, &words(old), &words(new));
}

/// Whether what both have comes in another order.
pub(super) fn is_reordered(old: &[&str], new: &[&str]) -> bool {
    let kept = old.iter().filter(|name| new.contains(name));
    let still = new.iter().filter(|name| old.contains(name));
    !kept.eq(still)
}

/// A place within a place.
pub(super) fn join(place: &str, name: &str) -> String {
    if place.is_empty() { name.to_owned() } else { format!("{place}.{name}") }
}
