//! Which admin calls there are, and what each of them takes.

use http::StatusCode;
use serde_json::Value;

use super::Failure;
use crate::suggest::suggestion;

/// What may stand in the body of a call.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Takes {
    /// Nothing.
    Nothing,
    /// These fields.
    Fields(&'static [&'static str]),
    /// An object that knows its fields itself.
    Object,
}

/// A call.
#[derive(Debug, Clone, Copy)]
pub struct AdminCall {
    /// HTTP method.
    pub method: &'static str,
    /// Path; a part in braces is any.
    pub path: &'static str,
    query: &'static [&'static str],
    body: Takes,
}

const fn call(method: &'static str, path: &'static str, query: &'static [&'static str], body: Takes) -> AdminCall {
    AdminCall { method, path, query, body }
}

/// All calls.
pub const CALLS: [AdminCall; 24] = [
    call("GET", "/healthz", &[], Takes::Nothing),
    call("GET", "/_emulator", &[], Takes::Nothing),
    call("POST", "/_emulator/reset", &[], Takes::Nothing),
    call("GET", "/_emulator/operations", &[], Takes::Nothing),
    call("GET", "/_emulator/journal", &["operation"], Takes::Nothing),
    call("DELETE", "/_emulator/journal", &[], Takes::Nothing),
    call("GET", "/_emulator/effects", &["what"], Takes::Nothing),
    call("GET", "/_emulator/counts", &[], Takes::Nothing),
    call("GET", "/_emulator/events", &[], Takes::Nothing),
    call("PUT", "/_emulator/subscriber", &[], Takes::Object),
    call("DELETE", "/_emulator/subscriber", &[], Takes::Nothing),
    call("GET", "/_emulator/faults", &[], Takes::Nothing),
    call("POST", "/_emulator/faults", &[], Takes::Object),
    call("DELETE", "/_emulator/faults", &[], Takes::Nothing),
    call("GET", "/_emulator/faults/missed", &[], Takes::Nothing),
    call("DELETE", "/_emulator/faults/{number}", &[], Takes::Nothing),
    call("GET", "/_emulator/limits", &[], Takes::Nothing),
    call("PUT", "/_emulator/limits", &[], Takes::Object),
    call("GET", "/_emulator/clock", &[], Takes::Nothing),
    call("POST", "/_emulator/clock/advance", &[], Takes::Fields(&["seconds", "millis"])),
    call("DELETE", "/_emulator/tokens", &[], Takes::Nothing),
    call("POST", "/_emulator/plan", &[], Takes::Object),
    call("POST", "/_emulator/dump", &[], Takes::Fields(&["folder"])),
    call("POST", "/_emulator/load", &[], Takes::Fields(&["folder"])),
];

/// Finds a call.
///
/// # Errors
///
/// When there is none of the path, or none of the method.
pub fn find(method: &str, path: &str) -> Result<&'static AdminCall, Failure> {
    let path = if path == "/_emulator/" { "/_emulator" } else { path };
    let of_path: Vec<&AdminCall> = CALLS.iter().filter(|call| matches(call.path, path)).collect();
    if let Some(call) = of_path.iter().find(|call| call.method == method) {
        return Ok(call);
    }
    if of_path.is_empty() {
        let meant = suggestion(path, CALLS.iter().map(|call| call.path));
        let reason = format!("there is no admin call {path}{meant}; the README lists them");
        return Err(Failure::new(StatusCode::NOT_FOUND, reason));
    }
    let methods: Vec<&str> = of_path.iter().map(|call| call.method).collect();
    let reason = format!("{path} takes {}, and not {method}", methods.join(" and "));
    Err(Failure::new(StatusCode::METHOD_NOT_ALLOWED, reason))
}

fn matches(pattern: &str, path: &str) -> bool {
    let (pattern, path): (Vec<&str>, Vec<&str>) = (pattern.split('/').collect(), path.split('/').collect());
    pattern.len() == path.len()
        && pattern.iter().zip(&path).all(|(pattern, part)| pattern == part || pattern.starts_with('{'))
}

impl AdminCall {
    /// Refuses parameters that the call does not know.
    ///
    /// # Errors
    ///
    /// The first that it does not know, and what it knows.
    pub fn check(&self, query: &[(String, String)], body: &Value) -> Result<(), Failure> {
        if let Some((name, _)) = query.iter().find(|(name, _)| !self.query.contains(&name.as_str())) {
            return Err(unknown("parameter", name, self.query));
        }
        let (fields, knows): (Vec<&str>, &[&str]) = match (body, self.body) {
            (_, Takes::Object) | (Value::Null, _) => return Ok(()),
            (Value::Object(fields), Takes::Fields(knows)) => (fields.keys().map(String::as_str).collect(), knows),
            (Value::Object(fields), Takes::Nothing) => (fields.keys().map(String::as_str).collect(), &[]),
            _ => return Err(Failure::new(StatusCode::BAD_REQUEST, "a body is a JSON object")),
        };
        match fields.into_iter().find(|field| !knows.contains(field)) {
            Some(field) => Err(unknown("field", field, knows)),
            None => Ok(()),
        }
    }
}

fn unknown(what: &str, name: &str, knows: &[&str]) -> Failure {
    let reason = match knows {
        [] => format!("this call takes no {what}s, and so not {name}"),
        knows => format!("this call has no {what} {name}; it takes {}", knows.join(" and ")),
    };
    Failure::new(StatusCode::BAD_REQUEST, reason)
}
