//! Every type of the format, every place, every need; and which of them make sense.

/// What stands at the core of a type.
pub const CORES: [&str; 15] = [
    "string",
    "int32",
    "int64",
    "uint64",
    "bool",
    "time",
    "timestamp",
    "errorCode",
    "any",
    "file",
    "MatrixId",
    "MatrixSecret",
    "MatrixKind",
    "MatrixThing",
    "object",
];

/// What stands around it; `orList` is a map of lists that may come as a list.
pub const AROUND: [&str; 8] =
    ["T", "[T]", "{string: T}", "[[T]]", "{string: [T]}", "[{string: T}]", "{string: {string: T}}", "orList"];

/// Where a field can stand.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Place {
    Path,
    Query,
    QueryIndexed,
    QueryJson,
    Body,
    Part,
    Flattened,
    RequestObject,
    SharedObject,
    AnswerObject,
    Answer,
}

pub const PLACES: [Place; 11] = [
    Place::Path,
    Place::Query,
    Place::QueryIndexed,
    Place::QueryJson,
    Place::Body,
    Place::Part,
    Place::Flattened,
    Place::RequestObject,
    Place::SharedObject,
    Place::AnswerObject,
    Place::Answer,
];

/// Whether a field may be left out.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Need {
    Required,
    Optional,
    Nullable,
    RequiredNullable,
    Always,
}

pub const NEEDS: [Need; 5] = [Need::Required, Need::Optional, Need::Nullable, Need::RequiredNullable, Need::Always];

/// One field of the matrix.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Cell {
    pub core: &'static str,
    pub around: &'static str,
    pub place: Place,
    pub need: Need,
}

/// All of them.
pub fn all() -> Vec<Cell> {
    let mut cells = Vec::new();
    for place in PLACES {
        for need in NEEDS {
            for around in AROUND {
                cells.extend(CORES.map(|core| Cell { core, around, place, need }));
            }
        }
    }
    cells
}

impl Cell {
    /// Whether it makes sense, so that `check` has to accept it.
    pub fn makes_sense(&self) -> bool {
        // Times that are numbers are not nested.
        let is_nested = !matches!(self.around, "T" | "[T]");
        let is_scalar =
            !matches!(self.core, "time" | "timestamp" | "errorCode" | "any" | "file" | "MatrixThing" | "object");
        let fits = match self.place {
            Place::Path | Place::Query => is_scalar && self.around == "T",
            Place::QueryIndexed | Place::QueryJson => is_scalar && self.around == "[T]",
            Place::Part => (is_scalar || self.core == "file") && self.around == "T",
            _ => self.core != "file",
        };
        let in_body = matches!(self.place, Place::Body | Place::Flattened | Place::RequestObject);
        let in_answers = matches!(self.place, Place::AnswerObject | Place::Answer | Place::SharedObject);
        let in_requests = !matches!(self.place, Place::AnswerObject | Place::Answer);
        let is_needed = match self.need {
            Need::Required => in_requests,
            Need::Optional => true,
            Need::Nullable | Need::RequiredNullable => in_body || self.place == Place::SharedObject,
            Need::Always => in_answers,
        };
        fits && is_needed && !(is_nested && self.core == "timestamp")
    }

    /// The field in YAML, with a name made of its number.
    pub fn field(&self, number: usize) -> String {
        let mut attributes = vec![format!("type: {}", self.kind()), format!("doc: Cell {number}.")];
        if self.core == "object" {
            attributes.push(format!("as: Inner{number}, fields: {{name: {{type: string, doc: A name.}}}}"));
        }
        let more = [
            (self.around == "orList", "orList: true"),
            (matches!(self.need, Need::Required | Need::RequiredNullable), "required: true"),
            (matches!(self.need, Need::Nullable | Need::RequiredNullable), "nullable: true"),
            (self.need == Need::Always, "always: true, evidence: The page."),
            (self.place == Place::QueryIndexed, "style: indexed"),
            (self.place == Place::QueryJson, "style: json"),
        ];
        attributes.extend(more.iter().filter(|(applies, _)| *applies).map(|(_, text)| (*text).to_owned()));
        format!("field{number}: {{{}}}", attributes.join(", "))
    }

    fn kind(&self) -> String {
        let around = if self.around == "orList" { "{string: [T]}" } else { self.around };
        around.replace('T', self.core)
    }
}
