//! Types as people write them who come from another language: `List<int64>`, `string[]`, `map[string]Thing`.

use crate::lookalike;

/// Deeper nesting is no type of any API.
const DEEPEST: usize = 8;

/// The type in our spelling, where the text is a type of another language.
pub(crate) fn translated(written: &str) -> Option<String> {
    let plain = lookalike::folded(written);
    let ours = expression(plain.trim().trim_matches(['"', '\'', '`']), DEEPEST)?;
    (ours != written).then_some(ours)
}

/// What to do about a name that is no type.
pub(crate) fn advice(written: &str) -> Option<String> {
    if written.starts_with(['[', '{']) && written.ends_with([']', '}']) {
        return Some(format!("delete the quotes: `{written}`"));
    }
    let plain = lookalike::folded(written);
    let name = plain.trim().trim_matches(['"', '\'', '`', '?']).to_lowercase();
    Some(match name.as_str() {
        "number" | "integer" | "int" | "short" | "byte" | "uint" => {
            "a whole number is an `int32` or an `int64`".to_owned()
        }
        "float" | "double" | "decimal" | "float32" | "float64" | "f32" | "f64" | "bigdecimal" => {
            "the format has no fractions: use `any`, or `string` if it is sent as a text".to_owned()
        }
        "array" | "list" | "set" | "vec" | "collection" | "slice" | "[]" => {
            "a list is written `[T]`, for example `[string]`".to_owned()
        }
        "map" | "dict" | "dictionary" | "hashmap" | "hash" | "record" | "{}" => {
            "a map is written `{string: T}`, for example `{string: int64}`".to_owned()
        }
        "enum" => "define an enum with its `values` in a file of `types/`, and name it here".to_owned(),
        "null" | "void" | "none" | "nil" | "undefined" => "delete the field: nothing is sent for it".to_owned(),
        "bytes" | "binary" | "blob" | "stream" => {
            "a part of a form is a `file`, a text with encoded bytes a `string`; other content goes through signed URLs"
                .to_owned()
        }
        _ => {
            let ours = translated(written)?;
            match built_in(&name) {
                Some("string") => "a text is a `string`".to_owned(),
                Some("int64") => "a whole number of 64 bits is an `int64`".to_owned(),
                Some("uint64") => "a whole number of 64 bits that is never negative is a `uint64`".to_owned(),
                Some("timestamp") => "a number of milliseconds since 1970 is a `timestamp`".to_owned(),
                Some("bool") => "`true` or `false` is a `bool`".to_owned(),
                Some("time") => "a point in time is a `time`".to_owned(),
                _ => format!("write `{ours}`"),
            }
        }
    })
}

fn expression(text: &str, depth: usize) -> Option<String> {
    let text = text.trim().trim_matches('?').trim();
    let depth = depth.checked_sub(1)?;
    if text.is_empty() {
        return None;
    }
    for null in ["| null", "| None", "| undefined", "|null"] {
        if let Some(inner) = text.strip_suffix(null) {
            return expression(inner, depth);
        }
    }
    if let Some(inner) = text.strip_suffix("[]").or_else(|| text.strip_prefix("[]")).or_else(|| without_length(text)) {
        return Some(format!("[{}]", expression(inner, depth)?));
    }
    if let Some(inner) = text.strip_prefix('[').and_then(|rest| rest.strip_suffix(']')) {
        return Some(format!("[{}]", expression(inner, depth)?));
    }
    if let Some((_, value)) = text.strip_prefix("map[").and_then(|rest| rest.split_once(']')) {
        return Some(format!("{{string: {}}}", expression(value, depth)?));
    }
    let lower = text.to_lowercase();
    for words in ["array of ", "list of ", "set of "] {
        if lower.starts_with(words) {
            return Some(format!("[{}]", expression(text.get(words.len()..)?, depth)?));
        }
    }
    match text.find(['<', '[']).filter(|_| text.ends_with(['>', ']'])) {
        Some(open) => generic(text.get(..open)?.trim(), text.get(open + 1..text.len() - 1)?, depth),
        None => name(text),
    }
}

/// `string[10]`
fn without_length(text: &str) -> Option<&str> {
    let (inner, length) = text.strip_suffix(']')?.rsplit_once('[')?;
    (!inner.is_empty() && !length.is_empty() && length.bytes().all(|each| each.is_ascii_digit())).then_some(inner)
}

/// `List<T>`, `Map<K, V>`, `Optional[T]`
fn generic(outer: &str, inner: &str, depth: usize) -> Option<String> {
    match outer.to_lowercase().as_str() {
        "list" | "array" | "set" | "vec" | "collection" | "iterable" | "sequence" | "seq" | "arraylist" | "slice" => {
            Some(format!("[{}]", expression(inner, depth)?))
        }
        "map" | "dict" | "dictionary" | "hashmap" | "record" | "object" | "btreemap" => {
            let value = inner.split_once(',').map_or(inner, |(_, value)| value);
            Some(format!("{{string: {}}}", expression(value, depth)?))
        }
        "option" | "optional" | "nullable" | "maybe" | "box" | "ref" => expression(inner, depth),
        _ => None,
    }
}

fn name(text: &str) -> Option<String> {
    let is_name = text.chars().all(|each| each.is_alphanumeric() || matches!(each, '_' | '-' | '.' | ' '));
    is_name.then(|| built_in(&text.to_lowercase()).unwrap_or(text).to_owned())
}

/// How other languages call the built-in types.
fn built_in(lowercase: &str) -> Option<&'static str> {
    Some(match lowercase {
        "str" | "text" | "string" | "char" | "varchar" | "uuid" | "guid" | "url" | "uri" | "email" | "charsequence" => {
            "string"
        }
        "int32" | "i32" | "u32" | "uint32" | "int16" | "u16" | "int8" | "u8" => "int32",
        "u64" | "uint64" | "usize" | "ulong" => "uint64",
        "timestamp" | "epoch" | "millis" | "milliseconds" => "timestamp",
        "int64" | "long" | "i64" | "bigint" | "biginteger" | "longint"
        // Without a size, the one that holds every number.
        | "int" | "integer" | "number" | "short" | "byte" | "uint" => "int64",
        "bool" | "boolean" => "bool",
        "time" | "date" | "datetime" | "date-time" | "date time" | "instant" | "localdatetime" => "time",
        "any" | "json" | "jsonobject" | "mixed" | "dynamic" | "unknown" | "interface{}" => "any",
        "object" => "object",
        "errorcode" => "errorCode",
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn types_of_other_languages_become_ours() {
        let cases = [
            ("int64[]", "[int64]"),
            ("string[][]", "[[string]]"),
            ("[]string", "[string]"),
            ("List<int64>", "[int64]"),
            ("List<Long>", "[int64]"),
            ("array<string>", "[string]"),
            ("Array<Array<Boolean>>", "[[bool]]"),
            ("list[Thing]", "[Thing]"),
            ("Map<String, Thing>", "{string: Thing}"),
            ("Map<String,List<Thing>>", "{string: [Thing]}"),
            ("map[string]Thing", "{string: Thing}"),
            ("Dict[str, int64]", "{string: int64}"),
            ("object[]", "[object]"),
            ("Optional[str]", "string"),
            ("Option<Vec<u64>>", "[uint64]"),
            ("string | null", "string"),
            ("Thing?", "Thing"),
            ("array of things", "[things]"),
            ("［string］", "[string]"),
            ("“string”", "string"),
            ("datetime", "time"),
            ("Boolean", "bool"),
            ("Thing[10]", "[Thing]"),
        ];
        for (written, ours) in cases {
            assert_eq!(translated(written).as_deref(), Some(ours), "{written}");
        }
    }

    #[test]
    fn what_is_no_type_stays_unknown() {
        for written in ["", "<>", "List<>", "a/b", "[[[[[[[[[[[[[x", "Thing", "Pair<A, B>"] {
            assert_eq!(translated(written), None, "{written}");
        }
    }
}
