//! The two listeners, and the connections that they take.

use std::net::SocketAddr;
use std::sync::Arc;

use http::Request;
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::TokioIo;
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::watch;
use tokio::task::JoinSet;

use crate::faults::Side;
use crate::http::{Connection, Control};
use crate::shared::Shared;
use crate::{admin, api, storage};

/// Takes connections until `stop` changes, and then ends those that it has.
pub async fn listen(shared: Arc<Shared>, listener: TcpListener, side: Side, mut stop: watch::Receiver<bool>) {
    let mut connections = JoinSet::new();
    loop {
        tokio::select! {
            accepted = listener.accept() => match accepted {
                Ok((stream, peer)) => {
                    connections.spawn(serve(shared.clone(), stream, peer, side, stop.clone()));
                }
                // Too many open files, or the peer is gone already: neither ends the server.
                Err(_) => tokio::task::yield_now().await,
            },
            Some(_) = connections.join_next(), if !connections.is_empty() => {}
            _ = stop.changed() => break,
        }
    }
    drop(listener);
    while connections.join_next().await.is_some() {}
}

async fn serve(shared: Arc<Shared>, stream: TcpStream, peer: SocketAddr, side: Side, mut stop: watch::Receiver<bool>) {
    // Without it, small answers would wait for the acknowledgement of the ones before.
    let _ = stream.set_nodelay(true);
    let control = Arc::new(Control::default());
    let io = TokioIo::new(Connection::new(stream, control.clone()));
    let service = service_fn(move |request: Request<Incoming>| {
        let (shared, control) = (shared.clone(), control.clone());
        async move {
            match side {
                Side::Storage => storage::serve(shared, control, request).await,
                Side::Api if admin::is_admin(request.uri().path()) => Ok(admin::serve(shared, request).await),
                Side::Api => api::serve(shared, control, peer.ip(), request).await,
            }
        }
    });
    let mut builder = http1::Builder::new();
    builder.auto_date_header(false).half_close(true).max_buf_size(512 << 10);
    let connection = builder.serve_connection(io, service);
    tokio::pin!(connection);
    tokio::select! {
        // An error means that the connection is gone; who was on the other side knows.
        _ = connection.as_mut() => {}
        _ = stop.changed() => {
            connection.as_mut().graceful_shutdown();
            let _ = tokio::time::timeout(std::time::Duration::from_secs(1), connection).await;
        }
    }
}
