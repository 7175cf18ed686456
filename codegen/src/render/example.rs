//! The example in the documentation of an operation.

use crate::ir::{Api, Family, Field, Object, Operation, Type, TypeItem};

/// A call with all that is required and one thing that is not, as a compiled example.
pub fn lines(api: &Api, family: &Family, operation: &Operation) -> Vec<String> {
    let mut example = Example { api, operation, within: Vec::new() };
    let fields = || operation.parameters.iter().map(|parameter| &parameter.field);
    let required = || fields().filter(|field| field.required);
    let arguments: Vec<_> = required().map(|field| given(field).unwrap_or_else(|| example.argument(field))).collect();
    let ids: String = required().filter_map(parameter).collect();
    let mut lines = vec!["```no_run".to_owned()];
    lines.push(format!(
        "# async fn example(client: dingtalk_storage::Client{ids}) -> Result<(), dingtalk_storage::Error> {{"
    ));
    let optional = fields().find(|field| !field.required && is_plain(&field.ty));
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
    if let Some(field) = optional {
        lines.push(format!("    .{}({})", field.rust, example.argument(field)));
    }
    lines.extend(["    .send().await?;", "# Ok(()) }", "```"].map(str::to_owned));
    lines
}

/// Ids come from elsewhere, as values of their types: what stands in the call for one, or for a list of them.
fn given(field: &Field) -> Option<String> {
    parameter(field)?;
    Some(if field.nullable { format!("Some(&{})", field.rust) } else { format!("&{}", field.rust) })
}

/// Where the example has an id from.
fn parameter(field: &Field) -> Option<String> {
    let ty = match &field.ty {
        Type::Id(name) => format!("dingtalk_storage::types::{name}"),
        Type::List(element) => match &**element {
            Type::Id(name) => format!("Vec<dingtalk_storage::types::{name}>"),
            _ => return None,
        },
        _ => return None,
    };
    (field.rust != "client").then(|| format!(", {}: {ty}", field.rust))
}

fn is_plain(ty: &Type) -> bool {
    matches!(ty, Type::Text | Type::Int32 | Type::Int64 | Type::Uint64 | Type::Bool | Type::Enum(_))
}

struct Example<'a> {
    api: &'a Api,
    operation: &'a Operation,
    /// Objects around what is being written. In one that needs a list of its own kind, that list is empty.
    within: Vec<&'a str>,
}

impl<'a> Example<'a> {
    /// An expression of the type that an argument has.
    fn argument(&mut self, field: &'a Field) -> String {
        let (ty, example) = (&field.ty, field.example.as_ref());
        let value = match ty {
            // A text alone is borrowed; everywhere else it is owned.
            Type::Text => literal(&text(example).unwrap_or_else(|| "text".to_owned())),
            Type::List(element) => format!("&[{}]", self.elements(element, example)),
            ty if crate::render::ty::is_passed_by_value(ty) => self.value(ty, example),
            ty => format!("&{}", self.value(ty, example)),
        };
        if field.nullable { format!("Some({value})") } else { value }
    }

    /// An expression of the type itself; its own example where it has one.
    fn value(&mut self, ty: &'a Type, example: Option<&'a serde_yaml::Value>) -> String {
        match ty {
            Type::Text => format!("{}.into()", literal(&text(example).unwrap_or_else(|| "text".to_owned()))),
            Type::Int32 | Type::Int64 | Type::Uint64 => text(example).unwrap_or_else(|| "1".to_owned()),
            Type::Bool => text(example).unwrap_or_else(|| "true".to_owned()),
            Type::Time => {
                let time = text(example).unwrap_or_else(|| "2022-01-01T10:00:00Z".to_owned());
                format!("dingtalk_storage::runtime::Time::from({})", literal(&time))
            }
            Type::Timestamp => {
                let millis = text(example).unwrap_or_else(|| "1640995200000".to_owned());
                format!("dingtalk_storage::Time::from_unix_millis({millis})")
            }
            Type::ErrorCode => {
                let code = text(example).unwrap_or_else(|| "systemError".to_owned());
                format!("dingtalk_storage::ErrorCode::from({})", literal(&code))
            }
            Type::Any => "serde_json::json!({})".to_owned(),
            Type::File => {
                let name = text(example).unwrap_or_else(|| "file".to_owned());
                format!("dingtalk_storage::runtime::FormFile::new({}, \"content\")", literal(&name))
            }
            Type::Id(name) => {
                let id = text(example).or_else(|| self.id_example(name)).unwrap_or_else(|| "id".to_owned());
                format!("{}.into()", literal(&id))
            }
            Type::Enum(name) => format!("dingtalk_storage::types::{name}::{}", self.variant(name, example)),
            Type::List(element) => format!("vec![{}]", self.elements(element, example)),
            Type::Map(_) => "std::collections::BTreeMap::new()".to_owned(),
            Type::MapOrList(_) => "dingtalk_storage::runtime::MapOrList::default()".to_owned(),
            Type::Object(name) => self.object(name, true),
            Type::LocalObject(name) => self.object(name, false),
        }
    }

    fn elements(&mut self, element: &'a Type, example: Option<&'a serde_yaml::Value>) -> String {
        if core(element).is_some_and(|name| self.within.contains(&name)) {
            return String::new();
        }
        match example {
            Some(serde_yaml::Value::Sequence(items)) => {
                let items: Vec<_> = items.iter().map(|example| self.value(element, Some(example))).collect();
                items.join(", ")
            }
            _ => self.value(element, None),
        }
    }

    fn object(&mut self, name: &'a str, is_shared: bool) -> String {
        let object = if is_shared { self.shared_object(name) } else { self.local_object(name) };
        let family = self.operation.full_name.split('.').next().unwrap_or_default();
        let module = if is_shared { "types".to_owned() } else { format!("{family}::{}", self.operation.module) };
        self.within.push(name);
        let required = object.into_iter().flat_map(|object| &object.fields).filter(|field| field.required);
        let arguments: Vec<_> = required.map(|field| self.argument(field)).collect();
        self.within.pop();
        format!("dingtalk_storage::{module}::{name}::new({})", arguments.join(", "))
    }

    fn local_object(&self, name: &str) -> Option<&'a Object> {
        self.operation.objects.iter().find(|object| object.name == name)
    }

    fn shared_object(&self, name: &str) -> Option<&'a Object> {
        match self.shared(name)? {
            TypeItem::Object(object) => Some(object),
            TypeItem::Enum(_) | TypeItem::Id(_) => None,
        }
    }

    /// What follows the name of the enum: the variant of the example, else the first one.
    fn variant(&self, name: &str, example: Option<&serde_yaml::Value>) -> String {
        let wanted = text(example);
        let values = match self.shared(name) {
            Some(TypeItem::Enum(item)) => item.values.as_slice(),
            _ => &[],
        };
        let value = values.iter().find(|value| Some(&value.wire) == wanted.as_ref()).or_else(|| values.first());
        value.map_or_else(|| "from(\"text\")".to_owned(), |value| value.rust.clone())
    }

    fn id_example(&self, name: &str) -> Option<String> {
        match self.shared(name)? {
            TypeItem::Id(id) => id.example.clone(),
            TypeItem::Object(_) | TypeItem::Enum(_) => None,
        }
    }

    fn shared(&self, name: &str) -> Option<&'a TypeItem> {
        self.api.shared_type(name)
    }
}

/// The object at the core of lists.
fn core(ty: &Type) -> Option<&str> {
    match ty {
        Type::Object(name) | Type::LocalObject(name) => Some(name),
        Type::List(element) => core(element),
        _ => None,
    }
}

/// A literal in one line, whatever the text.
fn literal(text: &str) -> String {
    format!("{text:?}")
}

fn text(value: Option<&serde_yaml::Value>) -> Option<String> {
    match value? {
        serde_yaml::Value::String(text) => Some(text.clone()),
        serde_yaml::Value::Number(number) => Some(number.to_string()),
        serde_yaml::Value::Bool(flag) => Some(flag.to_string()),
        _ => None,
    }
}
