//! Fields of the spec, made of parts of a page: their types are those that the spec gives to such fields, and new enums
//! are types of their own.

use std::collections::BTreeSet;

use dingtalk_storage_spec::model::TypeRef;
use dingtalk_storage_spec::{Spec, naming};

use super::part::Part;
use crate::compare::is_value_of;
use crate::dictionary::Dictionary;
use crate::kind::Kind;

/// A field as it is to be written.
#[derive(Debug, Clone)]
#[allow(clippy::struct_excessive_bools, reason = "each is an attribute of its own in the file")]
pub(crate) struct NewField {
    pub(crate) name: String,
    pub(crate) line: usize,
    /// Its type; `object` within lists and maps where fields follow.
    pub(crate) reference: TypeRef,
    pub(crate) required: bool,
    pub(crate) default: Option<String>,
    pub(crate) max: Option<i64>,
    pub(crate) numeric: bool,
    pub(crate) or_list: bool,
    pub(crate) rust: Option<String>,
    pub(crate) type_name: Option<String>,
    pub(crate) flatten: bool,
    pub(crate) children: Vec<NewField>,
}

/// An enum that the spec does not have.
#[derive(Debug, Clone)]
pub(crate) struct NewEnum {
    pub(crate) name: String,
    pub(crate) line: usize,
    pub(crate) values: Vec<String>,
}

/// Where a field stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Side {
    Request,
    Answer,
}

/// Makes fields for one operation.
pub(crate) struct Maker<'a> {
    pub(crate) spec: &'a Spec,
    pub(crate) dictionary: &'a Dictionary<'a>,
    pub(crate) family: &'a str,
    /// Name of the operation, with which names of new types begin.
    pub(crate) operation: &'a str,
    pub(crate) enums: Vec<NewEnum>,
    pub(crate) taken: BTreeSet<String>,
}

impl Maker<'_> {
    /// Fields of a section.
    pub(crate) fn fields(&mut self, parts: &[Part], side: Side, is_body: bool) -> Vec<NewField> {
        let mut fields: Vec<NewField> = Vec::new();
        for part in parts {
            // A row that stands twice is one field.
            if fields.iter().all(|field| field.name != part.name) {
                fields.push(self.field(part, side, is_body));
            }
        }
        fields
    }

    pub(crate) fn field(&mut self, part: &Part, side: Side, is_parameter: bool) -> NewField {
        let names: Vec<&str> = part.children.iter().map(|child| child.name.as_str()).collect();
        let is_flattened = self.dictionary.is_flattened(&part.name);
        let flatten = is_parameter && is_flattened && part.kind == Kind::Object && !names.is_empty();
        let shared =
            if names.is_empty() || flatten { None } else { self.dictionary.object_of(&part.name, &names, self.family) };
        let is_inline = !names.is_empty() && shared.is_none();
        let children = if is_inline { self.fields(&part.children, side, false) } else { Vec::new() };
        let (reference, numeric) = match shared {
            Some(name) => (wrapped(&part.kind, name), false),
            None if is_inline => (wrapped(&part.kind, "object"), false),
            None => self.scalar(part),
        };
        let values = self.values_of(&reference);
        let kind = crate::kind::core(&part.kind);
        let is_default = |value: &&String| is_value_of(kind, values.as_deref(), value);
        let default = part.facts.default.as_ref().filter(|_| side == Side::Request && !part.required);
        let is_many = matches!(part.kind, Kind::List(_) | Kind::Map(_));
        let is_sized = values.is_none() && !matches!(part.kind, Kind::Bool | Kind::Object | Kind::Any);
        let has_size = is_many || is_sized;
        NewField {
            name: part.name.clone(),
            line: part.line,
            required: part.required && side == Side::Request,
            default: default.filter(is_default).map(|value| written(kind, value)),
            max: part.facts.max.filter(|max| has_size && *max >= 0),
            numeric,
            or_list: part.or_list && is_list_map(&reference),
            rust: rust_name(&part.name),
            type_name: (is_inline && !flatten).then(|| self.type_name(&part.name, true)),
            flatten,
            children,
            reference,
        }
    }

    /// The type of what has no fields.
    fn scalar(&mut self, part: &Part) -> (TypeRef, bool) {
        if let Some(values) = part.values() {
            let name = match self.dictionary.enum_of(&part.name, values) {
                Some(name) => name.to_owned(),
                None => self.new_enum(part, values),
            };
            return (wrapped(&part.kind, &name), false);
        }
        let known = |kind: &Kind| self.dictionary.of_name(&part.name, kind, self.family);
        let guesses: &[Kind] = match &part.kind {
            Kind::Number => &[Kind::Int64, Kind::Int32],
            Kind::List(None) => &[Kind::List(None)],
            _ => &[],
        };
        let found = known(&part.kind).or_else(|| guesses.iter().find_map(known)).or_else(|| {
            let lists = [Kind::Text, Kind::Int64, Kind::Object].map(|kind| Kind::List(Some(Box::new(kind))));
            lists.iter().filter(|_| part.kind == Kind::List(None)).find_map(known)
        });
        found.map_or_else(|| (plain(&part.kind), false), |known| (known.reference.clone(), known.numeric))
    }

    fn new_enum(&mut self, part: &Part, values: &[String]) -> String {
        if let Some(same) = self.enums.iter().find(|known| known.values == values) {
            return same.name.clone();
        }
        let name = self.type_name(&part.name, false);
        self.enums.push(NewEnum { name: name.clone(), line: part.line, values: values.to_vec() });
        name
    }

    /// A name that no type has. Single words are too general for a type that all operations see.
    fn type_name(&mut self, field: &str, is_local: bool) -> String {
        let own = naming::variant(field);
        let of_operation = format!("{}{own}", self.operation);
        let several_words = own.chars().filter(char::is_ascii_uppercase).count() > 1;
        let numbered = (2..100).map(|number| format!("{of_operation}{number}"));
        let names = [own].into_iter().filter(|_| several_words && !is_local).chain([of_operation.clone()]);
        let is_free = |name: &String| !self.spec.types.contains_key(name) && !self.taken.contains(name);
        let name = names.chain(numbered).find(is_free).unwrap_or(of_operation);
        self.taken.insert(name.clone());
        name
    }

    fn values_of(&self, reference: &TypeRef) -> Option<Vec<String>> {
        let name = reference.name();
        let own = self.enums.iter().find(|known| known.name == name).map(|known| known.values.clone());
        own.or_else(|| Some(self.spec.types.get(name)?.def.values.as_ref()?.keys().cloned().collect()))
    }
}

/// Rust name of a field whose own is a keyword.
fn rust_name(wire: &str) -> Option<String> {
    let own = naming::field(wire);
    let name = match own.as_str() {
        "type" => "kind".to_owned(),
        "async" => "is_async".to_owned(),
        own if naming::is_keyword(own) => format!("{own}_value"),
        _ => return None,
    };
    Some(name)
}

fn is_list_map(reference: &TypeRef) -> bool {
    matches!(reference, TypeRef::Map(inner) if matches!(**inner, TypeRef::List(_)))
}

/// A name in the lists and maps of a kind.
fn wrapped(kind: &Kind, name: &str) -> TypeRef {
    match kind {
        Kind::List(inner) => TypeRef::List(Box::new(wrapped_inner(inner.as_deref(), name))),
        Kind::Map(inner) => TypeRef::Map(Box::new(wrapped_inner(inner.as_deref(), name))),
        _ => TypeRef::Named(name.to_owned()),
    }
}

fn wrapped_inner(kind: Option<&Kind>, name: &str) -> TypeRef {
    kind.map_or_else(|| TypeRef::Named(name.to_owned()), |kind| wrapped(kind, name))
}

/// The built-in type of a kind.
fn plain(kind: &Kind) -> TypeRef {
    let name = match crate::kind::core(kind) {
        Kind::Text => "string",
        Kind::Bool => "bool",
        Kind::Int32 => "int32",
        Kind::Int64 | Kind::Number => "int64",
        Kind::File => "file",
        Kind::Map(_) | Kind::Object | Kind::Any | Kind::List(_) => "any",
    };
    wrapped(kind, name)
}

/// A value as YAML of the spec has it.
fn written(kind: &Kind, value: &str) -> String {
    match kind {
        Kind::Text => crate::yaml::scalar(value),
        _ => value.to_owned(),
    }
}
