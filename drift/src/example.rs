//! Examples: a request line and JSON.

use std::collections::BTreeSet;
use std::sync::LazyLock;

use regex_lite::Regex;
use serde_json::Value;

use crate::page::{At, Example, RequestExample};
use crate::relaxed;
use crate::text::entities;

pub(crate) const METHODS: &[&str] = &["GET", "POST", "PUT", "DELETE", "PATCH"];

/// Lines of an example, with their numbers.
pub(crate) type Lines = Vec<(usize, String)>;

static NAME: LazyLock<Regex> =
    LazyLock::new(|| Regex::new(r#""([A-Za-z0-9_.-]{1,80})"\s*:"#).unwrap_or_else(|error| unreachable!("{error}")));

/// Names of fields that stand anywhere in a page as JSON has them.
pub(crate) fn names(text: &str) -> BTreeSet<&str> {
    NAME.captures_iter(text).filter_map(|found| found.get(1)).map(|name| name.as_str()).collect()
}

/// The request of an example; nothing when none was kept.
pub(crate) fn request(lines: &Lines, unread: &mut Vec<At<String>>) -> Option<RequestExample> {
    let (start, number, method, target) = lines.iter().enumerate().find_map(|(index, (number, line))| {
        let (method, target) = request_line(line)?;
        Some((index, *number, method, target))
    })?;
    let (path, query) = target.split_once('?').unwrap_or((target.as_str(), ""));
    let names = query.split('&').filter_map(|pair| pair.split('=').next()).filter(|name| !name.is_empty());
    Some(RequestExample {
        line: number,
        method,
        path: path.to_owned(),
        query: names.map(str::to_owned).collect(),
        body: json(lines.get(start + 1..).unwrap_or_default(), unread),
    })
}

/// Line, method, path, and names with values of the query.
pub(crate) type RequestLine = (usize, String, String, Vec<(String, String)>);

/// The request line among some lines.
pub(crate) fn request_line_of(lines: &Lines) -> Option<RequestLine> {
    let (number, method, target) = lines.iter().find_map(|(number, line)| {
        let (method, target) = request_line(line)?;
        Some((*number, method, target))
    })?;
    let (path, query) = target.split_once('?').unwrap_or((target.as_str(), ""));
    let pairs = query.split('&').filter_map(|pair| pair.split_once('='));
    let pairs = pairs.map(|(name, value)| (name.to_owned(), value.to_owned())).collect();
    Some((number, method, path.to_owned(), pairs))
}

/// Whether a line begins the request of an example.
pub(crate) fn is_request(line: &str) -> bool {
    request_line(line).is_some_and(|_| line.trim_end().ends_with("HTTP/1.1"))
}

/// Whether a line begins the answer of an example.
pub(crate) fn is_answer(line: &str) -> bool {
    line.trim().strip_prefix("HTTP/1.").is_some_and(|rest| rest.get(1..2) == Some(" "))
}

/// `POST /v1.0/… HTTP/1.1`; the name of the sample may be glued to it.
fn request_line(line: &str) -> Option<(String, String)> {
    let line = line.trim();
    let line =
        line.strip_prefix("HTTP").filter(|rest| METHODS.iter().any(|method| rest.starts_with(method))).unwrap_or(line);
    let mut words = line.split_whitespace();
    let (method, target) = (words.next()?, words.next()?);
    (METHODS.contains(&method) && target.starts_with('/')).then(|| (method.to_owned(), target.to_owned()))
}

/// The first JSON object or list of some lines.
pub(crate) fn json(lines: &[(usize, String)], unread: &mut Vec<At<String>>) -> Option<Example> {
    let start = lines.iter().position(|(_, line)| line.trim_start().starts_with(['{', '[']))?;
    let lines = lines.get(start..)?;
    let text = lines.iter().map(|(_, line)| line.as_str()).collect::<Vec<_>>().join("\n");
    let text = if text.contains("&quot;") { entities(&text) } else { text };
    let read = |text: &str| serde_json::Deserializer::from_str(text).into_iter::<Value>().next();
    let strict = read(&text)?;
    match strict.or_else(|error| read(&relaxed::strict(&text)).unwrap_or(Err(error))) {
        Ok(value) => Some(Example { value, lines: lines.to_vec() }),
        Err(error) => {
            let line = lines.get(error.line().saturating_sub(1)).or(lines.last()).map_or(1, |(number, _)| *number);
            unread.push(At { value: format!("the example is no JSON: {error}"), line });
            None
        }
    }
}
