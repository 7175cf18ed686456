//! The commands of the repository: `cargo xtask help` lists them.

mod audit;
mod changes;
mod check;
mod drift;
mod explain;
mod features;
mod generate;
mod openapi;
mod operations;
mod print;
mod quickstart;
mod repository;
mod review;
mod revision;
mod schema;
mod site;

use std::process::ExitCode;

use clap::{Parser, Subcommand};

/// Commands for whoever keeps the spec.
#[derive(Debug, Parser)]
#[command(name = "cargo xtask", bin_name = "cargo xtask")]
struct Arguments {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Generate the client crate from the spec.
    Generate(generate::Arguments),
    /// Hold the spec against the official SDK and the facts of the pages, and tell every disagreement.
    Audit(audit::Arguments),
    /// Compare the spec with that of a git revision: what changed, and what it means for users of the crate.
    Changes(changes::Arguments),
    /// Compile the spec and write nothing.
    Check(check::Arguments),
    /// Hold documentation pages against the spec, and tell every difference with its place on both sides.
    Drift(drift::Arguments),
    /// Tell the cause of a finding, an example, and how to mend it.
    Explain(explain::Arguments),
    /// Build the client crate with each feature alone, none, the default, and all.
    Features,
    /// Generate the client crate, then walk through the drive with it, against the emulator.
    Quickstart,
    /// Describe the API as an OpenAPI document.
    Openapi(openapi::Arguments),
    /// List all operations.
    Operations(operations::Arguments),
    /// Summarize a change for who reviews it: verdict, audit, drift, generated files, pages of the site.
    Review(review::Arguments),
    /// Write the JSON Schema of the spec format, which editors use.
    Schema(schema::Arguments),
    /// Make the documentation site: every operation, type, error, permission and event as a page.
    Site(site::Arguments),
}

/// Why a command did not do what it should. The exit code is 1; that of a wrong use is 2.
type Failure = Box<dyn std::error::Error>;

fn main() -> ExitCode {
    let done = match Arguments::parse().command {
        Command::Generate(arguments) => generate::run(&arguments),
        Command::Audit(arguments) => audit::run(&arguments),
        Command::Changes(arguments) => changes::run(&arguments),
        Command::Check(arguments) => check::run(&arguments),
        Command::Drift(arguments) => drift::run(&arguments),
        Command::Explain(arguments) => explain::run(&arguments),
        Command::Features => features::run(),
        Command::Quickstart => quickstart::run(),
        Command::Openapi(arguments) => openapi::run(&arguments),
        Command::Operations(arguments) => operations::run(&arguments),
        Command::Review(arguments) => review::run(&arguments),
        Command::Schema(arguments) => schema::run(&arguments),
        Command::Site(arguments) => site::run(&arguments),
    };
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(failure) => {
            eprintln!("{failure}");
            ExitCode::FAILURE
        }
    }
}
