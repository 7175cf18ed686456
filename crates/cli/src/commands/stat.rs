//! `stat`: everything about one file or folder.

use clap::Args;

use crate::output::{self, EntryRecord, Record, escaped};
use crate::remote::{Found, Remote};
use crate::{Context, Failure};

/// Tell about files and folders
#[derive(Debug, Args)]
pub struct Stat {
    /// Files or folders, also with wildcards
    #[arg(value_name = "PLACE", required = true, add = super::completions::places())]
    places: Vec<String>,
}

pub async fn run(arguments: Stat, context: &Context) -> Result<(), Failure> {
    let places = arguments.places.into_iter().map(|place| Ok((place.clone(), Remote::parse(&place)?)));
    let places = places.collect::<Result<Vec<_>, Failure>>()?;
    context
        .each(places, async |place| {
            for found in place.expand(context.drive().await?).await? {
                tell(&found, context)?;
            }
            Ok(())
        })
        .await
}

fn tell(found: &Found, context: &Context) -> Result<(), Failure> {
    let record = EntryRecord::new(&found.path(), &found.entry);
    let facts = [
        ("path", record.path.clone()),
        ("type", if found.entry.is_folder() { "folder" } else { "file" }.to_owned()),
        ("size", format!("{} ({} bytes)", output::size(record.size), record.size)),
        ("modified", record.modified.clone().unwrap_or_else(|| "-".to_owned())),
        ("version", record.version.map_or_else(|| "-".to_owned(), |version| version.to_string())),
        ("space", record.space.clone()),
        ("id", record.id.clone()),
        ("uuid", record.uuid.clone()),
        ("parent", record.parent.clone()),
    ];
    let line = |(name, value): &(&str, String)| format!("{name:8}  {}\n", escaped(value));
    context.output.record(&Record::Entry(record), || facts.iter().map(line).collect())
}
