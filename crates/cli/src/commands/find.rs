//! `find`: files and folders by name, size and age.

use std::time::{Duration, SystemTime};

use clap::{Args, ValueEnum};
use dingtalk_storage_transfer::{parse_age, parse_size};

use crate::output::{self, EntryRecord, Record, escaped};
use crate::remote::{self, Found, Remote, matches};
use crate::{Context, Failure};

/// Find files and folders below a folder
#[derive(Debug, Args)]
pub struct Find {
    /// Where to look
    #[arg(value_name = "PLACE", add = super::completions::places())]
    place: String,
    /// Name, where * stands for any letters; may be given more than once
    #[arg(long, value_name = "PATTERN")]
    name: Vec<String>,
    /// Big and small letters are the same
    #[arg(short, long)]
    ignore_case: bool,
    /// Only files, or only folders
    #[arg(long = "type", value_enum)]
    kind: Option<Kind>,
    /// No smaller than this, such as 10M
    #[arg(long, value_name = "SIZE", value_parser = size)]
    min_size: Option<u64>,
    /// No larger than this
    #[arg(long, value_name = "SIZE", value_parser = size)]
    max_size: Option<u64>,
    /// Changed no longer ago than this, such as 7d
    #[arg(long, visible_alias = "max-age", value_name = "AGE", value_parser = age)]
    newer_than: Option<Duration>,
    /// Changed longer ago than this
    #[arg(long, visible_alias = "min-age", value_name = "AGE", value_parser = age)]
    older_than: Option<Duration>,
    /// Size and time as well
    #[arg(short, long)]
    long: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Kind {
    File,
    Folder,
}

pub async fn run(arguments: Find, context: &Context) -> Result<(), Failure> {
    let drive = context.drive().await?;
    let top = Remote::parse(&arguments.place)?.resolve(drive).await?;
    for found in remote::below(drive, &top).await? {
        if is_wanted(&arguments, &found) {
            tell(&arguments, &found, context)?;
        }
    }
    Ok(())
}

fn tell(arguments: &Find, found: &Found, context: &Context) -> Result<(), Failure> {
    let record = Record::Entry(EntryRecord::new(&found.path(), &found.entry));
    context.output.record(&record, || {
        let path = escaped(&found.path());
        let size = if found.entry.is_folder() { "-".to_owned() } else { output::size(found.entry.size) };
        if arguments.long {
            format!("{size:>9}  {}  {path}", output::time(found.entry.modified.as_ref()))
        } else {
            path
        }
    })
}

fn is_wanted(arguments: &Find, found: &Found) -> bool {
    let entry = &found.entry;
    let kind = if entry.is_folder() { Kind::Folder } else { Kind::File };
    let is_named = |pattern: &String| {
        if arguments.ignore_case {
            matches(&pattern.to_lowercase(), &entry.name.to_lowercase())
        } else {
            matches(pattern, &entry.name)
        }
    };
    // Folders have no size, so they are not found by one.
    let has_size = |size: bool| kind == Kind::File && size;
    let age = || {
        let modified = entry.modified.as_ref()?.to_system_time()?;
        Some(SystemTime::now().duration_since(modified).unwrap_or_default())
    };
    arguments.kind.is_none_or(|wanted| wanted == kind)
        && (arguments.name.is_empty() || arguments.name.iter().any(is_named))
        && arguments.min_size.is_none_or(|least| has_size(entry.size >= least))
        && arguments.max_size.is_none_or(|most| has_size(entry.size <= most))
        && arguments.newer_than.is_none_or(|limit| age().is_some_and(|age| age <= limit))
        && arguments.older_than.is_none_or(|limit| age().is_some_and(|age| age > limit))
}

/// A number of bytes as rclone writes it: 100b, 10K, 1.5M.
fn size(text: &str) -> Result<u64, String> {
    parse_size(text).ok_or_else(|| "write 100b, 10K, 1.5M, 2G or 1T".to_owned())
}

/// A time span as rclone writes it: 30s, 15m, 12h, 7d, 2w, 6M, 1y.
pub fn age(text: &str) -> Result<Duration, String> {
    parse_age(text).ok_or_else(|| "write 30s, 15m, 12h, 7d, 2w, 6M or 1y".to_owned())
}
