//! Calls of the API that may be made in an hour.

use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use dingtalk_storage_transfer::Drive;
use tokio::time::Instant;

const HOUR: Duration = Duration::from_hours(1);

/// Gives each request the drive, with what is left of the hour's calls.
#[derive(Debug)]
pub struct Budget {
    drive: Drive,
    per_hour: Option<u64>,
    hour: Mutex<Hour>,
}

#[derive(Debug)]
struct Hour {
    began: Instant,
    drive: Drive,
    has_told: bool,
}

impl Hour {
    fn of(drive: &Drive, per_hour: Option<u64>) -> Self {
        Self { began: Instant::now(), drive: drive.limited(per_hour), has_told: false }
    }
}

impl Budget {
    pub fn new(drive: Drive, per_hour: Option<u64>) -> Self {
        Self { hour: Mutex::new(Hour::of(&drive, per_hour)), drive, per_hour }
    }

    /// The drive for one request, whose calls are counted by themselves, and until when its hour is.
    pub fn drive(&self) -> (Drive, Instant) {
        let mut hour = self.hour.lock().unwrap_or_else(PoisonError::into_inner);
        if hour.began.elapsed() >= HOUR {
            *hour = Hour::of(&self.drive, self.per_hour);
        }
        (hour.drive.limited(None), hour.began + HOUR)
    }

    /// Says once in an hour that its calls are used up.
    pub fn used_up(&self) {
        let mut hour = self.hour.lock().unwrap_or_else(PoisonError::into_inner);
        if !std::mem::replace(&mut hour.has_told, true) {
            let minutes = HOUR.saturating_sub(hour.began.elapsed()).as_secs().div_ceil(60);
            tracing::warn!(
                calls = self.per_hour,
                minutes,
                "the calls of this hour are used up: what needs one is answered by 503 until it is over"
            );
        }
    }
}
