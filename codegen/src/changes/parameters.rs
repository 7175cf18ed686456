//! Parameters of requests: required ones are arguments, the others setters.

use dingtalk_storage_spec::model::ListStyle;

use super::Kind;
use super::log::{Log, join};
use super::objects::{compare_limits, compare_types};
use super::pairs::{is_reordered, kept, pairs};
use crate::ir::{Field, Operation, Parameter, Place};
use crate::render::ty;

/// A parameter, and which argument it is.
struct Seen<'a> {
    parameter: &'a Parameter,
    argument: Option<usize>,
}

impl Seen<'_> {
    fn sent(&self) -> String {
        match &self.parameter.place {
            Place::Token => "token".to_owned(),
            Place::Path => "path".to_owned(),
            Place::Query(_) => "query".to_owned(),
            Place::Body(None) => "body".to_owned(),
            Place::Part => "form".to_owned(),
            Place::Body(Some(object)) => join("body", object),
        }
    }

    fn place(&self) -> String {
        join(&self.sent(), &self.parameter.field.wire)
    }

    fn style(&self) -> Option<ListStyle> {
        if let Place::Query(style) = self.parameter.place { style } else { None }
    }

    /// An argument of another name is still the same to callers if it stands in the same place and has the same type.
    fn as_argument(&self) -> Option<String> {
        self.argument.map(|index| format!("{index} {}", ty::argument(&self.parameter.field)))
    }
}

fn seen(operation: &Operation) -> Vec<Seen<'_>> {
    let mut arguments = 0..;
    let argument = |parameter: &Parameter| if parameter.field.required { arguments.next() } else { None };
    let numbers: Vec<_> = operation.parameters.iter().map(argument).collect();
    operation.parameters.iter().zip(numbers).map(|(parameter, argument)| Seen { parameter, argument }).collect()
}

/// Compares the parameters of an operation.
pub fn compare(log: &mut Log, old: &Operation, new: &Operation) {
    let (old, new) = (seen(old), seen(new));
    let wire = |seen: &Seen<'_>| Some(seen.parameter.field.wire.clone());
    let rust = |seen: &Seen<'_>| Some(seen.parameter.field.rust.clone());
    let pairs = pairs(&old, &new, &[&|seen| Some(seen.place()), &wire, &rust, &Seen::as_argument]);
    for pair in &pairs {
        match pair {
            (Some(old), Some(new)) => compare_parameter(log, old, new),
            (_, Some(new)) if new.argument.is_some() => log.add(Kind::NewArgument, &new.place(), "added, required"),
            (_, Some(new)) => log.add(Kind::Added, &new.place(), "added, optional"),
            (Some(old), None) => log.add(Kind::Removed, &old.place(), "removed"),
            (None, None) => {}
        }
    }
    let kept = kept(&pairs);
    let of = |required: bool| {
        let same = kept.iter().filter(|(old, new)| [old, new].map(|seen| seen.argument.is_some()) == [required; 2]);
        same.map(|(old, _)| *old).collect::<Vec<_>>()
    };
    if is_reordered(&of(true)) {
        log.add(Kind::ArgumentOrder, "", "required parameters come in another order");
    } else if is_reordered(&of(false)) {
        log.add(Kind::Order, "", "optional parameters come in another order");
    }
}

fn compare_parameter(log: &mut Log, old: &Seen<'_>, new: &Seen<'_>) {
    // `Seen` tells of the place.
    let Parameter { place: _, field } = old.parameter;
    let Field {
        wire,
        rust,
        ty: _,
        required: _,
        always: _,
        indirect: _,
        nullable: _,
        doc,
        default: _,
        min: _,
        max: _,
        accepts: _,
        example: _,
        numeric: _,
        signed: _,
    } = field;
    let (place, after) = (&new.place(), &new.parameter.field);
    let is_argument = old.argument.is_some() && new.argument.is_some();
    let kind = if is_argument { Kind::ArgumentName } else { Kind::RustName };
    log.compare_names(kind, place, [wire, rust], [&after.wire, &after.rust]);
    if old.sent() != new.sent() {
        log.add(Kind::Place, place, format!("sent in {}, was in {}", new.sent(), old.sent()));
    }
    log.compare(Kind::Place, &join(place, "style"), &old.style(), &new.style());
    compare_types(log, place, (field, ty::argument(field)), (after, ty::argument(after)));
    match (old.argument, new.argument) {
        (None, Some(_)) => log.add(Kind::Required, place, "required now"),
        (Some(_), None) => log.add(Kind::Optional, place, "optional now"),
        _ => {}
    }
    compare_limits(log, place, field, after);
    log.document(place, doc, &after.doc);
}
