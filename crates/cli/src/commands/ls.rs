//! `ls`: what is in a folder.

use clap::Args;
use dingtalk_storage::runtime::Time;

use super::filters::Filters;
use crate::context::Context;
use crate::output::{self, EntryRecord, Record, escaped};
use crate::remote::{self, Found, Remote};
use crate::{Failure, commands};

/// List files and folders; without a place, the spaces
#[derive(Debug, Args)]
#[allow(clippy::struct_excessive_bools, reason = "each is a switch of its own")]
pub struct Ls {
    /// Folders or files, also with wildcards
    #[arg(value_name = "PLACE", add = super::completions::places())]
    places: Vec<String>,
    /// Size and time as well
    #[arg(short, long)]
    long: bool,
    /// Ids as well
    #[arg(long)]
    ids: bool,
    /// What is in all folders below as well
    #[arg(short = 'R', long)]
    recursive: bool,
    /// The folder itself, not what is in it
    #[arg(short, long)]
    directory: bool,
    #[command(flatten)]
    filters: Filters,
}

pub async fn run(arguments: Ls, context: &Context) -> Result<(), Failure> {
    if arguments.places.is_empty() {
        return commands::spaces::run(commands::spaces::Spaces::default(), context).await;
    }
    let places = arguments.places.iter().map(|place| Ok((place.clone(), Remote::parse(place)?)));
    let places = places.collect::<Result<Vec<_>, Failure>>()?;
    let arguments = &arguments;
    context.each(places, |place| list(arguments, place, context)).await
}

async fn list(arguments: &Ls, place: Remote, context: &Context) -> Result<(), Failure> {
    let drive = context.drive().await?;
    let found = place.expand(drive).await?;
    let is_only = !place.is_pattern();
    for found in found {
        // Of what a pattern stands for, folders are told and not opened, or one would not see what matched.
        if arguments.directory || !found.entry.is_folder() || !is_only {
            tell(arguments, &found, &found.path(), context)?;
            continue;
        }
        let top = found.place.path.clone();
        if arguments.recursive && arguments.filters.are_set() {
            // Whether a folder has something that is let through is known when all of it was seen.
            let below = remote::below(drive, &found).await?;
            for child in arguments.filters.keep(&found, below)? {
                let name = child.place.path.get(top.len()..).unwrap_or_default().trim_start_matches('/').to_owned();
                tell(arguments, &child, &name, context)?;
            }
            continue;
        }
        let filter = arguments.filters.build()?;
        let mut open = vec![found];
        while let Some(folder) = open.pop() {
            let inside: Vec<Found> =
                remote::children(drive, &folder.entry).await?.into_iter().map(|entry| folder.child(entry)).collect();
            for child in &inside {
                let modified = child.entry.modified.as_ref().and_then(Time::to_system_time);
                let is_let_through = if child.entry.is_folder() {
                    filter.has_folder(&child.entry.name)
                } else {
                    filter.has_file(&child.entry.name, child.entry.size, modified)
                };
                if arguments.filters.are_set() && !is_let_through {
                    continue;
                }
                let name = child.place.path.get(top.len()..).unwrap_or_default().trim_start_matches('/');
                tell(arguments, child, name, context)?;
            }
            if arguments.recursive {
                open.extend(inside.into_iter().rev().filter(|child| child.entry.is_folder()));
            }
        }
    }
    Ok(())
}

fn tell(arguments: &Ls, found: &Found, name: &str, context: &Context) -> Result<(), Failure> {
    let entry = &found.entry;
    let record = Record::Entry(EntryRecord::new(&found.path(), entry));
    context.output.record(&record, || {
        let name = escaped(name);
        let shown =
            if entry.is_folder() { context.output.folder(&format!("{}/", name.trim_end_matches('/'))) } else { name };
        let mut line = String::new();
        if arguments.long {
            let size = if entry.is_folder() { "-".to_owned() } else { output::size(entry.size) };
            line = format!("{size:>9}  {}  ", output::time(entry.modified.as_ref()));
        }
        if arguments.ids {
            line = format!("{line}{}  {}  ", entry.id, entry.uuid);
        }
        line + &shown
    })
}
