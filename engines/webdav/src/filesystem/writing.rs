//! A file that is written.

use std::io::{self, SeekFrom};

use bytes::{Buf, Bytes};
use dav_server::fs::{DavFile, DavMetaData, FsError, FsFuture};
use dingtalk_storage::types::ConflictStrategy;
use dingtalk_storage_transfer::{Entry, Error, Source, Uploaded};
use futures_util::stream;
use http::StatusCode;
use tokio::sync::mpsc;
use tokio::task::JoinHandle;

use super::meta_of;
use crate::asked::Asked;
use crate::failure::Failure;

/// Pieces that are between the client and the upload.
const PIECES: usize = 8;

/// What is told to the upload. Only an end that was said is one: whatever cuts the request, nothing is committed.
enum Piece {
    Bytes(Bytes),
    End,
}

/// A file that is written: its bytes go on to the storage as they come.
#[derive(Debug)]
pub(super) struct Writing {
    asked: Asked,
    pieces: Option<mpsc::Sender<Piece>>,
    upload: Option<JoinHandle<Result<Uploaded, Error>>>,
    stored: Option<Entry>,
    /// Whether it must be new.
    is_new: bool,
}

impl Writing {
    /// Begins an upload of so many bytes, if that is known.
    pub(super) fn begin(
        asked: &Asked,
        folder: Entry,
        name: &str,
        conflict: ConflictStrategy,
        length: Option<u64>,
    ) -> Self {
        let (pieces, coming) = mpsc::channel(PIECES);
        let bytes = stream::try_unfold(coming, |mut coming| async move {
            match coming.recv().await {
                Some(Piece::Bytes(bytes)) => Ok(Some((bytes, coming))),
                Some(Piece::End) => Ok(None),
                None => Err(io::Error::new(io::ErrorKind::UnexpectedEof, "the request was cut")),
            }
        });
        let source = match length {
            Some(length) => Source::sized_stream(length, bytes),
            None => Source::stream(bytes),
        };
        let is_new = conflict == ConflictStrategy::ReturnErrorIfExists;
        let upload = asked.drive().upload(source).to(folder).name(name).on_conflict(conflict);
        Self {
            asked: asked.clone(),
            pieces: Some(pieces),
            upload: Some(tokio::spawn(upload.send())),
            stored: None,
            is_new,
        }
    }

    async fn write(&mut self, bytes: Bytes) -> Result<(), Failure> {
        if bytes.is_empty() {
            return Ok(());
        }
        let Some(pieces) = &self.pieces else { return Err(closed()) };
        if pieces.send(Piece::Bytes(bytes)).await.is_ok() {
            return Ok(());
        }
        // The upload has ended before its bytes have, so it has failed.
        self.pieces = None;
        self.outcome().await?;
        Err(closed())
    }

    /// All bytes have come: waits until they are stored and committed.
    pub(super) async fn end(&mut self) -> Result<(), Failure> {
        if let Some(pieces) = self.pieces.take() {
            // Where nobody takes it any more, the outcome says why.
            let _ = pieces.send(Piece::End).await;
            self.stored = Some(self.outcome().await?.entry);
        }
        Ok(())
    }

    async fn outcome(&mut self) -> Result<Uploaded, Failure> {
        let upload = self.upload.take().ok_or_else(closed)?;
        match upload.await {
            Ok(done) => done.map_err(|error| {
                let failure = self.asked.failure_of(&error);
                if self.is_new && failure.is_taken() {
                    return Failure::new(StatusCode::PRECONDITION_FAILED, failure.message);
                }
                failure
            }),
            Err(stopped) => Err(Failure::new(StatusCode::INTERNAL_SERVER_ERROR, stopped.to_string())),
        }
    }
}

fn closed() -> Failure {
    Failure::new(StatusCode::INTERNAL_SERVER_ERROR, "the upload is over")
}

impl Drop for Writing {
    fn drop(&mut self) {
        // Without an end there is nothing to commit, so nothing has to be stored. With one, the commit may be on its way.
        if self.pieces.is_some()
            && let Some(upload) = &self.upload
        {
            upload.abort();
        }
    }
}

impl DavFile for Writing {
    fn metadata(&mut self) -> FsFuture<'_, Box<dyn DavMetaData>> {
        Box::pin(std::future::ready(
            self.stored.as_ref().map(|stored| meta_of(stored, &self.asked)).ok_or(FsError::NotFound),
        ))
    }

    fn write_bytes(&mut self, bytes: Bytes) -> FsFuture<'_, ()> {
        Box::pin(async move {
            let written = self.write(bytes).await;
            self.asked.told(written)
        })
    }

    fn write_buf(&mut self, mut buffer: Box<dyn Buf + Send>) -> FsFuture<'_, ()> {
        let length = buffer.remaining();
        self.write_bytes(buffer.copy_to_bytes(length))
    }

    fn flush(&mut self) -> FsFuture<'_, ()> {
        Box::pin(async move {
            let ended = self.end().await;
            self.asked.told(ended)
        })
    }

    /// A part of a file cannot be written.
    fn seek(&mut self, _: SeekFrom) -> FsFuture<'_, u64> {
        Box::pin(std::future::ready(Err(FsError::NotImplemented)))
    }

    fn read_bytes(&mut self, _: usize) -> FsFuture<'_, Bytes> {
        Box::pin(std::future::ready(Err(FsError::Forbidden)))
    }
}
