//! Every field of every example answer, with the type that the spec gives it.

use std::path::Path;
use std::sync::LazyLock;

use dingtalk_storage_spec::model::{Field, Map, TypeRef};
use dingtalk_storage_spec::{SourceTree, Spec, compile};
use dingtalk_storage_tests::example::Example;
use serde_json::Value;

/// A field of an example answer.
#[derive(Debug)]
pub struct Place {
    /// Operation that answers.
    pub operation: String,
    /// The way to the field from the top of the answer.
    pub path: Vec<Step>,
    /// What the spec says it is.
    pub kind: Kind,
    /// Whether every answer has it.
    pub always: bool,
}

/// One step into a JSON value.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Step {
    /// Into a field or the entry of a map.
    Name(String),
    /// Into the first element of a list.
    First,
}

/// What a field holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    Text,
    Id,
    NumericId,
    Enum,
    ErrorCode,
    Int32,
    Int64,
    Uint64,
    Bool,
    Time,
    Timestamp,
    Any,
    Object,
    List,
    Map,
    MapOrList,
}

/// Every field of every example answer.
pub fn all() -> &'static [Place] {
    &PLACES
}

static PLACES: LazyLock<Vec<Place>> = LazyLock::new(|| {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../spec");
    let spec = compile(&SourceTree::read(&folder)).unwrap_or_else(|report| panic!("{report:?}"));
    let mut places = Vec::new();
    for family in &spec.families {
        for operation in &family.operations {
            let name = format!("{}.{}", family.family.family, operation.operation.operation);
            let mut walk = Walk { spec: &spec, operation: &name, path: Vec::new(), places: &mut places };
            walk.fields(&operation.operation.response, &Example::of(&name).answer);
        }
    }
    places
});

struct Walk<'a> {
    spec: &'a Spec,
    operation: &'a str,
    path: Vec<Step>,
    places: &'a mut Vec<Place>,
}

impl Walk<'_> {
    /// The fields of an object. Where objects contain themselves, the example ends; everywhere else it has every field.
    fn fields(&mut self, fields: &Map<Field>, object: &Value) {
        for (name, field) in fields {
            let reference = field.kind.clone().unwrap_or_else(|| TypeRef::Named("object".to_owned()));
            let kind = self.kind(field, &reference);
            self.path.push(Step::Name(name.clone()));
            match object.get(name) {
                Some(value) => {
                    let (operation, path) = (self.operation.to_owned(), self.path.clone());
                    self.places.push(Place { operation, path, kind, always: field.always });
                    self.inside(field, &reference, value);
                }
                None => assert!(self.is_nested_object(field, &reference), "{}: no example of {name}", self.operation),
            }
            self.path.pop();
        }
    }

    /// The objects inside of a value: in the first element of a list, in the first entry of a map.
    fn inside(&mut self, field: &Field, reference: &TypeRef, value: &Value) {
        let (step, inner, value) = match (reference, value) {
            (TypeRef::Named(_), _) => {
                if let Some(fields) = self.object_fields(field, reference) {
                    self.fields(&fields, value);
                }
                return;
            }
            (TypeRef::List(inner), Value::Array(elements)) => (Step::First, inner, elements.first()),
            (TypeRef::Map(inner), Value::Object(entries)) => {
                let Some((name, value)) = entries.iter().next() else { return };
                (Step::Name(name.clone()), inner, Some(value))
            }
            _ => panic!("{}: the example is no {reference}: {value}", self.operation),
        };
        if let Some(value) = value {
            self.path.push(step);
            self.inside(field, inner, value);
            self.path.pop();
        }
    }

    fn kind(&self, field: &Field, reference: &TypeRef) -> Kind {
        match reference {
            TypeRef::List(_) => Kind::List,
            TypeRef::Map(_) if field.or_list => Kind::MapOrList,
            TypeRef::Map(_) => Kind::Map,
            TypeRef::Named(name) => match name.as_str() {
                "string" => Kind::Text,
                "int32" => Kind::Int32,
                "int64" => Kind::Int64,
                "uint64" => Kind::Uint64,
                "bool" => Kind::Bool,
                "time" => Kind::Time,
                "timestamp" => Kind::Timestamp,
                "errorCode" => Kind::ErrorCode,
                "any" => Kind::Any,
                "object" => Kind::Object,
                "file" => panic!("{}: files are parts of forms, and no answer has one", self.operation),
                shared => match self.spec.types.get(shared).map(|item| &item.def) {
                    Some(def) if def.values.is_some() => Kind::Enum,
                    Some(def) if def.id.is_some() && field.numeric => Kind::NumericId,
                    Some(def) if def.id.is_some() => Kind::Id,
                    _ => Kind::Object,
                },
            },
        }
    }

    /// The fields of the object at the core of a type.
    fn object_fields(&self, field: &Field, reference: &TypeRef) -> Option<Map<Field>> {
        match reference.name() {
            "object" => Some(field.fields.clone()),
            name => self.spec.types.get(name)?.def.fields.clone(),
        }
    }

    fn is_nested_object(&self, field: &Field, reference: &TypeRef) -> bool {
        self.path.len() > 3 && self.object_fields(field, reference).is_some()
    }
}
