//! Pushes over HTTP: signed, encrypted, and answered in the same way.
//!
//! What is encrypted, with AES-256 in CBC mode, is
//!
//! ```text
//! 16 random bytes, length of the message in 4 bytes, message, owner, padding to a multiple of 32 bytes
//! ```
//!
//! The key is the base64 of 43 characters, and its first half is the initialization vector. The signature is the SHA-1
//! of token, timestamp, nonce and encrypted text, sorted and joined.

use std::fmt;
use std::time::SystemTime;

use aes::Aes256;
use aes::cipher::block_padding::NoPadding;
use aes::cipher::{BlockModeDecrypt, BlockModeEncrypt, KeyIvInit};
use base64::Engine;
use base64::alphabet::STANDARD as ALPHABET;
use base64::engine::DecodePaddingMode;
use base64::engine::general_purpose::{GeneralPurpose, GeneralPurposeConfig, STANDARD};
use serde_json::{Value, json};
use sha1::{Digest, Sha1};

use super::{Envelope, EventError, Payload, text};
use crate::secret::Secret;

/// Bytes that messages are padded to a multiple of.
const BLOCK: usize = 32;
const RANDOM: usize = 16;
/// Bytes before the message: random ones and its length.
const HEAD: usize = RANDOM + 4;
const KEY_LENGTH: usize = 43;

/// What opens the pushes of an app over HTTP and makes the answers to them, with what the developer console shows.
///
/// ```
/// # use dingtalk_runtime::events::{Callback, CallbackError, Envelope, Payload};
/// # fn handle<P: Payload>(_: &Envelope<P>) -> Result<(), CallbackError> { Ok(()) }
/// /// Gives the body of the answer. Where it is an error, answer with HTTP status 500: the push will come again.
/// fn on_push<P: Payload>(callback: &Callback, query: &str, body: &[u8]) -> Result<String, CallbackError> {
///     let push = callback.open(query, body)?;
///     // The console checks the address by a push that is no event, and waits for the same answer.
///     if !push.is_check() {
///         handle(&push.event::<P>()?)?;
///     }
///     // Only now: what was not accepted comes again, and what comes twice has the same id.
///     Ok(callback.success())
/// }
/// ```
///
/// The server waits about a second and a half for the answer, so put what takes longer into a queue that lasts.
///
/// [Documentation](https://open.dingtalk.com/document/development/receive-callback-message)
#[derive(Debug, Clone)]
pub struct Callback {
    token: Secret,
    key: Key,
    owner: String,
}

#[derive(Clone)]
struct Key([u8; 32]);

impl fmt::Debug for Key {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("..")
    }
}

/// A push that was signed by the server and has been decrypted.
#[derive(Clone, PartialEq, Eq)]
pub struct Push {
    message: String,
}

/// Why a push cannot be opened. It shows no value of the push.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum CallbackError {
    /// The token is not one of the console's.
    Token,
    /// The key is not one of the console's.
    AesKey,
    /// The query of the request lacks this parameter.
    Parameter(&'static str),
    /// The body has nothing encrypted in it.
    NotEncrypted,
    /// The signature is not that of the app's token.
    Signature,
    /// It was encrypted with another key, or for no one.
    Undecryptable,
    /// It was encrypted for another owner.
    Owner,
    /// What was decrypted is no event that can be read.
    Event(EventError),
}

impl fmt::Display for CallbackError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(match self {
            Self::Token => "the token is none of the developer console; it has 3 to 32 letters and digits",
            Self::AesKey => "the aes_key is none of the developer console; it has 43 letters and digits",
            Self::Parameter(name) => {
                return write!(formatter, "the query lacks {name}; pass the query of the request as it came");
            }
            Self::NotEncrypted => "the body has no text in encrypt; is it the body of the request, as it came?",
            Self::Signature => {
                "the signature is wrong: it is no push of DingTalk, or the token is not that of the developer console"
            }
            Self::Undecryptable => "it cannot be decrypted; check that the aes_key is that of the developer console",
            Self::Owner => {
                "it is for another owner: that is the Client ID of the app for events of the console, the id of the \
                 organization for those that were registered by a call, or the suite key of a third-party app"
            }
            Self::Event(error) => return error.fmt(formatter),
        })
    }
}

impl std::error::Error for CallbackError {}

impl From<EventError> for CallbackError {
    fn from(error: EventError) -> Self {
        Self::Event(error)
    }
}

impl Callback {
    /// `token` and `aes_key` are those of the developer console. The owner is the Client ID of an internal app, for
    /// events that were registered by a call the id of its organization, and the suite key of a third-party app.
    pub fn new(
        token: impl Into<String>,
        aes_key: impl AsRef<str>,
        owner: impl Into<String>,
    ) -> Result<Self, CallbackError> {
        let token = token.into();
        if !(3..=32).contains(&token.len()) || !token.bytes().all(|byte| byte.is_ascii_alphanumeric()) {
            return Err(CallbackError::Token);
        }
        Ok(Self { token: Secret::new(token), key: key(aes_key.as_ref())?, owner: owner.into() })
    }

    /// Checks the signature of a push and decrypts it: the query of the request's URL, and its body.
    ///
    /// A push that was caught and sent again passes; its event has the id that it had.
    pub fn open(&self, query: &str, body: &[u8]) -> Result<Push, CallbackError> {
        let signature = parameter(query, &["msg_signature", "signature"])?;
        let (timestamp, nonce) = (parameter(query, &["timestamp", "timeStamp"])?, parameter(query, &["nonce"])?);
        let body = serde_json::from_slice::<Value>(body).ok();
        let encrypted = body.as_ref().and_then(|body| text(body.as_object()?, &["encrypt"]));
        let encrypted = encrypted.ok_or(CallbackError::NotEncrypted)?;
        if !is_same(&self.signature(&timestamp, &nonce, &encrypted), &signature) {
            return Err(CallbackError::Signature);
        }
        let (message, owner) = self.decrypted(&encrypted).ok_or(CallbackError::Undecryptable)?;
        if owner != self.owner {
            return Err(CallbackError::Owner);
        }
        Ok(Push { message })
    }

    /// The body of the answer that accepts a push, with HTTP status 200 and `Content-Type: application/json`.
    #[must_use]
    pub fn success(&self) -> String {
        let now = SystemTime::UNIX_EPOCH.elapsed().unwrap_or_default().as_millis().to_string();
        let nonce: String = std::iter::repeat_with(fastrand::alphanumeric).take(16).collect();
        let random: String = std::iter::repeat_with(fastrand::alphanumeric).take(RANDOM).collect();
        let encrypted = self.encrypted(&random, "success");
        let signature = self.signature(&now, &nonce, &encrypted);
        json!({ "msg_signature": signature, "timeStamp": now, "nonce": nonce, "encrypt": encrypted }).to_string()
    }

    /// Signature of an encrypted text, in hexadecimal digits.
    fn signature(&self, timestamp: &str, nonce: &str, encrypted: &str) -> String {
        use fmt::Write as _;
        let mut parts = [self.token.expose(), timestamp, nonce, encrypted];
        parts.sort_unstable();
        Sha1::digest(parts.concat()).iter().fold(String::with_capacity(40), |mut digits, byte| {
            // Writing to a text cannot fail.
            let _ = write!(digits, "{byte:02x}");
            digits
        })
    }

    fn encrypted(&self, random: &str, message: &str) -> String {
        let length = u32::try_from(message.len()).unwrap_or(u32::MAX).to_be_bytes();
        let mut text = [random.as_bytes(), &length, message.as_bytes(), self.owner.as_bytes()].concat();
        let padding = BLOCK - text.len() % BLOCK;
        text.extend(std::iter::repeat_n(u8::try_from(padding).unwrap_or_default(), padding));
        let (key, vector) = self.key.parts();
        let Ok(cipher) = cbc::Encryptor::<Aes256>::new_from_slices(key, vector) else { return String::new() };
        STANDARD.encode(cipher.encrypt_padded_vec::<NoPadding>(&text))
    }

    /// Message and owner.
    fn decrypted(&self, encrypted: &str) -> Option<(String, String)> {
        let bytes = STANDARD.decode(encrypted).ok()?;
        let (key, vector) = self.key.parts();
        let cipher = cbc::Decryptor::<Aes256>::new_from_slices(key, vector).ok()?;
        let text = cipher.decrypt_padded_vec::<NoPadding>(&bytes).ok()?;
        let padding = usize::from(*text.last()?);
        let text = text.get(..text.len().checked_sub(padding).filter(|_| (1..=BLOCK).contains(&padding))?)?;
        let length = u32::from_be_bytes(text.get(RANDOM..HEAD)?.try_into().ok()?);
        let end = HEAD.checked_add(usize::try_from(length).ok()?)?;
        let part = |bytes: &[u8]| String::from_utf8(bytes.to_vec()).ok();
        Some((part(text.get(HEAD..end)?)?, part(text.get(end..)?)?))
    }
}

impl Key {
    /// The key and the initialization vector.
    fn parts(&self) -> (&[u8], &[u8]) {
        let (vector, _) = self.0.split_at(16);
        (&self.0, vector)
    }
}

/// The last of 43 characters has bits that no byte needs; consoles and clients do not care about them.
fn key(text: &str) -> Result<Key, CallbackError> {
    let config = GeneralPurposeConfig::new()
        .with_decode_allow_trailing_bits(true)
        .with_decode_padding_mode(DecodePaddingMode::RequireNone);
    let bytes = GeneralPurpose::new(&ALPHABET, config).decode(text).ok().filter(|_| text.len() == KEY_LENGTH);
    bytes.and_then(|bytes| bytes.try_into().ok()).map(Key).ok_or(CallbackError::AesKey)
}

/// The first of these parameters that a query has.
fn parameter(query: &str, names: &[&'static str]) -> Result<String, CallbackError> {
    let query = query.strip_prefix('?').unwrap_or(query);
    let value = names.iter().find_map(|name| {
        let pairs = query.split('&').filter_map(|pair| pair.split_once('='));
        pairs.filter(|(found, _)| found == name).map(|(_, value)| value).next()
    });
    let value = value.and_then(|value| percent_encoding::percent_decode_str(value).decode_utf8().ok());
    let value = value.filter(|value| !value.is_empty());
    value.map(Into::into).ok_or(CallbackError::Parameter(names.first().copied().unwrap_or_default()))
}

/// Takes as long whatever differs.
fn is_same(one: &str, other: &str) -> bool {
    let difference = one.bytes().zip(other.bytes()).fold(0, |all, (one, other)| all | (one ^ other));
    one.len() == other.len() && difference == 0
}

impl Push {
    /// Whether the developer console checks the address: it waits for the usual answer, and there is no event.
    #[must_use]
    pub fn is_check(&self) -> bool {
        let message = serde_json::from_str::<Value>(&self.message).ok();
        let name = message.as_ref().and_then(|message| text(message.as_object()?, &["EventType", "eventType"]));
        name.is_some_and(|name| {
            matches!(name.as_str(), "check_url" | "check_create_suite_url" | "check_update_suite_url")
        })
    }

    /// The event.
    pub fn event<P: Payload>(&self) -> Result<Envelope<P>, EventError> {
        Envelope::from_http(self.message.as_bytes())
    }

    /// The message as it was decrypted, JSON.
    #[must_use]
    pub fn message(&self) -> &str {
        &self.message
    }
}

/// The message may tell of people and files.
impl fmt::Debug for Push {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_struct("Push").field("bytes", &self.message.len()).finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "tests fail by panicking")]
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
}
