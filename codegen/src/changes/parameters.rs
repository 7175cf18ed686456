//! Parameters of requests: required ones are arguments, the others setters.

use dingtalk_storage_spec::model::ListStyle;

use super::Kind;
use super::log::{Log, join};
use super::objects::{NEED, added, compare_values};
use super::pairs::{is_reordered, pairs};
use crate::ir::{Field, Operation, Parameter, Place};
use crate::render::ty;

/// A parameter, where it goes, and which argument it is.
struct Seen<'a> {
    field: &'a Field,
    sent: String,
    style: Option<ListStyle>,
    argument: Option<usize>,
}

impl Seen<'_> {
    fn place(&self) -> String {
        join(&self.sent, &self.field.wire)
    }

    fn is_argument(&self) -> bool {
        self.argument.is_some()
    }

    /// An argument of another name is still the same to callers if it stands in the same place and has the same type.
    fn keys(&self) -> Vec<String> {
        let mut keys = vec![self.place(), self.field.wire.clone(), self.field.rust.clone()];
        keys.extend(self.argument.map(|index| format!("{index} {}", ty::argument(self.field))));
        keys
    }
}

fn seen(operation: &Operation) -> Vec<Seen<'_>> {
    let mut arguments = 0..;
    let seen = operation.parameters.iter().map(|Parameter { place, field }| {
        let (sent, style) = match place {
            Place::Token => ("token".to_owned(), None),
            Place::Path => ("path".to_owned(), None),
            Place::Query(style) => ("query".to_owned(), *style),
            Place::Body(None) => ("body".to_owned(), None),
            Place::Body(Some(object)) => (join("body", object), None),
            Place::Part => ("form".to_owned(), None),
        };
        Seen { field, sent, style, argument: if field.required { arguments.next() } else { None } }
    });
    seen.collect()
}

/// Compares the parameters of an operation.
pub fn compare(log: &mut Log, old: &Operation, new: &Operation) {
    let (old, new) = (seen(old), seen(new));
    let pairs = pairs(&old, &new, Seen::keys);
    log.compare_elements(&pairs, Seen::place, |seen| added(seen.is_argument()), "removed", compare_parameter);
    if is_reordered(&pairs, |old, new| old.is_argument() && new.is_argument()) {
        log.add(Kind::ArgumentOrder, "", "required parameters come in another order");
    } else if is_reordered(&pairs, |old, new| !old.is_argument() && !new.is_argument()) {
        log.add(Kind::Order, "", "optional parameters come in another order");
    }
}

fn compare_parameter(log: &mut Log, old: &Seen<'_>, new: &Seen<'_>) {
    let (place, before, after) = (&new.place(), old.field, new.field);
    let is_argument = (old.is_argument(), new.is_argument());
    let kind = if is_argument == (true, true) { Kind::ArgumentName } else { Kind::RustName };
    log.compare_names(kind, place, [&before.wire, &before.rust], [&after.wire, &after.rust]);
    if old.sent != new.sent {
        log.add(Kind::Place, place, format!("sent in {}, was in {}", new.sent, old.sent));
    }
    log.compare(Kind::Place, &join(place, "style"), &old.style, &new.style);
    log.compare_flags(place, is_argument, NEED);
    compare_values(log, place, (before, &ty::argument(before)), (after, &ty::argument(after)));
}
