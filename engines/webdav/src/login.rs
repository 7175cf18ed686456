//! Who may come in.

use std::fmt;

use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use http::{HeaderMap, header};

/// Letters of passwords that are made here: none of them looks like another.
const LETTERS: &[u8; 32] = b"abcdefghijkmnpqrstuvwxyz23456789";

/// A name and a password, which every request has to have.
#[derive(Clone)]
pub struct Login {
    user: String,
    password: String,
}

impl Login {
    /// A login by a name and a password.
    pub fn new(user: impl Into<String>, password: impl Into<String>) -> Self {
        Self { user: user.into(), password: password.into() }
    }

    /// A login with a password of 130 random bits.
    ///
    /// # Errors
    ///
    /// That of the system, if it has no random numbers.
    pub fn random(user: impl Into<String>) -> std::io::Result<Self> {
        let mut random = [0_u8; 26];
        getrandom::fill(&mut random).map_err(|error| std::io::Error::other(error.to_string()))?;
        let letter = |byte: &u8| LETTERS.get(usize::from(byte % 32)).map_or('a', |letter| char::from(*letter));
        Ok(Self::new(user, random.iter().map(letter).collect::<String>()))
    }

    /// The name.
    pub fn user(&self) -> &str {
        &self.user
    }

    /// The password, to be shown to who starts the server.
    pub fn expose_password(&self) -> &str {
        &self.password
    }

    /// Whether a request has it.
    pub(crate) fn lets_in(&self, headers: &HeaderMap) -> bool {
        let given = headers.get(header::AUTHORIZATION).and_then(|value| value.to_str().ok());
        let given =
            given.and_then(|value| value.split_once(' ')).filter(|(scheme, _)| scheme.eq_ignore_ascii_case("basic"));
        let given = given.and_then(|(_, text)| BASE64_STANDARD.decode(text.trim()).ok());
        let wanted = format!("{}:{}", self.user, self.password);
        given.is_some_and(|given| are_equal(&given, wanted.as_bytes()))
    }
}

/// Takes as long whatever is different.
fn are_equal(one: &[u8], other: &[u8]) -> bool {
    let differences = one.iter().zip(other).fold(0, |differences, (one, other)| differences | (one ^ other));
    one.len() == other.len() && std::hint::black_box(differences) == 0
}

impl fmt::Debug for Login {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_struct("Login").field("user", &self.user).finish_non_exhaustive()
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "tests fail by panicking")]
mod tests {
    use super::*;

    #[test]
    fn only_name_and_password_let_in() {
        let login = Login::new("ada", "se:cret");
        let lets_in = |value: &str| {
            let mut headers = HeaderMap::new();
            headers.insert(header::AUTHORIZATION, value.parse().unwrap());
            login.lets_in(&headers)
        };
        let basic = |text: &str| format!("Basic {}", BASE64_STANDARD.encode(text));
        assert!(lets_in(&basic("ada:se:cret")) && lets_in(&basic("ada:se:cret").replace("Basic", "basic")));
        for text in ["ada:se:cre", "ada:se:cret ", "ada:", ":se:cret", "", "Ada:se:cret", "bob:se:cret"] {
            assert!(!lets_in(&basic(text)), "{text}");
        }
        for value in ["", "Basic", "Basic ???", "Bearer x"] {
            assert!(!lets_in(value), "{value}");
        }
        assert!(!login.lets_in(&HeaderMap::new()));
        assert!(!format!("{login:?}").contains("cret"));
        let (one, other) = (Login::random("a").unwrap(), Login::random("a").unwrap());
        assert!(one.password != other.password && one.password.len() == 26);
    }
}
