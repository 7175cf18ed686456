//! A plan that is carried out by several machines.

use std::io::Write;
use std::num::NonZeroUsize;
use std::path::{Path, PathBuf};
use std::str::FromStr;
use std::sync::Arc;

use clap::Args;
use dingtalk_storage_transfer::{Action, Plan, Report};

use super::results::{Head, Results};
use super::{check_outside, settle, show, tell, tell_rest};
use crate::context::{Confirmation, Resume};
use crate::exit::Code;
use crate::output::{Record, SyncReportRecord, calls};
use crate::{Context, Failure};

/// Variable that has the number of a part, counted from 0: that of indexed jobs of Kubernetes.
const INDEX: &str = "JOB_COMPLETION_INDEX";

/// One plan for many machines: it is made once, each carries out its part, and the results are added up
#[derive(Debug, Args)]
#[command(next_help_heading = "Many machines")]
pub struct Split {
    /// Write the plan to a file, and change nothing
    #[arg(long, value_name = "FILE", conflicts_with = "dry_run")]
    pub plan_out: Option<PathBuf>,
    /// Carry out a plan that --plan-out wrote, in place of SOURCE and TARGET; what is done already is not done again
    #[arg(long, value_name = "FILE", conflicts_with_all = PLANNING)]
    pub execute: Option<PathBuf>,
    /// Carry out one part of the plan alone: 3/8 is the third of eight
    #[arg(long, value_name = "N/M", requires = "execute")]
    shard: Option<Shard>,
    /// Carry out the part of M whose number, counted from 0, is in `JOB_COMPLETION_INDEX`: so do indexed jobs of Kubernetes
    #[arg(long, value_name = "M", requires = "execute", conflicts_with = "shard")]
    #[arg(value_parser = crate::program::at_least_one::<NonZeroUsize>)]
    shards: Option<NonZeroUsize>,
    /// Write what becomes of each item to a file, which --report adds up
    #[arg(long, value_name = "FILE", requires = "execute")]
    results: Option<PathBuf>,
    /// Add up the results of all parts, in place of SOURCE and TARGET
    #[arg(long, value_name = "FILE", num_args = 1.., conflicts_with_all = PLANNING, conflicts_with = "execute")]
    pub report: Vec<PathBuf>,
}

/// What is decided when a plan is made.
const PLANNING: [&str; 28] = [
    "source",
    "target",
    "plan_out",
    "dry_run",
    "parents",
    "delete",
    "delete_excluded",
    "max_delete",
    "permanent",
    "backup_dir",
    "track_renames",
    "immutable",
    "checksum",
    "size_only",
    "include",
    "exclude",
    "filter",
    "include_from",
    "exclude_from",
    "filter_from",
    "files_from",
    "files_from_raw",
    "exclude_if_present",
    "min_size",
    "max_size",
    "min_age",
    "max_age",
    "ignore_case",
];

/// One part of several, counted from 1.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Shard {
    number: usize,
    count: usize,
}

impl Shard {
    const WHOLE: Self = Self { number: 1, count: 1 };
}

impl FromStr for Shard {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let parsed = text.split_once('/').and_then(|(number, count)| Some((number.parse().ok()?, count.parse().ok()?)));
        match parsed {
            Some((number, count)) if (1..=count).contains(&number) => Ok(Self { number, count }),
            _ => Err("it is no part such as 3/8, from 1/8 to 8/8".to_owned()),
        }
    }
}

/// Writes a plan to a file, for machines that see the same folder at the same path.
pub fn write(mut plan: Plan, path: &Path, context: &Context) -> Result<(), Failure> {
    let absolute = std::path::absolute(&plan.route.local);
    plan.route.local = absolute.map_err(|error| Failure::local("the folder has no absolute path", &error))?;
    let lines = plan.to_json_lines()?;
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    let failed = |error: std::io::Error| Failure::local(format!("cannot write {}", path.display()), &error);
    if std::fs::metadata(path).is_ok_and(|there| !there.is_file()) {
        // A pipe or a device is written to, and stays what it is.
        std::fs::write(path, lines).map_err(failed)?;
    } else {
        let mut file = tempfile::NamedTempFile::new_in(folder).map_err(failed)?;
        file.write_all(lines.as_bytes()).map_err(failed)?;
        file.persist(path).map_err(|error| failed(error.error))?;
    }
    context.plan_calls(plan.calls_to_look_again());
    context.estimated(true, show(&plan, context))
}

impl Split {
    /// Refuses what is said of a part where nothing is carried out.
    pub fn check(&self) -> Result<(), Failure> {
        // clap does not ask for --execute where SOURCE stands, which excludes it.
        if self.execute.is_none() && (self.shard.is_some() || self.shards.is_some() || self.results.is_some()) {
            return Err(Failure::usage("--shard, --shards and --results are about a plan that --execute carries out"));
        }
        Ok(())
    }

    fn part(&self) -> Result<Shard, Failure> {
        let Some(count) = self.shards else { return Ok(self.shard.unwrap_or(Shard::WHOLE)) };
        let text = std::env::var(INDEX).map_err(|_| {
            Failure::usage(format!("--shards takes the number of the part from {INDEX}, which is not set"))
                .hint("indexed jobs of Kubernetes set it; elsewhere use --shard N/M")
        })?;
        let index = text.trim().parse::<usize>().ok().filter(|index| *index < count.get());
        let index = index
            .ok_or_else(|| Failure::usage(format!("{INDEX} is {text:?}, and not from 0 to {}", count.get() - 1)))?;
        Ok(Shard { number: index + 1, count: count.get() })
    }

    /// Carries out a plan or a part of it.
    pub async fn carry_out(&self, path: &Path, confirmation: Confirmation, context: &Context) -> Result<(), Failure> {
        let shard = self.part()?;
        let text = read(path)?;
        let plan = Plan::from_json_lines(&text)
            .map_err(|error| Failure::usage(format!("{} is no plan: {error}", path.display())))?;
        check_outside("--results", self.results.as_deref(), &plan.route.local)?;
        let own = plan.items.iter().skip(shard.number - 1).step_by(shard.count);
        let deletions = own.filter(|item| matches!(item.action, Action::Delete | Action::DeleteFolder)).count();
        if deletions > 0 {
            context.confirm(confirmation, &format!("Delete {deletions} files and folders from the target?")).await?;
        }
        let head = Head::of(&text, plan.items.len(), (shard.number, shard.count));
        let results = self.results.as_deref().map(|path| Results::begin(path, &head)).transpose()?.map(Arc::new);
        context.resume_by(Resume::Same);
        let (output, cost, kept) = (context.output, context.cost.clone(), results.clone());
        let execution = context.drive().await?.execute(&plan).shard(shard.number, shard.count);
        let execution = execution.on_outcome(move |outcome| {
            if let Some(results) = &kept {
                results.add(outcome);
            }
            tell(outcome, output, &cost);
        });
        let report = Box::pin(execution.run()).await?;
        if let Some(results) = results {
            results.end(&report)?;
        }
        settle(&report, context)
    }

    /// Adds up results.
    pub fn add_up(&self, context: &Context) -> Result<(), Failure> {
        let mut all = Report::default();
        let mut first: Option<(Head, &Path)> = None;
        for path in &self.report {
            let (head, report) = Results::read(&read(path)?)
                .map_err(|reason| Failure::usage(format!("{} has no results of a sync: {reason}", path.display())))?;
            match &first {
                Some((other, other_path)) if !other.is_of_the_plan_of(&head) => {
                    return Err(Failure::usage(format!(
                        "{} and {} are not of the same plan",
                        other_path.display(),
                        path.display()
                    )));
                }
                Some(_) => {}
                None => first = Some((head, path)),
            }
            all.add(report);
        }
        let items = first.map_or(0, |(head, _)| head.items);
        let record = SyncReportRecord::of(&all, items);
        for (outcome, failure) in all.failures() {
            let code = Code::of_category(&failure.category);
            context.output.failure(&Failure::new(code, failure.message.clone()), Some(&outcome.path));
        }
        let line = format!(
            "{items} items: {} done, {} done before, {} failed, {} not begun, {} not told of; {}",
            record.done,
            record.already_done,
            record.failed,
            record.not_started,
            record.not_told,
            calls(record.calls)
        );
        let missing = record.not_told + record.not_started;
        context.output.record(&Record::SyncReport(record), || line)?;
        let refused = tell_rest(&all.refused, context)?;
        match (all.failures().count() + refused, missing, &all.withheld) {
            (0, 0, None) => Ok(()),
            (0, 0, Some(why)) => Err(Failure::new(Code::SomeFailed, format!("nothing was deleted: {why}"))),
            (failed, missing, _) => {
                Err(Failure::new(Code::SomeFailed, format!("{failed} of {items} failed, {missing} are not done"))
                    .hint("carry out the parts of which they are again: what is done is not done again"))
            }
        }
    }
}

fn read(path: &Path) -> Result<String, Failure> {
    std::fs::read_to_string(path).map_err(|error| Failure::local(format!("cannot read {}", path.display()), &error))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parts_are_counted_from_one() {
        assert_eq!("3/8".parse(), Ok(Shard { number: 3, count: 8 }));
        assert_eq!("1/1".parse(), Ok(Shard::WHOLE));
        for text in ["0/8", "9/8", "3", "3/", "/8", "a/b", "3/0", "-1/8", "3/8/1"] {
            assert!(text.parse::<Shard>().is_err(), "{text}");
        }
    }
}
