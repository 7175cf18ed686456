//! Files of forms, in JSON: a name, and the bytes in base64.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use serde_json::Value;

use super::Read;
use super::findings::Findings;
use super::members::Members;
use super::path::At;
use super::shape::{Member, Shape};
use crate::FormFile;

/// What is given for a file.
#[derive(Default)]
struct Given {
    name: String,
    base64: String,
    content_type: Option<String>,
}

const MEMBERS: &[Member] = &[
    Member::new("name", true, "Name of the file.", |given: &Given| &given.name),
    Member::new("base64", true, "Its bytes.", |given: &Given| &given.base64),
    Member::new("contentType", false, "Type of its content.", |given: &Given| &given.content_type),
];

impl Read for FormFile {
    fn shape() -> Shape {
        Shape::File
    }

    fn read(value: &Value, at: &At<'_>, findings: &mut Findings) -> Option<Self> {
        if !value.is_object() {
            findings.wrong_type(at, "a file with its name and its bytes in base64", value);
            return None;
        }
        let before = findings.problems.len();
        let mut given = Given::default();
        let mut members = Members::new(MEMBERS, value, at, findings)?;
        members.read("name", &mut given.name);
        members.read("base64", &mut given.base64);
        members.read("contentType", &mut given.content_type);
        if findings.problems.len() > before {
            return None;
        }
        let Ok(bytes) = STANDARD.decode(&given.base64) else {
            findings.wrong_type(&At::Field(at, "base64"), "bytes in base64", &Value::from(""));
            return None;
        };
        let file = Self::new(given.name, bytes);
        Some(match given.content_type {
            Some(content_type) => file.content_type(content_type),
            None => file,
        })
    }
}

/// The JSON of a file.
#[must_use]
pub fn file(name: &str, bytes: &[u8]) -> Value {
    serde_json::json!({ "name": name, "base64": STANDARD.encode(bytes) })
}
