//! What belongs to an app and not to one of its clients.

use std::collections::HashMap;
use std::fmt;
use std::sync::{Arc, Weak};
use std::time::Duration;

use tokio::time::Instant;

use crate::CallCounter;
use crate::breaker::Breaker;
use crate::credentials::{Credentials, Identity};
use crate::limiter::Limiter;
use crate::origin::Origin;
use crate::retry::Budget;
use crate::sync::{Mutex, lock};
use crate::token_cache::TokenCache;

/// Retries that an app has in store.
const RETRIES: u32 = 40;

/// What the server sees of an app, whichever client makes the calls: how often it calls, its access token, whether
/// its address is banned, how many retries it has in store, and the count of its calls.
///
/// Clients of one process share it by themselves when they have the same app at the same servers, for as long as one
/// of them exists: ten clients of an app keep together to its 20 calls per second. [`ClientBuilder::app`] puts
/// another state in its place: one that is shared by more clients, or one for a client alone.
///
/// Processes know nothing of each other. Where several make calls for one app at the same time, give each its part
/// of the rate: with four of them [`calls_per_second`](crate::ClientBuilder::calls_per_second) 5. What goes beyond
/// the limit all the same is refused by the server and sent again after a rest. Nor do they share a token, which is
/// no trouble: DingTalk gives out the same one again.
///
/// [`ClientBuilder::app`]: crate::ClientBuilder::app
#[derive(Clone)]
pub struct AppState(Arc<Inner>);

struct Inner {
    limiter: Limiter,
    budget: Budget,
    breaker: Breaker,
    counter: CallCounter,
    tokens: Mutex<HashMap<(Identity, String), Weak<TokenCache>>>,
    start: Instant,
}

/// The states that clients share by themselves, by app and servers.
static SHARED: Mutex<Option<HashMap<Key, Weak<Inner>>>> = Mutex::new(None);

type Key = (String, String, String);

impl AppState {
    /// A state that nobody shares yet.
    #[must_use]
    pub fn new() -> Self {
        Self(Arc::new(Inner {
            limiter: Limiter::new(),
            budget: Budget::new(RETRIES),
            breaker: Breaker::default(),
            counter: CallCounter::new(),
            tokens: Mutex::default(),
            start: Instant::now(),
        }))
    }

    /// The metered calls of all who share this.
    #[must_use]
    pub fn counter(&self) -> &CallCounter {
        &self.0.counter
    }

    /// The state of an app at its servers, shared with the other clients of this process. An app that cannot be told
    /// from others has a state of its own.
    pub(crate) fn shared(credentials: Option<&dyn Credentials>, api: &Origin, oapi: Option<&Origin>) -> Self {
        let Some(identity) = credentials.and_then(Credentials::identity) else { return Self::new() };
        let key = (
            identity.app().to_owned(),
            api.as_str().to_owned(),
            oapi.map_or_else(String::new, |oapi| oapi.as_str().to_owned()),
        );
        let mut states = lock(&SHARED);
        let states = states.get_or_insert_default();
        if let Some(state) = states.get(&key).and_then(Weak::upgrade) {
            return Self(state);
        }
        forget_the_gone(states);
        let state = Self::new();
        states.insert(key, Arc::downgrade(&state.0));
        state
    }

    /// The token of these credentials at this server. Those that nobody can tell apart have one for each client.
    pub(crate) fn tokens(&self, credentials: Arc<dyn Credentials>, api: &Origin) -> Arc<TokenCache> {
        let Some(identity) = credentials.identity() else { return Arc::new(TokenCache::new(credentials)) };
        let mut caches = lock(&self.0.tokens);
        let key = (identity, api.as_str().to_owned());
        if let Some(cache) = caches.get(&key).and_then(Weak::upgrade) {
            return cache;
        }
        forget_the_gone(&mut caches);
        let cache = Arc::new(TokenCache::new(credentials));
        caches.insert(key, Arc::downgrade(&cache));
        cache
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

    pub(crate) fn age(&self) -> Duration {
        self.0.start.elapsed()
    }
}

/// Makes room before the map would grow, so that it follows the clients that exist.
fn forget_the_gone<K: Eq + std::hash::Hash, T>(map: &mut HashMap<K, Weak<T>>) {
    if map.len() == map.capacity() {
        map.retain(|_, weak| weak.strong_count() > 0);
    }
}

impl Default for AppState {
    fn default() -> Self {
        Self::new()
    }
}

impl fmt::Debug for AppState {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_struct("AppState").field("counter", &self.0.counter).finish_non_exhaustive()
    }
}
