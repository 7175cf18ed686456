//! A call in each form that it is made in, from the generated examples.

use std::fmt::Write as _;

use dingtalk_storage_codegen::reading::{CallExample, call_example};
use dingtalk_storage_spec::model::{Encoding, Host, Token};
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use serde_json::Value;

use crate::block::{Block, Document};
use crate::context::{Context, Item};
use crate::inline::text;
use crate::words::Words;

/// What a path and a query may hold as it is.
const KEPT: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'.').remove(b'_').remove(b'~');

/// Adds the examples.
pub fn examples(context: &Context<'_>, item: Item<'_>, words: &Words, document: &mut Document) {
    let example = call_example(context.api(), item.family, item.operation);
    document.section("example", words.example);
    let mut add = |id: &str, title: &str, language: &'static str, code: String| {
        document.heading(3, id, text(title));
        document.push(Block::Code(language, code));
    };
    add("curl", "curl", "sh", curl(item, &example));
    add("rust", "Rust", "rust", example.rust.join("\n"));
    add("command-line", words.command_line, "sh", command(item, &example));
    if let Some(body) = example.request.get("body").filter(|_| item.operation.body == Some(Encoding::Json)) {
        add("body-example", words.body_example, "json", format!("{body:#}"));
    }
    if item.operation.response.is_some() {
        add("answer-example", words.answer_example, "json", format!("{:#}", example.answer));
    }
}

/// The request as curl sends it.
fn curl(item: Item<'_>, example: &CallExample) -> String {
    let operation = item.operation;
    let host = match item.family.host {
        Host::Api => "https://api.dingtalk.com",
        Host::Oapi => "https://oapi.dingtalk.com",
    };
    let path = text_of(&example.request, "path").split('/').map(encoded).collect::<Vec<_>>().join("/");
    let query = example.request.get("query").and_then(Value::as_object);
    let mut query: Vec<String> = query
        .into_iter()
        .flatten()
        .map(|(name, value)| format!("{}={}", encoded(name), encoded(value.as_str().unwrap_or_default())))
        .collect();
    if operation.token == Token::Query {
        // Between double quotes, so that the shell puts the token in.
        query.insert(0, "access_token=$TOKEN".to_owned());
    }
    let mark = if query.is_empty() { "" } else { "?" };
    let address = format!("{host}{path}{mark}{}", query.join("&"));
    let quoted = if operation.token == Token::Query { format!("\"{address}\"") } else { quoted(&address) };
    let mut text = format!("curl -X {} {quoted}", operation.method);
    if matches!(operation.token, Token::Header | Token::User) {
        text.push_str(" \\\n  -H \"x-acs-dingtalk-access-token: $TOKEN\"");
    }
    let Some(body) = example.request.get("body").filter(|body| !body.is_null()) else { return text };
    match operation.body {
        Some(Encoding::Json) => {
            let _ = write!(
                text,
                " \\\n  -H 'content-type: application/json' \\\n  -d {}",
                self::quoted(&format!("{body:#}"))
            );
        }
        Some(Encoding::Form) => {
            for (name, value) in body.as_object().into_iter().flatten() {
                let part = match value.get("name").and_then(Value::as_str) {
                    Some(file) => format!("{name}=@{file}"),
                    None => format!("{name}={}", value.as_str().unwrap_or_default()),
                };
                let _ = write!(text, " \\\n  -F {}", self::quoted(&part));
            }
        }
        None => {}
    }
    text
}

/// The call by name.
fn command(item: Item<'_>, example: &CallExample) -> String {
    let mut parameters = example.parameters.clone();
    for value in parameters.as_object_mut().into_iter().flat_map(|all| all.values_mut()) {
        // A file is given by its path.
        if let Some(file) = value.get("base64").and_then(|_| value.get("name")).and_then(Value::as_str) {
            *value = Value::from(format!("@{file}"));
        }
    }
    let name = quoted(&item.operation.full_name);
    match parameters.as_object() {
        Some(all) if all.is_empty() => format!("dingtalk-storage api {name}"),
        _ => format!("dingtalk-storage api {name} --params {}", quoted(&format!("{parameters:#}"))),
    }
}

fn text_of<'a>(value: &'a Value, key: &str) -> &'a str {
    value.get(key).and_then(Value::as_str).unwrap_or_default()
}

fn encoded(text: &str) -> String {
    utf8_percent_encode(text, KEPT).to_string()
}

/// A word of the shell, whatever is in it.
fn quoted(text: &str) -> String {
    let is_plain = |c: char| c.is_ascii_alphanumeric() || "-_./:@=,".contains(c);
    if !text.is_empty() && text.chars().all(is_plain) {
        return text.to_owned();
    }
    format!("'{}'", text.replace('\'', "'\\''"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_word_stays_one_word() {
        assert_eq!(quoted("storage_v1.AddSpace"), "storage_v1.AddSpace");
        assert_eq!(quoted(""), "''");
        assert_eq!(quoted("it's $HOME"), "'it'\\''s $HOME'");
        assert_eq!(encoded("a b/ü&"), "a%20b%2F%C3%BC%26");
    }
}
