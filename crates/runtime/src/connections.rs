//! Connections to the servers, for each runtime its own.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;
use std::time::Duration;

use tokio::runtime::{Handle, Id};
use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use tokio::time::Instant;

use crate::Error;
use crate::error::{Phase, TimedOut};
use crate::http::Recipe;
use crate::sync::{Mutex, lock};

/// Runtimes whose connections are kept at the same time.
const RUNTIMES: usize = 16;

/// The connections of a client.
///
/// A connection belongs to the runtime in which it was opened and goes on only while that is driven. A client that is
/// used in several runtimes therefore has connections in each: otherwise a call would be sent over one that nobody
/// minds.
pub(crate) struct Connections {
    recipe: Recipe,
    most: usize,
    /// Made when the client was built, for the first runtime.
    first: Mutex<Option<Arc<Pool>>>,
    pools: Mutex<Vec<(Id, Arc<Pool>)>>,
}

/// The connections of one runtime.
pub(crate) struct Pool {
    https: Option<reqwest::Client>,
    plain: Option<reqwest::Client>,
    free: Arc<Semaphore>,
    most: usize,
}

impl Connections {
    pub(crate) fn new(recipe: Recipe, most: usize) -> Result<Self, Error> {
        let most = most.clamp(1, Semaphore::MAX_PERMITS);
        let first = Mutex::new(Some(Arc::new(Pool::new(&recipe, most)?)));
        Ok(Self { recipe, most, first, pools: Mutex::default() })
    }

    /// The connections of the runtime that this is called in.
    pub(crate) fn here(&self) -> Result<Arc<Pool>, Error> {
        let Ok(runtime) = Handle::try_current() else {
            return Err(Error::configuration("calls must be awaited in a tokio runtime with I/O and time enabled"));
        };
        let id = runtime.id();
        let mut pools = lock(&self.pools);
        if let Some((_, pool)) = pools.iter().find(|(other, _)| *other == id) {
            return Ok(Arc::clone(pool));
        }
        check_drivers()?;
        let pool = match lock(&self.first).take() {
            Some(pool) => pool,
            None => Arc::new(Pool::new(&self.recipe, self.most)?),
        };
        if pools.len() == RUNTIMES {
            pools.remove(0);
        }
        pools.push((id, Arc::clone(&pool)));
        Ok(pool)
    }
}

/// Looks whether a runtime has what calls need. tokio offers no other way to ask than to use it, which panics where it
/// is missing; so this is done once for each runtime.
fn check_drivers() -> Result<(), Error> {
    let lacks = |what: &str, switch: &str| {
        Error::configuration(format!("the runtime has no {what}; build it with `{switch}` or `enable_all`"))
    };
    catch_unwind(|| drop(tokio::time::sleep(Duration::ZERO))).map_err(|_| lacks("timers", "enable_time"))?;
    // A machine that gives out no socket is not the runtime's fault; the call will tell.
    let Ok(socket) = std::net::UdpSocket::bind("127.0.0.1:0") else { return Ok(()) };
    let register = || drop(socket.set_nonblocking(true).and_then(|()| tokio::net::UdpSocket::from_std(socket)));
    catch_unwind(AssertUnwindSafe(register)).map_err(|_| lacks("I/O", "enable_io"))
}

impl Pool {
    fn new(recipe: &Recipe, most: usize) -> Result<Self, Error> {
        let (https, plain) = recipe.clients()?;
        Ok(Self { https, plain, free: Arc::new(Semaphore::new(most)), most })
    }

    /// The HTTP client for `https`, or that for plain HTTP.
    pub(crate) fn http(&self, is_https: bool) -> Result<&reqwest::Client, Error> {
        let client = if is_https { &self.https } else { &self.plain };
        client.as_ref().ok_or_else(|| {
            let (this, other) = if is_https { ("https", "plain http") } else { ("plain http", "https") };
            Error::configuration(format!("the address is {this}, while the client was built for servers over {other}"))
        })
    }

    /// The right to use a connection, if one is free now.
    pub(crate) fn free_connection(&self) -> Option<OwnedSemaphorePermit> {
        Arc::clone(&self.free).try_acquire_owned().ok()
    }

    /// The right to use a connection; waits while as many are in use as may be.
    pub(crate) async fn connection(&self, deadline: Instant) -> Result<OwnedSemaphorePermit, Error> {
        match tokio::time::timeout_at(deadline, Arc::clone(&self.free).acquire_owned()).await {
            Ok(Ok(permit)) => Ok(permit),
            _ => Err(self.none_was_free()),
        }
    }

    fn none_was_free(&self) -> Error {
        let text = format!("all the time went by waiting for one of the client's {} connections", self.most);
        Error::timeout(TimedOut::Connections, Phase::NotSent, text)
    }
}
