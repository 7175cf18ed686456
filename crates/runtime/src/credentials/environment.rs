//! Credentials from environment variables.

use crate::Error;

/// A variable that is set to something.
pub(super) fn variable(name: &str) -> Option<String> {
    std::env::var(name).ok().filter(|value| !value.is_empty())
}

/// A variable that must be set.
pub(super) fn required(name: &'static str) -> Result<String, Error> {
    variable(name).ok_or_else(|| Error::configuration(format!("the environment variable {name} is not set")))
}
