//! Examples of fields and types.

use serde_json::{Map, Value, json};

use crate::ir::{Api, Field, Object, Operation, Type, TypeItem};

/// How deep an object that contains itself is written out.
const DEPTH: usize = 3;

/// An answer with all of its fields; none where the operation answers with nothing.
pub fn answer(api: &Api, operation: &Operation) -> Option<Value> {
    let must = |field: &Field| field.always;
    let examples = Examples { api, local: &operation.objects, must, least: false, on_the_wire: true };
    operation.response.as_ref().map(|response| examples.object(&response.fields, 0))
}

/// The example of one field of a request, as a caller by name gives it or as it goes over the wire.
pub fn parameter(api: &Api, operation: &Operation, field: &Field, on_the_wire: bool) -> Value {
    let must = |field: &Field| field.required;
    Examples { api, local: &operation.objects, must, least: false, on_the_wire }.field(field, 0)
}

/// A shared object that is pushed, with nothing but what it is no such thing without.
pub fn least(api: &Api, name: &str) -> Value {
    let ty = Type::Object(name.to_owned());
    Examples { api, local: &[], must: |field| field.always, least: true, on_the_wire: true }.value(&ty, None, 0)
}

/// What arrives at the server of a value that is neither collection nor object, as a text.
pub fn on_the_wire(api: &Api, ty: &Type, example: Option<&Value>) -> String {
    text(&Examples { api, local: &[], must: |_| false, least: true, on_the_wire: true }.value(ty, example, 0))
}

/// A value as it stands in a path or query.
pub fn text(value: &Value) -> String {
    value.as_str().map_or_else(|| value.to_string(), str::to_owned)
}

struct Examples<'a> {
    api: &'a Api,
    /// The objects that only the operation has.
    local: &'a [Object],
    /// What an object cannot be without.
    must: fn(&Field) -> bool,
    /// Whether everything else is left out.
    least: bool,
    /// Whether ids are numbers where the wire has them as such.
    on_the_wire: bool,
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
            ty if field.numeric && self.on_the_wire => numeric(self.value(ty, field.example.as_ref(), depth)),
            ty => self.value(ty, field.example.as_ref(), depth),
        }
    }

    fn value(&self, ty: &Type, example: Option<&Value>, depth: usize) -> Value {
        match (ty, example) {
            (Type::List(inner), Some(Value::Array(items))) if !is_object(inner) => json!(items),
            (Type::List(inner), _) => json!([self.value(inner, None, depth)]),
            (Type::Map(inner), Some(Value::Object(entries))) if !is_object(inner) => json!(entries),
            (Type::Map(inner), _) => json!({ "key": self.value(inner, None, depth) }),
            (Type::MapOrList(inner), _) => json!({ "key": [self.value(inner, None, depth)] }),
            (Type::Object(_) | Type::LocalObject(_), _) => {
                let object = self.api.object(ty, self.local);
                object.map_or(Value::Null, |object| self.object(&object.fields, depth + 1))
            }
            (Type::Enum(_), None) => {
                let values = self.api.enumeration(ty).map(|item| &item.values);
                values.and_then(|values| values.first()).map_or(Value::Null, |value| json!(value.wire))
            }
            (Type::Id(name), None) => match self.api.shared_type(name) {
                Some(TypeItem::Id(id)) => json!(id.example.as_deref().unwrap_or("id")),
                _ => Value::Null,
            },
            (Type::File, name) => {
                json!({ "name": name.and_then(Value::as_str).unwrap_or("file"), "base64": "Y29udGVudA==" })
            }
            (_, Some(example)) => example.clone(),
            (Type::Text, None) => json!("text"),
            (Type::Int32 | Type::Int64 | Type::Uint64, None) => json!(1),
            (Type::Bool, None) => json!(true),
            (Type::Timestamp, None) => json!(1_640_995_200_000_i64),
            (Type::Time, None) => json!("2022-01-01T10:00:00Z"),
            (Type::ErrorCode, None) => json!("permissionDenied"),
            (Type::Any, None) => json!({ "key": "value" }),
        }
    }
}

/// Ids as numbers, where they are some.
fn numeric(value: Value) -> Value {
    match value {
        Value::String(text) => text.parse::<i64>().map_or(Value::String(text), Value::from),
        Value::Array(elements) => elements.into_iter().map(numeric).collect(),
        other => other,
    }
}

fn is_object(ty: &Type) -> bool {
    matches!(ty.core(), Type::Object(_) | Type::LocalObject(_))
}
