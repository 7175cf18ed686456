//! A draft as YAML, in the order and form of the files of the spec.

use std::fmt::Write as _;

use dingtalk_storage_spec::schema_line;

use super::field::{NewEnum, NewField};
use super::{Draft, Texts};
use crate::yaml::{quoted, scalar};

/// The file of the operation.
pub(crate) fn operation(draft: &Draft, path: &str, texts: &Texts) -> String {
    let mut text = format!("{}\n", schema_line(path));
    let mut line = |key: &str, value: &str| {
        let _ = writeln!(text, "{key}: {value}");
    };
    line("operation", &draft.name);
    line("summary", &quoted(&texts.at(draft.line)));
    if let Some(slug) = &draft.slug {
        line("docs", &scalar(slug));
    }
    let apps = draft.apps.join(", ");
    let optional = [
        ("language", draft.chinese.then_some("zh")),
        ("http", Some(draft.http.as_str())),
        ("status", Some(if draft.legacy { "legacy" } else { "current" })),
        ("group", Some(draft.group.as_str())),
    ];
    for (key, value) in optional {
        if let Some(value) = value {
            line(key, value);
        }
    }
    if !apps.is_empty() {
        line("apps", &format!("[{apps}]"));
    }
    line("scope", draft.scope.as_deref().unwrap_or("unknown"));
    line("effect", draft.effect);
    let roles = [("token", draft.token), ("operator", draft.operator.as_deref()), ("page", draft.page.as_deref())];
    for (key, value) in roles.into_iter().chain([("task", draft.task.as_deref()), ("batch", draft.batch.as_deref())]) {
        if let Some(value) = value {
            line(key, value);
        }
    }
    text.push('\n');
    sections(draft, texts, &mut text);
    text
}

fn sections(draft: &Draft, texts: &Texts, text: &mut String) {
    let named = [("path", &draft.path), ("query", &draft.query), ("body", &draft.body), ("response", &draft.response)];
    for (key, fields) in named.into_iter().filter(|(_, fields)| !fields.is_empty()) {
        if key == "body" && draft.form {
            text.push_str("encoding: form\n");
        }
        let _ = writeln!(text, "{key}:");
        for line in fields.iter().flat_map(|field| self::field(field, texts)) {
            let _ = writeln!(text, "  {line}");
        }
    }
    if !draft.errors.is_empty() {
        text.push_str("errors:\n");
        for (status, codes) in &draft.errors {
            let codes: Vec<String> = codes.iter().map(|code| scalar(code)).collect();
            let _ = writeln!(text, "  {status}: [{}]", codes.join(", "));
        }
    }
}

/// A field with its attributes in braces, or in lines of their own where fields follow.
pub(crate) fn field(field: &NewField, texts: &Texts) -> Vec<String> {
    let attributes = attributes(field, texts);
    let name = scalar(&field.name);
    if field.children.is_empty() {
        return vec![format!("{name}: {}", in_braces(&attributes))];
    }
    let mut lines = vec![format!("{name}:")];
    lines.extend(attributes.iter().map(|(key, value)| format!("  {key}: {value}")));
    lines.push("  fields:".to_owned());
    let children = field.children.iter().flat_map(|child| self::field(child, texts));
    lines.extend(children.map(|line| format!("    {line}")));
    lines
}

/// The value of a field without fields.
pub(crate) fn value(field: &NewField, texts: &Texts) -> String {
    in_braces(&attributes(field, texts))
}

fn in_braces(attributes: &[(&str, String)]) -> String {
    let written: Vec<String> = attributes.iter().map(|(key, value)| format!("{key}: {value}")).collect();
    format!("{{{}}}", written.join(", "))
}

fn attributes(field: &NewField, texts: &Texts) -> Vec<(&'static str, String)> {
    let reference = field.reference.to_string();
    let flag = |set: bool| set.then(|| "true".to_owned());
    let all = [
        ("type", Some(reference).filter(|name| field.children.is_empty() || name != "object")),
        ("as", field.type_name.clone()),
        ("flatten", flag(field.flatten)),
        ("required", flag(field.required)),
        ("numeric", flag(field.numeric)),
        ("orList", flag(field.or_list)),
        ("default", field.default.clone()),
        ("max", field.max.map(|max| max.to_string())),
        ("rust", field.rust.clone()),
        ("doc", (!field.flatten).then(|| quoted(&texts.at(field.line)))),
    ];
    all.into_iter().filter_map(|(key, value)| Some((key, value?))).collect()
}

/// The file of enums that only this operation has.
pub(crate) fn enums(enums: &[NewEnum], path: &str, texts: &Texts) -> String {
    let mut text = format!("{}\ntypes:\n", schema_line(path));
    for new in enums {
        let _ = writeln!(text, "  {}:\n    doc: {}\n    values:", new.name, quoted(&texts.at(new.line)));
        for wire in &new.values {
            let _ = writeln!(text, "      {}: {}", scalar(wire), enum_value(wire, &texts.at(new.line)));
        }
    }
    text
}

/// A value of an enum. One that makes no name in Rust gets one.
pub(crate) fn enum_value(wire: &str, text: &str) -> String {
    if wire.starts_with(|first: char| first.is_ascii_alphabetic()) {
        return quoted(text);
    }
    let name: String = wire.chars().map(|each| if each.is_ascii_alphanumeric() { each } else { '_' }).collect();
    let sign = if wire.starts_with('-') { "Minus" } else { "" };
    let name = name.trim_matches('_');
    format!("{{rust: Value{sign}{name}, doc: {}}}", quoted(text))
}

/// An error code with what its name and status suggest. What a client would do by itself about a class is nothing to
/// guess: none of those that are sent again is among them.
pub(crate) fn error_code(code: &str, status: u16, text: &str) -> String {
    let lower = code.to_lowercase();
    let class = match status {
        500.. => "server",
        403 => "permission",
        404 => "missing",
        409 => "conflict",
        _ if lower.contains("notexist") || lower.contains("notfound") => "missing",
        _ if lower.contains("exist") || lower.contains("conflict") => "conflict",
        _ if lower.contains("notsupport") => "unsupported",
        _ if lower.contains("quota") => "capacity",
        _ => "parameter",
    };
    let text = quoted(text);
    format!("{{class: {class}, meaning: {text}, advice: {text}}}")
}
