//! Types and fields.

use dingtalk_storage_spec::{Spec, TypeSpec, model};
use indexmap::IndexMap;
use serde_json::Value;

use super::usage::Usage;
use crate::error::Error;
use crate::ir::{Enum, EnumValue, Field, Id, Object, Type, TypeFile, TypeItem};
use crate::names;

/// Where a field stands: for error messages, and to collect the objects that only this place has.
pub struct Scope<'a> {
    /// The spec.
    pub spec: &'a Spec,
    /// File and name.
    pub place: String,
    /// Whether the fields belong to a shared type, and so are the objects among them.
    pub is_shared: bool,
    /// Whether the fields belong to a request.
    pub in_request: bool,
    /// Whether the fields belong to an answer.
    pub in_answer: bool,
    /// Objects with inline fields, found on the way.
    pub objects: Vec<Object>,
}

/// Shared types, file by file.
pub fn lower_files(spec: &Spec, usage: &Usage) -> Result<Vec<TypeFile>, Error> {
    let mut files: IndexMap<&str, Vec<TypeItem>> = IndexMap::new();
    for (name, item) in &spec.types {
        files.entry(&item.file).or_default().extend(lower_type(spec, name, item, usage)?);
    }
    files.sort_unstable_keys();
    Ok(files
        .into_iter()
        .map(|(source, mut types)| {
            types.sort_by(|one, other| one.name().cmp(other.name()));
            TypeFile { module: module_of(source), source: source.to_owned(), types }
        })
        .collect())
}

fn module_of(source: &str) -> String {
    let name = source.rsplit('/').next().unwrap_or(source);
    name.trim_end_matches(".yaml").to_owned()
}

/// A shared type, with the objects that only it has.
fn lower_type(spec: &Spec, name: &str, item: &TypeSpec, usage: &Usage) -> Result<Vec<TypeItem>, Error> {
    let doc = item.def.doc.clone().unwrap_or_default();
    let quirks = item.def.quirks.clone();
    if let Some(values) = &item.def.values {
        let values = values.iter().map(|(wire, value)| lower_value(wire, value)).collect();
        let ranked = item.def.ranked.clone();
        return Ok(vec![TypeItem::Enum(Enum { name: name.to_owned(), doc, values, ranked, quirks })]);
    }
    if let Some(id) = &item.def.id {
        return Ok(vec![TypeItem::Id(lower_id(name, doc, id, quirks))]);
    }
    let mut scope = Scope {
        spec,
        place: format!("{}: {name}", item.file),
        is_shared: true,
        in_request: usage.requests.contains(name),
        in_answer: usage.answers.contains(name),
        objects: Vec::new(),
    };
    let empty = model::Map::new();
    let fields = scope.fields(item.def.fields.as_ref().unwrap_or(&empty))?;
    let Scope { in_request, in_answer, objects, .. } = scope;
    let object = Object { name: name.to_owned(), doc, fields, in_request, in_answer, hashed: true, quirks };
    Ok(std::iter::once(object).chain(objects).map(TypeItem::Object).collect())
}

/// A value as it is on the wire.
fn json(value: &serde_yaml::Value) -> Value {
    serde_json::to_value(value).unwrap_or_default()
}

fn lower_value(wire: &str, value: &model::EnumValue) -> EnumValue {
    let rust = value.rust.clone().unwrap_or_else(|| names::camel(wire));
    EnumValue { wire: wire.to_owned(), rust, doc: value.doc.clone() }
}

fn lower_id(name: &str, doc: String, id: &model::IdType, quirks: Vec<String>) -> Id {
    Id {
        name: name.to_owned(),
        doc,
        secret: id.secret,
        example: id.example.clone(),
        constants: id
            .constants
            .iter()
            .map(|(name, constant)| (name.clone(), constant.value.clone(), constant.doc.clone()))
            .collect(),
        from: id.from.iter().map(|(name, grounds)| (name.clone(), grounds.clone())).collect(),
        quirks,
    }
}

impl Scope<'_> {
    /// Lowers the fields of an object.
    pub fn fields(&mut self, fields: &model::Map<model::Field>) -> Result<Vec<Field>, Error> {
        fields.iter().map(|(wire, field)| self.field(wire, field)).collect()
    }

    /// Lowers one field.
    pub fn field(&mut self, wire: &str, field: &model::Field) -> Result<Field, Error> {
        Ok(Field {
            wire: wire.to_owned(),
            rust: field.rust.clone().unwrap_or_else(|| names::snake(wire)),
            ty: self.type_of(wire, field)?,
            required: field.required,
            always: field.always,
            indirect: field.indirect,
            nullable: field.nullable,
            doc: field.doc.clone().unwrap_or_default(),
            default: field.default.as_ref().map(json),
            min: field.min,
            max: field.max,
            accepts: field.accepts.clone(),
            example: field.example.as_ref().map(json),
            numeric: field.numeric,
            signed: field.signed.clone(),
        })
    }

    fn type_of(&mut self, wire: &str, field: &model::Field) -> Result<Type, Error> {
        let object = model::TypeRef::Named("object".to_owned());
        let reference = field.kind.as_ref().unwrap_or(&object);
        if reference.name() == "object" {
            let object = self.local_object(wire, field)?;
            self.objects.push(object);
        }
        let resolved = self.resolve(wire, reference, field.type_name.as_deref())?;
        Ok(match resolved {
            Type::Map(inner) if field.or_list => match *inner {
                Type::List(element) => Type::MapOrList(element),
                other => Type::MapOrList(Box::new(other)),
            },
            other => other,
        })
    }

    fn local_object(&mut self, wire: &str, field: &model::Field) -> Result<Object, Error> {
        let Some(name) = &field.type_name else {
            return Err(self.undefined(&format!("{wire}.as")));
        };
        Ok(Object {
            name: name.clone(),
            doc: field.doc.clone().unwrap_or_default(),
            fields: self.fields(&field.fields)?,
            in_request: self.in_request,
            in_answer: self.in_answer,
            hashed: true,
            quirks: Vec::new(),
        })
    }

    fn resolve(&self, wire: &str, reference: &model::TypeRef, local: Option<&str>) -> Result<Type, Error> {
        Ok(match reference {
            model::TypeRef::List(inner) => Type::List(Box::new(self.resolve(wire, inner, local)?)),
            model::TypeRef::Map(inner) => Type::Map(Box::new(self.resolve(wire, inner, local)?)),
            model::TypeRef::Named(name) => match name.as_str() {
                "string" => Type::Text,
                "int32" => Type::Int32,
                "int64" => Type::Int64,
                "uint64" => Type::Uint64,
                "bool" => Type::Bool,
                "time" => Type::Time,
                "timestamp" => Type::Timestamp,
                "errorCode" => Type::ErrorCode,
                "any" => Type::Any,
                "file" => Type::File,
                "object" => {
                    let name = local.ok_or_else(|| self.undefined(wire))?.to_owned();
                    if self.is_shared { Type::Object(name) } else { Type::LocalObject(name) }
                }
                shared => self.shared(shared)?,
            },
        })
    }

    fn shared(&self, name: &str) -> Result<Type, Error> {
        let item = self.spec.types.get(name).ok_or_else(|| self.undefined(name))?;
        let name = name.to_owned();
        Ok(match () {
            () if item.def.values.is_some() => Type::Enum(name),
            () if item.def.id.is_some() => Type::Id(name),
            () => Type::Object(name),
        })
    }

    /// The error about a name that stands for nothing.
    pub fn undefined(&self, name: &str) -> Error {
        Error::Undefined { place: self.place.clone(), name: name.to_owned() }
    }
}
