//! Results of a part of a plan, as lines of JSON: what it is of, what became of each item as soon as it is known, and what
//! it has cost in the end. What was killed has no end, and counts as far as it goes.

use std::fs::File;
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};

use dingtalk_storage_transfer::{Outcome, Report};
use serde::{Deserialize, Serialize};
use sha1::{Digest, Sha1};

use crate::Failure;

/// Version of the format.
const FORMAT: u32 = 1;

/// What results are of.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Head {
    format: u32,
    /// Tells the plan from others: SHA-1 of its text.
    plan: String,
    /// Items of the whole plan.
    pub items: usize,
    /// Which part, and of how many.
    shard: (usize, usize),
}

impl Head {
    pub fn of(plan: &str, items: usize, shard: (usize, usize)) -> Self {
        let digits = Sha1::digest(plan).into_iter().flat_map(|byte| [byte >> 4, byte & 15]);
        let plan = digits.filter_map(|digit| char::from_digit(u32::from(digit), 16)).collect();
        Self { format: FORMAT, plan, items, shard }
    }

    pub fn is_of_the_plan_of(&self, other: &Self) -> bool {
        (&self.plan, self.items) == (&other.plan, other.items)
    }
}

#[derive(Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
enum Line {
    Head(Head),
    Outcome(Outcome),
    /// What it has cost, and what was left alone; its outcomes stand before it.
    End(Report),
}

/// Results that are written.
#[derive(Debug)]
pub struct Results {
    path: PathBuf,
    /// The file, and why it could not be written to.
    file: Mutex<(File, Option<io::Error>)>,
}

impl Results {
    pub fn begin(path: &Path, head: &Head) -> Result<Self, Failure> {
        let failed = |error| Failure::local(format!("cannot write {}", path.display()), &error);
        let mut file = File::create(path).map_err(failed)?;
        write(&mut file, &Line::Head(head.clone())).map_err(failed)?;
        Ok(Self { path: path.to_owned(), file: Mutex::new((file, None)) })
    }

    /// Notes what became of an item; what cannot be written is told in the end, because the work goes on.
    pub fn add(&self, outcome: &Outcome) {
        self.line(&Line::Outcome(outcome.clone()));
    }

    pub fn end(&self, report: &Report) -> Result<(), Failure> {
        let mut report = report.clone();
        report.outcomes.clear();
        self.line(&Line::End(report));
        match self.file.lock().unwrap_or_else(PoisonError::into_inner).1.take() {
            Some(error) => Err(Failure::local(format!("cannot write {}", self.path.display()), &error)),
            None => Ok(()),
        }
    }

    fn line(&self, line: &Line) {
        let mut guard = self.file.lock().unwrap_or_else(PoisonError::into_inner);
        let (file, failure) = &mut *guard;
        if failure.is_none() {
            *failure = write(file, line).err();
        }
    }

    /// Reads results; a last line that was cut is passed over.
    pub fn read(text: &str) -> Result<(Head, Report), String> {
        let mut lines = (1..).zip(text.split_inclusive('\n')).filter(|(_, line)| line.ends_with('\n'));
        let parse = |(number, line): (usize, &str)| {
            serde_json::from_str::<Line>(line).map_err(|error| format!("line {number}: {error}"))
        };
        let head = match lines.next().map(parse).transpose()? {
            Some(Line::Head(head)) if head.format == FORMAT => head,
            Some(Line::Head(head)) => {
                return Err(format!("it has format {}, this version reads {FORMAT}", head.format));
            }
            _ => return Err("it does not begin with what it is of".to_owned()),
        };
        let mut report = Report::default();
        for line in lines.map(parse) {
            match line? {
                Line::Outcome(outcome) => report.outcomes.push(outcome),
                Line::End(end) => report.add(end),
                Line::Head(_) => return Err("it begins twice".to_owned()),
            }
        }
        Ok((head, report))
    }
}

/// One line at once, so that a killed process leaves whole lines but the last.
fn write(file: &mut File, line: &Line) -> io::Result<()> {
    let mut text = serde_json::to_string(line)?;
    text.push('\n');
    file.write_all(text.as_bytes())
}
