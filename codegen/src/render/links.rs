//! Names in documentation that become links to what they stand for.

use std::collections::BTreeMap;

use dingtalk_storage_spec::model::Status;

use super::doc::{Doc, sentence};
use crate::ir::{Api, Enum, Family, Field, Object, Operation};

/// Names between backticks with what takes their place.
#[derive(Debug, Clone, Default)]
pub struct Links(BTreeMap<String, String>);

impl Links {
    /// What the documentation of an operation names: other calls of the family, what it takes, and what its answer has.
    pub fn of_operation(family: &Family, operation: &Operation) -> Self {
        // What waits for a feature may not be there to be linked to.
        let is_there = |other: &&Operation| other.status == Status::Current || other.name == operation.name;
        let calls = family.operations.iter().filter(is_there).map(|other| (&other.name, &other.module));
        let objects = operation.response.iter().chain(&operation.objects);
        let setters = operation.optional().map(|parameter| (&parameter.field.wire, &parameter.field.rust));
        let links = objects.fold(Self::default().with("Calls", calls), Self::with_fields);
        let mut links = links.with(&operation.name, setters);
        for (_, parameter) in operation.required() {
            // An argument has no place of its own to link to, and is not the field of that name either.
            links.0.remove(&parameter.field.wire);
        }
        links
    }

    /// These and the fields of an object, which its own documentation means first.
    pub fn with_fields(self, object: &Object) -> Self {
        self.with(&object.name, object.fields.iter().map(|field| (&field.wire, &field.rust)))
    }

    /// These and the values of an enum.
    pub fn with_values(self, item: &Enum) -> Self {
        self.with(&item.name, item.values.iter().map(|value| (&value.wire, &value.rust)))
    }

    fn with<'a>(mut self, owner: &str, members: impl Iterator<Item = (&'a String, &'a String)>) -> Self {
        self.0.extend(members.map(|(name, rust)| (name.clone(), format!("[`{name}`]({owner}::{rust})"))));
        self
    }

    /// The documentation of a field in a table, which may name the values of its type.
    pub fn of_field(&self, api: &Api, field: &Field) -> String {
        let doc = Doc::of(&sentence(field)).text(8);
        match api.enumeration(field.ty.core()) {
            Some(item) => self.clone().with_values(item).of_text(&doc),
            None => self.of_text(&doc),
        }
    }

    /// A text in lines, but for what stands in fences.
    pub fn of_text(&self, text: &str) -> String {
        let mut is_code = false;
        let lines = text.split_inclusive('\n').map(|line| {
            let is_fence = line.contains("```");
            is_code ^= is_fence;
            // What is quoted may go on in the next line.
            let is_whole = line.matches('`').count() % 2 == 0;
            if is_code || is_fence || !is_whole { line.to_owned() } else { self.of_line(line) }
        });
        lines.collect()
    }

    fn of_line(&self, text: &str) -> String {
        let mut linked = String::with_capacity(text.len());
        for (index, part) in text.split('`').enumerate() {
            let is_linked = linked.ends_with('[');
            match self.0.get(part).filter(|_| index % 2 == 1 && !is_linked) {
                Some(link) => linked.push_str(link),
                None if index % 2 == 1 => linked.extend(["`", part, "`"]),
                None => linked.push_str(part),
            }
        }
        linked
    }
}
