//! JSON that is changed by a fault.

use serde_json::Value;

/// Puts a value at the place of a JSON pointer, or takes away what stands there.
pub fn mutate(answer: &mut Value, pointer: &str, value: Option<Value>) {
    match (value, answer.pointer_mut(pointer), pointer.rsplit_once('/')) {
        (Some(value), Some(place), _) => *place = value,
        (value, _, Some((parent, name))) => match (answer.pointer_mut(parent), value) {
            (Some(Value::Object(parent)), Some(value)) => drop(parent.insert(unescaped(name), value)),
            (Some(Value::Object(parent)), None) => drop(parent.remove(&unescaped(name))),
            (Some(Value::Array(parent)), None) => {
                if let Some(place) = name.parse().ok().filter(|place| *place < parent.len()) {
                    drop(parent.remove(place));
                }
            }
            _ => {}
        },
        _ => {}
    }
}

/// A name as a JSON pointer means it.
fn unescaped(name: &str) -> String {
    name.replace("~1", "/").replace("~0", "~")
}
