//! `emulator`: a drive of one's own, in this process.

mod demo;

use clap::Args;
use dingtalk_storage_emulator::Error;
use dingtalk_storage_emulator::program::{Arguments, run_blocking};

use crate::Failure;
use crate::exit::Code;

/// Run a drive of your own on this machine, to try and to test: stateful, strict, and able to fail on command
#[derive(Debug, Args)]
pub struct Emulator {
    /// Fill the drive with a few files, and print what to paste into another terminal in place of the line of JSON
    #[arg(long, conflicts_with_all = ["plan", "files", "load", "folder", "wait_for", "announce", "scopes"])]
    demo: bool,
    /// Leave the demonstration running, and come back: for `eval "$(dingtalk-storage emulator --demo --background)"`
    #[arg(long, requires = "demo")]
    background: bool,
    #[command(flatten)]
    arguments: Arguments,
}

/// Prints one line when the emulator answers, or the exports of a demonstration, and runs until it is interrupted or
/// terminated.
pub fn run(arguments: Emulator) -> Result<(), Failure> {
    if arguments.background {
        return demo::run_in_background();
    }
    if arguments.demo {
        return demo::run(arguments.arguments);
    }
    Ok(run_blocking(arguments.arguments)?)
}

impl From<Error> for Failure {
    fn from(error: Error) -> Self {
        let code = match &error {
            Error::NotLoopback(_) | Error::PublicHost(_) | Error::Origin(_) | Error::Scope(_) => Code::Usage,
            Error::Plan(_) | Error::Folder(..) | Error::Dump(..) | Error::Announce(..) => Code::Local,
            _ => Code::Failed,
        };
        let failure = Self::new(code, error.to_string());
        match error {
            Error::NotLoopback(_) => failure.hint("give --let-other-machines-in to allow it"),
            _ => failure,
        }
    }
}
