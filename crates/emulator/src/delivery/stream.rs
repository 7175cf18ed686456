//! News over streams: an app asks for a ticket, opens a connection with it, and acknowledges each frame.
//!
//! What happens from an app's first ticket on waits for its connections. Each piece goes to one of them, and comes again when
//! it is not acknowledged, is to come later, or the connection is gone.

use std::collections::{HashMap, VecDeque};
use std::sync::{Arc, Weak};
use std::time::Duration;

use futures_util::{SinkExt, StreamExt};
use http::{HeaderValue, Request, Response, StatusCode, header};
use hyper::body::Incoming;
use hyper::upgrade::Upgraded;
use hyper_util::rt::TokioIo;
use serde_json::{Value, json};
use tokio::sync::{Notify, watch};
use tokio_tungstenite::WebSocketStream;
use tokio_tungstenite::tungstenite::handshake::derive_accept_key;
use tokio_tungstenite::tungstenite::protocol::{Message, Role};

use super::{begin, changed, end, news, ready};
use crate::clock::Time;
use crate::exchange::next_frame;
use crate::faults::FaultKind;
use crate::http::{Body, Control};
use crate::journal::{OPEN_CONNECTION, Record};
use crate::query;
use crate::shared::Shared;
use crate::state::News;

/// Path that hands out tickets.
const OPEN: &str = "/v1.0/gateway/connections/open";

/// Path of the connections.
const CONNECT: &str = "/connect";

/// How long a ticket waits to be used.
const TICKET: Duration = Duration::from_secs(90);

/// How long a frame waits for its acknowledgement.
const PATIENCE: Duration = Duration::from_secs(5);

/// How long after a failure a piece of news comes again.
const PAUSE: Duration = Duration::from_millis(200);

/// How often a piece of news is sent at most.
const ATTEMPTS: u32 = 5;

/// Largest request for a ticket.
const LARGEST_REQUEST: usize = 64 << 10;

/// Tickets, and news that waits for the connections of apps.
#[derive(Debug, Default)]
pub struct Streams {
    tickets: HashMap<String, (String, Time)>,
    queues: HashMap<String, Queue>,
}

#[derive(Debug, Default)]
struct Queue {
    /// News, and how often it was sent.
    waiting: VecDeque<(News, u32)>,
    wake: Arc<Notify>,
}

impl Streams {
    /// Takes news for the app that subscribed, if it has ever asked for a ticket.
    pub fn take(&mut self, news: &News) {
        if let Some(queue) = self.queues.get_mut(&news.app) {
            queue.waiting.push_back((news.clone(), 0));
            queue.wake.notify_one();
        }
    }

    /// Forgets news that waits; connections stay.
    pub fn forget_news(&mut self) {
        self.queues.values_mut().for_each(|queue| queue.waiting.clear());
    }

    fn pop(&mut self, app: &str) -> Option<(News, u32)> {
        self.queues.get_mut(app)?.waiting.pop_front()
    }

    /// Takes news back that was not accepted.
    fn put_back(&mut self, app: &str, news: News, sent: u32) {
        if let Some(queue) = self.queues.get_mut(app).filter(|_| sent < ATTEMPTS) {
            queue.waiting.push_front((news, sent));
            queue.wake.notify_one();
        }
    }

    fn wake(&self, app: &str) -> Arc<Notify> {
        self.queues.get(app).map(|queue| queue.wake.clone()).unwrap_or_default()
    }
}

/// Whether a request asks for a ticket.
pub fn is_open(path: &str) -> bool {
    path == OPEN
}

/// Whether a request opens a connection.
pub fn is_connect(path: &str) -> bool {
    path == CONNECT
}

/// Hands out a ticket to an app.
pub async fn open(shared: Arc<Shared>, request: Request<Incoming>) -> Response<Body> {
    let method = request.method().to_string();
    let mut body = request.into_body();
    let mut bytes = Vec::new();
    while let Some(Ok(chunk)) = next_frame(&mut body).await {
        bytes.extend_from_slice(&chunk);
        if bytes.len() > LARGEST_REQUEST {
            break;
        }
    }
    let mut record =
        Record { operation: OPEN_CONNECTION.to_owned(), method, path: OPEN.to_owned(), ..Record::default() };
    let (status, answer) = match serde_json::from_slice::<Value>(&bytes) {
        Ok(body) => ticket(&shared, &body, &mut record),
        Err(error) => refused(StatusCode::BAD_REQUEST, "paramError", &format!("the body is no JSON: {error}")),
    };
    record.status = status.as_u16();
    record.code = answer.get("code").and_then(Value::as_str).map(str::to_owned);
    shared.journal().add(&mut record);
    let mut response = Response::new(Body::bytes(answer.to_string()));
    *response.status_mut() = status;
    response.headers_mut().insert(header::CONTENT_TYPE, HeaderValue::from_static("application/json;charset=utf-8"));
    response
}

fn refused(status: StatusCode, code: &str, reason: &str) -> (StatusCode, Value) {
    (status, json!({ "code": code, "message": reason }))
}

fn ticket(shared: &Shared, body: &Value, record: &mut Record) -> (StatusCode, Value) {
    let text = |name: &str| body.get(name).and_then(Value::as_str).unwrap_or_default();
    let mut world = shared.world();
    record.time = world.now();
    record.request_id = world.ids.request();
    let app = world.organisation.apps.get(&text("clientId").to_owned());
    let Some(app) = app.filter(|app| app.secret == text("clientSecret")).map(|app| app.key.clone()) else {
        return refused(StatusCode::UNAUTHORIZED, "authFailed", "clientId or clientSecret is wrong");
    };
    let subscriptions = body.get("subscriptions").and_then(Value::as_array).map_or(&[][..], Vec::as_slice);
    let is_event = |each: &Value| each.get("type").and_then(Value::as_str) == Some("EVENT");
    if !subscriptions.iter().any(is_event) {
        let reason = "subscriptions has none of the type EVENT; the emulator has nothing else";
        return refused(StatusCode::BAD_REQUEST, "paramError", reason);
    }
    let ticket = world.ids.letters(36);
    let now = world.now();
    drop(world);
    let mut streams = shared.streams();
    streams.tickets.retain(|_, (_, until)| now <= *until);
    streams.queues.entry(app.clone()).or_default();
    streams.tickets.insert(ticket.clone(), (app, now.after(TICKET)));
    let endpoint = format!("ws{}{CONNECT}", shared.api_url().trim_start_matches("http"));
    (StatusCode::OK, json!({ "endpoint": endpoint, "ticket": ticket }))
}

/// Opens a connection with a ticket, which works once.
pub fn connect(
    shared: &Arc<Shared>,
    control: Arc<Control>,
    stop: watch::Receiver<bool>,
    mut request: Request<Incoming>,
) -> Response<Body> {
    let query = query::pairs(request.uri().query().unwrap_or_default());
    let ticket = query::first(&query, "ticket").unwrap_or_default();
    let now = shared.world().now();
    let known = shared.streams().tickets.remove(ticket);
    let Some((app, _)) = known.filter(|(_, until)| now <= *until) else {
        return told(StatusCode::UNAUTHORIZED, "the ticket is unknown, was used, or has expired");
    };
    let upgrade = request.headers().get(header::UPGRADE).and_then(|value| value.to_str().ok());
    let key = request.headers().get(header::SEC_WEBSOCKET_KEY).cloned();
    let Some(key) = key.filter(|_| upgrade.is_some_and(|name| name.eq_ignore_ascii_case("websocket"))) else {
        return told(StatusCode::UPGRADE_REQUIRED, "a WebSocket is wanted");
    };
    let upgraded = hyper::upgrade::on(&mut request);
    let weak = Arc::downgrade(shared);
    tokio::spawn(async move {
        // It fails when the client is gone already.
        if let Ok(upgraded) = upgraded.await {
            let socket = WebSocketStream::from_raw_socket(TokioIo::new(upgraded), Role::Server, None).await;
            Session { shared: weak, app, socket, control, number: 0 }.run(stop).await;
        }
    });
    let mut response = Response::new(Body::bytes(Vec::new()));
    *response.status_mut() = StatusCode::SWITCHING_PROTOCOLS;
    let headers = response.headers_mut();
    headers.insert(header::CONNECTION, HeaderValue::from_static("upgrade"));
    headers.insert(header::UPGRADE, HeaderValue::from_static("websocket"));
    if let Ok(accept) = HeaderValue::from_str(&derive_accept_key(key.as_bytes())) {
        headers.insert(header::SEC_WEBSOCKET_ACCEPT, accept);
    }
    response
}

fn told(status: StatusCode, reason: &'static str) -> Response<Body> {
    let mut response = Response::new(Body::bytes(reason));
    *response.status_mut() = status;
    response
}

/// A connection of an app.
struct Session {
    shared: Weak<Shared>,
    app: String,
    socket: WebSocketStream<TokioIo<Upgraded>>,
    control: Arc<Control>,
    /// Frames so far.
    number: u64,
}

/// What became of a frame.
enum Sent {
    Accepted,
    /// It is to come again, because of this.
    Refused(String),
    /// The connection is over, because of this.
    Over(String),
}

impl Session {
    /// Sends news until the connection or the emulator ends.
    async fn run(mut self, mut stop: watch::Receiver<bool>) {
        loop {
            let Some(wake) = self.shared.upgrade().map(|shared| shared.streams().wake(&self.app)) else { return };
            let waiting = wake.notified();
            let next = self.shared.upgrade().and_then(|shared| shared.streams().pop(&self.app));
            if let Some((news, sent)) = next {
                let goes_on = tokio::select! {
                    goes_on = self.deliver(news, sent) => goes_on,
                    _ = stop.changed() => {
                        self.say_goodbye().await;
                        false
                    }
                };
                if goes_on {
                    continue;
                }
                return;
            }
            tokio::select! {
                () = waiting => {}
                message = self.socket.next() => match message {
                    // What a client says without being asked is of no concern.
                    Some(Ok(message)) if !message.is_close() => {}
                    _ => return,
                },
                _ = stop.changed() => {
                    self.say_goodbye().await;
                    return;
                }
            }
        }
    }

    /// Sends a piece of news, and takes it back when it is not accepted. Returns whether the connection goes on.
    async fn deliver(&mut self, news: News, sent: u32) -> bool {
        let Some(data) = ready(&self.shared, &news, news::payload).await else { return true };
        let outcome = self.attempt(&news, &data).await;
        let put_back = |news| {
            if let Some(shared) = self.shared.upgrade() {
                shared.streams().put_back(&self.app, news, sent + 1);
            }
        };
        match outcome {
            Sent::Accepted => true,
            Sent::Refused(_) => {
                tokio::time::sleep(PAUSE).await;
                put_back(news);
                true
            }
            Sent::Over(_) => {
                put_back(news);
                false
            }
        }
    }

    async fn attempt(&mut self, news: &News, data: &Value) -> Sent {
        let Some(shared) = self.shared.upgrade() else { return Sent::Over("the emulator has ended".to_owned()) };
        let (mut record, fault) = begin(&shared, "STREAM", CONNECT);
        self.number += 1;
        let message = format!("{}-{}", news.id, self.number);
        let data = changed(&shared, fault.as_ref(), data);
        let frame = news::frame(&shared.world(), news, &message, &data);
        let outcome = self.exchange(&shared, &frame.to_string(), &message, fault).await;
        let failure = match &outcome {
            Sent::Accepted => {
                record.status = 200;
                None
            }
            Sent::Refused(reason) | Sent::Over(reason) => Some(reason.as_str()),
        };
        end(&shared, &mut record, failure);
        outcome
    }

    async fn exchange(&mut self, shared: &Shared, frame: &str, message: &str, fault: Option<(u64, FaultKind)>) -> Sent {
        let reset = |number: u64| {
            shared.faults().strike(number);
            self.control.reset();
            Sent::Over("reset by a fault".to_owned())
        };
        let lost = match fault {
            Some((number, FaultKind::Delay { millis })) => {
                shared.faults().strike(number);
                tokio::time::sleep(Duration::from_millis(millis)).await;
                None
            }
            Some((number, FaultKind::ResetBefore)) => return reset(number),
            Some((number, FaultKind::ApplyThenDrop)) => Some(number),
            _ => None,
        };
        // Who takes nothing would keep the news from the other connections of the app.
        match tokio::time::timeout(PATIENCE, self.socket.send(Message::text(frame))).await {
            Ok(Ok(())) => {}
            Ok(Err(error)) => return Sent::Over(error.to_string()),
            Err(_) => return Sent::Over("the client takes nothing".to_owned()),
        }
        let acknowledged = tokio::time::timeout(PATIENCE, acknowledgement(&mut self.socket, message)).await;
        match (lost, acknowledged) {
            // The client has done its work; what it says of it is lost with the connection.
            (Some(number), _) => {
                shared.faults().strike(number);
                self.control.reset();
                Sent::Over("the acknowledgement is lost".to_owned())
            }
            (None, Err(_)) => Sent::Refused("it was not acknowledged in time".to_owned()),
            (None, Ok(sent)) => sent,
        }
    }

    async fn say_goodbye(&mut self) {
        let frame = json!({
            "specVersion": "1.0",
            "type": "SYSTEM",
            "headers": { "topic": "disconnect", "contentType": "application/json", "messageId": "disconnect" },
            "data": json!({ "reason": "the emulator ends" }).to_string(),
        });
        // Who is gone already, or takes nothing, needs no goodbye.
        let goodbye = async {
            let _ = self.socket.send(Message::text(frame.to_string())).await;
            let _ = self.socket.close(None).await;
        };
        let _ = tokio::time::timeout(PATIENCE, goodbye).await;
    }
}

/// What a client says of a frame.
async fn acknowledgement(socket: &mut WebSocketStream<TokioIo<Upgraded>>, message: &str) -> Sent {
    loop {
        let text = match socket.next().await {
            Some(Ok(Message::Text(text))) => text,
            Some(Ok(Message::Close(_))) | None => return Sent::Over("the client has closed the connection".to_owned()),
            Some(Ok(_)) => continue,
            Some(Err(error)) => return Sent::Over(error.to_string()),
        };
        let Ok(answer) = serde_json::from_str::<Value>(&text) else { continue };
        if answer.pointer("/headers/messageId").and_then(Value::as_str) != Some(message) {
            continue;
        }
        let code = answer.get("code").and_then(Value::as_i64);
        if code != Some(200) {
            return Sent::Refused(format!("the code is {}", code.unwrap_or_default()));
        }
        let data = answer.get("data").and_then(Value::as_str).and_then(|data| serde_json::from_str::<Value>(data).ok());
        let status = data.as_ref().and_then(|data| data.get("status")?.as_str()).unwrap_or("SUCCESS");
        return match status {
            "SUCCESS" => Sent::Accepted,
            status => Sent::Refused(format!("the status is {status}")),
        };
    }
}
