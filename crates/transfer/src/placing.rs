//! Files and folders made, moved, renamed, copied and removed, so that what the drive knows of paths stays right.

mod replacing;
mod undoing;

use dingtalk_storage::ErrorCode;
use dingtalk_storage::runtime::ErrorClass;
use dingtalk_storage::types::{AppProperty, ConflictStrategy, Dentry};

use crate::sync::check_drive_name;
use crate::{Drive, Entry, EntryKind, Error, Leftover};

use undoing::failure;

impl Drive {
    /// Makes a folder in a folder. One call. [`Paths::make_folders`](crate::Paths::make_folders) makes those of a path.
    ///
    /// # Errors
    ///
    /// [`Error::Api`] if the API refused, with `dentryAlreadyExist` if the name is taken; [`Error::NotAFolder`] if
    /// `parent` is a file; [`Error::DriveName`].
    pub async fn make_folder(&self, parent: &Entry, name: &str) -> Result<Entry, Error> {
        self.make_folder_or(parent, name, ConflictStrategy::ReturnErrorIfExists).await
    }

    /// Makes a folder in a folder, with something to do where the name is taken.
    pub(crate) async fn make_folder_or(
        &self,
        parent: &Entry,
        name: &str,
        conflict: ConflictStrategy,
    ) -> Result<Entry, Error> {
        check_folder(parent)?;
        check_drive_name(name)?;
        let calls = self.client().storage_v1();
        let made = calls.add_folder(&parent.space, &parent.id, name).conflict_strategy(conflict).send().await?;
        let made = Entry::from_dentry(&made.dentry)?;
        if !made.is_folder() {
            return Err(Error::NotAFolder(made.name));
        }
        self.paths(&parent.space).remember(&made);
        Ok(made)
    }

    /// Moves a file or folder into a folder, of the same or another space. [`Placing::send`] does it.
    pub fn move_to(&self, entry: &Entry, folder: &Entry) -> Placing {
        Placing::new(self, Kind::Move, entry, folder)
    }

    /// Copies a file or folder into a folder, of the same or another space, without its bytes passing through here.
    /// [`Placing::send`] does it.
    pub fn copy(&self, entry: &Entry, folder: &Entry) -> Placing {
        Placing::new(self, Kind::Copy, entry, folder)
    }

    /// Gives a file or folder another name. One call.
    ///
    /// # Errors
    ///
    /// [`Error::Api`] if the API refused, with `dentryAlreadyExist` if the name is taken.
    pub async fn rename(&self, entry: &Entry, name: &str) -> Result<Entry, Error> {
        check_drive_name(name)?;
        let calls = self.client().storage_v1();
        let renamed = calls.rename_dentry(&entry.space, &entry.id, name).send().await?;
        let renamed = Entry::from_dentry(&renamed.dentry)?;
        self.placed(entry, &renamed, false);
        Ok(renamed)
    }

    /// Attaches properties to a file or folder, or changes those that this app attached to it; it can have three. One call.
    ///
    /// # Errors
    ///
    /// [`Error::Api`] if the API refused.
    pub async fn set_app_properties(&self, entry: &Entry, properties: &[AppProperty]) -> Result<(), Error> {
        let calls = self.client().storage_v1();
        calls.update_dentry_app_properties(&entry.space, &entry.id, properties).send().await?;
        Ok(())
    }

    /// Removes a file, or a folder with all that is in it. [`Removal::send`] does it.
    pub fn remove(&self, entry: &Entry) -> Removal {
        Removal { drive: self.clone(), entry: entry.clone(), for_good: false }
    }

    /// Notes where something is now that was somewhere else.
    fn placed(&self, before: &Entry, now: &Entry, replaces: bool) {
        self.paths(&before.space).forget(before);
        self.arrived(now, replaces);
    }

    /// Notes something that is new in its folder.
    fn arrived(&self, now: &Entry, replaces: bool) {
        let paths = self.paths(&now.space);
        if replaces {
            paths.remember_alone(now);
        } else {
            paths.remember(now);
        }
    }
}

/// Names with a number that are tried.
const MOST_NAMES: u32 = 100;

/// A name with a number, as the server numbers those that are taken: `a(1).txt`, and for a folder `v1.2(1)`.
#[must_use]
pub fn numbered(name: &str, kind: EntryKind, number: u32) -> String {
    match name.rsplit_once('.') {
        Some((stem, extension)) if kind == EntryKind::File && !stem.is_empty() => {
            format!("{stem}({number}).{extension}")
        }
        _ => format!("{name}({number})"),
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    Move,
    Copy,
}

/// A move or a copy to set up and send.
#[derive(Debug, Clone)]
#[must_use = "nothing is moved or copied until it is sent"]
pub struct Placing {
    drive: Drive,
    kind: Kind,
    entry: Entry,
    folder: Entry,
    name: Option<String>,
    conflict: ConflictStrategy,
    keep_permissions: bool,
}

impl Placing {
    fn new(drive: &Drive, kind: Kind, entry: &Entry, folder: &Entry) -> Self {
        Self {
            drive: drive.clone(),
            kind,
            entry: entry.clone(),
            folder: folder.clone(),
            name: None,
            conflict: ConflictStrategy::ReturnErrorIfExists,
            keep_permissions: false,
        }
    }

    /// Gives it another name there, which takes one more call, and four or five more where it replaces what has that name.
    pub fn name(mut self, name: impl Into<String>) -> Self {
        self.name = Some(name.into());
        self
    }

    /// Says what to do when the name is taken there. The default is to refuse.
    pub fn on_conflict(mut self, strategy: ConflictStrategy) -> Self {
        self.conflict = strategy;
        self
    }

    /// Keeps the roles that were granted on it; only a move can.
    pub fn keep_permissions(mut self) -> Self {
        self.keep_permissions = true;
        self
    }

    /// Does it, and waits for its end: what lies in a folder is moved or copied by a task of the server, which is asked
    /// about. One call for a file.
    ///
    /// # Errors
    ///
    /// [`Error::NotAFolder`] if the target is a file; [`Error::Api`] if the API refused, with `dentryAlreadyExist` if
    /// the name is taken: by anything, or where it is to be replaced by something of the other kind. What could not be
    /// given its name is where it was; where it could not be brought back, [`Error::HalfPlaced`] says where it is.
    pub async fn send(self) -> Result<Entry, Error> {
        check_folder(&self.folder)?;
        let name = self.name.clone().filter(|name| *name != self.entry.name);
        self.check_name()?;
        match (self.kind, name) {
            (Kind::Copy, None) => self.copy(self.conflict.clone()).await,
            (Kind::Copy, Some(name)) => self.copy_as(&name).await,
            (Kind::Move, None) => self.relocate(&self.entry, self.conflict.clone()).await,
            (Kind::Move, Some(name)) => self.move_as(&name).await,
        }
    }

    /// Refuses a name that nothing of the drive can have.
    ///
    /// # Errors
    ///
    /// [`Error::DriveName`].
    pub fn check_name(&self) -> Result<(), Error> {
        let name = self.name.as_ref().filter(|name| **name != self.entry.name);
        name.map_or(Ok(()), |name| check_drive_name(name))
    }

    fn replaces(&self) -> bool {
        self.conflict == ConflictStrategy::Overwrite
    }

    fn is_there(&self) -> bool {
        self.drive.paths(&self.folder.space).is_in(&self.entry, &self.folder)
    }

    /// Whether the name is taken in the folder that receives it, as far as that was listed a moment ago.
    fn is_known_taken(&self, name: &str) -> bool {
        self.drive.paths(&self.folder.space).is_known_taken(&self.folder, name)
    }

    /// The calls that it takes if nothing goes wrong, and if what is in its folders is known. What lies in a folder is placed
    /// by a task of the server, which is asked about once at least: `is_filled` says that there is something.
    #[must_use]
    pub fn calls(&self, is_filled: bool) -> u64 {
        let name = self.name.as_ref().filter(|name| **name != self.entry.name);
        let is_renamed = name.is_some();
        let over = self.replaces() && name.is_some_and(|name| self.is_known_taken(name));
        // Of them, those that place it.
        let (calls, placing) = match (self.kind, over) {
            (Kind::Copy, true) => (6, 3),
            (Kind::Move, true) => (5, 2),
            (Kind::Move, false) if is_renamed && self.is_there() => (1, 0),
            (_, false) => (1 + u64::from(is_renamed), 1),
        };
        calls + if is_filled { placing } else { 0 }
    }

    /// Gives something its name in the folder where it is, or one with a number.
    async fn rename_free(&self, entry: &Entry, name: &str) -> Result<Entry, Error> {
        let is_numbered = self.conflict == ConflictStrategy::AutoRename;
        if !(is_numbered && self.is_known_taken(name)) {
            match self.drive.rename(entry, name).await {
                Err(Error::Api(error)) if is_numbered && is_taken(&error) => {}
                renamed => return renamed,
            }
        }
        let mut tries = 0;
        for number in 1.. {
            let free = numbered(name, entry.kind, number);
            if self.is_known_taken(&free) {
                continue;
            }
            tries += 1;
            match self.drive.rename(entry, &free).await {
                Err(Error::Api(error)) if tries < MOST_NAMES && is_taken(&error) => {}
                renamed => return renamed,
            }
        }
        Err(Error::Answer(format!("there is no free name like {name:?}")))
    }

    /// Under its new name first, so that what the name meets there is for the strategy to decide.
    async fn move_as(&self, name: &str) -> Result<Entry, Error> {
        if self.replaces() && self.is_known_taken(name) {
            return self.move_over(name).await;
        }
        if self.is_there() {
            return match self.rename_free(&self.entry, name).await {
                Err(Error::Api(error)) if self.replaces() && is_taken(&error) => self.move_over(name).await,
                renamed => renamed,
            };
        }
        if self.is_taken_beside(name) {
            return self.move_before_rename(name).await;
        }
        match self.drive.rename(&self.entry, name).await {
            Ok(renamed) => match self.relocate(&renamed, self.conflict.clone()).await {
                Ok(moved) => Ok(moved),
                Err(error) => Err(failure(error, Leftover::Moved, self.name_back(&renamed).await)),
            },
            // Something beside it has the name that it is to have elsewhere.
            Err(Error::Api(error)) if is_taken(&error) && self.replaces() => self.move_over(name).await,
            Err(Error::Api(error)) if is_taken(&error) => self.move_before_rename(name).await,
            Err(error) => Err(error),
        }
    }

    /// Whether something beside it has the name that it is to have elsewhere, as far as that is known.
    fn is_taken_beside(&self, name: &str) -> bool {
        let paths = self.drive.paths(&self.entry.space);
        paths.is_known_taken_beside(&self.entry, name)
    }

    async fn move_before_rename(&self, name: &str) -> Result<Entry, Error> {
        let moved = self.relocate(&self.entry, ConflictStrategy::AutoRename).await?;
        match self.rename_free(&moved, name).await {
            Ok(renamed) => Ok(renamed),
            Err(error) => Err(failure(error, Leftover::Moved, self.back(&moved).await)),
        }
    }

    async fn relocate(&self, entry: &Entry, conflict: ConflictStrategy) -> Result<Entry, Error> {
        let replaces = conflict == ConflictStrategy::Overwrite;
        let (space, folder) = (&self.folder.space, &self.folder.id);
        let calls = self.drive.client().storage_v1();
        let mut call = calls.move_dentry(&entry.space, &entry.id, space, folder).conflict_strategy(conflict);
        if self.keep_permissions {
            call = call.preserve_permissions(true);
        }
        let answer = call.wait().await.map_err(dingtalk_storage::Error::from)?.answer;
        let moved = self.found(answer.dentry.as_ref(), entry).await?;
        self.drive.placed(entry, &moved, replaces);
        Ok(moved)
    }

    /// What the answer shows, or what has the uuid, which survives moves.
    async fn found(&self, shown: Option<&Dentry>, moved: &Entry) -> Result<Entry, Error> {
        match shown {
            Some(dentry) => Entry::from_dentry(dentry),
            None => self.drive.entry_of_uuid(&moved.uuid).await,
        }
    }

    /// A copy gets its name when it is there; one that cannot have it is taken away again.
    async fn copy_as(&self, name: &str) -> Result<Entry, Error> {
        let copy = self.copy(ConflictStrategy::AutoRename).await?;
        if self.replaces() && self.is_known_taken(name) {
            return self.copy_over(&copy, name).await;
        }
        match self.rename_free(&copy, name).await {
            Ok(renamed) => Ok(renamed),
            Err(Error::Api(error)) if self.replaces() && is_taken(&error) => self.copy_over(&copy, name).await,
            Err(error) => Err(failure(error, Leftover::Copy, self.unmake(&copy).await)),
        }
    }

    async fn copy(&self, conflict: ConflictStrategy) -> Result<Entry, Error> {
        let replaces = conflict == ConflictStrategy::Overwrite;
        let (entry, folder) = (&self.entry, &self.folder);
        let calls = self.drive.client().storage_v1();
        let call = calls.copy_dentry(&entry.space, &entry.id, &folder.space, &folder.id);
        let answer = call.conflict_strategy(conflict).wait().await.map_err(dingtalk_storage::Error::from)?.answer;
        let copy = Entry::from_dentry(answer.dentry()?)?;
        self.drive.arrived(&copy, replaces);
        Ok(copy)
    }
}

/// A removal to set up and send.
#[derive(Debug, Clone)]
#[must_use = "nothing is removed until it is sent"]
pub struct Removal {
    drive: Drive,
    entry: Entry,
    for_good: bool,
}

impl Removal {
    /// Deletes it for good; otherwise it goes to the recycle bin, which only spaces of the Drive API have.
    pub fn for_good(mut self) -> Self {
        self.for_good = true;
        self
    }

    /// Does it, and waits for its end. One call for a file or an empty folder; what lies in a folder is deleted by a task
    /// of the server, which is asked about. Where the answer is lost, and the server says after that that there is no such
    /// thing, it is removed.
    ///
    /// # Errors
    ///
    /// [`Error::Api`] if the API refused, with `recycleBinNotSupportForSpace` if the space has no recycle bin.
    pub async fn send(self) -> Result<(), Error> {
        let calls = self.drive.client().storage_v1();
        let call = calls.delete_dentry(&self.entry.space, &self.entry.id).to_recycle_bin(!self.for_good);
        let removed = call.wait().await.map(drop).map_err(dingtalk_storage::Error::from);
        removed.or_else(|error| if is_gone(&error) { Ok(()) } else { Err(error) })?;
        self.drive.paths(&self.entry.space).forget(&self.entry);
        Ok(())
    }
}

fn check_folder(entry: &Entry) -> Result<(), Error> {
    if entry.is_folder() { Ok(()) } else { Err(Error::NotAFolder(entry.name.clone())) }
}

/// Whether something does not exist any more, after an attempt to remove it whose answer was lost.
fn is_gone(error: &dingtalk_storage::Error) -> bool {
    error.follows_unknown_attempt() && error.class() == ErrorClass::Missing
}

fn is_taken(error: &dingtalk_storage::Error) -> bool {
    error.code() == Some(&ErrorCode::DentryAlreadyExist)
}
