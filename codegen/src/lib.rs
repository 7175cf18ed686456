//! The generator: a checked spec becomes the source files of the client crate.
//!
//! `spec -> lower -> render -> write`. Everything but the last step is a function from data to data.

pub mod changes;
mod error;
pub mod ir;
mod lower;
mod names;
pub mod openapi;
mod output;
pub mod reading;
mod render;
mod section;
mod write;

use dingtalk_storage_spec::Spec;

pub use error::Error;
pub use lower::lower;
pub use output::Output;
pub use render::{render, render_coverage};
pub use section::Section;
pub use write::{Changes, Disk, FileSystem, Writer};

/// Makes all source files from a spec that the compiler has accepted.
///
/// # Errors
///
/// Only if the spec names something that it does not define, which the compiler refuses before.
pub fn generate(spec: &Spec) -> Result<Output, Error> {
    render(&lower(spec)?)
}
