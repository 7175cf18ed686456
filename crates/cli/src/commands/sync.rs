//! `sync`: a folder made equal to another one.

mod results;
mod split;

use std::fmt::Display;
use std::io::ErrorKind;
use std::path::Path;

use clap::Args;
use dingtalk_storage_transfer::{
    Action, Became, Compare, Existing, Outcome, Plan, Refused, Report, Side, TreeSync as Job, is_beneath,
};

use super::bounds::Bounds;
use super::filters::Filters;
use crate::context::{Confirmation, Resume};
use crate::cost::Cost;
use crate::exit::Code;
use crate::output::{LeftAloneRecord, Output, PlanRecord, Record, SyncAction, SyncedRecord, calls, escaped, size};
use crate::progress::Progress;
use crate::remote::{Location, Remote};
use crate::{Context, Failure};
use split::Split;

/// Make a folder of the drive equal to one of this machine, or the other way round
///
/// What the source does not have stays in the target, unless --delete is given. Nothing is deleted where one of both sides
/// could not be listed to its end. What is planned, and what it costs, is told with --dry-run.
#[derive(Debug, Args)]
#[allow(clippy::struct_excessive_bools, reason = "each is a switch of its own")]
pub struct Sync {
    /// The folder that has what is wanted: of this machine, or of the drive
    #[arg(value_name = "SOURCE", add = super::completions::places())]
    #[arg(required_unless_present_any = ["execute", "report"])]
    source: Option<String>,
    /// The folder that is to be equal: on the other side
    #[arg(value_name = "TARGET", add = super::completions::places())]
    #[arg(required_unless_present_any = ["execute", "report"])]
    target: Option<String>,
    #[command(flatten)]
    comparing: Comparing,
    /// Make the target if it is not there, with the folders above it
    #[arg(short, long)]
    parents: bool,
    /// Delete from the target what the source does not have; in the drive it goes to the recycle bin
    #[arg(long)]
    delete: bool,
    /// Delete from the target what the filters keep out, too
    #[arg(long, requires = "delete")]
    delete_excluded: bool,
    /// Delete no more files than this: with more, nothing is done
    #[arg(long, value_name = "N", requires = "delete")]
    max_delete: Option<u64>,
    /// Delete from the drive for good
    #[arg(long, requires = "delete")]
    permanent: bool,
    /// Put what would be replaced or deleted into this folder of the same side
    #[arg(long, value_name = "PLACE")]
    backup_dir: Option<String>,
    /// Move what has moved, instead of sending and deleting it
    #[arg(long, requires = "delete")]
    track_renames: bool,
    /// Replace no file: one that is there and differs stays as it is, and is told as a failure
    #[arg(long)]
    immutable: bool,
    #[command(flatten)]
    bounds: Bounds,
    #[command(flatten)]
    confirmation: Confirmation,
    /// Say what would be done and what it would cost, and change nothing
    #[arg(short = 'n', long)]
    dry_run: bool,
    #[command(flatten)]
    split: Split,
}

/// Which files of two folders are compared, and how.
#[derive(Debug, Args)]
pub struct Comparing {
    #[command(flatten)]
    filters: Filters,
    /// Compare sizes and checksums, whatever the times
    #[arg(long)]
    checksum: bool,
    /// Compare sizes alone
    #[arg(long, conflicts_with = "checksum")]
    size_only: bool,
}

impl Comparing {
    /// The job for two folders, looked up.
    pub async fn job(
        &self,
        (source, target): (&str, &str),
        default: Compare,
        absent_target: Absent,
        context: &Context,
    ) -> Result<Job, Failure> {
        let filter = self.filters.build()?;
        check_sides(&Location::parse(source)?, &Location::parse(target)?)?;
        let drive = context.drive().await?;
        let source = side(source, Absent::Fails, context).await?;
        let target = side(target, absent_target, context).await?;
        let compare = match (self.checksum, self.size_only) {
            (true, _) => Compare::Checksum,
            (_, true) => Compare::Size,
            _ => default,
        };
        Ok(drive.sync(source).to(target).filter(filter).compare(compare))
    }
}

/// Refuses two folders of one side, before anything is asked for.
fn check_sides(source: &Location, target: &Location) -> Result<(), Failure> {
    let hint = match (source, target) {
        (Location::Local(_), Location::Local(_)) => {
            return Err(Failure::usage("both folders are of this machine, and one has to be of the drive")
                .hint("write ding:SPACE/path for one of the drive"));
        }
        (Location::Remote(_), Location::Remote(_)) => "`get -r` brings one here, and `cp -r` copies within the drive",
        _ => return Ok(()),
    };
    Err(Failure::usage("both folders are of the drive, and one has to be of this machine").hint(hint))
}

/// What becomes of a folder that is not there.
#[derive(Clone, Copy)]
pub enum Absent {
    /// Nothing would make it.
    Fails,
    /// `--parents` would make it, and is not given.
    FailsWithoutParents,
    /// It is made when the plan is carried out, with those above it.
    IsMade,
}

impl Absent {
    fn with_parents(parents: bool) -> Self {
        if parents { Self::IsMade } else { Self::FailsWithoutParents }
    }

    /// The failure, which names the flag only to those whom it helps.
    fn failure(self, folder: impl Display) -> Failure {
        match self {
            Self::FailsWithoutParents => Failure::no_folder_without_parents(folder),
            Self::Fails | Self::IsMade => Failure::no_folder(folder),
        }
    }
}

/// A folder.
async fn side(text: &str, absent: Absent, context: &Context) -> Result<Side, Failure> {
    match Location::parse(text)? {
        Location::Standard => Err(Failure::usage("- is no folder")),
        Location::Local(path) if path.is_dir() => Ok(Side::from(path)),
        Location::Local(path) => match std::fs::metadata(&path) {
            Err(error) if error.kind() == ErrorKind::NotFound => match absent {
                Absent::IsMade => Ok(Side::from(path)),
                Absent::Fails | Absent::FailsWithoutParents => Err(absent.failure(path.display())),
            },
            Ok(_) | Err(_) => Err(Absent::Fails.failure(path.display())),
        },
        Location::Remote(place) => folder(&place, absent, context).await,
    }
}

/// A folder of the drive, perhaps one that is still to be made with those above it.
async fn folder(place: &Remote, absent: Absent, context: &Context) -> Result<Side, Failure> {
    let (nearest, missing) = place.nearest(context.drive().await?).await?;
    match absent {
        _ if missing.is_empty() => Ok(Side::from(nearest.entry)),
        Absent::IsMade => Ok(Side::New(Box::new(nearest.entry), missing)),
        Absent::Fails | Absent::FailsWithoutParents => Err(absent.failure(place.text())),
    }
}

/// Refuses to write a file into a folder that is compared: it would be a part of it the next time, or deleted from it.
pub fn check_outside(flag: &str, file: Option<&Path>, folder: &Path) -> Result<(), Failure> {
    match file {
        Some(file) if is_beneath(file, folder) => {
            let (file, folder) = (file.display(), folder.display());
            let message = format!("{flag} {file} is in {folder}, and would be a part of what is compared there");
            Err(Failure::usage(message).hint("name a file outside of it"))
        }
        _ => Ok(()),
    }
}

/// The same for the sides of a command.
pub fn check_outside_of_sides(flag: &str, file: Option<&Path>, sides: [&str; 2]) -> Result<(), Failure> {
    sides.into_iter().try_for_each(|side| match Location::parse(side)? {
        Location::Local(folder) => check_outside(flag, file, &folder),
        _ => Ok(()),
    })
}

pub async fn run(arguments: Sync, context: &Context) -> Result<(), Failure> {
    context.keep_to(&arguments.bounds);
    arguments.split.check()?;
    if !arguments.split.report.is_empty() {
        return arguments.split.add_up(context);
    }
    if let Some(plan) = &arguments.split.execute {
        return arguments.split.carry_out(plan, arguments.confirmation, context).await;
    }
    let absent = Absent::with_parents(arguments.parents);
    let sides = (arguments.source.as_deref().unwrap_or_default(), arguments.target.as_deref().unwrap_or_default());
    check_outside_of_sides("--plan-out", arguments.split.plan_out.as_deref(), sides.into())?;
    let mut job = arguments.comparing.job(sides, Compare::SizeAndTime, absent, context).await?;
    if arguments.delete {
        job = job.delete();
    }
    if arguments.delete_excluded {
        job = job.delete_excluded();
    }
    if let Some(most) = arguments.max_delete {
        job = job.max_delete(most);
    }
    if arguments.permanent && matches!(Location::parse(sides.1)?, Location::Local(_)) {
        return Err(Failure::usage("--permanent is about the drive, and the target is of this machine"));
    }
    if arguments.permanent {
        job = job.for_good();
    }
    if arguments.track_renames {
        job = job.track_renames();
    }
    if arguments.immutable {
        job = job.existing(Existing::Refuse);
    }
    if let Some(folder) = &arguments.backup_dir {
        job = job.backup_dir(side(folder, absent, context).await?);
    }
    let plan = Box::pin(job.plan()).await?;
    if let Some(path) = &arguments.split.plan_out {
        return split::write(plan, path, context);
    }
    let deletions = plan.count(Action::Delete) + plan.count(Action::DeleteFolder);
    if deletions > 0 && !arguments.dry_run {
        context
            .confirm(arguments.confirmation, &format!("Delete {deletions} files and folders from the target?"))
            .await?;
    }
    context.estimated(arguments.dry_run, carry_out(&plan, arguments.dry_run, context).await)
}

/// Carries out a plan, or shows what would be done.
pub async fn carry_out(plan: &Plan, dry_run: bool, context: &Context) -> Result<(), Failure> {
    if dry_run {
        return show(plan, context);
    }
    context.resume_by(Resume::Same);
    let (output, cost, drive) = (context.output, context.cost.clone(), context.drive().await?);
    let progress = Progress::begin(context, plan.items.len());
    let whole = progress.whole();
    let told = progress.clone();
    let execution = drive.execute(plan).on_progress(whole.tree_listener());
    let execution = execution.on_outcome(move |outcome| told.aside(|| tell(outcome, output, &cost)));
    let report = Box::pin(execution.run()).await?;
    drop(whole);
    settle(&report, context)
}

/// What is planned, item by item, and what it costs.
fn show(plan: &Plan, context: &Context) -> Result<(), Failure> {
    context.plan_calls(plan.cost().calls);
    for item in &plan.items {
        let action = SyncAction::from(item.action);
        let line = format!("{} {}", action.word(), escaped(&item.path));
        let record = SyncedRecord { action, path: item.path.clone(), size: item.size, done: false, already: false };
        context.output.record(&Record::SyncPlanned(record), || line)?;
    }
    let cost = plan.cost();
    let record = PlanRecord {
        items: plan.items.len(),
        same: plan.same,
        left_alone: plan.refused.len(),
        bytes: plan.bytes(),
        calls: cost.calls,
        calls_by_operation: cost.by_operation.iter().map(|(name, calls)| ((*name).to_owned(), *calls)).collect(),
        percent_of_month: cost.share(),
    };
    let line = format!(
        "{} to do, {} the same, {} left alone: {}, {} ({:.1} % of the month's)",
        record.items,
        record.same,
        record.left_alone,
        size(record.bytes),
        calls(record.calls),
        record.percent_of_month
    );
    context.output.record(&Record::Plan(record), || line)?;
    let failed = tell_rest(&plan.refused, context)?;
    failed_of(failed, plan.items.len() + failed, plan.withheld.as_deref())
}

/// That some of all cannot be done, and that nothing is deleted, if it is so.
fn failed_of(failed: usize, all: usize, withheld: Option<&str>) -> Result<(), Failure> {
    let message = match (failed, withheld) {
        (0, None) => return Ok(()),
        (0, Some(why)) => format!("nothing is deleted: {why}"),
        (failed, None) => format!("{failed} of {all} failed"),
        (failed, Some(why)) => format!("{failed} of {all} failed, and nothing is deleted: {why}"),
    };
    Err(Failure::new(Code::SomeFailed, message))
}

fn tell(outcome: &Outcome, output: Output, cost: &Cost) {
    let action = SyncAction::from(outcome.action);
    match outcome.action {
        Action::Upload => cost.sent(outcome.moved),
        Action::Download => cost.received(outcome.moved),
        _ => {}
    }
    match &outcome.became {
        Became::Done | Became::AlreadyDone => {
            let already = outcome.became == Became::AlreadyDone;
            let word = if already { "done before  " } else { action.word() };
            let line = format!("{word} {}", escaped(&outcome.path));
            let (path, size) = (outcome.path.clone(), outcome.size);
            let record = SyncedRecord { action, path, size, done: true, already };
            // A reader that has seen enough does not end the work.
            drop(output.record(&Record::Synced(record), || line));
        }
        Became::Failed(failure) => {
            let code = Code::of_category(&failure.category);
            output.failure(&Failure::new(code, failure.message.clone()), Some(&outcome.path));
        }
        _ => {}
    }
}

/// Tells what is left alone; returns how many of those are failures.
pub fn tell_rest(refused: &[Refused], context: &Context) -> Result<usize, Failure> {
    let mut failed = 0;
    for Refused { path, reason, exists, category, .. } in refused {
        let code = match category {
            _ if *exists => Code::Exists,
            Some(category) => Code::of_category(category),
            None => {
                let record = LeftAloneRecord { path: path.clone(), reason: reason.clone() };
                if context.output.json {
                    context.output.record(&Record::LeftAlone(record), String::new)?;
                }
                context.output.note(&format!("left alone: {}: {}", escaped(path), escaped(reason)));
                continue;
            }
        };
        context.output.failure(&Failure::new(code, reason.clone()), Some(path));
        failed += 1;
    }
    Ok(failed)
}

fn settle(report: &Report, context: &Context) -> Result<(), Failure> {
    let refused = tell_rest(&report.refused, context)?;
    let all = report.outcomes.len() + refused;
    let count = |became: &Became| report.outcomes.iter().filter(|outcome| outcome.became == *became).count();
    let over = count(&Became::OverLimit);
    if over > 0 {
        return Err(Failure::new(
            Code::Limit,
            format!("{over} of {all} were not begun: they have more bytes than --max-transfer has left"),
        )
        .hint("the same command goes on with them"));
    }
    let not_started = count(&Became::NotStarted);
    if not_started > 0 {
        return Err(Failure::new(Code::MaxCalls, format!("{not_started} of {all} were not begun: no calls were left"))
            .hint("the same command goes on with them"));
    }
    failed_of(report.failures().count() + refused, all, report.withheld.as_deref())
}
