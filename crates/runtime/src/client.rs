//! What all calls of an application share.

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use tokio::time::Instant;

use crate::Error;
use crate::breaker::Breaker;
use crate::call_counter::CallCounter;
use crate::limiter::Limiter;
use crate::observe::Observer;
use crate::origin::Origin;
use crate::retry::Budget;
use crate::settings::Settings;
use crate::token_cache::TokenCache;

/// The shared part of a client: connections, credentials, limits. Clones are cheap and share everything.
#[derive(Clone)]
pub struct Client(Arc<Shared>);

pub(crate) struct Shared {
    pub(crate) http: reqwest::Client,
    pub(crate) api: Origin,
    pub(crate) oapi: Origin,
    pub(crate) tokens: Option<TokenCache>,
    pub(crate) limiter: Limiter,
    pub(crate) budget: Budget,
    pub(crate) breaker: Breaker,
    pub(crate) counter: CallCounter,
    pub(crate) settings: Settings,
    pub(crate) observer: Option<Arc<dyn Observer>>,
    pub(crate) start: Instant,
}

impl Client {
    pub(crate) fn new(shared: Shared) -> Self {
        Self(Arc::new(shared))
    }

    /// The metered calls that were made.
    #[must_use]
    pub fn counter(&self) -> &CallCounter {
        &self.0.counter
    }

    pub(crate) fn http(&self) -> &reqwest::Client {
        &self.0.http
    }

    pub(crate) fn api(&self) -> &Origin {
        &self.0.api
    }

    pub(crate) fn oapi(&self) -> &Origin {
        &self.0.oapi
    }

    pub(crate) fn tokens(&self) -> Result<&TokenCache, Error> {
        self.0.tokens.as_ref().ok_or_else(|| {
            Error::configuration("the client has no credentials, and the operation needs an access token")
        })
    }

    pub(crate) fn limiter(&self) -> &Limiter {
        &self.0.limiter
    }

    pub(crate) fn budget(&self) -> &Budget {
        &self.0.budget
    }

    pub(crate) fn breaker(&self) -> &Breaker {
        &self.0.breaker
    }

    pub(crate) fn settings(&self) -> &Settings {
        &self.0.settings
    }

    pub(crate) fn observer(&self) -> Option<&dyn Observer> {
        self.0.observer.as_deref()
    }

    pub(crate) fn age(&self) -> Duration {
        self.0.start.elapsed()
    }
}

impl fmt::Debug for Client {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("Client")
            .field("api", &self.0.api)
            .field("tokens", &self.0.tokens)
            .finish_non_exhaustive()
    }
}
