//! Work whose end is not known.

use std::fmt;
use std::ops::Deref;

use super::{Begun, Lasting, TaskState, Wait};
use crate::Error;

/// Why waiting ended before the work, and all that is known about the work. It reads like the [`Error`] in it and
/// becomes that with `?`.
///
/// ```
/// # use dingtalk_runtime::{Error, Finished, Lasting, Wait};
/// async fn patiently<L: Lasting>(request: L) -> Result<Finished<L::Answer, L::Task>, Error> {
///     match Wait::new(request).await {
///         Ok(finished) => Ok(finished),
///         Err(unfinished) => match unfinished.go_on() {
///             // Some tasks go on: these are waited for, and nothing is begun again.
///             Ok(wait) => Ok(wait.await?),
///             // The work has not begun.
///             Err(error) => Err(error),
///         },
///     }
/// }
/// ```
pub struct Unfinished<L: Lasting>(Box<Inner<L>>);

struct Inner<L: Lasting> {
    error: Error,
    request: L,
    begun: Option<Begun<L>>,
}

impl<L: Lasting> Unfinished<L> {
    pub(super) fn new(error: Error, request: L, begun: Option<Begun<L>>) -> Self {
        Self(Box::new(Inner { error, request, begun }))
    }

    /// Why the waiting ended.
    pub fn error(&self) -> &Error {
        &self.0.error
    }

    /// The answer of the request; none when the request itself failed.
    pub fn answer(&self) -> Option<&L::Answer> {
        self.0.begun.as_ref().map(|begun| &begun.answer)
    }

    /// The tasks that did what they should, with their ids.
    pub fn done(&self) -> impl Iterator<Item = (&str, &L::Task)> {
        self.ended().filter(|(_, task)| L::state(task) != TaskState::Failed)
    }

    /// The tasks that ended without doing all that they should, with their ids.
    pub fn failed(&self) -> impl Iterator<Item = (&str, &L::Task)> {
        self.ended().filter(|(_, task)| L::state(task) == TaskState::Failed)
    }

    fn ended(&self) -> impl Iterator<Item = (&str, &L::Task)> {
        self.0.begun.iter().flat_map(|begun| begun.watch.ended())
    }

    /// The ids of the tasks of which no end is known: they go on, or could not be asked about.
    pub fn open(&self) -> impl Iterator<Item = &str> {
        self.0.begun.iter().flat_map(|begun| begun.watch.open())
    }

    /// Waits for the open tasks again, for ten minutes unless it is told otherwise; what has ended is kept. The error
    /// when the work has not begun.
    pub fn go_on(self) -> Result<Wait<L>, Error> {
        let Inner { error, request, begun } = *self.0;
        match begun {
            Some(Begun { answer, watch }) => {
                Ok(Wait { begun: Some(Begun { answer, watch: watch.again() }), ..Wait::new(request) })
            }
            None => Err(error),
        }
    }
}

impl<L: Lasting> Deref for Unfinished<L> {
    type Target = Error;

    fn deref(&self) -> &Error {
        self.error()
    }
}

impl<L: Lasting> From<Unfinished<L>> for Error {
    fn from(unfinished: Unfinished<L>) -> Self {
        unfinished.0.error
    }
}

impl<L: Lasting> fmt::Debug for Unfinished<L> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("Unfinished")
            .field("error", self.error())
            .field("done", &self.done().map(|(id, _)| id).collect::<Vec<_>>())
            .field("failed", &self.failed().map(|(id, _)| id).collect::<Vec<_>>())
            .field("open", &self.open().collect::<Vec<_>>())
            .finish_non_exhaustive()
    }
}

impl<L: Lasting> fmt::Display for Unfinished<L> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self.error(), formatter)
    }
}

impl<L: Lasting> std::error::Error for Unfinished<L> {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        std::error::Error::source(self.error())
    }
}
