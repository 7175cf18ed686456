//! `restore`: what was deleted, or an older version.

use clap::Args;
use dingtalk_storage_transfer::Entry;

use super::conflict::OnConflict;
use super::trash;
use crate::exit::Code;
use crate::output::{EntryRecord, Record, escaped};
use crate::remote::Remote;
use crate::{Context, Failure};

/// Bring back what was deleted from a place, or an older version of a file
#[derive(Debug, Args)]
pub struct Restore {
    /// Where it was; what was deleted there last comes back
    #[arg(value_name = "PLACE", add = super::completions::places())]
    place: String,
    /// The version of the file that becomes the newest one
    #[arg(long, value_name = "N", conflicts_with_all = ["id", "conflict"])]
    version: Option<i64>,
    /// The item of the recycle bin, as `trash` shows it; the place is then that of its space
    #[arg(long, value_name = "ID")]
    id: Option<String>,
    #[command(flatten)]
    on_conflict: OnConflict,
}

pub async fn run(arguments: Restore, context: &Context) -> Result<(), Failure> {
    let place = Remote::parse(&arguments.place)?;
    match arguments.version {
        Some(version) => revert(&place, version, context).await,
        None => bring_back(&place, &arguments, context).await,
    }
}

async fn revert(place: &Remote, version: i64, context: &Context) -> Result<(), Failure> {
    let drive = context.drive().await?;
    let found = place.resolve(drive).await?;
    let calls = drive.client().storage_v1();
    calls.revert_dentry_version(&found.entry.space, &found.entry.id, version).send().await?;
    let now = drive.entry(&found.entry.space, &found.entry.id).await?;
    let line = format!("{}: version {version} is the newest again", escaped(&found.path()));
    context.output.record(&Record::Restored(EntryRecord::new(&found.path(), &now)), || line)
}

async fn bring_back(place: &Remote, arguments: &Restore, context: &Context) -> Result<(), Failure> {
    let drive = context.drive().await?;
    let (space, path) = place.in_space(drive).await?;
    let bin = trash::bin_of(drive, &space).await?;
    let items = trash::items(drive, &bin, &space).await?;
    let mut wanted = items.iter().filter(|item| match &arguments.id {
        Some(id) => item.id.as_str() == id,
        None => trash::path_of(item) == path,
    });
    // The list has what was deleted last first.
    let item = wanted.next().ok_or_else(|| {
        Failure::new(Code::NotFound, format!("the recycle bin has nothing that was deleted from {}", place.text()))
            .hint(format!("`dingtalk-storage trash {}` shows what it has", place.head))
    })?;
    let calls = drive.client().storage_v1();
    let strategy = arguments.on_conflict.conflict.strategy();
    let restored = calls.restore_recycle_item(&bin, &item.id).conflict_strategy(strategy).wait().await;
    let answer = restored.map_err(dingtalk_storage::Error::from)?.answer;
    let entry = match (&answer.space_id, &answer.dentry_id) {
        (Some(space), Some(id)) => drive.entry(space, id).await?,
        _ => return Err(Failure::new(Code::Failed, "it was restored, and the server does not say where to")),
    };
    tell(place, &entry, context).await
}

async fn tell(place: &Remote, entry: &Entry, context: &Context) -> Result<(), Failure> {
    let path = context.drive().await?.paths(&entry.space).path_of(entry).await?;
    let base = Remote { path: String::new(), ..place.clone() };
    let (_, prefix) = base.in_space(context.drive().await?).await?;
    let shown = match path.strip_prefix(&prefix) {
        Some(below) => place.shown(below),
        None => format!("ding:id={}{path}", entry.space),
    };
    let line = format!("{} is back", escaped(&shown));
    context.output.record(&Record::Restored(EntryRecord::new(&shown, entry)), || line)
}
