//! `dingtalk-storage-webdav`: a folder of DingTalk Storage as a WebDAV server.

use std::net::SocketAddr;
use std::path::PathBuf;
use std::process::ExitCode;
use std::time::Duration;

use clap::Parser;
use dingtalk_storage::Client;
use dingtalk_storage::types::SpaceId;
use dingtalk_storage_transfer::Drive;
use dingtalk_storage_webdav::{Login, WebDav};
use tracing_subscriber::filter::{LevelFilter, Targets};
use tracing_subscriber::layer::SubscriberExt;
use tracing_subscriber::util::SubscriberInitExt;

/// Bytes of all files on their way up that wait in memory. A server has more of it than a program beside others; what
/// finds no place goes by the disk.
const READER_MEMORY: u64 = 64 << 20;

/// A folder of DingTalk Storage as a WebDAV server
///
/// It is started by `dingtalk-storage serve webdav PLACE`, which knows profiles, and serves until it is interrupted. By
/// itself it takes who makes the calls from the environment: `DINGTALK_REGION`, `DINGTALK_APP_KEY`, `DINGTALK_APP_SECRET` or
/// `DINGTALK_ACCESS_TOKEN`, and `DINGTALK_OPERATOR`.
#[derive(Debug, Parser)]
#[command(name = "dingtalk-storage-webdav", version)]
struct Arguments {
    /// Id of the space
    #[arg(long, value_name = "ID")]
    space: String,
    /// Folder of the space that is served
    #[arg(long, value_name = "PATH", default_value = "/")]
    path: String,
    /// Where to listen; addresses that other machines reach need a password that was given
    #[arg(long, value_name = "ADDRESS", default_value = "127.0.0.1:8080")]
    bind: SocketAddr,
    /// Name that clients log in by
    #[arg(long, value_name = "NAME", default_value = "dingtalk")]
    user: String,
    /// File with the password; without one, and without `DINGTALK_WEBDAV_PASSWORD`, one is made and printed
    #[arg(long, value_name = "FILE")]
    password_file: Option<PathBuf>,
    /// Seconds after which it is seen what others did in the drive; until then it takes no calls to look again
    #[arg(long, value_name = "SECONDS", default_value_t = 60)]
    cache_for: u64,
    /// Make at most so many calls of the API in an hour, and answer 503 to what needs more
    #[arg(long, value_name = "N")]
    calls_per_hour: Option<u64>,
    /// Let nobody change anything
    #[arg(long)]
    read_only: bool,
    /// Delete for good, which spaces without a recycle bin need
    #[arg(long)]
    delete_for_good: bool,
}

fn main() -> ExitCode {
    let arguments = Arguments::parse();
    // Its own requests, and of the layers below what goes wrong.
    let told = Targets::new().with_default(LevelFilter::WARN).with_target("dingtalk_storage_webdav", LevelFilter::INFO);
    let lines = tracing_subscriber::fmt::layer().with_writer(std::io::stderr).with_target(false);
    tracing_subscriber::registry().with(lines).with(told).init();
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build();
    let served = runtime.map_err(|error| error.to_string()).and_then(|runtime| runtime.block_on(serve(arguments)));
    match served {
        Ok(()) => ExitCode::SUCCESS,
        Err(message) => {
            eprintln!("error: {message}");
            ExitCode::FAILURE
        }
    }
}

async fn serve(arguments: Arguments) -> Result<(), String> {
    let given = password(&arguments)?;
    if given.is_none() && !arguments.bind.ip().is_loopback() {
        return Err(format!(
            "{} is reached by other machines: give a password by --password-file or DINGTALK_WEBDAV_PASSWORD, and put a \
             server that knows TLS before it",
            arguments.bind
        ));
    }
    let is_made = given.is_none();
    let login = match given {
        Some(password) => Login::new(&arguments.user, password),
        None => Login::random(&arguments.user).map_err(|error| error.to_string())?,
    };
    let client = Client::from_env().map_err(|error| error.to_string())?;
    let operator = client.operator_from_env().map_err(|error| error.to_string())?;
    let drive = Drive::builder(&operator).reader_memory(READER_MEMORY).build();
    let dav = WebDav::new(&drive, &SpaceId::new(&*arguments.space))
        .folder(&arguments.path)
        .cache_for(Duration::from_secs(arguments.cache_for))
        .calls_per_hour(arguments.calls_per_hour)
        .read_only(arguments.read_only)
        .delete_for_good(arguments.delete_for_good);
    let server = dav.bind(arguments.bind, login.clone()).await.map_err(|error| error.to_string())?;
    println!("url: http://{}/", server.address());
    println!("user: {}", login.user());
    if is_made {
        println!("password: {}", login.expose_password());
    }
    if arguments.calls_per_hour.is_none() {
        tracing::info!("calls of the API have no bound; --calls-per-hour sets one");
    }
    server.run(stop()).await;
    Ok(())
}

/// The password that was given, by a file or the environment.
fn password(arguments: &Arguments) -> Result<Option<String>, String> {
    let given = match &arguments.password_file {
        Some(path) => {
            let text = std::fs::read_to_string(path);
            Some(text.map_err(|error| format!("cannot read {}: {error}", path.display()))?)
        }
        None => std::env::var("DINGTALK_WEBDAV_PASSWORD").ok(),
    };
    let given = given.map(|text| text.trim_end_matches(['\r', '\n']).to_owned());
    match given {
        Some(password) if password.is_empty() => Err("the password is empty".to_owned()),
        given => Ok(given),
    }
}

/// Ends when the program is interrupted or terminated.
async fn stop() {
    let interrupted = async {
        // Where it cannot be noticed, the system ends the program by itself.
        if tokio::signal::ctrl_c().await.is_err() {
            std::future::pending::<()>().await;
        }
    };
    #[cfg(unix)]
    {
        use tokio::signal::unix::{SignalKind, signal};
        let terminated = async {
            match signal(SignalKind::terminate()) {
                Ok(mut signal) => drop(signal.recv().await),
                Err(_) => std::future::pending().await,
            }
        };
        tokio::select! {
            () = interrupted => {}
            () = terminated => {}
        }
    }
    #[cfg(not(unix))]
    interrupted.await;
}
