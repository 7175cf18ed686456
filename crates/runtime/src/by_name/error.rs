//! Why a request by name cannot be made.

use std::fmt;

use super::findings::Problem;
use crate::Operation;

/// Why a request by name cannot be made. Nothing was sent.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub enum Error {
    /// There is no operation of this name.
    UnknownOperation {
        /// The name.
        name: String,
        /// What may have been meant.
        suggestions: Vec<&'static str>,
    },
    /// The parameters are not those of the operation.
    WrongParameters {
        /// The operation.
        operation: &'static Operation,
        /// Everything that is wrong, in no more than one problem for each place.
        problems: Vec<Problem>,
    },
}

impl fmt::Display for Error {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::UnknownOperation { name, suggestions } => {
                write!(formatter, "there is no operation {name:?}")?;
                match suggestions.as_slice() {
                    [] => Ok(()),
                    names => write!(formatter, "; did you mean {}?", names.join(" or ")),
                }
            }
            Self::WrongParameters { operation, problems } => {
                write!(formatter, "the parameters of {} are wrong:", operation.name)?;
                problems.iter().try_for_each(|problem| write!(formatter, "\n  {problem}"))
            }
        }
    }
}

impl std::error::Error for Error {}
