//! Large files: parts, each by URLs of its own, several at the same time.

mod size;
mod urls;

use dingtalk_storage::types::{PreCheckParam, UploadKey};
use futures_util::{StreamExt, TryStreamExt, stream};

use super::Job;
use super::piece::Piece;
use super::put::{Urls, store};
use super::reading::Reading;
use crate::checksum::Crc64;
use crate::{Error, Integrity};

pub(super) use size::{LARGEST_FILE, growing, part_size};
pub(super) use urls::PartUrls;

/// Bytes that were sent in parts.
pub(super) struct Sent {
    pub(super) key: UploadKey,
    pub(super) size: u64,
    pub(super) integrity: Integrity,
}

/// Sends what can be read anywhere: a file of this machine, or bytes.
pub(super) async fn send(job: &Job, whole: &Piece) -> Result<Sent, Error> {
    let length = whole.length();
    let too_large = || Error::TooLarge { name: job.name.clone(), most: LARGEST_FILE };
    let part = part_size(length, job.drive.settings().part_size).ok_or_else(too_large)?;
    let count = i32::try_from(length.div_ceil(part)).map_err(|_| too_large())?;
    let key = start(job, Some(length)).await?;
    let urls = PartUrls::new(key.clone(), Some(count));
    let parts = stream::iter((1..=count).zip(0_u64..)).map(|(number, index)| {
        let start = index * part;
        one(job, &urls, number, whole.part(start, part.min(length - start)))
    });
    // In order, which the checksum of the whole needs.
    let stored = parts.buffered(job.drive.settings().parts_at_once);
    let whole = stored.try_fold(Whole::new(), |whole, part| async move { Ok(whole.with(part)) }).await?;
    Ok(Sent { key, size: whole.size, integrity: whole.integrity() })
}

/// Sends what a reader gives, beginning with what was read of it; each part stays in memory until it is stored.
pub(super) async fn send_reader(job: &Job, reading: Reading, first: bytes::Bytes) -> Result<Sent, Error> {
    let key = start(job, reading.length()).await?;
    let urls = PartUrls::new(key.clone(), None);
    let parts = stream::try_unfold((reading, Some(first), 1), |(mut reading, first, number)| async move {
        let part = match first {
            Some(first) => first,
            None => reading.part(number).await?,
        };
        Ok::<_, Error>(if part.is_empty() { None } else { Some(((number, part), (reading, None, number + 1))) })
    });
    let stored = parts.map_ok(|(number, part)| one(job, &urls, number, Piece::Bytes(part)));
    let stored = stored.try_buffered(job.drive.settings().parts_at_once);
    let whole = stored.try_fold(Whole::new(), |whole, part| async move { Ok(whole.with(part)) }).await?;
    Ok(Sent { key, size: whole.size, integrity: whole.integrity() })
}

/// A part that is stored.
struct Part {
    size: u64,
    integrity: Integrity,
}

async fn one(job: &Job, urls: &PartUrls, number: i32, piece: Piece) -> Result<Part, Error> {
    let began = tokio::time::Instant::now();
    let integrity = store(job, Urls::Part { urls, number }, &piece).await?;
    urls.took(began.elapsed(), job.drive.settings().parts_at_once);
    Ok(Part { size: piece.length(), integrity })
}

/// All parts up to one.
struct Whole {
    size: u64,
    crc: u64,
    is_verified: bool,
}

impl Whole {
    fn new() -> Self {
        Self { size: 0, crc: 0, is_verified: true }
    }

    fn with(self, part: Part) -> Self {
        Self {
            size: self.size + part.size,
            crc: Crc64::combined(self.crc, part.integrity.crc64(), part.size),
            is_verified: self.is_verified && part.integrity.is_verified(),
        }
    }

    fn integrity(&self) -> Integrity {
        let crc64 = self.crc;
        if self.is_verified { Integrity::Verified { crc64 } } else { Integrity::Unverified { crc64 } }
    }
}

async fn start(job: &Job, length: Option<u64>) -> Result<UploadKey, Error> {
    let mut place = job.place.lock().await;
    let place = job.target.place(&job.drive, &mut place).await?;
    let mut check = PreCheckParam::new().name(&job.name).parent_id(&place.folder);
    if let Some(length) = length {
        check = check.size(job.wire_size(length)?);
    }
    let calls = job.drive.client().storage_v1();
    let mut call = calls.init_multipart_file_upload(&place.space).pre_check_param(&check);
    if let Some(region) = &job.options.region {
        call = call.prefer_region(region.clone());
    }
    Ok(call.send().await?.upload_key)
}
