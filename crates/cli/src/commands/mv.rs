//! `mv`: files and folders to another place, or name.

use clap::Args;
use dingtalk_storage_transfer::{Entry, Placing};

use super::conflict::{Conflict, OnConflict};
use super::get::found;
use super::put::target;
use crate::exit::Code;
use crate::output::{self, Action, EntryRecord, PlacedRecord, PlannedRecord, Record, escaped};
use crate::remote::{self, Found, Remote};
use crate::{Context, Failure};

/// Move or rename files and folders
///
/// A target that is a folder, or ends with a slash, receives them under their names; any other is the new name.
#[derive(Debug, Args)]
pub struct Mv {
    #[command(flatten)]
    places: Places,
    /// Keep the roles that were granted on them
    #[arg(long)]
    keep_permissions: bool,
}

/// What goes where.
#[derive(Debug, Args)]
pub struct Places {
    /// Files and folders, also with wildcards, and last where to
    #[arg(value_name = "PLACE.. PLACE", required = true, add = super::completions::places())]
    paths: Vec<String>,
    #[command(flatten)]
    on_conflict: OnConflict,
    /// Say what would be done, and do nothing
    #[arg(short = 'n', long)]
    dry_run: bool,
}

/// Which of both.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    Move { keep_permissions: bool },
    Copy { is_recursive: bool },
}

pub async fn run(arguments: Mv, context: &Context) -> Result<(), Failure> {
    let kind = Kind::Move { keep_permissions: arguments.keep_permissions };
    place_all(arguments.places, kind, context).await
}

/// Moves or copies.
pub async fn place_all(mut arguments: Places, kind: Kind, context: &Context) -> Result<(), Failure> {
    let target = Remote::parse(&target(&mut arguments.paths, "ding:SPACE/folder/")?)?;
    let places: Vec<_> = arguments.paths.iter().map(|place| Remote::parse(place)).collect::<Result<_, _>>()?;
    let drive = context.drive().await?;
    let items = context.expand(&places).await?;
    if let Kind::Copy { is_recursive: false } = kind
        && let Some(folder) = found(&items).find(|found| found.entry.is_folder())
    {
        return Err(Failure::usage(format!("{} is a folder", folder.path())).hint("-r takes it with all that is in it"));
    }
    let there = target.find(drive).await?;
    let is_folder = there.as_ref().is_some_and(|found| found.entry.is_folder());
    if !is_folder && (target.is_folder || items.len() > 1) {
        return Err(Failure::new(Code::NotFound, format!("there is no folder {}", target.text()))
            .hint("`mkdir --parents` makes it"));
    }
    let (folder, name) = match (there, target.split()) {
        (Some(found), _) if is_folder => (found.entry, None),
        (_, Some((above, name))) => (above.resolve(drive).await?.entry, Some(name.to_owned())),
        (_, None) => return Err(Failure::usage(format!("{} names no place", target.text()))),
    };
    let above = if name.is_some() { target.split().map_or_else(|| target.clone(), |(above, _)| above) } else { target };
    let order =
        Order { kind, folder, above, name, conflict: arguments.on_conflict.conflict, dry_run: arguments.dry_run };
    let done = context.each(items, async |found| order.place(&found?, context).await).await;
    context.estimated(arguments.dry_run, done)
}

/// What is to be done with each.
struct Order {
    kind: Kind,
    folder: Entry,
    above: Remote,
    name: Option<String>,
    conflict: Conflict,
    dry_run: bool,
}

impl Order {
    async fn place(&self, found: &Found, context: &Context) -> Result<(), Failure> {
        let drive = context.drive().await?;
        let name = self.name.as_deref().unwrap_or(&found.entry.name);
        let target = self.above.join(name);
        if found.place.path.is_empty() && found.entry.id == drive.paths(&found.entry.space).root().await?.id {
            return Err(Failure::usage(format!("{} is the root of a space, which stays where it is", found.path())));
        }
        let placing = match self.kind {
            Kind::Move { keep_permissions: false } => drive.move_to(&found.entry, &self.folder),
            Kind::Move { keep_permissions: true } => drive.move_to(&found.entry, &self.folder).keep_permissions(),
            Kind::Copy { .. } => drive.copy(&found.entry, &self.folder),
        };
        let placing = placing.name(name).on_conflict(self.conflict.strategy());
        placing.check_name()?;
        if self.dry_run {
            return self.plan(found, &target, &placing, context).await;
        }
        if self.conflict == Conflict::Skip && target.find(drive).await?.is_some() {
            return self.conflict.left_alone(found.path(), target.text(), context);
        }
        let placed = placing.send().await.map_err(|error| {
            let failure = Failure::from(error);
            let is_taken = failure.code == Code::Exists;
            if is_taken { failure.hint("--conflict overwrite, rename or skip says what to do") } else { failure }
        })?;
        let path = self.above.join(&placed.name).text();
        let line = format!("{} -> {}", escaped(&found.path()), escaped(&path));
        let record = PlacedRecord { source: found.path(), entry: EntryRecord::new(&path, &placed) };
        let record = match self.kind {
            Kind::Copy { .. } => Record::Copied(record),
            Kind::Move { .. } => Record::Moved(record),
        };
        context.output.record(&record, || line)
    }

    /// What would become of it. Whether the name is taken is known to who does it without a look, but where it matters.
    async fn plan(&self, found: &Found, target: &Remote, placing: &Placing, context: &Context) -> Result<(), Failure> {
        let drive = context.drive().await?;
        let there = match self.conflict {
            Conflict::Skip => target.find(drive).await?,
            _ => context.only_look(target.find(drive)).await?,
        };
        let there = there.filter(|there| there.entry.uuid != found.entry.uuid);
        let mut target = target.clone();
        match self.conflict {
            Conflict::Fail | Conflict::Skip if there.is_some() => {
                return self.conflict.left_alone(found.path(), target.text(), context);
            }
            Conflict::Rename if there.is_some() => target = target.free(found.entry.kind, drive).await?,
            _ => {}
        }
        let (action, word) = match self.kind {
            Kind::Copy { .. } => (Action::Copy, "copy"),
            Kind::Move { .. } => (Action::Move, "move"),
        };
        let is_filled = context.only_look(remote::is_filled(drive, &found.entry)).await?;
        let calls = placing.calls(is_filled);
        context.plan_calls(calls);
        let line =
            format!("would {word} {} to {}: {}", escaped(&found.path()), escaped(&target.text()), output::calls(calls));
        let target = Some(target.text());
        let record = PlannedRecord { action, source: found.path(), target, bytes: 0, calls };
        context.output.record(&Record::Planned(record), || line)
    }
}
