//! Whether two files are the same.

use std::io::Read;

use super::differences::Task;
use super::plan::SyncDirection;
use super::tree::File;
use crate::checksum::Crc64;
use crate::local::LocalFolder;
use crate::{Drive, Error};

/// What makes two files the same.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
#[non_exhaustive]
pub enum Compare {
    /// Size, and time of the last change. Where only the time differs and the checksum of both is known to be the same,
    /// the time is set and no byte is sent.
    #[default]
    SizeAndTime,
    /// Size and checksum, whatever the time. Files of this machine are read. Of files that no sync has brought to the
    /// drive the storage is asked, with one call each.
    Checksum,
    /// Size, time and checksum.
    Both,
    /// Size alone.
    Size,
    /// Size and bytes: those of the drive are downloaded, and held against those of this machine by their checksums.
    Download,
}

/// What is to be done about two files.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Verdict {
    Same,
    /// The bytes are right, the time is not; with their checksum.
    OtherTime(u64),
    Different,
}

/// What compares.
#[derive(Debug, Clone)]
pub(super) struct Comparer {
    pub(super) drive: Drive,
    /// The folder of this machine; none where there is nothing yet.
    pub(super) local: Option<LocalFolder>,
    pub(super) direction: SyncDirection,
    pub(super) compare: Compare,
    /// Milliseconds that times may differ.
    pub(super) window: u64,
}

impl Comparer {
    pub(super) async fn verdict(&self, task: &Task) -> Result<Verdict, Error> {
        let Some(target) = &task.target else { return Ok(Verdict::Different) };
        if task.source.size != target.size {
            return Ok(Verdict::Different);
        }
        let is_same_time = self.is_same_time(&task.source, target);
        let there = if self.direction == SyncDirection::Up { target } else { &task.source };
        match (self.compare, is_same_time) {
            (Compare::Size, _) | (Compare::SizeAndTime, true) => return Ok(Verdict::Same),
            // Where nobody knows the time, the storage is asked for the checksum.
            (Compare::SizeAndTime, false) if there.known_crc64().is_none() && there.modified.is_some() => {
                return Ok(Verdict::Different);
            }
            _ => {}
        }
        let Some(crc) = self.crc_there(there).await? else { return Ok(Verdict::Different) };
        if self.crc_here(&task.local).await? != crc {
            return Ok(Verdict::Different);
        }
        let is_same = is_same_time
            || matches!(self.compare, Compare::Checksum | Compare::Download)
            || task.source.modified.is_none();
        Ok(if is_same { Verdict::Same } else { Verdict::OtherTime(crc) })
    }

    pub(super) fn is_same_time(&self, one: &File, other: &File) -> bool {
        matches!((one.modified, other.modified), (Some(one), Some(other)) if one.abs_diff(other) <= self.window)
    }

    /// The checksum of a file of the drive: as it was written beside it, or as the storage tells it.
    async fn crc_there(&self, file: &File) -> Result<Option<u64>, Error> {
        match (file.known_crc64(), &file.entry) {
            (_, Some(entry)) if self.compare == Compare::Download && file.size > 0 => {
                let downloaded = self.drive.download(entry).to_writer(tokio::io::sink()).await?;
                Ok(Some(downloaded.integrity.crc64()))
            }
            (None, Some(entry)) => self.drive.download(entry).checksum().await,
            (known, _) => Ok(known),
        }
    }

    /// The checksum of a file of this machine.
    pub(super) async fn crc_here(&self, path: &str) -> Result<u64, Error> {
        let (local, path) = (self.local.clone(), path.to_owned());
        let read = tokio::task::spawn_blocking(move || match local {
            Some(local) => crc_of(&local, &path),
            None => Err(Error::Plan(format!("there is no {path} on this machine"))),
        });
        let read = read.await;
        read.map_err(|error| Error::Answer(error.to_string()))?
    }
}

fn crc_of(root: &LocalFolder, path: &str) -> Result<u64, Error> {
    let (folder, name) = path.rsplit_once('/').unwrap_or(("", path));
    let folder = root.descend(folder, false)?;
    let mut file = folder.open_file(name)?;
    let (mut crc, mut buffer) = (Crc64::new(), vec![0; 256 << 10]);
    loop {
        let read = file.read(&mut buffer);
        let read = read.map_err(|source| Error::Local { action: "read", path: path.into(), source })?;
        match buffer.get(..read) {
            Some(bytes) if !bytes.is_empty() => crc.update(bytes),
            _ => return Ok(crc.value()),
        }
    }
}
