//! `multipart/form-data`, read strictly: what a careful server may refuse is refused.

use bytes::Bytes;

/// A part of a form.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Part {
    /// Its name.
    pub name: String,
    /// Name of the file, if it is one.
    pub file_name: Option<String>,
    /// What it holds.
    pub content: Bytes,
}

/// The parts of a body.
///
/// # Errors
///
/// What is wrong with it, in a sentence.
pub fn parts(content_type: Option<&str>, body: &Bytes) -> Result<Vec<Part>, String> {
    let boundary = boundary(content_type.unwrap_or_default())?;
    let opening = format!("--{boundary}");
    let between = format!("\r\n{opening}");
    let mut rest = body.strip_prefix(opening.as_bytes()).map(|rest| body.slice_ref(rest));
    let mut parts: Vec<Part> = Vec::new();
    loop {
        let Some(after) = rest else { return Err("a part does not begin with the boundary".to_owned()) };
        if after.starts_with(b"--") {
            let is_end = matches!(&after[..], b"--" | b"--\r\n");
            return if is_end { Ok(parts) } else { Err("something follows the last part".to_owned()) };
        }
        let Some(after) = after.strip_prefix(b"\r\n").map(|rest| body.slice_ref(rest)) else {
            return Err("something follows a boundary on its line".to_owned());
        };
        let end = position(&after, between.as_bytes()).ok_or("the last boundary is missing")?;
        let part = part(&after.slice(..end))?;
        if parts.iter().any(|other| other.name == part.name) {
            return Err(format!("there are two parts {}", part.name));
        }
        parts.push(part);
        rest = Some(after.slice(end + between.len()..));
    }
}

fn boundary(content_type: &str) -> Result<&str, String> {
    let (kind, parameters) = content_type.split_once(';').unwrap_or((content_type, ""));
    if !kind.trim().eq_ignore_ascii_case("multipart/form-data") {
        return Err(format!("the body is {content_type:?} and not multipart/form-data"));
    }
    let mut parameters = parameters.split(';').filter_map(|parameter| parameter.trim().split_once('='));
    let boundary = parameters.find(|(name, _)| name.eq_ignore_ascii_case("boundary")).map(|(_, value)| value);
    let boundary = boundary.map(|value| value.trim_matches('"')).filter(|value| (1..=70).contains(&value.len()));
    boundary.ok_or_else(|| "the type of the body names no boundary".to_owned())
}

fn part(bytes: &Bytes) -> Result<Part, String> {
    let end = position(bytes, b"\r\n\r\n").ok_or("a part has no end of its headers")?;
    let head = bytes.slice(..end);
    let head = std::str::from_utf8(&head).map_err(|_| "the headers of a part are not UTF-8")?;
    let mut disposition = None;
    for line in head.split("\r\n") {
        let (name, value) = line.split_once(':').ok_or_else(|| format!("{line:?} is no header of a part"))?;
        if name.eq_ignore_ascii_case("content-disposition") {
            disposition = Some(value.trim());
        } else if !name.eq_ignore_ascii_case("content-type") {
            return Err(format!("a part has the header {name}"));
        }
    }
    let disposition = disposition.ok_or("a part has no content-disposition")?;
    let parameters = disposition.strip_prefix("form-data").ok_or("a part is no form-data")?;
    let (mut name, mut file_name) = (None, None);
    for (key, value) in quoted(parameters)? {
        let place = match key {
            "name" => &mut name,
            "filename" => &mut file_name,
            other => return Err(format!("a part has the parameter {other}")),
        };
        *place = Some(value);
    }
    let name = name.ok_or("a part has no name")?;
    Ok(Part { name, file_name, content: bytes.slice(end + 4..) })
}

/// `; name="a"; filename="b"`, where `%22` and the like stand for what would end a text or its line.
fn quoted(mut rest: &str) -> Result<Vec<(&str, String)>, String> {
    let mut found = Vec::new();
    while let Some(parameter) = rest.strip_prefix("; ") {
        let broken = || format!("{parameter:?} is no parameter of a part");
        let (key, value) = parameter.split_once("=\"").ok_or_else(broken)?;
        let (value, after) = value.split_once('"').ok_or_else(broken)?;
        if value.contains('\\') || value.contains(|each: char| each.is_ascii_control()) {
            return Err(format!("the {key} of a part is not escaped"));
        }
        found.push((key, unescaped(value)));
        rest = after;
    }
    if rest.is_empty() { Ok(found) } else { Err(format!("{rest:?} follows the parameters of a part")) }
}

/// Only what has to be escaped is: `100%25.txt` is the name of a file.
fn unescaped(text: &str) -> String {
    let mut unescaped = String::with_capacity(text.len());
    let mut rest = text;
    while let Some((before, after)) = rest.split_once('%') {
        unescaped.push_str(before);
        let code = after.get(..2).and_then(|digits| u8::from_str_radix(digits, 16).ok()).map(char::from);
        let code = code.filter(|code| matches!(code, '"' | '\\') || code.is_ascii_control());
        unescaped.push(code.unwrap_or('%'));
        rest = if code.is_some() { after.get(2..).unwrap_or_default() } else { after };
    }
    unescaped.push_str(rest);
    unescaped
}

fn position(bytes: &[u8], wanted: &[u8]) -> Option<usize> {
    memchr::memmem::find(bytes, wanted)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a failed unwrap is a failed test")]

    use super::*;

    const TYPE: Option<&str> = Some("multipart/form-data; boundary=b");

    fn read(body: &'static str) -> Result<Vec<Part>, String> {
        parts(TYPE, &Bytes::from_static(body.as_bytes()))
    }

    #[test]
    fn parts_have_names_and_contents() {
        let body = "--b\r\ncontent-disposition: form-data; name=\"type\"\r\n\r\nfile\r\n--b\r\n\
                    content-disposition: form-data; name=\"media\"; filename=\"a%22%0D%0A 报告 100%25.txt\"\r\n\
                    content-type: text/plain\r\n\r\n--a\r\n-- b\r\n\r\n--b--\r\n";
        let parts = read(body).unwrap();
        let [kind, media] = parts.as_slice() else { panic!("{parts:?}") };
        assert_eq!((kind.name.as_str(), &kind.content[..], &kind.file_name), ("type", &b"file"[..], &None));
        assert_eq!(media.file_name.as_deref(), Some("a\"\r\n 报告 100%25.txt"));
        assert_eq!(&media.content[..], b"--a\r\n-- b\r\n");
    }

    #[test]
    fn what_is_no_form_is_refused() {
        assert!(parts(None, &Bytes::new()).unwrap_err().contains("not multipart/form-data"));
        assert!(parts(Some("multipart/form-data"), &Bytes::new()).unwrap_err().contains("no boundary"));
        let name = "--b\r\ncontent-disposition: form-data; name=\"a\"\r\n\r\n";
        for (body, reason) in [
            ("", "does not begin"),
            ("--b\r\n\r\n", "last boundary"),
            ("--b\r\nx\r\n\r\n\r\n--b--", "no header"),
            ("--b\r\ncontent-disposition: form-data; name=\"a\\\"\r\n\r\n\r\n--b--", "not escaped"),
            ("--b\r\ncontent-disposition: form-data; name=\"a\"b\"\r\n\r\n\r\n--b--", "follows the parameters"),
            ("--b--x", "follows the last part"),
        ] {
            let error = read(body).unwrap_err();
            assert!(error.contains(reason), "{body:?}: {error}");
        }
        let twice = format!("{name}1\r\n{name}2\r\n--b--");
        assert!(parts(TYPE, &twice.into()).unwrap_err().contains("two parts a"));
    }
}
