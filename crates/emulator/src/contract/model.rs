//! What the emulator knows of the spec. The build script writes it, the emulator reads it when it starts.
//!
//! What is off, absent or empty is not written: the less there is to read, the sooner it has started.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use serde_json::Value;

/// The whole API.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Contract {
    /// Operations in the order of their names.
    pub operations: Vec<Operation>,
    /// Fields of the shared objects, by type name.
    pub objects: BTreeMap<String, Vec<Field>>,
    /// Every error code.
    pub codes: BTreeMap<String, Code>,
}

/// One operation.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Operation {
    /// Family and operation, for example `storage_v2.CommitFile`.
    pub name: String,
    /// HTTP method.
    pub method: String,
    /// Path with its parameters in braces.
    pub path: String,
    /// Whether the documentation still offers it.
    pub status: Status,
    /// Chapter of the documentation.
    pub group: String,
    /// Permission that the app needs.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub scope: Option<String>,
    /// Where the token travels.
    pub token: Token,
    /// What stands around answers and errors.
    #[serde(default, skip_serializing_if = "is_default")]
    pub envelope: Envelope,
    /// Whether the body of the request is a form.
    #[serde(default, skip_serializing_if = "is_default")]
    pub form: bool,
    /// Whether the call changes nothing.
    #[serde(default, skip_serializing_if = "is_default")]
    pub read: bool,
    /// Parameter that names the operator.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub operator: Option<String>,
    /// How the answer is paged.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub page: Option<Page>,
    /// Parameters in the path.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub path_parameters: Vec<Field>,
    /// Parameters in the query.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub query: Vec<Field>,
    /// Fields of the body of the request.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub body: Vec<Field>,
    /// Fields of the answer.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub response: Vec<Field>,
    /// Documented codes with their HTTP status.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub errors: Vec<(String, u16)>,
}

/// What stands around the answer of a call.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum Envelope {
    /// Nothing.
    #[default]
    Plain,
    /// An `errcode`, with the answer in `result`. Errors come with HTTP status 200.
    Errcode,
    /// An `errcode` too, with the answer beside it.
    Flat,
}

impl Envelope {
    /// Whether nothing does.
    #[must_use]
    pub fn is_plain(self) -> bool {
        self == Self::Plain
    }
}

/// Where the access token travels.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum Token {
    /// In the header `x-acs-dingtalk-access-token`.
    Header,
    /// In the same header; it is the token of a person.
    User,
    /// In the query parameter `access_token`.
    Query,
    /// Nowhere.
    None,
}

/// Whether the documentation still offers an operation.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum Status {
    /// It does.
    Current,
    /// Its page is retired.
    Legacy,
    /// Only the official SDK has it.
    Undocumented,
}

/// How an answer is paged.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Page {
    /// Dotted name of the parameter with the token.
    pub token: String,
    /// Dotted name of the parameter with the page size.
    pub size: Option<String>,
    /// Field of the answer with the token of the next page.
    pub next: String,
}

/// A parameter or field.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[allow(clippy::struct_excessive_bools, reason = "each is a fact of its own in the spec")]
pub struct Field {
    /// Name on the wire.
    pub name: String,
    /// What it looks like.
    pub shape: Shape,
    /// A request is refused without it.
    #[serde(default, skip_serializing_if = "is_default")]
    pub required: bool,
    /// An answer always has it.
    #[serde(default, skip_serializing_if = "is_default")]
    pub always: bool,
    /// What the server takes when it is left out.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub default: Option<Value>,
    /// Smallest number.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub min: Option<i64>,
    /// Largest number, most characters, most elements, or most bytes.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub max: Option<i64>,
    /// Which files are taken.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub accepts: Vec<Accepted>,
    /// A list in a query that is spread as `name.1=a&name.2=b`.
    #[serde(default, skip_serializing_if = "is_default")]
    pub indexed: bool,
    /// A map of lists that may also be one bare list.
    #[serde(default, skip_serializing_if = "is_default")]
    pub or_list: bool,
}

/// Which files are taken as a part of a form.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Accepted {
    /// Values of other parts where it is so.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub when: Vec<(String, String)>,
    /// Most bytes.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub max: Option<i64>,
    /// Extensions of their names.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub extensions: Vec<String>,
}

/// What a value looks like.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub enum Shape {
    /// Text.
    Text,
    /// Text with an identity of its own.
    Id,
    /// A number of 32 bits.
    Int32,
    /// A number of 64 bits.
    Int64,
    /// A number of 64 bits that is not negative.
    Uint64,
    /// True or false.
    Bool,
    /// A moment, as text.
    Time,
    /// An error code.
    ErrorCode,
    /// Anything.
    Any,
    /// A file in a form.
    File,
    /// One of these texts.
    Enum(Vec<String>),
    /// A shared object.
    Shared(String),
    /// An object of this place alone.
    Object(Vec<Field>),
    /// A list.
    List(Box<Shape>),
    /// An object with free keys.
    Map(Box<Shape>),
}

/// An error code.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Code {
    /// HTTP status where the operation does not say another.
    pub status: u16,
    /// What happened.
    pub meaning: String,
}

fn is_default<T: Default + PartialEq>(value: &T) -> bool {
    *value == T::default()
}
