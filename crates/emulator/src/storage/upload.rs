//! PUT of objects and parts.

use bytes::Bytes;
use http::{HeaderMap, Response, StatusCode, header};
use hyper::body::Incoming;

use super::admission::{Asks, lost};
use super::error::StorageError;
use super::service::{describe, discard, refuse};
use crate::exchange::{Aborted, Exchange};
use crate::http::Body;
use crate::journal::Effect;
use crate::state::{Piece, World};

/// Most bytes of one PUT.
const LARGEST: u64 = 5 << 30;

/// Stores an object or a part of one.
pub async fn put(mut exchange: Exchange, asks: Asks, mut body: Incoming) -> Result<Response<Body>, Aborted> {
    let checked = check_put(&exchange.shared.world(), &asks);
    let stored = match checked {
        Ok(()) => store(&mut exchange, &asks, &mut body).await?,
        Err(error) => Err(error),
    };
    let piece = match stored {
        Ok(piece) => piece,
        Err(error) => {
            discard(&asks, body).await;
            return refuse(exchange, &error).await;
        }
    };
    if let Some(error) = lost(&exchange) {
        return refuse(exchange, &error).await;
    }
    let mut headers = HeaderMap::new();
    describe(&exchange, &mut headers, piece.crc, &piece.etag);
    exchange.answer(StatusCode::OK, headers, Body::bytes(Bytes::new())).await
}

async fn store(
    exchange: &mut Exchange,
    asks: &Asks,
    body: &mut Incoming,
) -> Result<Result<Piece, StorageError>, Aborted> {
    let shared = exchange.shared.clone();
    let id = shared.world().ids.letters(24);
    let mut writer = match shared.blobs.write(id, shared.options.md5_up_to).await {
        Ok(writer) => writer,
        Err(error) => return Ok(Err(StorageError::internal(&error))),
    };
    while let Some(chunk) = exchange.next_chunk(body).await? {
        // What was cut off on the way is not stored; the client is gone, so nobody is told.
        let Ok(bytes) = chunk else { return Err(exchange.abort()) };
        if writer.size() + bytes.len() as u64 > LARGEST {
            return Ok(Err(too_large()));
        }
        if let Err(error) = writer.append(bytes).await {
            return Ok(Err(StorageError::internal(&error)));
        }
    }
    let piece = match writer.finish().await {
        Ok(piece) => piece,
        Err(error) => return Ok(Err(StorageError::internal(&error))),
    };
    let kept = keep(exchange, asks, &piece).await;
    if kept.is_err() {
        shared.drop_blobs(vec![piece.blob.clone()]);
    }
    Ok(kept.map(|()| piece))
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
    let asked = asks.parameter("uploadId").map(str::to_owned);
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
async fn keep(exchange: &mut Exchange, asks: &Asks, piece: &Piece) -> Result<(), StorageError> {
    let what = if asks.part().is_some() { "part.stored" } else { "object.stored" };
    let subject = asks.part().map_or_else(|| asks.object.clone(), |part| format!("{}#{part}", asks.object));
    let shared = exchange.shared.clone();
    let (noted, settlement) = {
        let mut world = shared.world();
        let noted = note(&mut world, asks, piece.clone());
        if noted.is_ok() {
            exchange.enter(vec![Effect { what, subject }]);
        }
        (noted, shared.settle(&mut world))
    };
    exchange.settle(settlement, noted?).await.map_err(|error| StorageError::internal(&error))
}

/// Notes the bytes with their upload; returns the blobs that they replace.
fn note(world: &mut World, asks: &Asks, piece: Piece) -> Result<Vec<String>, StorageError> {
    let key = asks.upload(world)?;
    let mut replaced = None;
    world.uploads.change(&key, |upload| {
        replaced = match asks.part() {
            Some(part) => upload.parts.insert(part, piece),
            None => upload.whole.replace(piece),
        };
    });
    Ok(replaced.into_iter().map(|piece| piece.blob).collect())
}
