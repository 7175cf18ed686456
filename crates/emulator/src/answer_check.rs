//! Answers against the spec, before they leave: the emulator keeps itself to what it asks of others.

use std::fmt;

use serde_json::{Map, Value};

use crate::contract::{Contract, Field, Operation, Shape, contract};

/// What is wrong with an answer, each with the path of the place.
pub fn check(operation: &Operation, answer: &Value) -> Vec<String> {
    let mut checker = Checker { contract: contract(), found: Vec::new() };
    match answer {
        Value::Null if operation.response.is_empty() => {}
        Value::Object(answer) => checker.fields(&Path::Top, &operation.response, answer),
        _ => checker.found.push("the answer is no object".to_owned()),
    }
    checker.found
}

/// Where a value stands. Nothing is written until something is wrong, because hardly anything ever is.
enum Path<'a> {
    Top,
    Field(&'a Path<'a>, &'a str),
    Element(&'a Path<'a>, usize),
}

impl fmt::Display for Path<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Top => Ok(()),
            Self::Field(Self::Top, name) => f.write_str(name),
            Self::Field(parent, name) => write!(f, "{parent}.{name}"),
            Self::Element(parent, place) => write!(f, "{parent}[{place}]"),
        }
    }
}

struct Checker {
    contract: &'static Contract,
    found: Vec<String>,
}

impl Checker {
    fn fields(&mut self, path: &Path<'_>, fields: &[Field], given: &Map<String, Value>) {
        let mut known = 0;
        for field in fields {
            let path = Path::Field(path, &field.name);
            match given.get(&field.name) {
                None if field.always => self.found.push(format!("{path} is always there, but missing here")),
                None => {}
                Some(value) => {
                    known += 1;
                    self.field(&path, field, value);
                }
            }
        }
        if known == given.len() {
            return;
        }
        for name in given.keys().filter(|name| !fields.iter().any(|field| field.name == **name)) {
            self.found.push(format!("{} is not in the spec", Path::Field(path, name)));
        }
    }

    fn field(&mut self, path: &Path<'_>, field: &Field, value: &Value) {
        let count = match value {
            Value::Array(items) => i64::try_from(items.len()).ok(),
            Value::Object(items) if matches!(field.shape, Shape::Map(_)) => i64::try_from(items.len()).ok(),
            number => number.as_i64(),
        };
        if let (Some(max), Some(count)) = (field.max, count)
            && count > max
        {
            self.found.push(format!("{path} has {count}, more than {max}"));
        }
        match (&field.shape, value) {
            (Shape::Map(inner), Value::Array(_)) if field.or_list => self.value(path, inner, value),
            (shape, value) => self.value(path, shape, value),
        }
    }

    fn value(&mut self, path: &Path<'_>, shape: &Shape, value: &Value) {
        let fits = match (shape, value) {
            (Shape::Any, _)
            | (Shape::Bool, Value::Bool(_))
            | (Shape::Text | Shape::Id | Shape::Time, Value::String(_)) => true,
            (Shape::ErrorCode, Value::String(code)) => self.contract.codes.contains_key(code),
            (Shape::Int32, value) => value.as_i64().is_some_and(|number| i32::try_from(number).is_ok()),
            (Shape::Int64, value) => value.is_i64(),
            (Shape::Uint64, value) => value.is_u64(),
            (Shape::Enum(values), Value::String(text)) => values.contains(text),
            (Shape::List(inner), Value::Array(items)) => {
                for (place, item) in items.iter().enumerate() {
                    self.value(&Path::Element(path, place), inner, item);
                }
                true
            }
            (Shape::Map(inner), Value::Object(items)) => {
                for (key, item) in items {
                    self.value(&Path::Field(path, key), inner, item);
                }
                true
            }
            (Shape::Object(fields), Value::Object(given)) => {
                self.fields(path, fields, given);
                true
            }
            (Shape::Shared(name), Value::Object(given)) => {
                let fields = self.contract.objects.get(name).map_or(&[][..], Vec::as_slice);
                self.fields(path, fields, given);
                true
            }
            _ => false,
        };
        if !fits {
            self.found.push(format!("{path} is {value}, which does not fit"));
        }
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a failed unwrap is a failed test")]

    use serde_json::json;

    use super::*;

    #[test]
    fn tells_every_place_where_an_answer_differs_from_the_spec() {
        let operation = contract().operation("storage_v1.GetDentry").unwrap();
        assert_eq!(
            check(operation, &json!({"dentry": {"id": "1", "type": "FILE", "name": "x", "size": 3}})),
            Vec::<String>::new()
        );
        let wrong = json!({"dentry": {"id": 1, "type": "file", "size": "3", "nmae": "x"}, "more": true});
        let mut found = check(operation, &wrong);
        found.sort();
        assert_eq!(
            found,
            [
                "dentry.id is 1, which does not fit",
                "dentry.name is always there, but missing here",
                "dentry.nmae is not in the spec",
                "dentry.size is \"3\", which does not fit",
                "dentry.type is \"file\", which does not fit",
                "more is not in the spec",
            ]
        );
    }
}
