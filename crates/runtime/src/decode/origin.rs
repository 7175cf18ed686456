//! Where an object of an answer comes from, so that it can say what it lacks.

use std::fmt;
use std::hash::{Hash, Hasher};

use crate::{Error, ErrorKind, Operation, Phase};

/// The operation that an object came from. Two objects do not differ by it.
#[doc(hidden)]
#[derive(Clone, Copy, Default)]
pub struct Origin(Option<&'static Operation>);

impl Origin {
    pub(super) fn of(operation: Option<&'static Operation>) -> Self {
        Self(operation)
    }

    /// The value of a field, or an error that says which is missing of what.
    #[inline]
    pub fn given<T>(self, value: Option<T>, object: &'static str, field: &'static str) -> Result<T, Error> {
        value.ok_or_else(|| self.lacks(object, field))
    }

    #[cold]
    fn lacks(self, object: &'static str, field: &'static str) -> Error {
        let detail = format!("there is no `{field}` in the `{object}` that came");
        Error::new(ErrorKind::Absent, Phase::Applied, detail).with(|facts| facts.operation = self.0)
    }
}

impl PartialEq for Origin {
    fn eq(&self, _: &Self) -> bool {
        true
    }
}

impl Eq for Origin {}

impl Hash for Origin {
    fn hash<H: Hasher>(&self, _: &mut H) {}
}

impl fmt::Debug for Origin {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(self.0.map_or("unknown", |operation| operation.name))
    }
}
