//! One request and its answer: what both servers do alike, and where faults strike.

use std::io;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};
use std::time::{Duration, Instant};

use bytes::Bytes;
use http::{HeaderMap, HeaderValue, Response, StatusCode, header};
use http_body::Body as _;
use hyper::body::Incoming;

use crate::faults::{FaultKind, Side};
use crate::http::{Body, Control, Delivery};
use crate::journal::{Effect, Record};
use crate::persist::Settlement;
use crate::shared::Shared;

/// The connection ends without an answer.
#[derive(Debug)]
pub struct Aborted;

impl std::fmt::Display for Aborted {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("ended by a fault")
    }
}

impl std::error::Error for Aborted {}

/// A request on its way through the emulator.
pub struct Exchange {
    /// What all requests share.
    pub shared: Arc<Shared>,
    /// The connection.
    pub control: Arc<Control>,
    /// The fault that hits it.
    pub fault: Option<FaultKind>,
    /// What the journal will say.
    pub record: Record,
    began: Instant,
}

impl Exchange {
    /// Starts with the fault that hits the operation, if there is one.
    pub fn new(shared: Arc<Shared>, control: Arc<Control>, mut record: Record, side: Side) -> Self {
        let (number, fault) = shared.choose_fault(&record.operation, side).unzip();
        record.fault = number;
        record.time = shared.world().now();
        shared.journal().add(&mut record);
        Self { shared, control, fault, record, began: Instant::now() }
    }

    /// Faults that strike before anything is looked at.
    pub async fn begin(&mut self) -> Result<(), Aborted> {
        match &self.fault {
            Some(FaultKind::ResetBefore) => {
                self.strike();
                Err(self.abort())
            }
            Some(FaultKind::Delay { millis }) => {
                self.strike();
                tokio::time::sleep(Duration::from_millis(*millis)).await;
                Ok(())
            }
            _ => Ok(()),
        }
    }

    /// Hands the body of the request over, chunk by chunk, unless a fault strikes on the way: at its place, or at the
    /// end of a body that is shorter.
    pub async fn next_chunk(&mut self, body: &mut Incoming) -> Result<Option<io::Result<Bytes>>, Aborted> {
        self.strike_request(false).await?;
        match next_frame(body).await {
            None => {
                self.strike_request(true).await?;
                Ok(None)
            }
            Some(Err(error)) => Ok(Some(Err(io::Error::other(error)))),
            Some(Ok(bytes)) => {
                self.record.request_bytes += bytes.len() as u64;
                Ok(Some(Ok(bytes)))
            }
        }
    }

    async fn strike_request(&mut self, ended: bool) -> Result<(), Aborted> {
        match self.fault {
            Some(FaultKind::ResetRequest { at }) if ended || self.record.request_bytes >= at => {
                self.strike();
                Err(self.abort())
            }
            Some(FaultKind::StallRequest { at, millis }) if ended || self.record.request_bytes >= at => {
                self.strike();
                self.fault = None;
                stall(millis).await;
                Ok(())
            }
            _ => Ok(()),
        }
    }

    /// Notes that the fault has changed something.
    pub fn strike(&self) {
        if let Some(number) = self.record.fault
            && self.shared.journal().is_of_this_run(&self.record)
        {
            self.shared.faults().strike(number);
        }
    }

    /// Whether the call was refused: there is no work then whose answer could be lost.
    fn is_refused(&self) -> bool {
        self.record.code.is_some()
    }

    /// Ends the connection without an answer.
    pub fn abort(&self) -> Aborted {
        self.control.reset();
        self.save();
        self.log();
        Aborted
    }

    /// Brings the line in the journal up to date.
    pub fn save(&self) {
        self.shared.journal().update(&self.record);
    }

    /// A line in the log. Like the journal, it has no query, which can hold secrets.
    fn log(&self) {
        let Record { method, path, operation, status, code, request_id, request_bytes, fault, .. } = &self.record;
        let millis = self.began.elapsed().as_millis();
        let status = if *status == 0 { "no answer".to_owned() } else { status.to_string() };
        let name = if operation.is_empty() { "no operation" } else { operation };
        let code = code.as_deref().map(|code| format!(" {code}")).unwrap_or_default();
        let fault = fault.map(|number| format!(", fault {number}")).unwrap_or_default();
        tracing::info!(
            "{method} {path} {name}: {status}{code}, {request_bytes} bytes received, {millis} ms{fault}, {request_id}"
        );
    }

    /// What the fault does to a body of so many bytes on its way.
    fn delivery(&self, length: u64) -> Delivery {
        let mut delivery = Delivery::default();
        match self.fault {
            Some(FaultKind::StallAnswer { at, millis }) if at < length => {
                delivery.stall = Some((at, millis.map(Duration::from_millis)));
            }
            Some(FaultKind::ResetAnswer { at }) if at < length => delivery.cut = Some((at, true)),
            Some(FaultKind::Truncate { at }) if at < length => delivery.cut = Some((at, false)),
            Some(FaultKind::FlipBit { bit }) if bit / 8 < length => delivery.flip = Some(bit),
            Some(FaultKind::Slow { rate }) if length > (rate / 10).max(1) => delivery.rate = Some(rate),
            _ => return delivery,
        }
        self.strike();
        delivery
    }

    /// Notes what the request has changed. Called while the world is locked, so that the ledger is in order.
    pub fn enter(&mut self, effects: Vec<Effect>) {
        self.record.effects = effects;
        let mut journal = self.shared.journal();
        journal.enter(&self.record);
        journal.update(&self.record);
    }

    /// Waits until what the request has changed is on disk, and then drops blobs that nothing needs any more. A client
    /// that goes away meanwhile takes nothing of this with it.
    ///
    /// # Errors
    ///
    /// When it could not be written: nothing was changed then, and the ledger does not have it.
    pub async fn settle(&mut self, settlement: Settlement, dropped: Vec<String>) -> io::Result<()> {
        if settlement.is_nothing() {
            self.shared.drop_blobs(dropped);
            return Ok(());
        }
        let (shared, record) = (self.shared.clone(), self.record.clone());
        let stored = async move {
            let stored = settlement.stored().await;
            match &stored {
                Ok(()) => shared.drop_blobs(dropped),
                Err(_) => shared.journal().retract(&record),
            }
            stored
        };
        let stored = tokio::spawn(stored).await.map_err(io::Error::other)?;
        if stored.is_err() {
            self.record.effects.clear();
        }
        stored
    }

    /// Sends an answer, unless a fault of the end strikes.
    pub async fn finish(
        mut self,
        status: StatusCode,
        mut headers: HeaderMap,
        body: Body,
    ) -> Result<Response<Body>, Aborted> {
        let delivery = self.delivery(body.length());
        let reset = match self.fault {
            Some(FaultKind::ApplyThenDrop) if !self.is_refused() => {
                self.strike();
                return Err(self.abort());
            }
            Some(FaultKind::ApplyThenStall { millis }) if !self.is_refused() => {
                self.strike();
                self.save();
                stall(millis).await;
                false
            }
            Some(FaultKind::ResetAfter) => true,
            Some(FaultKind::ResetAnswer { at }) => at >= body.length(),
            _ => false,
        };
        let now = self.shared.world().now().http();
        if let Ok(now) = HeaderValue::from_str(&now) {
            headers.insert(header::DATE, now);
        }
        if reset {
            // The connection ends when the answer was sent; `reset` decides how.
            headers.insert(header::CONNECTION, HeaderValue::from_static("close"));
            self.control.reset();
            self.strike();
        }
        self.record.status = status.as_u16();
        // The answer to a HEAD tells the length of a body that is not sent.
        self.record.answer_bytes = if self.record.method == "HEAD" { 0 } else { body.length() };
        let range = headers.get(header::CONTENT_RANGE).and_then(|range| range.to_str().ok());
        self.record.content_range = range.map(str::to_owned);
        self.save();
        self.log();
        let mut answer = Response::new(body.delivered(delivery, self.control));
        *answer.status_mut() = status;
        *answer.headers_mut() = headers;
        Ok(answer)
    }
}

async fn stall(millis: Option<u64>) {
    match millis {
        Some(millis) => tokio::time::sleep(Duration::from_millis(millis)).await,
        None => std::future::pending().await,
    }
}

/// The next bytes of a body; nothing at its end.
pub async fn next_frame(body: &mut Incoming) -> Option<Result<Bytes, hyper::Error>> {
    loop {
        match (Frames { body }).await? {
            Ok(frame) => {
                if let Ok(bytes) = frame.into_data() {
                    return Some(Ok(bytes));
                }
            }
            Err(error) => return Some(Err(error)),
        }
    }
}

struct Frames<'a> {
    body: &'a mut Incoming,
}

impl Future for Frames<'_> {
    type Output = Option<Result<http_body::Frame<Bytes>, hyper::Error>>;

    fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Self::Output> {
        Pin::new(&mut *self.body).poll_frame(context)
    }
}
