//! What a page of an operation would say: the facts of the spec, in the form that a rendering writes.

use dingtalk_storage_spec::model::{App, Envelope, Field, Map, Token, TypeRef};
use dingtalk_storage_spec::{FamilySpec, OperationSpec, Spec};
use serde_json::{Value, json};

#[derive(Debug, Clone)]
pub struct Sheet {
    pub name: String,
    pub slug: String,
    pub method: String,
    pub path: String,
    pub scope: Option<String>,
    pub apps: Vec<String>,
    pub token: bool,
    /// Path, query, body, response.
    pub tables: [Vec<Item>; 4],
    pub errors: Vec<(u16, String)>,
}

pub const SECTIONS: [&str; 4] = ["path", "query", "body", "response"];

#[derive(Debug, Clone)]
pub struct Item {
    pub name: String,
    pub kind: String,
    pub required: bool,
    pub values: Vec<String>,
    pub default: Option<String>,
    pub max: Option<i64>,
    pub items: Vec<Item>,
    /// Whether the example has it.
    pub in_example: bool,
}

impl Item {
    pub fn named(name: &str, kind: &str) -> Self {
        Self {
            name: name.to_owned(),
            kind: kind.to_owned(),
            required: false,
            values: Vec::new(),
            default: None,
            max: None,
            items: Vec::new(),
            in_example: true,
        }
    }

    pub fn example(&self) -> Value {
        let fields = || Value::Object(example(&self.items));
        match self.kind.as_str() {
            "Array" => json!([fields()]),
            "Object" => fields(),
            "Map<String, Array>" => json!({ "key": [fields()] }),
            "Map<String, Object>" => json!({ "key": fields() }),
            "Map<String, String>" => json!({ "key": "text" }),
            "Array of String" => json!([self.text()]),
            "Array of Integer" | "Array of Long" => json!([1]),
            "Integer" | "Long" | "Number" => json!(1),
            "Boolean" => json!(true),
            _ => json!(self.text()),
        }
    }

    fn text(&self) -> String {
        self.values.first().cloned().unwrap_or_else(|| "text".to_owned())
    }
}

pub fn example(items: &[Item]) -> serde_json::Map<String, Value> {
    items.iter().filter(|item| item.in_example).map(|item| (item.name.clone(), item.example())).collect()
}

/// A sheet for each operation that has a page of its own.
pub fn sheets(spec: &Spec) -> Vec<Sheet> {
    let all: Vec<(&FamilySpec, &OperationSpec)> =
        spec.families.iter().flat_map(|family| family.operations.iter().map(move |item| (family, item))).collect();
    let slug = |item: &OperationSpec| item.operation.docs.clone();
    let alone = |item: &OperationSpec| all.iter().filter(|(_, other)| slug(other) == slug(item)).count() == 1;
    let of_page = all.iter().filter(|(_, item)| slug(item).is_some() && alone(item));
    of_page.map(|(family, item)| sheet(spec, family, item)).collect()
}

fn sheet(spec: &Spec, family: &FamilySpec, item: &OperationSpec) -> Sheet {
    let operation = &item.operation;
    let (method, path) = operation.http.split_once(' ').unwrap();
    let token = if operation.token == Token::Family { family.family.token } else { operation.token };
    let fields = |fields: &Map<Field>| items(spec, fields, &mut Vec::new());
    let mut tables =
        [fields(&operation.path), fields(&operation.query), fields(&operation.body), fields(&operation.response)];
    for parameter in &mut tables[0] {
        parameter.required = true;
    }
    if let Some(batch) = &operation.batch {
        for item in tables[1..3].iter_mut().flatten().filter(|item| item.name == batch.items) {
            item.max = item.max.or(Some(batch.max.into()));
        }
    }
    if token == Token::Query {
        tables[1].insert(0, Item { required: true, ..Item::named("access_token", "String") });
    }
    if family.family.envelope != Envelope::Plain {
        let fields = std::mem::take(&mut tables[3]);
        tables[3] = vec![Item::named("errcode", "Number"), Item::named("errmsg", "String")];
        if family.family.envelope == Envelope::Errcode {
            tables[3].push(Item { items: fields, ..Item::named("result", "Object") });
        } else {
            tables[3].extend(fields);
        }
    }
    Sheet {
        name: format!("{}.{}", family.family.family, operation.operation),
        slug: operation.docs.clone().unwrap(),
        method: method.to_owned(),
        path: path.trim().to_owned(),
        scope: operation.scope.clone().filter(|scope| scope != "unknown"),
        apps: operation
            .apps
            .iter()
            .map(|app| if *app == App::Internal { "internal" } else { "third-party" }.to_owned())
            .collect(),
        token: matches!(token, Token::Header | Token::User),
        tables,
        errors: operation
            .errors
            .iter()
            .flat_map(|(status, codes)| codes.iter().map(|code| (*status, code.clone())))
            .collect(),
    }
}

fn items<'a>(spec: &'a Spec, fields: &'a Map<Field>, open: &mut Vec<&'a str>) -> Vec<Item> {
    let mut made = Vec::new();
    for (name, field) in fields {
        let object = TypeRef::Named("object".to_owned());
        let reference = field.kind.as_ref().unwrap_or(&object);
        let kind = kind(spec, reference);
        let mut item = Item::named(name, &if field.numeric { kind.replace("String", "Long") } else { kind });
        item.required = field.required;
        item.max = field.max;
        item.default = field.default.as_ref().map(|value| match value.as_str() {
            Some(text) => text.to_owned(),
            None => serde_json::to_string(value).unwrap(),
        });
        item.items = items(spec, &field.fields, open);
        if let Some((name, shared)) = spec.types.get_key_value(reference.name()) {
            item.values = shared.def.values.iter().flat_map(|values| values.keys().cloned()).collect();
            if let Some(fields) = shared.def.fields.as_ref().filter(|_| !open.contains(&name.as_str())) {
                open.push(name);
                item.items = items(spec, fields, open);
                open.pop();
            }
        }
        made.push(item);
    }
    made
}

fn kind(spec: &Spec, reference: &TypeRef) -> String {
    match reference {
        TypeRef::Named(name) => match (spec.types.get(name), name.as_str()) {
            (Some(shared), _) if shared.def.fields.is_some() => "Object",
            (None, "bool") => "Boolean",
            (None, "int32") => "Integer",
            (None, "int64" | "uint64" | "timestamp") => "Long",
            (None, "object" | "any") => "Object",
            (None, "file") => "FileItem",
            _ => "String",
        }
        .to_owned(),
        TypeRef::List(inner) => match kind(spec, inner).as_str() {
            scalar @ ("String" | "Long" | "Integer") => format!("Array of {scalar}"),
            _ => "Array".to_owned(),
        },
        TypeRef::Map(inner) => match kind(spec, inner).as_str() {
            value @ ("String" | "Object") => format!("Map<String, {value}>"),
            _ => "Map<String, Array>".to_owned(),
        },
    }
}
