//! Whole folders, as `put -r` and `get -r` take them: a sync that deletes nothing.

use std::path::{Path, PathBuf};

use dingtalk_storage_transfer::{Entry, Existing, Side, TreeSync};

use super::conflict::Conflict;
use super::filters::Filters;
use super::mkdir;
use super::sync::carry_out;
use crate::exit::Code;
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
        let (side, place) = match target {
            Folder::There(found) => (Side::from(found.entry), found.place),
            Folder::New(_, place) if self.dry_run => (Side::Absent, place),
            Folder::New(above, place) => {
                let name = place.split().map(|(_, name)| name.to_owned()).unwrap_or_default();
                (Side::from(drive.make_folder(&above, &name).await?), place)
            }
        };
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

/// A folder of the drive that receives another one.
pub enum Folder {
    There(Found),
    /// It is made in this folder.
    New(Entry, Remote),
}

/// The folder that a target stands for, with those above it.
pub async fn folder(target: &Remote, parents: bool, dry_run: bool, context: &Context) -> Result<Folder, Failure> {
    let drive = context.drive().await?;
    if let Some(found) = target.find(drive).await? {
        return if found.entry.is_folder() { Ok(Folder::There(found)) } else { Err(is_file(target)) };
    }
    let Some((above, _)) = target.split() else {
        return Err(Failure::usage(format!("{} names no folder", target.text())));
    };
    let above = match above.find(drive).await? {
        Some(found) if found.entry.is_folder() => found.entry,
        Some(_) => return Err(is_file(&above)),
        None if !parents => {
            return Err(
                Failure::new(Code::NotFound, format!("there is no folder {}", above.text())).hint("--parents makes it")
            );
        }
        None if dry_run => return nearest(&above, target, context).await,
        None => mkdir::make(&above, true, context).await?,
    };
    Ok(Folder::New(above, target.clone()))
}

/// For a dry run: a folder that is there, above one that is not.
async fn nearest(above: &Remote, target: &Remote, context: &Context) -> Result<Folder, Failure> {
    let drive = context.drive().await?;
    let mut place = above.clone();
    while let Some((next, _)) = place.split() {
        if let Some(found) = next.find(drive).await? {
            return Ok(Folder::New(found.entry, target.clone()));
        }
        place = next;
    }
    Err(Failure::new(Code::NotFound, format!("there is no folder above {}", target.text())))
}

fn is_file(place: &Remote) -> Failure {
    Failure::new(Code::Exists, format!("{} is a file, and no folder", place.text()))
}
