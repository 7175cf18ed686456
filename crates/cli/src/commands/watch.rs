//! `watch`: changes as they come.

use std::path::{Path, PathBuf};
use std::time::Duration;

use clap::Args;
use dingtalk_storage_transfer::{Change, ChangesCheckpoint};

use crate::connection::{read_if_there, write_private};
use crate::exit::Code;
use crate::output::{ChangeKind, ChangeRecord, EntryRecord, Record, escaped};
use crate::remote::Remote;
use crate::{Context, Failure};

/// Tell what changes in a space, again and again
///
/// Each look at the space takes a call for each 50 entries. With a file for the checkpoint, the next run goes on where
/// this one ends, and tells what has changed in between.
#[derive(Debug, Args)]
pub struct Watch {
    /// The space
    #[arg(value_name = "PLACE", add = super::completions::places())]
    place: String,
    /// Time between two looks, such as 30s or 5m
    #[arg(long, value_name = "TIME", default_value = "60s", value_parser = super::find::age)]
    every: Duration,
    /// Look once; without a checkpoint everything that there is counts as added
    #[arg(long)]
    once: bool,
    /// File for what was seen
    #[arg(long, value_name = "FILE")]
    checkpoint: Option<PathBuf>,
}

pub async fn run(arguments: Watch, context: &Context) -> Result<(), Failure> {
    let place = Remote::parse(&arguments.place)?;
    let drive = context.drive().await?;
    let (space, path) = place.in_space(drive).await?;
    if !path.is_empty() {
        return Err(Failure::usage(format!("{} is a folder, and whole spaces are watched", place.text()))
            .hint(format!("write {}/", place.head)));
    }
    let mut seen = arguments.checkpoint.as_deref().map(read).transpose()?.flatten();
    if let (Some(seen), Some(file)) = (&seen, &arguments.checkpoint)
        && *seen.space() != space
    {
        let message = format!("the checkpoint in {} is of another space, {}", file.display(), seen.space());
        return Err(Failure::usage(message).hint("give each space a file of its own"));
    }
    // The first look tells nothing but what is there, unless that is what was asked for.
    let mut is_quiet = seen.is_none() && !arguments.once;
    loop {
        let mut changes = drive.changes(&space, seen.take());
        while let Some(change) = changes.try_next().await? {
            if !is_quiet {
                tell(&change, context)?;
            }
        }
        is_quiet = false;
        let now = changes.checkpoint();
        if let Some(path) = &arguments.checkpoint {
            write(path, &now)?;
        }
        if arguments.once {
            return Ok(());
        }
        seen = Some(now);
        tokio::time::sleep(arguments.every).await;
    }
}

fn read(path: &Path) -> Result<Option<ChangesCheckpoint>, Failure> {
    let Some(text) = read_if_there(path)? else { return Ok(None) };
    serde_json::from_str(&text).map(Some).map_err(|error| {
        Failure::new(Code::Local, format!("{} has no checkpoint: {error}", path.display()))
            .hint("remove it to begin anew")
    })
}

fn write(path: &Path, checkpoint: &ChangesCheckpoint) -> Result<(), Failure> {
    let text = serde_json::to_string(checkpoint)
        .map_err(|error| Failure::new(Code::Failed, format!("the checkpoint cannot be written: {error}")))?;
    write_private(path, &text)
}

fn tell(change: &Change, context: &Context) -> Result<(), Failure> {
    let (kind, entry, before) = match change {
        Change::Added(entry) => (ChangeKind::Added, Some(entry), None),
        Change::Changed { entry, before } => (ChangeKind::Changed, Some(entry), Some(before)),
        Change::Moved { entry, before, .. } => (ChangeKind::Moved, Some(entry), Some(before)),
        Change::Deleted(before) => (ChangeKind::Deleted, None, Some(before)),
        _ => return Ok(()),
    };
    let uuid = entry.map(|entry| &entry.uuid).or(before.map(|before| &before.uuid));
    let name = entry.map(|entry| &entry.name).or(before.map(|before| &before.name));
    let path = format!("ding:uuid={}", uuid.map(ToString::to_string).unwrap_or_default());
    let shown = escaped(name.map_or("", |name| name));
    let was =
        before.filter(|before| Some(&before.name) != name).map(|before| format!(" (was {})", escaped(&before.name)));
    let word = match kind {
        ChangeKind::Added => "added",
        ChangeKind::Changed => "changed",
        ChangeKind::Moved => "moved",
        ChangeKind::Deleted => "deleted",
    };
    let line = format!("{word:<8}  {shown}{}  {path}", was.unwrap_or_default());
    let record = ChangeRecord {
        change: kind,
        name: name.cloned().unwrap_or_default(),
        entry: entry.map(|entry| EntryRecord::new(&path, entry)),
        previous_name: before.map(|before| before.name.clone()),
        path,
    };
    context.output.record(&Record::Change(Box::new(record)), || line)
}
