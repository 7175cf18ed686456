//! The example in the documentation of an operation.

use serde_json::Value;

use super::examples::{on_the_wire, text};
use super::ty::is_passed_by_value;
use crate::ir::{Api, Family, Field, Operation, Type};

/// A call with all that is required and one thing that is not, as a compiled example.
pub fn lines(api: &Api, family: &Family, operation: &Operation) -> Vec<String> {
    let mut example = Example { api, operation, within: Vec::new() };
    let fields = || operation.parameters.iter().map(|parameter| &parameter.field);
    let required = || fields().filter(|field| field.required);
    let arguments: Vec<_> = required().map(|field| given(field).unwrap_or_else(|| example.argument(field))).collect();
    let ids: String = required().filter_map(parameter).collect();
    let optional = fields().find(|field| !field.required && is_plain(&field.ty));
    let binding = if operation.response.is_some() { "let answer = " } else { "" };
    let mut lines = vec![
        "```no_run".to_owned(),
        format!("# async fn example(client: dingtalk_storage::Client{ids}) -> Result<(), dingtalk_storage::Error> {{"),
        format!("{binding}client.{}()", family.name),
    ];
    let one_line = arguments.join(", ");
    if one_line.len() < 96 {
        lines.push(format!("    .{}({one_line})", operation.module));
    } else {
        lines.push(format!("    .{}(", operation.module));
        lines.extend(arguments.iter().map(|argument| format!("        {argument},")));
        lines.push("    )".to_owned());
    }
    lines.extend(optional.map(|field| format!("    .{}({})", field.rust, example.argument(field))));
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
    let (ty, is_list) = if let Type::List(element) = &field.ty { (&**element, true) } else { (&field.ty, false) };
    let Type::Id(name) = ty else { return None };
    let ty = format!("dingtalk_storage::types::{name}");
    let ty = if is_list { format!("Vec<{ty}>") } else { ty };
    (field.rust != "client").then(|| format!(", {}: {ty}", field.rust))
}

fn is_plain(ty: &Type) -> bool {
    matches!(ty, Type::Text | Type::Int32 | Type::Int64 | Type::Uint64 | Type::Bool | Type::Enum(_))
}

struct Example<'a> {
    api: &'a Api,
    operation: &'a Operation,
    /// Objects around what is being written. In one that needs a list of its own kind, that list is empty.
    within: Vec<&'a Type>,
}

impl<'a> Example<'a> {
    /// An expression of the type that an argument has.
    fn argument(&mut self, field: &'a Field) -> String {
        let (ty, example) = (&field.ty, field.example.as_ref());
        let value = match ty {
            // A text alone is borrowed; everywhere else it is owned.
            Type::Text => format!("{:?}", on_the_wire(self.api, ty, example)),
            Type::List(element) => format!("&[{}]", self.elements(element, example)),
            ty if is_passed_by_value(ty) => self.value(ty, example),
            ty => format!("&{}", self.value(ty, example)),
        };
        if field.nullable { format!("Some({value})") } else { value }
    }

    /// An expression of the type itself; its own example where it has one.
    fn value(&mut self, ty: &'a Type, example: Option<&'a Value>) -> String {
        let wire = || on_the_wire(self.api, ty, example);
        match ty {
            Type::Int32 | Type::Int64 | Type::Uint64 | Type::Bool => wire(),
            Type::Text | Type::Id(_) => format!("{:?}.into()", wire()),
            Type::Time => format!("dingtalk_storage::runtime::Time::from({:?})", wire()),
            Type::Timestamp => format!("dingtalk_storage::Time::from_unix_millis({})", wire()),
            Type::ErrorCode => format!("dingtalk_storage::ErrorCode::from({:?})", wire()),
            Type::Any => "serde_json::json!({})".to_owned(),
            Type::File => {
                let name = example.and_then(Value::as_str).unwrap_or("file");
                format!("dingtalk_storage::runtime::FormFile::new({name:?}, \"content\")")
            }
            Type::Enum(name) => format!("dingtalk_storage::types::{name}::{}", self.variant(ty, example)),
            Type::List(element) => format!("vec![{}]", self.elements(element, example)),
            Type::Map(_) => "std::collections::BTreeMap::new()".to_owned(),
            Type::MapOrList(_) => "dingtalk_storage::runtime::MapOrList::default()".to_owned(),
            Type::Object(name) => self.object(ty, &format!("types::{name}")),
            Type::LocalObject(name) => {
                let family = self.operation.full_name.split('.').next().unwrap_or_default();
                self.object(ty, &format!("{family}::{}::{name}", self.operation.module))
            }
        }
    }

    fn elements(&mut self, element: &'a Type, example: Option<&'a Value>) -> String {
        if self.within.contains(&element.core()) {
            return String::new();
        }
        match example {
            Some(Value::Array(items)) => {
                let items: Vec<_> = items.iter().map(|example| self.value(element, Some(example))).collect();
                items.join(", ")
            }
            _ => self.value(element, None),
        }
    }

    fn object(&mut self, ty: &'a Type, path: &str) -> String {
        let object = self.api.object(ty, &self.operation.objects);
        self.within.push(ty);
        let required = object.into_iter().flat_map(|object| &object.fields).filter(|field| field.required);
        let arguments: Vec<_> = required.map(|field| self.argument(field)).collect();
        self.within.pop();
        format!("dingtalk_storage::{path}::new({})", arguments.join(", "))
    }

    /// What follows the name of the enum: the variant of the example, else the first one.
    fn variant(&self, ty: &Type, example: Option<&Value>) -> String {
        let values = self.api.enumeration(ty).map(|item| item.values.as_slice()).unwrap_or_default();
        let value = values.iter().find(|value| example.map(text).as_ref() == Some(&value.wire));
        value.or(values.first()).map_or_else(|| "from(\"text\")".to_owned(), |value| value.rust.clone())
    }
}
