//! Small files: one PUT.

use dingtalk_storage::runtime::object_storage::Signed;
use dingtalk_storage::storage_v2::get_file_upload_info::UploadPreCheck;
use dingtalk_storage::types::{TransferProtocol, UploadKey};

use super::commit::{self, Commit};
use super::piece::Piece;
use super::put::{Urls, store};
use super::{Done, Job, Start};
use crate::Error;

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

/// Sends all bytes at once, and commits them.
pub(super) async fn upload(job: &Job, piece: &Piece) -> Result<Done, Error> {
    let mut url = SingleUrl { size: piece.length(), key: None };
    let stored = store(job, Urls::Single(&mut url), piece).await;
    let integrity = piece.unless_changed(&job.name, stored).await?;
    // What was stored was asked for.
    let key = url.key.ok_or_else(|| Error::NoUrls { name: job.name.clone(), part: 1 })?;
    let commit = Commit { key: &key, size: piece.length(), crc64: integrity.crc64(), marker: job.marker.as_deref() };
    let entry = commit::commit(job, &commit).await?;
    Ok(Done { entry, integrity, start: Start::Fresh })
}
