//! The way in: a client with its operator, and what all its transfers share.

use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use dingtalk_storage::runtime::CallCounter;
use dingtalk_storage::{Client, OperatorClient};

use crate::allowance::Allowance;
use crate::ids::People;
use crate::journal;
use crate::pace::Pace;
use crate::paths::Indexes;
use crate::state_dir::default_state_dir;
use crate::unfinished;
use crate::upload::{Committed, Folders, ReaderMemory};

/// A drive as one operator sees it. Cloning it is cheap; clones share connections, limits and what they know.
#[derive(Debug, Clone)]
pub struct Drive {
    client: OperatorClient,
    shared: Arc<Shared>,
}

#[derive(Debug)]
struct Shared {
    settings: Settings,
    committed: Committed,
    folders: Folders,
    /// Whether old journals were looked for.
    is_tidy: AtomicBool,
    indexes: Indexes,
    people: People,
    up: Arc<Pace>,
    down: Pace,
    allowance: Allowance,
    reader_memory: ReaderMemory,
}

/// What the transfers of a [`Drive`] keep to; its builder sets it.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct Settings {
    /// Folder for what must survive the process; none for the user's own folder for state.
    pub state_dir: Option<PathBuf>,
    /// Whether unfinished transfers are noted there, so that they go on after a crash.
    pub resume: bool,
    /// Largest file that is sent in one piece, in bytes.
    pub single_put: u64,
    /// Size of a part to begin with, in bytes.
    pub part_size: u64,
    /// Parts of one file on their way at the same time.
    pub parts_at_once: usize,
    /// Files on their way at the same time.
    pub files_at_once: usize,
    /// Bytes of readers and streams that wait in memory until they are sent, all uploads together.
    pub reader_memory: u64,
    /// How long bytes may stand still.
    pub stall_timeout: Duration,
    /// Bytes that go up in a second, all transfers together; none without a bound.
    pub most_up: Option<u64>,
    /// Bytes that come down in a second, all transfers together; none without a bound.
    pub most_down: Option<u64>,
    /// Bytes that are transferred in all; none without a bound.
    pub max_transfer: Option<u64>,
}

impl Settings {
    /// Calls of the API that an upload of so many bytes takes, if nothing goes wrong: where to send it and the commit, and
    /// for a file in parts their signed URLs, 30 at a time.
    #[must_use]
    pub fn calls_of_upload(&self, bytes: u64) -> u64 {
        if bytes <= self.single_put { 2 } else { 2 + crate::upload::url_calls(bytes, self.part_size) }
    }
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            state_dir: None,
            resume: true,
            single_put: 16 << 20,
            part_size: 8 << 20,
            parts_at_once: 4,
            files_at_once: 8,
            reader_memory: 8 << 20,
            stall_timeout: Duration::from_secs(30),
            most_up: None,
            most_down: None,
            max_transfer: None,
        }
    }
}

impl Drive {
    /// A drive with the defaults.
    #[must_use]
    pub fn new(client: &OperatorClient) -> Self {
        Self::builder(client).build()
    }

    /// A drive to set up.
    #[must_use]
    pub fn builder(client: &OperatorClient) -> DriveBuilder {
        DriveBuilder { client: client.clone(), settings: Settings::default() }
    }

    /// The client below, for operations that this crate has no word for.
    #[must_use]
    pub fn client(&self) -> &OperatorClient {
        &self.client
    }

    /// The same drive for one job, whose calls are counted by themselves and are at most so many: what goes beyond fails
    /// without being sent. They count for the client as well, and for its maximum. It shares all that this one knows.
    #[must_use]
    pub fn limited(&self, max_calls: Option<u64>) -> Self {
        let runtime = self.client.runtime();
        let runtime = runtime.counted_by(&runtime.counter().part(max_calls));
        let client = Client::from(runtime).operator(self.client.operator());
        Self { client, shared: Arc::clone(&self.shared) }
    }

    /// The count of the metered calls of this drive: that of its client, or of the job that it was
    /// [limited](Self::limited) for.
    #[must_use]
    pub fn calls(&self) -> &CallCounter {
        self.client.runtime().counter()
    }

    pub(crate) fn committed(&self) -> &Committed {
        &self.shared.committed
    }

    pub(crate) fn folders(&self) -> &Folders {
        &self.shared.folders
    }

    /// Where journals are; none where there are to be none, or no place for them. The first time, old ones are removed.
    pub(crate) async fn journals(&self) -> Option<PathBuf> {
        let state = self.state_dir().filter(|_| self.settings().resume)?;
        let journals = state.join("transfers");
        if !self.shared.is_tidy.swap(true, Ordering::Relaxed) {
            journal::collect(&journals, unfinished::remove_what_it_brought).await;
        }
        Some(journals)
    }

    /// Folder for what this machine's user keeps, if there is a place for it.
    pub(crate) fn state_dir(&self) -> Option<PathBuf> {
        self.settings().state_dir.clone().or_else(default_state_dir)
    }

    pub(crate) fn indexes(&self) -> &Indexes {
        &self.shared.indexes
    }

    pub(crate) fn up(&self) -> &Arc<Pace> {
        &self.shared.up
    }

    pub(crate) fn down(&self) -> &Pace {
        &self.shared.down
    }

    pub(crate) fn allowance(&self) -> &Allowance {
        &self.shared.allowance
    }

    pub(crate) fn reader_memory(&self) -> &ReaderMemory {
        &self.shared.reader_memory
    }

    pub(crate) fn people(&self) -> &People {
        &self.shared.people
    }

    /// What its transfers keep to.
    #[must_use]
    pub fn settings(&self) -> &Settings {
        &self.shared.settings
    }
}

/// Sets up a [`Drive`].
#[derive(Debug, Clone)]
pub struct DriveBuilder {
    client: OperatorClient,
    settings: Settings,
}

impl DriveBuilder {
    /// Sets the folder for what must survive the process, such as the journals of unfinished transfers. The default is
    /// `dingtalk-storage` in the user's folder for state (`$XDG_STATE_HOME`, or what the platform has for it).
    #[must_use]
    pub fn state_dir(mut self, folder: impl Into<PathBuf>) -> Self {
        self.settings.state_dir = Some(folder.into());
        self
    }

    /// Says whether unfinished transfers are noted on the disk, so that they go on after a crash; by default they are.
    /// A note has paths, names, and the key with which the app goes on, but no token and no URL; only the user can read
    /// it. Who has no home, or cannot write there, goes without, unless [`state_dir`](Self::state_dir) names a folder.
    #[must_use]
    pub fn resume(mut self, resume: bool) -> Self {
        self.settings.resume = resume;
        self
    }

    /// Sets the largest file that is sent in one piece, 16 MiB by default; larger ones go in parts.
    #[must_use]
    pub fn single_put(mut self, bytes: u64) -> Self {
        self.settings.single_put = bytes;
        self
    }

    /// Sets the size of parts to begin with, 8 MiB by default. The storage takes 100 KiB to 5 GiB; parts grow where
    /// 10,000 of them would not do.
    #[must_use]
    pub fn part_size(mut self, bytes: u64) -> Self {
        self.settings.part_size = bytes.clamp(100 << 10, 5 << 30);
        self
    }

    /// Sets how many parts of one file are on their way at the same time, 4 by default.
    #[must_use]
    pub fn parts_at_once(mut self, parts: usize) -> Self {
        self.settings.parts_at_once = parts.max(1);
        self
    }

    /// Sets how many files are on their way at the same time where there are many, 8 by default.
    #[must_use]
    pub fn files_at_once(mut self, files: usize) -> Self {
        self.settings.files_at_once = files.max(1);
        self
    }

    /// Sets how many bytes of readers and streams wait in memory until they are sent, all uploads of the drive together:
    /// 8 MiB by default. An upload finds a place there if its parts that are on their way at the same time and the one
    /// that is read meanwhile do, or all of it: 40 MiB with the other defaults. Parts of others wait in files without
    /// names in the [folder for state](Self::state_dir), which takes about a third more time; without a home they all are
    /// in memory. Files and bytes need no place.
    #[must_use]
    pub fn reader_memory(mut self, bytes: u64) -> Self {
        self.settings.reader_memory = bytes;
        self
    }

    /// Sets how long bytes may stand still before a request is given up, 30 seconds by default.
    #[must_use]
    pub fn stall_timeout(mut self, timeout: Duration) -> Self {
        self.settings.stall_timeout = timeout;
        self
    }

    /// Sets how many bytes go up in a second, all transfers of the drive together. Without a bound by default.
    #[must_use]
    pub fn most_up(mut self, bytes_per_second: u64) -> Self {
        self.settings.most_up = Some(bytes_per_second);
        self
    }

    /// Sets how many bytes come down in a second, all transfers of the drive together. Without a bound by default.
    #[must_use]
    pub fn most_down(mut self, bytes_per_second: u64) -> Self {
        self.settings.most_down = Some(bytes_per_second);
        self
    }

    /// Sets how many bytes are transferred in all, up and down together. A transfer that would go beyond is not begun:
    /// [`Error::TooManyBytes`](crate::Error::TooManyBytes). What is sent again because it was lost does not count.
    #[must_use]
    pub fn max_transfer(mut self, bytes: u64) -> Self {
        self.settings.max_transfer = Some(bytes);
        self
    }

    /// The drive. Nothing is sent.
    #[must_use]
    pub fn build(self) -> Drive {
        let shared = Arc::new(Shared {
            up: Arc::new(Pace::new(self.settings.most_up)),
            down: Pace::new(self.settings.most_down),
            allowance: Allowance::new(self.settings.max_transfer),
            reader_memory: ReaderMemory::new(self.settings.reader_memory),
            settings: self.settings,
            committed: Committed::default(),
            folders: Folders::default(),
            indexes: Indexes::default(),
            people: People::default(),
            is_tidy: AtomicBool::new(false),
        });
        Drive { client: self.client, shared }
    }
}

#[cfg(test)]
mod tests {
    use super::Settings;

    /// However long a file is, it has 10,000 parts at most.
    #[test]
    fn calls_of_an_upload_are_those_of_its_parts() {
        let settings = Settings { single_put: 16 << 20, part_size: 8 << 20, ..Settings::default() };
        let part = settings.part_size;
        let calls = |bytes| settings.calls_of_upload(bytes);
        assert_eq!([0, 1, 16 << 20].map(calls), [2, 2, 2]);
        assert_eq!([(16 << 20) + 1, 30 * part, 30 * part + 1, 10_000 * part].map(calls), [3, 3, 4, 336]);
        assert!(calls(10_000 * part + 1) <= 336 && calls(1 << 45) <= 336);
        let small = Settings { single_put: 1 << 20, part_size: 1 << 20, ..settings.clone() };
        assert_eq!(small.calls_of_upload(31 << 20), 4);
    }
}
