//! Bodies of requests: JSON, or a form whose files are stored before the call is looked at.

use std::collections::BTreeMap;
use std::io;

use bytes::Bytes;
use http::{HeaderMap, header};
use serde_json::{Map, Value, json};

use crate::call::SentFile;
use crate::contract::{Operation, Shape};
use crate::form;
use crate::refusal::Refusal;
use crate::request_check;
use crate::shared::Shared;

/// Largest JSON body; a form may have as much beside its largest file.
const LARGEST: usize = 4 << 20;

/// A body that was read.
#[derive(Default)]
pub(super) struct Read {
    /// The parameters in it.
    pub(super) json: Option<Value>,
    /// The files in it by the names of their parts.
    pub(super) files: BTreeMap<String, SentFile>,
}

/// Most bytes that the body of an operation may have.
pub(super) fn largest(operation: Option<&Operation>) -> usize {
    let files = operation.into_iter().flat_map(|operation| &operation.body);
    let files = files.filter(|field| matches!(field.shape, Shape::File));
    let files: i64 = files.filter_map(|field| field.max).sum();
    LARGEST + usize::try_from(files).unwrap_or_default()
}

/// Reads the body of a call. That it is none that the call could have is told once the caller is known.
///
/// # Errors
///
/// When a file cannot be stored.
pub(super) async fn read(
    shared: &Shared,
    operation: &Operation,
    headers: &HeaderMap,
    body: Bytes,
) -> io::Result<Result<Read, Refusal>> {
    if !operation.form {
        return Ok(json_body(operation, &body).map(|json| Read { json, files: BTreeMap::new() }));
    }
    let content_type = headers.get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok());
    let parts = match form::parts(content_type, &body) {
        Ok(parts) => parts,
        Err(reason) => return Ok(Err(request_check::no_form(operation, &reason))),
    };
    let (mut values, mut files) = (Map::new(), BTreeMap::new());
    for part in parts {
        let field = operation.body.iter().find(|field| field.name == part.name);
        let value = match (field.map(|field| &field.shape), part.file_name) {
            (Some(Shape::File), Some(name)) => {
                let length = part.content.len();
                let id = shared.world().ids.letters(24);
                let mut writer = shared.blobs.write(id, 0).await?;
                writer.append(part.content).await?;
                let file = SentFile { name: name.clone(), piece: writer.finish().await? };
                files.insert(part.name.clone(), file);
                json!({ "name": name, "length": length })
            }
            (Some(shape), None) => request_check::from_text(shape, &String::from_utf8_lossy(&part.content)),
            (None, _) | (_, Some(_)) => Value::from(String::from_utf8_lossy(&part.content)),
        };
        values.insert(part.name, value);
    }
    Ok(Ok(Read { json: Some(Value::Object(values)), files }))
}

fn json_body(operation: &Operation, body: &[u8]) -> Result<Option<Value>, Refusal> {
    if body.is_empty() || operation.body.is_empty() {
        return Ok(None);
    }
    serde_json::from_slice(body).map(Some).map_err(|error| request_check::unreadable(operation, &error.to_string()))
}
