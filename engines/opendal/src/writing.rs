//! Files written, as their bytes come: one upload, one commit.

use bytes::Bytes;
use dingtalk_storage_transfer::{Drive, Source, StoredName, Target, Uploaded};
use futures_util::stream;
use opendal_core::raw::{OpWrite, oio};
use opendal_core::{Buffer, Error, ErrorKind, Metadata, Result};
use tokio::sync::mpsc;
use tokio::task::JoinHandle;

use crate::core::{Core, condition, strategy};
use crate::failure::failed;
use crate::metadata::metadata;

/// A file that is written. Dropped or aborted before it is closed, nothing is committed.
#[derive(Debug)]
pub(crate) struct FileWriter {
    core: Core,
    path: String,
    if_not_exists: bool,
    upload: Option<Running>,
}

#[derive(Debug)]
struct Running {
    pieces: mpsc::Sender<Message>,
    task: JoinHandle<Result<Uploaded, dingtalk_storage_transfer::Error>>,
}

/// Nothing of what is dropped is committed.
impl Drop for Running {
    fn drop(&mut self) {
        self.task.abort();
    }
}

#[derive(Debug)]
enum Message {
    Piece(Bytes),
    /// All pieces have come. A stream that ends without it was given up.
    End,
}

impl FileWriter {
    pub(crate) fn new(core: Core, path: &str, args: &OpWrite) -> Self {
        Self { core, path: path.to_owned(), if_not_exists: args.if_not_exists(), upload: None }
    }

    fn begin(&self) -> Result<Running> {
        let (folder, name) = self.core.split(&self.path)?;
        let (pieces, messages) = mpsc::channel(1);
        let target = Target::path(&self.core.space, folder);
        let (drive, strategy) = (self.core.drive.clone(), strategy(self.if_not_exists));
        let upload = |drive: Drive| async move {
            let upload = drive.upload(source(messages)).to(target).make_folders();
            upload.name(name).on_conflict(strategy).send().await
        };
        Ok(Running { pieces, task: tokio::spawn(upload(drive)) })
    }

    /// Why an upload takes no more.
    async fn why(&mut self) -> Error {
        match self.upload.take() {
            Some(mut running) => match (&mut running.task).await {
                Ok(Err(error)) => condition(failed(&error), self.if_not_exists),
                _ => Error::new(ErrorKind::Unexpected, "the upload ended before its time"),
            },
            None => Error::new(ErrorKind::Unexpected, "the writer is closed"),
        }
    }
}

/// The pieces that come.
fn source(messages: mpsc::Receiver<Message>) -> Source {
    Source::stream(stream::unfold(Some(messages), |messages| async move {
        let mut messages = messages?;
        match messages.recv().await {
            Some(Message::Piece(piece)) => Some((Ok(piece), Some(messages))),
            Some(Message::End) => None,
            None => {
                let dropped = std::io::Error::new(std::io::ErrorKind::UnexpectedEof, "it was dropped or aborted");
                Some((Err(dropped), None))
            }
        }
    }))
}

impl oio::Write for FileWriter {
    async fn write(&mut self, pieces: Buffer) -> Result<()> {
        for piece in pieces {
            if self.upload.is_none() {
                self.upload = Some(self.begin()?);
            }
            let Some(running) = &self.upload else { continue };
            if running.pieces.send(Message::Piece(piece)).await.is_err() {
                return Err(self.why().await);
            }
        }
        Ok(())
    }

    async fn close(&mut self) -> Result<Metadata> {
        if self.upload.is_none() {
            self.upload = Some(self.begin()?);
        }
        let Some(mut running) = self.upload.take() else { return Err(self.why().await) };
        // If it has failed meanwhile, its end says so.
        let _ = running.pieces.send(Message::End).await;
        let ended = (&mut running.task).await;
        let ended = ended.map_err(|error| Error::new(ErrorKind::Unexpected, "the upload ended").set_source(error))?;
        let uploaded = ended.map_err(|error| condition(failed(&error), self.if_not_exists))?;
        if let StoredName::Changed { wished } = &uploaded.name {
            let text = format!("{wished:?} was stored, but is called {:?} now", uploaded.entry.name);
            return Err(Error::new(ErrorKind::Unexpected, text));
        }
        Ok(metadata(&uploaded.entry))
    }

    async fn abort(&mut self) -> Result<()> {
        if let Some(mut running) = self.upload.take() {
            running.task.abort();
            // After it has ended, nothing is committed any more.
            let _ = (&mut running.task).await;
        }
        Ok(())
    }
}
