//! What can go wrong in the generator. A spec that the compiler accepts causes none of it but [`Error::Write`].

use std::path::PathBuf;

/// An error of the generator.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// A name of the spec stands for nothing.
    #[error("{place}: `{name}` is not defined; run `cargo xtask check` on the spec first")]
    Undefined {
        /// Where it is used.
        place: String,
        /// The name.
        name: String,
    },
    /// The generator wrote something that is not Rust.
    #[error("the generator made invalid Rust for {file}: {message}; this is a defect of the generator")]
    InvalidRust {
        /// File that was to be written.
        file: String,
        /// What the parser said.
        message: String,
    },
    /// Two things of the spec make one file.
    #[error("{file} would be generated twice; this is a defect of the checks, which refuse names that are taken")]
    Twice {
        /// The file.
        file: String,
    },
    /// A file could not be read, written or removed.
    #[error("cannot {action} {}: {source}", path.display())]
    Write {
        /// What was tried.
        action: &'static str,
        /// The file.
        path: PathBuf,
        /// Why it failed.
        source: std::io::Error,
    },
    /// A file in which a part is generated lacks the lines around that part.
    #[error("{} lacks the lines `{begin}` and `{end}`, between which the generator writes; put them back", path.display())]
    NoSection {
        /// The file.
        path: PathBuf,
        /// The line before the part.
        begin: &'static str,
        /// The line after it.
        end: &'static str,
    },
    /// A file stands where generated files go, but the generator did not write it.
    #[error("{} was not written by the generator; move it out of the folder of generated files", path.display())]
    Foreign {
        /// The file.
        path: PathBuf,
    },
}
