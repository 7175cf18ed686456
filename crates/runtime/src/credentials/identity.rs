//! Whose credentials they are.

use std::collections::hash_map::RandomState;
use std::hash::BuildHasher;
use std::sync::OnceLock;

/// Tells the apps of a process apart. Clients of one app share its limits; those whose secrets are the same as well
/// share its access token.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Identity {
    app: String,
    secrets: u64,
}

impl Identity {
    /// The app as DingTalk counts calls, such as its key, and all that is needed to act for it. No secret is kept,
    /// only a number that means nothing outside of this process.
    #[must_use]
    pub fn new(app: impl Into<String>, secrets: &[&str]) -> Self {
        // A hash with a random key: nobody can look for a secret of the same number.
        static KEY: OnceLock<RandomState> = OnceLock::new();
        Self { app: app.into(), secrets: KEY.get_or_init(RandomState::new).hash_one(secrets) }
    }

    /// An app that is known by its token alone.
    #[must_use]
    pub fn of_token(token: &str) -> Self {
        let identity = Self::new("", &[token]);
        Self { app: format!("token {:016x}", identity.secrets), ..identity }
    }

    pub(crate) fn app(&self) -> &str {
        &self.app
    }
}
