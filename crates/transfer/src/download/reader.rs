//! The bytes of a range in order, whatever happens to connections and URLs meanwhile.

use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::Duration;

use bytes::{Buf, Bytes};
use dingtalk_storage::runtime::object_storage::ObjectBytes;

use super::Job;
use super::identity::Identity;
use super::remedy::{Failure, Remedy};
use super::urls::Current;
use crate::Error;

/// How often all URLs are tried without a byte more.
const ROUNDS: u64 = 4;
/// Each so many bytes allow for one more failure.
const EARNED: u64 = 1 << 20;
/// Pause after the first round; each further one is twice as long.
const PAUSE: Duration = Duration::from_millis(100);
const LONGEST_PAUSE: Duration = Duration::from_secs(5);
/// Last byte of a range that has no end; the storage takes what the file has of it.
const NO_LAST: u64 = i64::MAX.unsigned_abs();

/// Reads a range of a file in order. A cut connection goes on where it was.
pub(super) struct Reader {
    job: Arc<Job>,
    start: u64,
    at: u64,
    end: Option<u64>,
    answer: Option<Answer>,
    /// Asks for no range: of an empty file there is none.
    is_plain: bool,
    trouble: Trouble,
}

/// An answer that is being read.
struct Answer {
    bytes: ObjectBytes,
    /// Bytes that come before those that are wanted.
    skip: u64,
    /// Where it ends, if it says so.
    end: Option<u64>,
    is_whole: bool,
}

#[derive(Default)]
struct Trouble {
    /// URLs of this round that have failed.
    tried: usize,
    rounds: u64,
    pause: Duration,
    /// Whether a whole file came where a range was asked for.
    has_ignored_range: bool,
    /// Number of the last URLs, and how many there are.
    urls: (u64, usize),
}

impl Reader {
    /// Reads from one byte to before another; no end is that of the file.
    pub(super) fn new(job: Arc<Job>, start: u64, end: Option<u64>) -> Self {
        let trouble = Trouble { pause: PAUSE, ..Trouble::default() };
        Self { job, start, at: start, end, answer: None, is_plain: false, trouble }
    }

    /// Where the next byte is.
    pub(super) fn at(&self) -> u64 {
        self.at
    }

    /// Where it ends, as far as that is known.
    pub(super) fn end(&self) -> Option<u64> {
        self.end
    }

    /// Whether the whole file is on its way, whatever was asked for.
    pub(super) fn is_whole(&self) -> bool {
        self.answer.as_ref().is_some_and(|answer| answer.is_whole)
    }

    /// Reads on to another end.
    pub(super) fn extend(&mut self, end: Option<u64>) {
        self.end = end;
    }

    /// Waits for an answer, which tells what file it is.
    pub(super) async fn open(&mut self) -> Result<(), Error> {
        while self.answer.is_none() && !self.is_over() {
            match self.connect().await {
                Ok(answer) => self.answer = Some(answer),
                Err(failure) => self.recover(failure).await?,
            }
        }
        Ok(())
    }

    /// The next bytes; none after the last.
    pub(super) async fn next(&mut self) -> Result<Option<Bytes>, Error> {
        loop {
            self.open().await?;
            let Some(answer) = self.answer.as_mut().filter(|_| self.end.is_none_or(|end| self.at < end)) else {
                self.answer = None;
                return Ok(None);
            };
            match answer.bytes.next().await {
                Ok(Some(piece)) => {
                    if let Some(piece) = self.take(piece) {
                        self.job.drive.down().pass(piece.len() as u64).await;
                        return Ok(Some(piece));
                    }
                }
                Ok(None) if self.end.is_none() && answer.end.is_none() => {
                    // It never said how long it is, so this is the end.
                    self.end = Some(self.at);
                }
                // A storage may give less of a range than was asked for; the rest is asked for next.
                Ok(None) if answer.end == Some(self.at) && self.at > self.start => self.answer = None,
                Ok(None) => {
                    let error = Error::Answer(format!("the bytes of {:?} ended too early", self.job.file.name()));
                    self.recover(Failure::again(error)).await?;
                }
                Err(error) => self.recover(Failure::of(error)).await?,
            }
        }
    }

    fn is_over(&self) -> bool {
        self.end.is_some_and(|end| self.at >= end)
    }

    /// What of a piece is wanted.
    fn take(&mut self, mut piece: Bytes) -> Option<Bytes> {
        let answer = self.answer.as_mut()?;
        let skipped = answer.skip.min(piece.len() as u64);
        answer.skip -= skipped;
        piece.advance(usize::try_from(skipped).unwrap_or(piece.len()));
        let end = [self.end, answer.end].into_iter().flatten().min();
        let room = end.map_or(u64::MAX, |end| end.saturating_sub(self.at));
        piece.truncate(usize::try_from(room).unwrap_or(usize::MAX));
        self.at += piece.len() as u64;
        if piece.is_empty() {
            return None;
        }
        (self.trouble.tried, self.trouble.pause) = (0, PAUSE);
        Some(piece)
    }

    async fn connect(&mut self) -> Result<Answer, Failure> {
        let current = self.job.urls.get(&self.job).await.map_err(Failure::fatal)?;
        self.trouble.urls = (current.number, current.signed.urls());
        let url = self.job.good_url.load(Ordering::Relaxed) + self.trouble.tried;
        let bytes = self.ask(&current, url).await?;
        let answer = self.accept(bytes)?;
        self.job.good_url.store(url % current.signed.urls(), Ordering::Relaxed);
        Ok(answer)
    }

    /// Makes the next attempt another one, or gives up.
    async fn recover(&mut self, failure: Failure) -> Result<(), Error> {
        self.answer = None;
        let mut has_fresh_urls = false;
        match failure.remedy {
            Remedy::None => return Err(failure.error),
            Remedy::NoRange => {
                self.is_plain = true;
                return Ok(());
            }
            Remedy::Again => {
                self.trouble.tried += 1;
                if self.trouble.tried < self.trouble.urls.1 {
                    return Ok(());
                }
            }
            Remedy::FreshUrls => {
                self.job.urls.discard(self.trouble.urls.0).await;
                has_fresh_urls = true;
            }
        }
        self.trouble.tried = 0;
        self.trouble.rounds += 1;
        if self.trouble.rounds >= ROUNDS + (self.at - self.start) / EARNED {
            return Err(failure.error);
        }
        // Fresh URLs are tried without delay the first time: time is what the old ones ran out of.
        if !(has_fresh_urls && self.trouble.rounds == 1) {
            tokio::time::sleep(self.trouble.pause).await;
            self.trouble.pause = (self.trouble.pause * 2).min(LONGEST_PAUSE);
        }
        Ok(())
    }

    async fn ask(&self, current: &Current, url: usize) -> Result<ObjectBytes, Failure> {
        let request = self.job.drive.client().runtime().signed(&current.signed).url(url);
        let mut request = request.stall_timeout(self.job.drive.settings().stall_timeout);
        if !self.is_plain && (self.at > 0 || self.end.is_some()) {
            request = request.range(self.at, self.end.map_or(NO_LAST, |end| end.saturating_sub(1)));
        }
        let etag = self.job.identity().etag.clone();
        if let Some(etag) = &etag {
            request = request.if_match(etag);
        }
        request.get().await.map_err(|error| self.refusal(error))
    }

    /// What a refusal means.
    fn refusal(&self, error: dingtalk_storage::Error) -> Failure {
        let name = || self.job.file.name();
        match error.status() {
            Some(412) => Failure::fatal(Error::Changed { name: name() }),
            Some(416) if self.at > self.start || self.job.identity().size.is_some_and(|size| self.at < size) => {
                Failure::fatal(Error::Changed { name: name() })
            }
            Some(416) if self.at > 0 => Failure::fatal(Error::OutOfRange { name: name(), start: self.at }),
            Some(416) if !self.is_plain => Failure { remedy: Remedy::NoRange, error: error.into() },
            _ => Failure::of(error),
        }
    }

    /// Holds an answer against what was asked for and what is known.
    fn accept(&mut self, bytes: ObjectBytes) -> Result<Answer, Failure> {
        let unusable = |what: String| Failure::again(Error::Answer(what));
        let answer = if bytes.is_part() {
            let Some((first, last, size)) = bytes.range() else {
                return Err(unusable("a part of a file came without saying which".into()));
            };
            let end = last.checked_add(1).filter(|end| first == self.at && *end > first && *end <= size);
            let Some(end) = end else {
                let asked = self.at;
                return Err(unusable(format!("bytes {first} to {last} of {size} came where {asked} should begin")));
            };
            if bytes.length().is_some_and(|length| length != end - first) {
                return Err(unusable(format!("bytes {first} to {last} came with another length")));
            }
            Answer { bytes, skip: 0, end: Some(end), is_whole: false }
        } else {
            if self.at > 0 && !self.trouble.has_ignored_range {
                // Once is a mishap; who does it again knows no ranges, and what comes before is read and thrown away.
                self.trouble.has_ignored_range = true;
                return Err(unusable("the whole file came where a part was asked for".into()));
            }
            let end = bytes.length();
            if end.is_some_and(|end| self.at > 0 && end <= self.at) {
                return Err(Failure::fatal(Error::OutOfRange { name: self.job.file.name(), start: self.at }));
            }
            Answer { bytes, skip: self.at, end, is_whole: true }
        };
        if !self.job.identity().agree(&Identity::of(&answer.bytes)) {
            return Err(Failure::again(Error::Changed { name: self.job.file.name() }));
        }
        if let Some(size) = self.job.identity().size {
            self.end = Some(self.end.map_or(size, |end| end.min(size)));
        }
        Ok(answer)
    }
}
