//! Conditions of requests for objects: only if it is still, or no longer, what the client knows.

use http::{HeaderMap, HeaderName, header};

use crate::clock::Time;

/// What the conditions of a request come to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Verdict {
    /// They hold, or there are none.
    Holds,
    /// The client has it already.
    NotModified,
    /// It is not what the client takes it for.
    Failed,
}

/// Holds the conditions of a request against an object. Where tags are given, times do not count, as RFC 9110 has it.
pub fn check(headers: &HeaderMap, etag: &str, modified: Time) -> Verdict {
    let text = |name: HeaderName| headers.get(name).and_then(|value| value.to_str().ok());
    // Times of headers have no parts of seconds.
    let modified = Time(modified.0 - modified.0.rem_euclid(1000));
    let time = |name: HeaderName| text(name).and_then(Time::from_header);
    let still = match text(header::IF_MATCH) {
        Some(tags) => has(tags, etag),
        None => time(header::IF_UNMODIFIED_SINCE).is_none_or(|since| modified <= since),
    };
    let known = match text(header::IF_NONE_MATCH) {
        Some(tags) => has(tags, etag),
        None => time(header::IF_MODIFIED_SINCE).is_some_and(|since| modified <= since),
    };
    match (still, known) {
        (false, _) => Verdict::Failed,
        (true, true) => Verdict::NotModified,
        (true, false) => Verdict::Holds,
    }
}

/// Whether a tag is in a list of them; the storage takes them without their quotes as well.
fn has(tags: &str, etag: &str) -> bool {
    tags.split(',').map(str::trim).any(|tag| {
        let tag = tag.strip_prefix("W/").unwrap_or(tag).trim_matches('"');
        tag == "*" || tag.eq_ignore_ascii_case(etag)
    })
}

#[cfg(test)]
mod tests {
    use http::HeaderValue;

    use super::*;

    #[test]
    fn conditions_are_those_of_the_standard() {
        let (early, late) = ("Thu, 01 Jan 2026 00:00:00 GMT", "Thu, 01 Jan 2026 00:00:05 GMT");
        let modified = Time(1_767_225_601_500);
        for (given, verdict) in [
            (&[][..], Verdict::Holds),
            (&[(header::IF_MATCH, "\"AB\"")], Verdict::Holds),
            (&[(header::IF_MATCH, "AB")], Verdict::Holds),
            (&[(header::IF_MATCH, "\"XY\", \"AB\"")], Verdict::Holds),
            (&[(header::IF_MATCH, "*")], Verdict::Holds),
            (&[(header::IF_MATCH, "\"XY\"")], Verdict::Failed),
            (&[(header::IF_NONE_MATCH, "\"AB\"")], Verdict::NotModified),
            (&[(header::IF_NONE_MATCH, "W/\"AB\"")], Verdict::NotModified),
            (&[(header::IF_NONE_MATCH, "\"XY\"")], Verdict::Holds),
            (&[(header::IF_MATCH, "\"XY\""), (header::IF_NONE_MATCH, "\"AB\"")], Verdict::Failed),
            (&[(header::IF_MODIFIED_SINCE, early)], Verdict::Holds),
            (&[(header::IF_MODIFIED_SINCE, late)], Verdict::NotModified),
            (&[(header::IF_MODIFIED_SINCE, "Thu, 01 Jan 2026 00:00:01 GMT")], Verdict::NotModified),
            (&[(header::IF_MODIFIED_SINCE, "yesterday")], Verdict::Holds),
            (&[(header::IF_MODIFIED_SINCE, late), (header::IF_NONE_MATCH, "\"XY\"")], Verdict::Holds),
            (&[(header::IF_UNMODIFIED_SINCE, early)], Verdict::Failed),
            (&[(header::IF_UNMODIFIED_SINCE, late)], Verdict::Holds),
        ] {
            let headers: HeaderMap =
                given.iter().map(|(name, value)| (name.clone(), HeaderValue::from_static(value))).collect();
            assert_eq!(check(&headers, "AB", modified), verdict, "{given:?}");
        }
    }
}
