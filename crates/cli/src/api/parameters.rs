//! Parameters from the command line, a file or standard input.

use std::io::{self, Read};

use serde_json::{Map, Value};

use crate::Failure;

/// Reads `{..}`, `@file` or `-`.
pub fn read(source: &str) -> Result<Map<String, Value>, Failure> {
    let text = match (source, source.strip_prefix('@')) {
        ("-", _) => standard_input()?,
        (_, Some(path)) => std::fs::read_to_string(path)
            .map_err(|error| Failure::Use(format!("the parameters in {path} cannot be read: {error}")))?,
        _ => source.to_owned(),
    };
    // Some editors begin a file with a byte order mark.
    match serde_json::from_str(text.trim_start_matches('\u{feff}')) {
        Ok(Value::Object(parameters)) => Ok(parameters),
        Ok(_) => Err(Failure::Use(format!("the parameters must be one JSON object, such as {EXAMPLE}"))),
        Err(error) => {
            Err(Failure::Use(format!("the parameters are not JSON: {error}; write one object, such as {EXAMPLE}")))
        }
    }
}

const EXAMPLE: &str = r#"'{"unionId": "..."}'"#;

fn standard_input() -> Result<String, Failure> {
    let mut text = String::new();
    io::stdin()
        .read_to_string(&mut text)
        .map_err(|error| Failure::Use(format!("the parameters on standard input cannot be read: {error}")))?;
    Ok(text)
}
