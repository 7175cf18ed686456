//! Secrets in every form, at every place, and whole or cut.
#![allow(clippy::indexing_slicing, clippy::string_slice, reason = "tests fail by panicking")]

use std::time::{Duration, Instant};

use percent_encoding::utf8_percent_encode;

use super::*;

fn censor() -> Censor {
    Censor::new([String::new(), SECRET.to_owned()])
}

fn censored(text: &str) -> String {
    censor().text(text.to_owned(), false)
}

const SECRET: &str = "a+/=%25\\\"é x\n🙂";

fn percent(text: &str) -> String {
    utf8_percent_encode(text, NON_ALPHANUMERIC).to_string()
}

fn escaped(text: &str) -> String {
    serde_json::Value::from(text).to_string().trim_matches('"').to_owned()
}

#[test]
fn the_usual_forms_of_a_secret_are_hidden_and_the_rest_of_the_text_is_kept() {
    for form in [SECRET.to_owned(), percent(SECRET), escaped(SECRET)] {
        assert_eq!(censored(&format!("é{form}, {form}%")), "é***, ***%", "{form}");
    }
}

#[test]
fn a_secret_that_is_written_in_any_other_way_takes_the_text_with_it() {
    let forms = [
        percent(SECRET).to_ascii_lowercase(),
        percent(SECRET).replace("%20", "+").replace("%2F", "/"),
        "a+\\/=%25\\\\\\\"\\u00e9 x\\n\\ud83d\\ude42".to_owned(),
        "\\u0061\\u002B/=%25\\u005c\\u0022\\u00E9 x\\u000a🙂".to_owned(),
        escaped(&escaped(SECRET)),
        escaped(&escaped(&escaped(SECRET))),
        percent(&escaped(SECRET)),
        escaped(&percent(&escaped(SECRET))),
        percent(&percent(&percent(SECRET))),
    ];
    for form in forms {
        assert_eq!(censored(&format!("é{form}%")), "***", "{form}");
        assert!(censor().finds(format!("\\u{form}").as_bytes(), false), "{form}");
    }
}

#[test]
fn other_texts_stay_as_they_are() {
    for text in ["", "a+/=%25", "%", "\\", "\\u00", "\\ud83d", "%2", "a%2B%2F%3D%2525%5C%22%C3%A9", "\\\\u0061", "🙂"]
    {
        assert_eq!(censored(text), text);
    }
}

/// All ways to write a text in so many layers.
fn encodings(text: &str, layers: usize) -> Vec<String> {
    if layers == 0 {
        return vec![text.to_owned()];
    }
    let all_escaped = |text: &str| -> String {
        text.encode_utf16().flat_map(|unit| format!("\\u{unit:04X}").chars().collect::<Vec<_>>()).collect()
    };
    let outer = [percent(text), escaped(text), percent(text).replace("%20", "+"), all_escaped(text)];
    outer.into_iter().chain([text.to_owned()]).flat_map(|text| encodings(&text, layers - 1)).collect()
}

/// Whether anybody can read more than three characters of the secret's beginning.
fn shows_a_beginning(text: &[u8]) -> bool {
    decodings(text, true).iter().any(|text| text.windows(4).any(|part| SECRET.as_bytes().starts_with(part)))
}

#[test]
fn of_a_text_that_was_cut_anywhere_nothing_shows_in_any_encoding() {
    for form in encodings(SECRET, 2) {
        let text = format!("bad: {form}");
        for end in 5..=text.len() {
            let cut = &text.as_bytes()[..end];
            let shown = censor().bytes(cut, true);
            assert!(!shows_a_beginning(&shown), "{} of {text}: {}", cut.escape_ascii(), shown.escape_ascii());
        }
    }
}

#[test]
fn secrets_that_overlap_or_begin_alike_all_go() {
    let censor = Censor::new(["abcdef", "defghi", "abc", "abcdefghijk", "x"].map(str::to_owned));
    let cases = [
        ("-abcdefghi-", "-***-"),
        ("-abcdefghijkl-", "-***l-"),
        ("-abcdxef-", "-***d***ef-"),
        ("-abcabc-", "-******-"),
        ("ab", "ab"),
        ("x", "***"),
    ];
    for (text, expected) in cases {
        assert_eq!(censor.text(text.to_owned(), false), expected, "{text}");
    }
    assert_eq!(censor.text("-defg".to_owned(), true), "-***");
    assert_eq!(censor.text("-defg".to_owned(), false), "-defg");
    assert_eq!(censor.text("-def".to_owned(), true), "-def");
}

/// The least time of some runs, in which nothing else got in the way.
fn least_time(mut work: impl FnMut()) -> Duration {
    let time = |_| {
        let started = Instant::now();
        work();
        started.elapsed()
    };
    (0..9).map(time).min().unwrap_or_default()
}

#[test]
fn a_thousand_values_cost_a_bounded_time_whatever_the_text() {
    let ids: Vec<String> = (0..1000).map(|number| format!("dentry-uuid-{number:020}")).collect();
    let texts = [
        "a message without any of them. ".repeat(70),
        "dentry-uuid-0000000000000000".repeat(80),
        "dentry%2Duuid%252D%25252D+".repeat(80),
        "\\\\u005cu005c\\n%5Cu0064+".repeat(80),
        ids[..60].join(" "),
    ];
    // Unoptimized code takes some twenty times as long.
    let bound = Duration::from_millis(if cfg!(debug_assertions) { 50 } else { 1 });
    for text in texts {
        let took = least_time(|| {
            let censor = Censor::new(ids.iter().cloned());
            std::hint::black_box(censor.bytes(&text.as_bytes()[..2048.min(text.len())], true).len());
        });
        assert!(took <= bound, "{took:?} for {}", &text[..30]);
    }
}
