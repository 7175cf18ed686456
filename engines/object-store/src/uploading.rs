//! A multipart upload: parts as they come, one upload of the transfer crate, one commit.

use std::sync::Arc;

use async_trait::async_trait;
use bytes::Bytes;
use dingtalk_storage_transfer::{Error, Source};
use futures_util::future::{BoxFuture, Shared};
use futures_util::{FutureExt, Stream, stream};
use object_store::{MultipartUpload, PutPayload, PutResult, Result, UploadPart};
use tokio::sync::{mpsc, oneshot};
use tokio::task::AbortHandle;

use crate::failure::{STORE, failed};

/// What became of an upload, for all who wait for it.
type Outcome = Shared<BoxFuture<'static, Result<PutResult, Arc<Error>>>>;

/// Parts go into one stream in the order in which they were given, whatever order they are waited for in.
#[derive(Debug)]
pub(crate) struct Uploading {
    location: String,
    parts: Option<mpsc::UnboundedSender<Message>>,
    outcome: Outcome,
    upload: AbortHandle,
}

#[derive(Debug)]
enum Message {
    /// Bytes, and whom to tell that they were taken.
    Part(PutPayload, oneshot::Sender<()>),
    /// All parts have come. A stream that ends without it is one that was given up, and is never committed.
    End,
}

impl Uploading {
    /// Begins. `send` uploads what it is given; it runs by itself, so that parts need not be waited for in order.
    pub(crate) fn begin<F>(location: String, send: impl FnOnce(Source) -> F) -> Self
    where
        F: Future<Output = Result<PutResult, Error>> + Send + 'static,
    {
        let (parts, messages) = mpsc::unbounded_channel();
        let upload = tokio::spawn(send(Source::stream(pieces(messages))));
        let abort = upload.abort_handle();
        let outcome = upload.map(|joined| match joined {
            Ok(done) => done.map_err(Arc::new),
            Err(ended) => Err(Arc::new(given_up(&ended.to_string()))),
        });
        Self { location, parts: Some(parts), outcome: outcome.boxed().shared(), upload: abort }
    }
}

fn given_up(why: &str) -> Error {
    Error::Answer(format!("the upload was given up: {why}"))
}

/// The bytes of the parts, in order.
fn pieces(messages: mpsc::UnboundedReceiver<Message>) -> impl Stream<Item = std::io::Result<Bytes>> + Send + 'static {
    let parts = stream::unfold(Some(messages), |messages| async move {
        let mut messages = messages?;
        match messages.recv().await {
            Some(Message::Part(payload, taken)) => {
                // Nobody may wait for it any more.
                let _ = taken.send(());
                Some((payload.into_iter().map(Ok).collect(), Some(messages)))
            }
            Some(Message::End) => None,
            None => {
                let dropped = std::io::Error::new(std::io::ErrorKind::UnexpectedEof, "it was dropped or aborted");
                Some((vec![Err(dropped)], None))
            }
        }
    });
    futures_util::StreamExt::flat_map(parts, |pieces: Vec<std::io::Result<Bytes>>| stream::iter(pieces))
}

#[async_trait]
impl MultipartUpload for Uploading {
    /// The part counts where it is called; the future is over when the upload has taken the bytes, so whoever waits for
    /// it holds no more in memory than is on its way.
    fn put_part(&mut self, data: PutPayload) -> UploadPart {
        let (taken, is_taken) = oneshot::channel();
        let sent = self.parts.as_ref().is_some_and(|parts| parts.send(Message::Part(data, taken)).is_ok());
        let (outcome, location, is_open) = (self.outcome.clone(), self.location.clone(), self.parts.is_some());
        async move {
            if sent && is_taken.await.is_ok() {
                return Ok(());
            }
            if !is_open {
                return Err(already_over(&location));
            }
            match outcome.await {
                Err(error) => Err(failed(&location, error)),
                Ok(_) => Err(already_over(&location)),
            }
        }
        .boxed()
    }

    async fn complete(&mut self) -> Result<PutResult> {
        let Some(parts) = self.parts.take() else { return Err(already_over(&self.location)) };
        // If it has failed meanwhile, the outcome says so.
        let _ = parts.send(Message::End);
        drop(parts);
        self.outcome.clone().await.map_err(|error| failed(&self.location, error))
    }

    /// Also after a failure, as who tidies up does: what that was must not be hidden behind another error.
    async fn abort(&mut self) -> Result<()> {
        let is_complete = self.parts.take().is_none() && matches!(self.outcome.peek(), None | Some(Ok(_)));
        if is_complete {
            return Err(already_over(&self.location));
        }
        self.upload.abort();
        // After it has ended, nothing is committed any more.
        let _ = self.outcome.clone().await;
        Ok(())
    }
}

/// Nothing of an upload that was not completed is committed; one that was is committed or not.
impl Drop for Uploading {
    fn drop(&mut self) {
        self.upload.abort();
    }
}

fn already_over(location: &str) -> object_store::Error {
    object_store::Error::Generic { store: STORE, source: format!("the upload of {location:?} is over").into() }
}
