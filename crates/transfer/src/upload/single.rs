//! Small files: one PUT.

use dingtalk_storage::runtime::object_storage::Signed;
use dingtalk_storage::storage_v2::get_file_upload_info::UploadPreCheck;
use dingtalk_storage::types::{TransferProtocol, UploadKey};

use super::commit::{self, Commit};
use super::parts::{self, Part};
use super::piece::Piece;
use super::put::{Urls, store};
use super::session::{Noted, Session};
use super::{Done, Job, Start};
use crate::{Entry, Error, Integrity};

/// The URLs of an upload in one piece, and the key that commits what was put to them.
#[derive(Debug)]
pub(super) struct SingleUrl {
    size: u64,
    key: Option<UploadKey>,
}

impl SingleUrl {
    /// Starts the upload; when it was started before, anew and with another key.
    pub(super) async fn ask(&mut self, job: &Job) -> Result<Signed, Error> {
        let calls = job.drive.client().storage_v2();
        let check = UploadPreCheck::new().name(&job.name).size(self.size);
        let mut call = calls.get_file_upload_info(&job.folder.uuid, TransferProtocol::HeaderSignature);
        call = call.pre_check_param(&check);
        if let Some(region) = &job.options.region {
            call = call.prefer_region(region.clone());
        }
        let answer = call.send().await?;
        let signed = answer.header_signature_info()?.signed()?;
        self.key = Some(answer.upload_key);
        Ok(signed)
    }
}

/// Sends all bytes at once, and commits them. That the commit of a file is on its way is noted before it is sent: the same
/// upload finds out what became of it, also after a crash, and never commits another time.
pub(super) async fn upload(job: &Job, piece: &Piece) -> Result<Done, Error> {
    let noted = match piece.file() {
        Some(file) => match Session::of_commit(job, file).await? {
            (Some(session), _) => return Box::pin(parts::carry_on(job, piece, session)).await,
            (None, noted) => noted,
        },
        None => None,
    };
    let mut url = SingleUrl { size: piece.length(), key: None };
    let stored = store(job, Urls::Single(&mut url), piece).await;
    let integrity = piece.unless_changed(&job.name, stored).await?;
    // What was stored was asked for.
    let key = url.key.ok_or_else(|| Error::NoUrls { name: job.name.clone(), part: 1 })?;
    let commit = Commit { key: &key, size: piece.length(), crc64: integrity.crc64(), marker: job.marker.as_deref() };
    let entry = noted_commit(job, &commit, integrity, noted).await?;
    Ok(Done { entry, integrity, start: Start::Fresh })
}

async fn noted_commit(
    job: &Job,
    commit: &Commit<'_>,
    integrity: Integrity,
    noted: Option<Noted>,
) -> Result<Entry, Error> {
    let Some(mut noted) = noted else { return commit::commit(job, commit).await };
    let whole = Part { size: commit.size, crc64: integrity.crc64(), is_verified: integrity.is_verified() };
    noted.committing(job, commit.key, whole).await?;
    let answer = commit::commit(job, commit).await;
    if !matches!(answer, Err(Error::CommitUnknown { .. })) {
        noted.finish().await;
    }
    answer
}
