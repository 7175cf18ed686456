//! Bytes on their way from the system's memory to the disk, while more of them come.

use std::fs::File;
use std::sync::Arc;

use tokio::task::JoinHandle;

/// Bytes that come before the disk is asked to have them.
const EVERY: u64 = 64 << 20;

/// Has the disk take what came, so that the end of a large file has not to wait for all of it. It only saves time:
/// whether everything is on the disk is asked, and answered, at the end.
#[derive(Debug)]
pub(super) struct Writeback {
    /// Without the lock, for the last of it may outlive the transfer. None where there is no other handle.
    file: Option<Arc<File>>,
    waiting: u64,
    running: Option<JoinHandle<()>>,
}

impl Writeback {
    pub(super) fn new(file: Option<File>) -> Self {
        Self { file: file.map(Arc::new), waiting: 0, running: None }
    }

    /// Notes that so many bytes more were written.
    pub(super) fn wrote(&mut self, bytes: u64) {
        self.waiting += bytes;
        let is_idle = self.running.as_ref().is_none_or(JoinHandle::is_finished);
        if let Some(file) = self.file.as_ref().filter(|_| is_idle && self.waiting >= EVERY) {
            self.waiting = 0;
            let file = Arc::clone(file);
            // Its failure is told to the handle that asks at the end, too.
            self.running = Some(tokio::task::spawn_blocking(move || drop(file.sync_data())));
        }
    }
}
