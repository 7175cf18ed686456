//! Keys that the format does not have, and what was meant by them.

use std::ops::Range;

use serde_yaml::Value;

use super::Check;
use crate::codes::Code;
use crate::finding::Finding;
use crate::lookalike;
use crate::node::{Data, Entries, Entry, Node};
use crate::shape::{Key, Shape, quoted_list};
use crate::suggest::Names;
use crate::type_spelling;

/// So many findings in one map repeat what the map knows.
const LISTED: usize = 100;

/// The one key of a type that is a map.
const MAP_KEY: &str = "string";

/// The entry before an unknown key.
#[derive(Default)]
struct Before {
    key: Option<String>,
    /// Its text, where it is one.
    text: String,
    /// It was cut by a comma, which is reported already.
    cut: bool,
}

/// How other formats call what ours has another word for. The first of the words that a place knows is meant.
const OTHER_WORDS: &[(&str, &[&str])] = &[
    ("$ref", &["type"]),
    ("answer", &["response"]),
    ("description", &["doc", "summary", "meaning"]),
    ("desc", &["doc", "summary", "meaning"]),
    ("comment", &["doc"]),
    ("enum", &["values"]),
    ("maximum", &["max"]),
    ("maxitems", &["max"]),
    ("maxlength", &["max"]),
    ("minimum", &["min"]),
    ("minitems", &["min"]),
    ("name", &["operation", "family", "rust"]),
    ("notes", &["details", "quirks"]),
    ("operationid", &["operation"]),
    ("parameters", &["query"]),
    ("params", &["query"]),
    ("permission", &["scope"]),
    ("properties", &["fields"]),
    ("remarks", &["quirks"]),
    ("request", &["body"]),
    ("requestbody", &["body"]),
    ("responses", &["response"]),
    ("result", &["response"]),
    ("returns", &["response"]),
    ("tag", &["group"]),
    ("tags", &["group"]),
    ("url", &["http", "docs"]),
];

impl Check<'_> {
    /// Reports keys that the format does not have. A misspelt key takes the place of the one that was meant.
    pub(super) fn mend_unknown_keys(&mut self, entries: &mut Entries, keys: &[Key]) {
        let is_known = |name: &str| keys.iter().any(|key| key.name == name);
        if entries.keys().all(|name| is_known(name)) {
            return;
        }
        let names = Names::new(keys.iter().map(|key| key.name.as_str()));
        let list: Vec<String> = keys.iter().map(|key| key.name.clone()).collect();
        let known_here = format!("known here are {}", quoted_list(&list));
        let mut missing: Vec<&str> = keys.iter().map(|key| key.name.as_str()).collect();
        missing.retain(|name| !entries.contains_key(*name));
        let single = keys.len() == 1 && entries.len() == 1;
        let lacking = only_lacking(entries, keys);
        let mut listed = 0;
        let mut before = Before::default();
        for (name, entry) in std::mem::take(entries) {
            if is_known(&name) {
                before = Before { key: Some(name.clone()), text: text_of(&entry), cut: false };
                entries.insert(name, entry);
                continue;
            }
            if let Some((key, value)) = self.glued(&name, &entry, Some(&missing)) {
                missing.retain(|name| *name != key);
                before = Before { key: Some(key.clone()), text: text_of(&value), cut: false };
                entries.insert(key, value);
                continue;
            }
            if name == "<<" {
                let finding = Finding::new(
                    Code::YamlFeature,
                    self.place(entry.key_span),
                    "a merge key is not part of the format",
                );
                self.report(finding.help("write the keys out, as if there were no other map"));
                continue;
            }
            let meant = names.nearest_of(&name, |name| missing.contains(&name)).copied();
            let meant = meant.or_else(|| other_word(&name, &missing));
            let meant = meant.or_else(|| missing.first().copied().filter(|_| single));
            let meant = meant.or_else(|| lacking.filter(|key| is_meant(&entry, key)).map(|key| key.name.as_str()));
            let meant = meant.map(str::to_owned);
            if meant.is_none() && is_rest_of_a_text(&entry) {
                self.rest_of_a_text(&name, &entry, &before);
                before.cut = true;
                entries.insert(name, entry);
                continue;
            }
            let help = meant.as_ref().map(|meant| format!("did you mean `{meant}`?"));
            let help = help.or_else(|| names.did_you_mean(&name)).unwrap_or_else(|| {
                listed += 1;
                if listed <= LISTED { known_here.clone() } else { "delete it, or see the first of them".to_owned() }
            });
            let message = format!("the format has no key `{name}` here");
            self.report(Finding::new(Code::UnknownKey, self.place(entry.key_span.clone()), message).help(help));
            missing.retain(|name| Some(*name) != meant.as_deref());
            if meant.is_none() {
                self.mark_broken(&name);
            }
            let name = meant.unwrap_or(name);
            before = Before { key: Some(name.clone()), text: text_of(&entry), cut: false };
            entries.insert(name, entry);
        }
    }

    /// `type：string` and `type:string` are a key with its value, glued by something that is no colon with a space.
    /// Without names that are missing, any will do.
    fn glued(&mut self, name: &str, entry: &Entry, missing: Option<&[&str]>) -> Option<(String, Entry)> {
        if !entry.value.is_null() {
            return None;
        }
        let written = self.source.text.get(entry.key_span.clone())?;
        let (at, separator) = written.char_indices().find(|(_, character)| {
            matches!(character, ':' | '=' | ';') || matches!(lookalike::plain(*character), Some(":" | "=" | ";"))
        })?;
        let key = lookalike::folded(written.get(..at)?).trim().to_owned();
        let after = at + separator.len_utf8();
        let value = written.get(after..)?;
        if missing.is_some_and(|missing| !missing.contains(&key.as_str())) || value.trim().is_empty() {
            return None;
        }
        let value_start = entry.key_span.start + after + (value.len() - value.trim_start().len());
        let (span, message) = wrong_separator(entry.key_span.start + at, separator, value);
        let help = format!("write `{key}: {}`", lookalike::folded(value).trim());
        self.report(Finding::new(Code::UnknownKey, self.place(span), message).help(help));
        let key_span = entry.key_span.start..entry.key_span.start + at;
        // What was parsed as one text has no escapes, so the rest of it is as it stands in the file.
        let text = if written == name { value.trim().to_owned() } else { lookalike::folded(value).trim().to_owned() };
        let node = Node { span: value_start..entry.key_span.end, data: Data::Scalar { text, quoted: false } };
        Some((key, Entry { key_span, value: node }))
    }

    /// The same for keys that the author chooses.
    pub(super) fn mend_glued_keys(&mut self, entries: &mut Entries) {
        if !entries.values().any(|entry| entry.value.is_null()) {
            return;
        }
        for (name, entry) in std::mem::take(entries) {
            match self.glued(&name, &entry, None) {
                Some((key, value)) if !entries.contains_key(&key) => entries.insert(key, value),
                _ => entries.insert(name, entry),
            };
        }
    }

    /// A field with a typographic quote before or behind its name takes the place of the one without.
    pub(super) fn mend_quoted_names(&mut self, entries: &mut Entries) {
        if entries.keys().all(|name| name.is_ascii()) {
            return;
        }
        let is_quote =
            |c: char| matches!(lookalike::plain(c).unwrap_or_default(), "\"" | "'") || matches!(c, '"' | '\'');
        for (name, entry) in std::mem::take(entries) {
            let meant = name.trim_matches(is_quote);
            if meant == name || meant.is_empty() || entries.contains_key(meant) {
                entries.insert(name, entry);
                continue;
            }
            let message = format!("the field `{name}` has a quote in its name");
            let finding = Finding::new(Code::WireName, self.place(entry.key_span.clone()), message);
            self.report(finding.help(format!("write `{meant}`")));
            entries.insert(meant.to_owned(), entry);
        }
    }

    /// `{string, Thing}` and `{Thing}` where a type belongs.
    pub(super) fn set_in_place_of_a_map(&mut self, entries: &Entries, span: &Range<usize>) -> Option<Value> {
        let value = entries.keys().find(|name| *name != MAP_KEY).map_or("T", String::as_str);
        let help = format!("write `{{{MAP_KEY}: {value}}}` for a map of them, or the name alone for one");
        let message = format!("a map is written `{{{MAP_KEY}: T}}`");
        self.report(Finding::new(Code::WrongKind, self.place(span.clone()), message).help(help));
        None
    }

    /// Where a map belongs, `404：[notFound]` is a text, because no colon with a space is in it.
    pub(super) fn glued_text(&self, node: &Node, shape: &Shape) -> Option<(Range<usize>, String, String)> {
        let is_map = matches!(shape.resolved(), Shape::Map { .. } | Shape::Struct(_));
        let Data::Scalar { quoted: false, .. } = node.data else { return None };
        let written = self.source.text.get(node.span.clone()).filter(|_| is_map)?;
        let (at, separator) = written
            .char_indices()
            .find(|(_, character)| matches!(character, ':' | '=') || lookalike::plain(*character) == Some(":"))?;
        let key = lookalike::folded(written.get(..at)?).trim().to_owned();
        let value = written.get(at + separator.len_utf8()..)?;
        if key.is_empty() || key.contains(' ') || value.trim().is_empty() {
            return None;
        }
        let (span, message) = wrong_separator(node.span.start + at, separator, value);
        let first = lookalike::folded(value.lines().next().unwrap_or_default());
        Some((span, message, format!("write `{key}: {}`", first.trim())))
    }

    /// Inside `{}` a comma ends a text, and what follows looks like a key. That is one mistake, however many commas.
    fn rest_of_a_text(&mut self, name: &str, entry: &Entry, before: &Before) {
        if before.cut {
            return;
        }
        let message = format!("the format has no key `{name}` here");
        let whole = format!("{}, {name}", before.text);
        let of_type = (before.key.as_deref() == Some("type")).then(|| type_spelling::translated(&whole)).flatten();
        let is_number = |text: &str| !text.is_empty() && text.bytes().all(|each| each.is_ascii_digit());
        let help = match of_type {
            None if is_number(name) && is_number(&before.text) => {
                format!("if this is part of a number: write the digits alone, `{}{name}`", before.text)
            }
            Some(ours) => format!("if this is part of the type: write `{ours}`"),
            None => {
                "if this is part of a text: inside `{}` a comma ends the text, so put the text in quotes".to_owned()
            }
        };
        self.report(Finding::new(Code::UnknownKey, self.place(entry.key_span.clone()), message).help(help));
        if let Some(key) = &before.key {
            self.mark_broken(key);
        }
    }
}

/// Whether names without values stand where a type that is a map would have its key.
pub(super) fn is_set_in_place_of_a_map(entries: &Entries, keys: &[Key]) -> bool {
    let is_type = matches!(keys, [key] if key.name == MAP_KEY);
    is_type && !entries.is_empty() && entries.values().all(|entry| entry.value.is_null())
}

/// What stands between a key and its value, and what is wrong with it.
fn wrong_separator(start: usize, separator: char, value: &str) -> (Range<usize>, String) {
    let span = start..start + separator.len_utf8();
    match (separator, value.chars().next()) {
        (':', Some(next)) if lookalike::plain(next).is_some() => {
            (span.end..span.end + next.len_utf8(), lookalike::describe(next))
        }
        (':', _) => (span, "a space is missing after the colon".to_owned()),
        ('=' | ';', _) => (span, format!("a key is followed by `: `, not by `{separator}`")),
        _ => (span, lookalike::describe(separator)),
    }
}

/// The one key that has to be there and is not, if one key is unknown: that is what it means, then.
fn only_lacking<'a>(entries: &Entries, keys: &'a [Key]) -> Option<&'a Key> {
    let unknown = entries.keys().filter(|name| !keys.iter().any(|key| key.name == **name)).count();
    // Whatever has a type has to be documented, though the format as such does not demand it.
    let has_type = entries.contains_key("type");
    let mut lacking =
        keys.iter().filter(|key| (key.required || (has_type && key.name == "doc")) && !entries.contains_key(&key.name));
    lacking.next().filter(|_| unknown == 1 && lacking.next().is_none())
}

/// Whether the value of an unknown key is of the kind that a key has; a text of one word may be anything.
fn is_meant(entry: &Entry, key: &Key) -> bool {
    match (key.shape.resolved(), &entry.value.data) {
        (Shape::OneOf(values), Data::Scalar { text, .. }) => values.contains(text),
        (Shape::Text, Data::Scalar { text, .. }) => text.contains(' '),
        _ => false,
    }
}

fn other_word<'a>(name: &str, missing: &[&'a str]) -> Option<&'a str> {
    let name = name.to_lowercase();
    let (_, ours) = OTHER_WORDS.iter().find(|(word, _)| *word == name)?;
    ours.iter().find_map(|ours| missing.iter().copied().find(|name| name == ours))
}

/// Whether it stands in `{}` without a colon.
fn is_rest_of_a_text(entry: &Entry) -> bool {
    entry.value.is_null() && entry.value.span.start <= entry.key_span.end
}

fn text_of(entry: &Entry) -> String {
    match &entry.value.data {
        Data::Scalar { text, .. } => text.clone(),
        _ => String::new(),
    }
}
