//! `dingtalk-storage`: DingTalk Storage from the command line.
//!
//! Each command is one module of `commands`. It writes its results by [`output::Output`], or gives a [`Failure`] whose
//! code decides the exit code.

mod api;
mod commands;
mod connection;
mod context;
mod cost;
#[cfg(feature = "emulator")]
mod emulator;
mod exit;
mod failure;
mod interrupt;
#[cfg(feature = "mcp")]
mod mcp;
mod month;
mod output;
mod program;
mod progress;
mod remote;

use std::process::ExitCode;

use clap::Parser;
use clap::error::ErrorKind;

use connection::Settings;
use context::Context;
use failure::Failure;
use month::Month;
use output::{Output, Record};
use program::{Command, Global, Program};

fn main() -> ExitCode {
    commands::completions::answer_shell();
    // To know all commands takes half of the time of a start, and nothing of it is needed for this.
    if std::env::args_os().skip(1).eq(["--version"]) {
        let told = output::print(concat!("dingtalk-storage ", env!("CARGO_PKG_VERSION"), "\n"));
        return told.map_or_else(|failure| failure.exit_code(), |()| ExitCode::SUCCESS);
    }
    let program = match Program::try_parse() {
        Ok(program) => program,
        Err(error) => return refuse(&error),
    };
    let output = Output::new(program.global.json, program.global.quiet);
    match run(program, output) {
        Ok(()) => ExitCode::SUCCESS,
        Err(failure) => {
            output.failure(&failure, None);
            failure.exit_code()
        }
    }
}

/// Help and version, or what is wrong with the arguments, in the form that was asked for.
fn refuse(error: &clap::Error) -> ExitCode {
    let is_wrong = error.use_stderr() && error.kind() != ErrorKind::DisplayHelpOnMissingArgumentOrSubcommand;
    if is_wrong && std::env::args_os().skip(1).any(|argument| argument == "--json") {
        let text = error.render().to_string();
        let message = text.trim().trim_start_matches("error: ");
        Output::new(true, false).failure(&Failure::usage(message), None);
    } else {
        // There is nobody left to tell if this fails.
        drop(error.print());
    }
    ExitCode::from(u8::try_from(error.exit_code()).unwrap_or(exit::Exit::Usage.number()))
}

fn run(program: Program, output: Output) -> Result<(), Failure> {
    let command = match program.command {
        #[cfg(feature = "emulator")]
        Command::Emulator(arguments) => return emulator::run(arguments),
        command => command,
    };
    let settings = match &command {
        // It makes the profile that it names.
        Command::Login(_) => Settings::without_profile(&program.global.connection)?,
        _ => Settings::gather(&program.global.connection)?,
    };
    let context = Context::new(program.global, settings, output);
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
    let runtime = runtime.map_err(|error| Failure::local("the network cannot be used", &error))?;
    let done = runtime.block_on(interrupt::unless_interrupted(&context, command.run(&context)));
    // What still reads or writes a file is not waited for.
    runtime.shutdown_background();
    if let Some(month) = Month::now(&context.settings) {
        month.add(context.counter().count());
    }
    if context.global.verbose > 0 {
        output.aside(&Record::Cost(context.cost.record()), || context.cost.line());
    }
    done
}
