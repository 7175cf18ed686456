//! Pages that are cut, mixed up, or no pages at all.

use fastrand::Rng;

use crate::Api;
use crate::render::{FORMS, page};
use crate::sheet::sheets;

/// None of it may panic, and each line that is named has to exist.
#[test]
fn any_bytes_give_a_report() {
    let api = Api::read();
    let sheets = sheets(&api.spec);
    let seed = 7_011;
    let mut rng = Rng::with_seed(seed);
    for round in 0..420 {
        let sheet = &sheets[rng.usize(..sheets.len())];
        let form = FORMS[round % FORMS.len()];
        let mut bytes = page(sheet, form).into_bytes();
        for _ in 0..rng.usize(1..12) {
            mutate(&mut bytes, &mut rng);
        }
        let drift = api.drift(&form.file(&sheet.slug), &bytes);
        let lines = String::from_utf8_lossy(&bytes).lines().count().max(1);
        let named =
            drift.differences.iter().map(|each| each.page.line).chain(drift.page.unread.iter().map(|each| each.line));
        for line in named {
            assert!((1..=lines).contains(&line), "seed {seed}, round {round}: line {line} of {lines}");
        }
    }
    for bytes in
        [&b""[..], b"\0\0\0", b"\xff\xfe", b"| HTTP URL |", b"HTTP URL", b"---", b"```", b"|||||", "表".as_bytes()]
    {
        let _ = api.drift("x", bytes);
    }
}

fn mutate(bytes: &mut Vec<u8>, rng: &mut Rng) {
    if bytes.is_empty() {
        return;
    }
    let at = rng.usize(..bytes.len());
    match rng.u8(..7) {
        0 => bytes.truncate(at),
        1 => bytes[at] = rng.u8(..),
        2 => {
            bytes.remove(at);
        }
        3 => bytes.insert(at, *rng.choice(b"|-`*{}[]\"\\:\n#\xe3").unwrap()),
        4 => {
            let end = (at + rng.usize(..200)).min(bytes.len());
            bytes.drain(at..end);
        }
        5 => {
            let end = (at + rng.usize(..200)).min(bytes.len());
            let copy = bytes[at..end].to_vec();
            let to = rng.usize(..=bytes.len());
            bytes.splice(to..to, copy);
        }
        _ => bytes.rotate_left(at),
    }
}

/// A page with the same container thousands of times takes no time that grows without bounds.
#[test]
fn endless_tables_end() {
    let api = Api::read();
    let mut text =
        "| HTTP URL | https://api.dingtalk.com/v1.0/storage/spaces |\n| HTTP Method | POST |\nRequest body\n\
                    | Name | Type | Required | Description |\n|---|---|---|---|\n"
            .to_owned();
    for _ in 0..3_000 {
        text.push_str("| option | Object | No | More. |\n");
    }
    let drift = api.drift("add-space.txt", text.as_bytes());
    assert!(drift.page.unread.iter().any(|unread| unread.value.contains("too many rows")), "{:?}", drift.page.unread);
}
