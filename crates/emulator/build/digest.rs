//! From the spec to what the emulator needs of it.

use dingtalk_storage_spec::model::{self as spec, ErrorClass, ListStyle, TypeRef};
use dingtalk_storage_spec::{FamilySpec, Spec};

use crate::model::{Accepted, Code, Contract, Envelope, Field, Operation, Page, Shape, Status, Token};

type Result<T> = std::result::Result<T, Box<dyn std::error::Error>>;

/// The digest of a spec.
pub fn contract(spec: &Spec) -> Result<Contract> {
    let mut operations = Vec::new();
    for family in &spec.families {
        for each in &family.operations {
            operations.push(operation(spec, family, &each.operation)?);
        }
    }
    operations.sort_by(|a, b| a.name.cmp(&b.name));
    let mut objects = std::collections::BTreeMap::new();
    for (name, each) in &spec.types {
        if let Some(fields) = &each.def.fields {
            objects.insert(name.clone(), self::fields(spec, fields)?);
        }
    }
    let codes = spec
        .errors
        .iter()
        .map(|(name, each)| (name.clone(), Code { status: status(each.class), meaning: each.meaning.clone() }));
    Ok(Contract { operations, objects, codes: codes.collect() })
}

fn operation(spec: &Spec, family: &FamilySpec, from: &spec::Operation) -> Result<Operation> {
    let (method, path) = from.http.split_once(' ').ok_or("an operation without a path")?;
    let token = match from.token {
        spec::Token::Family => family.family.token,
        other => other,
    };
    let errors = from.errors.iter().flat_map(|(status, codes)| codes.iter().map(|code| (code.clone(), *status)));
    Ok(Operation {
        name: format!("{}.{}", family.family.family, from.operation),
        method: method.to_owned(),
        path: path.to_owned(),
        status: match from.status {
            spec::Status::Current => Status::Current,
            spec::Status::Legacy => Status::Legacy,
            spec::Status::Undocumented => Status::Undocumented,
        },
        group: from.group.clone(),
        scope: from.scope.clone().filter(|scope| scope != "unknown"),
        token: match token {
            spec::Token::Header | spec::Token::Family => Token::Header,
            spec::Token::User => Token::User,
            spec::Token::Query => Token::Query,
            spec::Token::None => Token::None,
        },
        envelope: match family.family.envelope {
            spec::Envelope::Plain => Envelope::Plain,
            spec::Envelope::Errcode => Envelope::Errcode,
            spec::Envelope::Flat => Envelope::Flat,
        },
        form: from.encoding == spec::Encoding::Form,
        read: from.effect == Some(spec::Effect::Read),
        operator: from.operator.clone(),
        page: from.page.as_ref().map(|page| self::page(from, page)),
        path_parameters: fields(spec, &from.path)?,
        query: fields(spec, &from.query)?,
        body: fields(spec, &from.body)?,
        response: fields(spec, &from.response)?,
        errors: errors.collect(),
    })
}

fn page(operation: &spec::Operation, page: &spec::Page) -> Page {
    Page {
        token: dotted(operation, &page.token),
        size: page.size.as_ref().map(|size| dotted(operation, size)),
        next: page.next.clone().unwrap_or_else(|| page.token.clone()),
    }
}

/// Where a parameter stands, given that some stand in a flattened object.
fn dotted(operation: &spec::Operation, name: &str) -> String {
    let holder = operation.body.iter().find(|(_, field)| field.flatten && field.fields.contains_key(name));
    holder.map_or_else(|| name.to_owned(), |(holder, _)| format!("{holder}.{name}"))
}

fn fields(spec: &Spec, from: &spec::Map<spec::Field>) -> Result<Vec<Field>> {
    from.iter().map(|(name, field)| self::field(spec, name, field)).collect()
}

fn field(spec: &Spec, name: &str, from: &spec::Field) -> Result<Field> {
    let kind = from.kind.clone().unwrap_or_else(|| TypeRef::Named("object".to_owned()));
    Ok(Field {
        name: name.to_owned(),
        shape: if from.numeric { numbers(&kind) } else { shape(spec, &kind, &from.fields)? },
        required: from.required,
        always: from.always,
        default: from.default.as_ref().map(serde_json::to_value).transpose()?,
        min: from.min,
        max: from.max,
        accepts: from.accepts.iter().map(accepted).collect(),
        indexed: from.style == Some(ListStyle::Indexed),
        or_list: from.or_list,
    })
}

fn accepted(from: &spec::Accepted) -> Accepted {
    let when = from.when.iter().map(|(name, value)| (name.clone(), value.clone()));
    Accepted { when: when.collect(), max: from.max, extensions: from.extensions.clone() }
}

/// Ids that are numbers on the wire.
fn numbers(kind: &TypeRef) -> Shape {
    match kind {
        TypeRef::List(inner) => Shape::List(Box::new(numbers(inner))),
        _ => Shape::Int64,
    }
}

fn shape(spec: &Spec, kind: &TypeRef, fields: &spec::Map<spec::Field>) -> Result<Shape> {
    Ok(match kind {
        TypeRef::List(inner) => Shape::List(Box::new(shape(spec, inner, fields)?)),
        TypeRef::Map(inner) => Shape::Map(Box::new(shape(spec, inner, fields)?)),
        TypeRef::Named(name) => match name.as_str() {
            "string" => Shape::Text,
            "int32" => Shape::Int32,
            "int64" | "timestamp" => Shape::Int64,
            "uint64" => Shape::Uint64,
            "bool" => Shape::Bool,
            "time" => Shape::Time,
            "errorCode" => Shape::ErrorCode,
            "any" => Shape::Any,
            "file" => Shape::File,
            "object" => Shape::Object(self::fields(spec, fields)?),
            name => shared(spec, name)?,
        },
    })
}

fn shared(spec: &Spec, name: &str) -> Result<Shape> {
    let def = &spec.types.get(name).ok_or_else(|| format!("no type is called {name}"))?.def;
    Ok(if def.fields.is_some() {
        Shape::Shared(name.to_owned())
    } else if let Some(values) = &def.values {
        Shape::Enum(values.keys().cloned().collect())
    } else {
        Shape::Id
    })
}

/// The usual HTTP status of a class of errors.
fn status(class: ErrorClass) -> u16 {
    match class {
        ErrorClass::Scope | ErrorClass::Permission | ErrorClass::Throttled | ErrorClass::Exhausted => 403,
        ErrorClass::Missing => 404,
        ErrorClass::Server => 500,
        ErrorClass::Timeout => 503,
        _ => 400,
    }
}
