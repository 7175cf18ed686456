//! Which files a command is about, in rclone's words.

use std::path::{Path, PathBuf};

use clap::Args;
use dingtalk_storage_transfer::{Filter, parse_age, parse_size};

use crate::Failure;

/// Which files it is about; the rules and their order are those of rclone
#[derive(Debug, Args)]
#[command(next_help_heading = "Filters")]
pub struct Filters {
    /// Only what matches the pattern, such as *.jpg or /folder/**; may be given more than once
    #[arg(long, value_name = "PATTERN")]
    include: Vec<String>,
    /// Not what matches the pattern
    #[arg(long, value_name = "PATTERN")]
    exclude: Vec<String>,
    /// A rule: `+ PATTERN`, `- PATTERN`, or `!`, which forgets those before
    #[arg(long, value_name = "RULE", allow_hyphen_values = true)]
    filter: Vec<String>,
    /// Patterns of --include from a file, one in a line
    #[arg(long, value_name = "FILE")]
    include_from: Vec<PathBuf>,
    /// Patterns of --exclude from a file
    #[arg(long, value_name = "FILE")]
    exclude_from: Vec<PathBuf>,
    /// Rules of --filter from a file
    #[arg(long, value_name = "FILE")]
    filter_from: Vec<PathBuf>,
    /// Only the files whose paths are in a file, one in a line; no other rule may stand beside it
    #[arg(long, value_name = "FILE")]
    files_from: Vec<PathBuf>,
    /// Not folders that have a file of this name
    #[arg(long, value_name = "NAME")]
    exclude_if_present: Vec<String>,
    /// No smaller files than this, such as 10M
    #[arg(long, value_name = "SIZE")]
    min_size: Option<String>,
    /// No larger files than this
    #[arg(long, value_name = "SIZE")]
    max_size: Option<String>,
    /// No files that were changed since, such as 7d
    #[arg(long, value_name = "AGE")]
    min_age: Option<String>,
    /// No files that were not changed since
    #[arg(long, value_name = "AGE")]
    max_age: Option<String>,
    /// Big and small letters are the same to patterns
    #[arg(long)]
    ignore_case: bool,
}

impl Filters {
    /// The filter, with the files of rules read.
    pub fn build(&self) -> Result<Filter, Failure> {
        let mut filter = Filter::builder();
        for pattern in &self.include {
            filter = filter.include(pattern);
        }
        for pattern in &self.exclude {
            filter = filter.exclude(pattern);
        }
        for rule in &self.filter {
            filter = filter.filter(rule);
        }
        for path in &self.include_from {
            filter = filter.include_lines(&read(path)?);
        }
        for path in &self.exclude_from {
            filter = filter.exclude_lines(&read(path)?);
        }
        for path in &self.filter_from {
            filter = filter.filter_lines(&read(path)?);
        }
        for path in &self.files_from {
            filter = filter.only_lines(&read(path)?);
        }
        for name in &self.exclude_if_present {
            filter = filter.exclude_if_present(name);
        }
        if self.ignore_case {
            filter = filter.ignore_case();
        }
        let size = |text: &String| parse_size(text).ok_or_else(|| wrong(text, "a size, such as 100b, 10K or 1.5M"));
        let age = |text: &String| parse_age(text).ok_or_else(|| wrong(text, "an age, such as 30s, 12h or 7d"));
        if let Some(least) = &self.min_size {
            filter = filter.min_size(size(least)?);
        }
        if let Some(most) = &self.max_size {
            filter = filter.max_size(size(most)?);
        }
        if let Some(least) = &self.min_age {
            filter = filter.min_age(age(least)?);
        }
        if let Some(most) = &self.max_age {
            filter = filter.max_age(age(most)?);
        }
        Ok(filter.build()?)
    }
}

fn wrong(text: &str, what: &str) -> Failure {
    Failure::usage(format!("{text:?} is not {what}"))
}

fn read(path: &Path) -> Result<String, Failure> {
    let text = std::fs::read_to_string(path);
    text.map_err(|error| Failure::local(format!("cannot read the rules in {}", path.display()), &error))
}
