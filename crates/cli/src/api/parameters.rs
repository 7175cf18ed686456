//! Parameters from the command line, a file or standard input.

use std::fs::File;
use std::io::{self, Read};
use std::path::Path;

use dingtalk_storage::by_name::{self, Named, Shape};
use dingtalk_storage::runtime::FileLimit;
use serde_json::{Map, Value};

use crate::Failure;

/// Reads `{..}`, `@file` or `-`.
pub fn read(source: &str) -> Result<Map<String, Value>, Failure> {
    let text = match (source, source.strip_prefix('@')) {
        ("-", _) => standard_input()?,
        (_, Some(path)) => std::fs::read_to_string(path)
            .map_err(|error| Failure::local(format!("the parameters in {path} cannot be read"), &error))?,
        _ => source.to_owned(),
    };
    // Some editors begin a file with a byte order mark.
    match serde_json::from_str(text.trim_start_matches('\u{feff}')) {
        Ok(Value::Object(parameters)) => nested(parameters),
        Ok(_) => Err(Failure::usage(format!("the parameters must be one JSON object, such as {EXAMPLE}"))),
        Err(error) => {
            Err(Failure::usage(format!("the parameters are not JSON: {error}; write one object, such as {EXAMPLE}")))
        }
    }
}

/// Puts what is written as `option.size` where it belongs: descriptions name it so.
pub fn nested(parameters: Map<String, Value>) -> Result<Map<String, Value>, Failure> {
    let (dotted, mut parameters): (Map<_, _>, Map<_, _>) =
        parameters.into_iter().partition(|(name, _)| name.contains('.'));
    for (name, value) in dotted {
        let twice = || Failure::usage(format!("{name:?} is given twice, or within something that is no object"));
        let mut inner = &mut parameters;
        let mut path = name.split('.').peekable();
        while let Some(part) = path.next() {
            if path.peek().is_some() {
                let below = inner.entry(part).or_insert_with(|| Value::Object(Map::new()));
                inner = below.as_object_mut().ok_or_else(twice)?;
            } else if inner.insert(part.to_owned(), value.clone()).is_some() {
                return Err(twice());
            }
        }
    }
    Ok(parameters)
}

/// The parameter that names the operator, if the operation has to have one and it was not given.
pub fn operator_parameter(named: &Named, given: &Map<String, Value>) -> Option<&'static str> {
    let required = |name: &&str| {
        named.parameters().iter().any(|parameter| {
            let names_a_person = matches!(parameter.shape(), Shape::Id { name: "UnionId", .. });
            parameter.path == [*name] && parameter.is_required && names_a_person
        })
    };
    // Who has both names the operator by the first.
    ["operatorId", "unionId"].into_iter().find(required).filter(|name| !given.contains_key(*name))
}

/// Reads the files that stand as `"@PATH"` where the operation takes one.
pub fn with_files(mut parameters: Map<String, Value>, named: &Named) -> Result<Map<String, Value>, Failure> {
    for parameter in named.parameters().iter().filter(|parameter| matches!(parameter.shape(), Shape::File)) {
        let Some(name) = parameter.path.first() else { continue };
        let path = parameters.get(*name).and_then(Value::as_str).and_then(|text| text.strip_prefix('@'));
        if let Some(path) = path.map(Path::new) {
            let limits = named.operation().form.unwrap_or_default().iter();
            let largest = limits.filter(|limit| limit.part() == *name).map(FileLimit::max).max();
            let value = file(name, path, largest.unwrap_or(u64::MAX))?;
            parameters.insert((*name).to_owned(), value);
        }
    }
    Ok(parameters)
}

/// A file of at most this many bytes; of a larger one no more is read than it takes to know that.
fn file(parameter: &str, path: &Path, largest: u64) -> Result<Value, Failure> {
    let refused = |why: String| Failure::usage(format!("{parameter}: the file {} {why}", path.display()));
    let unreadable = |error: io::Error| refused(format!("cannot be read: {error}"));
    let name = path.file_name().ok_or_else(|| refused("has no name".to_owned()))?.to_string_lossy();
    let mut bytes = Vec::new();
    let opened = File::open(path).map_err(unreadable)?;
    opened.take(largest.saturating_add(1)).read_to_end(&mut bytes).map_err(unreadable)?;
    if bytes.len() as u64 > largest {
        return Err(refused(format!("is larger than {largest} bytes, which is the most that is taken")));
    }
    Ok(by_name::file(&name, &bytes))
}

const EXAMPLE: &str = r#"'{"unionId": "..."}'"#;

fn standard_input() -> Result<String, Failure> {
    let mut text = String::new();
    io::stdin()
        .read_to_string(&mut text)
        .map_err(|error| Failure::usage(format!("the parameters on standard input cannot be read: {error}")))?;
    Ok(text)
}
