//! Which files a command is about, in rclone's words.

use std::collections::HashSet;
use std::path::{Path, PathBuf};

use clap::Args;
use dingtalk_storage_transfer::{Filter, parse_age, parse_size};

use crate::Failure;
use crate::remote::Found;

/// Which files it is about; the rules and their order are those of rclone
#[derive(Debug, Clone, Default, PartialEq, Eq, Args)]
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
    /// Patterns of --include from a file, one in a line; - is standard input, here and below
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
    /// The same, and every line is a path as it is, also one that begins with # or ;
    #[arg(long, value_name = "FILE")]
    files_from_raw: Vec<PathBuf>,
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
    /// Whether there is any rule.
    pub fn are_set(&self) -> bool {
        *self != Self::default()
    }

    /// What of a folder's content is let through. Folders are if something in them is.
    pub fn keep(&self, top: &Found, below: Vec<Found>) -> Result<Vec<Found>, Failure> {
        if !self.are_set() {
            return Ok(below);
        }
        let filter = self.build()?;
        let path = |found: &Found| found.place.path.get(top.place.path.len() + 1..).unwrap_or_default().to_owned();
        let marked: HashSet<String> = below
            .iter()
            .filter(|found| !found.entry.is_folder() && filter.is_mark(&found.entry.name))
            .map(|found| path(found).rsplit_once('/').map_or_else(String::new, |(above, _)| above.to_owned()))
            .collect();
        let is_open = |path: &str| {
            let mut above: Vec<&str> = path.match_indices('/').filter_map(|(at, _)| path.get(..at)).collect();
            above.insert(0, "");
            above.iter().all(|folder| !marked.contains(*folder) && (folder.is_empty() || filter.has_folder(folder)))
        };
        let has = |found: &Found| {
            let (path, modified) = (path(found), found.entry.modified.as_ref());
            let modified = modified.and_then(dingtalk_storage::runtime::Time::to_system_time);
            is_open(&path) && filter.has_file(&path, found.entry.size, modified)
        };
        let files: Vec<bool> = below.iter().map(|found| !found.entry.is_folder() && has(found)).collect();
        let held: HashSet<String> = below
            .iter()
            .zip(&files)
            .filter(|(_, kept)| **kept)
            .flat_map(|(found, _)| {
                let path = path(found);
                path.match_indices('/').filter_map(|(at, _)| path.get(..at).map(str::to_owned)).collect::<Vec<_>>()
            })
            .collect();
        let kept = below.into_iter().zip(files).filter(|(found, kept)| *kept || held.contains(&path(found)));
        Ok(kept.map(|(found, _)| found).collect())
    }

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
        for path in &self.files_from_raw {
            filter = filter.only(read(path)?.lines().filter(|line| !line.is_empty()));
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
    let text = match path.to_str() {
        Some("-") => std::io::read_to_string(std::io::stdin()),
        _ => std::fs::read_to_string(path),
    };
    text.map_err(|error| Failure::local(format!("cannot read the rules in {}", path.display()), &error))
}
