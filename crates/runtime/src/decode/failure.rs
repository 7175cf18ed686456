//! Why an answer, or a part of it, cannot be read; told without any of its values.

use std::fmt;

/// Why a value cannot be read, and where it stands.
///
/// It is shown without any value of the answer, and without names that are the server's data.
pub struct Failure(Box<Fault>);

struct Fault {
    reason: Reason,
    /// From the innermost to the outermost.
    steps: Vec<Step>,
    is_below_unknown: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Reason {
    /// The text ends before its JSON does.
    CutShort,
    NotJson,
    Shape {
        expected: &'static str,
        found: &'static str,
    },
    /// A field that must be there is not.
    Missing(&'static str),
    TooDeep,
    TooMany(usize),
    TooLarge(usize),
}

/// One level of the way down to a value.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Step {
    Field(String),
    /// A name that is the server's data: a key of a map, or what no field is called.
    Hidden,
    Element(usize),
}

impl Failure {
    #[cold]
    fn new(reason: Reason) -> Self {
        Self(Box::new(Fault { reason, steps: Vec::new(), is_below_unknown: false }))
    }

    pub(super) fn cut_short() -> Self {
        Self::new(Reason::CutShort)
    }

    pub(super) fn not_json() -> Self {
        Self::new(Reason::NotJson)
    }

    pub(super) fn shape(expected: &'static str, found: &'static str) -> Self {
        Self::new(Reason::Shape { expected, found })
    }

    pub(super) fn missing(name: &'static str) -> Self {
        Self::new(Reason::Missing(name))
    }

    pub(super) fn too_deep() -> Self {
        Self::new(Reason::TooDeep)
    }

    pub(super) fn too_many(elements: usize) -> Self {
        Self::new(Reason::TooMany(elements))
    }

    pub(super) fn too_large(bytes: usize) -> Self {
        Self::new(Reason::TooLarge(bytes))
    }

    /// The answer is no whole JSON text, as if it had been cut on its way; its shape says nothing then.
    pub(crate) fn is_broken(&self) -> bool {
        matches!(self.0.reason, Reason::CutShort | Reason::NotJson)
    }

    /// The text ends before its JSON does.
    pub(crate) fn is_cut_short(&self) -> bool {
        self.0.reason == Reason::CutShort
    }

    /// It is no JSON, wherever it ends.
    pub(crate) fn is_not_json(&self) -> bool {
        self.0.reason == Reason::NotJson
    }

    /// It is more than may be read, whatever it says.
    pub(crate) fn is_about_bounds(&self) -> bool {
        matches!(self.0.reason, Reason::TooMany(_) | Reason::TooLarge(_))
    }

    /// The JSON is whole and within its bounds; one value has another shape than its field.
    pub(super) fn is_about_one_value(&self) -> bool {
        matches!(self.0.reason, Reason::Shape { .. } | Reason::Missing(_))
    }

    /// The field that must be there and is not, at the top of what was read.
    pub(super) fn missing_field(&self) -> Option<&'static str> {
        match self.0.reason {
            Reason::Missing(name) if self.0.steps.is_empty() => Some(name),
            _ => None,
        }
    }

    /// The same failure, of a value that no field is there for.
    pub(super) fn below_unknown(mut self) -> Self {
        self.0.is_below_unknown = true;
        self
    }

    /// The same failure, seen from one level further up.
    pub(super) fn below(mut self, step: Step) -> Self {
        let is_hidden = std::mem::take(&mut self.0.is_below_unknown);
        self.0.steps.push(if is_hidden { Step::Hidden } else { step });
        self
    }

    pub(super) fn into_steps(self) -> Vec<Step> {
        self.0.steps
    }

    /// Where it is, for example `$.dentries[3].size`.
    pub(crate) fn path(&self) -> String {
        path(&self.0.steps)
    }

    /// What is wrong there.
    pub(crate) fn problem(&self) -> String {
        match self.0.reason {
            Reason::CutShort => "the text ends too early".to_owned(),
            Reason::NotJson => "this is not JSON".to_owned(),
            Reason::Shape { expected, found } => format!("expected {expected}, found {found}"),
            Reason::Missing(name) => format!("the field {name} is missing"),
            Reason::TooDeep => "expected fewer levels, found deeply nested values".to_owned(),
            Reason::TooMany(most) => {
                format!("more than {most} elements; `most_elements` of the client or the call lets more in")
            }
            Reason::TooLarge(most) => {
                format!(
                    "it takes more than {most} bytes of memory; `largest_decoded` of the client or the call lets more in"
                )
            }
        }
    }
}

impl fmt::Display for Failure {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "at {}: {}", self.path(), self.problem())
    }
}

impl fmt::Debug for Failure {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_tuple("Failure").field(&self.to_string()).finish()
    }
}

impl std::error::Error for Failure {}

/// The way down, written from the top.
pub(super) fn path(steps: &[Step]) -> String {
    use fmt::Write as _;
    /// Deeper paths show their beginning; nobody reads more.
    const STEPS: usize = 32;
    let mut path = String::from("$");
    for step in steps.iter().rev().take(STEPS) {
        match step {
            Step::Field(name) => {
                path.push('.');
                path.push_str(name);
            }
            Step::Hidden => path.push_str(".*"),
            Step::Element(index) => {
                // Writing to a text cannot fail.
                let _ = write!(path, "[{index}]");
            }
        }
    }
    if steps.len() > STEPS {
        path.push('…');
    }
    path
}
