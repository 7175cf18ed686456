//! Building clients.

use std::fmt;
use std::marker::PhantomData;
use std::sync::Arc;
use std::time::Duration;

use reqwest::header::{HeaderName, HeaderValue};

use crate::app_state::AppState;
use crate::call_counter::CallCounter;
use crate::client::{Client, Shared};
use crate::connections::Connections;
use crate::credentials::Credentials;
use crate::decode::Bounds;
use crate::endpoints::{Endpoints, Servers};
use crate::http::{Adjust, Recipe};
use crate::observe::Observer;
use crate::origin::Origin;
use crate::own_headers::OwnHeaders;
use crate::retry::{Backoff, Budget, RetryPolicy};
use crate::settings::Settings;
use crate::transport::Transport;
use crate::{Error, NamedSettings};

/// Where the API is. None is the default: an app is known to the servers of its region alone.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Region {
    /// `api.dingtalk.io`, and `oapi.dingtalk.io` for the older API; for organizations outside of mainland China.
    International,
    /// `api.dingtalk.com`, and `oapi.dingtalk.com` for the older API; for organizations in mainland China.
    Mainland,
}

/// Builds a client. It must be told where the API is, by [`region`](Self::region) or [`base_url`](Self::base_url);
/// without any other setting but credentials it keeps to the API's documented limits.
pub struct ClientBuilder<C = Client> {
    endpoints: Endpoints,
    credentials: Option<Arc<dyn Credentials>>,
    http: Option<Adjust>,
    connect_timeout: Duration,
    settings: Settings,
    app: Option<AppState>,
    retry_budget: Option<u32>,
    calls_per_second: Option<u32>,
    max_connections: usize,
    counter: Option<CallCounter>,
    observer: Option<Arc<dyn Observer>>,
    transport: Option<Arc<dyn Transport>>,
    client: PhantomData<fn() -> C>,
}

impl<C: From<Client>> ClientBuilder<C> {
    /// A builder with the defaults, which does not know yet where the API is.
    #[must_use]
    pub fn new() -> Self {
        let settings = Settings {
            timeout: Duration::from_secs(90),
            attempt_timeout: Duration::from_secs(30),
            policy: Arc::new(Backoff::default()),
            stall_timeout: Duration::from_secs(15),
            largest_answer: 8 * 1024 * 1024,
            decoded: Bounds::default(),
            list: None,
            headers: OwnHeaders::default(),
            keeps_meta: false,
            ignores_bans: false,
        };
        Self {
            endpoints: Endpoints::default(),
            credentials: None,
            http: None,
            connect_timeout: Duration::from_secs(5),
            settings,
            app: None,
            retry_budget: None,
            calls_per_second: Some(20),
            max_connections: 256,
            counter: None,
            observer: None,
            transport: None,
            client: PhantomData,
        }
    }

    /// Sets where access tokens come from.
    #[must_use]
    pub fn credentials(mut self, credentials: impl Credentials) -> Self {
        self.credentials = Some(Arc::new(credentials));
        self
    }

    /// A builder with what the environment says; what it does not say is as in [`new`](Self::new).
    ///
    /// | variable | |
    /// |---|---|
    /// | `DINGTALK_REGION` | `international` or `mainland` |
    /// | `DINGTALK_ENDPOINT` | see [`base_url`](Self::base_url) |
    /// | `DINGTALK_OAPI_ENDPOINT` | see [`oapi_base_url`](Self::oapi_base_url) |
    /// | `DINGTALK_ALLOW_PLAIN_HTTP` | see [`allow_plain_http`](Self::allow_plain_http), `true` or `false` |
    /// | `DINGTALK_ACCESS_TOKEN` | a token to use as it is |
    /// | `DINGTALK_APP_KEY`, `DINGTALK_APP_SECRET` | without such a token: key and secret of the app |
    /// | `DINGTALK_CORP_ID` | with key and secret: the organization, for an app that several have |
    ///
    /// It has no credentials where none of them are set.
    pub fn from_env() -> Result<Self, Error> {
        Self::from_settings(&NamedSettings::from_env())
    }

    /// A builder with what settings of the same names say; see [`from_env`](Self::from_env).
    pub fn from_settings(settings: &NamedSettings<'_>) -> Result<Self, Error> {
        Ok(Self { endpoints: Endpoints::of(settings)?, credentials: settings.credentials()?, ..Self::new() })
    }

    /// Sets which of DingTalk's servers to call: mainland China's, or those for everybody else. An app is known to one
    /// of them alone, so none is the default.
    #[must_use]
    pub fn region(mut self, region: Region) -> Self {
        self.endpoints.region = Some(region);
        self
    }

    /// Sets another server: `https`, or `http` to a literal loopback address, perhaps with a path that goes before
    /// those of all operations.
    ///
    /// A few operations belong to an older API, which has a server of its own. It is known for DingTalk's own servers;
    /// a server on this machine stands for both; for any other see [`oapi_base_url`](Self::oapi_base_url).
    #[must_use]
    pub fn base_url(mut self, address: impl Into<String>) -> Self {
        self.endpoints.api = Some(address.into());
        self
    }

    /// Sets another server for the operations of the older API, of the same form as [`base_url`](Self::base_url).
    /// Where it is not known these operations are errors, and nothing is sent.
    #[must_use]
    pub fn oapi_base_url(mut self, address: impl Into<String>) -> Self {
        self.endpoints.oapi = Some(address.into());
        self
    }

    /// Sets whether servers over plain `http` may be others than this machine, by a literal address: in a container
    /// or a private network, or `localhost`. Whoever sees the traffic reads the access token, and a name may lead
    /// anywhere.
    #[must_use]
    pub fn allow_plain_http(mut self, allow: bool) -> Self {
        self.endpoints.allows_plain = allow;
        self
    }

    /// Adjusts the HTTP clients: a proxy, name resolution, a TLS configuration of one's own; or puts another
    /// [`reqwest::ClientBuilder`] in the place of the one that is given. It is asked once for servers over `https`,
    /// once for such over plain HTTP, and again for each further runtime that the client is used in.
    ///
    /// Redirects, plain HTTP, repeated requests and HTTP/1.1 stay as this crate wants them, whatever is set, also where a
    /// program turns on reqwest's feature `http2`; but a `rustls::ClientConfig` of one's own must not offer `h2`. reqwest's
    /// switches that turn certificate checks off are set back. Servers over plain HTTP are
    /// never asked through a proxy, which would read the access token. One thing cannot be taken back: a
    /// `rustls::ClientConfig` of one's own (`tls_backend_preconfigured`) checks certificates as its own verifier
    /// does, so one that accepts everything gives the access token to anybody.
    ///
    /// The builder that is given brings its cryptography along. A new one in its place takes the provider of the
    /// process for servers over `https`; only then, and only where the program has installed none,
    /// [`build`](Self::build) installs rustls's `ring`.
    #[must_use]
    pub fn http(
        mut self,
        adjust: impl Fn(reqwest::ClientBuilder) -> reqwest::ClientBuilder + Send + Sync + 'static,
    ) -> Self {
        self.http = Some(Box::new(adjust));
        self
    }

    /// Sets how many connections may be in use at once in each runtime, 256 by default and at least 1. Calls beyond
    /// wait for one that is free. For a moment some more can be open: one whose call found another free while it was
    /// being made is kept for the next call.
    #[must_use]
    pub fn max_connections(mut self, connections: usize) -> Self {
        self.max_connections = connections;
        self
    }

    /// Sets with whom limits, access token, retries and the count of calls are shared: in place of the other clients
    /// of the app in this process, with those that have the same state.
    #[must_use]
    pub fn app(mut self, app: &AppState) -> Self {
        self.app = Some(app.clone());
        self
    }

    /// Sets the time to connect, 5 seconds by default.
    #[must_use]
    pub fn connect_timeout(mut self, timeout: Duration) -> Self {
        self.connect_timeout = timeout;
        self
    }

    /// Sets the time for a call with all its attempts and pauses, and its waiting for its turn in the client's limiter;
    /// 90 seconds by default. [`Error::timed_out`] tells whose time ran out, and [`Error::waited`] how much of it went
    /// by in queues of the client.
    #[must_use]
    pub fn timeout(mut self, timeout: Duration) -> Self {
        self.settings.timeout = timeout;
        self
    }

    /// Sets the time for one attempt at a call, 30 seconds by default.
    #[must_use]
    pub fn attempt_timeout(mut self, timeout: Duration) -> Self {
        self.settings.attempt_timeout = timeout;
        self
    }

    /// Sets how long an answer may pause before it counts as lost, 15 seconds by default.
    #[must_use]
    pub fn stall_timeout(mut self, timeout: Duration) -> Self {
        self.settings.stall_timeout = timeout;
        self
    }

    /// Sets when calls are sent again.
    #[must_use]
    pub fn retry(mut self, policy: impl RetryPolicy) -> Self {
        self.settings.policy = Arc::new(policy);
        self
    }

    /// Gives the client a store of retries of its own, in place of the one of its app, which holds 40.
    ///
    /// What looks like an outage takes from the store, whatever the calls' policies say; ten good answers, or two
    /// seconds, bring one back. So an outage is met by hardly more calls than usual. With 0 nothing is sent again
    /// but what the server refused.
    #[must_use]
    pub fn retry_budget(mut self, retries: u32) -> Self {
        self.retry_budget = Some(retries);
        self
    }

    /// Sets whether calls stop while the server turns this address away for some minutes, as they do by default but
    /// for one call a minute that looks whether it is over. Calls during a ban may prolong it, so set this off only
    /// where something else answers with pages that look like a ban.
    #[must_use]
    pub fn stop_when_banned(mut self, stop: bool) -> Self {
        self.settings.ignores_bans = !stop;
        self
    }

    /// Sets how often each operation may be called per second, 20 by default: that is the limit of an app at
    /// DingTalk. None sets no limit: the server then refuses what is too much.
    ///
    /// The clients of an app in one process count their calls together, see [`AppState`]. Processes don't: where
    /// several call for one app at once, set for each the part of the rate that it may take.
    #[must_use]
    pub fn calls_per_second(mut self, calls: Option<std::num::NonZeroU32>) -> Self {
        self.calls_per_second = calls.map(std::num::NonZeroU32::get);
        self
    }

    /// Sets the largest answer that is read, 8 MiB by default.
    #[must_use]
    pub fn largest_answer(mut self, bytes: usize) -> Self {
        self.settings.largest_answer = bytes;
        self
    }

    /// Sets how many elements of lists and entries of maps an answer may have, all together; 100,000 by default.
    /// An answer with more is an error, and is not kept.
    #[must_use]
    pub fn most_elements(mut self, elements: usize) -> Self {
        self.settings.decoded.elements = elements;
        self
    }

    /// Sets how many bytes of memory an answer may take once it is decoded; by default six times its size, and 1 MiB
    /// for small ones. An answer that takes more is an error, which comes before the memory is taken.
    #[must_use]
    pub fn largest_decoded(mut self, bytes: usize) -> Self {
        self.settings.decoded.bytes = Some(bytes);
        self
    }

    /// Counts calls together with other clients or earlier runs, perhaps up to a maximum, and no longer with those
    /// of the app.
    #[must_use]
    pub fn counter(mut self, counter: CallCounter) -> Self {
        self.counter = Some(counter);
        self
    }

    /// Shows calls and attempts to an observer.
    #[must_use]
    pub fn observer(mut self, observer: impl Observer) -> Self {
        self.observer = Some(Arc::new(observer));
        self
    }

    /// Adds a header to all calls; see [`Call::header`](crate::Call::header) for those that can be.
    #[must_use]
    pub fn header<N, V>(mut self, name: N, value: V) -> Self
    where
        N: TryInto<HeaderName>,
        V: TryInto<HeaderValue>,
    {
        self.settings.headers.set(name, value);
        self
    }

    /// Puts something between the client and the network: middleware, or a transport of one's own.
    #[must_use]
    pub fn transport(self, transport: impl Transport) -> Self {
        self.transport_arc(Arc::new(transport))
    }

    /// The same for one that is shared, or whose type is not known.
    #[must_use]
    pub fn transport_arc(mut self, transport: Arc<dyn Transport>) -> Self {
        self.transport = Some(transport);
        self
    }

    /// Builds the client. Nothing is sent. It is an error if neither a region nor a server was given.
    pub fn build(self) -> Result<C, Error> {
        if let Some(fault) = self.settings.headers.fault() {
            return Err(Error::configuration(fault.to_owned()));
        }
        let Servers { api, oapi } = self.endpoints.servers()?;
        let all = || std::iter::once(&api).chain(&oapi);
        let (is_https, is_plain) = (all().any(Origin::is_https), all().any(|server| !server.is_https()));
        let recipe = Recipe::new(self.http, self.connect_timeout, is_https, is_plain)?;
        let app = self.app.unwrap_or_else(|| AppState::shared(self.credentials.as_deref(), &api, oapi.as_ref()));
        let shared = Shared {
            connections: Arc::new(Connections::new(recipe, self.max_connections)?),
            tokens: self.credentials.map(|credentials| app.tokens(credentials, &api)),
            api,
            oapi,
            per_second: self.calls_per_second,
            budget: self.retry_budget.map(|retries| Arc::new(Budget::new(retries))),
            counter: self.counter.unwrap_or_else(|| app.counter().clone()),
            app,
            settings: Arc::new(self.settings),
            observer: self.observer,
            transport: self.transport,
        };
        Ok(C::from(Client::new(shared)))
    }
}

impl<C: From<Client>> Default for ClientBuilder<C> {
    fn default() -> Self {
        Self::new()
    }
}

impl<C> fmt::Debug for ClientBuilder<C> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("ClientBuilder")
            .field("endpoints", &self.endpoints)
            .field("credentials", &self.credentials)
            .field("settings", &self.settings)
            .finish_non_exhaustive()
    }
}
