//! Calls for programs without an async runtime.

use std::future::Future;
use std::pin::pin;
use std::task::{Context, Waker};

use tokio::runtime::{Builder, Handle, Runtime};

use crate::sync::{Mutex, lock};
use crate::{Answer, Call, Error};

impl<T: Answer> Call<T> {
    /// Makes the call and blocks the thread until it has ended.
    ///
    /// In async code it is an error, because the thread has other work to do: await the call there, or block in
    /// tokio's `spawn_blocking` or `block_in_place`. After a fork without `exec` it is an error as well: a child has
    /// none of its parent's threads.
    pub fn block(self) -> Result<T, Error> {
        if must_not_block() {
            return Err(Error::configuration(
                "a call must not block async code; await it, or block in `spawn_blocking` or `block_in_place`",
            ));
        }
        runtime()?.block_on(self)
    }
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
