//! `serve`: the drive for other programs, by a program of its own.

use std::ffi::OsString;
use std::path::{Path, PathBuf};
use std::process::Command;

use clap::{Args, Subcommand};
use dingtalk_storage::types::UnionId;

use crate::connection::{self, Settings};
use crate::exit::Code;
use crate::remote::Remote;
use crate::{Context, Failure};

/// Serve a folder of the drive to other programs
///
/// Each kind of server is a program of its own, which is looked for beside this one and then in PATH. It gets the
/// connection by its environment.
#[derive(Debug, Args)]
pub struct Serve {
    #[command(subcommand)]
    kind: Kind,
}

#[derive(Debug, Subcommand)]
enum Kind {
    Webdav(Webdav),
}

/// Serve a folder by WebDAV, for desktops, rclone, davfs2 and others
///
/// It listens on this machine, behind a password that it prints. Options of the server follow the folder:
/// --bind ADDRESS, --user NAME, --password-file FILE, --cache-for SECONDS, --calls-per-hour N, --read-only,
/// --delete-for-good; `dingtalk-storage-webdav --help` has them all.
#[derive(Debug, Args)]
struct Webdav {
    /// The folder
    #[arg(value_name = "PLACE", add = super::completions::places())]
    place: String,
    /// Options of the server
    #[arg(value_name = "OPTION", trailing_var_arg = true, allow_hyphen_values = true)]
    options: Vec<OsString>,
}

/// The program that serves WebDAV, and how it is installed.
const WEBDAV: (&str, &str) =
    ("dingtalk-storage-webdav", "install it: `cargo install --path engines/webdav` in a checkout of the project");

pub async fn run(arguments: Serve, context: &Context) -> Result<(), Failure> {
    let Kind::Webdav(Webdav { place, options }) = arguments.kind;
    let place = Remote::parse(&place)?;
    // What is missing is told before anything is asked for.
    let program = program(WEBDAV)?;
    let (space, path) = place.in_space(context.drive().await?).await?;
    let operator = connection::operator(&context.settings, context.client().await?).await?;
    let mut server = Command::new(program);
    server.args(["--space", space.as_str(), "--path", if path.is_empty() { "/" } else { &path }]).args(options);
    connect(&mut server, &context.settings, &operator)?;
    become_it(server)
}

/// The program, beside this one or in PATH.
fn program((name, install): (&str, &str)) -> Result<PathBuf, Failure> {
    let file = format!("{name}{}", std::env::consts::EXE_SUFFIX);
    let beside = std::env::current_exe().ok().and_then(|own| own.parent().map(Path::to_owned));
    let path = std::env::var_os("PATH").unwrap_or_default();
    let found = beside.into_iter().chain(std::env::split_paths(&path)).map(|folder| folder.join(&file));
    found.into_iter().find(|program| program.is_file()).ok_or_else(|| {
        Failure::new(Code::NotFound, format!("{name} is neither beside this program nor in PATH")).hint(install)
    })
}

/// Hands over the connection, never by arguments, which everybody on a machine can see.
fn connect(server: &mut Command, settings: &Settings, operator: &UnionId) -> Result<(), Failure> {
    let secret = settings.app_secret()?;
    let all = [
        ("DINGTALK_REGION", settings.region.as_ref()),
        ("DINGTALK_ENDPOINT", settings.endpoint.as_ref()),
        ("DINGTALK_OAPI_ENDPOINT", settings.oapi_endpoint.as_ref()),
        ("DINGTALK_ALLOW_PLAIN_HTTP", settings.allow_plain_http.as_ref()),
        ("DINGTALK_ACCESS_TOKEN", settings.access_token.as_ref()),
        ("DINGTALK_APP_KEY", settings.app_key.as_ref()),
        ("DINGTALK_APP_SECRET", secret.as_ref()),
        ("DINGTALK_CORP_ID", settings.corp_id.as_ref()),
    ];
    for (name, setting) in all {
        match setting {
            Some(setting) => server.env(name, &setting.text),
            None => server.env_remove(name),
        };
    }
    server.env("DINGTALK_OPERATOR", operator.as_str());
    Ok(())
}

/// The server in the place of this program, so that whoever ends this one ends the server.
#[cfg(unix)]
fn become_it(mut server: Command) -> Result<(), Failure> {
    use std::os::unix::process::CommandExt;
    let error = server.exec();
    Err(Failure::local(format!("cannot run {}", server.get_program().display()), &error))
}

#[cfg(not(unix))]
fn become_it(mut server: Command) -> Result<(), Failure> {
    let ended = server.status();
    let ended =
        ended.map_err(|error| Failure::local(format!("cannot run {}", server.get_program().display()), &error))?;
    if ended.success() { Ok(()) } else { Err(Failure::new(Code::Failed, format!("the server ended: {ended}"))) }
}
