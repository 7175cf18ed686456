//! Objects and their fields.

use dingtalk_storage_spec::model::Map;

use super::Kind;
use super::log::{Log, join};
use super::pairs::{is_reordered, pairs};
use crate::ir::{Field, Object, Type};
use crate::names::setter;
use crate::render::ty;

/// What is told of a field or parameter that must be there, and of one that need not be.
pub const NEED: [(Kind, &str); 2] = [(Kind::Required, "required now"), (Kind::Optional, "optional now")];

/// Compares two objects; `place` is where they are.
pub fn compare(log: &mut Log, place: &str, old: &Object, new: &Object) {
    for (flags, what) in [((old.in_request, new.in_request), "requests"), ((old.in_answer, new.in_answer), "answers")] {
        let [on, off] = ["now", "no longer"].map(|when| format!("{what} hold it {when}"));
        log.compare_flags(place, flags, [(Kind::Direction, &on), (Kind::DirectionLost, &off)]);
    }
    let hashed = [(Kind::Added, "can be hashed now"), (Kind::Removed, "can no longer be hashed: it holds a secret")];
    log.compare_flags(place, (old.hashed, new.hashed), hashed);
    log.document(&join(place, "doc"), &old.doc, &new.doc);
    log.document(&join(place, "quirks"), &old.quirks, &new.quirks);
    let is_argument = |field: &Field| old.in_request && new.in_request && field.required;
    let pairs = pairs(&old.fields, &new.fields, |field| vec![field.wire.clone(), field.rust.clone()]);
    let place_of = |field: &Field| join(place, &field.wire);
    log.compare_elements(
        &pairs,
        place_of,
        |field| added(is_argument(field)),
        "removed",
        |log, before, after| {
            compare_field(log, &place_of(after), (old, before), (new, after));
        },
    );
    if is_reordered(&pairs, |old, new| is_argument(old) && is_argument(new)) {
        log.add(Kind::ArgumentOrder, place, "required fields come in another order");
    } else if is_reordered(&pairs, |_, _| true) {
        log.add(Kind::Order, place, "fields come in another order");
    }
}

/// What is told of a new field or parameter.
pub fn added(is_argument: bool) -> (Kind, &'static str) {
    if is_argument { (Kind::NewArgument, "added, required") } else { (Kind::Added, "added, optional") }
}

fn compare_field(log: &mut Log, place: &str, (before, old): (&Object, &Field), (after, new): (&Object, &Field)) {
    log.compare_names(Kind::RustName, place, [&old.wire, &old.rust], [&new.wire, &new.rust]);
    let in_requests = before.in_request && after.in_request;
    if in_requests && !old.required && !new.required && before.in_answer != after.in_answer {
        log.add(Kind::RustName, place, format!("its setter is `{}` now", setter(&new.rust, after.in_answer)));
    }
    // Whether a field is an `Option` is told as a part of its type, unless it follows from what was told just now.
    let required = if in_requests { new.required } else { old.required };
    log.compare_flags(place, (old.required, required), NEED);
    let old_type = ty::of_field(&Field { required, ..old.clone() }, before.in_answer);
    let new_type = ty::of_field(new, after.in_answer);
    if before.in_answer && after.in_answer && old_type == new_type {
        let [on, off] = ["always there", "no longer always there"].map(|what| (Kind::Always, what));
        log.compare_flags(place, (old.always, new.always), [on, off]);
    }
    compare_values(log, place, (old, &old_type), (new, &new_type));
    match (&old.signed, &new.signed) {
        (Some(_), None) if before.in_answer => log.add(Kind::Removed, place, "no method `signed` any more"),
        (None, Some(_)) if after.in_answer => log.add(Kind::Added, place, "has the method `signed`"),
        (old, new) => log.compare(Kind::Limit, &join(place, "signed"), old, new),
    }
}

/// Compares the types that two fields have in Rust, and what is known of their values.
pub fn compare_values(log: &mut Log, place: &str, (old, before): (&Field, &str), (new, after): (&Field, &str)) {
    let is_local = |field: &Field| matches!(field.ty.core(), Type::LocalObject(_));
    if before != after {
        log.add(Kind::Type, place, format!("type `{after}`, was `{before}`"));
    } else if is_local(old) != is_local(new) {
        let whose = if is_local(new) { "this operation's own" } else { "a shared type" };
        log.add(Kind::TypePath, place, format!("`{after}` is {whose} now"));
    }
    let is_timestamp = |field: &Field| *field.ty.core() == Type::Timestamp;
    let form = |field: &Field| if field.numeric || is_timestamp(field) { "a number" } else { "as its type" };
    if before == after && form(old) != form(new) {
        log.add(Kind::Wire, place, format!("on the wire {}, was {}", form(new), form(old)));
    }
    log.compare(Kind::Limit, &join(place, "default"), &old.default, &new.default);
    log.compare(Kind::Limit, &join(place, "min"), &old.min, &new.min);
    // How large a file may be is looked at before it is sent.
    let is_enforced = [old, new].iter().any(|field| field.ty == Type::File);
    let kind = if is_enforced { Kind::FileSize } else { Kind::Limit };
    log.compare(kind, &join(place, "max"), &old.max, &new.max);
    let kind = if sizes(old) == sizes(new) { Kind::Limit } else { Kind::FileSize };
    log.compare(kind, &join(place, "accepts"), &old.accepts, &new.accepts);
    log.document(place, &old.doc, &new.doc);
}

/// What is said about the sizes of files, and when.
fn sizes(field: &Field) -> Vec<(&Map<String>, Option<i64>)> {
    field.accepts.iter().map(|rule| (&rule.when, rule.max)).collect()
}
