//! The emulator as a program.

use std::process::ExitCode;

use clap::Parser;
use dingtalk_storage_emulator::program::{Arguments, run_blocking};

/// DingTalk Storage in one process: stateful, strict, and able to fail on command
#[derive(Debug, Parser)]
#[command(version)]
struct Command {
    #[command(flatten)]
    arguments: Arguments,
}

fn main() -> ExitCode {
    let command = Command::parse();
    match run_blocking(command.arguments) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("error: {error}");
            ExitCode::FAILURE
        }
    }
}
