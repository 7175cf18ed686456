//! Names in documentation that become links to what they stand for.

use std::borrow::Cow;
use std::collections::BTreeMap;

use dingtalk_storage_spec::model::Status;

use crate::ir::{Api, Enum, Family, Object, Operation, Type, TypeItem};

/// Names between backticks with what takes their place.
#[derive(Debug, Clone, Default)]
pub struct Links(BTreeMap<String, String>);

impl Links {
    /// What the documentation of an operation names: other calls of the family, what it takes, and what its answer has.
    pub fn of_operation(family: &Family, operation: &Operation) -> Self {
        let mut links = Self::default();
        // What waits for a feature may not be there to be linked to.
        for other in
            family.operations.iter().filter(|other| other.status == Status::Current || other.name == operation.name)
        {
            links.add(&other.name, &format!("Calls::{}", other.module));
        }
        for object in operation.response.iter().chain(&operation.objects) {
            links.add_fields(object);
        }
        for parameter in operation.optional() {
            links.add(&parameter.field.wire, &format!("{}::{}", operation.name, parameter.field.rust));
        }
        for (_, parameter) in operation.required() {
            // An argument has no place of its own to link to, and is not the field of that name either.
            links.0.remove(&parameter.field.wire);
        }
        links
    }

    /// These and the fields of an object, which its own documentation means first.
    pub fn with_fields(&self, object: &Object) -> Self {
        let mut links = self.clone();
        links.add_fields(object);
        links
    }

    /// These and the values that a type takes.
    pub fn with_values(&self, api: &Api, ty: &Type) -> Cow<'_, Self> {
        if let Type::Enum(name) = ty.core()
            && let Some(TypeItem::Enum(item)) = api.shared_type(name)
        {
            let mut links = self.clone();
            links.add_values(item);
            return Cow::Owned(links);
        }
        Cow::Borrowed(self)
    }

    /// The values of an enum.
    pub fn of_values(item: &Enum) -> Self {
        let mut links = Self::default();
        links.add_values(item);
        links
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

    fn add_fields(&mut self, object: &Object) {
        for field in &object.fields {
            self.add(&field.wire, &format!("{}::{}", object.name, field.rust));
        }
    }

    fn add_values(&mut self, item: &Enum) {
        for value in &item.values {
            self.add(&value.wire, &format!("{}::{}", item.name, value.rust));
        }
    }

    fn add(&mut self, name: &str, target: &str) {
        self.0.insert(name.to_owned(), format!("[`{name}`]({target})"));
    }
}
