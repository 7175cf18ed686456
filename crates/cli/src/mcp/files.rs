//! What is there: lists, finds, and who may see it.

use serde::Serialize;
use serde_json::{Value, json};

use super::Server;
use super::tool::Arguments;
use crate::Failure;
use crate::commands::audit::records;
use crate::commands::spaces;
use crate::output::EntryRecord;
use crate::remote::{self, Found, Remote, matches};

pub async fn list(server: &Server, arguments: &Arguments) -> Result<Value, Failure> {
    let drive = &server.drive;
    if arguments.text("place").is_empty() {
        return Ok(limited("spaces", spaces::shared(drive).await?, arguments));
    }
    let top = Remote::parse(arguments.text("place"))?.resolve(drive).await?;
    let found: Vec<Found> = if !top.entry.is_folder() {
        vec![top]
    } else if arguments.flag("recursive") {
        remote::below(drive, &top).await?
    } else {
        remote::children(drive, &top.entry).await?.into_iter().map(|entry| top.child(entry)).collect()
    };
    Ok(limited("entries", entries(&found), arguments))
}

pub async fn find(server: &Server, arguments: &Arguments) -> Result<Value, Failure> {
    let top = Remote::parse(arguments.text("place"))?.resolve(&server.drive).await?;
    let pattern = arguments.text("name").to_lowercase();
    let mut found = remote::below(&server.drive, &top).await?;
    found.retain(|found| matches(&pattern, &found.entry.name.to_lowercase()));
    Ok(limited("entries", entries(&found), arguments))
}

pub async fn audit(server: &Server, arguments: &Arguments) -> Result<Value, Failure> {
    let top = Remote::parse(arguments.text("place"))?.resolve(&server.drive).await?;
    let audit = server.drive.audit(&top.entry);
    let audit = if arguments.flag("folders_only") { audit.folders_only() } else { audit };
    let report = audit.plan().await?.run().await?;
    Ok(limited("roles", records(&top, &report, arguments.flag("flagged_only")), arguments))
}

/// What an agent needs of entries.
fn entries(found: &[Found]) -> Vec<Value> {
    let shown = |found: &Found| {
        let EntryRecord { path, entry_type, size, modified, uuid, .. } = EntryRecord::new(&found.path(), &found.entry);
        json!({ "place": path, "type": entry_type, "size": size, "modified": modified, "uuid": uuid })
    };
    found.iter().map(shown).collect()
}

/// As many as are wanted, and how many there are.
fn limited(name: &str, all: Vec<impl Serialize>, arguments: &Arguments) -> Value {
    let (count, limit) = (all.len(), arguments.limit());
    let shown: Vec<_> = all.into_iter().take(limit).collect();
    json!({ "total": count, "left_out": count.saturating_sub(limit), name: shown })
}
