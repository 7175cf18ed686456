//! Starting, steering and stopping an emulator.

use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use serde_json::Value;
use tokio::sync::watch;
use tokio::task::JoinHandle;

use crate::clock::Time;
use crate::cors::Cors;
use crate::delivery::{self, Subscriber};
use crate::dump;
use crate::error::Error;
use crate::faults::{Fault, FaultReport};
use crate::journal::{self, Counts, LedgerLine, Record};
use crate::limits::Limits;
use crate::options::Options;
use crate::planting::{self, Beginning, Credentials, Plan, Planted};
use crate::reset;
use crate::server::{self, Serves};
use crate::shared::Shared;
use crate::start::{Hosts, bind, open};

/// A running emulator. It ends when it is dropped.
#[derive(Debug)]
pub struct Emulator {
    shared: Arc<Shared>,
    stop: watch::Sender<bool>,
    listeners: Vec<JoinHandle<()>>,
}

/// Chooses how an emulator is started.
#[derive(Debug, Clone, Default)]
#[must_use = "nothing runs until `start` is called"]
pub struct EmulatorBuilder {
    options: Options,
}

impl EmulatorBuilder {
    /// Equal seeds give equal ids; with a virtual clock, equal calls then give equal answers to the byte.
    pub fn seed(mut self, seed: u64) -> Self {
        self.options.seed = Some(seed);
        self
    }

    /// The clock stands still at 2026-01-01 until [`Emulator::advance`] moves it.
    pub fn virtual_clock(mut self) -> Self {
        self.options.virtual_clock = true;
        self
    }

    /// Which limits hold; without this, none.
    pub fn limits(mut self, limits: Limits) -> Self {
        self.options.limits = limits;
        self
    }

    /// How long new access tokens live; 7200 seconds without this.
    pub fn token_seconds(mut self, seconds: i64) -> Self {
        self.options.token_seconds = seconds;
        self
    }

    /// The permissions that the apps have; without this, all.
    pub fn scopes(mut self, scopes: impl IntoIterator<Item = impl Into<String>>) -> Self {
        self.options.scopes = Some(scopes.into_iter().map(Into::into).collect());
        self
    }

    /// URLs that are announced and signed have this name or address, for clients on other machines.
    pub fn public_host(mut self, host: impl Into<String>) -> Self {
        self.options.public_host = Some(host.into());
        self
    }

    /// Web pages of an origin may call the API and the object storage: `http://localhost:5173`, or `*` for all. May be
    /// called more than once.
    pub fn cors(mut self, origin: impl Into<String>) -> Self {
        self.options.cors.push(origin.into());
        self
    }

    /// News may go to subscribers on other machines of a private network; without this, it stays on this machine.
    pub fn let_news_out(mut self) -> Self {
        self.options.allow_private_subscribers = true;
        self
    }

    /// Parameters that the spec does not know are ignored, as the platform does, instead of refused.
    pub fn loose(mut self) -> Self {
        self.options.loose = true;
        self
    }

    /// Refusals that the spec does not know are answered as mistakes of the emulator, which its own tests look for.
    pub fn check_refusals(mut self) -> Self {
        self.options.check_refusals = true;
        self
    }

    /// State and bytes are kept in a folder, and are there again at the next start.
    pub fn folder(mut self, folder: impl Into<PathBuf>) -> Self {
        self.options.folder = Some(folder.into());
        self
    }

    /// What is there to begin with. It is not carried out again for a folder that holds something already.
    pub fn plan(mut self, plan: Plan) -> Self {
        self.options.plan = Some(plan);
        self
    }

    /// Begins with what [`Emulator::dump`] wrote, unless the folder of the emulator holds something already.
    pub fn load(mut self, folder: impl Into<PathBuf>) -> Self {
        self.options.load = Some(folder.into());
        self
    }

    /// All options at once.
    pub fn options(mut self, options: Options) -> Self {
        self.options = options;
        self
    }

    /// Starts the emulator. It answers when this returns.
    ///
    /// # Errors
    ///
    /// When a port cannot be listened on, or the folder cannot be used.
    pub async fn start(self) -> Result<Emulator, Error> {
        Emulator::start_with(self.options).await
    }
}

impl Emulator {
    /// Starts an emulator on free ports of loopback, with everything in memory.
    ///
    /// # Errors
    ///
    /// When no port can be listened on.
    pub async fn start() -> Result<Self, Error> {
        Self::start_with(Options::default()).await
    }

    /// Chooses how to start.
    pub fn builder() -> EmulatorBuilder {
        EmulatorBuilder::default()
    }

    async fn start_with(options: Options) -> Result<Self, Error> {
        if !options.address.is_loopback() && !options.allow_other_hosts {
            return Err(Error::NotLoopback(options.address));
        }
        planting::check_scopes(options.scopes.as_deref().unwrap_or_default()).map_err(Error::Scope)?;
        let cors = Arc::new(Cors::new(&options.cors)?);
        let hosts = Hosts::of(&options)?;
        let api = bind(SocketAddr::new(options.address, options.port)).await?;
        let storage = bind(SocketAddr::new(options.address, options.storage_port)).await?;
        let (shared, found) = open(options)?;
        if !found {
            reset::begin(&shared).await?;
        }
        let shared = Arc::new(shared);
        let (stop, stopped) = watch::channel(false);
        let mut listeners = Vec::new();
        for (listener, serves, url) in
            [(api, Serves::Api, &shared.api_url), (storage, Serves::Storage, &shared.storage_url)]
        {
            let address = listener.local_addr().map_err(|error| Error::Listen("a port".to_owned(), error))?;
            let _ = url.set(hosts.url(address));
            listeners.push(tokio::spawn(server::listen(
                shared.clone(),
                cors.clone(),
                listener,
                serves,
                stopped.clone(),
            )));
        }
        Ok(Self { shared, stop, listeners })
    }

    /// Address of the API, without a slash at the end, for example `http://127.0.0.1:40123`. The old host's operations
    /// are there as well, and so is the admin API.
    pub fn api_url(&self) -> &str {
        self.shared.api_url()
    }

    /// Address of the object storage that signed URLs lead to.
    pub fn storage_url(&self) -> &str {
        self.shared.storage_url()
    }

    /// Credentials of the apps, and ids of the organization and its people.
    pub fn credentials(&self) -> Credentials {
        planting::credentials(&self.shared.world())
    }

    /// What the clock shows.
    pub fn now(&self) -> Time {
        self.shared.world().now()
    }

    /// Moves the clock forward: tokens and signed URLs expire, grants end, limits recover.
    pub fn advance(&self, duration: Duration) {
        // Nobody waits for it to be on disk: the next call that changes something does.
        drop(self.shared.advance(duration));
    }

    /// Adds a fault; returns its number.
    ///
    /// # Panics
    ///
    /// When no operation that the fault can hit has such a name: a typing mistake in a test, which would otherwise
    /// show as a fault that was missed.
    pub fn add_fault(&self, fault: Fault) -> u64 {
        if let Err(reason) = fault.check() {
            panic!("{reason}");
        }
        self.shared.faults().add(fault)
    }

    /// Makes all access tokens invalid, as if they had been revoked.
    pub fn revoke_tokens(&self) {
        drop(self.shared.revoke_tokens());
    }

    /// What became of each fault.
    pub fn faults(&self) -> Vec<FaultReport> {
        self.shared.faults().reports()
    }

    /// The faults that have struck no call. A test whose faults did not happen has tested nothing.
    pub fn missed_faults(&self) -> Vec<FaultReport> {
        self.shared.faults().missed()
    }

    /// Takes all faults away.
    pub fn clear_faults(&self) {
        self.shared.faults().clear();
    }

    /// The newest requests, the oldest of them first. Of more than 100,000, the oldest are forgotten;
    /// [`Emulator::counts`] forgets none.
    pub fn journal(&self) -> Vec<Record> {
        self.shared.journal().records().cloned().collect()
    }

    /// How many requests there were to an operation, for example `storage_v2.CommitFile` or `storage.PutObject`.
    ///
    /// # Panics
    ///
    /// When nothing is called so: a typing mistake in a test, which would otherwise pass for no request.
    pub fn calls(&self, operation: &str) -> usize {
        journal::check_operation(operation).unwrap_or_else(|reason| panic!("{reason}"));
        self.shared.journal().counts().calls.get(operation).copied().unwrap_or_default()
    }

    /// The newest effects, in order: what was changed, and by which request. Of more than 100,000, the oldest are
    /// forgotten; [`Emulator::counts`] forgets none.
    pub fn ledger(&self) -> Vec<LedgerLine> {
        self.shared.journal().ledger().cloned().collect()
    }

    /// How often something happened, for example `file.committed`.
    ///
    /// # Panics
    ///
    /// When nothing is called so: a typing mistake in a test, which would otherwise pass for no effect.
    pub fn effects(&self, what: &str) -> usize {
        journal::check_effect(what).unwrap_or_else(|reason| panic!("{reason}"));
        self.shared.journal().counts().effects.get(what).copied().unwrap_or_default()
    }

    /// How many requests and effects there were of each kind.
    pub fn counts(&self) -> Counts {
        self.shared.journal().counts().clone()
    }

    /// Forgets all requests and effects, not what they changed.
    pub fn clear_journal(&self) {
        self.shared.journal().clear();
    }

    /// Changes which limits hold.
    pub fn set_limits(&self, limits: Limits) {
        self.shared.limiter().limits = limits;
    }

    /// Makes what a plan wants, beside what is there, and tells what it has added and changed.
    ///
    /// # Errors
    ///
    /// What is wrong with it; nothing is made then. Or what of it cannot be made; what came before it stays.
    pub async fn plant(&self, plan: &Plan) -> Result<Planted, Error> {
        planting::plant(&self.shared, plan, Beginning::Standing).await
    }

    /// Back to what there was to begin with: what was made, faults, limits, journal, ledger and counts are forgotten,
    /// the clock is set back, and ids are made again from the same seed. Credentials stay as they are, unless a plan or
    /// a dump has changed them since.
    ///
    /// # Errors
    ///
    /// When the plan or the dump that it began with cannot be read any more, or the folder cannot be used.
    pub async fn reset(&self) -> Result<(), Error> {
        reset::reset(&self.shared).await
    }

    /// Writes everything that is remembered into a folder.
    ///
    /// # Errors
    ///
    /// When something cannot be written.
    pub async fn dump(&self, folder: impl AsRef<Path>) -> Result<(), Error> {
        dump::dump(&self.shared, folder.as_ref()).await
    }

    /// Takes over what [`Emulator::dump`] wrote, in place of everything that is there: ids, credentials and clock too.
    ///
    /// # Errors
    ///
    /// When it cannot be read; everything is then as it was.
    pub async fn load(&self, folder: impl AsRef<Path>) -> Result<(), Error> {
        dump::load(&self.shared, folder.as_ref()).await
    }

    /// All news about files that apps have subscribed to, the oldest first, as a push over HTTP carries it.
    pub fn events(&self) -> Vec<Value> {
        delivery::events(&self.shared)
    }

    /// Delivers news from now on to a URL on loopback, with a POST for each piece, which is tried three times. The journal
    /// has each attempt as `events.Push`, with the status that the subscriber answered; 0 when it did not.
    ///
    /// # Errors
    ///
    /// When the URL is not of the form `http://127.0.0.1:4000/path`.
    pub fn deliver_events_to(&self, url: &str) -> Result<(), Error> {
        delivery::subscribe_unasked(&self.shared, &Subscriber::new(url))
    }

    /// The same, with a choice of attempts and form. A subscriber that wants news encrypted is asked with a `check_url`
    /// first, as the platform does.
    ///
    /// # Errors
    ///
    /// When news cannot go there, or the check is not accepted.
    pub async fn deliver_events(&self, subscriber: &Subscriber) -> Result<(), Error> {
        delivery::subscribe(&self.shared, subscriber).await
    }

    /// Delivers no more news. What is on its way still arrives.
    pub fn stop_delivering_events(&self) {
        self.shared.subscribe(None);
    }

    /// Stops taking connections, and waits for the answers that are on their way.
    pub async fn stop(mut self) {
        let _ = self.stop.send(true);
        for listener in std::mem::take(&mut self.listeners) {
            // It fails only when it has panicked, and then it has stopped too.
            let _ = listener.await;
        }
    }
}

impl Drop for Emulator {
    fn drop(&mut self) {
        let _ = self.stop.send(true);
        for listener in &self.listeners {
            listener.abort();
        }
    }
}
