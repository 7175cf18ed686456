//! Listening, and answering until it is told to stop.

use std::future::Future;
use std::net::SocketAddr;
use std::pin::pin;
use std::sync::Arc;
use std::time::Duration;

use dingtalk_storage::types::SpaceId;
use dingtalk_storage_transfer::{Drive, Entry};
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::{TokioIo, TokioTimer};
use hyper_util::server::graceful::GracefulShutdown;
use tokio::net::TcpListener;
use tokio::sync::Semaphore;

use crate::Error;
use crate::budget::Budget;
use crate::login::Login;
use crate::place::Place;
use crate::service::Service;

/// Connections at the same time; more wait.
const CONNECTIONS: usize = 256;
/// How long a client may take for the headers of a request.
const HEADERS: Duration = Duration::from_secs(30);
/// How long requests may take to end when the server is told to stop.
const ENDING: Duration = Duration::from_secs(30);

/// A folder of the drive as a WebDAV server, to set up.
#[derive(Debug, Clone)]
#[must_use = "nothing is served until it is bound and run"]
pub struct WebDav {
    drive: Drive,
    space: SpaceId,
    path: String,
    cache_for: Duration,
    calls_per_hour: Option<u64>,
    is_read_only: bool,
    for_good: bool,
}

impl WebDav {
    /// The root of a space, as the operator of the drive sees it.
    pub fn new(drive: &Drive, space: &SpaceId) -> Self {
        Self {
            drive: drive.clone(),
            space: space.clone(),
            path: String::new(),
            cache_for: Duration::from_mins(1),
            calls_per_hour: None,
            is_read_only: false,
            for_good: false,
        }
    }

    /// Serves a folder of the space instead.
    pub fn folder(mut self, path: impl Into<String>) -> Self {
        self.path = path.into();
        self
    }

    /// Sets after what time it is seen what others did in the drive: 60 seconds by default, 1 at least. Until then,
    /// listings and what is not there take no call. What comes through this server is seen at once.
    pub fn cache_for(mut self, time: Duration) -> Self {
        self.cache_for = time;
        self
    }

    /// Makes at most so many calls of the API in an hour. What needs one more is answered by 503, with `Retry-After` as
    /// the time until the hour is over.
    pub fn calls_per_hour(mut self, calls: Option<u64>) -> Self {
        self.calls_per_hour = calls;
        self
    }

    /// Lets nobody change anything.
    pub fn read_only(mut self, is_read_only: bool) -> Self {
        self.is_read_only = is_read_only;
        self
    }

    /// Deletes for good, which spaces without a recycle bin need.
    pub fn delete_for_good(mut self, for_good: bool) -> Self {
        self.for_good = for_good;
        self
    }

    /// Looks whether the folder is there, and listens. Port 0 takes a free one.
    ///
    /// # Errors
    ///
    /// [`Error::Folder`] if it is not there or cannot be read, [`Error::Listen`] if the address cannot be had.
    pub async fn bind(self, address: SocketAddr, login: Login) -> Result<Server, Error> {
        let place = Arc::new(Place::new(self.space, &self.path, self.cache_for));
        let budget = Budget::new(self.drive, self.calls_per_hour);
        let found = budget.drive().0.paths(&place.space).resolve(place.root()).await;
        let folder: Entry = found.map_err(|source| Error::Folder { path: place.root().to_owned(), source })?;
        if !folder.is_folder() {
            let source = dingtalk_storage_transfer::Error::NotAFolder(folder.name);
            return Err(Error::Folder { path: place.root().to_owned(), source });
        }
        let listen = |source| Error::Listen { address, source };
        let listener = TcpListener::bind(address).await.map_err(listen)?;
        let address = listener.local_addr().map_err(listen)?;
        let service = Service::new(place, budget, login, self.is_read_only, self.for_good);
        Ok(Server { listener, address, service })
    }
}

/// A server that listens.
#[must_use = "nothing is answered until it is run"]
pub struct Server {
    listener: TcpListener,
    address: SocketAddr,
    service: Service,
}

impl Server {
    /// Where it listens.
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// Answers until it is told to stop, and then ends what was begun: at most 30 seconds are given to it.
    pub async fn run(self, stop: impl Future<Output = ()>) {
        let mut stop = pin!(stop);
        let (ending, places) = (GracefulShutdown::new(), Arc::new(Semaphore::new(CONNECTIONS)));
        loop {
            let accepted = async {
                let place = Arc::clone(&places).acquire_owned().await;
                (self.listener.accept().await, place)
            };
            let (accepted, place) = tokio::select! {
                () = &mut stop => break,
                accepted = accepted => accepted,
            };
            let stream = match accepted {
                Ok((stream, _)) => stream,
                Err(error) => {
                    tracing::warn!("a connection cannot be accepted: {error}");
                    // Out of files, for example: it does not pass by asking again at once.
                    tokio::time::sleep(Duration::from_millis(100)).await;
                    continue;
                }
            };
            // Without it, answers would come a little later, and nothing else would be wrong.
            let _ = stream.set_nodelay(true);
            let service = self.service.clone();
            let answer = service_fn(move |request| {
                let service = service.clone();
                async move { Ok::<_, std::convert::Infallible>(service.answer(request).await) }
            });
            let connection = http1::Builder::new()
                .timer(TokioTimer::new())
                .header_read_timeout(HEADERS)
                .serve_connection(TokioIo::new(stream), answer);
            let connection = ending.watch(connection);
            tokio::spawn(async move {
                let _place = place;
                if let Err(error) = connection.await {
                    tracing::debug!("a connection ended: {error}");
                }
            });
        }
        drop(self.listener);
        if tokio::time::timeout(ENDING, ending.shutdown()).await.is_err() {
            tracing::warn!("some requests did not end in time; what they had not committed is not stored");
        }
    }
}
