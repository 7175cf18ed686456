//! The API as the renderers see it: names resolved, defaults filled in, everything in its final order.

use std::collections::HashMap;

use dingtalk_storage_spec::model;
use serde_json::Value;

/// The whole API.
#[derive(Debug)]
pub struct Api {
    /// Chapters of the documentation by the name that operations use, in the order of the spec.
    pub groups: model::Map<model::Group>,
    /// Families by name.
    pub families: Vec<Family>,
    /// Files of shared types by name.
    pub type_files: Vec<TypeFile>,
    /// Where each shared type stands: the index of its file, and its own in that.
    pub type_index: HashMap<String, (usize, usize)>,
    /// Error codes in the order of the spec.
    pub errors: Vec<ErrorCode>,
    /// Events in the order of the spec.
    pub events: Vec<Event>,
}

/// Operations of one module and version.
#[derive(Debug)]
pub struct Family {
    /// Module and feature, for example `storage_v1`.
    pub name: String,
    /// Name in the documentation.
    pub title: String,
    /// What it is for.
    pub doc: String,
    /// File that describes it, below `spec/`.
    pub source: String,
    /// Which host answers.
    pub host: model::Host,
    /// Where the token goes, unless an operation says otherwise.
    pub token: model::Token,
    /// How an answer says that it is an error.
    pub envelope: model::Envelope,
    /// How the tasks that its operations leave behind are asked for.
    pub tasks: Option<Tasks>,
    /// Operations by name.
    pub operations: Vec<Operation>,
}

impl Api {
    /// All operations, each with its family.
    pub fn operations(&self) -> impl Iterator<Item = (&Family, &Operation)> {
        self.families.iter().flat_map(|family| family.operations.iter().map(move |operation| (family, operation)))
    }

    /// The shared type of a name.
    pub fn shared_type(&self, name: &str) -> Option<&TypeItem> {
        let (file, index) = self.type_index.get(name)?;
        self.type_files.get(*file)?.types.get(*index)
    }

    /// The enum that a type is.
    pub fn enumeration(&self, ty: &Type) -> Option<&Enum> {
        let Type::Enum(name) = ty else { return None };
        if let TypeItem::Enum(item) = self.shared_type(name)? { Some(item) } else { None }
    }

    /// The object that a type is: a shared one, or one of those that only an operation has.
    pub fn object<'a>(&'a self, ty: &Type, local: &'a [Object]) -> Option<&'a Object> {
        match ty {
            Type::LocalObject(name) => local.iter().find(|object| object.name == *name),
            Type::Object(name) => self.shared_type(name).and_then(TypeItem::object),
            _ => None,
        }
    }
}

impl Family {
    /// Whether any operation is made on behalf of a person.
    pub fn has_operator(&self) -> bool {
        self.operations.iter().any(|operation| operation.operator.is_some())
    }

    /// How the tasks of an operation are asked for, if it may leave some behind.
    pub fn tasks_of(&self, operation: &Operation) -> Option<&Tasks> {
        self.tasks.as_ref().filter(|_| !operation.task.is_empty())
    }

    /// How a task is asked for, if this is the operation that does.
    pub fn tasks_of_reader(&self, operation: &Operation) -> Option<&Tasks> {
        self.tasks.as_ref().filter(|tasks| tasks.operation == operation.name)
    }
}

/// One operation.
#[derive(Debug)]
pub struct Operation {
    /// `CommitFile`
    pub name: String,
    /// `commit_file`
    pub module: String,
    /// `storage_v2.CommitFile`
    pub full_name: String,
    /// File that describes it, below `spec/`.
    pub source: String,
    /// One sentence.
    pub summary: String,
    /// More to know.
    pub details: Option<String>,
    /// Slug and language of the documentation page.
    pub page_slug: Option<(String, model::Language)>,
    /// `GET`, `POST`, `PUT` or `DELETE`
    pub method: String,
    /// Path with placeholders.
    pub path: String,
    /// Chapter of the documentation.
    pub group: String,
    /// Whether the documentation still offers it.
    pub status: model::Status,
    /// Kinds of apps that may call it, each once and internal ones first.
    pub apps: Vec<model::App>,
    /// Permission that the app needs.
    pub scope: Option<String>,
    /// What may be sent again.
    pub effect: model::Effect,
    /// Why.
    pub effect_reason: Option<String>,
    /// Where the token goes; never `Family`.
    pub token: model::Token,
    /// How the body of the request is written, if it has one.
    pub body: Option<model::Encoding>,
    /// Parameters in the order token of a person, path, query, body.
    pub parameters: Vec<Parameter>,
    /// Index into `parameters` of the person on whose behalf the call is made, where that is a `UnionId`.
    pub operator: Option<usize>,
    /// The answer; `None` when it is empty.
    pub response: Option<Object>,
    /// Objects that only this operation has.
    pub objects: Vec<Object>,
    /// How the answer is paged.
    pub page: Option<Page>,
    /// The list that makes it a bulk operation.
    pub batch: Option<Batch>,
    /// Fields that lead from the answer to the id of a task that it may leave behind, if it may: the field itself, or a
    /// list and the field of its elements.
    pub task: Vec<Field>,
    /// Error codes by HTTP status.
    pub errors: Vec<(u16, Vec<String>)>,
    /// Contradictions in the sources.
    pub quirks: Vec<String>,
}

impl Operation {
    /// The person on whose behalf the call is made.
    pub fn operator(&self) -> Option<&Parameter> {
        self.parameters.get(self.operator?)
    }

    /// Parameters that a request must have, each with its index.
    pub fn required(&self) -> impl Iterator<Item = (usize, &Parameter)> {
        self.parameters.iter().enumerate().filter(|(_, parameter)| parameter.field.required)
    }

    /// Parameters that a request may have.
    pub fn optional(&self) -> impl Iterator<Item = &Parameter> {
        self.parameters.iter().filter(|parameter| !parameter.field.required)
    }
}

/// A parameter of a request.
#[derive(Debug, Clone)]
pub struct Parameter {
    /// Where it goes.
    pub place: Place,
    /// Everything that it shares with a field of an object.
    pub field: Field,
}

/// Where a parameter goes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Place {
    /// Into the header of the access token: it is the token of a person.
    Token,
    /// Into the path.
    Path,
    /// Into the query.
    Query(Option<model::ListStyle>),
    /// Into the body, or into the named object of the body.
    Body(Option<String>),
    /// Into a part of the form that the body is.
    Part,
}

/// A field of an object, or what a parameter shares with one.
#[derive(Debug, Clone)]
#[allow(clippy::struct_excessive_bools, reason = "each is an attribute of its own in the spec")]
pub struct Field {
    /// Name on the wire.
    pub wire: String,
    /// Name in Rust.
    pub rust: String,
    /// Its type.
    pub ty: Type,
    /// Whether a request must have it.
    pub required: bool,
    /// Whether an answer always has it.
    pub always: bool,
    /// Whether it is put behind a pointer.
    pub indirect: bool,
    /// Whether a request may send it as an explicit `null`.
    pub nullable: bool,
    /// What it means.
    pub doc: String,
    /// What the server takes when it is left out.
    pub default: Option<Value>,
    /// Smallest value, or fewest elements.
    pub min: Option<i64>,
    /// Largest value, most characters, most elements or most bytes.
    pub max: Option<i64>,
    /// Which files are taken.
    pub accepts: Vec<model::Accepted>,
    /// A value as it may stand on the wire.
    pub example: Option<Value>,
    /// Whether its ids are numbers on the wire.
    pub numeric: bool,
    /// What goes along to it, where it is a signed URL.
    pub signed: Option<model::Signed>,
}

/// The type of a field.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Type {
    /// `String`
    Text,
    /// `i32`
    Int32,
    /// `i64`
    Int64,
    /// `u64`
    Uint64,
    /// `bool`
    Bool,
    /// A time
    Time,
    /// A time that is a number of milliseconds on the wire
    Timestamp,
    /// An error code
    ErrorCode,
    /// Any JSON
    Any,
    /// A file in a form
    File,
    /// An id type
    Id(String),
    /// An enum
    Enum(String),
    /// A shared object
    Object(String),
    /// An object of this operation alone
    LocalObject(String),
    /// A list
    List(Box<Type>),
    /// A map by text
    Map(Box<Type>),
    /// A map of lists that may also come as one list; the type is that of the elements
    MapOrList(Box<Type>),
}

impl Type {
    /// The type at the core of lists and maps.
    pub fn core(&self) -> &Self {
        match self {
            Self::List(inner) | Self::Map(inner) | Self::MapOrList(inner) => inner.core(),
            _ => self,
        }
    }

    /// The name of the shared type at its core, if it is one.
    pub fn shared_name(&self) -> Option<&str> {
        match self.core() {
            Self::Id(name) | Self::Enum(name) | Self::Object(name) => Some(name),
            _ => None,
        }
    }
}

/// An object.
#[derive(Debug)]
pub struct Object {
    /// Rust name.
    pub name: String,
    /// What it is.
    pub doc: String,
    /// Its fields.
    pub fields: Vec<Field>,
    /// Whether requests contain it.
    pub in_request: bool,
    /// Whether answers contain it.
    pub in_answer: bool,
    /// Whether it can be hashed, because nothing in it is a secret.
    pub hashed: bool,
    /// Contradictions in the sources.
    pub quirks: Vec<String>,
}

impl Object {
    /// The field of a name on the wire.
    pub fn field(&self, wire: &str) -> Option<&Field> {
        self.fields.iter().find(|field| field.wire == wire)
    }
}

/// How an answer is paged.
#[derive(Debug)]
pub struct Page {
    /// Index into the parameters of the one that asks for a page.
    pub token: usize,
    /// Field of the answer with the next token.
    pub next: Field,
    /// Field of the answer that says whether another page follows.
    pub more: Option<Field>,
    /// Field of the answer with the elements.
    pub items: Field,
}

/// How the tasks of a family are asked for: work that goes on after an answer.
#[derive(Debug)]
pub struct Tasks {
    /// Module of the operation that reads a task.
    pub module: String,
    /// Name of that operation.
    pub operation: String,
    /// Its path parameter with the id.
    pub parameter: String,
    /// Wire name of its parameter for the operator.
    pub operator: Option<String>,
    /// The field of its answer with the task; none where the answer itself is the task.
    pub task: Option<Field>,
    /// The field of the task with the status.
    pub status: Field,
    /// Values that end it well.
    pub succeeded: Vec<String>,
    /// Values that end it otherwise.
    pub failed: Vec<String>,
}

/// The list that makes an operation a bulk operation.
#[derive(Debug)]
pub struct Batch {
    /// Index into the parameters of the list.
    pub items: usize,
    /// Most elements in one call.
    pub max: u32,
    /// Field of the answer with one result for each element.
    pub results: Option<Field>,
    /// Field of a result that names its element.
    pub key: Option<Field>,
    /// Field of a result that says whether it was done for its element.
    pub success: Option<Field>,
    /// Field of a result that says why it was not.
    pub code: Option<Field>,
    /// Field of a result with the task that goes on for its element.
    pub task: Option<Field>,
}

/// A file of shared types.
#[derive(Debug)]
pub struct TypeFile {
    /// Module, for example `dentry`.
    pub module: String,
    /// File below `spec/`.
    pub source: String,
    /// Types in the order of the file.
    pub types: Vec<TypeItem>,
}

/// A shared type.
#[derive(Debug)]
pub enum TypeItem {
    /// An object
    Object(Object),
    /// An enum
    Enum(Enum),
    /// An id
    Id(Id),
}

impl TypeItem {
    /// The object, if it is one.
    pub fn object(&self) -> Option<&Object> {
        if let Self::Object(object) = self { Some(object) } else { None }
    }

    /// Rust name.
    pub fn name(&self) -> &str {
        match self {
            Self::Object(object) => &object.name,
            Self::Enum(item) => &item.name,
            Self::Id(item) => &item.name,
        }
    }
}

/// An enum that keeps values that it does not know.
#[derive(Debug)]
pub struct Enum {
    /// Rust name.
    pub name: String,
    /// What it is.
    pub doc: String,
    /// Values in the order of the spec.
    pub values: Vec<EnumValue>,
    /// What shows that they stand from the greatest to the least, if they do.
    pub ranked: Option<String>,
    /// Contradictions in the sources.
    pub quirks: Vec<String>,
}

/// A value of an enum.
#[derive(Debug)]
pub struct EnumValue {
    /// On the wire.
    pub wire: String,
    /// Rust name of the variant.
    pub rust: String,
    /// What it means.
    pub doc: String,
}

/// A text with a type of its own.
#[derive(Debug)]
pub struct Id {
    /// Rust name.
    pub name: String,
    /// What it is.
    pub doc: String,
    /// Whether it must never be shown.
    pub secret: bool,
    /// A value as it may stand on the wire.
    pub example: Option<String>,
    /// Values with a meaning of their own: Rust name, value, meaning.
    pub constants: Vec<(String, String, String)>,
    /// Other ids that are one, too: name, and when.
    pub from: Vec<(String, String)>,
    /// Contradictions in the sources.
    pub quirks: Vec<String>,
}

/// An error code.
#[derive(Debug)]
pub struct ErrorCode {
    /// On the wire.
    pub wire: String,
    /// Rust name of the variant.
    pub rust: String,
    /// What kind of trouble it is.
    pub class: model::ErrorClass,
    /// What happened.
    pub meaning: String,
    /// What to do.
    pub advice: String,
}

/// An event.
#[derive(Debug)]
pub struct Event {
    /// Name on the wire.
    pub wire: String,
    /// Rust name of the variant.
    pub rust: String,
    /// What happened.
    pub summary: String,
    /// More to know.
    pub details: Option<String>,
    /// Address of the documentation page.
    pub documentation: String,
    /// Number in the synchronous push.
    pub biz_type: u32,
    /// Object that it carries.
    pub data: String,
}
