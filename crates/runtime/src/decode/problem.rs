//! What is wrong with an answer, told without any of its values.

use serde_json::error::Category;

/// Where an answer stopped making sense, and why.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Problem {
    /// Path to the value, for example `$.dentries[3].size`.
    pub(crate) path: String,
    /// What was expected there.
    pub(crate) text: String,
    /// The answer is no whole JSON text, as if it had been cut; its shape says nothing then.
    pub(crate) is_broken: bool,
}

impl Problem {
    /// Looks at the body a second time, which only failures pay for.
    pub(crate) fn new(body: &[u8], error: &serde_json::Error) -> Self {
        let offset = offset_of(body, error.line(), error.column());
        let seen = body.get(..offset).unwrap_or(body);
        let (text, is_broken) = match error.classify() {
            Category::Data => (without_values(&error.to_string()), false),
            Category::Eof => ("the text ends too early".to_owned(), true),
            Category::Syntax | Category::Io => ("this is not JSON".to_owned(), true),
        };
        Self { path: path_to_end(seen), text, is_broken }
    }
}

/// serde's messages quote the value that they don't like; what stands after the last "expected" is ours.
fn without_values(message: &str) -> String {
    const MISSING: &str = "missing field `";
    if let Some((name, _)) = message.strip_prefix(MISSING).and_then(|rest| rest.split_once('`')) {
        return format!("the field {name} is missing");
    }
    let message = message.rfind(" at line ").and_then(|end| message.get(..end)).unwrap_or(message);
    match message.rsplit_once(", expected ") {
        Some((found, expected)) => match kind_found(found) {
            Some(kind) => format!("expected {expected}, found {kind}"),
            None => format!("expected {expected}"),
        },
        None => "the value has the wrong shape".to_owned(),
    }
}

/// The kind of value that serde found, from the fixed words that it uses.
fn kind_found(text: &str) -> Option<&'static str> {
    const KINDS: [(&str, &str); 8] = [
        ("string", "a text"),
        ("integer", "a number"),
        ("floating point", "a fraction or a large number"),
        ("boolean", "a boolean"),
        ("map", "an object"),
        ("sequence", "a list"),
        ("null", "null"),
        ("nesting", "deeply nested values"),
    ];
    let (_, found) = text.split_once(": ")?;
    KINDS.iter().find(|(word, _)| found.starts_with(word)).map(|(_, kind)| *kind)
}

/// Lines and columns count from 1, and a column counts bytes.
fn offset_of(body: &[u8], line: usize, column: usize) -> usize {
    let lines_before = line.saturating_sub(1);
    let start: usize = body.split_inclusive(|byte| *byte == b'\n').take(lines_before).map(<[u8]>::len).sum();
    start.saturating_add(column).min(body.len())
}

/// One level of the way down to a value.
enum Step {
    Field(String),
    Element(usize),
}

/// The path of the value that the text ends in or just after.
fn path_to_end(text: &[u8]) -> String {
    let mut steps: Vec<Step> = Vec::new();
    let mut last_text: Option<&[u8]> = None;
    let mut rest = text;
    while let Some((&byte, after)) = rest.split_first() {
        rest = after;
        match byte {
            b'{' => steps.push(Step::Field(String::new())),
            b'[' => steps.push(Step::Element(0)),
            b'}' | b']' => drop(steps.pop()),
            b',' => match steps.last_mut() {
                Some(Step::Element(index)) => *index += 1,
                Some(Step::Field(name)) => name.clear(),
                None => {}
            },
            b':' => {
                if let (Some(Step::Field(name)), Some(text)) = (steps.last_mut(), last_text) {
                    *name = shown(text);
                }
            }
            b'"' => {
                let end = end_of_text(rest);
                last_text = rest.get(..end);
                rest = rest.get(end.saturating_add(1)..).unwrap_or_default();
            }
            _ => {}
        }
    }
    // A bracket at the very end opens the value that is wrong; nothing in it was read.
    if matches!(text.trim_ascii_end().last(), Some(b'{' | b'[')) {
        steps.pop();
    }
    render(&steps)
}

/// Where the text that has just begun ends.
fn end_of_text(bytes: &[u8]) -> usize {
    let mut escaped = false;
    for (index, byte) in bytes.iter().enumerate() {
        match byte {
            _ if escaped => escaped = false,
            b'\\' => escaped = true,
            b'"' => return index,
            _ => {}
        }
    }
    bytes.len()
}

/// A name as part of a path: short, and without characters that could forge a log line.
fn shown(name: &[u8]) -> String {
    const LENGTH: usize = 64;
    String::from_utf8_lossy(name)
        .chars()
        .take(LENGTH)
        .map(|character| if character.is_control() { '?' } else { character })
        .collect()
}

fn render(steps: &[Step]) -> String {
    /// Deeper paths show their beginning; nobody reads more.
    const STEPS: usize = 32;
    let mut path = String::from("$");
    for step in steps.iter().take(STEPS) {
        match step {
            Step::Field(name) if name.is_empty() => {}
            Step::Field(name) => {
                path.push('.');
                path.push_str(name);
            }
            Step::Element(index) => {
                path.push('[');
                path.push_str(&index.to_string());
                path.push(']');
            }
        }
    }
    if steps.len() > STEPS {
        path.push('…');
    }
    path
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "tests fail by panicking")]
    use super::*;
    use crate::Answer;
    use crate::decode::{Failure, Field, Object};

    #[derive(Debug, Default)]
    struct Node {
        size: Option<i64>,
        nodes: Vec<Node>,
    }

    impl Object for Node {
        fn field(&mut self, name: &str, value: Field<'_>) -> Result<(), Failure> {
            match name {
                "size" => value.integer(&mut self.size),
                "nodes" => value.list(&mut self.nodes),
                _ => value.skip(),
            }
        }
    }

    fn problem(body: &str) -> Problem {
        let error = <Node as Answer>::decode(body.as_bytes()).unwrap_err();
        Problem::new(body.as_bytes(), &error)
    }

    #[test]
    fn the_path_leads_to_the_value_and_the_message_does_not_show_it() {
        let cases = [
            (r#"{"size": "secret"}"#, "$.size", "expected a whole number, found a text"),
            (
                "{\n \"a\": [1, {\"b\": 2}],\n \"nodes\": [{}, {\"nodes\": [{\"size\": true}]}]\n}",
                "$.nodes[1].nodes[0].size",
                "expected a whole number, found a boolean",
            ),
            (r#"{"nodes": "secret, expected nothing"}"#, "$.nodes", "expected a list, found a text"),
            (
                r#"{"nodes": [{"size": 1.5}]}"#,
                "$.nodes[0].size",
                "expected a whole number, found a fraction or a large number",
            ),
            (r"[1]", "$", "expected an object, found a list"),
        ];
        for (body, path, text) in cases {
            let problem = problem(body);
            assert_eq!(
                (problem.path.as_str(), problem.text.as_str(), problem.is_broken),
                (path, text, false),
                "{body}"
            );
        }
    }

    #[test]
    fn a_cut_text_is_broken_wherever_it_is_cut() {
        let whole = r#"{"size": 12, "nodes": [{"size": 3, "x": "y\"z"}], "z": null}"#;
        for end in 0..whole.len() {
            let problem = problem(&whole[..end]);
            assert!(problem.is_broken, "{end}: {problem:?}");
        }
    }
}
