//! Output that is long enough to be piped into a program that reads its beginning alone.

use std::io::{ErrorKind, Write};

use crate::Failure;

/// Writes to standard output. Who stops reading has read enough: that is no failure.
pub fn print(text: &str) -> Result<(), Failure> {
    match std::io::stdout().write_all(text.as_bytes()) {
        Err(error) if error.kind() == ErrorKind::BrokenPipe => Ok(()),
        written => Ok(written?),
    }
}
