//! The error codes.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::Map;

/// Every error code, once.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct Errors {
    /// The codes as the server sends them.
    pub codes: Map<ErrorCode>,
}

/// One error code.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct ErrorCode {
    /// What kind of trouble it is; decides what a client does by itself.
    pub class: ErrorClass,
    /// What happened.
    pub meaning: String,
    /// What to do about it.
    pub advice: String,
    /// Rust name of the variant, where the code does not make one.
    #[serde(default)]
    pub rust: Option<String>,
    /// Every operation may answer with it, because it comes from the gateway or the platform; so none has to list it.
    #[serde(default)]
    pub any_operation: bool,
}

/// What kind of trouble an error code is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum ErrorClass {
    /// A parameter is missing or wrong.
    Parameter,
    /// The access token is missing, wrong or expired.
    Token,
    /// The app's own credentials are wrong or not authorized.
    Credentials,
    /// The app lacks a permission (scope), or calls from an address that is not allowed.
    Scope,
    /// The operator lacks a right on the thing.
    Permission,
    /// The thing does not exist.
    Missing,
    /// The thing exists already, or the name is taken.
    Conflict,
    /// Storage capacity is used up.
    Capacity,
    /// Too many calls in a short time; not applied, so it may be sent again a little later.
    Throttled,
    /// The calls of the month or day are used up; sending again does not help.
    Exhausted,
    /// Something else works on the same thing; not applied, so it may be sent again.
    Concurrency,
    /// The thing does not support it.
    Unsupported,
    /// The content was refused, or is not in the state that it should be in.
    Content,
    /// The server had a problem; whether the call was applied is not known.
    Server,
    /// The server ran out of time; whether the call was applied is not known.
    Timeout,
}
