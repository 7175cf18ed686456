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
//! | `scopes.yaml` | [`Scopes`], the permissions that apps ask for |
//! | `events.yaml` | [`Events`], what the server pushes to subscribers |
//!
//! # Texts
//!
//! Summaries, details, quirks, meanings and whatever is called `doc` are plain sentences. Two things in them have a
//! meaning: what stands between single backquotes on one line is code, and an empty line begins a new paragraph. A web
//! address is a link by itself. Every other character stands for itself, so there are no headings, lists, links with
//! words, tables, HTML or blocks of code; `[words](address)`, fences and backquotes without a partner are refused
//! (`DS123`), and so are characters that nobody sees (`DS120`). Names such as `dentryId` or `HEADER_SIGNATURE` need no
//! backquotes; they get them in the documentation of the crate.
//!
//! Each kind has a file of its own in `model/`. Wire names are keys and stand as on the wire. The model carries no positions; the compiler keeps
//! them beside it, so that this page stays a description of the format.

mod enum_value;
mod errors;
mod events;
mod family;
mod form;
mod groups;
mod operation;
mod scopes;
mod types;

use indexmap::IndexMap;
use schemars::JsonSchema;

pub use crate::type_ref::TypeRef;
pub use enum_value::EnumValue;
pub use errors::{ErrorClass, ErrorCode, Errors};
pub use events::{Event, Events};
pub use family::{Envelope, Family, Host, Tasks};
pub use form::{Accepted, Encoding};
pub use groups::{Group, Groups};
pub use operation::{App, Batch, Effect, Field, Language, ListStyle, Operation, Page, Signed, Status, Token};
pub use scopes::Scopes;
pub use types::{Constant, IdType, TypeDef, Types};

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
    /// `scopes.yaml`
    Scopes(Scopes),
    /// `events.yaml`
    Events(Events),
}
