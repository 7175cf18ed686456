//! Shared types.

use super::log::{Log, join};
use super::pairs::{is_reordered, kept, pairs, subjects};
use super::{Change, Kind, objects};
use crate::ir::{Enum, EnumValue, Id, TypeFile, TypeItem};

/// A type, and the module that has it.
struct Seen<'a> {
    module: &'a str,
    item: &'a TypeItem,
}

/// Changes of all shared types, by name.
pub fn changes(old: &[TypeFile], new: &[TypeFile]) -> Vec<Change> {
    let (old, new) = (seen(old), seen(new));
    let pairs = pairs(&old, &new, &[&|seen| Some(seen.item.name().to_owned())]);
    subjects(&pairs, |seen| format!("type {}", seen.item.name()), compare)
}

fn seen(files: &[TypeFile]) -> Vec<Seen<'_>> {
    let mut all = Vec::new();
    for file in files {
        // A module is named after its file.
        let TypeFile { module, source: _, types } = file;
        all.extend(types.iter().map(|item| Seen { module, item }));
    }
    all.sort_by_key(|seen| seen.item.name());
    all
}

fn compare(log: &mut Log, old: &Seen<'_>, new: &Seen<'_>) {
    if old.module != new.module {
        log.add(Kind::File, "", format!("stands in {}.rs, was in {}.rs", new.module, old.module));
    }
    match (old.item, new.item) {
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
    let Enum { name: _, doc, values, ranked, quirks } = old;
    log.document("doc", doc, &new.doc);
    match (ranked, &new.ranked) {
        (Some(_), None) => log.add(Kind::Removed, "ranked", "no longer ranked"),
        (None, Some(_)) => log.add(Kind::Added, "ranked", "ranked now"),
        (old, new) => log.document("ranked", old, new),
    }
    log.document("quirks", quirks, &new.quirks);
    let keys: &[super::pairs::Key<'_, EnumValue>] =
        &[&|value| Some(value.wire.clone()), &|value| Some(value.rust.clone())];
    let pairs = pairs(values, &new.values, keys);
    for pair in &pairs {
        match pair {
            (Some(EnumValue { wire, rust, doc }), Some(new)) => {
                log.compare_names(Kind::RustName, &new.wire, [wire, rust], [&new.wire, &new.rust]);
                log.document(&new.wire, doc, &new.doc);
            }
            (Some(gone), None) => log.add(Kind::Removed, &gone.wire, "value removed"),
            (None, Some(value)) => log.add(Kind::Added, &value.wire, "value added"),
            (None, None) => {}
        }
    }
    if is_in_another_order(&pairs) {
        let is_ranked = ranked.is_some() && new.ranked.is_some();
        let (kind, what) = if is_ranked { (Kind::Rank, "ranked") } else { (Kind::Order, "listed") };
        log.add(kind, "", format!("{what} in another order"));
    }
}

fn compare_id(log: &mut Log, old: &Id, new: &Id) {
    // The example is shown in calls that take the id.
    let Id { name: _, doc, secret, example: _, constants, from, quirks } = old;
    log.document("doc", doc, &new.doc);
    log.document("quirks", quirks, &new.quirks);
    if *secret != new.secret {
        log.add(Kind::Secret, "", if new.secret { "secret now" } else { "no longer secret" });
    }
    for pair in &pairs(from, &new.from, &[&|from| Some(from.0.clone())]) {
        let place = |(name, _): &(String, String)| join("from", name);
        match pair {
            (Some((_, grounds)), Some(new)) => log.document(&place(new), grounds, &new.1),
            (Some(gone), None) => log.add(Kind::Removed, &place(gone), "no longer such an id"),
            (None, Some(more)) => log.add(Kind::Added, &place(more), "is such an id, too"),
            (None, None) => {}
        }
    }
    let pairs = pairs(constants, &new.constants, &[&|constant| Some(constant.0.clone())]);
    for pair in &pairs {
        let place = |(name, _, _): &(String, String, String)| join("constants", name);
        match pair {
            (Some((_, value, doc)), Some(new)) => {
                log.compare(Kind::Wire, &place(new), value, &new.1);
                log.document(&place(new), doc, &new.2);
            }
            (Some(gone), None) => log.add(Kind::Removed, &place(gone), "removed"),
            (None, Some(constant)) => log.add(Kind::Added, &place(constant), "added"),
            (None, None) => {}
        }
    }
    if is_in_another_order(&pairs) {
        log.add(Kind::Order, "constants", "listed in another order");
    }
}

fn is_in_another_order<T>(pairs: &[(Option<&T>, Option<&T>)]) -> bool {
    is_reordered(&kept(pairs).into_iter().map(|(old, _)| old).collect::<Vec<_>>())
}
