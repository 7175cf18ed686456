//! Going on with a transfer of which nothing is known but its journal.

use std::fmt;
use std::future::{Future, IntoFuture};
use std::path::{Path, PathBuf};
use std::pin::Pin;
use std::sync::Arc;

use super::Beginning;
use crate::{Downloaded, Drive, Error, Progress, Uploaded};

impl Drive {
    /// Goes on with a transfer that stopped, by its journal: that of an [`Unfinished`](crate::Unfinished), or of an
    /// [`Error`](Error::journal). It is set up as it was begun.
    pub fn resume(&self, journal: impl AsRef<Path>) -> Resume {
        Resume { drive: self.clone(), journal: journal.as_ref().to_owned(), listener: None }
    }
}

/// A transfer to go on with; it does when it is awaited.
#[must_use = "nothing goes on until it is awaited"]
pub struct Resume {
    drive: Drive,
    journal: PathBuf,
    listener: Option<Arc<dyn Fn(Progress) + Send + Sync>>,
}

/// What became of a transfer that was gone on with.
#[derive(Debug, Clone, PartialEq)]
pub enum Resumed {
    /// It was an upload.
    Uploaded(Box<Uploaded>),
    /// It was a download.
    Downloaded(Downloaded),
}

impl Resume {
    /// Is told how far it has come. It is called between pieces, so it must not take long.
    pub fn on_progress(mut self, listener: impl Fn(Progress) + Send + Sync + 'static) -> Self {
        self.listener = Some(Arc::new(listener));
        self
    }

    /// Sends or fetches what is missing.
    ///
    /// # Errors
    ///
    /// [`Error::NotATransfer`] if the journal is none, or another operator's; those of
    /// [`Upload::send`](crate::Upload::send) and [`Download::to_path`](crate::Download::to_path).
    pub async fn send(self) -> Result<Resumed, Error> {
        let (_, beginning) = self.drive.look_at(&self.journal).await?;
        let operator = match &beginning {
            Beginning::Upload(begun) => &begun.operator,
            Beginning::Download(begun) => &begun.operator,
        };
        if operator != self.drive.client().operator().as_str() {
            let reason = format!("it was begun by {operator}, who has to go on with it");
            return Err(Error::NotATransfer { journal: self.journal, reason });
        }
        let local = beginning.local();
        match beginning {
            Beginning::Upload(begun) => {
                let mut upload = self.drive.upload(local).to(begun.folder).name(begun.name).with_options(begun.options);
                if let Some(listener) = self.listener {
                    upload = upload.on_progress(move |progress| listener(progress));
                }
                Ok(Resumed::Uploaded(Box::new(upload.send().await?)))
            }
            Beginning::Download(begun) => {
                let mut download = begun.download(&self.drive);
                if let Some(listener) = self.listener {
                    download = download.on_progress(move |progress| listener(progress));
                }
                Ok(Resumed::Downloaded(download.to_path(local).await?))
            }
        }
    }
}

impl IntoFuture for Resume {
    type Output = Result<Resumed, Error>;
    type IntoFuture = Pin<Box<dyn Future<Output = Self::Output> + Send>>;

    fn into_future(self) -> Self::IntoFuture {
        Box::pin(self.send())
    }
}

impl fmt::Debug for Resume {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_struct("Resume").field("journal", &self.journal).finish_non_exhaustive()
    }
}
