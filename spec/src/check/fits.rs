//! Whether a value can stand for a type.

use serde_yaml::Value;

use crate::model::Field;
use crate::scalar::kind_name;

use super::Workspace;
use super::kind::Kind;

/// Why a value, or a part of it, does not fit.
pub(super) struct Misfit {
    /// Keys and numbers that lead from the value to the part.
    pub(super) path: Vec<String>,
    pub(super) problem: String,
    pub(super) help: Option<String>,
    /// Whether it is a matter of the limits of the field.
    pub(super) of_limits: bool,
}

/// Everything in a value that does not fit its field.
pub(super) fn misfits(value: &Value, field: &Field, workspace: &Workspace<'_>) -> Vec<Misfit> {
    let kind = Kind::of(field, workspace);
    let mut fits = Fits { workspace, path: Vec::new(), misfits: Vec::new() };
    match (&kind, value) {
        // The server may send such a map as a bare list.
        (Kind::Map(list), Value::Sequence(_)) if field.or_list => fits.value(value, list),
        _ => fits.value(value, &kind),
    }
    fits.range(value, field);
    fits.misfits
}

struct Fits<'w, 'a> {
    workspace: &'w Workspace<'a>,
    path: Vec<String>,
    misfits: Vec<Misfit>,
}

impl<'a> Fits<'_, 'a> {
    fn value(&mut self, value: &Value, kind: &Kind<'a>) {
        match (kind, value) {
            (Kind::Unknown | Kind::Any, _)
            | (Kind::Text | Kind::Id | Kind::Time | Kind::ErrorCode | Kind::File, Value::String(_))
            | (Kind::Bool, Value::Bool(_)) => {}
            (Kind::Int32 | Kind::Int64 | Kind::Uint64 | Kind::Time | Kind::Timestamp, Value::Number(number)) => {
                self.number(number, kind);
            }
            (Kind::Enum(values), Value::String(text)) => {
                if !values.contains_key(text) {
                    let help = self.workspace.did_you_mean(text, values).or_else(|| {
                        let some: Vec<String> = values.keys().take(12).map(|value| format!("`{value}`")).collect();
                        Some(format!(
                            "its values are {}{}",
                            some.join(", "),
                            if values.len() > 12 { ", …" } else { "" }
                        ))
                    });
                    self.misfit(format!("`{text}` is no value of the enum"), help);
                }
            }
            (Kind::List(inner), Value::Sequence(items)) => {
                for (index, item) in items.iter().enumerate() {
                    self.part(index.to_string(), item, inner);
                }
            }
            (Kind::Map(inner), Value::Mapping(map)) => {
                for (key, item) in map {
                    self.part(key.as_str().unwrap_or_default().to_owned(), item, inner);
                }
            }
            (Kind::Object(fields), Value::Mapping(map)) => {
                for (key, item) in map {
                    let key = key.as_str().unwrap_or_default();
                    self.path.push(key.to_owned());
                    if let Some(field) = fields.get(key) {
                        self.value(item, &Kind::of(field, self.workspace));
                    } else {
                        let help = self.workspace.did_you_mean(key, fields);
                        self.misfit(format!("the object has no field `{key}`"), help);
                    }
                    self.path.pop();
                }
            }
            _ => {
                let textual = matches!(kind, Kind::Text | Kind::Id | Kind::Enum(_) | Kind::Time | Kind::ErrorCode);
                let quotable = textual && matches!(value, Value::Number(_) | Value::Bool(_));
                let help = if quotable { Some("put it in quotes".to_owned()) } else { mend(kind, value) };
                self.misfit(format!("expected {}, found {}", kind.describe(), kind_name(value)), help);
            }
        }
    }

    fn part(&mut self, step: String, value: &Value, kind: &Kind<'a>) {
        self.path.push(step);
        self.value(value, kind);
        self.path.pop();
    }

    fn number(&mut self, number: &serde_yaml::Number, kind: &Kind<'_>) {
        match number.as_i64() {
            None => {
                let help = Some("write a whole number; the format has no fractions".to_owned());
                self.misfit(format!("{number} is no whole number of 64 bits"), help);
            }
            Some(number) if matches!(kind, Kind::Int32) && i32::try_from(number).is_err() => {
                self.misfit(format!("{number} is no number of 32 bits"), Some("an `int64` takes it".to_owned()));
            }
            Some(number) if matches!(kind, Kind::Uint64) && number < 0 => {
                self.misfit(format!("{number} is negative"), Some("an `int64` takes it".to_owned()));
            }
            Some(_) => {}
        }
    }

    /// The field's own limits.
    fn range(&mut self, value: &Value, field: &Field) {
        let (size, what) = match value {
            Value::Number(number) => match number.as_i64() {
                Some(number) => (number, "the number"),
                None => return,
            },
            // The limit of a file is about its bytes, and its example is a name.
            Value::String(_) if matches!(Kind::of(field, self.workspace), Kind::File) => return,
            Value::String(text) => (length(text.chars().count()), "the number of characters"),
            Value::Sequence(items) => (length(items.len()), "the number of elements"),
            Value::Mapping(map) => (length(map.len()), "the number of elements"),
            _ => return,
        };
        if let Some(max) = field.max.filter(|max| size > *max) {
            self.beyond(format!("{what} is {size}, but at most {max} is allowed"));
        }
        if let Some(min) = field.min.filter(|min| size < *min) {
            self.beyond(format!("{what} is {size}, but at least {min} is needed"));
        }
    }

    fn misfit(&mut self, problem: String, help: Option<String>) {
        self.misfits.push(Misfit { path: self.path.clone(), problem, help, of_limits: false });
    }

    fn beyond(&mut self, problem: String) {
        let help = Some("write one within the limits, or correct the limit".to_owned());
        self.misfits.push(Misfit { path: self.path.clone(), problem, help, of_limits: true });
    }
}

/// What to write in place of a value of another kind.
fn mend(kind: &Kind<'_>, value: &Value) -> Option<String> {
    match (kind, value) {
        (Kind::Int32 | Kind::Int64 | Kind::Uint64 | Kind::Timestamp, Value::String(text))
            if text.parse::<i64>().is_ok() =>
        {
            Some(format!("delete the quotes: `{text}`"))
        }
        (Kind::Bool, Value::String(text)) if matches!(text.as_str(), "true" | "false") => {
            Some(format!("delete the quotes: `{text}`"))
        }
        (Kind::List(_), Value::String(_) | Value::Number(_) | Value::Bool(_)) => {
            Some("a list stands in brackets: `[a, b]`".to_owned())
        }
        (Kind::Int32 | Kind::Int64 | Kind::Uint64, _) => Some("write a whole number".to_owned()),
        (Kind::Bool, _) => Some("write `true` or `false`".to_owned()),
        (Kind::Map(_) | Kind::Object(_), _) => Some("write its keys and values: `{key: value}`".to_owned()),
        (_, Value::Sequence(_)) => Some("write one value, without brackets".to_owned()),
        _ => None,
    }
}

fn length(count: usize) -> i64 {
    i64::try_from(count).unwrap_or(i64::MAX)
}
