//! Operations: their parameters and bodies, the token that they need, and what else is known of them.

use std::collections::HashMap;

use dingtalk_storage_spec::model::{App, Effect, Encoding, Host, ListStyle, Status, Token};
use indexmap::IndexMap;
use serde_json::{Map, Value, json};

use super::answers::responses;
use super::schemas::{Owner, Schemas, Way, described};
use crate::ir::{Api, Field, Operation, Parameter, Place, Type};
use crate::lower::documentation;
use crate::render::{body_example, one_line};

/// Header of the access token, of an app or of a person.
const TOKEN_HEADER: &str = "x-acs-dingtalk-access-token";

/// Operations by path and method.
pub(super) fn paths(api: &Api, schemas: &Schemas<'_>) -> IndexMap<String, IndexMap<String, Value>> {
    let mut paths: IndexMap<String, IndexMap<String, Value>> = IndexMap::new();
    // Paths that differ in the names of their placeholders only are one path.
    let mut known: HashMap<String, String> = HashMap::new();
    for family in &api.families {
        for operation in &family.operations {
            let shape = shape(&operation.path);
            let path = known.entry(shape).or_insert_with(|| operation.path.clone()).clone();
            let methods = paths.entry(path.clone()).or_default();
            methods.insert(
                operation.method.to_lowercase(),
                described_operation(schemas, Owner { family, operation }, &path),
            );
        }
    }
    paths
}

/// A path without the names of its placeholders.
fn shape(path: &str) -> String {
    path.split('/').map(|part| if part.starts_with('{') { "{}" } else { part }).collect::<Vec<_>>().join("/")
}

fn described_operation(schemas: &Schemas<'_>, owner: Owner<'_>, path: &str) -> Value {
    let Owner { family, operation } = owner;
    let mut parameters: Vec<Value> = Vec::new();
    for parameter in &operation.parameters {
        parameters.extend(parameter_of(schemas, owner, parameter, path));
    }
    let mut all = json!({
        "operationId": operation.full_name,
        "tags": [operation.group],
        "summary": operation.summary.trim_end_matches('.'),
        "description": described(operation.details.as_deref().unwrap_or(&operation.summary), &operation.quirks),
        "parameters": parameters,
        "responses": responses(schemas, owner),
        "security": security(schemas, operation),
        "x-dingtalk-effect": effect(operation.effect),
        "x-dingtalk-apps": operation.apps.iter().map(|app| match app { App::Internal => "internal", App::ThirdParty => "thirdParty" }).collect::<Vec<_>>(),
        "x-dingtalk-source": format!("spec/{}", operation.source),
    });
    let mut set = |key: &str, value: Option<Value>| {
        if let Some(value) = value {
            all[key] = value;
        }
    };
    set("requestBody", body(schemas, owner));
    set("servers", (family.host == Host::Oapi).then(|| super::servers("oapi")));
    set("deprecated", (operation.status == Status::Legacy).then_some(json!(true)));
    set("x-dingtalk-undocumented", (operation.status == Status::Undocumented).then_some(json!(true)));
    set("x-dingtalk-scope", operation.scope.as_ref().map(|scope| json!(scope)));
    set("x-dingtalk-effect-reason", operation.effect_reason.as_ref().map(|reason| json!(reason)));
    set(
        "externalDocs",
        operation.page_slug.as_ref().map(|(slug, language)| json!({ "url": documentation(slug, *language) })),
    );
    set(
        "x-dingtalk-operator",
        operation.operator.and_then(|index| operation.parameters.get(index)).map(|it| json!(it.field.wire)),
    );
    set("x-dingtalk-paging", paging(operation));
    set("x-dingtalk-bulk", bulk(operation));
    set("x-dingtalk-task", task(owner));
    all
}

fn effect(effect: Effect) -> &'static str {
    match effect {
        Effect::Read => "read",
        Effect::Idempotent => "idempotent",
        Effect::Write => "write",
    }
}

/// A parameter in the path or the query.
fn parameter_of(schemas: &Schemas<'_>, owner: Owner<'_>, parameter: &Parameter, path: &str) -> Option<Value> {
    let field = &parameter.field;
    let schema = || schemas.field(field, Some(owner), Way::Request);
    let mut described = match &parameter.place {
        Place::Path => {
            let name = placeholder(&owner.operation.path, path, &field.wire);
            json!({ "name": name, "in": "path", "required": true, "schema": schema() })
        }
        Place::Query(None) => json!({ "name": field.wire, "in": "query", "schema": schema() }),
        Place::Query(Some(ListStyle::Json)) => {
            json!({ "name": field.wire, "in": "query", "content": { "application/json": { "schema": schema() } } })
        }
        Place::Query(Some(ListStyle::Indexed)) => {
            let Type::List(element) = &field.ty else { return None };
            let element = schemas.ty(element, Some(owner), Way::Request);
            json!({
                "name": field.wire, "in": "query", "style": "form", "explode": true,
                "schema": schemas.dialect.numbered(&field.wire, element),
                "x-dingtalk-numbered": format!("{0}.1=a&{0}.2=b", field.wire),
            })
        }
        Place::Token | Place::Body(_) | Place::Part => return None,
    };
    described["description"] = json!(one_line(&field.doc));
    if field.required {
        described["required"] = json!(true);
    }
    Some(described)
}

/// The name of a placeholder in the path that stands for all of the same shape.
fn placeholder(own: &str, shared: &str, wire: &str) -> String {
    let wanted = format!("{{{wire}}}");
    let found = own.split('/').zip(shared.split('/')).find(|(part, _)| *part == wanted);
    found.map_or_else(|| wire.to_owned(), |(_, part)| part.trim_matches(['{', '}']).to_owned())
}

fn body(schemas: &Schemas<'_>, owner: Owner<'_>) -> Option<Value> {
    let operation = owner.operation;
    let encoding = operation.body?;
    let mut properties = Map::new();
    let mut required: Vec<&str> = Vec::new();
    for Parameter { place, field } in &operation.parameters {
        let schema = || schemas.field(field, Some(owner), Way::Request);
        match place {
            Place::Body(None) | Place::Part => {
                properties.insert(field.wire.clone(), schema());
                required.extend(field.required.then_some(field.wire.as_str()));
            }
            Place::Body(Some(object)) => {
                add_to(&mut properties, object, field, schema());
                if field.required && !required.contains(&object.as_str()) {
                    required.push(object);
                }
            }
            Place::Token | Place::Path | Place::Query(_) => {}
        }
    }
    let mut schema = json!({ "type": "object", "properties": properties });
    let is_required = !required.is_empty();
    if is_required {
        schema["required"] = json!(required);
    }
    let mut content = json!({ "schema": schema });
    let kind = match encoding {
        Encoding::Json => {
            content["example"] = body_example(schemas.api, operation);
            "application/json"
        }
        Encoding::Form => "multipart/form-data",
    };
    Some(json!({ "required": is_required, "content": { kind: content } }))
}

/// Puts a field into an object of the body.
fn add_to(properties: &mut Map<String, Value>, object: &str, field: &Field, schema: Value) {
    let object = properties.entry(object).or_insert_with(|| json!({ "type": "object", "properties": {} }));
    object["properties"][&field.wire] = schema;
    if field.required {
        match object.get_mut("required").and_then(Value::as_array_mut) {
            Some(required) => required.push(json!(field.wire)),
            None => object["required"] = json!([field.wire]),
        }
    }
}

fn security(schemas: &Schemas<'_>, operation: &Operation) -> Value {
    let scheme = match operation.token {
        Token::Header | Token::Family => "appToken",
        Token::User => "userToken",
        Token::Query => "appTokenInQuery",
        Token::None => return json!([]),
    };
    json!([{ scheme: schemas.dialect.roles(operation.scope.as_deref()) }])
}

/// Where tokens go.
pub(super) fn security_schemes() -> Value {
    let of = |place: &str, name: &str, description: &str| json!({ "type": "apiKey", "in": place, "name": name, "description": description });
    json!({
        "appToken": of("header", TOKEN_HEADER, "The token of an app, which `oauth2_v1.GetAccessToken` gives."),
        "userToken": of("header", TOKEN_HEADER, "The token of a person who has authorized the app."),
        "appTokenInQuery": of("query", "access_token", "The token of an app, as the older servers take it."),
    })
}

/// How page follows page: the parameter, the field of the answer that it is taken from, and the elements.
fn paging(operation: &Operation) -> Option<Value> {
    let page = operation.page.as_ref()?;
    let token = operation.parameters.get(page.token)?;
    Some(json!({ "token": token.field.wire, "next": page.next.wire, "items": page.items.wire }))
}

fn bulk(operation: &Operation) -> Option<Value> {
    let batch = operation.batch.as_ref()?;
    let items = operation.parameters.get(batch.items)?;
    let results = batch.results.as_ref().map(|field| field.wire.as_str());
    let key = batch.key.as_ref().map(|field| field.wire.as_str());
    Some(json!({ "items": items.field.wire, "max": batch.max, "results": results, "key": key }))
}

/// Where the answer names work that goes on, and the operation that tells how it stands.
fn task(owner: Owner<'_>) -> Option<Value> {
    let tasks = owner.family.tasks_of(owner.operation)?;
    let id: Vec<&str> = owner.operation.task.iter().map(|field| field.wire.as_str()).collect();
    let reader = format!("{}.{}", owner.family.name, tasks.operation);
    Some(json!({
        "id": id.join("."), "operation": reader, "parameter": tasks.parameter,
        "succeeded": tasks.succeeded, "failed": tasks.failed,
    }))
}
