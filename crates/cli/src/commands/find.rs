//! `find`: files and folders by name, size and age.

use std::time::{Duration, SystemTime};

use clap::{Args, ValueEnum};

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
    #[arg(long, value_name = "AGE", value_parser = age)]
    newer_than: Option<Duration>,
    /// Changed longer ago than this
    #[arg(long, value_name = "AGE", value_parser = age)]
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

/// A number of bytes with a binary unit: 100, 10K, 1.5M, 2G; as rclone has it, a number alone is of bytes with `b`.
pub fn size(text: &str) -> Result<u64, String> {
    let split = text.find(|character: char| character.is_ascii_alphabetic()).unwrap_or(text.len());
    let (number, unit) = text.split_at(split);
    let factor = match unit.to_ascii_lowercase().trim_end_matches("ib").trim_end_matches('b') {
        "" => 0,
        "k" => 10,
        "m" => 20,
        "g" => 30,
        "t" => 40,
        "p" => 50,
        _ => return Err(format!("{unit:?} is no unit: write 100, 10K, 1.5M, 2G or 1T")),
    };
    scaled(number, f64::from(1u32 << 10).powi(factor / 10))
        .ok_or_else(|| "write 100, 10K, 1.5M, 2G or 1T, in bytes".to_owned())
}

/// A time span: 30s, 15m, 12h, 7d, 2w, 6M (months of 30 days), 1y.
pub fn age(text: &str) -> Result<Duration, String> {
    let split = text.find(|character: char| character.is_ascii_alphabetic()).unwrap_or(text.len());
    let (number, unit) = text.split_at(split);
    let day = 86_400.0;
    let seconds = match unit {
        "" | "s" => 1.0,
        "m" => 60.0,
        "h" => 3600.0,
        "d" => day,
        "w" => 7.0 * day,
        "M" => 30.0 * day,
        "y" => 365.0 * day,
        _ => return Err(format!("{unit:?} is no unit: write 30s, 15m, 12h, 7d, 2w, 6M or 1y")),
    };
    scaled(number, seconds).map(Duration::from_secs).ok_or_else(|| "write 30s, 15m, 12h, 7d, 2w, 6M or 1y".to_owned())
}

#[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "what is too large or negative is refused")]
fn scaled(number: &str, factor: f64) -> Option<u64> {
    let is_number =
        !number.is_empty() && number.chars().all(|character| character.is_ascii_digit() || character == '.');
    let scaled = number.parse::<f64>().ok().filter(|_| is_number)? * factor;
    // 2^63, up to which the conversion is right.
    (scaled < 9.2e18).then_some(scaled as u64)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sizes_and_ages_have_units() {
        for (text, expected) in [
            ("0", Some(0)),
            ("100", Some(100)),
            ("100b", Some(100)),
            ("1K", Some(1024)),
            ("1.5k", Some(1536)),
            ("10MiB", Some(10 << 20)),
            ("2G", Some(2 << 30)),
            ("1x", None),
            ("K", None),
            ("-1", None),
            ("1e3", None),
            ("99999P", None),
        ] {
            assert_eq!(size(text).ok(), expected, "{text}");
        }
        for (text, expected) in [
            ("90", Some(90)),
            ("15m", Some(900)),
            ("7d", Some(604_800)),
            ("1M", Some(2_592_000)),
            ("d", None),
            ("1D", None),
        ] {
            assert_eq!(age(text).ok().map(|age| age.as_secs()), expected, "{text}");
        }
    }
}
