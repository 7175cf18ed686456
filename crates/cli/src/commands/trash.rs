//! `trash`: what was deleted from a space.

use clap::Args;
use dingtalk_storage::types::{RecycleBinId, RecycleBinScope, RecycleBinScopeId, RecycleItem, SpaceId};
use dingtalk_storage_transfer::Drive;

use crate::context::Confirmation;
use crate::exit::Code;
use crate::output::{self, EntryType, Record, TrashRecord, escaped, rfc3339};
use crate::remote::Remote;
use crate::{Context, Failure};

/// List what was deleted from a space; `restore` brings it back
#[derive(Debug, Args)]
pub struct Trash {
    /// The space, or a folder of it
    #[arg(value_name = "PLACE", add = super::completions::places())]
    place: String,
    /// Delete items for good, by their ids, which the list shows
    #[arg(long, value_name = "ID")]
    purge: Vec<String>,
    #[command(flatten)]
    confirmation: Confirmation,
}

pub async fn run(arguments: Trash, context: &Context) -> Result<(), Failure> {
    let drive = context.drive().await?;
    let place = Remote::parse(&arguments.place)?;
    let (space, path) = place.in_space(drive).await?;
    let bin = bin_of(drive, &space).await?;
    let items = items(drive, &bin, &space).await?;
    if !arguments.purge.is_empty() {
        return purge(&arguments, &bin, items, context).await;
    }
    for item in items.iter().filter(|item| is_below(item, &path)) {
        let record = record(item);
        let size = if record.entry_type == EntryType::Folder { "-".to_owned() } else { output::size(record.size) };
        let time = output::time(item.operator_time.as_ref());
        let line = format!("{size:>9}  {time}  {:<12}  {}", escaped(&record.id), escaped(&record.original_path));
        context.output.record(&Record::Trash(record), || line)?;
    }
    Ok(())
}

/// The recycle bin of the organization that has the space.
pub async fn bin_of(drive: &Drive, space: &SpaceId) -> Result<RecycleBinId, Failure> {
    let calls = drive.client().storage_v1();
    let space = calls.get_space(space).send().await?.space;
    let corp = space.corp_id.ok_or_else(|| {
        Failure::new(Code::Failed, format!("the server does not say which organization space {} belongs to", space.id))
    })?;
    let bin = calls.get_recycle_bin(RecycleBinScope::Org, &RecycleBinScopeId::new(corp.as_str())).send().await?;
    Ok(bin.recycle_bin.id)
}

/// What was deleted from a space, the last first.
pub async fn items(drive: &Drive, bin: &RecycleBinId, space: &SpaceId) -> Result<Vec<RecycleItem>, Failure> {
    let mut pages = drive.client().storage_v1().list_recycle_items(bin).items();
    let mut items = Vec::new();
    while let Some(item) = pages.try_next().await? {
        if item.space_id.as_ref().is_none_or(|of| of == space) {
            items.push(item);
        }
    }
    Ok(items)
}

/// Where it was within its space.
pub fn path_of(item: &RecycleItem) -> String {
    let path = item.original_path.as_deref().unwrap_or_default();
    let names = path.split('/').filter(|name| !name.is_empty());
    let joined: String = names.flat_map(|name| ["/", name]).collect();
    if joined.is_empty() { format!("/{}", item.original_name) } else { joined }
}

fn is_below(item: &RecycleItem, path: &str) -> bool {
    path_of(item).strip_prefix(path).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
}

fn record(item: &RecycleItem) -> TrashRecord {
    let is_folder = item.kind == dingtalk_storage::types::DentryType::Folder;
    TrashRecord {
        id: item.id.to_string(),
        name: item.original_name.clone(),
        original_path: path_of(item),
        entry_type: if is_folder { EntryType::Folder } else { EntryType::File },
        size: item.size.unwrap_or(0),
        deleted: item.operator_time.as_ref().map(rfc3339),
        deleted_by: item.operator_id.as_ref().map(ToString::to_string),
    }
}

async fn purge(
    arguments: &Trash,
    bin: &RecycleBinId,
    items: Vec<RecycleItem>,
    context: &Context,
) -> Result<(), Failure> {
    let mut wanted = Vec::new();
    for id in &arguments.purge {
        let item = items.iter().find(|item| item.id.as_str() == id);
        let missing = || Failure::new(Code::NotFound, format!("the recycle bin has no item {id} of this space"));
        wanted.push((id.clone(), item.ok_or_else(missing)?));
    }
    context.confirm(arguments.confirmation, &format!("Delete {} items for good?", wanted.len())).await?;
    let drive = context.drive().await?;
    context
        .each(wanted, async |item| {
            drive.client().storage_v1().delete_recycle_item(bin, &item.id).send().await?;
            let record = record(item);
            let line = format!("{} deleted for good", escaped(&record.original_path));
            context.output.record(&Record::Purged(record), || line)
        })
        .await
}
