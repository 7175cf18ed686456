//! `versions`: the versions of a file.

use clap::Args;

use crate::exit::Code;
use crate::output::{self, Record, VersionRecord, rfc3339};
use crate::remote::Remote;
use crate::{Context, Failure};

/// List the versions of a file; `restore` brings one back
#[derive(Debug, Args)]
pub struct Versions {
    /// The file
    #[arg(value_name = "PLACE", add = super::completions::places())]
    place: String,
}

pub async fn run(arguments: Versions, context: &Context) -> Result<(), Failure> {
    let drive = context.drive().await?;
    let found = Remote::parse(&arguments.place)?.resolve(drive).await?;
    if found.entry.is_folder() {
        return Err(Failure::new(Code::Unsupported, format!("{} is a folder, which has no versions", found.path())));
    }
    let mut items = drive.client().storage_v1().list_dentry_versions(&found.entry.space, &found.entry.id).items();
    while let Some(version) = items.try_next().await? {
        let size = version.size;
        let shown = size.map_or_else(|| "-".to_owned(), output::size);
        let number = version.version.map_or_else(|| "-".to_owned(), |number| number.to_string());
        let modifier = version.modifier_id.as_ref().map(ToString::to_string);
        let time = output::time(version.modified_time.as_ref());
        let line = format!("{number:>4}  {shown:>9}  {time}  {}", output::escaped(modifier.as_deref().unwrap_or("-")));
        let record = VersionRecord {
            path: found.path(),
            version: version.version,
            size,
            modified: version.modified_time.as_ref().map(rfc3339),
            modifier,
        };
        context.output.record(&Record::Version(record), || line)?;
    }
    Ok(())
}
