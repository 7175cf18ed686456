//! Trees made equal: planned first, then carried out.

mod check;
mod compare;
mod differences;
mod drive_tree;
mod execution;
mod existing;
mod filter;
mod local_tree;
mod names;
mod plan;
mod planning;
mod stamp;
mod tree;

use std::path::{Path, PathBuf};
use std::time::Duration;

use crate::{Drive, Entry, Error};

pub use check::{Checked, Comparison, FileState};
pub use compare::Compare;
pub use execution::{Became, Execution, Failure, Outcome, Report, SyncProgress};
pub use existing::Existing;
pub use filter::{Filter, FilterBuilder, parse_age, parse_size};
pub use names::{check_drive_name, name_from_drive, name_on_drive};
pub use plan::{
    Action, BackupPlace, Cost, Item, Plan, PlannedEntry, PlannedFolder, Refused, Root, Route, SyncDirection,
};
pub(crate) use stamp::Stamp;

/// Calls that an organization has in a month without paying, as the page about throttling has it for the mainland.
const MONTHLY_CALLS: u64 = 5_000;

impl Drive {
    /// Makes a tree equal to another one: a folder of this machine and one of the drive, in either direction.
    ///
    /// ```no_run
    /// # async fn example(
    /// #     drive: dingtalk_storage_transfer::Drive,
    /// #     folder: dingtalk_storage_transfer::Entry,
    /// # ) -> Result<(), dingtalk_storage_transfer::Error> {
    /// use std::path::Path;
    /// use dingtalk_storage_transfer::Filter;
    ///
    /// let filter = Filter::builder().exclude("*.tmp").build()?;
    /// let plan = drive.sync(Path::new("reports")).to(&folder).filter(filter).delete().max_delete(100).plan().await?;
    /// println!("{plan}");
    /// let report = drive.execute(&plan).max_calls(1_000).run().await?;
    /// assert!(report.is_complete());
    /// # Ok(()) }
    /// ```
    ///
    /// # Times
    ///
    /// The drive tells when a file came, not when its content was changed. So what a sync sends gets a private property
    /// (`dingtalk-storage-sync`) with the time of its content, its size, its checksum and the version that this is about;
    /// it comes with every listing and costs no call, but one where a version is replaced. That is the time that counts, as
    /// long as nobody stores another version; for other files the time of the drive counts. What a sync fetches gets
    /// that time on this machine. So a second sync has nothing to do, in either direction and from any machine with the
    /// same app.
    ///
    /// # Names
    ///
    /// What the other side cannot hold is written with `‛` (U+201B) and a full-width picture, `a*b` as `a‛＊b`, and read
    /// back. Names that differ in how their characters are composed are the same. What cannot be told apart, links, online
    /// documents and what would not come back as it was is left alone on both sides: [`Plan::refused`].
    pub fn sync(&self, source: impl Into<Side>) -> SyncSource {
        SyncSource { drive: self.clone(), source: source.into() }
    }
}

/// A folder of this machine or of the drive.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub enum Side {
    /// Of this machine.
    Local(PathBuf),
    /// Of the drive.
    Drive(Box<Entry>),
    /// A folder of the drive that is not there yet, by the names that lead to it from one that is: the plan for it is that
    /// for an empty one, and it is made, with those above it, when the plan is carried out.
    New(Box<Entry>, Vec<String>),
}

impl From<PathBuf> for Side {
    fn from(path: PathBuf) -> Self {
        Self::Local(path)
    }
}

impl From<&Path> for Side {
    fn from(path: &Path) -> Self {
        Self::Local(path.to_owned())
    }
}

impl From<Entry> for Side {
    fn from(folder: Entry) -> Self {
        Self::Drive(Box::new(folder))
    }
}

impl From<&Entry> for Side {
    fn from(folder: &Entry) -> Self {
        folder.clone().into()
    }
}

/// A sync that does not know yet where to.
#[derive(Debug, Clone)]
#[must_use = "a sync does nothing until it is planned"]
pub struct SyncSource {
    drive: Drive,
    source: Side,
}

impl SyncSource {
    /// Names the folder that is changed.
    pub fn to(self, target: impl Into<Side>) -> TreeSync {
        TreeSync {
            drive: self.drive,
            source: self.source,
            target: target.into(),
            filter: None,
            compare: Compare::default(),
            existing: Existing::default(),
            window: Duration::from_millis(1),
            backup: None,
            max_delete: None,
            monthly_calls: MONTHLY_CALLS,
            empty_folders: None,
            switches: Switches::default(),
        }
    }
}

/// A sync to set up and plan.
#[derive(Debug, Clone)]
#[must_use = "a sync does nothing until it is planned"]
pub struct TreeSync {
    drive: Drive,
    source: Side,
    target: Side,
    filter: Option<Filter>,
    compare: Compare,
    existing: Existing,
    window: Duration,
    backup: Option<Side>,
    max_delete: Option<u64>,
    monthly_calls: u64,
    empty_folders: Option<bool>,
    switches: Switches,
}

/// What is done on wish.
#[derive(Debug, Clone, Copy, Default)]
#[allow(clippy::struct_excessive_bools, reason = "each is one wish of the caller")]
struct Switches {
    delete: bool,
    delete_excluded: bool,
    for_good: bool,
    track_renames: bool,
    ignores_case: bool,
}

impl TreeSync {
    /// Says what it is about; all else stays as it is, on both sides.
    pub fn filter(mut self, filter: Filter) -> Self {
        self.filter = Some(filter);
        self
    }

    /// Says what makes two files the same; size and time by default.
    pub fn compare(mut self, compare: Compare) -> Self {
        self.compare = compare;
        self
    }

    /// Says what becomes of files that the side that is changed has already; by default they are replaced where they differ.
    pub fn existing(mut self, existing: Existing) -> Self {
        self.existing = existing;
        self
    }

    /// Sets how far two times may be apart and still be the same, 1 millisecond by default; some file systems keep no
    /// more than every second one.
    pub fn time_window(mut self, window: Duration) -> Self {
        self.window = window;
        self
    }

    /// Deletes what the source does not have, after everything else. Nothing is deleted where one of the two sides could
    /// not be listed to its end, or a file not be compared: [`Plan::withheld`] says so. A file of this machine is deleted only if two lists of its
    /// folder in the drive do not have it.
    ///
    /// In the drive it goes to the recycle bin; see [`for_good`](Self::for_good).
    pub fn delete(mut self) -> Self {
        self.switches.delete = true;
        self
    }

    /// Refuses to plan more deletions of files. What has moved is none.
    pub fn max_delete(mut self, files: u64) -> Self {
        self.max_delete = Some(files);
        self
    }

    /// Deletes what the filter keeps out of the target, too.
    pub fn delete_excluded(mut self) -> Self {
        self.switches.delete_excluded = true;
        self.delete()
    }

    /// Deletes from the drive for good. Otherwise it goes to the recycle bin, which only spaces of the Drive API have: in
    /// others, deletions are refused. What goes for good is looked at right before, with one call for each 30 files: what was
    /// changed or moved since the plan was made stays.
    pub fn for_good(mut self) -> Self {
        self.switches.for_good = true;
        self
    }

    /// Puts what would be replaced or deleted into another folder of the same side, under its path. It must not be within
    /// one of the two trees.
    pub fn backup_dir(mut self, folder: impl Into<Side>) -> Self {
        self.backup = Some(folder.into());
        self
    }

    /// Moves files that have moved, instead of transferring and deleting them: those that have size, time and checksum of
    /// one that is to be deleted. It has a meaning together with [`delete`](Self::delete) only.
    pub fn track_renames(mut self) -> Self {
        self.switches.track_renames = true;
        self
    }

    /// Says whether folders are made that have no file. By default they are, unless the filter has rules for paths.
    pub fn empty_folders(mut self, make: bool) -> Self {
        self.empty_folders = Some(make);
        self
    }

    /// Takes names for the same that differ in capital and small letters alone, and leaves those alone of which a folder
    /// has several. For a folder of this machine that does so, that is found out.
    pub fn ignore_case(mut self) -> Self {
        self.switches.ignores_case = true;
        self
    }

    /// Sets how many calls the organization has in a month, of which the plan tells its share: 5,000 by default, what an
    /// organization of the mainland has without paying; it is 10,000 at the international service.
    pub fn monthly_calls(mut self, calls: u64) -> Self {
        self.monthly_calls = calls;
        self
    }

    /// Looks at both sides and says what is to be done. Nothing is changed. A file that cannot be compared, for example because
    /// it cannot be read, is left alone: [`Plan::refused`].
    ///
    /// # Errors
    ///
    /// [`Error::Plan`] if both sides are of one kind, or the folder for backups is within one of them;
    /// [`Error::TooManyDeletions`]; [`Error::NotAFolder`]; [`Error::Local`] if the folder of this machine cannot be read;
    /// [`Error::Api`] if the drive's cannot be listed.
    pub async fn plan(self) -> Result<Plan, Error> {
        planning::plan(self).await
    }

    /// Looks at both sides and says of each file whether it is the same on both. Nothing is changed, and all that is set up
    /// about changes has no meaning.
    ///
    /// # Errors
    ///
    /// Those of [`plan`](Self::plan). That a single file cannot be compared is [`FileState::Failed`].
    pub async fn check(self) -> Result<Comparison, Error> {
        check::check(self).await
    }
}
