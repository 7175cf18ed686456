//! Types as schemas: what operations share stands under `components`, and so do the objects of each operation.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Map, Value, json};

use super::dialect::Dialect;
use super::references::reference;
use crate::ir::{Api, Enum, Family, Field, Id, Object, Operation, Type, TypeItem};
use crate::render::one_line;

/// What an error says; named so that no type of the API can have the name.
pub(super) const FAILURE: &str = "x.Failure";

const TIME: &str = "A time: ISO 8601, or milliseconds since 1970.";

pub(super) struct Schemas<'a> {
    pub(super) api: &'a Api,
    pub(super) dialect: Dialect,
    /// Shared objects that lack other fields in a request than in an answer, or contain one.
    two_sided: BTreeSet<&'a str>,
}

/// Whose local objects a type may name.
#[derive(Clone, Copy)]
pub(super) struct Owner<'a> {
    pub(super) family: &'a Family,
    pub(super) operation: &'a Operation,
}

impl Owner<'_> {
    /// Name of a schema that belongs to the operation alone.
    pub(super) fn named(self, object: &str) -> String {
        format!("{}.{}.{object}", self.family.name, self.operation.name)
    }
}

/// Which way a value goes.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Way {
    Request,
    Answer,
}

impl<'a> Schemas<'a> {
    pub(super) fn new(api: &'a Api, dialect: Dialect) -> Self {
        let objects = || {
            shared_items(api).filter_map(|item| if let TypeItem::Object(object) = item { Some(object) } else { None })
        };
        let differs = |object: &&Object| {
            object.in_request
                && object.in_answer
                && object.fields.iter().any(|field| field.required != field.always || field.nullable)
        };
        let mut two_sided: BTreeSet<&str> = objects().filter(differs).map(|object| object.name.as_str()).collect();
        // An object that contains one has two sides itself, as far as it goes both ways.
        loop {
            let contains = |object: &&Object| {
                let inner =
                    |field: &Field| matches!(field.ty.core(), Type::Object(name) if two_sided.contains(name.as_str()));
                object.in_request
                    && object.in_answer
                    && !two_sided.contains(object.name.as_str())
                    && object.fields.iter().any(inner)
            };
            let more: Vec<&str> = objects().filter(contains).map(|object| object.name.as_str()).collect();
            if more.is_empty() {
                return Self { api, dialect, two_sided };
            }
            two_sided.extend(more);
        }
    }

    /// All named schemas.
    pub(super) fn components(&self) -> BTreeMap<String, Value> {
        let mut components: BTreeMap<String, Value> = BTreeMap::new();
        for item in shared_items(self.api) {
            match item {
                TypeItem::Id(id) => drop(components.insert(id.name.clone(), self.id(id))),
                TypeItem::Enum(item) => drop(components.insert(item.name.clone(), enumeration(item))),
                TypeItem::Object(object) => {
                    let way = if object.in_answer { Way::Answer } else { Way::Request };
                    components.insert(object.name.clone(), self.object(object, None, way));
                    if self.two_sided.contains(object.name.as_str()) {
                        components.insert(of_requests(&object.name), self.object(object, None, Way::Request));
                    }
                }
            }
        }
        for family in &self.api.families {
            for operation in &family.operations {
                let owner = Owner { family, operation };
                for object in &operation.objects {
                    let way = if object.in_answer { Way::Answer } else { Way::Request };
                    components.insert(owner.named(&object.name), self.object(object, Some(owner), way));
                }
            }
        }
        components.insert(FAILURE.to_owned(), super::answers::failure());
        components
    }

    /// A shared type.
    pub(super) fn shared(&self, name: &str, in_request: bool) -> Value {
        let is_other = in_request && self.two_sided.contains(name);
        reference(&if is_other { of_requests(name) } else { name.to_owned() })
    }

    /// An object with fields of its own.
    pub(super) fn object(&self, object: &Object, owner: Option<Owner<'_>>, way: Way) -> Value {
        let mut schema = self.fields(&object.fields, owner, way);
        schema["description"] = json!(described(&object.doc, &object.quirks));
        schema
    }

    pub(super) fn fields(&self, fields: &[Field], owner: Option<Owner<'_>>, way: Way) -> Value {
        let properties: Map<String, Value> =
            fields.iter().map(|field| (field.wire.clone(), self.field(field, owner, way))).collect();
        let is_there = |field: &&Field| if way == Way::Request { field.required } else { field.always };
        let required: Vec<&str> = fields.iter().filter(is_there).map(|field| field.wire.as_str()).collect();
        let mut schema = json!({ "type": "object", "properties": properties });
        if !required.is_empty() {
            schema["required"] = json!(required);
        }
        schema
    }

    /// A field with what it says of itself.
    pub(super) fn field(&self, field: &Field, owner: Option<Owner<'_>>, way: Way) -> Value {
        let mut facts = Map::new();
        facts.insert("description".to_owned(), json!(one_line(&field.doc)));
        facts.extend(limits(field));
        if let Some(default) = &field.default {
            facts.insert("default".to_owned(), default.clone());
        }
        if let Some(example) = field.example.as_ref().filter(|_| field.ty != Type::File) {
            facts.extend([self.dialect.example(example.clone())]);
        }
        let schema = if field.numeric { numbers(&field.ty) } else { self.ty(&field.ty, owner, way) };
        let schema = if field.nullable && way == Way::Request { self.dialect.nullable(schema) } else { schema };
        self.dialect.with(schema, facts)
    }

    pub(super) fn ty(&self, ty: &Type, owner: Option<Owner<'_>>, way: Way) -> Value {
        match ty {
            Type::Text | Type::ErrorCode => json!({ "type": "string" }),
            Type::Int32 => json!({ "type": "integer", "format": "int32" }),
            Type::Int64 => json!({ "type": "integer", "format": "int64" }),
            Type::Uint64 => json!({ "type": "integer", "format": "int64", "minimum": 0 }),
            Type::Bool => json!({ "type": "boolean" }),
            Type::Time => self.dialect.text_or_number(TIME),
            Type::Timestamp => {
                json!({ "type": "integer", "format": "int64", "x-dingtalk-unit": "milliseconds since 1970" })
            }
            Type::Any => json!({}),
            Type::File => self.dialect.file(),
            Type::Id(name) | Type::Enum(name) | Type::Object(name) => self.shared(name, way == Way::Request),
            Type::LocalObject(name) => reference(&owner.map_or_else(|| name.clone(), |owner| owner.named(name))),
            Type::List(element) => json!({ "type": "array", "items": self.ty(element, owner, way) }),
            Type::Map(value) => json!({ "type": "object", "additionalProperties": self.ty(value, owner, way) }),
            Type::MapOrList(element) => {
                let list = json!({ "type": "array", "items": self.ty(element, owner, way) });
                json!({ "oneOf": [{ "type": "object", "additionalProperties": list }, list] })
            }
        }
    }

    fn id(&self, id: &Id) -> Value {
        let mut schema = json!({ "type": "string", "description": described(&id.doc, &id.quirks) });
        if id.secret {
            schema["format"] = json!("password");
        }
        if let Some(example) = &id.example {
            let (key, example) = self.dialect.example(json!(example));
            schema[key] = example;
        }
        if !id.constants.is_empty() {
            let constants: Map<String, Value> =
                id.constants.iter().map(|(_, value, doc)| (value.clone(), json!(doc))).collect();
            schema["x-dingtalk-values"] = json!(constants);
        }
        schema
    }
}

/// Ids that are numbers on the wire.
fn numbers(ty: &Type) -> Value {
    match ty {
        Type::List(element) => json!({ "type": "array", "items": numbers(element) }),
        _ => json!({ "type": "integer", "format": "int64" }),
    }
}

/// A list of values that may grow: a value that is not in it is no error.
fn enumeration(item: &Enum) -> Value {
    let values: Vec<&str> = item.values.iter().map(|value| value.wire.as_str()).collect();
    let meanings: Map<String, Value> = item.values.iter().map(|value| (value.wire.clone(), json!(value.doc))).collect();
    json!({
        "type": "string",
        "description": described(&item.doc, &item.quirks),
        "x-extensible-enum": values,
        "x-dingtalk-values": meanings,
    })
}

/// The schema of a shared object as requests have it. No type of the spec has a dot in its name.
fn of_requests(name: &str) -> String {
    format!("{name}.Request")
}

pub(super) fn described(doc: &str, quirks: &[String]) -> String {
    [doc].into_iter().chain(quirks.iter().map(String::as_str)).map(one_line).collect::<Vec<_>>().join("\n\n")
}

fn shared_items(api: &Api) -> impl Iterator<Item = &TypeItem> {
    api.type_files.iter().flat_map(|file| &file.types)
}

/// Limits under the name that they have for the type.
fn limits(field: &Field) -> Map<String, Value> {
    let (min, max) = match &field.ty {
        Type::Int32 | Type::Int64 | Type::Uint64 => ("minimum", "maximum"),
        Type::List(_) => ("minItems", "maxItems"),
        Type::Map(_) | Type::MapOrList(_) => ("minProperties", "maxProperties"),
        Type::File => ("x-dingtalk-min-bytes", "x-dingtalk-max-bytes"),
        _ => ("minLength", "maxLength"),
    };
    let limits = [(min, field.min), (max, field.max)];
    let mut facts: Map<String, Value> =
        limits.into_iter().filter_map(|(key, limit)| Some((key.to_owned(), json!(limit?)))).collect();
    if !field.accepts.is_empty() {
        facts.insert("x-dingtalk-accepts".to_owned(), json!(field.accepts));
    }
    facts
}
