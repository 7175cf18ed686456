//! Large files: parts, each by URLs of its own, several at the same time.

mod size;
mod supply;
mod urls;

use dingtalk_storage::types::{PreCheckParam, UploadKey};
use futures_util::{StreamExt, TryStreamExt, future, stream};

use super::piece::Piece;
use super::put::{Urls, store};
use super::reading::Reading;
use super::session::Session;
use super::{Done, Job, commit};
use crate::checksum::Crc64;
use crate::{Entry, Error, Integrity};

pub(crate) use size::part_size;
pub(super) use size::{LARGEST_FILE, MOST_PARTS, growing};
pub(crate) use supply::url_calls;
pub(super) use urls::PartUrls;

/// Last part that there can be.
const LAST: i32 = 10_000;

/// Uploads what can be read anywhere, a file of this machine or bytes. A file goes on where it stopped the last time.
pub(super) async fn upload(job: &Job, whole: &Piece) -> Result<Done, Error> {
    let too_large = || Error::TooLarge { name: job.name.clone(), most: LARGEST_FILE };
    let part = part_size(whole.length(), job.drive.settings().part_size).ok_or_else(too_large)?;
    let session = match whole.file() {
        Some(file) => Session::open(job, file, part).await?,
        None => Session::begin(job, Some(whole.length()), part).await?,
    };
    carry_on(job, whole, session).await
}

/// Goes on with an upload to its end.
pub(super) async fn carry_on(job: &Job, whole: &Piece, mut session: Session) -> Result<Done, Error> {
    match go_on(job, whole, &mut session).await {
        Ok(entry) => session.done(entry).await,
        Err(error) => Err(session.stopped(error, whole.length()).await),
    }
}

/// Uploads what a reader gives, beginning with what was read of it; each part stays here until it is stored.
pub(super) async fn upload_reader(job: &Job, reading: Reading, first: Piece) -> Result<Done, Error> {
    let session = Session::begin(job, reading.length(), job.drive.settings().part_size).await?;
    let urls = PartUrls::new(&session, (1..=LAST).collect());
    let parts = stream::try_unfold((reading, Some(first), 1), |(mut reading, first, number)| async move {
        let part = match first {
            Some(first) => Some(first),
            None => reading.next().await?,
        };
        Ok::<_, Error>(part.map(|part| ((number, part), (reading, None, number + 1))))
    });
    let stored = parts.map_ok(|(number, part)| one(job, &session, &urls, number, part));
    let stored = stored.try_buffer_unordered(job.drive.settings().parts_at_once);
    stored.try_for_each(|()| future::ready(Ok(()))).await?;
    let entry = finish(job, &session, &urls).await?;
    session.done(entry).await
}

async fn go_on(job: &Job, whole: &Piece, session: &mut Session) -> Result<Entry, Error> {
    if let Some(entry) = session.committed_before(job, whole.length()).await? {
        return Ok(entry);
    }
    let reason = match attempt(job, whole, session).await {
        Err(error) if is_forgotten(&error) => error,
        answer => return answer,
    };
    if session.was_committing() {
        // The key may be used up, because the first commit did arrive, just now or before the file was moved.
        let arrived = session.committed_before(job, whole.length()).await?;
        return arrived.ok_or_else(|| commit::unknown_before(job, whole.length(), &reason));
    }
    session.begin_anew(job, whole.length(), &reason).await?;
    attempt(job, whole, session).await
}

/// Sends what is missing, and commits.
async fn attempt(job: &Job, whole: &Piece, session: &Session) -> Result<Entry, Error> {
    let (length, size) = (whole.length(), session.part_size);
    let too_large = |_| Error::TooLarge { name: job.name.clone(), most: LARGEST_FILE };
    let missing = session.missing(i32::try_from(length.div_ceil(size)).map_err(too_large)?);
    let urls = PartUrls::new(session, missing.clone());
    let parts = stream::iter(missing).map(|number| {
        let start = u64::from(number.unsigned_abs().saturating_sub(1)) * size;
        one(job, session, &urls, number, whole.part(start, size.min(length - start)))
    });
    let stored = parts.buffer_unordered(job.drive.settings().parts_at_once);
    let sent = stored.try_for_each(|()| future::ready(Ok(()))).await;
    whole.unless_changed(&job.name, sent).await?;
    finish(job, session, &urls).await
}

async fn finish(job: &Job, session: &Session, urls: &PartUrls) -> Result<Entry, Error> {
    match session.commit(job).await {
        // The URLs that were asked for last have expired, and the key with them, unless it is asked for new ones.
        Err(Error::Api(error)) if refuses_key(&error) => {
            urls.renew(job).await?;
            session.commit(job).await
        }
        answer => answer,
    }
}

/// Whether the server no longer knows the upload.
fn is_forgotten(error: &Error) -> bool {
    let no_such_upload = |error: &dingtalk_storage::Error| {
        error.storage().is_some_and(|oss| matches!(oss.code.as_str(), "NoSuchUpload" | "NoSuchKey"))
    };
    matches!(error, Error::Api(error) if refuses_key(error) || no_such_upload(error))
}

fn refuses_key(error: &dingtalk_storage::Error) -> bool {
    error.code().is_some_and(|code| code.as_str() == "paramError.uploadKey")
}

/// A part that is stored.
#[derive(Debug, Clone, Copy)]
pub(super) struct Part {
    pub(super) size: u64,
    pub(super) crc64: u64,
    pub(super) is_verified: bool,
}

async fn one(job: &Job, session: &Session, urls: &PartUrls, number: i32, piece: Piece) -> Result<(), Error> {
    let began = tokio::time::Instant::now();
    let integrity = store(job, Urls::Part { urls, number }, &piece).await?;
    urls.took(began.elapsed(), job.drive.settings().parts_at_once).await;
    let (crc64, is_verified) = (integrity.crc64(), integrity.is_verified());
    session.add(number, Part { size: piece.length(), crc64, is_verified }).await
}

/// All parts up to one.
pub(super) struct Whole {
    pub(super) size: u64,
    crc: u64,
    is_verified: bool,
}

impl Whole {
    pub(super) fn new() -> Self {
        Self { size: 0, crc: 0, is_verified: true }
    }

    pub(super) fn with(self, part: Part) -> Self {
        Self {
            size: self.size + part.size,
            crc: Crc64::combined(self.crc, part.crc64, part.size),
            is_verified: self.is_verified && part.is_verified,
        }
    }

    pub(super) fn integrity(&self) -> Integrity {
        let crc64 = self.crc;
        if self.is_verified { Integrity::Verified { crc64 } } else { Integrity::Unverified { crc64 } }
    }
}

/// Begins an upload; returns its key.
pub(super) async fn begin(job: &Job, length: Option<u64>) -> Result<UploadKey, Error> {
    let place = job.folder.place(&job.drive).await?;
    let mut check = PreCheckParam::new().name(&job.name).parent_id(&place.folder);
    if let Some(length) = length {
        check = check.size(length);
    }
    let calls = job.drive.client().storage_v1();
    let mut call = calls.init_multipart_file_upload(&place.space).pre_check_param(&check);
    if let Some(region) = &job.options.region {
        call = call.prefer_region(region.clone());
    }
    Ok(call.send().await?.upload_key)
}
