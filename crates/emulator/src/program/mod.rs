//! The emulator as a command: its arguments, and its run. The command `dingtalk-storage emulator` is the same.

use std::io::Write;
use std::net::{IpAddr, Ipv4Addr};
use std::path::PathBuf;

use clap::{Args, ValueEnum};
use serde::Serialize;

use crate::{Credentials, Emulator, Error, Limits, Options, Plan};

mod ending;
mod waiting;

/// Arguments of the command.
#[derive(Debug, Clone, Args)]
#[allow(clippy::struct_excessive_bools, reason = "each is a switch of its own")]
pub struct Arguments {
    /// Port of the API; 0 takes a free one
    #[arg(long, default_value_t = 0)]
    pub port: u16,
    /// Port of the object storage; 0 takes a free one
    #[arg(long, default_value_t = 0)]
    pub storage_port: u16,
    /// Address to listen on
    #[arg(long, default_value_t = IpAddr::V4(Ipv4Addr::LOCALHOST))]
    pub address: IpAddr,
    /// Needed for any address but loopback: there is no encryption, and the admin API asks for no credentials
    #[arg(long)]
    pub let_other_machines_in: bool,
    /// Origin of web pages that may call the API and the object storage, such as `http://localhost:5173`, or `*`; may be given
    /// more than once
    #[arg(long, value_name = "ORIGIN")]
    pub cors: Vec<String>,
    /// Let news go to subscribers on other machines of a private network, such as other containers
    #[arg(long)]
    pub let_news_out: bool,
    /// Name or address for the URLs that are announced and signed, when clients reach it under another than `--address`
    #[arg(long)]
    pub public_host: Option<String>,
    /// Folder for state and bytes, which are there again at the next start; without it, all is in memory
    #[arg(long)]
    pub folder: Option<PathBuf>,
    /// YAML file with people, apps, spaces and files to begin with
    #[arg(long)]
    pub plan: Option<PathBuf>,
    /// Folder whose files are in the default space to begin with
    #[arg(long, conflicts_with = "plan")]
    pub files: Option<PathBuf>,
    /// Folder with a dump to begin with
    #[arg(long, conflicts_with_all = ["plan", "files"])]
    pub load: Option<PathBuf>,
    /// Seed of ids and secrets
    #[arg(long)]
    pub seed: Option<u64>,
    /// Let the clock stand still at 2026-01-01 until the admin API moves it
    #[arg(long)]
    pub virtual_clock: bool,
    /// Which limits of the platform hold
    #[arg(long, value_enum, default_value_t = LimitChoice::Off)]
    pub limits: LimitChoice,
    /// Seconds that a new access token lives
    #[arg(long, default_value_t = 7200)]
    pub token_seconds: i64,
    /// Permission that the apps have; may be given more than once, and without it they have all
    #[arg(long = "scope")]
    pub scopes: Vec<String>,
    /// Ignore parameters that the documentation does not know, as the platform does, instead of refusing them
    #[arg(long)]
    pub loose: bool,
    /// End when standard input ends: a pipe that the test holds ends with the test, however that ends
    #[arg(long)]
    pub end_with_stdin: bool,
    /// End when the process that started it is gone
    #[cfg(unix)]
    #[arg(long)]
    pub end_with_parent: bool,
    /// File, or named pipe, that gets the line of JSON as well once it answers; reading from the pipe waits for that
    #[arg(long, value_name = "FILE")]
    pub announce: Option<PathBuf>,
    /// Start nothing, but wait until the emulator at this URL answers, for a minute at most
    #[arg(long, value_name = "URL")]
    pub wait_for: Option<String>,
}

/// Which limits hold.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum LimitChoice {
    /// None
    Off,
    /// 20 calls a second for each app and operation, 10,000 calls a month, 10,000 calls in 20 seconds from an address
    Documented,
}

/// What is printed when the emulator answers, as one line of JSON.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct Announcement<'a> {
    api_url: &'a str,
    storage_url: &'a str,
    #[serde(flatten)]
    credentials: Credentials,
}

impl Arguments {
    fn options(self) -> Result<Options, Error> {
        let plan = match (&self.plan, &self.files) {
            (Some(file), _) => Some(Plan::read(file)?),
            (None, Some(folder)) => Some(Plan::of_folder(folder)),
            (None, None) => None,
        };
        Ok(Options {
            address: self.address,
            port: self.port,
            storage_port: self.storage_port,
            allow_other_hosts: self.let_other_machines_in,
            cors: self.cors,
            allow_private_subscribers: self.let_news_out,
            public_host: self.public_host,
            seed: self.seed,
            virtual_clock: self.virtual_clock,
            limits: match self.limits {
                LimitChoice::Off => Limits::off(),
                LimitChoice::Documented => Limits::documented(),
            },
            token_seconds: self.token_seconds,
            scopes: (!self.scopes.is_empty()).then_some(self.scopes),
            loose: self.loose,
            folder: self.folder,
            load: self.load,
            plan,
            ..Options::default()
        })
    }
}

/// Starts an emulator, prints one line of JSON when it answers, and runs until it is interrupted or terminated, or what
/// else it was told to end with.
///
/// The environment variable `RUST_LOG` makes it log to standard error: `RUST_LOG=info` has a line for each request.
///
/// # Errors
///
/// When it does not start, or its line cannot be printed.
pub async fn run(arguments: Arguments) -> Result<(), Error> {
    if let Some(url) = &arguments.wait_for {
        return waiting::wait_for(url).await;
    }
    let announce = arguments.announce.clone();
    let tell = async |emulator: &Emulator| {
        let announcement = Announcement {
            api_url: emulator.api_url(),
            storage_url: emulator.storage_url(),
            credentials: emulator.credentials(),
        };
        let line = serde_json::to_string(&announcement).unwrap_or_default();
        let mut output = std::io::stdout().lock();
        let printed = writeln!(output, "{line}").and_then(|()| output.flush());
        drop(output);
        printed.map_err(|error| Error::Process("print its line", error))?;
        match announce {
            Some(file) => waiting::announce(&file, &line).await.map_err(|error| Error::Announce(file, error)),
            None => Ok(()),
        }
    };
    run_with(arguments, tell).await
}

/// The same with something else to do and to say when it answers, before it is waited for its end. What is to be announced
/// or waited for is not looked at.
///
/// # Errors
///
/// When it does not start, and what `answered` fails with.
pub async fn run_with<E: From<Error>>(
    arguments: Arguments,
    answered: impl AsyncFnOnce(&Emulator) -> Result<(), E>,
) -> Result<(), E> {
    log();
    // Asked for before the line is printed: who has read it may send a signal at once.
    let ended = ending::ending(&arguments).map_err(|error| Error::Process("wait for its end", error))?;
    let emulator = Emulator::builder().options(arguments.options()?).start().await?;
    answered(&emulator).await?;
    ended.await;
    emulator.stop().await;
    Ok(())
}

/// Logs what `RUST_LOG` asks for; without it nothing. A process that logs already goes on as it does.
fn log() {
    use tracing_subscriber::EnvFilter;
    if let Ok(filter) = EnvFilter::try_from_default_env() {
        let _ = tracing_subscriber::fmt().with_env_filter(filter).with_writer(std::io::stderr).try_init();
    }
}

/// The same in a process that has no runtime of its own, for its whole life.
///
/// # Errors
///
/// When it does not start, or its line cannot be printed.
pub fn run_blocking(arguments: Arguments) -> Result<(), Error> {
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build();
    runtime.map_err(|error| Error::Process("start", error))?.block_on(run(arguments))
}
