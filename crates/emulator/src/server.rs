//! The two listeners, and the connections that they take.

use std::io;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use http::{Request, Response};
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::TokioIo;
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::watch;
use tokio::task::JoinSet;

use crate::cors::{self, Cors};
use crate::exchange::Aborted;
use crate::http::{Body, Connection, Control};
use crate::shared::Shared;
use crate::{admin, api, delivery, storage};

/// Which of the two servers of an emulator.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Serves {
    /// The API, and with it the admin API.
    Api,
    /// The object storage.
    Storage,
}

/// Takes connections until `stop` changes, and then ends those that it has.
pub async fn listen(
    shared: Arc<Shared>,
    cors: Arc<Cors>,
    listener: TcpListener,
    serves: Serves,
    mut stop: watch::Receiver<bool>,
) {
    let mut connections = JoinSet::new();
    loop {
        tokio::select! {
            accepted = listener.accept() => match accepted {
                Ok((stream, peer)) => {
                    connections.spawn(serve(shared.clone(), cors.clone(), stream, peer, serves, stop.clone()));
                }
                Err(error) => rest_after(&error).await,
            },
            Some(_) = connections.join_next(), if !connections.is_empty() => {}
            _ = stop.changed() => break,
        }
    }
    drop(listener);
    while connections.join_next().await.is_some() {}
}

/// What comes after a connection could not be taken; it never ends the server. A peer that is gone already costs
/// nothing. Where the process has no descriptors left, the connection waits to be taken, and asking for it again at once
/// would do nothing else until one is free.
async fn rest_after(error: &io::Error) {
    const REST: Duration = Duration::from_millis(50);
    let peer_is_gone = matches!(
        error.kind(),
        io::ErrorKind::ConnectionAborted | io::ErrorKind::ConnectionReset | io::ErrorKind::ConnectionRefused
    );
    if !peer_is_gone {
        tracing::warn!("a connection cannot be taken: {error}");
        tokio::time::sleep(REST).await;
    }
}

async fn serve(
    shared: Arc<Shared>,
    cors: Arc<Cors>,
    stream: TcpStream,
    peer: SocketAddr,
    serves: Serves,
    mut stop: watch::Receiver<bool>,
) {
    // Without it, small answers would wait for the acknowledgement of the ones before.
    let _ = stream.set_nodelay(true);
    let control = Arc::new(Control::default());
    let io = TokioIo::new(Connection::new(stream, control.clone()));
    let stopped = stop.clone();
    let service = service_fn(move |request: Request<Incoming>| {
        let (shared, cors, control, stopped) = (shared.clone(), cors.clone(), control.clone(), stopped.clone());
        async move {
            let for_pages = serves == Serves::Storage || !admin::is_admin(request.uri().path());
            if let Some(answer) = cors.preflight(&request).filter(|_| for_pages) {
                return Ok(answer);
            }
            let origin = cors.admitted(&request).filter(|_| for_pages);
            let mut answer = answer(shared, control, stopped, peer, serves, request).await?;
            if let Some(origin) = origin {
                cors::expose(answer.headers_mut(), origin);
            }
            Ok::<_, Aborted>(answer)
        }
    });
    let mut builder = http1::Builder::new();
    builder.auto_date_header(false).half_close(true).max_buf_size(512 << 10);
    let connection = builder.serve_connection(io, service).with_upgrades();
    tokio::pin!(connection);
    tokio::select! {
        // An error means that the connection is gone; who was on the other side knows.
        _ = connection.as_mut() => {}
        _ = stop.changed() => {
            connection.as_mut().graceful_shutdown();
            let _ = tokio::time::timeout(Duration::from_secs(1), connection).await;
        }
    }
}

async fn answer(
    shared: Arc<Shared>,
    control: Arc<Control>,
    stop: watch::Receiver<bool>,
    peer: SocketAddr,
    serves: Serves,
    request: Request<Incoming>,
) -> Result<Response<Body>, Aborted> {
    let path = request.uri().path();
    match serves {
        Serves::Storage => storage::serve(shared, control, request).await,
        Serves::Api if delivery::is_open(path) => Ok(delivery::open(shared, request).await),
        Serves::Api if delivery::is_connect(path) => Ok(delivery::connect(&shared, control, stop, request)),
        Serves::Api if admin::is_admin(path) => Ok(admin::serve(shared, request).await),
        Serves::Api => api::serve(shared, control, peer.ip(), request).await,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Without descriptors, a server that asks again at once would take all of a processor.
    #[tokio::test(start_paused = true)]
    async fn a_connection_that_cannot_be_taken_is_waited_for() {
        let began = tokio::time::Instant::now();
        for _ in 0..20 {
            // The number of the error for too many open files.
            rest_after(&io::Error::from_raw_os_error(24)).await;
        }
        assert_eq!(began.elapsed(), Duration::from_secs(1));
        rest_after(&io::ErrorKind::ConnectionAborted.into()).await;
        assert_eq!(began.elapsed(), Duration::from_secs(1), "a peer that is gone costs nothing");
    }
}
