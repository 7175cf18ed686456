//! Signed URLs of a file, asked for when they are needed, and again when they have expired.

use std::time::Duration;

use dingtalk_storage::runtime::object_storage::Signed;
use dingtalk_storage::storage_v1::get_file_download_info::GetFileDownloadInfoResponse;
use dingtalk_storage::types::{DentryId, SpaceId};
use tokio::sync::Mutex;
use tokio::time::Instant;

use super::Job;
use crate::Error;

/// How long URLs work where nobody says so, in seconds.
const LIFETIME: u64 = 900;

/// The URLs of one file, for all of its ranges.
#[derive(Debug, Default)]
pub(super) struct Urls(Mutex<Known>);

#[derive(Debug, Default)]
struct Known {
    ids: Option<(SpaceId, DentryId)>,
    current: Option<Current>,
    asked: u64,
}

/// URLs, and which answer of the API they came with.
#[derive(Debug, Clone)]
pub(super) struct Current {
    pub(super) signed: Signed,
    pub(super) number: u64,
    until: Instant,
}

impl Urls {
    /// URLs that work, as far as anybody knows.
    pub(super) async fn get(&self, job: &Job) -> Result<Current, Error> {
        let mut known = self.0.lock().await;
        match &known.current {
            Some(current) if Instant::now() < current.until => Ok(current.clone()),
            _ => known.ask(job).await,
        }
    }

    /// Says that the URLs of an answer do not work; whoever needs some next asks for fresh ones, once for all.
    pub(super) async fn discard(&self, number: u64) {
        let mut known = self.0.lock().await;
        known.current.take_if(|current| current.number == number);
    }
}

impl Known {
    async fn ask(&mut self, job: &Job) -> Result<Current, Error> {
        let asked = Instant::now();
        let (answer, ids) = match &self.ids {
            Some((space, id)) => ask(job, space.clone(), id.clone()).await?,
            None => job.file.ids(&job.drive, |space, id| ask(job, space, id)).await?,
        };
        self.ids = Some(ids);
        let info = answer.header_signature_info()?;
        let signed = info.signed()?;
        let lifetime = info.expiration_seconds.and_then(|seconds| u64::try_from(seconds).ok()).unwrap_or(LIFETIME);
        self.asked += 1;
        let current = Current { signed, number: self.asked, until: asked + Duration::from_secs(lifetime) };
        self.current = Some(current.clone());
        Ok(current)
    }
}

/// Asks for URLs of a file, and says of which.
async fn ask(
    job: &Job,
    space: SpaceId,
    id: DentryId,
) -> Result<(GetFileDownloadInfoResponse, (SpaceId, DentryId)), Error> {
    let mut call = job.drive.client().storage_v1().get_file_download_info(&space, &id);
    if let Some(version) = job.version {
        call = call.version(version);
    }
    Ok((call.send().await?, (space, id)))
}
