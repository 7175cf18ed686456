//! One push of news over HTTP: a POST, its faults, and whether the answer accepts it.

use std::io;
use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use http::{Method, Request, StatusCode, header};
use hyper_util::rt::TokioIo;
use serde_json::{Value, json};
use tokio::net::TcpStream;

use super::subscriber::Target;
use crate::exchange::next_frame;
use crate::faults::FaultKind;
use crate::http::{Body, Connection, Control, Delivery};
use crate::shared::Shared;

/// How long a subscriber may take to answer.
const PATIENCE: Duration = Duration::from_secs(5);

/// Most bytes of an answer that are read.
const LARGEST_ANSWER: usize = 64 << 10;

/// What came of a push.
pub(super) struct Outcome {
    /// HTTP status of the answer; 0 when there was none.
    pub status: u16,
    /// Why it was not accepted.
    pub failure: Option<String>,
}

/// Sends a message, encrypted where the subscriber wants that.
pub(super) async fn push(
    shared: &Shared,
    target: &Target,
    owner: &str,
    message: &Value,
    fault: Option<(u64, FaultKind)>,
) -> Outcome {
    let strike = |number: u64| shared.faults().strike(number);
    let (number, kind) = fault.unzip();
    if let (Some(number), Some(FaultKind::Delay { millis })) = (number, &kind) {
        strike(number);
        tokio::time::sleep(Duration::from_millis(*millis)).await;
    }
    let sealed = seal(shared, target, owner, message, matches!(kind, Some(FaultKind::BreakSignature)));
    if let (Some(number), Some(FaultKind::BreakSignature)) = (number, &kind)
        && target.crypto.is_some()
    {
        strike(number);
    }
    let struck = || number.map_or((), |number| shared.faults().strike(number));
    let exchanged = tokio::time::timeout(PATIENCE, send(target, sealed, kind.as_ref(), &struck)).await;
    let answered = exchanged.unwrap_or_else(|_| Err(io::ErrorKind::TimedOut.into()));
    match answered {
        Err(error) => Outcome { status: 0, failure: Some(error.to_string()) },
        Ok(_) if matches!(kind, Some(FaultKind::ApplyThenDrop)) => {
            struck();
            Outcome { status: 0, failure: Some("the answer is lost".to_owned()) }
        }
        Ok((status, body)) => Outcome { status: status.as_u16(), failure: refused(target, owner, status, &body) },
    }
}

/// The query and the body of a push.
fn seal(shared: &Shared, target: &Target, owner: &str, message: &Value, broken: bool) -> (String, String) {
    let Some(crypto) = &target.crypto else { return (String::new(), message.to_string()) };
    let (random, nonce, now) = {
        let mut world = shared.world();
        (world.ids.letters(16), world.ids.letters(16), world.now())
    };
    let random = random.as_bytes().try_into().unwrap_or_default();
    let encrypted = crypto.encrypt(random, &message.to_string(), owner);
    let timestamp = now.0.to_string();
    let signature = if broken { "0".repeat(40) } else { crypto.signature(&timestamp, &nonce, &encrypted) };
    // Pages name the signature in both ways, and so do clients.
    let query = format!("signature={signature}&msg_signature={signature}&timestamp={timestamp}&nonce={nonce}");
    (query, json!({ "encrypt": encrypted }).to_string())
}

async fn send(
    target: &Target,
    (query, body): (String, String),
    fault: Option<&FaultKind>,
    strike: &(dyn Fn() + Sync),
) -> io::Result<(StatusCode, Vec<u8>)> {
    let address = target.address().await?;
    let stream = TcpStream::connect(address).await?;
    let control = Arc::new(Control::default());
    let connection = Connection::new(stream, control.clone());
    if matches!(fault, Some(FaultKind::ResetBefore)) {
        strike();
        control.reset();
        return Err(io::Error::other("reset by a fault"));
    }
    let length = body.len() as u64;
    let mut delivery = Delivery::default();
    match fault {
        Some(FaultKind::ResetRequest { at }) => delivery.cut = Some(((*at).min(length.saturating_sub(1)), true)),
        Some(FaultKind::StallRequest { at, millis }) => {
            delivery.stall = Some(((*at).min(length.saturating_sub(1)), millis.map(Duration::from_millis)));
        }
        Some(FaultKind::FlipBit { bit }) if bit / 8 < length => delivery.flip = Some(*bit),
        _ => {}
    }
    if delivery.cut.is_some() || delivery.stall.is_some() || delivery.flip.is_some() {
        strike();
    }
    let place = &target.place;
    let mark = if place.path.contains('?') { '&' } else { '?' };
    let path = if query.is_empty() { place.path.clone() } else { format!("{}{mark}{query}", place.path) };
    let host = if place.host.contains(':') { format!("[{}]", place.host) } else { place.host.clone() };
    let request = Request::builder()
        .method(Method::POST)
        .uri(path)
        .header(header::HOST, format!("{host}:{}", place.port))
        .header(header::CONTENT_TYPE, "application/json;charset=utf-8")
        .header(header::CONNECTION, "close")
        .body(Body::bytes(Bytes::from(body)).delivered(delivery, control))
        .map_err(io::Error::other)?;
    let (mut sender, connection) =
        hyper::client::conn::http1::handshake(TokioIo::new(connection)).await.map_err(io::Error::other)?;
    let exchange = async {
        let answer = sender.send_request(request).await.map_err(io::Error::other)?;
        let (parts, mut body) = answer.into_parts();
        let mut bytes = Vec::new();
        while let Some(chunk) = next_frame(&mut body).await {
            bytes.extend_from_slice(&chunk.map_err(io::Error::other)?);
            if bytes.len() > LARGEST_ANSWER {
                return Err(io::Error::other("the answer is too long"));
            }
        }
        Ok((parts.status, bytes))
    };
    tokio::pin!(connection, exchange);
    // The connection does the work; it may be over before the answer is taken up.
    tokio::select! {
        biased;
        answered = exchange.as_mut() => return answered,
        ended = connection.as_mut() => ended.map_err(io::Error::other)?,
    }
    exchange.await
}

/// Why an answer does not accept a push; nothing when it does.
fn refused(target: &Target, owner: &str, status: StatusCode, body: &[u8]) -> Option<String> {
    if !status.is_success() {
        return Some(format!("the status is {}", status.as_u16()));
    }
    let crypto = target.crypto.as_ref()?;
    let Ok(answer) = serde_json::from_slice::<Value>(body) else {
        return Some("the answer is no JSON; an encrypted success is wanted".to_owned());
    };
    // Some write the timestamp as a number.
    let text = |name: &str| match answer.get(name) {
        Some(Value::String(text)) => Some(text.clone()),
        Some(Value::Number(number)) => Some(number.to_string()),
        _ => None,
    };
    let fields = (text("msg_signature"), text("timeStamp"), text("nonce"), text("encrypt"));
    let (Some(signature), Some(timestamp), Some(nonce), Some(encrypted)) = fields else {
        return Some("the answer has not all of msg_signature, timeStamp, nonce and encrypt".to_owned());
    };
    if crypto.signature(&timestamp, &nonce, &encrypted) != signature {
        return Some("the signature of the answer is wrong".to_owned());
    }
    match crypto.decrypt(&encrypted) {
        Some((message, for_whom)) if message == "success" && for_whom == owner => None,
        Some((message, for_whom)) if message == "success" => {
            Some(format!("the answer is encrypted for {for_whom}, and not for {owner}"))
        }
        Some(_) => Some("the answer is encrypted, but is not success".to_owned()),
        None => Some("the answer cannot be decrypted".to_owned()),
    }
}
