//! What an answer has that this version does not know.

use dingtalk_storage::runtime::Envelope;
use serde_json::Value;

/// The answer out of its envelope.
pub fn unwrapped(raw: Value, envelope: Envelope) -> Value {
    match (envelope, raw) {
        (Envelope::Errcode, Value::Object(mut raw)) => raw.remove("result").unwrap_or_default(),
        (Envelope::Flat, Value::Object(mut raw)) => {
            raw.retain(|name, _| !matches!(name.as_str(), "errcode" | "errmsg" | "request_id"));
            Value::Object(raw)
        }
        (_, raw) => raw,
    }
}

/// Adds to an answer the fields that were not read, wherever they stand. What is empty was not left out: it is absent.
pub fn add(answer: &mut Value, raw: &Value) {
    match (answer, raw) {
        (Value::Object(answer), Value::Object(raw)) => {
            for (name, value) in raw {
                match answer.get_mut(name) {
                    Some(known) => add(known, value),
                    None if is_empty(value) => {}
                    None => drop(answer.insert(name.clone(), value.clone())),
                }
            }
        }
        // Where elements were left out, nobody knows which is which.
        (Value::Array(answer), Value::Array(raw)) if answer.len() == raw.len() => {
            answer.iter_mut().zip(raw).for_each(|(answer, raw)| add(answer, raw));
        }
        (answer @ Value::Null, raw) if !is_empty(raw) => *answer = raw.clone(),
        _ => {}
    }
}

fn is_empty(value: &Value) -> bool {
    match value {
        Value::Null => true,
        Value::String(text) => text.is_empty(),
        Value::Array(list) => list.is_empty(),
        Value::Object(object) => object.is_empty(),
        Value::Bool(_) | Value::Number(_) => false,
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn what_was_not_read_is_added_where_it_stands() {
        let mut answer = json!({ "dentry": { "id": "7", "name": "a" }, "list": [{ "id": "1" }, { "id": "2" }] });
        let raw = json!({
            "dentry": { "id": 7, "name": "a", "path": null, "new": [1], "empty": "", "none": [] },
            "list": [{ "id": 1 }, { "id": 2, "more": false }],
            "added": { "x": 0 },
        });
        add(&mut answer, &raw);
        let expected = json!({
            "dentry": { "id": "7", "name": "a", "new": [1] },
            "list": [{ "id": "1" }, { "id": "2", "more": false }],
            "added": { "x": 0 },
        });
        assert_eq!(answer, expected);
    }

    #[test]
    fn the_envelope_is_no_part_of_the_answer() {
        let raw = || json!({ "errcode": 0, "errmsg": "ok", "request_id": "r", "result": { "a": 1 } });
        assert_eq!(unwrapped(raw(), Envelope::Errcode), json!({ "a": 1 }));
        assert_eq!(unwrapped(raw(), Envelope::Flat), json!({ "result": { "a": 1 } }));
        assert_eq!(unwrapped(raw(), Envelope::Plain), raw());
    }
}
