//! Whole folders, as `put -r` and `get -r` take them: a sync that deletes nothing.

use std::path::{Path, PathBuf};

use dingtalk_storage_transfer::{Existing, Side, TreeSync};

use super::conflict::Conflict;
use super::filters::Filters;
use super::sync::carry_out;
use crate::output::{Record, SkippedRecord, escaped};
use crate::remote::{Found, Remote};
use crate::{Context, Failure};

/// What is the same for all folders of a command.
#[derive(Debug, Clone, Copy)]
pub struct Order<'a> {
    pub filters: &'a Filters,
    pub conflict: Conflict,
    pub dry_run: bool,
}

impl Order<'_> {
    /// That nothing was asked for which has no meaning without folders.
    pub fn check(&self, is_recursive: bool) -> Result<(), Failure> {
        match (is_recursive, self.conflict) {
            (true, Conflict::Rename) => Err(Failure::usage("--conflict rename is for single files")
                .hint("with -r, files that are there and differ can be overwritten, skipped or left to fail")),
            (false, _) if self.filters.are_set() => {
                Err(Failure::usage("filters are for what is in folders").hint("-r takes whole folders"))
            }
            _ => Ok(()),
        }
    }

    /// A folder of this machine goes up, into one that may have to be made.
    pub async fn up(&self, source: &Path, target: Folder, context: &Context) -> Result<(), Failure> {
        let drive = context.drive().await?;
        let Folder { side, place } = target;
        self.sync(drive.sync(source).to(side), &source.display().to_string(), &place.text(), context).await
    }

    /// A folder of the drive comes down.
    pub async fn down(&self, source: &Found, target: PathBuf, context: &Context) -> Result<(), Failure> {
        let drive = context.drive().await?;
        let shown = target.display().to_string();
        self.sync(drive.sync(&source.entry).to(target), &source.path(), &shown, context).await
    }

    async fn sync(&self, sync: TreeSync, source: &str, target: &str, context: &Context) -> Result<(), Failure> {
        let existing = match self.conflict {
            Conflict::Overwrite => Existing::Replace,
            Conflict::Skip => Existing::Keep,
            _ => Existing::Refuse,
        };
        let plan = Box::pin(sync.filter(self.filters.build()?).existing(existing).plan()).await?;
        for path in &plan.kept {
            let record = SkippedRecord { source: format!("{source}/{path}"), target: format!("{target}/{path}") };
            let line = format!("{}: is there already", escaped(&record.target));
            context.output.record(&Record::Skipped(record), || line)?;
        }
        carry_out(&plan, self.dry_run, context).await
    }
}

/// A folder of the drive that receives another one; it may have to be made.
pub struct Folder {
    side: Side,
    place: Remote,
}

/// The folder that a target stands for, with those above it.
pub async fn folder(target: &Remote, parents: bool, context: &Context) -> Result<Folder, Failure> {
    let (nearest, missing) = target.nearest(context.drive().await?).await?;
    if missing.len() > 1 && !parents {
        let above = target.split().map_or_else(|| target.text(), |(above, _)| above.text());
        return Err(Failure::no_folder_without_parents(above));
    }
    let place = if missing.is_empty() { nearest.place } else { target.clone() };
    let side = if missing.is_empty() { Side::from(nearest.entry) } else { Side::New(Box::new(nearest.entry), missing) };
    Ok(Folder { side, place })
}
