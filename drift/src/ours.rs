//! What the spec says of an operation, in the terms of a page: fields with their fields, without names of types.

use std::collections::BTreeSet;

use dingtalk_storage_spec::model::{Envelope, Field, Map, Token, TypeRef};
use dingtalk_storage_spec::{FamilySpec, OperationSpec, Spec};
use serde_yaml::Value;

use crate::kind::Kind;
use crate::parse::Names;

/// A place in the spec: a file and the keys that lead there.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Keys {
    /// Path of the file within the spec.
    pub file: String,
    /// Keys.
    pub keys: Vec<String>,
}

impl Keys {
    pub(crate) fn new(file: &str, keys: &[&str]) -> Self {
        Self { file: file.to_owned(), keys: keys.iter().map(|key| (*key).to_owned()).collect() }
    }

    pub(crate) fn key(&self, key: &str) -> Self {
        let mut keys = self.keys.clone();
        keys.push(key.to_owned());
        Self { keys, ..self.clone() }
    }
}

/// A parameter or field.
#[derive(Debug, Clone)]
pub(crate) struct Node {
    pub(crate) name: String,
    pub(crate) kind: Kind,
    pub(crate) required: bool,
    pub(crate) default: Option<String>,
    pub(crate) max: Option<i64>,
    /// Values of an enum, and where they stand.
    pub(crate) values: Option<(Vec<String>, Keys)>,
    pub(crate) children: Vec<Node>,
    pub(crate) place: Keys,
    /// Shared types on the way to it, the nearest last, and the type of its own.
    pub(crate) types: Vec<String>,
    /// Path within the nearest shared type.
    pub(crate) shared: Option<(String, String)>,
    /// Whether a list may come in its place.
    pub(crate) or_list: bool,
    /// Whether it belongs to the protocol, so that neither side has to name it.
    pub(crate) protocol: bool,
}

impl Node {
    fn protocol(name: &str, kind: Kind, children: Vec<Self>) -> Self {
        Self {
            name: name.to_owned(),
            kind,
            required: true,
            default: None,
            max: None,
            values: None,
            children,
            place: Keys::new("", &[]),
            types: Vec::new(),
            shared: None,
            or_list: false,
            protocol: true,
        }
    }
}

/// An operation of the spec.
#[derive(Debug)]
pub(crate) struct Ours<'a> {
    pub(crate) name: String,
    pub(crate) item: &'a OperationSpec,
    pub(crate) token: Token,
    envelope: Envelope,
    pub(crate) path: Vec<Node>,
    pub(crate) query: Vec<Node>,
    pub(crate) body: Vec<Node>,
    pub(crate) response: Vec<Node>,
}

impl<'a> Ours<'a> {
    pub(crate) fn new(spec: &'a Spec, family: &'a FamilySpec, item: &'a OperationSpec) -> Self {
        let operation = &item.operation;
        let name = format!("{}.{}", family.family.family, operation.operation);
        let token = if operation.token == Token::Family { family.family.token } else { operation.token };
        let fields = |section: &str, fields: &Map<Field>| {
            let walk = Walk { spec, open: Vec::new(), types: Vec::new(), shared: None };
            walk.fields(&Keys::new(&item.file, &[section]), fields)
        };
        let mut ours = Self {
            name,
            item,
            token,
            envelope: family.family.envelope,
            path: fields("path", &operation.path),
            query: fields("query", &operation.query),
            body: fields("body", &operation.body),
            response: fields("response", &operation.response),
        };
        let batch = operation.batch.as_ref();
        for node in ours.query.iter_mut().chain(&mut ours.body) {
            if let Some(batch) = batch.filter(|batch| batch.items == node.name) {
                node.max = node.max.or(Some(batch.max.into()));
            }
        }
        ours.add_protocol();
        ours
    }

    /// What pages of the old host list although every call has it.
    fn add_protocol(&mut self) {
        if self.token == Token::Query {
            self.query.insert(0, Node::protocol("access_token", Kind::Text, Vec::new()));
        }
        if self.envelope == Envelope::Plain {
            return;
        }
        let fields = std::mem::take(&mut self.response);
        let mut outer = vec![
            Node::protocol("request_id", Kind::Text, Vec::new()),
            Node::protocol("errcode", Kind::Int64, Vec::new()),
            Node::protocol("errmsg", Kind::Text, Vec::new()),
        ];
        match self.envelope {
            Envelope::Errcode => outer.push(Node::protocol("result", Kind::Object, fields)),
            _ => outer.extend(fields),
        }
        self.response = outer;
    }

    pub(crate) fn method(&self) -> &str {
        self.item.operation.http.split_whitespace().next().unwrap_or_default()
    }

    pub(crate) fn url_path(&self) -> &str {
        self.item.operation.http.split_whitespace().nth(1).unwrap_or_default()
    }

    pub(crate) fn key(&self, key: &str) -> Keys {
        Keys::new(&self.item.file, &[key])
    }

    /// Shared types that its fields have, at any depth.
    pub(crate) fn types(&self) -> BTreeSet<String> {
        fn collect(nodes: &[Node], types: &mut BTreeSet<String>) {
            for node in nodes {
                types.extend(node.types.iter().cloned());
                collect(&node.children, types);
            }
        }
        let mut types = BTreeSet::new();
        for nodes in [&self.path, &self.query, &self.body, &self.response] {
            collect(nodes, &mut types);
        }
        types
    }
}

#[derive(Clone)]
struct Walk<'a> {
    spec: &'a Spec,
    /// Objects that are being walked: a type within itself has no end.
    open: Vec<&'a str>,
    types: Vec<String>,
    shared: Option<(String, Vec<String>)>,
}

impl<'a> Walk<'a> {
    fn fields(&self, place: &Keys, fields: &'a Map<Field>) -> Vec<Node> {
        fields.iter().map(|(name, field)| self.field(place.key(name), name, field)).collect()
    }

    fn field(&self, place: Keys, name: &str, field: &'a Field) -> Node {
        let object = TypeRef::Named("object".to_owned());
        let reference = field.kind.as_ref().unwrap_or(&object);
        let mut here = self.clone();
        if let Some((_, path)) = &mut here.shared {
            path.push(name.to_owned());
        }
        let shared = here.shared.as_ref().map(|(name, path)| (name.clone(), path.join(".")));
        let mut node = Node {
            name: name.to_owned(),
            kind: if field.numeric { as_number(kind_of(self.spec, reference)) } else { kind_of(self.spec, reference) },
            required: field.required || place.keys.first().is_some_and(|section| section == "path"),
            default: field.default.as_ref().map(scalar),
            max: field.max,
            values: None,
            children: here.fields(&place.key("fields"), &field.fields),
            place,
            types: self.types.clone(),
            shared,
            or_list: field.or_list,
            protocol: false,
        };
        if let Some((type_name, item)) = self.spec.types.get_key_value(reference.name()) {
            node.types.push(type_name.clone());
            if let Some(values) = &item.def.values {
                let place = Keys::new(&item.file, &["types", type_name, "values"]);
                node.values = Some((values.keys().cloned().collect(), place));
            }
            if let Some(fields) = item.def.fields.as_ref().filter(|_| !self.open.contains(&type_name.as_str())) {
                here.open.push(type_name);
                here.types.push(type_name.clone());
                here.shared = Some((type_name.clone(), Vec::new()));
                node.children = here.fields(&Keys::new(&item.file, &["types", type_name, "fields"]), fields);
            }
        }
        node
    }
}

/// What a type of the spec is, without its name.
pub(crate) fn kind_of(spec: &Spec, reference: &TypeRef) -> Kind {
    match reference {
        TypeRef::List(inner) => Kind::List(Some(Box::new(kind_of(spec, inner)))),
        TypeRef::Map(inner) => Kind::Map(Some(Box::new(kind_of(spec, inner)))),
        TypeRef::Named(name) => match (spec.types.get(name), name.as_str()) {
            (Some(item), _) if item.def.fields.is_some() => Kind::Object,
            (None, "bool") => Kind::Bool,
            (None, "int32") => Kind::Int32,
            (None, "int64" | "uint64" | "timestamp") => Kind::Int64,
            (None, "object") => Kind::Object,
            (None, "file") => Kind::File,
            (Some(_), _) | (None, "string" | "time" | "errorCode") => Kind::Text,
            (None, _) => Kind::Any,
        },
    }
}

/// An id, or each of a list of them, that is a number on the wire.
pub(crate) fn as_number(kind: Kind) -> Kind {
    match kind {
        Kind::List(Some(inner)) => Kind::List(Some(Box::new(as_number(*inner)))),
        Kind::Text => Kind::Int64,
        kind => kind,
    }
}

/// A value of YAML as pages write it.
fn scalar(value: &Value) -> String {
    match value {
        Value::Bool(flag) => flag.to_string(),
        Value::Number(number) => number.to_string(),
        Value::String(text) => text.clone(),
        _ => String::new(),
    }
}

/// All names of the spec.
pub(crate) struct AllNames<'a> {
    fields: BTreeSet<&'a str>,
    spec: &'a Spec,
}

impl<'a> AllNames<'a> {
    pub(crate) fn of(spec: &'a Spec) -> Self {
        let mut fields = BTreeSet::new();
        for item in spec.families.iter().flat_map(|family| &family.operations) {
            let operation = &item.operation;
            for section in [&operation.path, &operation.query, &operation.body, &operation.response] {
                collect(section, &mut fields);
            }
        }
        for fields_of_type in spec.types.values().filter_map(|item| item.def.fields.as_ref()) {
            collect(fields_of_type, &mut fields);
        }
        Self { fields, spec }
    }
}

fn collect<'a>(fields: &'a Map<Field>, names: &mut BTreeSet<&'a str>) {
    for (name, field) in fields {
        names.insert(name);
        collect(&field.fields, names);
    }
}

impl Names for AllNames<'_> {
    fn is_field(&self, name: &str) -> bool {
        self.fields.contains(name)
    }

    fn is_code(&self, code: &str) -> bool {
        self.spec.errors.contains_key(code)
    }
}
