//! Bytes on their way from the system's memory to the disk, while more of them come.

use std::fs::File;
use std::sync::Arc;

use tokio::task::JoinHandle;

/// Bytes that come before the disk is asked to have them.
const EVERY: u64 = 64 << 20;

/// What can have its bytes on the disk.
pub(super) trait ToDisk: Send + Sync + 'static {
    fn sync(&self);
}

impl ToDisk for File {
    fn sync(&self) {
        // Its failure is told to the handle that asks at the end, too.
        let _ = self.sync_data();
    }
}

/// Has the disk take what came, so that the end of a large file has not to wait for all of it. It only saves time:
/// whether everything is on the disk is asked, and answered, at the end.
#[derive(Debug)]
pub(super) struct Writeback<F = File> {
    /// Without the lock, for the last of it may outlive the transfer. None where there is no other handle.
    file: Option<Arc<F>>,
    waiting: u64,
    running: Option<JoinHandle<()>>,
}

impl<F: ToDisk> Writeback<F> {
    pub(super) fn new(file: Option<F>) -> Self {
        Self { file: file.map(Arc::new), waiting: 0, running: None }
    }

    /// Notes that so many bytes more were written.
    pub(super) fn wrote(&mut self, bytes: u64) {
        self.waiting += bytes;
        let is_idle = self.running.as_ref().is_none_or(JoinHandle::is_finished);
        if let Some(file) = self.file.as_ref().filter(|_| is_idle && self.waiting >= EVERY) {
            self.waiting = 0;
            let file = Arc::clone(file);
            self.running = Some(tokio::task::spawn_blocking(move || file.sync()));
        }
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "what is missing is a failed test")]
mod tests {
    use std::sync::Mutex;
    use std::sync::mpsc::{Receiver, channel};

    use super::*;

    /// Takes until it is let go.
    struct Slow(Mutex<Receiver<()>>);

    impl ToDisk for Slow {
        fn sync(&self) {
            self.0.lock().unwrap().recv().unwrap();
        }
    }

    #[tokio::test]
    async fn the_disk_is_asked_for_every_so_many_bytes_and_never_twice_at_once() {
        let (let_go, waits) = channel();
        let mut writeback = Writeback::new(Some(Slow(Mutex::new(waits))));
        writeback.wrote(EVERY - 1);
        assert!(writeback.running.is_none());
        writeback.wrote(1);
        let first = writeback.running.as_ref().unwrap().id();
        writeback.wrote(2 * EVERY);
        assert_eq!(writeback.running.as_ref().unwrap().id(), first, "it is busy");

        let_go.send(()).unwrap();
        while !writeback.running.as_ref().unwrap().is_finished() {
            tokio::task::yield_now().await;
        }
        // What came meanwhile is not forgotten, and counts once.
        writeback.wrote(0);
        assert_ne!(writeback.running.as_ref().unwrap().id(), first);
        assert_eq!(writeback.waiting, 0);
        let_go.send(()).unwrap();
        writeback.running.take().unwrap().await.unwrap();
    }

    #[tokio::test]
    async fn without_another_handle_nothing_is_asked() {
        let mut writeback = Writeback::<File>::new(None);
        writeback.wrote(EVERY);
        assert!(writeback.running.is_none());
    }
}
