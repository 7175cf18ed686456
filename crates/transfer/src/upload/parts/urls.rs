//! Signed URLs of parts, asked for just in time.

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use dingtalk_storage::runtime::object_storage::Signed;
use dingtalk_storage::types::UploadKey;
use tokio::sync::Mutex;
use tokio::time::Instant;

use super::super::Job;
use super::super::single::signed;
use crate::Error;

/// Parts that one call takes.
const BATCH: i32 = 30;
const MOST_AT_ONCE: usize = 30;
/// Last part that there can be.
const LAST: i32 = 10_000;
/// How long URLs work where nobody says so, in seconds.
const LIFETIME: u64 = 900;

/// The URLs of the parts of one upload.
#[derive(Debug)]
pub(in super::super) struct PartUrls {
    key: UploadKey,
    last: Option<i32>,
    /// Milliseconds from one part to the next, as last seen; 0 before the first.
    pace: AtomicU64,
    lifetime: AtomicU64,
    ready: Mutex<Ready>,
}

#[derive(Debug)]
struct Ready {
    /// URLs that nobody has taken yet, and until when they work.
    urls: BTreeMap<i32, (Signed, Instant)>,
    /// First part whose URLs were never asked for.
    next: i32,
}

impl PartUrls {
    pub(super) fn new(key: UploadKey, last: Option<i32>) -> Self {
        let ready = Mutex::new(Ready { urls: BTreeMap::new(), next: 1 });
        Self { key, last, pace: AtomicU64::new(0), lifetime: AtomicU64::new(LIFETIME), ready }
    }

    /// Notes how long a part took, of which so many are on their way together.
    pub(super) fn took(&self, time: Duration, at_once: usize) {
        let pace = time.as_millis() / at_once.max(1) as u128;
        self.pace.store(u64::try_from(pace).unwrap_or(u64::MAX).max(1), Ordering::Relaxed);
    }

    /// The URLs of a part. They are given once: who asks for the same part again gets fresh ones.
    pub(in super::super) async fn take(&self, job: &Job, number: i32) -> Result<Signed, Error> {
        let mut ready = self.ready.lock().await;
        match ready.urls.remove(&number) {
            Some((signed, until)) if Instant::now() < until => return Ok(signed),
            _ => {}
        }
        let numbers = self.to_ask_for(&mut ready, number);
        let asked = Instant::now();
        let calls = job.drive.client().storage_v1();
        let answer = calls.get_multipart_file_upload_infos(&self.key, &numbers).send().await?;
        for part in &answer.multipart_header_signature_infos {
            let info = &part.header_signature_info;
            let lifetime = info.expiration_seconds.and_then(|seconds| u64::try_from(seconds).ok()).unwrap_or(LIFETIME);
            self.lifetime.store(lifetime, Ordering::Relaxed);
            ready.urls.insert(part.part_number, (signed(info)?, asked + Duration::from_secs(lifetime)));
        }
        let taken = ready.urls.remove(&number);
        taken.map(|(signed, _)| signed).ok_or_else(|| Error::NoUrls { name: job.name.clone(), part: number })
    }

    /// A part and those that come next; if it was asked for before, also those whose URLs are too old by now.
    fn to_ask_for(&self, ready: &mut Ready, number: i32) -> Vec<i32> {
        if number >= ready.next {
            let last = self.last.unwrap_or(LAST).max(number);
            let end = number.saturating_add(self.batch()).min(last.saturating_add(1));
            ready.next = end;
            return (number..end).collect();
        }
        let now = Instant::now();
        let old = ready.urls.iter().filter(|(_, (_, until))| *until <= now).map(|(number, _)| *number);
        std::iter::once(number).chain(old).take(MOST_AT_ONCE).collect()
    }

    /// As many as will be used in half of the time that they work.
    fn batch(&self) -> i32 {
        let pace = self.pace.load(Ordering::Relaxed);
        let usable = self.lifetime.load(Ordering::Relaxed).saturating_mul(500);
        usable.checked_div(pace).and_then(|parts| i32::try_from(parts).ok()).unwrap_or(BATCH).clamp(1, BATCH)
    }
}
