//! Keeps the token of a client: one fetch for any number of callers, the next token before this one expires.

mod flight;
mod state;
#[cfg(test)]
mod tests;

use std::fmt;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;
use std::task::Poll;
use std::time::{Duration, SystemTime};

use reqwest::header::HeaderValue;
use tokio::runtime::{Handle, Id};
use tokio::time::Instant;
use tracing::Instrument;

use crate::credentials::{AccessToken, Credentials, Fetch, TokenServer};
use crate::error::{ErrorKind, Phase, TimedOut};
use crate::sync::{Mutex, lock};
use crate::{Client, Error, observe};

use flight::Landing;
pub(crate) use state::life;
use state::{Held, LONGEST_FETCH, Moment, Next, State, Ticket};

/// A fetch in another runtime is waited for so long: perhaps nobody drives that runtime, and a second fetch at the same
/// time does no harm, for the server gives the same token.
const ELSEWHERE: Duration = Duration::from_secs(2);
/// A fetch that was abandoned so often in front of one caller will not come to an end.
const ABANDONED: u32 = 3;

/// The token as it goes into a header.
#[derive(Debug, Clone)]
pub(crate) struct Bearer {
    pub(crate) header: HeaderValue,
    pub(crate) generation: u64,
    /// An earlier one was rejected, and no server has taken this one yet.
    is_unproven: bool,
}

impl From<Held<HeaderValue>> for Bearer {
    fn from(held: Held<HeaderValue>) -> Self {
        Self { header: held.token, generation: held.generation, is_unproven: held.is_unproven }
    }
}

impl Bearer {
    /// The token of a person, which no cache keeps; nothing, if it cannot stand in a header.
    pub(crate) fn of_a_person(token: &str) -> Option<Self> {
        let is_sendable = token.bytes().all(|byte| (0x21..=0x7e).contains(&byte));
        let mut header = HeaderValue::from_str(token).ok().filter(|_| is_sendable)?;
        header.set_sensitive(true);
        Some(Self { header, generation: 0, is_unproven: false })
    }

    /// The token itself, to keep it out of messages.
    pub(crate) fn expose(&self) -> &str {
        self.header.to_str().unwrap_or_default()
    }
}

pub(crate) struct TokenCache {
    credentials: Arc<dyn Credentials>,
    state: Arc<State<HeaderValue, Error>>,
    /// Runtime of the last fetch.
    fetched_in: Mutex<Option<Id>>,
    start: Instant,
}

impl TokenCache {
    pub(crate) fn new(credentials: Arc<dyn Credentials>) -> Self {
        Self { credentials, state: State::new(), fetched_in: Mutex::new(None), start: Instant::now() }
    }

    /// The token, if there is nothing to do but to take it. As a rule there is, and calls stay small.
    pub(crate) fn held(&self) -> Option<Bearer> {
        let held = self.state.held(self.now())?;
        Some(held.into())
    }

    /// The token for a call; waits for one if there is none.
    pub(crate) async fn token(&self, client: &Client, deadline: Instant) -> Result<Bearer, Error> {
        for _ in 0..ABANDONED {
            let mut until = deadline;
            let mut waiter = match self.state.next(self.now()) {
                Next::Use(held) => return Ok(held.into()),
                Next::UseAndFetch(held, ticket) => {
                    self.fetch(client, ticket);
                    return Ok(held.into());
                }
                Next::Fail(error, pause) => return Err(later(error, pause)),
                Next::Fetch(ticket, waiter) => {
                    self.fetch(client, ticket);
                    waiter
                }
                Next::Wait(waiter, patience) => {
                    let patience = if self.is_fetched_elsewhere() { patience.min(ELSEWHERE) } else { patience };
                    until = until.min(Instant::now() + patience);
                    waiter
                }
            };
            match tokio::time::timeout_at(until, &mut waiter).await {
                Ok(Landing::Failed(error, pause)) => return Err(later(error, pause)),
                Err(_) if until == deadline => {
                    return Err(late().with(|facts| facts.timed_out = Some(TimedOut::Call)));
                }
                Ok(Landing::Done | Landing::Abandoned) => {}
                Err(_) => self.state.give_up(&waiter),
            }
        }
        Err(Error::credentials("fetching it was given up several times", true))
    }

    fn is_fetched_elsewhere(&self) -> bool {
        lock(&self.fetched_in).is_some_and(|runtime| runtime != Handle::current().id())
    }

    /// Fetches in a task of its own: no caller's end stops it.
    fn fetch(&self, client: &Client, ticket: Ticket<HeaderValue, Error>) {
        *lock(&self.fetched_in) = Some(Handle::current().id());
        let (credentials, start) = (Arc::clone(&self.credentials), self.start);
        let server = TokenServer::new(client.clone());
        let task = async move {
            let fetch = without_panic(Box::pin(async { credentials.fetch(&server).await }));
            let fetched = match tokio::time::timeout(LONGEST_FETCH, fetch).await {
                Ok(fetched) => fetched.and_then(|token| Ok((header(&token)?, token.life()))),
                Err(_) => Err(late()),
            };
            let (now, jitter) = (moment(start), fastrand::f64());
            match fetched {
                Ok((header, life)) => {
                    // One that is there from the start is not worth a word.
                    if credentials.can_renew() {
                        observe::tell_fetched(life);
                    }
                    ticket.succeed(header, life, now, jitter);
                }
                Err(error) => {
                    observe::tell_not_fetched(&error);
                    ticket.fail(as_credentials(&error), now, jitter);
                }
            }
        };
        tokio::spawn(task.in_current_span());
    }

    /// The server rejected a token; whether another may be had.
    pub(crate) fn reject(&self, bearer: &Bearer, error: &Error) -> bool {
        if self.credentials.can_renew() {
            self.state.reject(bearer.generation, &as_credentials(error), self.now());
        }
        self.credentials.can_renew()
    }

    /// The server took a token.
    pub(crate) fn accept(&self, bearer: &Bearer) {
        if bearer.is_unproven {
            self.state.accept(bearer.generation);
        }
    }

    fn now(&self) -> Moment {
        moment(self.start)
    }
}

impl fmt::Debug for TokenCache {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(&self.credentials, formatter)
    }
}

fn moment(start: Instant) -> Moment {
    Moment { monotonic: start.elapsed(), wall: SystemTime::UNIX_EPOCH.elapsed().unwrap_or_default() }
}

fn header(token: &AccessToken) -> Result<HeaderValue, Error> {
    let mut header = HeaderValue::from_str(token.expose())
        .map_err(|_| Error::credentials("the access token cannot be sent", false))?;
    header.set_sensitive(true);
    Ok(header)
}

/// Makes a panic of a source a failure like others, so that it is not asked again at once.
async fn without_panic(mut fetch: Fetch<'_>) -> Result<AccessToken, Error> {
    std::future::poll_fn(|context| {
        let polled = catch_unwind(AssertUnwindSafe(|| fetch.as_mut().poll(context)));
        polled.unwrap_or_else(|_| Poll::Ready(Err(Error::credentials("its source panicked", true))))
    })
    .await
}

fn late() -> Error {
    Error::credentials("none came in time", true)
}

fn later(error: Error, pause: Duration) -> Error {
    error.with(|facts| facts.retry_after = Some(pause))
}

/// The failure of a fetch as that of the call that needed the token: that call was not sent.
fn as_credentials(error: &Error) -> Error {
    error.clone().with(|facts| {
        facts.kind = ErrorKind::Credentials;
        facts.phase = Phase::NotSent;
    })
}

#[cfg(test)]
mod header_tests {
    #![allow(clippy::unwrap_used, reason = "tests fail by panicking")]
    use super::*;

    #[test]
    fn the_header_of_a_token_is_sensitive() {
        let header = header(&AccessToken::new("token", None).unwrap()).unwrap();
        assert!(header.is_sensitive());
        assert!(!format!("{header:?}").contains("token"));
    }
}
