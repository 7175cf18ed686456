//! `completions`: what a shell completes, places of the drive too.

use std::ffi::OsStr;

use clap::{Args, ValueEnum};
use clap_complete::engine::{ArgValueCompleter, CompletionCandidate, PathCompleter, ValueCompleter};
use clap_complete::env::{CompleteEnv, Shells};

use crate::connection::Settings;
use crate::program::{self, Program};
use crate::remote::{self, Remote};
use crate::{Context, Failure, output};

/// Variable by which a shell asks for completions.
const VARIABLE: &str = "DINGTALK_STORAGE_COMPLETE";
const PROGRAM: &str = "dingtalk-storage";
const COLONS: &str = include_str!("completions/colons.bash");

/// Print what makes a shell complete commands, flags and places of the drive
///
/// For bash: `source <(dingtalk-storage completions bash)`. The drive is asked for its places by the settings of the
/// environment and of the profile, at one call for a folder.
#[derive(Debug, Args)]
pub struct Completions {
    /// The shell
    #[arg(value_enum)]
    shell: Shell,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Shell {
    Bash,
    Zsh,
    Fish,
    Powershell,
    Elvish,
}

pub fn run(arguments: &Completions) -> Result<(), Failure> {
    let shell = arguments.shell.to_possible_value().map(|value| value.get_name().to_owned()).unwrap_or_default();
    let shells = Shells::builtins();
    let shell = shells.completer(&shell).ok_or_else(|| Failure::usage(format!("{shell} cannot complete")))?;
    let mut script = Vec::new();
    shell
        .write_registration(VARIABLE, PROGRAM, PROGRAM, PROGRAM, &mut script)
        .map_err(|error| Failure::local("the completions cannot be made", &error))?;
    let script = String::from_utf8_lossy(&script);
    output::print(&if arguments.shell == Shell::Bash { with_colons(&script) } else { script.into_owned() })
}

/// Has places completed by bash, for which a colon ends a word.
fn with_colons(script: &str) -> String {
    format!("{}{COLONS}", script.replace(" -F _clap_complete_dingtalk_storage ", " -F _dingtalk_storage "))
}

/// Answers a shell that asks for completions; then the process ends.
pub fn answer_shell() {
    CompleteEnv::with_factory(program::command).var(VARIABLE).complete();
}

/// Completes places of the drive, and files of this machine.
pub fn places() -> ArgValueCompleter {
    ArgValueCompleter::new(|current: &OsStr| match current.to_str() {
        Some(text) if text.starts_with("ding:") => remote_places(text).unwrap_or_default(),
        _ => {
            let mut local = PathCompleter::any().complete(current);
            if current.to_str().is_some_and(|text| "ding:".starts_with(text)) {
                local.push(CompletionCandidate::new("ding:"));
            }
            local
        }
    })
}

/// Places that begin like a text. Who presses a key wants no message where nothing can be completed.
fn remote_places(text: &str) -> Option<Vec<CompletionCandidate>> {
    let global = <Program as clap::Parser>::try_parse_from([PROGRAM, "spaces", "--quiet"]).ok()?.global;
    let settings = Settings::gather(&global.connection).ok()?;
    let context = Context::new(global, settings, output::Output::new(false, true));
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().ok()?;
    let found = runtime.block_on(begun(text, &context)).ok()?;
    runtime.shutdown_background();
    Some(found.into_iter().map(CompletionCandidate::new).collect())
}

async fn begun(text: &str, context: &Context) -> Result<Vec<String>, Failure> {
    let drive = context.drive().await?;
    let Some((above, begun)) = text.rsplit_once('/') else {
        let spaces = remote::spaces(drive).await?;
        let names = spaces.into_iter().filter_map(|space| space.space_name).filter(|name| !name.contains('/'));
        let places = names.map(|name| format!("ding:{name}/")).chain(["ding:@my-docs/".to_owned()]);
        return Ok(places.filter(|place| place.starts_with(text)).collect());
    };
    let folder = Remote::parse(&format!("{above}/"))?.resolve(drive).await?;
    let mut children = remote::children(drive, &folder.entry).await?;
    children.retain(|child| child.name.starts_with(begun) && !child.name.chars().any(output::is_deceiving));
    let shown = |child: &dingtalk_storage_transfer::Entry| {
        format!("{above}/{}{}", child.name, if child.is_folder() { "/" } else { "" })
    };
    Ok(children.iter().map(shown).collect())
}
