//! `dingtalk-storage`: DingTalk Storage from the command line.
//!
//! Each command is one module. It gives the text that goes to standard output, unless it runs on and prints by itself, or
//! a [`Failure`] that decides the exit code: 1 for what the API refused or the network lost, 2 for wrong use.

mod api;
mod connection;
#[cfg(feature = "emulator")]
mod emulator;
mod failure;
mod output;

use std::process::ExitCode;

use clap::{Parser, Subcommand};

use failure::Failure;

/// DingTalk Storage, the enterprise cloud drive of DingTalk
#[derive(Debug, Parser)]
#[command(name = "dingtalk-storage", version, after_help = connection::HELP)]
struct Program {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    Api(api::Api),
    /// Run a drive of your own on this machine, to try and to test: stateful, strict, and able to fail on command
    #[cfg(feature = "emulator")]
    Emulator(dingtalk_storage_emulator::program::Arguments),
}

fn main() -> ExitCode {
    let done = match Program::parse().command {
        Command::Api(arguments) => api::run(arguments).and_then(|text| output::print(&text)),
        #[cfg(feature = "emulator")]
        Command::Emulator(arguments) => emulator::run(arguments),
    };
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(failure) => {
            output::complain(&failure.to_string());
            failure.exit_code()
        }
    }
}
