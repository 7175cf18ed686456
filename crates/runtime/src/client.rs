//! What all calls of an application share.

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use crate::breaker::Breaker;
use crate::call_counter::CallCounter;
use crate::connections::{Connections, Pool};
use crate::observe::Observer;
use crate::operation::Host;
use crate::origin::Origin;
use crate::retry::Budget;
use crate::settings::Settings;
use crate::token_cache::TokenCache;
use crate::transport::Transport;
use crate::{AppState, Error, Operation};

/// The shared part of a client: connections, credentials, limits. Clones are cheap and share everything.
#[derive(Clone)]
pub struct Client(Arc<Shared>);

#[derive(Clone)]
pub(crate) struct Shared {
    pub(crate) connections: Arc<Connections>,
    pub(crate) api: Origin,
    /// That of the older API, if it is known.
    pub(crate) oapi: Option<Origin>,
    pub(crate) app: AppState,
    pub(crate) tokens: Option<Arc<TokenCache>>,
    pub(crate) per_second: Option<u32>,
    /// In place of the app's.
    pub(crate) budget: Option<Arc<Budget>>,
    pub(crate) counter: CallCounter,
    pub(crate) settings: Arc<Settings>,
    pub(crate) observer: Option<Arc<dyn Observer>>,
    pub(crate) transport: Option<Arc<dyn Transport>>,
}

impl AsRef<Client> for Client {
    fn as_ref(&self) -> &Self {
        self
    }
}

impl Client {
    pub(crate) fn new(shared: Shared) -> Self {
        Self(Arc::new(shared))
    }

    /// What this client shares with others of its app.
    #[must_use]
    pub fn app(&self) -> &AppState {
        &self.0.app
    }

    /// The metered calls that were made, by this client and those that share its count.
    #[must_use]
    pub fn counter(&self) -> &CallCounter {
        &self.0.counter
    }

    /// The same client, with its calls counted elsewhere: by a [part](CallCounter::part) of its count, for example, to
    /// bound what one job may spend.
    #[must_use]
    pub fn counted_by(&self, counter: &CallCounter) -> Self {
        Self::new(Shared { counter: counter.clone(), ..Shared::clone(&self.0) })
    }

    /// The connections of the runtime that this is called in.
    pub(crate) fn pool(&self) -> Result<Arc<Pool>, Error> {
        self.0.connections.here()
    }

    /// The HTTP client for a URL that is not the API's, such as a signed one.
    pub(crate) fn http_for(&self, url: &reqwest::Url) -> Result<reqwest::Client, Error> {
        self.pool()?.http(url.scheme() == "https").cloned()
    }

    /// The server of an operation.
    pub(crate) fn origin(&self, operation: &'static Operation) -> Result<&Origin, Error> {
        match (operation.host, &self.0.oapi) {
            (Host::Api, _) => Ok(&self.0.api),
            (Host::Oapi, Some(oapi)) => Ok(oapi),
            (Host::Oapi, None) => Err(Error::configuration(
                "it belongs to the older API, whose server is another one and not known: set `oapi_base_url` of the \
                 builder, or DINGTALK_OAPI_ENDPOINT",
            )
            .with(|facts| facts.operation = Some(operation))),
        }
    }

    pub(crate) fn tokens(&self) -> Result<&TokenCache, Error> {
        self.0.tokens.as_deref().ok_or_else(|| {
            Error::configuration(
                "the client has no credentials, and the operation needs an access token: set `credentials` of the builder",
            )
        })
    }

    /// Calls of each operation per second; none sets no limit.
    pub(crate) fn per_second(&self) -> Option<u32> {
        self.0.per_second
    }

    pub(crate) fn budget(&self) -> &Budget {
        self.0.budget.as_deref().unwrap_or_else(|| self.0.app.budget())
    }

    pub(crate) fn breaker(&self) -> &Breaker {
        self.0.app.breaker()
    }

    pub(crate) fn settings(&self) -> &Arc<Settings> {
        &self.0.settings
    }

    pub(crate) fn observer(&self) -> Option<&dyn Observer> {
        self.0.observer.as_deref()
    }

    pub(crate) fn transport(&self) -> Option<&dyn Transport> {
        self.0.transport.as_deref()
    }

    pub(crate) fn age(&self) -> Duration {
        self.0.app.age()
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
