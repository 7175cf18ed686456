//! One HTTP operation and its fields.

use indexmap::IndexMap;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{Accepted, Encoding, Map, TypeRef};

/// One HTTP operation, in the order of its documentation page.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct Operation {
    /// Name as in the official SDKs, for example `CommitFile`; the file is named after it in `snake_case`.
    pub operation: String,
    /// What the operation does, in one sentence.
    pub summary: String,
    /// More that a caller must know: preconditions, what happens to children, and the like.
    #[serde(default)]
    pub details: Option<String>,
    /// Slug of the documentation page. Only an undocumented operation has none.
    #[serde(default)]
    pub docs: Option<String>,
    /// Language of the page when no English one exists.
    #[serde(default)]
    pub language: Language,
    /// Method and path, for example `GET /v1.0/storage/spaces/{spaceId}`.
    pub http: String,
    /// Whether the documentation still offers it.
    pub status: Status,
    /// Chapter of the documentation, a key of `groups.yaml`.
    pub group: String,
    /// Kinds of apps that may call it.
    #[serde(default)]
    pub apps: Vec<App>,
    /// Permission that the app needs, for example `Storage.File.Write`; `unknown` when no source names it.
    #[serde(default)]
    pub scope: Option<String>,
    /// What may be sent again when an answer is lost.
    #[serde(default)]
    pub effect: Option<Effect>,
    /// Why the effect is what it is, where it is not obvious.
    #[serde(default)]
    pub effect_reason: Option<String>,
    /// Whether the call carries an access token, and whose; the token operations themselves do not.
    #[serde(default)]
    pub token: Token,
    /// Parameter that names the person on whose behalf the call is made.
    #[serde(default)]
    pub operator: Option<String>,
    /// How the answer is paged.
    #[serde(default)]
    pub page: Option<Page>,
    /// Field of the answer with the id of a task, when the work may finish later; `results.taskId` where each element
    /// of a list has one.
    #[serde(default)]
    pub task: Option<String>,
    /// The list that makes this a bulk operation.
    #[serde(default)]
    pub batch: Option<Batch>,
    /// Parameters in the path, by wire name.
    #[serde(default)]
    pub path: Map<Field>,
    /// Parameters in the query, by wire name.
    #[serde(default)]
    pub query: Map<Field>,
    /// How the body of the request is written.
    #[serde(default)]
    pub encoding: Encoding,
    /// Fields of the body of the request. Without any, the request has no body.
    #[serde(default)]
    pub body: Map<Field>,
    /// Fields of the JSON body of the answer. Without any, the answer is empty.
    #[serde(default)]
    pub response: Map<Field>,
    /// Documented error codes by HTTP status; the codes are keys of `errors.yaml`.
    #[serde(default)]
    pub errors: IndexMap<u16, Vec<String>>,
    /// What a caller must know and would not expect. It becomes documentation of the crate.
    #[serde(default)]
    pub quirks: Vec<String>,
    /// Where the sources contradict themselves, each other or their neighbours, and what this spec makes of it. For
    /// those who read or keep the spec; no caller has to know it.
    #[serde(default)]
    pub discrepancies: Vec<String>,
}

/// A parameter, or a field of an object.
#[derive(Debug, Clone, Default, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
#[allow(clippy::struct_excessive_bools, reason = "each is an attribute of its own in the file")]
pub struct Field {
    /// `string`, `int32`, `int64`, `uint64` (never negative, such as a size), `bool`, `time`, `timestamp` (a time as a
    /// number of milliseconds since 1970), `errorCode`, `any`, a name from `types/`, `[T]` or `{string: T}`; in a
    /// form also `file`.
    /// Where `fields` follow, `object` stands for them: `object`, `[object]`, `{string: object}`; `object` may be left out.
    #[serde(rename = "type", default)]
    pub kind: Option<TypeRef>,
    /// What it means, with its unit, in a sentence.
    #[serde(default)]
    pub doc: Option<String>,
    /// The request is refused without it.
    #[serde(default)]
    pub required: bool,
    /// The answer always has it. Needs `evidence`.
    #[serde(default)]
    pub always: bool,
    /// Grounds for `always`: a page, the SDK, a sample that was seen.
    #[serde(default)]
    pub evidence: Option<String>,
    /// What the server takes when it is left out.
    #[serde(default)]
    #[schemars(with = "Option<serde_json::Value>")]
    pub default: Option<serde_yaml::Value>,
    /// Smallest value of a number, or fewest elements of a list.
    #[serde(default)]
    pub min: Option<i64>,
    /// Largest value of a number, most characters of a string, most elements of a list or map, or most bytes of a file.
    /// A larger file is refused before anything is sent.
    #[serde(default)]
    pub max: Option<i64>,
    /// Which files are taken, where the field is one.
    #[serde(default)]
    pub accepts: Vec<Accepted>,
    /// A value as it may stand on the wire; of a file its name.
    #[serde(default)]
    #[schemars(with = "Option<serde_json::Value>")]
    pub example: Option<serde_yaml::Value>,
    /// Rust name, for a wire name that cannot be one (`type`) or that would collide.
    #[serde(default)]
    pub rust: Option<String>,
    /// Fields of an object that only this place has.
    #[serde(default)]
    pub fields: Map<Field>,
    /// Name of the Rust type of those fields. A flattened object needs none.
    #[serde(rename = "as", default)]
    pub type_name: Option<String>,
    /// The fields become parameters of the request itself; the object is sent when one of them is set.
    #[serde(default)]
    pub flatten: bool,
    /// How a list in the query is written.
    #[serde(default)]
    pub style: Option<ListStyle>,
    /// A map of lists that the server may also send as one bare list.
    #[serde(default)]
    pub or_list: bool,
    /// Breaks a cycle of types by putting the value behind a pointer.
    #[serde(default)]
    pub indirect: bool,
    /// A request may send it as an explicit `null`, which means something else than leaving it out.
    #[serde(default)]
    pub nullable: bool,
    /// The server wants or sends the id, or each of a list of them, as a number.
    #[serde(default)]
    pub numeric: bool,
    /// It is a signed URL of the object storage, or several to try in turn, and what is sent to it or fetched from it
    /// carries the headers that this names.
    #[serde(default)]
    pub signed: Option<Signed>,
}

/// What goes along to a signed URL.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct Signed {
    /// Field beside the URL with the headers, a map; nothing goes along without it.
    #[serde(default)]
    pub headers: Option<String>,
}

/// How a list is written in a query.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum ListStyle {
    /// `ids.1=a&ids.2=b`
    Indexed,
    /// `ids=["a","b"]`
    Json,
}

/// How an answer is paged.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct Page {
    /// Request parameter that asks for a page: what the page before called its next token.
    pub token: String,
    /// Field of the answer with the token of the next page; `token` when left out.
    #[serde(default)]
    pub next: Option<String>,
    /// Request parameter with the page size.
    #[serde(default)]
    pub size: Option<String>,
    /// Field of the answer with the elements of the page.
    pub items: String,
}

/// The list that makes an operation a bulk operation.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct Batch {
    /// Request field with the elements.
    pub items: String,
    /// Documented maximum of elements in one call.
    pub max: u32,
    /// Field of the answer with one result for each element, where there is one.
    #[serde(default)]
    pub results: Option<String>,
    /// Field of a result that names its element; without it, results belong to elements by their order.
    #[serde(default)]
    pub key: Option<String>,
}

/// Whether the documentation still offers an operation.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum Status {
    /// Documented and offered.
    Current,
    /// Its page is retired; it may stop working.
    Legacy,
    /// Only the official SDK has it.
    Undocumented,
}

/// What an operation does to the drive, and so what may be sent again when an answer is lost.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum Effect {
    /// Changes nothing.
    Read,
    /// Changes something, but twice is the same as once.
    Idempotent,
    /// Twice is not the same as once; a lost answer leaves the outcome unknown.
    Write,
}

/// A kind of app.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum App {
    /// An app that an organization makes for itself.
    Internal,
    /// An app that a service provider offers to organizations.
    ThirdParty,
}

/// Where the access token of a call goes, and whose it is.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum Token {
    /// Where the family says.
    #[default]
    Family,
    /// The header `x-acs-dingtalk-access-token`.
    Header,
    /// The same header, with the token of a person in place of the one of the app. The call takes it as an argument of
    /// the type `UserAccessToken`.
    User,
    /// The query parameter `access_token`, on the old host.
    Query,
    /// Nowhere: the call needs no token.
    None,
}

impl Token {
    /// Type of the argument by which a call takes the token of a person.
    pub const OF_A_PERSON: &str = "UserAccessToken";
    /// Name of that argument in a call by name.
    pub const ARGUMENT: &str = "userAccessToken";
}

/// Language of a documentation page.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum Language {
    /// English, on the international site.
    #[default]
    En,
    /// Chinese only.
    Zh,
}
