//! The command line: its commands, and the flags that all of them have.

use clap::{Args, Parser, Subcommand};

use crate::{Context, Failure, api, commands, connection, progress, remote};

/// DingTalk Storage, the enterprise cloud drive of DingTalk
#[derive(Debug, Parser)]
#[command(name = "dingtalk-storage", version, after_help = remote::HELP, after_long_help = after_long_help())]
#[command(arg_required_else_help = true, subcommand_required = true, disable_help_subcommand = true)]
pub struct Program {
    #[command(flatten)]
    pub global: Global,
    #[command(subcommand)]
    pub command: Command,
}

/// The command line, as it is parsed.
pub fn command() -> clap::Command {
    <Program as clap::CommandFactory>::command()
}

fn after_long_help() -> String {
    format!("{}\n\n{}", remote::HELP, connection::HELP)
}

/// Flags of all commands.
#[derive(Debug, Clone, Args)]
#[command(next_help_heading = "All commands")]
pub struct Global {
    /// One JSON object per line, for scripts; failures too, on standard error
    #[arg(long, global = true)]
    pub json: bool,
    /// Say nothing but results and failures
    #[arg(short, long, global = true)]
    pub quiet: bool,
    /// Tell at the end what it has cost: calls by operation, bytes, retries
    #[arg(short, long, global = true, action = clap::ArgAction::Count)]
    pub verbose: u8,
    /// How far transfers have come, on standard error
    #[arg(long, global = true, value_enum, value_name = "HOW", default_value_t = progress::Mode::Auto)]
    pub progress: progress::Mode,
    /// Make no more metered calls of the API than this; what was not done by then fails with exit code 6
    #[arg(long, global = true, value_name = "N")]
    pub max_calls: Option<u64>,
    /// Make no more calls of an operation in a second than this, 20 without it. The API's limit of 20 is that of the app:
    /// machines that share one divide it among themselves
    #[arg(long, global = true, value_name = "N", value_parser = at_least_one::<std::num::NonZeroU32>)]
    pub calls_per_second: Option<std::num::NonZeroU32>,
    #[command(flatten)]
    pub connection: connection::Flags,
}

/// Reads a number of things of which there must be one; what the standard library says of a 0 is about types.
pub fn at_least_one<N: std::str::FromStr>(text: &str) -> Result<N, String> {
    text.parse().map_err(|_| "a whole number from 1 on is needed".to_owned())
}

#[derive(Debug, Subcommand)]
pub enum Command {
    Spaces(commands::spaces::Spaces),
    Ls(commands::ls::Ls),
    Tree(commands::tree::Tree),
    Stat(commands::stat::Stat),
    Find(commands::find::Find),
    Search(commands::search::Search),
    Du(commands::du::Du),
    Cat(commands::cat::Cat),
    Put(commands::put::Put),
    Get(commands::get::Get),
    Sync(commands::sync::Sync),
    Check(commands::check::Check),
    Mkdir(commands::mkdir::Mkdir),
    Cp(commands::cp::Cp),
    Mv(commands::mv::Mv),
    Rm(commands::rm::Rm),
    Trash(commands::trash::Trash),
    Restore(commands::restore::Restore),
    Versions(commands::versions::Versions),
    Link(commands::link::Link),
    Task(commands::task::Task),
    Transfers(commands::transfers::Transfers),
    Share(commands::share::Share),
    Unshare(commands::share::Unshare),
    Permissions(commands::permissions::Permissions),
    Audit(commands::audit::Audit),
    Watch(commands::watch::Watch),
    Serve(commands::serve::Serve),
    Login(commands::login::Login),
    Profiles(commands::profiles::Profiles),
    Whoami(commands::whoami::Whoami),
    Scopes(commands::scopes::Scopes),
    Doctor(commands::doctor::Doctor),
    Api(api::Api),
    Completions(commands::completions::Completions),
    Help(commands::help::Help),
    #[cfg(feature = "mcp")]
    Mcp(crate::mcp::Mcp),
    #[cfg(feature = "emulator")]
    Emulator(crate::emulator::Emulator),
}

impl Command {
    /// Carries it out.
    pub async fn run(self, context: &Context) -> Result<(), Failure> {
        match self {
            Self::Spaces(arguments) => commands::spaces::run(arguments, context).await,
            Self::Ls(arguments) => commands::ls::run(arguments, context).await,
            Self::Tree(arguments) => commands::tree::run(arguments, context).await,
            Self::Stat(arguments) => commands::stat::run(arguments, context).await,
            Self::Find(arguments) => commands::find::run(arguments, context).await,
            Self::Search(arguments) => commands::search::run(arguments, context).await,
            Self::Du(arguments) => commands::du::run(arguments, context).await,
            Self::Cat(arguments) => commands::cat::run(arguments, context).await,
            Self::Put(arguments) => commands::put::run(arguments, context).await,
            Self::Get(arguments) => commands::get::run(arguments, context).await,
            Self::Sync(arguments) => commands::sync::run(arguments, context).await,
            Self::Check(arguments) => commands::check::run(arguments, context).await,
            Self::Mkdir(arguments) => commands::mkdir::run(arguments, context).await,
            Self::Cp(arguments) => commands::cp::run(arguments, context).await,
            Self::Mv(arguments) => commands::mv::run(arguments, context).await,
            Self::Rm(arguments) => commands::rm::run(arguments, context).await,
            Self::Trash(arguments) => commands::trash::run(arguments, context).await,
            Self::Restore(arguments) => commands::restore::run(arguments, context).await,
            Self::Versions(arguments) => commands::versions::run(arguments, context).await,
            Self::Link(arguments) => commands::link::run(arguments, context).await,
            Self::Task(arguments) => commands::task::run(arguments, context).await,
            Self::Transfers(arguments) => commands::transfers::run(arguments, context).await,
            Self::Share(arguments) => commands::share::share(arguments, context).await,
            Self::Unshare(arguments) => commands::share::unshare(arguments, context).await,
            Self::Permissions(arguments) => commands::permissions::run(arguments, context).await,
            Self::Audit(arguments) => commands::audit::run(arguments, context).await,
            Self::Watch(arguments) => commands::watch::run(arguments, context).await,
            Self::Serve(arguments) => commands::serve::run(arguments, context).await,
            Self::Login(arguments) => commands::login::run(arguments, context).await,
            Self::Profiles(arguments) => commands::profiles::run(arguments, context).await,
            Self::Whoami(arguments) => commands::whoami::run(&arguments, context),
            Self::Scopes(arguments) => commands::scopes::run(&arguments, context),
            Self::Doctor(arguments) => commands::doctor::run(arguments, context).await,
            Self::Api(arguments) => api::run(arguments, context).await,
            Self::Completions(arguments) => commands::completions::run(&arguments),
            Self::Help(arguments) => commands::help::run(&arguments, context),
            #[cfg(feature = "mcp")]
            Self::Mcp(arguments) => crate::mcp::run(arguments, context).await,
            #[cfg(feature = "emulator")]
            Self::Emulator(arguments) => crate::emulator::run(arguments),
        }
    }
}
