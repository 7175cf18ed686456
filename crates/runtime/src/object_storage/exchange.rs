//! One request to the object storage and its answer.

use std::future::Future;
use std::io;
use std::pin::pin;
use std::sync::Arc;
use std::task::Poll;
use std::time::Duration;

use bytes::Bytes;
use reqwest::header::{CONTENT_LENGTH, CONTENT_RANGE, ETAG, HeaderMap, HeaderName, HeaderValue, IF_MATCH, RANGE};
use tokio::time::Instant;

use super::body::Progress;
use super::{Content, OssError, Signed};
use crate::censor::Censor;
use crate::error::{Facts, TimedOut, shown};
use crate::transport::{self, out_of_time};
use crate::verdict::{Sent, unanswered, without_code};
use crate::{Client, Error, ErrorKind};

/// Most bytes of a refusal that are read.
const LONGEST_REFUSAL: usize = 64 * 1024;
/// The storage's checksum of the whole object, CRC-64/XZ as a decimal number.
const CRC64: HeaderName = HeaderName::from_static("x-oss-hash-crc64ecma");
const REQUEST_ID: HeaderName = HeaderName::from_static("x-oss-request-id");
/// Has a range that the object does not have refused, where the storage would send all of it.
const RANGE_BEHAVIOR: HeaderName = HeaderName::from_static("x-oss-range-behavior");

impl Client {
    /// One request to the object storage by a signed URL.
    pub fn signed<'a>(&'a self, signed: &'a Signed) -> SignedRequest<'a> {
        SignedRequest { client: self, signed, url: 0, stall: Duration::from_secs(30), headers: HeaderMap::new() }
    }
}

/// One request to the object storage.
#[derive(Debug)]
#[must_use = "a request does nothing until it is sent"]
pub struct SignedRequest<'a> {
    client: &'a Client,
    signed: &'a Signed,
    url: usize,
    stall: Duration,
    headers: HeaderMap,
}

/// What the storage says about bytes that it took.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Stored {
    /// Tag of this content.
    pub etag: Option<String>,
    /// CRC-64/XZ of what was stored, to be held against that of what was sent.
    pub crc64: Option<u64>,
    /// Id of the request, for the support.
    pub request_id: Option<String>,
}

impl SignedRequest<'_> {
    /// Takes another of the URLs, counted from 0; after the last one the first comes again.
    pub fn url(mut self, index: usize) -> Self {
        self.url = index;
        self
    }

    /// Sets how long bytes may stand still, 30 seconds by default. A source that has nothing yet is waited for.
    pub fn stall_timeout(mut self, timeout: Duration) -> Self {
        self.stall = timeout;
        self
    }

    /// Asks for a part of the object, from the first to the last byte, both counted from 0. The answer to a
    /// [`get`](Self::get) says which part came: [`ObjectBytes::range`].
    pub fn range(mut self, first: u64, last: u64) -> Self {
        if let Ok(value) = HeaderValue::try_from(format!("bytes={first}-{last}")) {
            self.headers.insert(RANGE, value);
            self.headers.insert(RANGE_BEHAVIOR, HeaderValue::from_static("standard"));
        }
        self
    }

    /// Asks for the object only while it is the one with this tag; another one is refused with 412.
    pub fn if_match(mut self, etag: &str) -> Self {
        if let Ok(value) = HeaderValue::from_str(etag) {
            self.headers.insert(IF_MATCH, value);
        }
        self
    }

    /// Stores bytes.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::Storage`] if the storage refused, [`ErrorKind::Source`] if the bytes could not be read or were
    /// not as many as announced; then nothing is stored.
    pub async fn put(self, mut content: Content) -> Result<Stored, Error> {
        content.check_empty().await.map_err(source_failed)?;
        let mut request = self.http_request(reqwest::Method::PUT)?;
        // Nothing at all needs to say so, too.
        request.headers_mut().insert(CONTENT_LENGTH, HeaderValue::from(content.length()));
        let (body, progress) = content.into_body();
        *request.body_mut() = Some(body);
        let http = self.client.http_for(request.url())?;
        let sent = while_moving(http.execute(request), &progress, self.stall).await;
        if let Some(failure) = progress.take_failure() {
            return Err(source_failed(failure));
        }
        let answer = sent?.map_err(lost)?;
        if !answer.status().is_success() {
            return Err(refused(answer, &self).await);
        }
        let stored = Stored {
            etag: text(answer.headers(), &ETAG),
            crc64: crc64(answer.headers()),
            request_id: text(answer.headers(), &REQUEST_ID),
        };
        // So that the connection can be used again; the bytes are stored whether or not this arrives.
        let _ = beginning(answer, self.stall).await;
        Ok(stored)
    }

    /// Fetches the object, or the part that was asked for.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::Storage`] if the storage refused.
    pub async fn get(self) -> Result<ObjectBytes, Error> {
        let request = self.http_request(reqwest::Method::GET)?;
        let http = self.client.http_for(request.url())?;
        let answer = match tokio::time::timeout(self.stall, http.execute(request)).await {
            Ok(answer) => answer.map_err(lost)?,
            Err(_) => return Err(stood_still(self.stall)),
        };
        if !answer.status().is_success() {
            return Err(refused(answer, &self).await);
        }
        Ok(ObjectBytes { answer, stall: self.stall })
    }

    fn http_request(&self, method: reqwest::Method) -> Result<reqwest::Request, Error> {
        let url = self.signed.url(self.url).cloned();
        let url = url.ok_or_else(|| Error::answer("the signed URL cannot be used: there is none"))?;
        let mut request = reqwest::Request::new(method, url);
        *request.headers_mut() = self.signed.headers().clone();
        for (name, value) in &self.headers {
            request.headers_mut().insert(name, value.clone());
        }
        Ok(request)
    }
}

/// An object on its way from the storage.
#[derive(Debug)]
pub struct ObjectBytes {
    answer: reqwest::Response,
    stall: Duration,
}

impl ObjectBytes {
    /// The next bytes; none after the last. An answer that ends before its announced length is an error.
    pub async fn next(&mut self) -> Result<Option<Bytes>, Error> {
        match tokio::time::timeout(self.stall, self.answer.chunk()).await {
            Ok(piece) => piece.map_err(lost),
            Err(_) => Err(stood_still(self.stall)),
        }
    }

    /// Bytes that this answer announces.
    #[must_use]
    pub fn length(&self) -> Option<u64> {
        self.answer.content_length()
    }

    /// The part that came: first and last byte, and the size of the whole object. None when the whole object comes,
    /// also where a part was asked for.
    #[must_use]
    pub fn range(&self) -> Option<(u64, u64, u64)> {
        let is_part = self.answer.status() == reqwest::StatusCode::PARTIAL_CONTENT;
        let range = self.answer.headers().get(CONTENT_RANGE).filter(|_| is_part)?.to_str().ok()?;
        let (part, size) = range.trim().strip_prefix("bytes")?.trim_start().split_once('/')?;
        let (first, last) = part.split_once('-')?;
        Some((first.trim().parse().ok()?, last.trim().parse().ok()?, size.trim().parse().ok()?))
    }

    /// Whether the answer says that it is a part (HTTP 206).
    #[must_use]
    pub fn is_part(&self) -> bool {
        self.answer.status() == reqwest::StatusCode::PARTIAL_CONTENT
    }

    /// Tag of this content; another content has another.
    #[must_use]
    pub fn etag(&self) -> Option<String> {
        text(self.answer.headers(), &ETAG)
    }

    /// CRC-64/XZ of the whole object, also where a part comes.
    #[must_use]
    pub fn crc64(&self) -> Option<u64> {
        crc64(self.answer.headers())
    }
}

/// Waits for an answer as long as bytes move, or the source is to blame that they don't.
async fn while_moving<T>(
    exchange: impl Future<Output = T>,
    progress: &Arc<Progress>,
    stall: Duration,
) -> Result<T, Error> {
    let mut exchange = pin!(exchange);
    let mut mark = progress.mark();
    let mut pause = pin!(tokio::time::sleep(stall));
    std::future::poll_fn(|context| {
        if let Poll::Ready(answer) = exchange.as_mut().poll(context) {
            return Poll::Ready(Ok(answer));
        }
        while pause.as_mut().poll(context).is_ready() {
            if progress.mark() == mark && !progress.waits_for_source() {
                return Poll::Ready(Err(stood_still(stall)));
            }
            mark = progress.mark();
            let until =
                Instant::now().checked_add(stall).unwrap_or_else(|| Instant::now() + Duration::from_secs(24 * 3600));
            pause.as_mut().reset(until);
        }
        Poll::Pending
    })
    .await
}

fn stood_still(stall: Duration) -> Error {
    sent_once(out_of_time(TimedOut::Stall, "no byte moved to or from the object storage", stall))
}

fn lost(error: reqwest::Error) -> Error {
    sent_once(transport::lost(error))
}

/// A signed request is sent once; whoever has fresh URLs sends another one.
fn sent_once(error: Error) -> Error {
    error.with(|facts| facts.attempts = 1)
}

fn source_failed(failure: io::Error) -> Error {
    let detail = failure.to_string().into();
    let ruling = unanswered(Sent::Part);
    Error::from_facts(Facts {
        detail: Some(detail),
        source: Some(Arc::new(failure)),
        is_transient: ruling.is_transient,
        ..Facts::bare(ErrorKind::Source, ruling.phase)
    })
}

/// A refusal of the storage, with what it says about it, but for what it repeats of the signed URL and its headers.
async fn refused(answer: reqwest::Response, request: &SignedRequest<'_>) -> Error {
    let status = answer.status().as_u16();
    let request_id = text(answer.headers(), &REQUEST_ID);
    let body = beginning(answer, request.stall).await;
    let censor = Censor::new(request.signed.secrets());
    let oss = OssError::censored(&body, &censor);
    let request_id = request_id.map(|id| shown(id, &censor));
    let is_expired = oss.as_ref().is_some_and(OssError::is_expired);
    let ruling = without_code(status);
    Error::from_facts(Facts {
        status: Some(status),
        request_id: oss.as_ref().and_then(|oss| oss.request_id.clone()).or(request_id),
        detail: oss.as_ref().map(|oss| oss.code.escape_debug().to_string().into()),
        message: oss.as_ref().and_then(|oss| oss.message.clone()),
        is_transient: ruling.is_transient || is_expired,
        attempts: 1,
        storage: oss.map(Arc::new),
        ..Facts::bare(ErrorKind::Storage, ruling.phase)
    })
}

/// What comes of an answer within a time, up to a size: nobody waits or keeps memory for more.
async fn beginning(mut answer: reqwest::Response, time: Duration) -> Vec<u8> {
    let mut body = Vec::new();
    let reading = async {
        while body.len() < LONGEST_REFUSAL
            && let Ok(Some(piece)) = answer.chunk().await
        {
            body.extend_from_slice(&piece);
        }
    };
    let _ = tokio::time::timeout(time, reading).await;
    body
}

fn text(headers: &HeaderMap, name: &HeaderName) -> Option<String> {
    headers.get(name)?.to_str().ok().map(str::to_owned)
}

fn crc64(headers: &HeaderMap) -> Option<u64> {
    headers.get(CRC64)?.to_str().ok()?.trim().parse().ok()
}
