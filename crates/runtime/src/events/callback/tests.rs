#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "tests fail by panicking")]
use serde_json::Value;

use super::*;

const KEY: &str = "1234567890123456789012345678901234567890123";

fn callback() -> Callback {
    Callback::new("123456", KEY, "dingsnotzck6pm5veliw").unwrap()
}

fn sealed(callback: &Callback, message: &str) -> (String, Vec<u8>) {
    let encrypted = callback.encrypted("0123456789abcdef", message);
    let signature = callback.signature("1614767836", "A7Co", &encrypted);
    let query = format!("msg_signature={signature}&signature=x&timestamp=1614767836&nonce=A7Co");
    (query, json!({ "encrypt": encrypted }).to_string().into_bytes())
}

/// The example of the page about the configuration of pushes.
#[test]
fn the_documented_example_is_read() {
    let encrypted = "YvkvaGe4hQxd3VxRmEty0dVlnCOAqwf56xwTRHDHoOURqhalbmBJQk5FNcRk42Gl5T0YQXZNwpwWSm1xAFJ5ZA==";
    let query = "signature=9a95a004dd16f5c307e849b994173f76aa26e5eb&timestamp=1614767836&nonce=A7Co0cJLMzIDtMMI";
    let push = callback().open(query, json!({ "encrypt": encrypted }).to_string().as_bytes()).unwrap();
    assert_eq!(push.message(), "success");
}

#[test]
fn pushes_are_opened_and_answered_with_an_encrypted_success() {
    for length in [0, 11, 12, 13, 31, 32, 1000] {
        let message = "文".repeat(length);
        let (query, body) = sealed(&callback(), &message);
        assert_eq!(callback().open(&format!("?{query}"), &body).unwrap().message(), message);
    }
    let answer: Value = serde_json::from_str(&callback().success()).unwrap();
    let part = |name: &str| answer.get(name).and_then(Value::as_str).unwrap();
    let query =
        format!("msg_signature={}&timestamp={}&nonce={}", part("msg_signature"), part("timeStamp"), part("nonce"));
    assert_eq!(callback().open(&query, answer.to_string().as_bytes()).unwrap().message(), "success");
    assert_ne!(callback().success(), callback().success());
}

#[test]
fn checks_of_the_address_are_told_from_events() {
    for name in ["check_url", "check_create_suite_url", "storage_dentry_create"] {
        let (query, body) = sealed(&callback(), &json!({ "EventType": name }).to_string());
        assert_eq!(callback().open(&query, &body).unwrap().is_check(), name.starts_with("check"));
    }
}

#[test]
fn what_is_not_for_this_app_is_refused_for_what_is_wrong_with_it() {
    let (query, body) = sealed(&callback(), "{}");
    let opened = |callback: &Callback, query: &str, body: &[u8]| callback.open(query, body).unwrap_err();
    let other = |token, key, owner| Callback::new(token, key, owner).unwrap();
    let owner = "dingsnotzck6pm5veliw";
    assert_eq!(opened(&other("another", KEY, owner), &query, &body), CallbackError::Signature);
    assert_eq!(opened(&other("123456", KEY, "another"), &query, &body), CallbackError::Owner);
    let wrong = other("123456", "abcdefghijABCDEFGHIJ0123456789abcdefghijABC", owner);
    assert_eq!(opened(&wrong, &query, &body), CallbackError::Undecryptable);
    assert_eq!(opened(&callback(), &query, b"{}"), CallbackError::NotEncrypted);
    assert_eq!(opened(&callback(), &query, br#"{"EventType":"check_url"}"#), CallbackError::NotEncrypted);
    assert_eq!(opened(&callback(), "", &body), CallbackError::Parameter("msg_signature"));
    let without = query.replace("nonce", "once");
    assert_eq!(opened(&callback(), &without, &body), CallbackError::Parameter("nonce"));
    for (place, _) in query.char_indices().filter(|(_, sign)| sign.is_ascii_digit()) {
        let mut broken = query.clone().into_bytes();
        if let Some(byte) = broken.get_mut(place) {
            *byte = if *byte == b'0' { b'1' } else { b'0' };
        }
        assert_eq!(opened(&callback(), std::str::from_utf8(&broken).unwrap(), &body), CallbackError::Signature);
    }
    assert_eq!(Callback::new("ab", KEY, owner).unwrap_err(), CallbackError::Token);
    for key in ["", "short", &format!("{KEY}="), "!234567890123456789012345678901234567890123"] {
        assert_eq!(Callback::new("123456", key, owner).unwrap_err(), CallbackError::AesKey);
    }
    let shown = format!("{:?}", callback());
    assert!(!shown.contains("123456") && !shown.contains("49"), "{shown}");
}

/// A push with whatever plain bytes, signed.
fn signed(bytes: &[u8]) -> (String, Vec<u8>) {
    let callback = callback();
    let (key, vector) = callback.key.parts();
    let cipher = cbc::Encryptor::<Aes256>::new_from_slices(key, vector).unwrap();
    let encrypted = STANDARD.encode(cipher.encrypt_padded_vec::<NoPadding>(bytes));
    let signature = callback.signature("1", "n", &encrypted);
    let query = format!("signature={signature}&timestamp=1&nonce=n");
    (query, json!({ "encrypt": encrypted }).to_string().into_bytes())
}

const OWNER: &str = "dingsnotzck6pm5veliw";

#[test]
fn only_what_is_whole_is_opened_whatever_its_lengths_and_paddings_say() {
    let mut opened = 0;
    for message in [0_usize, 1, 11, 12, 13, 27, 28, 29, 44] {
        for padding in (0..=34).chain([48, 127, 128, u8::MAX]) {
            for length in [0, 1, message.wrapping_sub(1), message, message + 1, 1 << 31, usize::MAX] {
                let length = u32::try_from(length).unwrap_or(u32::MAX);
                let mut text =
                    [&[b'r'; 16][..], &length.to_be_bytes(), &b"m".repeat(message), OWNER.as_bytes()].concat();
                // To whole blocks, with what the last byte says or not.
                text.resize((text.len() + usize::from(padding)).next_multiple_of(16).max(16), padding);
                let is_padded = text.len() == HEAD + message + OWNER.len() + usize::from(padding);
                let is_good = is_padded && (1..=32).contains(&padding) && usize::try_from(length).unwrap() == message;
                let (query, body) = signed(&text);
                let result = callback().open(&query, &body);
                assert_eq!(result.is_ok(), is_good, "{message} {padding} {length} {result:?}");
                opened += u32::from(is_good);
            }
        }
    }
    // Two paddings up to 32 fill the last block; messages of 0 and 1 have their length in the list twice.
    assert_eq!(opened, 2 * 11);
}

#[test]
fn no_bytes_break_the_reader_and_none_that_were_changed_are_opened() {
    for seed in 0..5_000 {
        let mut random = fastrand::Rng::with_seed(seed);
        let length = random.usize(..200);
        let bytes: Vec<u8> = std::iter::repeat_with(|| random.u8(..)).take(length).collect();
        // Signed rubbish.
        let (query, body) = signed(bytes.get(..length / 16 * 16).unwrap());
        assert!(callback().open(&query, &body).is_err(), "seed {seed}");
        // A good push with some bytes of its query and body changed, cut or repeated.
        let (query, body) = sealed(&callback(), "{\"EventType\":\"check_url\"}");
        let mut parts = [query.into_bytes(), body];
        for _ in 0..random.usize(1..4) {
            let part = &mut parts[random.usize(..2)];
            let place = random.usize(..part.len().max(1)).min(part.len());
            match random.u8(..4) {
                0 => part.truncate(place),
                1 => part.extend_from_within(place..),
                2 => drop(part.splice(place..place, [random.u8(..)])),
                _ => part.iter_mut().skip(place).take(1).for_each(|byte| *byte = random.u8(..)),
            }
        }
        let [query, body] = &parts;
        if let Ok(push) = callback().open(&String::from_utf8_lossy(query), body) {
            // What does not count was changed: nothing else can be opened.
            assert_eq!(push.message(), "{\"EventType\":\"check_url\"}", "seed {seed}");
        }
    }
}

#[test]
fn a_message_with_a_broken_character_is_opened() {
    for name in [&b"\xc4\xe3\xba\xc3"[..], b"a\xff", b"\xe4\xb8"] {
        let message = [b"{\"EventType\":\"check_url\",\"name\":\"", name, b"\"}"].concat();
        let length = u32::try_from(message.len()).unwrap().to_be_bytes();
        let mut text = [&[b'r'; 16][..], &length, &message, OWNER.as_bytes()].concat();
        let padding = BLOCK - text.len() % BLOCK;
        text.resize(text.len() + padding, u8::try_from(padding).unwrap());
        let (query, body) = signed(&text);
        assert!(callback().open(&query, &body).unwrap().is_check());
    }
}
