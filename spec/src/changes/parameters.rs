//! Parameters of requests: required ones are arguments, the others setters.

use super::Verdict::{Major, Minor, Patch};
use super::fields::{self, Object, compare_limits, compare_type, compare_words, compared, is_reordered, join};
use super::log::Log;
use super::shape::{Travels, rust_name};
use crate::model::{Field, ListStyle, Operation};

/// A parameter as users of the crate see it: those of a flattened object stand for themselves.
struct Parameter<'a> {
    wire: &'a str,
    /// Where it is sent, for example `query` or `body.option`.
    sent: String,
    field: &'a Field,
    required: bool,
}

impl Parameter<'_> {
    fn place(&self) -> String {
        join(&self.sent, self.wire)
    }
}

/// Parameters in the order of the arguments.
fn parameters(operation: &Operation) -> Vec<Parameter<'_>> {
    let mut all = Vec::new();
    for (wire, field) in &operation.path {
        all.push(Parameter { wire, sent: "path".to_owned(), field, required: true });
    }
    for (wire, field) in &operation.query {
        all.push(Parameter { wire, sent: "query".to_owned(), field, required: field.required });
    }
    for (wire, field) in &operation.body {
        if field.flatten {
            // An object that may be left out cannot demand its members.
            let member = |(inner, member)| (inner, member, field.required);
            all.extend(field.fields.iter().map(member).map(|(inner, member, required)| Parameter {
                wire: inner,
                sent: join("body", wire),
                field: member,
                required: required && member.required,
            }));
        } else {
            all.push(Parameter { wire, sent: "body".to_owned(), field, required: field.required });
        }
    }
    all
}

/// Compares the parameters of an operation.
pub(super) fn compare(log: &mut Log, old: &Operation, new: &Operation) {
    let (old, new) = (parameters(old), parameters(new));
    for before in old.iter().filter(|before| twin(before, &old, &new).is_none()) {
        log.add(Major, &before.place(), "removed");
    }
    for after in &new {
        match twin(after, &new, &old) {
            Some(before) => compare_parameter(log, before, after),
            None if after.required => log.add_with_note(Major, &after.place(), "added, required", "a new argument"),
            None => log.add(Minor, &after.place(), "added, optional"),
        }
    }
    if is_reordered(&arguments(&old), &arguments(&new)) {
        log.add_with_note(Major, "", "required parameters come in another order", "so do the arguments");
    }
}

/// The parameter of the same name in the other version. A name that stands in several places is told apart by them.
fn twin<'a, 'b>(
    parameter: &Parameter<'_>,
    among: &[Parameter<'_>],
    others: &'b [Parameter<'a>],
) -> Option<&'b Parameter<'a>> {
    let same_name = |other: &&Parameter<'_>| other.wire == parameter.wire;
    let same_place = others.iter().filter(same_name).find(|other| other.sent == parameter.sent);
    let is_alone = among.iter().filter(same_name).count() == 1 && others.iter().filter(same_name).count() == 1;
    same_place.or_else(|| others.iter().find(same_name).filter(|_| is_alone))
}

fn arguments<'a>(parameters: &[Parameter<'a>]) -> Vec<&'a str> {
    parameters.iter().filter(|parameter| parameter.required).map(|parameter| parameter.wire).collect()
}

fn compare_parameter(log: &mut Log, old: &Parameter<'_>, new: &Parameter<'_>) {
    compared(old.field);
    let place = &new.place();
    if old.sent != new.sent {
        log.add_with_note(
            Minor,
            place,
            format!("sent in {}, was in {}", new.sent, old.sent),
            "the call looks the same",
        );
    }
    compare_type(log, place, old.field, new.field);
    match (old.required, new.required) {
        (false, true) => log.add_with_note(Major, place, "required now", "a setter became an argument"),
        (true, false) => log.add_with_note(Major, place, "optional now", "an argument became a setter"),
        _ => {}
    }
    let (before, after) = (rust_name(old.wire, old.field), rust_name(new.wire, new.field));
    if before != after {
        // The name of an argument is not seen by callers, that of a setter is.
        let verdict = if old.required && new.required { Patch } else { Major };
        log.add(verdict, place, format!("`{after}` in Rust, was `{before}`"));
    }
    log.compare(Minor, &join(place, "style"), &style(old.field), &style(new.field));
    compare_limits(log, place, old.field, new.field);
    compare_words(log, place, old.field, new.field);
    let [old, new] = [old, new].map(|side| Object { fields: &side.field.fields, travels: Travels::REQUEST });
    fields::compare(log, place, old, new);
}

fn style(field: &Field) -> &'static str {
    match field.style {
        None => "plain",
        Some(ListStyle::Indexed) => "indexed",
        Some(ListStyle::Json) => "json",
    }
}
