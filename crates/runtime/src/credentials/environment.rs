//! What the environment says about credentials.

use std::sync::Arc;

use super::{ClientCredentials, Credentials, FixedToken, InternalApp};
use crate::Error;

/// A variable that is set to something.
pub(crate) fn variable(name: &str) -> Option<String> {
    std::env::var(name).ok().filter(|value| !value.is_empty())
}

/// A variable that must be set.
pub(super) fn required(name: &'static str) -> Result<String, Error> {
    variable(name).ok_or_else(|| Error::configuration(format!("the environment variable {name} is not set")))
}

/// The credentials that are there, if there are any.
pub(crate) fn from_env() -> Result<Option<Arc<dyn Credentials>>, Error> {
    if variable("DINGTALK_ACCESS_TOKEN").is_some() {
        return Ok(Some(Arc::new(FixedToken::from_env()?)));
    }
    // With one of them the other was forgotten.
    if !["DINGTALK_APP_KEY", "DINGTALK_APP_SECRET"].iter().any(|name| variable(name).is_some()) {
        return Ok(None);
    }
    Ok(Some(match variable("DINGTALK_CORP_ID") {
        Some(_) => Arc::new(ClientCredentials::from_env()?),
        None => Arc::new(InternalApp::from_env()?),
    }))
}

/// Reads `DINGTALK_OPERATOR`, or `DINGTALK_UNION_ID` as the command line calls it: the unionId of the person for whom
/// calls are made.
pub fn operator_from_env() -> Result<String, Error> {
    required("DINGTALK_OPERATOR").or_else(|error| variable("DINGTALK_UNION_ID").ok_or(error))
}
