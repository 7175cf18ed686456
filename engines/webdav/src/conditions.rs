//! Conditions of requests, held against how they are written: the protocol's library passes over what it cannot read, and
//! would do without the condition what was asked for under it.

use http::Uri;
use http::header::{self, HeaderMap, HeaderValue};

/// Headers that decide what is done. Of two, the library reads one or none.
const SINGLE: [&str; 8] =
    ["destination", "overwrite", "depth", "if", "lock-token", "if-match", "if-none-match", "if-unmodified-since"];

/// What is wrong with the headers that decide what is done; none if nothing is.
pub fn unreadable(headers: &HeaderMap) -> Option<String> {
    if let Some(name) = SINGLE.iter().find(|name| headers.get_all(**name).iter().count() > 1) {
        return Some(format!("there are several headers {name}: write all into one"));
    }
    let is = |name: &str, check: fn(&str) -> bool| {
        headers.get(name).map_or(Ok(""), HeaderValue::to_str).is_ok_and(|text| text.is_empty() || check(text))
    };
    if !is("depth", |text| matches!(text, "0" | "1") || text.eq_ignore_ascii_case("infinity")) {
        return Some("Depth is neither 0 nor 1 nor infinity".to_owned());
    }
    if !is("if", is_if) {
        return Some(
            "If is no list of conditions, or one of them is about a URL that is not written in full".to_owned(),
        );
    }
    let tags = [header::IF_MATCH, header::IF_NONE_MATCH];
    let wrong = tags.iter().find(|name| !is(name.as_str(), are_tags))?;
    Some(format!("{wrong} is neither * nor a list of entity tags in quotes"))
}

/// Lists of conditions, each of which may be about a URL before it (RFC 4918, 10.4.2).
fn is_if(mut text: &str) -> bool {
    let mut lists = 0;
    while !text.trim().is_empty() {
        if let Some((url, rest)) = enclosed(text, '<', '>') {
            let is_full = url.parse::<Uri>().is_ok_and(|url| url.authority().is_some());
            if !is_full || !rest.trim_start().starts_with('(') {
                return false;
            }
            text = rest;
        }
        let Some(rest) = after_list(text) else { return false };
        (text, lists) = (rest, lists + 1);
    }
    lists > 0
}

/// What follows a list of conditions.
fn after_list(text: &str) -> Option<&str> {
    let (mut text, mut conditions) = (text.trim_start().strip_prefix('(')?.trim_start(), 0);
    loop {
        if let Some(rest) = text.strip_prefix(')') {
            return (conditions > 0).then_some(rest);
        }
        let positive = text.strip_prefix("Not").map_or(text, str::trim_start);
        let (_, rest) = enclosed(positive, '<', '>').or_else(|| enclosed(positive, '[', ']'))?;
        (text, conditions) = (rest.trim_start(), conditions + 1);
    }
}

/// What stands between two characters, and what follows.
fn enclosed(text: &str, open: char, close: char) -> Option<(&str, &str)> {
    text.trim_start().strip_prefix(open)?.split_once(close)
}

fn are_tags(text: &str) -> bool {
    let is_tag = |tag: &str| {
        let quoted = tag.trim().trim_start_matches("W/").strip_prefix('"').and_then(|tag| tag.strip_suffix('"'));
        quoted.is_some_and(|tag| !tag.contains('"'))
    };
    text.trim() == "*" || text.split(',').all(is_tag)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_no_condition_is_known() {
        for good in ["(<a:b>)", "(<a:b> [\"1\"]) (Not <c:d>)", "<http://h/x> (<a:b>)(<c:d>) <http://h/y> ([W/\"1\"])"] {
            assert!(is_if(good), "{good}");
        }
        for bad in ["garbage", "()", "(<a:b>", "(<a:b", "</x> (<a:b>)", "<http://h/x>", "(<a:b>) x", "(Not)", "(a:b)"] {
            assert!(!is_if(bad), "{bad}");
        }
        assert!(are_tags("*") && are_tags("\"1\", W/\"2\"") && !are_tags("1") && !are_tags("\"1\" \"2\""));
    }
}
