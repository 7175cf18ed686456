//! Shared types.

use super::log::{Log, join, subjects};
use super::pairs::{is_reordered, pairs};
use super::{Change, Kind, objects};
use crate::ir::{Enum, Id, TypeFile, TypeItem};

/// A type, and the module that has it.
type Seen<'a> = (&'a str, &'a TypeItem);

/// Changes of all shared types, by name.
pub fn changes(old: &[TypeFile], new: &[TypeFile]) -> Vec<Change> {
    let (old, new) = (seen(old), seen(new));
    let pairs = pairs(&old, &new, |(_, item)| vec![item.name().to_owned()]);
    subjects(&pairs, |(_, item)| format!("type {}", item.name()), compare)
}

fn seen(files: &[TypeFile]) -> Vec<Seen<'_>> {
    let of_file = |file| move |item| (file, item);
    let mut all: Vec<Seen<'_>> =
        files.iter().flat_map(|file| file.types.iter().map(of_file(file.module.as_str()))).collect();
    all.sort_by_key(|(_, item)| item.name());
    all
}

fn compare(log: &mut Log, (old_module, old): &Seen<'_>, (module, new): &Seen<'_>) {
    if old_module != module {
        log.add(Kind::File, "", format!("stands in {module}.rs, was in {old_module}.rs"));
    }
    match (old, new) {
        (TypeItem::Object(old), TypeItem::Object(new)) => objects::compare(log, "", old, new),
        (TypeItem::Enum(old), TypeItem::Enum(new)) => compare_enum(log, old, new),
        (TypeItem::Id(old), TypeItem::Id(new)) => compare_id(log, old, new),
        (old, new) => log.add(Kind::Form, "", format!("{}, was {}", form(new), form(old))),
    }
}

fn form(item: &TypeItem) -> &'static str {
    match item {
        TypeItem::Object(_) => "an object",
        TypeItem::Enum(_) => "an enum",
        TypeItem::Id(_) => "an id",
    }
}

fn compare_enum(log: &mut Log, old: &Enum, new: &Enum) {
    log.document("doc", &old.doc, &new.doc);
    let is_ranked = (old.ranked.is_some(), new.ranked.is_some());
    if is_ranked == (true, true) {
        log.document("ranked", &old.ranked, &new.ranked);
    }
    log.compare_flags("ranked", is_ranked, [(Kind::Added, "ranked now"), (Kind::Removed, "no longer ranked")]);
    log.document("quirks", &old.quirks, &new.quirks);
    let pairs = pairs(&old.values, &new.values, |value| vec![value.wire.clone(), value.rust.clone()]);
    let added = |_: &_| (Kind::Added, "value added");
    log.compare_elements(
        &pairs,
        |value| value.wire.clone(),
        added,
        "value removed",
        |log, old, new| {
            log.compare_names(Kind::RustName, &new.wire, [&old.wire, &old.rust], [&new.wire, &new.rust]);
            log.document(&new.wire, &old.doc, &new.doc);
        },
    );
    if is_reordered(&pairs, |_, _| true) {
        let (kind, what) = if is_ranked == (true, true) { (Kind::Rank, "ranked") } else { (Kind::Order, "listed") };
        log.add(kind, "", format!("{what} in another order"));
    }
}

/// The example of an id is shown in calls that take it.
fn compare_id(log: &mut Log, old: &Id, new: &Id) {
    log.document("doc", &old.doc, &new.doc);
    log.document("quirks", &old.quirks, &new.quirks);
    let [on, off] = ["secret now", "no longer secret"].map(|what| (Kind::Secret, what));
    log.compare_flags("", (old.secret, new.secret), [on, off]);
    let others = pairs(&old.from, &new.from, |(name, _)| vec![name.clone()]);
    let place = |(name, _): &(String, String)| join("from", name);
    let added = |_: &_| (Kind::Added, "is such an id, too");
    log.compare_elements(&others, place, added, "no longer such an id", |log, old, new| {
        log.document(&place(new), &old.1, &new.1);
    });
    let constants = pairs(&old.constants, &new.constants, |(name, ..)| vec![name.clone()]);
    let place = |(name, ..): &(String, String, String)| join("constants", name);
    log.compare_elements(
        &constants,
        place,
        |_| (Kind::Added, "added"),
        "removed",
        |log, old, new| {
            log.compare(Kind::Wire, &place(new), &old.1, &new.1);
            log.document(&place(new), &old.2, &new.2);
        },
    );
    if is_reordered(&constants, |_, _| true) {
        log.add(Kind::Order, "constants", "listed in another order");
    }
}
