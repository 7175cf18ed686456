//! GET and HEAD of objects, whole or in part.

use http::{HeaderMap, HeaderName, HeaderValue, Response, StatusCode, header};

use super::admission::{Asks, lost};
use super::conditions::{self, Verdict};
use super::error::StorageError;
use super::range::{Asked, asked};
use super::service::{describe, refuse};
use super::signature::OVERRIDE;
use crate::clock::Time;
use crate::drive;
use crate::exchange::{Aborted, Exchange};
use crate::faults::FaultKind;
use crate::http::Body;
use crate::state::{Content, ObjectOwner, World};

/// Headers of the answer that the query may change, with what the storage answers without that.
const OVERRIDDEN: [(HeaderName, Option<&str>); 6] = [
    (header::CONTENT_TYPE, Some("application/octet-stream")),
    (header::CONTENT_LANGUAGE, None),
    (header::EXPIRES, None),
    (header::CACHE_CONTROL, None),
    (header::CONTENT_DISPOSITION, None),
    (header::CONTENT_ENCODING, None),
];

/// Gives an object, or the part of it that is asked for.
pub async fn get(exchange: Exchange, asks: &Asks) -> Result<Response<Body>, Aborted> {
    let found = content(&exchange.shared.world(), &asks.object);
    let (content, modified) = match found {
        Ok(found) => found,
        Err(error) => return refuse(exchange, &error).await,
    };
    let mut headers = HeaderMap::new();
    match conditions::check(&asks.parts.headers, &content.etag, modified) {
        Verdict::Holds => {}
        Verdict::Failed => {
            let message = "At least one of the preconditions you specified did not hold.";
            let error = StorageError::new(StatusCode::PRECONDITION_FAILED, "PreconditionFailed", message);
            return refuse(exchange, &error).await;
        }
        Verdict::NotModified => {
            describe(&exchange, &mut headers, content.crc, &content.etag);
            return exchange.answer(StatusCode::NOT_MODIFIED, headers, Body::bytes(Vec::new())).await;
        }
    }
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
    // As in the storage, the CRC is that of the whole object, also with a part of it.
    describe(&exchange, &mut headers, content.crc, &content.etag);
    headers.insert(header::ACCEPT_RANGES, HeaderValue::from_static("bytes"));
    if let Ok(modified) = HeaderValue::from_str(&modified.http()) {
        headers.insert(header::LAST_MODIFIED, modified);
    }
    override_headers(&mut headers, asks);
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

fn override_headers(headers: &mut HeaderMap, asks: &Asks) {
    for (name, usual) in OVERRIDDEN {
        let wanted = asks.parameter(&format!("{OVERRIDE}{name}")).or(usual);
        if let Some(Ok(value)) = wanted.map(HeaderValue::from_str) {
            headers.insert(name, value);
        }
    }
}

/// The bytes of an object, and since when it is so: a version of a file, or what was put for an upload.
fn content(world: &World, object: &str) -> Result<(Content, Time), StorageError> {
    let missing = || StorageError::missing(object);
    match world.objects.get(&object.to_owned()).ok_or_else(missing)? {
        ObjectOwner::Version(entry, number) => {
            let version = world.versions.get(&(*entry, *number)).ok_or_else(missing)?;
            Ok((version.content.clone(), version.modified))
        }
        ObjectOwner::Upload(key) => {
            let upload = world.uploads.get(key).ok_or_else(missing)?;
            drive::assemble(upload).map(|content| (content, world.now())).map_err(|_| missing())
        }
    }
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
