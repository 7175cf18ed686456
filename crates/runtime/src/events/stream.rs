//! Stream pushes: a connection that the app opens, and keeps open.

mod frame;
mod session;
mod socket;

use std::convert::Infallible;
use std::fmt;
use std::future::Future;
use std::time::Duration;

use serde_json::json;
use tokio::time::Instant;

use super::{Envelope, Payload, Seen};
use crate::credentials::InternalApp;
use crate::decode::{Failure, Field, Object};
use crate::operation::{App, Effect, Host, Method, Operation, Token};
use crate::{Client, Error, ErrorKind, observe};

use session::{End, Session};

const OPEN: Operation = Operation {
    name: "gateway_v1.OpenConnection",
    summary: "Opens a connection for Stream pushes.",
    method: Method::Post,
    path: "/v1.0/gateway/connections/open",
    group: "token",
    // A ticket that nobody uses is nothing.
    effect: Effect::Read,
    apps: &[App::Internal, App::ThirdParty],
    page: Some("develop-stream-mode-push-server"),
    host: Host::Api,
    token: Token::None,
    body: true,
    ..Operation::UNSET
};

/// Pause before a new connection; it doubles up to the longest, and is the first one again after a steady connection.
const FIRST_PAUSE: Duration = Duration::from_secs(1);
const LONGEST_PAUSE: Duration = Duration::from_secs(60);
const STEADY: Duration = Duration::from_secs(60);

/// Receives the events of an app over a connection of its own, as its Stream push: no address that the server must
/// reach, and nothing to decrypt.
///
/// ```no_run
/// # use dingtalk_runtime::events::{Payload, Stream};
/// # use dingtalk_runtime::credentials::InternalApp;
/// # use dingtalk_runtime::Client;
/// # async fn index<P>(_: P) -> std::io::Result<()> { Ok(()) }
/// # async fn example<P: Payload>(client: &Client) -> Result<(), dingtalk_runtime::Error> {
/// let app = InternalApp::from_env()?;
/// Stream::new(client, &app).run(async |envelope| index::<P>(envelope.event).await).await?;
/// # Ok(())
/// # }
/// ```
///
/// Several may be open for one app: each event then goes to one of them.
///
/// [Documentation](https://open.dingtalk.com/document/development/develop-stream-mode-push-server)
#[derive(Debug)]
pub struct Stream {
    client: Client,
    app: InternalApp,
}

impl Stream {
    /// A stream of the events of this app, from the servers of this client.
    #[must_use]
    pub fn new(client: impl AsRef<Client>, app: &InternalApp) -> Self {
        Self { client: client.as_ref().clone(), app: app.clone() }
    }

    /// Hands out one event after another, for as long as this is awaited, and keeps the connection open: one that breaks
    /// is followed by the next.
    ///
    /// Events wait for their turn in memory, at most 1,000 and 16 MiB; what comes beyond is asked for later.
    ///
    /// An event is accepted once the handler has ended well. After an error, or when this was dropped before, it comes
    /// again. What comes again although it was handled, because the word of it got lost, is accepted without the
    /// handler; see [`Seen`] for what that cannot know.
    ///
    /// # Errors
    ///
    /// It ends where a further try would not help, such as with a wrong secret. An outage is waited for.
    pub async fn run<P, W, E>(&self, mut handler: impl FnMut(Envelope<P>) -> W) -> Result<Infallible, Error>
    where
        P: Payload,
        W: Future<Output = Result<(), E>>,
        E: fmt::Display,
    {
        let mut seen = Seen::default();
        let mut pause = FIRST_PAUSE;
        loop {
            let began = Instant::now();
            let mut least = Duration::ZERO;
            match self.connect().await {
                Ok(socket) => {
                    observe::tell_stream_open();
                    let end = Session::new(socket).run(&mut handler, &mut seen).await;
                    observe::tell_stream_end(&end);
                    if began.elapsed() >= STEADY || end == End::AskedTo {
                        pause = FIRST_PAUSE;
                    }
                }
                Err(error) if error.is_retryable() || error.kind() == ErrorKind::Banned => {
                    observe::tell_stream_lost(&error);
                    least = error.retry_after().unwrap_or_default();
                }
                Err(error) => return Err(error),
            }
            tokio::time::sleep(pause.mul_f64(0.5 + 0.5 * fastrand::f64()).max(least)).await;
            pause = (pause * 2).min(LONGEST_PAUSE);
        }
    }

    async fn connect(&self) -> Result<socket::Socket, Error> {
        let (key, secret) = self.app.key_and_secret();
        let request = self.client.request(&OPEN).with_secrets(&[secret]);
        let request = request
            .body("clientId", key)
            .body("clientSecret", secret)
            .body("subscriptions", &json!([{ "type": "EVENT", "topic": "*" }]))
            .body("ua", concat!("dingtalk-storage-rust/", env!("CARGO_PKG_VERSION")));
        // The ticket is as good as the secret.
        let without_body = |error: Error| error.with(|facts| facts.body = bytes::Bytes::new());
        let ticket: Ticket = request.send().await.map_err(without_body)?;
        socket::open(&self.client, &OPEN, &ticket).await
    }
}

/// Where to connect, and with what.
#[derive(Default)]
struct Ticket {
    endpoint: Option<String>,
    ticket: Option<String>,
}

impl Object for Ticket {
    fn always(&self) -> &'static [&'static str] {
        &["endpoint", "ticket"]
    }

    fn field(&mut self, name: &str, value: Field<'_>) -> Result<(), Failure> {
        match name {
            "endpoint" => value.text(&mut self.endpoint),
            "ticket" => value.text(&mut self.ticket),
            _ => value.skip(),
        }
    }
}
