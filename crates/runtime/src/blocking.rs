//! Calls, lists and waits for programs without an async runtime.
//!
//! [`Call::block`], [`Wait::block`](crate::Wait::block), [`WaitTask::block`](crate::WaitTask::block) and
//! [`Batches::block`](crate::Batches::block) make a call, or all of them, and block the thread until the end;
//! [`Items::blocking`](crate::Items::blocking) and [`Pages::blocking`](crate::Pages::blocking) are iterators. [`block_on`]
//! does the same for futures of crates that stand on this one, such as an upload.
//!
//! In async code all of them are an error, because the thread has other work to do: await there, or block in tokio's
//! `spawn_blocking` or `block_in_place`. After a fork without `exec` they are an error as well: a child has none of its
//! parent's threads.

use std::fmt;
use std::future::{Future, IntoFuture, poll_fn};
use std::pin::{Pin, pin};
use std::task::{Context, Waker};

use futures_core::Stream;
use tokio::runtime::{Builder, Handle, Runtime};

use crate::sync::{Mutex, lock};
use crate::{Answer, Batched, Batches, Call, Error, Finished, Items, Lasting, Outcome, Paged, Pages};
use crate::{TaskReader, Unfinished, Wait, WaitTask};

/// Runs a future to its end, and blocks the thread until then.
///
/// It runs on the one runtime that all blocking calls of the program share, so that connections stay open between them.
pub fn block_on<F, T, E>(future: F) -> Result<T, E>
where
    F: IntoFuture<Output = Result<T, E>>,
    E: From<Error>,
{
    allowed()?.block_on(future.into_future())
}

impl<T: Answer> Call<T> {
    /// Makes the call and blocks the thread until it has ended; not in async code, see [`blocking`](crate::blocking).
    pub fn block(self) -> Result<T, Error> {
        block_on(self)
    }
}

impl<R: TaskReader> WaitTask<R> {
    /// Waits and blocks the thread until the task has ended; not in async code, see [`blocking`](crate::blocking).
    pub fn block(self) -> Result<R::Task, Error> {
        block_on(self)
    }
}

impl<L: Lasting> Wait<L> {
    /// Waits and blocks the thread until the work is done; not in async code, see [`blocking`](crate::blocking).
    pub fn block(self) -> Result<Finished<L::Answer, L::Task>, Unfinished<L>> {
        match allowed() {
            Ok(runtime) => runtime.block_on(self.into_future()),
            Err(error) => Err(self.not_begun(error)),
        }
    }
}

impl<B: Batched> Batches<B> {
    /// Makes all calls and blocks the thread until the last outcome; not in async code, see
    /// [`blocking`](crate::blocking).
    pub fn block(self) -> Result<Vec<Outcome<B>>, Error> {
        Ok(allowed()?.block_on(self.all()))
    }
}

impl<P: Paged> Items<P> {
    /// The items one by one; each blocks the thread until it is there. Not in async code, see
    /// [`blocking`](crate::blocking).
    pub fn blocking(self) -> Blocking<Self> {
        Blocking::new(self)
    }
}

impl<P: Paged> Pages<P> {
    /// The pages one by one; each blocks the thread until it is there. Not in async code, see
    /// [`blocking`](crate::blocking).
    pub fn blocking(self) -> Blocking<Self> {
        Blocking::new(self)
    }
}

/// A list as an iterator, which blocks the thread until the next element is there. Where the thread must not block, it
/// gives an error and ends.
#[must_use = "nothing is asked for until the elements are taken"]
pub struct Blocking<S> {
    stream: S,
    has_ended: bool,
}

impl<S> Blocking<S> {
    fn new(stream: S) -> Self {
        Self { stream, has_ended: false }
    }

    /// The list itself, to go on with where this one stands.
    pub fn into_inner(self) -> S {
        self.stream
    }
}

impl<S: Stream<Item = Result<T, Error>> + Unpin, T> Iterator for Blocking<S> {
    type Item = Result<T, Error>;

    fn next(&mut self) -> Option<Self::Item> {
        if self.has_ended {
            return None;
        }
        match allowed() {
            Ok(runtime) => runtime.block_on(poll_fn(|context| Pin::new(&mut self.stream).poll_next(context))),
            Err(error) => {
                // Whoever passes over errors would never come to an end.
                self.has_ended = true;
                Some(Err(error))
            }
        }
    }
}

impl<S: fmt::Debug> fmt::Debug for Blocking<S> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.stream.fmt(formatter)
    }
}

/// The runtime of blocking calls, where this thread may block.
fn allowed() -> Result<&'static Runtime, Error> {
    if Handle::try_current().is_err_and(|error| error.is_thread_local_destroyed()) {
        return Err(Error::configuration(
            "the thread is about to end, and what blocking needs of it is gone; make the call before, and not in the \
             destructor of a thread-local value",
        ));
    }
    if must_not_block() {
        return Err(Error::configuration(
            "a call must not block async code; await it, or block in `spawn_blocking` or `block_in_place`",
        ));
    }
    runtime()
}

/// Steps that tokio grants a task at most before it must yield.
const MANY_STEPS: usize = 10_000;

/// Whether this thread runs async code. tokio does not say; but it makes async code yield after some steps, and code
/// that may block never.
fn must_not_block() -> bool {
    if Handle::try_current().is_err() {
        return false;
    }
    let mut context = Context::from_waker(Waker::noop());
    (0..MANY_STEPS).any(|_| pin!(tokio::task::consume_budget()).poll(&mut context).is_pending())
}

/// One runtime for all blocking calls of the program: it keeps connections open between them. It is never ended,
/// because that would block whoever ends it.
fn runtime() -> Result<&'static Runtime, Error> {
    static RUNTIME: Mutex<Option<(&'static Runtime, u32)>> = Mutex::new(None);
    let process = std::process::id();
    let mut held = lock(&RUNTIME);
    match *held {
        Some((runtime, owner)) if owner == process => Ok(runtime),
        Some(_) => Err(Error::configuration(
            "this process was forked from one that made blocking calls, whose thread and connections it does not \
             have; start it as a program of its own, or make no blocking call before the fork",
        )),
        None => {
            let runtime = Builder::new_multi_thread().worker_threads(1).thread_name("dingtalk").enable_all().build();
            let runtime = runtime.map_err(|error| {
                Error::configuration(format!("no thread for blocking calls could be started: {error}"))
            })?;
            let runtime: &'static Runtime = Box::leak(Box::new(runtime));
            *held = Some((runtime, process));
            Ok(runtime)
        }
    }
}
