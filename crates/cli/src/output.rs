//! What the program says: results on standard output, everything else on standard error; for people, or as JSON for
//! scripts, one object per line.

mod envelope;
mod escape;
mod people;
mod record;

use std::io::{self, IsTerminal, Write};

use crate::Failure;
use crate::exit::Code;

pub use envelope::Line;
pub use escape::{called, escaped, is_deceiving};
pub use people::{calls, size, time};
pub use record::*;

/// How results are written.
#[derive(Debug, Clone, Copy)]
pub struct Output {
    /// As JSON, for scripts.
    pub json: bool,
    /// Nothing on standard error but failures.
    pub quiet: bool,
    colors: bool,
}

impl Output {
    pub fn new(json: bool, quiet: bool) -> Self {
        let wanted = std::env::var_os("NO_COLOR").is_none_or(|value| value.is_empty());
        Self { json, quiet, colors: !json && wanted && io::stdout().is_terminal() }
    }

    /// Writes a result: the record for scripts, or the line for people. Names in the line are escaped by whoever makes it.
    pub fn record(self, record: &Record, people: impl FnOnce() -> String) -> Result<(), Failure> {
        if self.json {
            return print(&format!("{}\n", Line::result(record)));
        }
        let mut text = people();
        if !text.is_empty() && !text.ends_with('\n') {
            text.push('\n');
        }
        print(&text)
    }

    /// Tells a person something that is no result.
    pub fn note(self, text: &str) {
        if !self.quiet && !self.json {
            complain(text);
        }
    }

    /// Tells what was asked for beside the results, as a record for scripts.
    pub fn aside(self, record: &Record, people: impl FnOnce() -> String) {
        complain(&if self.json { Line::result(record).to_string() } else { people() });
    }

    /// Tells about a failure, of all or of one item.
    pub fn failure(self, failure: &Failure, item: Option<&str>) {
        if failure.code == Code::Closed {
            return;
        }
        if self.json {
            return complain(&Line::error(failure, item).to_string());
        }
        let place = item.map(|item| format!("{}: ", escaped(item))).unwrap_or_default();
        // Further lines of a message stand back, so that none looks like one of this program.
        let told = failure.to_string();
        let lines: Vec<String> = told.lines().map(escaped).collect();
        complain(&format!("error: {place}{}", lines.join("\n  ")));
    }

    /// The name of a folder, so that it stands out.
    pub fn folder(self, name: &str) -> String {
        if self.colors { format!("\x1b[1;34m{name}\x1b[0m") } else { name.to_owned() }
    }
}

/// Prints a text. Nothing more is made for a reader that has seen enough, such as `head`.
pub fn print(text: &str) -> Result<(), Failure> {
    print_bytes(text.as_bytes())
}

/// Prints bytes as they are.
pub fn print_bytes(bytes: &[u8]) -> Result<(), Failure> {
    let mut stdout = io::stdout().lock();
    match stdout.write_all(bytes).and_then(|()| stdout.flush()) {
        Ok(()) => Ok(()),
        Err(error) if error.kind() == io::ErrorKind::BrokenPipe => Err(Failure::new(Code::Closed, "")),
        Err(error) => Err(Failure::local("the output cannot be written", &error)),
    }
}

/// Prints a line for the person at the screen.
pub fn complain(line: &str) {
    // There is nobody left to tell if this fails.
    drop(writeln!(io::stderr(), "{line}"));
}
