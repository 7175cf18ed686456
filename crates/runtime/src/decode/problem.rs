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
    /// A problem at the end of this path.
    pub(crate) fn new(path: String, error: &serde_json::Error) -> Self {
        let (text, is_broken) = match error.classify() {
            Category::Data => (without_values(&error.to_string()), false),
            Category::Eof => ("the text ends too early".to_owned(), true),
            Category::Syntax | Category::Io => ("this is not JSON".to_owned(), true),
        };
        Self { path, text, is_broken }
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

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "tests fail by panicking")]
    use super::*;
    use crate::Answer;
    use std::collections::BTreeMap;

    use crate::MapOrList;
    use crate::decode::{Failure, Field, Object, path_to_failure};

    #[derive(Debug, Default)]
    struct Node {
        size: Option<i64>,
        nodes: Vec<Node>,
        map: BTreeMap<String, Node>,
        either: Option<MapOrList<Node>>,
        any: Option<serde_json::Value>,
    }

    impl Object for Node {
        fn field(&mut self, name: &str, value: Field<'_>) -> Result<(), Failure> {
            match name {
                "size" => value.integer(&mut self.size),
                "nodes" => value.list(&mut self.nodes),
                "map" => value.map(&mut self.map),
                "either" => value.map_or_list(&mut self.either),
                "any" => value.any(&mut self.any),
                _ => value.skip(),
            }
        }
    }

    fn problem(body: &str) -> Problem {
        let error = <Node as Answer>::decode(body.as_bytes()).unwrap_err();
        let path = path_to_failure(|| <Node as Answer>::decode(body.as_bytes()));
        Problem::new(path, &error)
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
    fn names_that_are_data_are_not_shown() {
        let cases = [
            (r#"{"map": {"secret": {"size": true}}}"#, "$.map.*.size"),
            (r#"{"map": {"secret": 7}}"#, "$.map.*"),
            (r#"{"either": {"secret": [{}, {"size": true}]}}"#, "$.either.*[1].size"),
            (r#"{"either": [{"size": true}]}"#, "$.either[0].size"),
            (r#"{"any": {"secret": {"secret": 1, ]}}"#, "$.any"),
            (r#"{"secret": {"secret": ]}"#, "$.*"),
            (r#"{"nodes": [{"secret": tru"#, "$.nodes[0].*"),
            (r#"{"size": "secret": 1}"#, "$.size"),
            (r#"{"size": 1 "secret": 1}"#, "$"),
            (r#"{"secret" 1}"#, "$.*"),
            (r#"{"nodes": [{"size": "secret"#, "$.nodes[0].size"),
        ];
        for (body, path) in cases {
            let problem = problem(body);
            assert_eq!(problem.path, path, "{body}: {problem:?}");
            assert!(!problem.text.contains("secret"), "{body}: {problem:?}");
        }
    }

    #[test]
    fn a_deep_path_shows_its_beginning() {
        let problem = problem(&format!(r#"{}"size": true"#, r#"{"nodes": ["#.repeat(40) + "{"));
        assert_eq!(problem.path, format!("${}…", ".nodes[0]".repeat(16)));
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
