//! `api`: every operation of the API, by its name.

mod call;
mod describe;
mod list;
mod parameters;
mod unknown;

use clap::{Args, Subcommand};
use dingtalk_storage::runtime::Status;

use crate::{Context, Failure, connection};

#[cfg(feature = "mcp")]
pub use describe::description;
#[cfg(feature = "mcp")]
pub use parameters::{nested, operator_parameter};

/// Call any operation of the API by its name
#[derive(Debug, Args)]
#[command(args_conflicts_with_subcommands = true, subcommand_negates_reqs = true, after_help = connection::HELP)]
pub struct Api {
    #[command(subcommand)]
    command: Option<Command>,
    #[command(flatten)]
    call: Option<call::Call>,
}

#[derive(Debug, Subcommand)]
enum Command {
    List(list::List),
    Describe(describe::Describe),
}

/// Prints what the command gives.
pub async fn run(arguments: Api, context: &Context) -> Result<(), Failure> {
    match (arguments.command, arguments.call) {
        (Some(Command::List(arguments)), _) => list::run(&arguments, context),
        (Some(Command::Describe(arguments)), _) => describe::run(&arguments, context),
        (None, Some(arguments)) => call::run(&arguments, context).await,
        (None, None) => Err(Failure::usage("name an operation; `dingtalk-storage api list` shows them")),
    }
}

/// How an operation that the documentation does not offer is marked.
fn mark(status: Status) -> &'static str {
    match status {
        Status::Current => "",
        Status::Legacy => " [legacy]",
        Status::Undocumented => " [undocumented]",
    }
}
