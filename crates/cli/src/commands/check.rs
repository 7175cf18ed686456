//! `check`: two folders compared.

use clap::Args;
use dingtalk_storage_transfer::{Action, Compare, Item, Plan, SyncDirection};

use super::sync::Comparing;
use crate::exit::Code;
use crate::output::{DifferenceKind, DifferenceRecord, Record, escaped};
use crate::{Context, Failure};

/// Compare a folder of this machine with one of the drive, by sizes and checksums
///
/// A line begins with + for a file that only the source has, with - for one that only the target has, and with * for one
/// that differs. Differences are exit code 1.
#[derive(Debug, Args)]
pub struct Check {
    /// The folder that has what is wanted: of this machine, or of the drive
    #[arg(value_name = "SOURCE", add = super::completions::places())]
    source: String,
    /// The folder that is to be equal: on the other side
    #[arg(value_name = "TARGET", add = super::completions::places())]
    target: String,
    #[command(flatten)]
    comparing: Comparing,
    /// Do not look at what only the target has
    #[arg(long)]
    one_way: bool,
}

pub async fn run(arguments: Check, context: &Context) -> Result<(), Failure> {
    let mut job =
        arguments.comparing.job((&arguments.source, &arguments.target), Compare::Checksum, false, context).await?;
    if !arguments.one_way {
        job = job.delete();
    }
    let plan = Box::pin(job.plan()).await?;
    let mut differences = 0;
    for item in &plan.items {
        if let Some(kind) = difference(item, &plan) {
            differences += 1;
            let mark = match kind {
                DifferenceKind::OnlySource => '+',
                DifferenceKind::OnlyTarget => '-',
                DifferenceKind::Differs => '*',
            };
            let line = format!("{mark} {}", escaped(&item.path));
            let record = DifferenceRecord { difference: kind, path: item.path.clone(), size: item.size };
            context.output.record(&Record::Difference(record), || line)?;
        }
    }
    for refused in &plan.refused {
        context.output.note(&format!("not compared: {}: {}", escaped(&refused.path), escaped(&refused.reason)));
    }
    if let Some(why) = &plan.withheld {
        return Err(Failure::new(Code::Changed, format!("what only the target has is not known: {why}")));
    }
    match differences {
        0 => {
            context.output.note(&format!("{} files are the same", plan.same));
            Ok(())
        }
        _ => Err(Failure::new(Code::Differs, format!("{differences} differences, {} files are the same", plan.same))),
    }
}

/// What an item of a plan says about a file.
fn difference(item: &Item, plan: &Plan) -> Option<DifferenceKind> {
    let is_on_target = match plan.route.direction {
        SyncDirection::Up => item.entry.is_some(),
        SyncDirection::Down => item.replaces.is_some(),
    };
    match item.action {
        Action::Upload | Action::Download if is_on_target => Some(DifferenceKind::Differs),
        Action::Upload | Action::Download => Some(DifferenceKind::OnlySource),
        Action::Delete => Some(DifferenceKind::OnlyTarget),
        _ => None,
    }
}
