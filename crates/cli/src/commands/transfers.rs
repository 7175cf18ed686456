//! `transfers`: uploads and downloads that were interrupted.

use std::path::PathBuf;

use clap::{Args, Subcommand};
use dingtalk_storage_transfer::{Direction, Resumed, Unfinished};

use crate::context::Resume;
use crate::exit::Code;
use crate::output::{Record, TransferDirection, TransferRecord, escaped, rfc3339, size, time};
use crate::progress::Progress;
use crate::{Context, Failure};

/// List, go on with, and forget uploads and downloads that were interrupted
#[derive(Debug, Args)]
pub struct Transfers {
    #[command(subcommand)]
    command: Option<Command>,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// List them
    List,
    /// Go on with some, or with all
    Resume(Which),
    /// Forget some, or all, with what they have brought so far
    Forget(Which),
}

#[derive(Debug, Args)]
struct Which {
    /// Their ids, as `transfers list` shows them
    #[arg(value_name = "ID", required_unless_present = "all")]
    ids: Vec<String>,
    /// All of them
    #[arg(long, conflicts_with = "ids")]
    all: bool,
}

pub async fn run(arguments: Transfers, context: &Context) -> Result<(), Failure> {
    match arguments.command {
        None | Some(Command::List) => list(context).await,
        Some(Command::Resume(which)) => resume(&which, context).await,
        Some(Command::Forget(which)) => forget(&which, context).await,
    }
}

async fn list(context: &Context) -> Result<(), Failure> {
    for transfer in context.drive().await?.unfinished().await? {
        let record = record(&transfer);
        let noted = dingtalk_storage::runtime::Time::from(transfer.noted);
        let arrow = if transfer.direction == Direction::Up { "up  " } else { "down" };
        let running = if transfer.is_running { "  running" } else { "" };
        let (local, name) = (escaped(&record.local), escaped(&record.name));
        let way = if transfer.direction == Direction::Up {
            format!("{local} -> {name}")
        } else {
            format!("{name} -> {local}")
        };
        let line = format!(
            "{}  {arrow}  {} of {}  {}  {way}{running}",
            record.id,
            size(transfer.done),
            size(transfer.total),
            time(Some(&noted)),
        );
        context.output.record(&Record::Transfer(record), || line)?;
    }
    Ok(())
}

fn id(transfer: &Unfinished) -> String {
    transfer.journal.file_stem().unwrap_or_default().to_string_lossy().into_owned()
}

fn record(transfer: &Unfinished) -> TransferRecord {
    TransferRecord {
        id: id(transfer),
        direction: match transfer.direction {
            Direction::Up => TransferDirection::Up,
            Direction::Down => TransferDirection::Down,
        },
        local: transfer.local.display().to_string(),
        name: transfer.name.clone(),
        done: transfer.done,
        total: transfer.total,
        noted: rfc3339(&transfer.noted.into()),
        running: transfer.is_running,
    }
}

/// Those that are meant.
async fn wanted(which: &Which, context: &Context) -> Result<Vec<(String, Unfinished)>, Failure> {
    let all = context.drive().await?.unfinished().await?;
    if which.all {
        return Ok(all
            .into_iter()
            .filter(|transfer| !transfer.is_running)
            .map(|transfer| (id(&transfer), transfer))
            .collect());
    }
    let mut wanted = Vec::new();
    for given in &which.ids {
        let mut found = all.iter().filter(|transfer| id(transfer).starts_with(given.as_str()) && !given.is_empty());
        match (found.next(), found.next()) {
            (Some(only), None) => wanted.push((given.clone(), only.clone())),
            (None, _) => {
                return Err(Failure::new(Code::NotFound, format!("there is no transfer {given:?}"))
                    .hint("`dingtalk-storage transfers` lists them"));
            }
            (Some(_), Some(_)) => {
                return Err(Failure::new(Code::Ambiguous, format!("several transfers begin with {given:?}")));
            }
        }
    }
    Ok(wanted)
}

async fn resume(which: &Which, context: &Context) -> Result<(), Failure> {
    let wanted = wanted(which, context).await?;
    context.resume_by(Resume::Same);
    let drive = context.drive().await?;
    let progress = Progress::begin(context, wanted.len());
    context
        .each(wanted, async |transfer| {
            let file = progress.file(&transfer.name);
            let resumed = drive.resume(&transfer.journal).on_progress(file.listener()).send().await?;
            let mut record = record(&transfer);
            record.done = match resumed {
                Resumed::Uploaded(uploaded) => uploaded.entry.size,
                Resumed::Downloaded(downloaded) => downloaded.size,
            };
            let line = format!("{} is done ({})", escaped(&record.local), size(record.done));
            context.output.record(&Record::Finished(record), || line)
        })
        .await
}

async fn forget(which: &Which, context: &Context) -> Result<(), Failure> {
    let wanted = wanted(which, context).await?;
    let drive = context.drive().await?;
    context
        .each(wanted, async |transfer| {
            let journal: PathBuf = transfer.journal.clone();
            drive.forget(journal).await?;
            let record = record(&transfer);
            let line = format!("{} is forgotten", escaped(&record.local));
            context.output.record(&Record::Forgotten(record), || line)
        })
        .await
}
