//! Examples of requests: the parameters under their wire names, and what arrives at the server.

use dingtalk_storage_spec::model::ListStyle;
use serde_json::{Map, Value, json};

use super::value::{self, text};
use crate::ir::{Api, Operation, Place, Type};

/// All parameters of a request under their wire names, as a call by name takes them.
pub fn parameters(api: &Api, operation: &Operation) -> Value {
    let mut parameters = Map::new();
    for parameter in &operation.parameters {
        let (wire, example) = (&parameter.field.wire, value::parameter(api, operation, &parameter.field, false));
        match &parameter.place {
            Place::Body(Some(object)) => insert_in(&mut parameters, object, wire, example),
            _ => parameters.extend([(wire.clone(), example)]),
        }
    }
    Value::Object(parameters)
}

/// A request with all that it may have: method, decoded path, query and body.
pub fn on_the_wire(api: &Api, operation: &Operation) -> Value {
    let mut path = operation.path.clone();
    let mut query = Map::new();
    let mut body = Map::new();
    for parameter in &operation.parameters {
        let wire = &parameter.field.wire;
        let example = value::parameter(api, operation, &parameter.field, true);
        match &parameter.place {
            // It travels where the token of the app would, which is no part of the example.
            Place::Token => {}
            Place::Path => path = path.replace(&format!("{{{wire}}}"), &text(&example)),
            Place::Query(Some(ListStyle::Indexed)) => {
                let elements = (1..).zip(example.as_array().into_iter().flatten());
                query.extend(elements.map(|(index, element)| (format!("{wire}.{index}"), json!(text(element)))));
            }
            Place::Query(Some(ListStyle::Json)) => query.extend([(wire.clone(), json!(example.to_string()))]),
            Place::Query(None) => query.extend([(wire.clone(), json!(text(&example)))]),
            Place::Part if parameter.field.ty != Type::File => body.extend([(wire.clone(), json!(text(&example)))]),
            Place::Body(None) | Place::Part => body.extend([(wire.clone(), example)]),
            Place::Body(Some(object)) => insert_in(&mut body, object, wire, example),
        }
    }
    let body = operation.body.map(|_| body);
    json!({ "method": operation.method, "path": path, "query": query, "body": body })
}

/// Puts a value into the named object of another one.
fn insert_in(outer: &mut Map<String, Value>, object: &str, name: &str, value: Value) {
    let object = outer.entry(object).or_insert_with(|| Value::Object(Map::new()));
    if let Some(object) = object.as_object_mut() {
        object.insert(name.to_owned(), value);
    }
}
