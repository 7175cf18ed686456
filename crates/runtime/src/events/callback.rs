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
use serde_json::json;
use sha1::{Digest, Sha1};

use super::{Envelope, EventError, Payload};
use crate::decode::{Failure, Field, Object};
use crate::secret::Secret;
use crate::{Answer as _, repair};

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
        // Anybody can send a body: nothing of it is built before it is known whose it is.
        let encrypted = Sealed::decode(body).ok().and_then(|sealed| sealed.encrypt).filter(|text| !text.is_empty());
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
        let owner = String::from_utf8(text.get(end..)?.to_vec()).ok()?;
        Some((legible(text.get(HEAD..end)?), owner))
    }
}

impl Key {
    /// The key and the initialization vector.
    fn parts(&self) -> (&[u8], &[u8]) {
        let (vector, _) = self.0.split_at(16);
        (&self.0, vector)
    }
}

/// What is read of the body of a push.
#[derive(Default)]
struct Sealed {
    encrypt: Option<String>,
}

impl Object for Sealed {
    fn field(&mut self, name: &str, value: Field<'_>) -> Result<(), Failure> {
        match name {
            "encrypt" => value.text(&mut self.encrypt),
            _ => value.skip(),
        }
    }
}

/// What is read of a message to tell checks from events.
#[derive(Default)]
struct Named {
    name: Option<String>,
}

impl Object for Named {
    fn field(&mut self, name: &str, value: Field<'_>) -> Result<(), Failure> {
        match name {
            "EventType" | "eventType" => value.text(&mut self.name),
            _ => value.skip(),
        }
    }
}

/// A message with its broken characters replaced: somebody's name in another encoding must not lose the event.
fn legible(message: &[u8]) -> String {
    if let Ok(message) = std::str::from_utf8(message) {
        return message.to_owned();
    }
    let mended = repair::mended(message, None);
    String::from_utf8_lossy(mended.as_deref().unwrap_or(message)).into_owned()
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
        let message = Named::decode(self.message.as_bytes()).unwrap_or_default();
        message.name.is_some_and(|name| {
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
mod tests;
