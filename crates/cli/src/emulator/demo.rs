//! `emulator --demo`: a drive with something in it, and the exports that lead to it.

use std::fmt::Write;
use std::io::{BufRead, BufReader};
use std::process::{Command, Stdio};

use dingtalk_storage::Client;
use dingtalk_storage::credentials::InternalApp;
use dingtalk_storage::types::UnionId;
use dingtalk_storage_emulator::program::{Arguments, run_with};
use dingtalk_storage_emulator::{Credentials, Emulator};
use dingtalk_storage_transfer::{Drive, Source};

use crate::exit::Code;
use crate::{Failure, output};

const SPACE: &str = "Demo";
/// What is printed last.
const END: &str = "# And then, for example: dingtalk-storage tree ding:Demo";
/// What is there to begin with.
const FILES: [(&str, &str); 4] =
    [("/", "welcome.txt"), ("/Reports/2026", "q1.csv"), ("/Reports/2026", "q2.csv"), ("/Designs", "logo.svg")];

pub fn run(arguments: Arguments) -> Result<(), Failure> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
    let runtime = runtime.map_err(|error| Failure::local("the network cannot be used", &error))?;
    let answered = async |emulator: &Emulator| {
        let credentials = emulator.credentials();
        fill(emulator.api_url(), &credentials).await?;
        output::print(&exports(emulator.api_url(), &credentials)?)
    };
    runtime.block_on(run_with(arguments, answered))
}

/// Starts the same in a process of its own, and prints what that prints, with how it is ended.
pub fn run_in_background() -> Result<(), Failure> {
    let failed = |error: std::io::Error| Failure::local("the emulator cannot be started", &error);
    let arguments = std::env::args_os().skip(1).filter(|argument| argument != "--background");
    let mut process = Command::new(std::env::current_exe().map_err(failed)?);
    process.args(arguments).stdin(Stdio::null()).stdout(Stdio::piped());
    let mut process = process.spawn().map_err(failed)?;
    let mut text = String::new();
    if let Some(out) = process.stdout.take() {
        for line in BufReader::new(out).lines() {
            let line = line.map_err(failed)?;
            let is_last = line == END;
            // A text takes whatever is written to it.
            let _ = writeln!(text, "{line}");
            if is_last {
                let _ = writeln!(
                    text,
                    "export DINGTALK_EMULATOR_PID={}  # end it with: kill $DINGTALK_EMULATOR_PID",
                    process.id()
                );
                return output::print(&text);
            }
        }
    }
    // It has said on standard error why.
    Err(Failure::new(Code::Failed, "the emulator has ended"))
}

/// Makes a space and uploads a few files, as any application would.
async fn fill(url: &str, credentials: &Credentials) -> Result<(), Failure> {
    let app = InternalApp::new(&credentials.app_key, &credentials.app_secret);
    let client = Client::builder().base_url(url).credentials(app).build()?;
    let client = client.operator(&operator(credentials)?);
    let space = client.drive_v1().add_space(SPACE).send().await?.space_id;
    let drive = Drive::builder(&client).resume(false).build();
    let paths = drive.paths(&space);
    for (folder, name) in FILES {
        let folder = if folder == "/" { paths.root().await? } else { paths.make_folders(folder).await? };
        let text = format!("This is {name} of the demonstration.\n");
        drive.upload(Source::from(text.into_bytes())).to(&folder).name(name).send().await?;
    }
    Ok(())
}

fn operator(credentials: &Credentials) -> Result<UnionId, Failure> {
    let person = credentials.users.first();
    let person = person.ok_or_else(|| Failure::new(Code::Failed, "the emulator has no people"))?;
    Ok(UnionId::new(person.union_id.as_str()))
}

fn exports(url: &str, credentials: &Credentials) -> Result<String, Failure> {
    let mut text = String::from("# A drive to try, until it is interrupted. Paste this into another terminal:\n");
    for (name, value) in [
        ("ENDPOINT", url),
        ("APP_KEY", &credentials.app_key),
        ("APP_SECRET", &credentials.app_secret),
        ("UNION_ID", operator(credentials)?.as_str()),
    ] {
        // A text takes whatever is written to it.
        let _ = writeln!(text, "export DINGTALK_{name}={value}");
    }
    let _ = writeln!(text, "{END}");
    Ok(text)
}
