//! News encrypted and signed, and the answers to it.
//!
//! What is encrypted, with AES-256 in CBC mode, is
//!
//! ```text
//! 16 random bytes, length of the message in 4 bytes, message, owner, padding to a multiple of 32 bytes
//! ```
//!
//! The key is the base64 of 43 signs, and its first half is the initialization vector. The signature is the SHA-1 of
//! token, timestamp, nonce and encrypted text, sorted and joined.

use aes::Aes256;
use aes::cipher::block_padding::NoPadding;
use aes::cipher::{BlockModeDecrypt, BlockModeEncrypt, KeyIvInit};
use base64::Engine;
use base64::alphabet::STANDARD as ALPHABET;
use base64::engine::general_purpose::{GeneralPurpose, GeneralPurposeConfig, STANDARD};
use sha1::{Digest, Sha1};

/// Bytes that messages are padded to a multiple of.
const BLOCK: usize = 32;

/// Random bytes at the beginning.
const RANDOM: usize = 16;

/// Signs of a key.
const KEY_LENGTH: usize = 43;

/// Encrypts, decrypts and signs with what was entered in the developer console.
#[derive(Clone)]
pub(super) struct Crypto {
    token: String,
    key: [u8; 32],
}

impl std::fmt::Debug for Crypto {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Crypto")
    }
}

impl Crypto {
    /// Takes the token and the key of 43 signs.
    pub fn new(token: &str, aes_key: &str) -> Result<Self, String> {
        if !(3..=32).contains(&token.len()) || !token.bytes().all(|each| each.is_ascii_alphanumeric()) {
            return Err("a token has 3 to 32 letters and digits".to_owned());
        }
        // The last of 43 signs has bits that no byte needs; consoles and clients do not care about them.
        let config = GeneralPurposeConfig::new().with_decode_allow_trailing_bits(true);
        let bytes = GeneralPurpose::new(&ALPHABET, config).decode(format!("{aes_key}="));
        let key = bytes.ok().filter(|_| aes_key.len() == KEY_LENGTH).and_then(|bytes| bytes.try_into().ok());
        let key = key.ok_or_else(|| format!("an aesKey has {KEY_LENGTH} letters and digits"))?;
        Ok(Self { token: token.to_owned(), key })
    }

    /// Signature of an encrypted text, in hexadecimal digits.
    pub fn signature(&self, timestamp: &str, nonce: &str, encrypted: &str) -> String {
        let mut parts = [self.token.as_str(), timestamp, nonce, encrypted];
        parts.sort_unstable();
        let digest = Sha1::digest(parts.concat());
        digest.iter().map(|byte| format!("{byte:02x}")).collect::<Vec<String>>().concat()
    }

    /// A message for an owner, encrypted, as base64.
    pub fn encrypt(&self, random: [u8; RANDOM], message: &str, owner: &str) -> String {
        let length = u32::try_from(message.len()).unwrap_or(u32::MAX).to_be_bytes();
        let mut text = [&random[..], &length, message.as_bytes(), owner.as_bytes()].concat();
        let padding = BLOCK - text.len() % BLOCK;
        text.extend(std::iter::repeat_n(u8::try_from(padding).unwrap_or_default(), padding));
        let (key, vector) = (&self.key, &self.key[..16]);
        let Ok(cipher) = cbc::Encryptor::<Aes256>::new_from_slices(key, vector) else { return String::new() };
        STANDARD.encode(cipher.encrypt_padded_vec::<NoPadding>(&text))
    }

    /// Message and owner of an encrypted text.
    pub fn decrypt(&self, encrypted: &str) -> Option<(String, String)> {
        let bytes = STANDARD.decode(encrypted).ok()?;
        let cipher = cbc::Decryptor::<Aes256>::new_from_slices(&self.key, self.key.get(..16)?).ok()?;
        let text = cipher.decrypt_padded_vec::<NoPadding>(&bytes).ok()?;
        let padding = usize::from(*text.last()?);
        let text = text.get(..text.len().checked_sub(padding).filter(|_| (1..=BLOCK).contains(&padding))?)?;
        let length = u32::from_be_bytes(text.get(RANDOM..RANDOM + 4)?.try_into().ok()?);
        let end = (RANDOM + 4).checked_add(usize::try_from(length).ok()?)?;
        let part = |bytes: &[u8]| String::from_utf8(bytes.to_vec()).ok();
        Some((part(text.get(RANDOM + 4..end)?)?, part(text.get(end..)?)?))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn crypto() -> Crypto {
        Crypto::new("123456", "1234567890123456789012345678901234567890123").unwrap_or_else(|reason| panic!("{reason}"))
    }

    /// The example of the page about the configuration of pushes.
    #[test]
    fn the_documented_example_is_read() {
        let encrypted = "YvkvaGe4hQxd3VxRmEty0dVlnCOAqwf56xwTRHDHoOURqhalbmBJQk5FNcRk42Gl5T0YQXZNwpwWSm1xAFJ5ZA==";
        let signature = crypto().signature("1614767836", "A7Co0cJLMzIDtMMI", encrypted);
        let message = crypto().decrypt(encrypted);
        eprintln!("{signature} {message:?}");
        assert_eq!(signature, "9a95a004dd16f5c307e849b994173f76aa26e5eb");
        assert_eq!(message, Some(("success".to_owned(), "dingsnotzck6pm5veliw".to_owned())));
    }

    #[test]
    fn what_is_encrypted_can_be_read_again() {
        for length in [0, 1, 11, 12, 13, 31, 32, 33, 1000] {
            let message = "文".repeat(length);
            let encrypted = crypto().encrypt([7; RANDOM], &message, "owner");
            assert_eq!(crypto().decrypt(&encrypted), Some((message, "owner".to_owned())));
        }
        for broken in ["", "AAAA", "!", "YvkvaGe4hQxd3VxRmEty0dVlnCOAqwf56xwTRHDHoOU="] {
            assert_eq!(crypto().decrypt(broken), None, "{broken}");
        }
    }

    #[test]
    fn tokens_and_keys_are_checked() {
        let key = "1234567890123456789012345678901234567890123";
        for (token, key) in
            [("ab", key), ("a b", key), ("token", &key[1..]), ("token", "!234567890123456789012345678901234567890123")]
        {
            assert!(Crypto::new(token, key).is_err(), "{token} {key}");
        }
    }
}
