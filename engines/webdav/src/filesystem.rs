//! A folder of the drive as the file system of the protocol's library.

mod metadata;
mod reading;
mod replacing;
mod writing;

use std::future::Future;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use dav_server::davpath::DavPath;
use dav_server::fs::{
    DavDirEntry, DavFile, DavMetaData, DavProp, FsFuture, FsResult, FsStream, GuardedFileSystem, OpenOptions,
    ReadDirMeta,
};
use dingtalk_storage::types::ConflictStrategy;
use dingtalk_storage_transfer::{Drive, Entry, Error};
use futures_util::stream;
use http::StatusCode;
use tokio::time::Instant;

use crate::asked::Asked;
use crate::failure::Failure;
use crate::place::{Place, shown};

use metadata::{DirEntry, Meta};
use reading::Reading;
use replacing::replace;
use writing::Writing;

/// How long the room that is used is believed.
const ROOM: Duration = Duration::from_mins(1);

/// A folder of the drive as a file system.
#[derive(Debug, Clone)]
pub struct DriveFiles {
    place: Arc<Place>,
    /// Whether what is deleted is lost, and does not go to the recycle bin.
    for_good: bool,
    room: Arc<Mutex<Option<(Instant, Room)>>>,
}

/// Bytes that are used, and all that there can be.
type Room = (u64, Option<u64>);

impl DriveFiles {
    pub fn new(place: Arc<Place>, for_good: bool) -> Self {
        Self { place, for_good, room: Arc::default() }
    }

    async fn open_file(&self, url: &DavPath, options: OpenOptions, asked: &Asked) -> Result<Box<dyn DavFile>, Failure> {
        let path = self.place.path(url)?;
        if !options.write {
            return Ok(Box::new(Reading::open(&self.place, path, asked).await?));
        }
        let (folder, name) = self.place.split(&path)?;
        if url.is_collection() {
            let message =
                format!("a URL with a slash at its end is one of a folder: {name:?} would be stored as a file");
            return Err(Failure::new(StatusCode::METHOD_NOT_ALLOWED, message));
        }
        let there = match self.place.entry(&path, asked).await {
            Ok(there) if there.is_folder() => {
                return Err(Failure::new(StatusCode::METHOD_NOT_ALLOWED, format!("{name:?} is a folder")));
            }
            Ok(there) => Some(there),
            Err(failure) if failure.status == StatusCode::NOT_FOUND => None,
            Err(failure) => return Err(failure),
        };
        if there.is_none() && !options.create {
            return Err(Failure::not_found(format!("there is no {name:?}")));
        }
        let folder = self.place.folder(folder, asked).await?;
        // Not what was seen decides, but what is there when the bytes are.
        let conflict = if options.create_new || there.is_none() && asked.is("LOCK") {
            ConflictStrategy::ReturnErrorIfExists
        } else {
            ConflictStrategy::Overwrite
        };
        let mut file = Writing::begin(asked, folder, name, conflict, options.size);
        // A lock of nothing makes an empty file, and nobody writes to it.
        if asked.is("LOCK") && there.is_none() {
            file.end().await?;
        }
        Ok(Box::new(file))
    }

    async fn list(&self, url: &DavPath, asked: &Asked) -> Result<FsStream<Box<dyn DavDirEntry>>, Failure> {
        // What is in a folder goes where the folder goes, with one call: see `remove` and `create`.
        let goes_along = asked.is("DELETE") || asked.is("MOVE") || asked.is("COPY");
        let path = self.place.path(url)?;
        let entries = match asked.take_list() {
            _ if goes_along => Vec::new(),
            Some(listed) => listed,
            None => self.place.children(&path, asked).await?.unwrap_or_default(),
        };
        let entries = shown(&path, entries).into_iter();
        let entries: Vec<_> = entries.map(|(name, entry)| Ok(DirEntry::boxed(name, Meta::new(entry, asked)))).collect();
        Ok(Box::pin(stream::iter(entries)))
    }

    async fn meta(&self, url: &DavPath, asked: &Asked) -> Result<Box<dyn DavMetaData>, Failure> {
        let path = self.place.path(url)?;
        // Whether something may be changed is decided by what is there, and not by what was seen.
        let entry = if asked.changes_under_condition() {
            self.place.entry_now(&path, asked).await?
        } else {
            self.place.entry(&path, asked).await?
        };
        Ok(Box::new(Meta::new(entry, asked)))
    }

    /// A new folder; for a copy, with all that the one that is copied has.
    async fn create(&self, url: &DavPath, asked: &Asked) -> Result<(), Failure> {
        let path = self.place.path(url)?;
        if asked.is("COPY") && !asked.is_shallow() {
            let source = DavPath::new(asked.url()).map_err(|error| bad_url(&error))?;
            return self.copy_to(&self.place.path(&source)?, &path, asked).await;
        }
        let Ok((folder, name)) = self.place.split(&path) else {
            return Err(Failure::exists("the folder that is served is there"));
        };
        // Clients make the folder of each file that they store; what was seen lately takes no call.
        if self.place.entry(&path, asked).await.is_ok() {
            return Err(Failure::exists(format!("{name:?} is there")));
        }
        let (parent, name, drive) = (self.place.folder(folder, asked).await?, name.to_owned(), asked.drive().clone());
        let make = || {
            let (drive, parent, name) = (drive.clone(), parent.clone(), name.clone());
            async move { drive.make_folder(&parent, &name).await }
        };
        if asked.is("COPY") {
            return self.put_there(&path, asked, make).await;
        }
        asked.undisturbed(make()).await.map(drop)
    }

    async fn remove(&self, url: &DavPath, asked: &Asked) -> Result<(), Failure> {
        let path = self.place.path(url)?;
        self.place.split(&path)?;
        let entry = self.place.entry(&path, asked).await?;
        if asked.is("MOVE") || asked.is("COPY") {
            // It has to make room, which it does when what takes its place is there.
            asked.note_replaced(entry);
            return Ok(());
        }
        let removal = asked.drive().remove(&entry);
        let removal = if self.for_good { removal.for_good() } else { removal };
        asked.undisturbed(removal.send()).await
    }

    async fn move_to(&self, from: &DavPath, to: &DavPath, asked: &Asked) -> Result<(), Failure> {
        let (from, to) = (self.place.path(from)?, self.place.path(to)?);
        let ((before, _), (folder, name)) = (self.place.split(&from)?, self.place.split(&to)?);
        let (entry, name, drive) = (self.place.entry(&from, asked).await?, name.to_owned(), asked.drive().clone());
        if before == folder {
            let rename = || {
                let (drive, entry, name) = (drive.clone(), entry.clone(), name.clone());
                async move { drive.rename(&entry, &name).await }
            };
            return self.put_there(&to, asked, rename).await;
        }
        let folder = self.place.folder(folder, asked).await?;
        self.put_there(&to, asked, || drive.move_to(&entry, &folder).name(&*name).send()).await
    }

    /// Puts something at a path, in place of what is there if it may.
    async fn put_there<F>(&self, path: &str, asked: &Asked, place: impl Fn() -> F) -> Result<(), Failure>
    where
        F: Future<Output = Result<Entry, Error>> + Send + 'static,
    {
        let mut there = asked.take_replaced();
        loop {
            let replaced = replace(asked.drive().clone(), there.clone(), self.for_good, place());
            match asked.undisturbed(replaced).await {
                // Somebody else has put something there since it was looked at.
                Err(failure) if failure.is_taken() && !asked.may_replace() => {
                    return Err(Failure::new(StatusCode::PRECONDITION_FAILED, failure.message));
                }
                Err(failure) if failure.is_taken() && there.is_none() => {
                    there = Some(self.place.entry_now(path, asked).await?);
                }
                done => return done.map(drop),
            }
        }
    }

    async fn copy_to(&self, from: &str, to: &str, asked: &Asked) -> Result<(), Failure> {
        let (folder, name) = self.place.split(to)?;
        let (entry, folder) = (self.place.entry(from, asked).await?, self.place.folder(folder, asked).await?);
        self.put_there(to, asked, || asked.drive().copy(&entry, &folder).name(name).send()).await
    }

    async fn quota(&self, asked: &Asked) -> Result<Room, Failure> {
        let known = *self.room.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some((at, room)) = known
            && at.elapsed() < ROOM
        {
            return Ok(room);
        }
        let room = ask_room(asked.drive(), &self.place).await.map_err(|error| asked.failure_of(&error))?;
        *self.room.lock().unwrap_or_else(PoisonError::into_inner) = Some((Instant::now(), room));
        Ok(room)
    }
}

async fn ask_room(drive: &Drive, place: &Place) -> Result<Room, dingtalk_storage_transfer::Error> {
    let space = drive.client().storage_v1().get_space(&place.space).send().await?.space;
    // No limit is told as -1, or not at all.
    Ok((space.used_quota.unwrap_or(0), space.quota.and_then(|quota| u64::try_from(quota).ok())))
}

fn bad_url(error: &impl ToString) -> Failure {
    Failure::new(StatusCode::BAD_REQUEST, error.to_string())
}

impl GuardedFileSystem<Asked> for DriveFiles {
    fn open<'a>(&'a self, path: &'a DavPath, options: OpenOptions, asked: &'a Asked) -> FsFuture<'a, Box<dyn DavFile>> {
        Box::pin(async move { asked.told(self.open_file(path, options, asked).await) })
    }

    fn read_dir<'a>(
        &'a self,
        path: &'a DavPath,
        _: ReadDirMeta,
        asked: &'a Asked,
    ) -> FsFuture<'a, FsStream<Box<dyn DavDirEntry>>> {
        Box::pin(async move { asked.told(self.list(path, asked).await) })
    }

    fn metadata<'a>(&'a self, path: &'a DavPath, asked: &'a Asked) -> FsFuture<'a, Box<dyn DavMetaData>> {
        Box::pin(async move { asked.told(self.meta(path, asked).await) })
    }

    fn create_dir<'a>(&'a self, path: &'a DavPath, asked: &'a Asked) -> FsFuture<'a, ()> {
        Box::pin(async move { asked.told(self.create(path, asked).await) })
    }

    fn remove_dir<'a>(&'a self, path: &'a DavPath, asked: &'a Asked) -> FsFuture<'a, ()> {
        Box::pin(async move { asked.told(self.remove(path, asked).await) })
    }

    fn remove_file<'a>(&'a self, path: &'a DavPath, asked: &'a Asked) -> FsFuture<'a, ()> {
        self.remove_dir(path, asked)
    }

    fn rename<'a>(&'a self, from: &'a DavPath, to: &'a DavPath, asked: &'a Asked) -> FsFuture<'a, ()> {
        Box::pin(async move { asked.told(self.move_to(from, to, asked).await) })
    }

    fn copy<'a>(&'a self, from: &'a DavPath, to: &'a DavPath, asked: &'a Asked) -> FsFuture<'a, ()> {
        Box::pin(async move {
            let paths = self.place.path(from).and_then(|from| Ok((from, self.place.path(to)?)));
            let copied = match paths {
                Ok((from, to)) => self.copy_to(&from, &to, asked).await,
                Err(failure) => Err(failure),
            };
            asked.told(copied)
        })
    }

    /// The drive keeps no properties of others; each is refused by itself, as the protocol wants it.
    fn patch_props<'a>(
        &'a self,
        _: &'a DavPath,
        patch: Vec<(bool, DavProp)>,
        _: &'a Asked,
    ) -> FsFuture<'a, Vec<(StatusCode, DavProp)>> {
        let refused = patch.into_iter().map(|(_, property)| (StatusCode::FORBIDDEN, property)).collect();
        Box::pin(std::future::ready(Ok(refused)))
    }

    fn get_quota<'a>(&'a self, asked: &'a Asked) -> FsFuture<'a, Room> {
        // An answer without the room is better than none.
        Box::pin(async move {
            let room: FsResult<Room> = self.quota(asked).await.map_err(|failure| failure.in_words_of_the_protocol());
            room
        })
    }
}

/// What the answer about an open file tells of it.
fn meta_of(entry: &Entry, asked: &Asked) -> Box<dyn DavMetaData> {
    Box::new(Meta::new(entry.clone(), asked))
}
