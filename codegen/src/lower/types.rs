//! Types and fields.

use std::collections::BTreeMap;

use dingtalk_storage_spec::{Spec, TypeSpec, model};
use serde_json::Value;

use super::usage::Usage;
use crate::error::Error;
use crate::ir::{Enum, EnumValue, Field, Id, Object, Type, TypeFile, TypeItem};
use crate::names;

/// Where a field stands: for error messages, and to collect the objects that only this place has.
pub struct Scope<'a> {
    /// The spec.
    pub spec: &'a Spec,
    /// Which way each of its types travels.
    pub usage: &'a Usage,
    /// File and name.
    pub place: String,
    /// Whether the fields belong to a shared type, and so are the objects among them.
    pub is_shared: bool,
    /// Whether the fields belong to a request.
    pub in_request: bool,
    /// Whether the fields belong to an answer.
    pub in_answer: bool,
    /// Objects with inline fields, found on the way; those within one stand before it.
    pub objects: Vec<Object>,
}

/// Shared types, file by file.
pub fn lower_files(spec: &Spec, usage: &Usage) -> Result<Vec<TypeFile>, Error> {
    let mut files: BTreeMap<&str, Vec<TypeItem>> = BTreeMap::new();
    for (name, item) in &spec.types {
        files.entry(&item.file).or_default().extend(lower_type(spec, name, item, usage)?);
    }
    let files = files.into_iter().map(|(source, mut types)| {
        types.sort_by(|one, other| one.name().cmp(other.name()));
        let module = source.rsplit('/').next().unwrap_or(source).trim_end_matches(".yaml");
        TypeFile { module: module.to_owned(), source: source.to_owned(), types }
    });
    Ok(files.collect())
}

/// A shared type, with the objects that only it has.
fn lower_type(spec: &Spec, name: &str, item: &TypeSpec, usage: &Usage) -> Result<Vec<TypeItem>, Error> {
    let model::TypeDef { doc, fields, values, ranked, id, quirks, discrepancies: _ } = item.def.clone();
    let doc = doc.unwrap_or_default();
    if let Some(values) = values {
        let values = values.into_iter().map(|(wire, model::EnumValue { doc, rust })| EnumValue {
            rust: rust.unwrap_or_else(|| names::camel(&wire)),
            wire,
            doc,
        });
        let values = values.collect();
        return Ok(vec![TypeItem::Enum(Enum { name: name.to_owned(), doc, values, ranked, quirks })]);
    }
    if let Some(model::IdType { example, secret, constants, from }) = id {
        let constants = constants.into_iter().map(|(name, constant)| (name, constant.value, constant.doc)).collect();
        let from = from.into_iter().collect();
        return Ok(vec![TypeItem::Id(Id { name: name.to_owned(), doc, secret, example, constants, from, quirks })]);
    }
    let mut scope = Scope {
        spec,
        usage,
        place: format!("{}: {name}", item.file),
        is_shared: true,
        in_request: usage.requests.contains(name),
        in_answer: usage.answers.contains(name),
        objects: Vec::new(),
    };
    let object = scope.object(name, doc, quirks, &fields.unwrap_or_default())?;
    Ok(std::iter::once(object).chain(scope.objects).map(TypeItem::Object).collect())
}

/// A value as it is on the wire.
fn json(value: &serde_yaml::Value) -> Value {
    serde_json::to_value(value).unwrap_or_default()
}

impl Scope<'_> {
    /// An object that stands here.
    pub fn object(
        &mut self,
        name: &str,
        doc: String,
        quirks: Vec<String>,
        fields: &model::Map<model::Field>,
    ) -> Result<Object, Error> {
        let fields = fields.iter().map(|(wire, field)| self.field(wire, field)).collect::<Result<Vec<_>, _>>()?;
        let hashed = !fields.iter().any(|field| self.has_secret(&field.ty));
        let Self { in_request, in_answer, .. } = *self;
        Ok(Object { name: name.to_owned(), doc, fields, in_request, in_answer, hashed, quirks })
    }

    fn has_secret(&self, ty: &Type) -> bool {
        let of_place = |name: &String| self.objects.iter().any(|object| object.name == *name && !object.hashed);
        match ty.core() {
            Type::Id(name) | Type::Object(name) | Type::LocalObject(name) => {
                self.usage.secrets.contains(name) || of_place(name)
            }
            _ => false,
        }
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
        let local = field.type_name.as_deref();
        if reference.name() == "object" {
            let name = local.ok_or_else(|| self.undefined(&format!("{wire}.as")))?;
            let object = self.object(name, field.doc.clone().unwrap_or_default(), Vec::new(), &field.fields)?;
            self.objects.push(object);
        }
        Ok(match self.resolve(reference, local.unwrap_or_default())? {
            Type::Map(inner) if field.or_list => match *inner {
                Type::List(element) => Type::MapOrList(element),
                other => Type::MapOrList(Box::new(other)),
            },
            other => other,
        })
    }

    /// The type; `local` is the name of the object that stands here.
    fn resolve(&self, reference: &model::TypeRef, local: &str) -> Result<Type, Error> {
        Ok(match reference {
            model::TypeRef::List(inner) => Type::List(Box::new(self.resolve(inner, local)?)),
            model::TypeRef::Map(inner) => Type::Map(Box::new(self.resolve(inner, local)?)),
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
                "object" if self.is_shared => Type::Object(local.to_owned()),
                "object" => Type::LocalObject(local.to_owned()),
                shared => self.shared(shared)?,
            },
        })
    }

    fn shared(&self, name: &str) -> Result<Type, Error> {
        let def = &self.spec.types.get(name).ok_or_else(|| self.undefined(name))?.def;
        let name = name.to_owned();
        Ok(match (&def.values, &def.id) {
            (Some(_), _) => Type::Enum(name),
            (None, Some(_)) => Type::Id(name),
            (None, None) => Type::Object(name),
        })
    }

    fn undefined(&self, name: &str) -> Error {
        Error::Undefined { place: self.place.clone(), name: name.to_owned() }
    }
}
