//! Standard output and standard error, which whoever reads them may close at any time.

use std::io::{self, Write};

use crate::Failure;

/// Prints a text. A reader that has seen enough, such as `head`, is no failure.
pub fn print(text: &str) -> Result<(), Failure> {
    let mut stdout = io::stdout().lock();
    match stdout.write_all(text.as_bytes()).and_then(|()| stdout.flush()) {
        Err(error) if error.kind() != io::ErrorKind::BrokenPipe => {
            Err(Failure::Call(format!("the output cannot be written: {error}")))
        }
        _ => Ok(()),
    }
}

/// Prints a line for the person at the screen.
pub fn complain(line: &str) {
    // There is nobody left to tell if this fails.
    drop(writeln!(io::stderr(), "{line}"));
}
