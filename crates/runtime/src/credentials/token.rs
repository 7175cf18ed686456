//! Access tokens.

use std::time::Duration;

use crate::Error;
use crate::secret::Secret;
use crate::token_cache::life;

/// A token as its source gave it.
#[derive(Debug, Clone)]
pub struct AccessToken {
    text: Secret,
    life: Option<Duration>,
}

impl AccessToken {
    /// A token that expires. A missing, zero or negative number of seconds stands for the usual two hours,
    /// and very short and very long lives are not believed.
    pub fn new(text: impl Into<String>, expires_in_seconds: Option<i64>) -> Result<Self, Error> {
        Self::checked(text.into(), Some(life(expires_in_seconds)))
    }

    /// A token that is good until the server rejects it.
    pub fn lasting(text: impl Into<String>) -> Result<Self, Error> {
        Self::checked(text.into(), None)
    }

    fn checked(text: String, life: Option<Duration>) -> Result<Self, Error> {
        let is_header_value = !text.is_empty() && text.bytes().all(|byte| (0x21..=0x7e).contains(&byte));
        if !is_header_value {
            return Err(Error::credentials("the access token is empty or holds characters that cannot be sent", false));
        }
        Ok(Self { text: Secret::new(text), life })
    }

    /// The token itself: for who keeps it for other processes, never for logs.
    #[must_use]
    pub fn expose(&self) -> &str {
        self.text.expose()
    }

    /// How long it lives from when it was given out; none for one that is good until the server rejects it.
    #[must_use]
    pub fn life(&self) -> Option<Duration> {
        self.life
    }
}
