//! Objects and their fields.

use dingtalk_storage_spec::model::Map;
use proc_macro2::TokenStream;

use super::Kind;
use super::log::{Log, join};
use super::pairs::{is_reordered, kept, pairs};
use crate::ir::{Field, Object, Type};
use crate::names::setter;
use crate::render::ty;

/// Compares two objects; `place` is where they are.
pub fn compare(log: &mut Log, place: &str, old: &Object, new: &Object) {
    let Object { name: _, doc, fields, in_request, in_answer, hashed, quirks } = old;
    for (old, new, what) in [(*in_request, new.in_request, "requests"), (*in_answer, new.in_answer, "answers")] {
        match (old, new) {
            (false, true) => log.add(Kind::Direction, place, format!("{what} hold it now")),
            (true, false) => log.add(Kind::DirectionLost, place, format!("{what} hold it no longer")),
            _ => {}
        }
    }
    match (*hashed, new.hashed) {
        (false, true) => log.add(Kind::Added, place, "can be hashed now"),
        (true, false) => log.add(Kind::Removed, place, "can no longer be hashed: it holds a secret"),
        _ => {}
    }
    log.document(&join(place, "doc"), doc, &new.doc);
    log.document(&join(place, "quirks"), quirks, &new.quirks);
    let has_arguments = old.in_request && new.in_request;
    let pairs = pairs(fields, &new.fields, &[&|field| Some(field.wire.clone()), &|field| Some(field.rust.clone())]);
    for pair in &pairs {
        match pair {
            (Some(before), Some(after)) => compare_field(log, place, (old, before), (new, after)),
            (Some(gone), None) => log.add(Kind::Removed, &join(place, &gone.wire), "removed"),
            (None, Some(field)) if has_arguments && field.required => {
                log.add(Kind::NewArgument, &join(place, &field.wire), "added, required");
            }
            (None, Some(field)) => log.add(Kind::Added, &join(place, &field.wire), "added, optional"),
            (None, None) => {}
        }
    }
    let kept = kept(&pairs);
    let arguments = kept.iter().filter(|(old, new)| has_arguments && old.required && new.required);
    if is_reordered(&arguments.map(|(old, _)| *old).collect::<Vec<_>>()) {
        log.add(Kind::ArgumentOrder, place, "required fields come in another order");
    } else if is_reordered(&kept.iter().map(|(old, _)| *old).collect::<Vec<_>>()) {
        log.add(Kind::Order, place, "fields come in another order");
    }
}

fn compare_field(log: &mut Log, place: &str, (before, old): (&Object, &Field), (after, new): (&Object, &Field)) {
    let Field {
        wire,
        rust,
        ty: _,
        required,
        always,
        indirect: _,
        nullable: _,
        doc,
        default: _,
        min: _,
        max: _,
        accepts: _,
        example: _,
        numeric: _,
        signed,
    } = old;
    let place = &join(place, &new.wire);
    log.compare_names(Kind::RustName, place, [wire, rust], [&new.wire, &new.rust]);
    let is_setter = before.in_request && after.in_request && !*required && !new.required;
    if is_setter && before.in_answer != after.in_answer {
        log.add(Kind::RustName, place, format!("its setter is `{}` now", setter(&new.rust, after.in_answer)));
    }
    let is_other_need = before.in_request && after.in_request && *required != new.required;
    if is_other_need {
        let (kind, what) =
            if new.required { (Kind::Required, "required now") } else { (Kind::Optional, "optional now") };
        log.add(kind, place, what);
    }
    // Whether a field is an `Option` is told as a part of its type, unless it follows from what was told just now.
    let need = if is_other_need { new.required } else { *required };
    let old_type = ty::of_field(&Field { required: need, ..old.clone() }, before.in_answer);
    let new_type = ty::of_field(new, after.in_answer);
    if *always != new.always && before.in_answer && after.in_answer && ty::text(&old_type) == ty::text(&new_type) {
        log.add(Kind::Always, place, if new.always { "always there" } else { "no longer always there" });
    }
    compare_types(log, place, (old, old_type), (new, new_type));
    compare_limits(log, place, old, new);
    match (signed, &new.signed) {
        (Some(_), None) if before.in_answer => log.add(Kind::Removed, place, "no method `signed` any more"),
        (None, Some(_)) if after.in_answer => log.add(Kind::Added, place, "has the method `signed`"),
        (old, new) => log.compare(Kind::Limit, &join(place, "signed"), old, new),
    }
    log.document(place, doc, &new.doc);
}

/// Compares the types that two fields have in Rust.
pub fn compare_types(log: &mut Log, place: &str, old: (&Field, TokenStream), new: (&Field, TokenStream)) {
    let [before, after] = [&old.1, &new.1].map(ty::text);
    let is_local = |field: &Field| matches!(field.ty.core(), Type::LocalObject(_));
    if before != after {
        log.add(Kind::Type, place, format!("type `{after}`, was `{before}`"));
    } else if is_local(old.0) != is_local(new.0) {
        let whose = if is_local(new.0) { "this operation's own" } else { "a shared type" };
        log.add(Kind::TypePath, place, format!("`{after}` is {whose} now"));
    }
    let is_timestamp = |field: &Field| *field.ty.core() == Type::Timestamp;
    let form = |field: &Field| if field.numeric || is_timestamp(field) { "a number" } else { "as its type" };
    if before == after && form(old.0) != form(new.0) {
        log.add(Kind::Wire, place, format!("on the wire {}, was {}", form(new.0), form(old.0)));
    }
}

/// Compares what the client documents and does not enforce.
pub fn compare_limits(log: &mut Log, place: &str, old: &Field, new: &Field) {
    log.compare(Kind::Limit, &join(place, "default"), &old.default, &new.default);
    log.compare(Kind::Limit, &join(place, "min"), &old.min, &new.min);
    // How large a file may be is looked at before it is sent.
    let is_enforced = [old, new].iter().any(|field| field.ty == Type::File);
    let kind = if is_enforced { Kind::FileSize } else { Kind::Limit };
    log.compare(kind, &join(place, "max"), &old.max, &new.max);
    let kind = if sizes(old) == sizes(new) { Kind::Limit } else { Kind::FileSize };
    log.compare(kind, &join(place, "accepts"), &old.accepts, &new.accepts);
}

/// What is said about the sizes of files, and when.
fn sizes(field: &Field) -> Vec<(&Map<String>, Option<i64>)> {
    field.accepts.iter().map(|rule| (&rule.when, rule.max)).collect()
}
