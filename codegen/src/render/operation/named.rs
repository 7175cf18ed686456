//! The table of parameters by which an operation is called by its name.

use super::required;
use crate::ir::{Operation, Parameter, Place, Type};
use crate::render::doc::sentence;
use crate::render::ty;

/// One line for each parameter: its place and wire name, the argument or setter that takes it, and what it means.
pub fn table(operation: &Operation) -> String {
    let answer = operation.response.as_ref().map_or("()", |response| &response.name);
    let Operation { module, name, .. } = operation;
    let mut table = format!("dingtalk_runtime::named!({module}: {name} -> {answer} {{\n");
    table.extend(required(operation).map(|(_, parameter)| row("required", parameter)));
    let optional = operation.parameters.iter().filter(|parameter| !parameter.field.required);
    table.extend(optional.map(|parameter| row("optional", parameter)));
    table.push_str("});\n");
    table
}

fn row(need: &str, parameter: &Parameter) -> String {
    let field = &parameter.field;
    let place = match &parameter.place {
        Place::Path => "path".to_owned(),
        Place::Query(_) => "query".to_owned(),
        Place::Body(None) => "body".to_owned(),
        Place::Body(Some(object)) => format!("body {object:?}"),
    };
    format!("    {need} {place} {:?} => {}: {}, {:?};\n", field.wire, field.rust, argument(&field.ty), sentence(field))
}

/// The type of the argument, as [`ty::argument`] gives it, in text.
fn argument(ty: &Type) -> String {
    match ty {
        Type::Text => "&str".to_owned(),
        Type::List(element) => format!("&[{}]", owned(element)),
        ty if ty::is_passed_by_value(ty) => owned(ty),
        ty => format!("&{}", owned(ty)),
    }
}

fn owned(ty: &Type) -> String {
    match ty {
        Type::Text => "String".to_owned(),
        Type::Int32 => "i32".to_owned(),
        Type::Int64 => "i64".to_owned(),
        Type::Bool => "bool".to_owned(),
        Type::Time => "runtime::Time".to_owned(),
        Type::ErrorCode => "runtime::ErrorCode".to_owned(),
        Type::Any => "serde_json::Value".to_owned(),
        Type::Id(name) | Type::Enum(name) | Type::Object(name) | Type::LocalObject(name) => name.clone(),
        Type::List(element) => format!("Vec<{}>", owned(element)),
        Type::Map(value) => format!("BTreeMap<String, {}>", owned(value)),
        Type::MapOrList(element) => format!("runtime::MapOrList<{}>", owned(element)),
    }
}
