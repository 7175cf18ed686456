//! Calls for programs without an async runtime.

use std::sync::OnceLock;

use tokio::runtime::{Builder, Handle, Runtime};

use crate::{Answer, Call, Error};

impl<T: Answer> Call<T> {
    /// Makes the call and blocks the thread until it has ended.
    ///
    /// It is an error in an async runtime, whose thread must not be blocked: await the call there.
    pub fn block(self) -> Result<T, Error> {
        if Handle::try_current().is_ok() {
            return Err(Error::configuration("a call must not block an async runtime; await it instead"));
        }
        runtime()?.block_on(self)
    }
}

/// One runtime for all blocking calls of the program: it keeps connections open between them.
fn runtime() -> Result<&'static Runtime, Error> {
    static RUNTIME: OnceLock<Option<Runtime>> = OnceLock::new();
    let build = || Builder::new_multi_thread().worker_threads(1).thread_name("dingtalk").enable_all().build().ok();
    RUNTIME
        .get_or_init(build)
        .as_ref()
        .ok_or_else(|| Error::configuration("no thread for blocking calls could be started"))
}
