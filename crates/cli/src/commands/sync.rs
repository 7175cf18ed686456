//! `sync`: a folder made equal to another one.

mod results;
mod split;

use clap::Args;
use dingtalk_storage_transfer::{
    Action, Became, Compare, Drive, Existing, Outcome, Plan, Report, Side, TreeSync as Job,
};

use super::bounds::Bounds;
use super::filters::Filters;
use super::mkdir;
use crate::context::{Confirmation, Resume};
use crate::exit::Code;
use crate::output::{PlanRecord, Record, SyncAction, SyncedRecord, calls, escaped, size};
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
        parents: Parents,
        context: &Context,
    ) -> Result<Job, Failure> {
        let drive = context.drive().await?;
        let source = side(source, false, false, context).await?;
        let target = side(target, parents == Parents::Make, parents == Parents::Imagine, context).await?;
        let compare = match (self.checksum, self.size_only) {
            (true, _) => Compare::Checksum,
            (_, true) => Compare::Size,
            _ => default,
        };
        Ok(drive.sync(source).to(target).filter(self.filters.build()?).compare(compare))
    }
}

/// What is done about a target that is not there.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Parents {
    /// It is an error.
    Need,
    /// It is made, with the folders above it.
    Make,
    /// It is taken for an empty folder, for a dry run.
    Imagine,
}

async fn side(text: &str, parents: bool, may_be_absent: bool, context: &Context) -> Result<Side, Failure> {
    match Location::parse(text)? {
        Location::Standard => Err(Failure::usage("- is no folder")),
        Location::Local(path) => {
            if parents && !path.is_dir() {
                let made = std::fs::create_dir_all(&path);
                made.map_err(|error| Failure::local(format!("cannot make {}", path.display()), &error))?;
            }
            if !path.is_dir() && !may_be_absent {
                return Err(Failure::new(Code::NotFound, format!("there is no folder {}", path.display())));
            }
            Ok(Side::from(path))
        }
        Location::Remote(place) if may_be_absent && place.find(context.drive().await?).await?.is_none() => {
            Ok(Side::Absent)
        }
        Location::Remote(place) => Ok(Side::from(remote(&place, parents, context).await?)),
    }
}

async fn remote(place: &Remote, parents: bool, context: &Context) -> Result<dingtalk_storage_transfer::Entry, Failure> {
    let drive: &Drive = context.drive().await?;
    match place.find(drive).await? {
        Some(found) => Ok(found.entry),
        None if parents => mkdir::make(place, true, context).await,
        None => {
            Err(Failure::new(Code::NotFound, format!("there is no folder {}", place.text())).hint("--parents makes it"))
        }
    }
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
    let parents = match (arguments.parents, arguments.dry_run) {
        (false, _) => Parents::Need,
        (true, false) => Parents::Make,
        (true, true) => Parents::Imagine,
    };
    let sides = (arguments.source.as_deref().unwrap_or_default(), arguments.target.as_deref().unwrap_or_default());
    let mut job = arguments.comparing.job(sides, Compare::SizeAndTime, parents, context).await?;
    if arguments.delete {
        job = job.delete();
    }
    if arguments.delete_excluded {
        job = job.delete_excluded();
    }
    if let Some(most) = arguments.max_delete {
        job = job.max_delete(most);
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
        job = job.backup_dir(side(folder, parents == Parents::Make, false, context).await?);
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
    carry_out(&plan, arguments.dry_run, context).await
}

/// Carries out a plan, or shows what would be done.
pub async fn carry_out(plan: &Plan, dry_run: bool, context: &Context) -> Result<(), Failure> {
    if dry_run {
        return show(plan, context);
    }
    context.resume_by(Resume::Same);
    let (output, drive) = (context.output, context.drive().await?);
    let progress = Progress::begin(context, plan.items.len());
    let whole = progress.whole();
    let told = progress.clone();
    let execution = drive.execute(plan).on_progress(whole.tree_listener());
    let execution = execution.on_outcome(move |outcome| told.aside(|| tell(outcome, output)));
    let report = Box::pin(execution.run()).await?;
    drop(whole);
    settle(&report, context)
}

/// What is planned, item by item, and what it costs.
fn show(plan: &Plan, context: &Context) -> Result<(), Failure> {
    for item in &plan.items {
        let action = SyncAction::from(item.action);
        let line = format!("{} {}", action.word(), escaped(&item.path));
        let record = SyncedRecord { action, path: item.path.clone(), size: item.size, done: false };
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
    tell_rest(plan.refused.iter().map(|refused| (&refused.path, &refused.reason)), context);
    Ok(())
}

fn tell(outcome: &Outcome, output: crate::output::Output) {
    let action = SyncAction::from(outcome.action);
    match &outcome.became {
        Became::Done | Became::AlreadyDone => {
            let line = format!("{} {}", action.word(), escaped(&outcome.path));
            let record = SyncedRecord { action, path: outcome.path.clone(), size: 0, done: true };
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

fn tell_rest<'a>(refused: impl Iterator<Item = (&'a String, &'a String)>, context: &Context) {
    for (path, reason) in refused {
        context.output.note(&format!("left alone: {}: {}", escaped(path), escaped(reason)));
    }
}

fn settle(report: &Report, context: &Context) -> Result<(), Failure> {
    let (differing, others): (Vec<_>, Vec<_>) = report.refused.iter().partition(|refused| refused.exists);
    tell_rest(others.into_iter().map(|refused| (&refused.path, &refused.reason)), context);
    for refused in &differing {
        context.output.failure(&Failure::new(Code::Exists, refused.reason.clone()), Some(&refused.path));
    }
    let all = report.outcomes.len() + differing.len();
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
    match (report.failures().count() + differing.len(), &report.withheld) {
        (0, None) => Ok(()),
        (0, Some(why)) => Err(Failure::new(Code::SomeFailed, format!("nothing was deleted: {why}"))),
        (failed, _) => Err(Failure::new(Code::SomeFailed, format!("{failed} of {all} failed"))),
    }
}
