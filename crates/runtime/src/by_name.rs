//! Operations called by their name: parameters and answers as JSON.
//!
//! Every operation has a [`Named`]: a table of its parameters, which reads one flat JSON object strictly into
//! the typed request, and the way of its answer back to JSON. What is wrong with the parameters is found all
//! at once and before anything is sent. Answers are decoded as leniently as ever and encoded again under
//! their wire names, so that what this version knows of them comes out in one shape.
//!
//! Secrets of an answer are part of its JSON: whoever asks for an upload key wants to see it. A
//! [`Preview`] of a request hides them.

mod argument;
mod error;
mod findings;
mod form_file;
#[macro_use]
mod macros;
mod members;
mod named;
mod path;
mod preview;
mod read;
mod reader;
mod shape;
mod suggest;

pub use argument::{Argument, shape_of};
pub use error::Error;
pub use findings::{Findings, Problem, ProblemKind};
pub use form_file::file;
pub use members::Members;
pub use named::{Named, Request, find, request};
pub use path::At;
pub use preview::Preview;
pub use read::Read;
pub use reader::Reader;
pub use shape::{Member, Parameter, Place, Shape};
