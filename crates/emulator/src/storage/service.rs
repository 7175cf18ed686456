//! Requests to the object storage: PUT of objects and parts, GET of objects and ranges.

use std::io;
use std::sync::Arc;

use bytes::Bytes;
use http::{HeaderMap, HeaderName, HeaderValue, Method, Request, Response, StatusCode, header};
use hyper::body::Incoming;
use percent_encoding::percent_decode_str;

use super::admission::{Asks, admit, lost, refused_by_fault};
use super::error::StorageError;
use super::range::{Asked, asked};
use super::{BUCKET, pages};
use crate::auth::TOKEN_HEADER;
use crate::exchange::{Aborted, Exchange, next_frame};
use crate::faults::{FaultKind, Side};
use crate::http::{Body, Control};
use crate::journal::{Effect, Record};
use crate::query;
use crate::shared::Shared;
use crate::state::{Content, ObjectOwner, Piece, World};

/// Most bytes of one PUT.
const LARGEST: u64 = 5 << 30;

const CRC: HeaderName = HeaderName::from_static("x-oss-hash-crc64ecma");
const REQUEST_ID: HeaderName = HeaderName::from_static("x-oss-request-id");

/// Serves a request.
pub async fn serve(
    shared: Arc<Shared>,
    control: Arc<Control>,
    request: Request<Incoming>,
) -> Result<Response<Body>, Aborted> {
    let (parts, body) = request.into_parts();
    let query = query::pairs(parts.uri.query().unwrap_or_default());
    let operation = match (&parts.method, query::first(&query, "partNumber")) {
        (&Method::PUT, Some(_)) => "storage.UploadPart",
        (&Method::PUT, None) => "storage.PutObject",
        (&Method::HEAD, _) => "storage.HeadObject",
        (&Method::GET, _) if pages::is_page(parts.uri.path()) => "storage.GetPage",
        _ => "storage.GetObject",
    };
    let record = Record {
        operation: operation.to_owned(),
        method: parts.method.to_string(),
        path: parts.uri.path().to_owned(),
        request_id: shared.world().ids.storage_request(),
        token_leaked: parts.headers.contains_key(TOKEN_HEADER),
        ..Record::default()
    };
    let mut exchange = Exchange::new(shared, control, record, Side::Storage);
    exchange.begin().await?;
    if parts.method == Method::GET && pages::is_page(parts.uri.path()) {
        return show(exchange, parts.uri.path()).await;
    }
    let object = parts.uri.path().strip_prefix(&format!("/{BUCKET}/")).unwrap_or_default();
    let object = percent_decode_str(object).decode_utf8_lossy().into_owned();
    let asks = Asks { parts, object, query };
    if let Some(FaultKind::Redirect { status, location }) = exchange.fault.clone() {
        discard(&asks, body).await;
        return redirect(exchange, status, &location).await;
    }
    if let Err(error) = refused_by_fault(&exchange, &asks).and_then(|()| admit(&exchange, &asks)) {
        discard(&asks, body).await;
        return refuse(exchange, &error).await;
    }
    match asks.parts.method {
        Method::PUT => put(exchange, asks, body).await,
        Method::GET => get(exchange, &asks).await,
        _ => {
            let message = "The specified method is not allowed against this resource.";
            let error = StorageError::new(StatusCode::METHOD_NOT_ALLOWED, "MethodNotAllowed", message);
            refuse(exchange, &error).await
        }
    }
}

/// A thumbnail, or the page of an opened file: such links work without a signature.
async fn show(exchange: Exchange, path: &str) -> Result<Response<Body>, Aborted> {
    let page = pages::page(&exchange.shared.world(), path);
    let mut headers = HeaderMap::new();
    headers.insert(header::CONTENT_TYPE, page.content_type);
    exchange.answer(page.status, headers, Body::bytes(page.body)).await
}

/// Reads a body that is refused, so that a client that writes first and reads then gets to see why: closing on unread
/// bytes resets the connection. A client that waits for leave to send is just told.
async fn discard(asks: &Asks, mut body: Incoming) {
    const MOST: u64 = 256 << 20;
    if asks.parts.headers.contains_key(header::EXPECT) {
        return;
    }
    let mut read = 0;
    while let Some(Ok(bytes)) = next_frame(&mut body).await {
        read += bytes.len() as u64;
        if read > MOST {
            return;
        }
    }
}

async fn put(mut exchange: Exchange, asks: Asks, mut body: Incoming) -> Result<Response<Body>, Aborted> {
    let shared = exchange.shared.clone();
    let checked = check_put(&shared.world(), &asks);
    if let Err(error) = checked {
        discard(&asks, body).await;
        return refuse(exchange, &error).await;
    }
    let id = shared.world().ids.letters(24);
    let mut writer = match shared.blobs.write(id, shared.options.md5_up_to).await {
        Ok(writer) => writer,
        Err(error) => return refuse(exchange, &internal(&error)).await,
    };
    while let Some(chunk) = exchange.next_chunk(&mut body).await? {
        // What was cut off on the way is not stored; the client is gone, so nobody is told.
        let Ok(bytes) = chunk else { return Err(exchange.abort()) };
        if writer.size() + bytes.len() as u64 > LARGEST {
            return refuse(exchange, &too_large()).await;
        }
        if let Err(error) = writer.append(bytes).await {
            return refuse(exchange, &internal(&error)).await;
        }
    }
    let piece = match writer.finish().await {
        Ok(piece) => piece,
        Err(error) => return refuse(exchange, &internal(&error)).await,
    };
    let what = if asks.part().is_some() { "part.stored" } else { "object.stored" };
    let subject = asks.part().map_or_else(|| asks.object.clone(), |part| format!("{}#{part}", asks.object));
    let effect = Effect { what, subject };
    if let Err(error) = keep(&mut exchange, &asks, &piece, effect).await {
        shared.drop_blobs(vec![piece.blob]);
        return refuse(exchange, &error).await;
    }
    if let Some(error) = lost(&exchange) {
        return refuse(exchange, &error).await;
    }
    let mut headers = HeaderMap::new();
    describe(&exchange, &mut headers, piece.crc, &piece.etag);
    exchange.answer(StatusCode::OK, headers, Body::bytes(Bytes::new())).await
}

fn internal(error: &io::Error) -> StorageError {
    StorageError::new(StatusCode::INTERNAL_SERVER_ERROR, "InternalError", error.to_string())
}

fn too_large() -> StorageError {
    let message = "Your proposed upload exceeds the maximum allowed size of 5 GB.";
    StorageError::new(StatusCode::BAD_REQUEST, "EntityTooLarge", message)
}

fn check_put(world: &World, asks: &Asks) -> Result<(), StorageError> {
    let key = asks.upload(world)?;
    let length = asks.parts.headers.get(header::CONTENT_LENGTH).and_then(|length| length.to_str().ok());
    match length.map(str::parse::<u64>) {
        Some(Ok(length)) if length > LARGEST => return Err(too_large()),
        Some(Ok(_)) => {}
        None if asks.parts.headers.contains_key(header::TRANSFER_ENCODING) => {}
        _ => {
            let message = "You must provide the Content-Length HTTP header.";
            return Err(StorageError::new(StatusCode::LENGTH_REQUIRED, "MissingContentLength", message));
        }
    }
    let multipart = world.uploads.get(&key).and_then(|upload| upload.multipart.clone());
    let asked = query::first(&asks.query, "uploadId").map(str::to_owned);
    if multipart != asked {
        let message = "The specified upload does not exist, or is not one in parts.";
        return Err(StorageError::new(StatusCode::NOT_FOUND, "NoSuchUpload", message));
    }
    if multipart.is_some() && !asks.part().is_some_and(|part| (1..=10_000).contains(&part)) {
        let message = "Part number must be an integer between 1 and 10000, inclusive.";
        return Err(StorageError::new(StatusCode::BAD_REQUEST, "InvalidArgument", message));
    }
    Ok(())
}

/// Keeps the bytes with their upload, and drops those that they replace.
async fn keep(exchange: &mut Exchange, asks: &Asks, piece: &Piece, effect: Effect) -> Result<(), StorageError> {
    let shared = exchange.shared.clone();
    let (stored, settlement) = {
        let mut world = shared.world();
        (store(&mut world, asks, piece.clone()), shared.settle(&mut world))
    };
    let replaced = stored?;
    exchange.enter(vec![effect]);
    settlement.stored().await.map_err(|error| internal(&error))?;
    shared.drop_blobs(replaced);
    Ok(())
}

/// Notes the bytes with their upload; returns the blobs that they replace.
fn store(world: &mut World, asks: &Asks, piece: Piece) -> Result<Vec<String>, StorageError> {
    let key = asks.upload(world)?;
    let Some(upload) = world.uploads.get_mut(&key) else { return Err(StorageError::missing(&asks.object)) };
    let replaced = match asks.part() {
        Some(part) => upload.parts.insert(part, piece),
        None => upload.whole.replace(piece),
    };
    Ok(replaced.into_iter().map(|piece| piece.blob).collect())
}

/// Headers of every answer about stored bytes, unless a fault makes them wrong.
fn describe(exchange: &Exchange, headers: &mut HeaderMap, crc: u64, etag: &str) {
    let (crc, etag) = match exchange.fault {
        Some(FaultKind::WrongCrc) => (Some(crc ^ 1), etag.to_owned()),
        Some(FaultKind::NoCrc) => (None, etag.to_owned()),
        Some(FaultKind::WrongEtag) => (Some(crc), "0".repeat(32)),
        _ => (Some(crc), etag.to_owned()),
    };
    if matches!(exchange.fault, Some(FaultKind::WrongCrc | FaultKind::NoCrc | FaultKind::WrongEtag)) {
        exchange.strike();
    }
    if let Some(Ok(crc)) = crc.map(|crc| HeaderValue::from_str(&crc.to_string())) {
        headers.insert(CRC, crc);
    }
    if let Ok(etag) = HeaderValue::from_str(&format!("\"{etag}\"")) {
        headers.insert(header::ETAG, etag);
    }
}

async fn get(exchange: Exchange, asks: &Asks) -> Result<Response<Body>, Aborted> {
    let content = content(&exchange.shared.world(), &asks.object);
    let content = match content {
        Ok(content) => content,
        Err(error) => return refuse(exchange, &error).await,
    };
    let range = asks.parts.headers.get(header::RANGE).and_then(|range| range.to_str().ok());
    let behavior = asks.parts.headers.get("x-oss-range-behavior").and_then(|value| value.to_str().ok());
    let mut asked = asked(range, behavior == Some("standard"), content.size);
    if matches!(exchange.fault, Some(FaultKind::IgnoreRange)) && asked != Asked::Whole {
        exchange.strike();
        asked = Asked::Whole;
    }
    if let Some(error) = lost(&exchange) {
        return refuse(exchange, &error).await;
    }
    let (status, from, length) = match asked {
        Asked::Whole => (StatusCode::OK, 0, content.size),
        Asked::Part(from, last) => (StatusCode::PARTIAL_CONTENT, from, last - from + 1),
        Asked::Unsatisfiable => {
            let message = "The requested range cannot be satisfied.";
            let error = StorageError::new(StatusCode::RANGE_NOT_SATISFIABLE, "InvalidRange", message);
            return refuse(exchange, &error.detail("ActualObjectSize", content.size.to_string())).await;
        }
    };
    let mut headers = HeaderMap::new();
    // As in the storage, the CRC is that of the whole object, also with a part of it.
    describe(&exchange, &mut headers, content.crc, &content.etag);
    headers.insert(header::ACCEPT_RANGES, HeaderValue::from_static("bytes"));
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("application/octet-stream"));
    if status == StatusCode::PARTIAL_CONTENT {
        let range = format!("bytes {from}-{}/{}", from + length - 1, content.size);
        if let Ok(range) = HeaderValue::from_str(&range) {
            headers.insert(header::CONTENT_RANGE, range);
        }
    }
    match stretch(&exchange, &content, from, length) {
        Ok(body) => exchange.answer(status, headers, body).await,
        Err(error) => refuse(exchange, &error).await,
    }
}

fn content(world: &World, object: &str) -> Result<Content, StorageError> {
    let version = match world.objects.get(&object.to_owned()) {
        Some(ObjectOwner::Version(entry, number)) => world.versions.get(&(*entry, *number)),
        _ => None,
    };
    version.map(|version| version.content.clone()).ok_or_else(|| StorageError::missing(object))
}

/// A stretch of the bytes of a file, whatever pieces it lies in.
fn stretch(exchange: &Exchange, content: &Content, mut from: u64, mut length: u64) -> Result<Body, StorageError> {
    let mut sources = Vec::new();
    for piece in &content.pieces {
        if from >= piece.size {
            from -= piece.size;
            continue;
        }
        let here = length.min(piece.size - from);
        let read = exchange.shared.blobs.read(&piece.blob, from, here);
        sources.extend(read.map_err(|_| StorageError::missing(&piece.blob))?);
        length -= here;
        from = 0;
        if length == 0 {
            break;
        }
    }
    Ok(Body::new(sources))
}

async fn refuse(mut exchange: Exchange, error: &StorageError) -> Result<Response<Body>, Aborted> {
    exchange.record.code = Some(error.code.clone().into_owned());
    let host = exchange.shared.storage_url().trim_start_matches("http://");
    let xml = error.xml(&exchange.record.request_id, host);
    let mut headers = HeaderMap::new();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("application/xml"));
    if let Some(seconds) = error.retry_after {
        headers.insert(header::RETRY_AFTER, seconds.into());
    }
    exchange.answer(error.status, headers, Body::bytes(xml)).await
}

async fn redirect(exchange: Exchange, status: u16, location: &str) -> Result<Response<Body>, Aborted> {
    exchange.strike();
    let mut headers = HeaderMap::new();
    if let Ok(location) = HeaderValue::from_str(location) {
        headers.insert(header::LOCATION, location);
    }
    let status = StatusCode::from_u16(status).unwrap_or(StatusCode::FOUND);
    exchange.answer(status, headers, Body::bytes(Bytes::new())).await
}

impl Exchange {
    /// Sends an answer of the storage.
    async fn answer(self, status: StatusCode, mut headers: HeaderMap, body: Body) -> Result<Response<Body>, Aborted> {
        headers.insert(header::SERVER, HeaderValue::from_static("AliyunOSS"));
        if let Ok(id) = HeaderValue::from_str(&self.record.request_id) {
            headers.insert(REQUEST_ID, id);
        }
        self.finish(status, headers, body).await
    }
}
