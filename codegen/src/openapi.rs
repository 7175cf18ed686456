//! The API as an OpenAPI document, for the tools that read no other description.
//!
//! What OpenAPI has no word for stands under keys that begin with `x-dingtalk-`; `docs/openapi.md` lists them.
#![allow(clippy::indexing_slicing, reason = "a key that an object of JSON does not have is made, or read as null")]

mod answers;
mod dialect;
mod operations;
mod references;
mod schemas;

use indexmap::IndexMap;
use serde::Serialize;
use serde_json::{Value, json};

use crate::ir::{Api, Event};

pub use dialect::Version;

use dialect::Dialect;
use schemas::Schemas;

/// The document, in the order in which people read one.
#[derive(Debug, Serialize)]
pub struct Document {
    openapi: &'static str,
    info: Value,
    servers: Value,
    tags: Vec<Value>,
    /// By path, then by method.
    paths: IndexMap<String, IndexMap<String, Value>>,
    components: Value,
    #[serde(rename = "x-dingtalk-events")]
    events: IndexMap<String, Value>,
}

/// Describes the whole API.
#[must_use]
pub fn openapi(api: &Api, version: Version) -> Document {
    let dialect = Dialect::of(version);
    let schemas = Schemas::new(api, dialect);
    let paths = operations::paths(api, &schemas);
    let events: IndexMap<String, Value> =
        api.events.iter().map(|event| (event.wire.clone(), pushed(event, &schemas))).collect();
    let named_schemas =
        references::only_named(schemas.components(), paths.values().flat_map(IndexMap::values).chain(events.values()));
    Document {
        openapi: dialect.number(),
        info: info(),
        servers: servers("api"),
        tags: api.groups.iter().map(|(name, group)| json!({ "name": name, "description": group.title })).collect(),
        paths,
        components: json!({ "securitySchemes": operations::security_schemes(), "schemas": named_schemas }),
        events,
    }
}

fn info() -> Value {
    json!({
        "title": "DingTalk Storage",
        "version": env!("CARGO_PKG_VERSION"),
        "description": "Spaces, files, permissions and events of the cloud drive of DingTalk. This document is made from a \
                        spec that was transcribed from DingTalk's documentation; it is no document of DingTalk's own.",
        "license": { "name": "MIT OR Apache-2.0", "url": "https://spdx.org/licenses/MIT.html" },
    })
}

/// The servers of both regions; those of the older API are called `oapi`.
fn servers(host: &str) -> Value {
    json!([
        { "url": format!("https://{host}.dingtalk.io"), "description": "International" },
        { "url": format!("https://{host}.dingtalk.com"), "description": "Mainland China" },
    ])
}

/// Pushes are encrypted and come over several ways, so that no request of OpenAPI describes them; their content is an object.
fn pushed(event: &Event, schemas: &Schemas<'_>) -> Value {
    json!({
        "summary": event.summary,
        "description": event.details,
        "bizType": event.biz_type,
        "documentation": event.documentation,
        "schema": schemas.shared(&event.data, false),
    })
}
