//! What to do about a value of the wrong kind: what a hurried person, or one who comes from another format, has written.

use serde_yaml::Value;

use crate::lookalike;
use crate::node::{Data, Node};
use crate::shape::{Shape, quoted_list};

/// Longer values are not repeated in a hint.
const LONGEST: usize = 40;

/// What to write in place of a value that is not of the shape.
pub(super) fn hint(node: &Node, shape: &Shape) -> Option<String> {
    match (shape.resolved(), &node.data) {
        (Shape::Bool, Data::Scalar { text, .. }) => boolean(text),
        (Shape::Integer { .. }, Data::Scalar { text, quoted }) => Some(integer(text, *quoted)),
        (Shape::Text, Data::Scalar { .. }) => Some("put it in quotes if it is meant as a text".to_owned()),
        (Shape::Text, Data::List(_)) => Some(one_text(node)),
        (Shape::Text, Data::Map(_)) => {
            Some("a text with `: ` in it, or that begins with `{`, has to be in quotes".to_owned())
        }
        (Shape::List { exactly: None, .. }, Data::Scalar { text, .. }) => Some(list(text)),
        (Shape::List { exactly: None, .. }, Data::Map(entries)) => {
            let names: Vec<&str> = entries.keys().map(String::as_str).collect();
            let bare = entries.values().all(|entry| entry.value.is_null());
            Some(list(&if bare { names.join(", ") } else { String::new() }))
        }
        (Shape::OneOf(values), Data::List(items)) => match items.as_slice() {
            [Node { data: Data::Scalar { text, .. }, .. }] if values.contains(text) => {
                Some(format!("write `{text}`, without brackets"))
            }
            _ => Some("write one of them, without brackets".to_owned()),
        },
        (Shape::OneOf(_), _) => Some("write one of these words".to_owned()),
        (Shape::Map { .. }, Data::Scalar { text, .. }) => Some(match text.split_once(' ') {
            Some((name, value)) if is_word(name) && value.starts_with(['[', '{']) => format!("write `{name}: {value}`"),
            _ => "write each name as a key, with `: ` and its value after it".to_owned(),
        }),
        (Shape::List { exactly: Some(_), .. } | Shape::Choice(_), Data::List(_)) => {
            Some("the elements of a list have one type: `[T]`, or `[any]` if they differ".to_owned())
        }
        (Shape::Struct(keys), Data::Scalar { text, .. }) => {
            let names: Vec<String> = keys.iter().map(|key| key.name.clone()).collect();
            let is_field = names.iter().any(|name| name == "type") && names.iter().any(|name| name == "doc");
            Some(if is_field && is_word(text) {
                format!("write `{{type: {}, doc: What it means.}}`", lookalike::folded(text))
            } else {
                format!("its keys are {}", quoted_list(&names))
            })
        }
        (Shape::Map { .. } | Shape::Struct(_), Data::List(_)) => {
            Some("write the names as keys, without `-` before them".to_owned())
        }
        _ => None,
    }
}

/// For a list in place of a text: either its brackets belong to the text, or there is one element too many.
fn one_text(node: &Node) -> String {
    let quotes = "a text that begins with `[` or `-` has to be in quotes";
    match &node.data {
        Data::List(items) if items.len() != 1 => format!("write one text, without brackets; {quotes}"),
        _ => quotes.to_owned(),
    }
}

/// The value that was meant, where that is certain.
pub(super) fn meant(node: &Node, shape: &Shape) -> Option<Value> {
    match (shape.resolved(), &node.data) {
        (Shape::Bool, Data::Scalar { text, .. }) => truth(text).map(Value::Bool),
        _ => None,
    }
}

fn boolean(text: &str) -> Option<String> {
    Some(format!("write `{}`, without quotes", truth(text)?))
}

fn truth(text: &str) -> Option<bool> {
    let text = lookalike::folded(text).to_lowercase();
    match text.trim().trim_end_matches([',', ';', '.']) {
        "yes" | "y" | "on" | "1" | "true" | "t" | "required" | "always" | "是" => Some(true),
        "no" | "n" | "off" | "0" | "false" | "f" | "optional" | "never" | "否" => Some(false),
        _ => None,
    }
}

fn integer(text: &str, quoted: bool) -> String {
    let plain = lookalike::folded(text);
    let plain = plain.trim();
    if quoted && plain.parse::<i64>().is_ok() {
        return format!("delete the quotes: `{plain}`");
    }
    let radix = [("0x", 16), ("0o", 8), ("0b", 2)]
        .into_iter()
        .find_map(|(prefix, radix)| i64::from_str_radix(plain.to_lowercase().strip_prefix(prefix)?, radix).ok());
    if let Some(number) = radix {
        return format!("write it in decimal: `{number}`");
    }
    let digits: String = plain.chars().filter(|character| !matches!(character, ',' | '_' | ' ' | '\'')).collect();
    if let Ok(number) = digits.parse::<i64>() {
        return format!("write the digits alone: `{number}`");
    }
    if let Ok(number) = digits.parse::<f64>()
        && number.fract() == 0.0
        && number.abs() < 9e15
    {
        return format!("write `{number:.0}`");
    }
    let number: String = digits.chars().take_while(char::is_ascii_digit).collect();
    let unlimited = ["none", "unlimited", "no limit", "infinite", "n/a", "-", "∞"];
    if !number.is_empty() && !digits.contains('.') {
        format!("write the number alone, in the unit of the field: `{number}`")
    } else if unlimited.contains(&plain.to_lowercase().as_str()) {
        "delete the key where there is no limit".to_owned()
    } else {
        "write it in digits, without quotes".to_owned()
    }
}

/// One element, or several with commas, without the brackets.
fn list(text: &str) -> String {
    let plain = lookalike::folded(text);
    let elements = plain.trim().trim_matches(['[', ']', '(', ')', '{', '}']).split([',', ';', '|']);
    let elements: Vec<&str> = elements.map(|element| element.trim().trim_start_matches('-')).collect();
    let short = text.len() <= LONGEST && elements.iter().all(|element| is_word(element));
    if short {
        format!("write `[{}]`", elements.join(", "))
    } else {
        "write each element on a line of its own, with `- ` before it".to_owned()
    }
}

fn is_word(text: &str) -> bool {
    let text = lookalike::folded(text);
    let text = text.trim();
    !text.is_empty()
        && text.len() <= LONGEST
        && text.chars().all(|each| each.is_alphanumeric() || matches!(each, '.' | '-' | '_' | '[' | ']'))
}
