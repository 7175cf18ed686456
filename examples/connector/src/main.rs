//! A connector for retrieval-augmented generation: it keeps the passages of a space's texts in an index, and looks only
//! at what has changed. Each run goes on from the checkpoint of the last one: `cargo run -p connector -- 2256226585`

#[cfg(test)]
mod tests;

use std::path::Path;

use dingtalk_storage_transfer::{Change, Drive, Entry, Known};
use playground::{Outcome, Playground};

#[tokio::main]
async fn main() -> Outcome<()> {
    let playground = Playground::open().await?;
    let space = match std::env::args().nth(1) {
        Some(space) => space.as_str().into(),
        None => playground.client.drive_v1().add_space("Empty").send().await?.space_id,
    };
    let (added, removed) = run(&Drive::new(&playground.client), &space, Path::new("index")).await?;
    println!("{added} texts read, {removed} removed");
    Ok(())
}

/// Brings the index up to date; returns how many texts were read and removed.
async fn run(drive: &Drive, space: &dingtalk_storage::types::SpaceId, index: &Path) -> Outcome<(usize, usize)> {
    std::fs::create_dir_all(index)?;
    let checkpoint = index.join("checkpoint.json");
    let since = std::fs::read(&checkpoint).ok().map(|text| serde_json::from_slice(&text)).transpose()?;
    let mut changes = drive.changes(space, since);
    let (mut read, mut removed) = (0, 0);
    while let Some(change) = changes.try_next().await? {
        match change {
            Change::Added(entry) | Change::Changed { entry, .. } | Change::Moved { entry, .. } => {
                read += usize::from(add(drive, &entry, index).await?);
            }
            Change::Deleted(Known { id, .. }) => {
                removed += usize::from(std::fs::remove_file(index.join(format!("{id}.json"))).is_ok());
            }
            _ => {}
        }
    }
    // Last: what was not handled before a crash comes again.
    std::fs::write(checkpoint, serde_json::to_vec(&changes.checkpoint())?)?;
    Ok((read, removed))
}

/// Puts the passages of a text into the index, in place of those it had; here is where they would be embedded.
async fn add(drive: &Drive, entry: &Entry, index: &Path) -> Outcome<bool> {
    if entry.is_folder() || ![".md", ".txt", ".csv"].iter().any(|end| entry.name.ends_with(end)) {
        return Ok(false);
    }
    let mut text = Vec::new();
    drive.download(entry).to_writer(&mut text).await?;
    let text = String::from_utf8_lossy(&text);
    let passages: Vec<&str> = text.split("\n\n").map(str::trim).filter(|passage| !passage.is_empty()).collect();
    let document = serde_json::json!({ "name": entry.name, "uuid": entry.uuid, "passages": passages });
    std::fs::write(index.join(format!("{}.json", entry.id)), document.to_string())?;
    Ok(true)
}
