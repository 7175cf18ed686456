//! Signed URLs of parts, asked for just in time.

use std::collections::BTreeSet;
use std::time::Duration;

use dingtalk_storage::runtime::object_storage::Signed;
use dingtalk_storage::types::UploadKey;
use tokio::sync::Mutex;
use tokio::time::Instant;

use super::super::Job;
use super::super::session::Session;
use super::supply::Supply;
use crate::Error;

/// The URLs of the parts of one upload.
#[derive(Debug)]
pub(in super::super) struct PartUrls {
    key: UploadKey,
    supply: Mutex<Supply<Signed>>,
}

impl PartUrls {
    pub(super) fn new(session: &Session, parts: BTreeSet<i32>) -> Self {
        Self { key: session.key.clone(), supply: Mutex::new(Supply::new(parts, session.part_size)) }
    }

    /// Notes how long a part took, of which so many are on their way together.
    pub(super) async fn took(&self, time: Duration, at_once: usize) {
        self.supply.lock().await.took(time, at_once);
    }

    /// The URLs of a part. They are given once: who asks for the same part again gets fresh ones.
    pub(in super::super) async fn take(&self, job: &Job, number: i32) -> Result<Signed, Error> {
        // Held while they are asked for, so that parts that begin together ask once.
        let mut supply = self.supply.lock().await;
        if let Some(signed) = supply.take(number, Instant::now()) {
            return Ok(signed);
        }
        let asked = Instant::now();
        let numbers = supply.choose(number, asked);
        let calls = job.drive.client().storage_v1();
        let answer = calls.get_multipart_file_upload_infos(&self.key, &numbers).send().await?;
        for part in &answer.multipart_header_signature_infos {
            let info = &part.header_signature_info;
            let lifetime = info.expiration_seconds.and_then(|seconds| u64::try_from(seconds).ok());
            supply.add(part.part_number()?, info.signed()?, lifetime.map(Duration::from_secs), asked);
        }
        let taken = supply.take(number, asked);
        taken.ok_or_else(|| Error::NoUrls { name: job.name.clone(), part: number })
    }

    /// Has the upload go on working, whose key expires with the URLs that were asked for last.
    pub(super) async fn renew(&self, job: &Job) -> Result<(), Error> {
        self.take(job, 1).await.map(drop)
    }
}
