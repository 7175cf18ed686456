//! Examples of fields and types.

use serde_json::{Map, Value, json};

use crate::ir::{Api, Field, Object, Operation, Type, TypeItem};

/// How deep an object that contains itself is written out.
const DEPTH: usize = 3;

/// An answer with all of its fields.
pub fn answer(api: &Api, operation: &Operation, fields: &[Field]) -> Value {
    Examples { api, local: &operation.objects, must: |field| field.always, least: false }.object(fields, 0)
}

/// The example of one field of a request.
pub fn parameter(api: &Api, operation: &Operation, field: &Field) -> Value {
    let examples = Examples { api, local: &operation.objects, must: |field| field.required, least: false };
    examples.value(&field.ty, field.example.as_ref(), 0)
}

/// A shared object that is pushed, with nothing but what it is no such thing without.
pub fn least(api: &Api, name: &str) -> Value {
    Examples { api, local: &[], must: |field| field.always, least: true }.named(name, 0)
}

struct Examples<'a> {
    api: &'a Api,
    /// The objects that only the operation has.
    local: &'a [Object],
    /// What an object cannot be without.
    must: fn(&Field) -> bool,
    /// Whether everything else is left out.
    least: bool,
}

impl Examples<'_> {
    fn object(&self, fields: &[Field], depth: usize) -> Value {
        let may_be_there = |field: &Field| !self.least && (depth < DEPTH || !is_object(&field.ty));
        let fields = fields.iter().filter(|field| (self.must)(field) || may_be_there(field));
        let fields = fields.map(|field| (field.wire.clone(), self.field(field, depth)));
        Value::Object(fields.collect::<Map<_, _>>())
    }

    /// What must be there is there at any depth; the checks see to it that this ends. Lists and maps end empty.
    fn field(&self, field: &Field, depth: usize) -> Value {
        match &field.ty {
            Type::List(inner) if depth >= DEPTH && is_object(inner) => json!([]),
            Type::Map(inner) | Type::MapOrList(inner) if depth >= DEPTH && is_object(inner) => json!({}),
            ty => self.value(ty, field.example.as_ref(), depth),
        }
    }

    fn value(&self, ty: &Type, example: Option<&serde_yaml::Value>, depth: usize) -> Value {
        match (ty, example.map(json_of)) {
            (Type::List(inner), Some(Value::Array(items))) if !is_object(inner) => Value::Array(items),
            (Type::List(inner), _) => json!([self.value(inner, None, depth)]),
            (Type::Map(inner), Some(Value::Object(entries))) if !is_object(inner) => Value::Object(entries),
            (Type::Map(inner), _) => json!({ "key": self.value(inner, None, depth) }),
            (Type::MapOrList(inner), _) => json!({ "key": [self.value(inner, None, depth)] }),
            (Type::LocalObject(name), _) => {
                let object = self.local.iter().find(|object| object.name == *name);
                object.map_or(Value::Null, |object| self.object(&object.fields, depth + 1))
            }
            (Type::Object(name), _) | (Type::Id(name) | Type::Enum(name), None) => self.named(name, depth),
            (Type::File, name) => {
                let name = name.as_ref().and_then(Value::as_str).unwrap_or("file");
                json!({ "name": name, "base64": "Y29udGVudA==" })
            }
            (_, Some(example)) => example,
            (Type::Text, None) => json!("text"),
            (Type::Int32 | Type::Int64, None) => json!(1),
            (Type::Bool, None) => json!(true),
            (Type::Time, None) => json!("2022-01-01T10:00:00Z"),
            (Type::ErrorCode, None) => json!("permissionDenied"),
            (Type::Any, None) => json!({ "key": "value" }),
        }
    }

    fn named(&self, name: &str, depth: usize) -> Value {
        match self.api.shared_type(name) {
            Some(TypeItem::Object(object)) => self.object(&object.fields, depth + 1),
            Some(TypeItem::Enum(item)) => item.values.first().map_or(Value::Null, |value| json!(value.wire)),
            Some(TypeItem::Id(id)) => json!(id.example.clone().unwrap_or_else(|| "id".to_owned())),
            None => Value::Null,
        }
    }
}

fn is_object(ty: &Type) -> bool {
    matches!(ty.core(), Type::Object(_) | Type::LocalObject(_))
}

fn json_of(value: &serde_yaml::Value) -> Value {
    serde_json::to_value(value).unwrap_or_default()
}
