//! The example in the documentation of an operation.

use crate::ir::{Api, Family, Operation, Parameter, Type, TypeItem};

/// A call with all that is required and one thing that is not, as a compiled example.
pub fn lines(api: &Api, family: &Family, operation: &Operation) -> Vec<String> {
    let mut lines = vec!["```no_run".to_owned()];
    lines.push(
        "# async fn example(client: dingtalk_storage::Client) -> Result<(), dingtalk_storage::Error> {".to_owned(),
    );
    let required: Vec<_> = operation.parameters.iter().filter(|parameter| parameter.field.required).collect();
    let arguments: Vec<_> = required.iter().map(|parameter| argument(api, operation, parameter)).collect();
    let optional =
        operation.parameters.iter().find(|parameter| !parameter.field.required && is_plain(&parameter.field.ty));
    let binding = if operation.response.is_some() { "let answer = " } else { "" };
    let one_line = arguments.join(", ");
    let handle = format!("{binding}client.{}()", family.name);
    if one_line.len() < 96 {
        lines.push(handle);
        lines.push(format!("    .{}({one_line})", operation.module));
    } else {
        lines.push(handle);
        lines.push(format!("    .{}(", operation.module));
        lines.extend(arguments.iter().map(|argument| format!("        {argument},")));
        lines.push("    )".to_owned());
    }
    if let Some(parameter) = optional {
        lines.push(format!("    .{}({})", parameter.field.rust, argument(api, operation, parameter)));
    }
    lines.extend(["    .send().await?;", "# Ok(()) }", "```"].map(str::to_owned));
    lines
}

fn is_plain(ty: &Type) -> bool {
    matches!(ty, Type::Text | Type::Int32 | Type::Int64 | Type::Bool | Type::Enum(_))
}

fn argument(api: &Api, operation: &Operation, parameter: &Parameter) -> String {
    let value = value(api, operation, &parameter.field.ty, parameter.field.example.as_ref());
    match &parameter.field.ty {
        Type::Text | Type::Int32 | Type::Int64 | Type::Bool | Type::Enum(_) => value,
        _ => format!("&{value}"),
    }
}

/// An expression of the type; its own example where it has one.
fn value(api: &Api, operation: &Operation, ty: &Type, example: Option<&serde_yaml::Value>) -> String {
    match ty {
        Type::Text | Type::ErrorCode | Type::Time => {
            format!("{:?}", text(example).unwrap_or_else(|| "text".to_owned()))
        }
        Type::Int32 | Type::Int64 => text(example).unwrap_or_else(|| "1".to_owned()),
        Type::Bool => "true".to_owned(),
        Type::Any => "serde_json::json!({})".to_owned(),
        Type::Id(name) => {
            format!("{:?}.into()", text(example).or_else(|| id_example(api, name)).unwrap_or_else(|| "id".to_owned()))
        }
        Type::Enum(name) => format!("dingtalk_storage::types::{name}::{}", variant(api, name, example)),
        Type::List(inner) => {
            let item = |example| {
                let value = value(api, operation, inner, example);
                // Alone a text is borrowed; in a list it is owned, as everything else.
                if matches!(**inner, Type::Text) { format!("{value}.into()") } else { value }
            };
            let items: Vec<_> = match example {
                Some(serde_yaml::Value::Sequence(items)) => items.iter().map(|example| item(Some(example))).collect(),
                _ => vec![item(None)],
            };
            format!("[{}]", items.join(", "))
        }
        Type::Map(_) | Type::MapOrList(_) => "std::collections::BTreeMap::new()".to_owned(),
        Type::Object(name) => object(api, operation, name, true),
        Type::LocalObject(name) => object(api, operation, name, false),
    }
}

fn object(api: &Api, operation: &Operation, name: &str, is_shared: bool) -> String {
    let object = if is_shared {
        shared(api, name).and_then(|item| match item {
            TypeItem::Object(object) => Some(object),
            TypeItem::Enum(_) | TypeItem::Id(_) => None,
        })
    } else {
        operation.objects.iter().find(|object| object.name == name)
    };
    let family = operation.full_name.split('.').next().unwrap_or_default();
    let module = if is_shared { "types".to_owned() } else { format!("{family}::{}", operation.module) };
    let arguments: Vec<_> = object
        .into_iter()
        .flat_map(|object| &object.fields)
        .filter(|field| field.required)
        .map(|field| {
            let value = value(api, operation, &field.ty, field.example.as_ref());
            match field.ty {
                Type::Id(_) | Type::Object(_) | Type::LocalObject(_) | Type::List(_) | Type::Map(_) | Type::Any => {
                    format!("&{value}")
                }
                _ => value,
            }
        })
        .collect();
    format!("dingtalk_storage::{module}::{name}::new({})", arguments.join(", "))
}

/// What follows the name of the enum: the variant of the example, else the first one.
fn variant(api: &Api, name: &str, example: Option<&serde_yaml::Value>) -> String {
    let wanted = text(example);
    let values = match shared(api, name) {
        Some(TypeItem::Enum(item)) => item.values.as_slice(),
        _ => &[],
    };
    let value = values.iter().find(|value| Some(&value.wire) == wanted.as_ref()).or_else(|| values.first());
    value.map_or_else(|| "from(\"text\")".to_owned(), |value| value.rust.clone())
}

fn id_example(api: &Api, name: &str) -> Option<String> {
    match shared(api, name)? {
        TypeItem::Id(id) => id.example.clone(),
        TypeItem::Object(_) | TypeItem::Enum(_) => None,
    }
}

fn shared<'a>(api: &'a Api, name: &str) -> Option<&'a TypeItem> {
    api.shared_type(name)
}

fn text(value: Option<&serde_yaml::Value>) -> Option<String> {
    match value? {
        serde_yaml::Value::String(text) => Some(text.clone()),
        serde_yaml::Value::Number(number) => Some(number.to_string()),
        serde_yaml::Value::Bool(flag) => Some(flag.to_string()),
        _ => None,
    }
}
