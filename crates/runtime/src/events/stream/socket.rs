//! Opens a WebSocket with the HTTP client that everything else goes over: its certificates, its proxy, its rules.

use std::time::Duration;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};
use reqwest::header::{
    CONNECTION, HeaderValue, SEC_WEBSOCKET_ACCEPT, SEC_WEBSOCKET_KEY, SEC_WEBSOCKET_VERSION, UPGRADE,
};
use reqwest::{StatusCode, Upgraded, Url};
use tokio_tungstenite::WebSocketStream;
use tokio_tungstenite::tungstenite::handshake::derive_accept_key;
use tokio_tungstenite::tungstenite::protocol::{Role, WebSocketConfig};

use super::Ticket;
use crate::error::{Phase, TimedOut};
use crate::{Client, Error, ErrorKind, Operation, transport};

pub(super) type Socket = WebSocketStream<Upgraded>;

/// Time to open a connection.
const PATIENCE: Duration = Duration::from_secs(15);
/// Largest frame that is read.
const LARGEST: usize = 4 << 20;

pub(super) async fn open(client: &Client, operation: &'static Operation, ticket: &Ticket) -> Result<Socket, Error> {
    let url = url(client, operation, ticket)?;
    match tokio::time::timeout(PATIENCE, upgraded(client, url)).await {
        Ok(result) => result.map_err(|error| error.with(|facts| facts.operation = Some(operation))),
        Err(_) => Err(transport::out_of_time(TimedOut::Attempt, "the connection did not come about", PATIENCE)),
    }
}

/// The address of the WebSocket as one of HTTP.
fn url(client: &Client, operation: &'static Operation, ticket: &Ticket) -> Result<Url, Error> {
    let endpoint = ticket.endpoint.as_deref().unwrap_or_default();
    let secure = endpoint.strip_prefix("wss://").map(|rest| format!("https://{rest}"));
    // The ticket is as good as a secret: it goes unprotected only where everything does.
    let may_be_plain = !client.origin(operation)?.is_https();
    let plain = || endpoint.strip_prefix("ws://").filter(|_| may_be_plain).map(|rest| format!("http://{rest}"));
    let address = secure.or_else(plain);
    let separator = if endpoint.contains('?') { '&' } else { '?' };
    let ticket = utf8_percent_encode(ticket.ticket.as_deref().unwrap_or_default(), NON_ALPHANUMERIC);
    let url = address.and_then(|address| Url::parse(&format!("{address}{separator}ticket={ticket}")).ok());
    url.ok_or_else(|| {
        let text = "the endpoint that was given is no address of a protected WebSocket";
        Error::answer(text).with(|facts| facts.operation = Some(operation))
    })
}

async fn upgraded(client: &Client, url: Url) -> Result<Socket, Error> {
    let key = STANDARD.encode(std::array::from_fn::<u8, 16, _>(|_| fastrand::u8(..)));
    let http = client.http_for(&url)?;
    let request = http
        .get(url)
        .header(CONNECTION, HeaderValue::from_static("Upgrade"))
        .header(UPGRADE, HeaderValue::from_static("websocket"))
        .header(SEC_WEBSOCKET_VERSION, HeaderValue::from_static("13"))
        .header(SEC_WEBSOCKET_KEY, &key);
    let answer = request.send().await.map_err(transport::lost)?;
    let refused = |text: String| {
        let error = Error::new(ErrorKind::Connection, Phase::Refused, text);
        error.with(|facts| (facts.is_transient, facts.status) = (true, Some(answer.status().as_u16())))
    };
    if answer.status() != StatusCode::SWITCHING_PROTOCOLS {
        return Err(refused("the server opened no stream".to_owned()));
    }
    let accepted =
        answer.headers().get(SEC_WEBSOCKET_ACCEPT).is_some_and(|accept| accept == &*derive_accept_key(key.as_bytes()));
    if !accepted {
        return Err(refused("what answered is no WebSocket".to_owned()));
    }
    let upgraded = answer.upgrade().await.map_err(transport::lost)?;
    let config = WebSocketConfig::default().max_message_size(Some(LARGEST)).max_frame_size(Some(LARGEST));
    Ok(WebSocketStream::from_raw_socket(upgraded, Role::Client, Some(config)).await)
}
