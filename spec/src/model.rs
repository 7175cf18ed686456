//! The format of the spec, as plain data.
//!
//! Every YAML file below `spec/` is one [`Document`]. Which kind it is follows from its place:
//!
//! | place | kind |
//! |---|---|
//! | `api/<family>/<operation>.yaml` | [`Operation`], one page of the documentation |
//! | `api/<family>/family.yaml` | [`Family`], what a group of operations has in common |
//! | `types/*.yaml` | [`Types`], objects, enums and ids that more than one place names |
//! | `errors.yaml` | [`Errors`], each error code once |
//! | `groups.yaml` | [`Groups`], the chapters of the documentation, in its order |
//! | `events.yaml` | [`Events`], what the server pushes to subscribers |
//!
//! Wire names are keys and stand as on the wire. The model carries no positions; the compiler keeps
//! them beside it, so that this page stays a description of the format.

use indexmap::IndexMap;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

pub use crate::type_ref::TypeRef;

/// A map that keeps the order of the file.
pub type Map<T> = IndexMap<String, T>;

/// Any file of the spec. Only the JSON Schema needs it as one type.
#[derive(JsonSchema)]
#[schemars(untagged, title = "DingTalk Storage spec file")]
#[allow(dead_code, reason = "exists for its JSON Schema")]
pub enum Document {
    /// `api/<family>/<operation>.yaml`
    Operation(Box<Operation>),
    /// `api/<family>/family.yaml`
    Family(Family),
    /// `types/*.yaml`
    Types(Types),
    /// `errors.yaml`
    Errors(Errors),
    /// `groups.yaml`
    Groups(Groups),
    /// `events.yaml`
    Events(Events),
}

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
    /// Whether the call carries an access token; the token operations themselves do not.
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
    /// Fields of the JSON body of the request. Without any, the request has no body.
    #[serde(default)]
    pub body: Map<Field>,
    /// Fields of the JSON body of the answer. Without any, the answer is empty.
    #[serde(default)]
    pub response: Map<Field>,
    /// Documented error codes by HTTP status; the codes are keys of `errors.yaml`.
    #[serde(default)]
    pub errors: IndexMap<u16, Vec<String>>,
    /// Where the sources contradict themselves, and what this spec makes of it.
    #[serde(default)]
    pub quirks: Vec<String>,
}

/// A parameter, or a field of an object.
#[derive(Debug, Clone, Default, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
#[allow(clippy::struct_excessive_bools, reason = "each is an attribute of its own in the file")]
pub struct Field {
    /// `string`, `int32`, `int64`, `bool`, `time`, `errorCode`, `any`, a name from `types/`, `[T]` or `{string: T}`.
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
    /// Largest value of a number, most characters of a string, or most elements of a list or map.
    #[serde(default)]
    pub max: Option<i64>,
    /// A value as it may stand on the wire.
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

/// Where the access token of a call goes.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum Token {
    /// Where the family says.
    #[default]
    Family,
    /// The header `x-acs-dingtalk-access-token`.
    Header,
    /// The query parameter `access_token`, on the old host.
    Query,
    /// Nowhere: the call needs no token.
    None,
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

/// What the operations of one module and version have in common.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct Family {
    /// Name of the folder, of the Rust module and of the feature, for example `storage_v1`.
    pub family: String,
    /// Name in the documentation, for example `Storage 1.0`.
    pub title: String,
    /// What the family is for, and how it differs from its neighbours.
    pub doc: String,
    /// Which host answers.
    #[serde(default)]
    pub host: Host,
    /// Where the access token goes.
    #[serde(default = "Family::default_token")]
    pub token: Token,
    /// How an answer says that it is an error.
    #[serde(default)]
    pub envelope: Envelope,
    /// How to ask for the tasks that operations of this family leave behind.
    #[serde(default)]
    pub tasks: Option<Tasks>,
}

/// How to ask how far a task has come.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct Tasks {
    /// Operation of the same family that reads a task; beyond the id it takes the operator.
    pub operation: String,
    /// Its path parameter with the id.
    pub id: String,
    /// Field of its answer with the task.
    pub task: String,
    /// Field of the task with the status: `SUCCESS` and `FAIL` end it.
    pub status: String,
}

impl Family {
    fn default_token() -> Token {
        Token::Header
    }
}

/// Which host answers.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum Host {
    /// The API host, `api.dingtalk.io` or `api.dingtalk.com`.
    #[default]
    Api,
    /// The old API host, `oapi.dingtalk.io` or `oapi.dingtalk.com`.
    Oapi,
}

/// How an answer says that it is an error.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum Envelope {
    /// By its HTTP status; the body is the answer itself.
    #[default]
    Plain,
    /// By `errcode` other than 0, with HTTP status 200; the answer stands in `result`.
    Errcode,
}

/// Shared types, by name.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct Types {
    /// The types of this file. Their names are Rust names, unique in the whole spec.
    pub types: Map<TypeDef>,
}

/// One shared type: an object (`fields`), an enum (`values`) or an id (`id`). Exactly one of the three.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct TypeDef {
    /// What it is.
    #[serde(default)]
    pub doc: Option<String>,
    /// Fields of an object.
    #[serde(default)]
    pub fields: Option<Map<Field>>,
    /// Values of an enum with what they mean. Others are kept, never refused.
    #[serde(default)]
    pub values: Option<Map<String>>,
    /// A text with a type of its own, so that it cannot be mixed up with others.
    #[serde(default)]
    pub id: Option<IdType>,
    /// Where the sources contradict themselves, and what this spec makes of it.
    #[serde(default)]
    pub quirks: Vec<String>,
}

/// A text with a type of its own.
#[derive(Debug, Clone, Default, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct IdType {
    /// A value as it may stand on the wire.
    #[serde(default)]
    pub example: Option<String>,
    /// Never shown in debug output, logs or errors.
    #[serde(default)]
    pub secret: bool,
    /// Values with a meaning of their own, by the name of the Rust function that makes them.
    #[serde(default)]
    pub constants: Map<Constant>,
}

/// A value of an id with a meaning of its own.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct Constant {
    /// The value on the wire.
    pub value: String,
    /// What it means.
    pub doc: String,
}

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

/// The chapters of the documentation, in its order.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct Groups {
    /// Chapters by the name that operations use.
    pub groups: Map<Group>,
}

/// A chapter of the documentation.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct Group {
    /// Heading in the documentation.
    pub title: String,
    /// What the chapter is about.
    pub doc: String,
}

/// What the server pushes to subscribers.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct Events {
    /// Events by the name that the server gives them.
    pub events: Map<Event>,
}

/// One kind of event.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct Event {
    /// What happened, in one sentence.
    pub summary: String,
    /// More that a subscriber must know.
    #[serde(default)]
    pub details: Option<String>,
    /// Slug of the documentation page.
    pub docs: String,
    /// Language of the page when no English one exists.
    #[serde(default)]
    pub language: Language,
    /// Its number in the synchronous HTTP push.
    pub biz_type: u32,
    /// Object that it carries, a name from `types/`.
    pub data: TypeRef,
}
