//! Storing one piece: the next URL when one fails, fresh ones when they have expired, and the checksum at the end.

use std::sync::atomic::Ordering;
use std::time::Duration;

use dingtalk_storage::runtime::ErrorKind;
use dingtalk_storage::runtime::object_storage::Signed;

use super::Job;
use super::parts::PartUrls;
use super::piece::{Attempt, Piece};
use super::single::SingleUrl;
use crate::{Error, Integrity};

/// How often all URLs of a piece are tried.
const ROUNDS: u32 = 4;
/// Pause after the first round; each further one is twice as long.
const PAUSE: Duration = Duration::from_millis(100);

/// Where the URLs of a piece come from.
pub(super) enum Urls<'a> {
    Single(&'a mut SingleUrl),
    Part { urls: &'a PartUrls, number: i32 },
}

impl Urls<'_> {
    async fn next(&mut self, job: &Job) -> Result<Signed, Error> {
        match self {
            Self::Single(url) => url.ask(job).await,
            Self::Part { urls, number } => urls.take(job, *number).await,
        }
    }
}

/// What helps after a failure.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Remedy {
    /// The same again, by another URL if there is one.
    Again,
    /// The same again, by fresh URLs.
    FreshUrls,
    /// Nothing.
    None,
}

struct Failure {
    remedy: Remedy,
    error: Error,
}

/// Stores a piece, and holds its checksum against the storage's.
pub(super) async fn store(job: &Job, mut urls: Urls<'_>, piece: &Piece) -> Result<Integrity, Error> {
    let mut signed = urls.next(job).await?;
    let mut pause = PAUSE;
    let mut round = 1;
    loop {
        let failure = match by_any_url(job, &signed, piece).await {
            Ok(integrity) => return Ok(integrity),
            Err(failure) => failure,
        };
        match failure.remedy {
            Remedy::None => return Err(failure.error),
            _ if round == ROUNDS => return Err(failure.error),
            // The first time without delay: time is what the old ones ran out of.
            Remedy::FreshUrls if round == 1 => {}
            Remedy::FreshUrls | Remedy::Again => {
                tokio::time::sleep(pause).await;
                pause *= 2;
            }
        }
        if failure.remedy == Remedy::FreshUrls {
            signed = urls.next(job).await?;
        }
        round += 1;
    }
}

/// Tries the URLs in turn, beginning with the one that worked last.
async fn by_any_url(job: &Job, signed: &Signed, piece: &Piece) -> Result<Integrity, Failure> {
    let first = job.good_url.load(Ordering::Relaxed);
    let mut tried = 0;
    loop {
        let url = first + tried;
        match by_url(job, signed, url, piece).await {
            Ok(integrity) => {
                job.good_url.store(url % signed.urls(), Ordering::Relaxed);
                return Ok(integrity);
            }
            Err(failure) => {
                tried += 1;
                if failure.remedy != Remedy::Again || tried >= signed.urls() {
                    return Err(failure);
                }
            }
        }
    }
}

async fn by_url(job: &Job, signed: &Signed, url: usize, piece: &Piece) -> Result<Integrity, Failure> {
    let attempt = Attempt::new(&job.meter, job.drive.up());
    let request = job.drive.client().runtime().signed(signed).url(url);
    let request = request.stall_timeout(job.drive.settings().stall_timeout);
    let answer = request.put(piece.content(&attempt)).await;
    let here = attempt.crc();
    let failure = match answer {
        Ok(stored) => match stored.crc64 {
            None => return Ok(Integrity::Unverified { crc64: here }),
            Some(there) if there == here => return Ok(Integrity::Verified { crc64: here }),
            Some(there) => {
                Failure { remedy: Remedy::Again, error: Error::Damaged { name: job.name.clone(), here, there } }
            }
        },
        Err(error) if error.kind() == ErrorKind::Source => {
            let reason = error.to_string();
            Failure { remedy: Remedy::None, error: Error::Source { name: job.name.clone(), reason } }
        }
        Err(error) => Failure { remedy: remedy(&error), error: error.into() },
    };
    attempt.void();
    Err(failure)
}

fn remedy(error: &dingtalk_storage::Error) -> Remedy {
    match (error.kind(), error.status()) {
        // Too old, clocks that differ, or a signature that nobody takes: none of them mends itself.
        (ErrorKind::Storage, Some(403)) => Remedy::FreshUrls,
        (ErrorKind::Connect | ErrorKind::Connection | ErrorKind::Timeout, _)
        | (ErrorKind::Storage, Some(408 | 429 | 500..)) => Remedy::Again,
        (ErrorKind::Storage, Some(400)) if error.storage().is_some_and(|oss| oss.code == "RequestTimeout") => {
            Remedy::Again
        }
        _ => Remedy::None,
    }
}
