//! `rm`: files and folders into the recycle bin.

use std::collections::HashSet;

use clap::Args;

use super::get::found;
use crate::context::{Confirmation, Items};
use crate::exit::Code;
use crate::output::{Action, EntryRecord, PlannedRecord, Record, RemovedRecord, calls, escaped};
use crate::remote::{self, Found, Remote};
use crate::{Context, Failure};

/// Delete files and folders; they go to the recycle bin
#[derive(Debug, Args)]
pub struct Rm {
    /// Files and folders, also with wildcards
    #[arg(value_name = "PLACE", required = true, add = super::completions::places())]
    places: Vec<String>,
    /// Folders as well, with all that is in them
    #[arg(short, long)]
    recursive: bool,
    /// For good, not into the recycle bin
    #[arg(long)]
    permanent: bool,
    #[command(flatten)]
    confirmation: Confirmation,
    /// Say what would be deleted, and delete nothing
    #[arg(short = 'n', long)]
    dry_run: bool,
}

pub async fn run(arguments: Rm, context: &Context) -> Result<(), Failure> {
    let places: Vec<_> = arguments.places.iter().map(|place| Remote::parse(place)).collect::<Result<_, _>>()?;
    let mut items = context.expand(&places).await?;
    keep_topmost(&mut items);
    let there: Vec<&Found> = found(&items).collect();
    there.iter().try_for_each(|found| check(found, &arguments))?;
    if !arguments.dry_run && !there.is_empty() {
        context.confirm(arguments.confirmation, &question(&there, arguments.permanent)).await?;
    }
    let arguments = &arguments;
    let done = context.each(items, async |found| remove(&found?, arguments, context).await).await;
    context.estimated(arguments.dry_run, done)
}

/// What is named twice, or goes with a folder that is named, is not deleted by itself as well.
fn keep_topmost(items: &mut Items) {
    let folders: Vec<String> = found(items)
        .filter(|found| found.entry.is_folder())
        .map(|found| format!("{}/", found.path().trim_end_matches('/')))
        .collect();
    let mut seen = HashSet::new();
    items.retain(|(_, item)| match item {
        Ok(found) => {
            let path = found.path();
            let path = path.trim_end_matches('/');
            !folders.iter().any(|folder| path.starts_with(folder.as_str())) && seen.insert(found.entry.uuid.clone())
        }
        Err(_) => true,
    });
}

/// Refuses what is more than was asked for, before anything is deleted.
fn check(found: &Found, arguments: &Rm) -> Result<(), Failure> {
    if found.place.path.is_empty() && found.entry.parent == found.entry.id {
        let path = found.path();
        return Err(Failure::usage(format!("{path} is the root of a space, which cannot be deleted"))
            .hint(format!("{}/* is all that is in it", path.trim_end_matches('/'))));
    }
    if found.entry.is_folder() && !arguments.recursive {
        return Err(Failure::usage(format!("{} is a folder", found.path()))
            .hint("--recursive deletes it with all that is in it"));
    }
    Ok(())
}

fn question(items: &[&Found], permanent: bool) -> String {
    let what = match items {
        [only] if only.entry.is_folder() => format!("{} with all that is in it", only.path()),
        [only] => only.path(),
        several => format!("{} files and folders", several.len()),
    };
    if permanent { format!("Delete {what} for good?") } else { format!("Move {what} to the recycle bin?") }
}

async fn remove(found: &Found, arguments: &Rm, context: &Context) -> Result<(), Failure> {
    let path = found.path();
    if arguments.dry_run {
        // A folder with something in it is deleted by a task of the server, which is asked about.
        let drive = context.drive().await?;
        let is_filled = context.only_look(remote::is_filled(drive, &found.entry)).await?;
        let planned = 1 + u64::from(is_filled);
        context.plan_calls(planned);
        let line = format!("would delete {}: {}", escaped(&path), calls(planned));
        let record = PlannedRecord { action: Action::Remove, source: path, target: None, bytes: 0, calls: planned };
        return context.output.record(&Record::Planned(record), || line);
    }
    let removal = context.drive().await?.remove(&found.entry);
    let removal = if arguments.permanent { removal.for_good() } else { removal };
    removal.send().await.map_err(|error| {
        let failure = Failure::from(error);
        let has_no_bin = failure.code == Code::Unsupported
            || failure.api.as_ref().and_then(|api| api.code.as_deref()) == Some("recycleBinNotSupportForSpace");
        if has_no_bin && !arguments.permanent {
            return failure.hint("its space has no recycle bin, and --permanent deletes it for good");
        }
        failure
    })?;
    let line = format!("{} {}", escaped(&path), if arguments.permanent { "deleted" } else { "-> recycle bin" });
    let entry = EntryRecord::new(&path, &found.entry);
    let record = RemovedRecord { path, permanent: arguments.permanent, entry };
    context.output.record(&Record::Removed(record), || line)
}
