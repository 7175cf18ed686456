//! `check`: two folders compared.

use std::fmt::Write as _;
use std::path::{Path, PathBuf};

use clap::Args;
use dingtalk_storage_transfer::{Checked, Compare, FileState};

use super::bounds::Bounds;
use super::sync::{Absent, Comparing, check_outside_of_sides, tell_rest};
use crate::exit::Code;
use crate::output::{self, DifferenceKind, DifferenceRecord, Record, escaped};
use crate::{Context, Failure};

/// Compare a folder of this machine with one of the drive, by sizes and checksums
///
/// A line begins with + for a file that only the source has, with - for one that only the target has, with * for one that
/// differs, and with ! for one that could not be compared. Differences are exit code 1.
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
    /// Download every file that both have, and compare the bytes
    #[arg(long, conflicts_with_all = ["checksum", "size_only"])]
    download: bool,
    /// Write a line for every file, also for those that are the same, which begin with =; - is standard output
    #[arg(long, value_name = "FILE")]
    combined: Option<PathBuf>,
    #[command(flatten)]
    bounds: Bounds,
}

pub async fn run(arguments: Check, context: &Context) -> Result<(), Failure> {
    if context.output.json && arguments.combined.as_deref() == Some(Path::new("-")) {
        return Err(Failure::usage("--combined - and --json both write to standard output").hint("name a file"));
    }
    let combined = arguments.combined.as_deref().filter(|path| *path != Path::new("-"));
    check_outside_of_sides("--combined", combined, [&arguments.source, &arguments.target])?;
    context.keep_to(&arguments.bounds);
    let mut job = arguments
        .comparing
        .job((&arguments.source, &arguments.target), Compare::Checksum, Absent::Fails, context)
        .await?;
    if arguments.download {
        job = job.compare(Compare::Download);
    }
    let mut comparison = Box::pin(job.check()).await?;
    comparison.files.retain(|file| !(arguments.one_way && file.state == FileState::OnlyTarget));
    if let Some(path) = &arguments.combined {
        write(path, &comparison.files)?;
    }
    let is_told = arguments.combined.as_deref() != Some(Path::new("-"));
    let differing = comparison.files.iter().filter(|file| file.state != FileState::Same);
    for file in differing.clone() {
        tell(file, is_told, context)?;
    }
    let failed = tell_rest(&comparison.refused, context)?;
    let same = comparison.count(&FileState::Same);
    match (differing.count() + failed, &comparison.gap) {
        // What was not seen and is told is a failure of its own.
        (0, Some(why)) => Err(Failure::new(Code::Changed, format!("not all of both sides was seen: {why}"))),
        (0, None) => {
            context.output.note(&format!("{same} files are the same"));
            Ok(())
        }
        (differences, _) => {
            Err(Failure::new(Code::Differs, format!("{differences} differences, {same} files are the same")))
        }
    }
}

fn tell(file: &Checked, is_told: bool, context: &Context) -> Result<(), Failure> {
    if let FileState::Failed(failure) = &file.state {
        let failure = Failure::new(Code::of_category(&failure.category), failure.message.clone());
        context.output.failure(&failure, Some(&file.path));
    }
    let difference = match file.state {
        FileState::OnlySource => DifferenceKind::OnlySource,
        FileState::OnlyTarget => DifferenceKind::OnlyTarget,
        FileState::Different => DifferenceKind::Differs,
        _ => DifferenceKind::NotCompared,
    };
    if !is_told {
        return Ok(());
    }
    let record = DifferenceRecord { difference, path: file.path.clone(), size: file.size };
    context.output.record(&Record::Difference(record), || line(file))
}

/// A file with its mark, as rclone writes it.
fn line(file: &Checked) -> String {
    let mark = match file.state {
        FileState::Same => '=',
        FileState::OnlySource => '+',
        FileState::OnlyTarget => '-',
        FileState::Different => '*',
        _ => '!',
    };
    format!("{mark} {}", escaped(&file.path))
}

fn write(path: &Path, files: &[Checked]) -> Result<(), Failure> {
    let mut text = String::new();
    for file in files {
        // A text takes whatever is written to it.
        let _ = writeln!(text, "{}", line(file));
    }
    if path == Path::new("-") {
        return output::print(&text);
    }
    std::fs::write(path, text).map_err(|error| Failure::local(format!("cannot write {}", path.display()), &error))
}
