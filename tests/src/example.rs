//! The generated examples: of each operation the parameters, the request that they make, and a full answer.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::LazyLock;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Map, Value, json};

use crate::recorder::Recorded;

/// The examples of all operations by name, as `cargo xtask generate` wrote them: `examples/<family>/<operation>.json`.
/// They are read when tests run, so that a changed one builds nothing anew.
static OPERATIONS: LazyLock<BTreeMap<String, Example>> = LazyLock::new(|| {
    let families = entries(&Path::new(env!("CARGO_MANIFEST_DIR")).join("examples")).into_iter();
    let files = families.filter(|path| path.is_dir()).flat_map(|family| entries(&family));
    files.map(|path| read(&path)).collect()
});

fn entries(folder: &Path) -> Vec<PathBuf> {
    let entries = fs::read_dir(folder).unwrap_or_else(|error| panic!("cannot read {}: {error}", folder.display()));
    entries.filter_map(|entry| Some(entry.ok()?.path())).collect()
}

/// An example with the name of its operation.
fn read(path: &Path) -> (String, Example) {
    let text = fs::read_to_string(path).unwrap_or_else(|error| panic!("cannot read {}: {error}", path.display()));
    let example = serde_json::from_str(&text).ok().and_then(|json: Value| {
        let name = json.get("operation")?.as_str()?.to_owned();
        Some((name, Example::from_json(&json)?))
    });
    example.unwrap_or_else(|| panic!("{} is no example of an operation", path.display()))
}

/// The example of an operation.
#[derive(Debug, Clone)]
pub struct Example {
    /// All parameters under their wire names, as one flat object.
    pub parameters: Map<String, Value>,
    /// What arrives at the server when they are sent.
    pub request: Wire,
    /// An answer with every field; `null` for an empty one.
    pub answer: Value,
}

/// How a server wraps its answers, which is for the operation to say.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Wrapping {
    /// Not at all.
    Plain,
    /// In `result`.
    InResult,
    /// Beside `errcode`.
    BesideErrcode,
}

/// A request as the server understands it.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Wire {
    /// HTTP method.
    pub method: String,
    /// Path, decoded.
    pub path: String,
    /// Parameters of the query, decoded, without the access token.
    pub query: BTreeMap<String, String>,
    /// JSON body, or the parts of a form, with files as calls by name take them.
    pub body: Option<Value>,
}

impl Example {
    /// All examples by the name of the operation.
    pub fn all() -> &'static BTreeMap<String, Self> {
        &OPERATIONS
    }

    /// The example of the operation.
    ///
    /// # Panics
    ///
    /// If there is none.
    pub fn of(operation: &str) -> &'static Self {
        OPERATIONS.get(operation).unwrap_or_else(|| panic!("there is no example of {operation}"))
    }

    /// The answer as the server writes it: the older API puts it into an envelope.
    pub fn answer_on_the_wire(&self, wrapping: Wrapping) -> String {
        let fields = match (wrapping, &self.answer) {
            (Wrapping::Plain, Value::Null) => return String::new(),
            (Wrapping::Plain, answer) => return answer.to_string(),
            (Wrapping::InResult, answer) => Map::from_iter([("result".to_owned(), answer.clone())]),
            (Wrapping::BesideErrcode, answer) => answer.as_object().cloned().unwrap_or_default(),
        };
        let code = [("errcode", json!(0)), ("errmsg", json!("ok")), ("request_id", json!("15r6z8kdvbdcn"))];
        let code = code.map(|(name, value)| (name.to_owned(), value));
        Value::Object(code.into_iter().chain(fields).collect()).to_string()
    }

    /// The token that the call carries: that of the app, or the one of a person that is among the parameters.
    pub fn token<'a>(&'a self, of_app: Option<&'a str>) -> Option<&'a str> {
        self.parameters.get("userAccessToken").map_or(of_app, Value::as_str)
    }

    fn from_json(example: &Value) -> Option<Self> {
        let request = example.get("request")?;
        let text = |name: &str| request.get(name)?.as_str().map(str::to_owned);
        let query = request.get("query")?.as_object()?;
        Some(Self {
            parameters: example.get("parameters")?.as_object()?.clone(),
            request: Wire {
                method: text("method")?,
                path: text("path")?,
                query: query
                    .iter()
                    .map(|(name, value)| Some((name.clone(), value.as_str()?.to_owned())))
                    .collect::<Option<_>>()?,
                body: request.get("body").filter(|body| !body.is_null()).cloned(),
            },
            answer: example.get("answer")?.clone(),
        })
    }
}

impl Wire {
    /// Reads a request that arrived, and the access token that it brought.
    ///
    /// # Panics
    ///
    /// If it is not what a client of this API sends: parameters that come twice, a body that is not JSON or is not
    /// called so, a token in two places.
    pub fn read(arrived: &Recorded) -> (Self, Option<String>) {
        let mut line = arrived.line().split(' ');
        let (method, target) = (line.next().unwrap_or_default(), line.next().unwrap_or_default());
        let (path, encoded) = target.split_once('?').unwrap_or((target, ""));
        let mut query = BTreeMap::new();
        for (name, value) in form_urlencoded::parse(encoded.as_bytes()) {
            let earlier = query.insert(name.clone().into_owned(), value.into_owned());
            assert_eq!(earlier, None, "{name} came twice: {target}");
        }
        let in_query = query.remove("access_token");
        let in_header = arrived.header("x-acs-dingtalk-access-token").map(str::to_owned);
        assert!(in_query.is_none() || in_header.is_none(), "the token came twice: {}", arrived.head);
        let path = percent_encoding::percent_decode_str(path).decode_utf8_lossy().into_owned();
        (Self { method: method.to_owned(), path, query, body: body(arrived) }, in_header.or(in_query))
    }
}

fn body(arrived: &Recorded) -> Option<Value> {
    let kind = arrived.header("content-type");
    if let Some(boundary) = kind.and_then(|kind| kind.strip_prefix("multipart/form-data; boundary=")) {
        return Some(form(boundary, &arrived.body));
    }
    if arrived.body.is_empty() {
        assert_eq!(kind, None, "a type without a body");
        return None;
    }
    assert_eq!(kind, Some("application/json; charset=utf-8"));
    match serde_json::from_str(&arrived.body) {
        Ok(body) => Some(body),
        Err(error) => panic!("the body is not JSON: {error}: {}", arrived.body),
    }
}

/// The parts of a form, with files as calls by name take them. It reads what the examples have: names without escapes.
fn form(boundary: &str, body: &str) -> Value {
    let last = format!("\r\n--{boundary}--\r\n");
    let Some(inside) = body.strip_suffix(&last) else { panic!("the form does not end with its boundary: {body}") };
    let (inside, between) = (format!("\r\n{inside}"), format!("\r\n--{boundary}\r\n"));
    let parts = inside.split(&between).skip(1).map(|part| {
        let (head, content) = part.split_once("\r\n\r\n").unwrap_or_else(|| panic!("a part without a head: {part}"));
        let quoted = |key: &str| head.split_once(&format!("; {key}=\"")).and_then(|(_, rest)| rest.split('"').next());
        let value = match quoted("filename") {
            Some(name) => json!({ "name": name, "base64": STANDARD.encode(content) }),
            None => Value::from(content),
        };
        (quoted("name").unwrap_or_default().to_owned(), value)
    });
    Value::Object(parts.collect())
}
