//! Uploads in parts as the object storage's own clients make them: started, listed, joined or given up by the client
//! itself.

use bytes::Bytes;
use http::{HeaderMap, HeaderValue, Response, StatusCode, header};
use hyper::body::Incoming;

use super::PREFIX;
use super::admission::{Asks, lost};
use super::error::{StorageError, escape};
use super::service::{describe, refuse};
use crate::drive;
use crate::exchange::{Aborted, Exchange};
use crate::http::Body;
use crate::journal::Effect;
use crate::persist::Settlement;
use crate::state::{Content, Piece, Upload, World};

/// Largest list of parts.
const LARGEST_LIST: usize = 2 << 20;

/// What a request has come to: the text of the answer, the content if there is one now, and the blobs that nothing
/// needs any more.
struct Done {
    status: StatusCode,
    xml: String,
    content: Option<Content>,
    dropped: Vec<String>,
}

/// Starts an upload in parts, lists or joins its parts, or gives it up.
pub async fn serve(mut exchange: Exchange, asks: Asks, mut body: Incoming) -> Result<Response<Body>, Aborted> {
    let mut text = Vec::new();
    while let Some(chunk) = exchange.next_chunk(&mut body).await? {
        let Ok(bytes) = chunk else { return Err(exchange.abort()) };
        if text.len() + bytes.len() > LARGEST_LIST {
            return refuse(exchange, &malformed("the list of parts is too long")).await;
        }
        text.extend_from_slice(&bytes);
    }
    let text = String::from_utf8_lossy(&text).into_owned();
    let done = match work(&mut exchange, &asks, &text).await {
        Ok(done) => done,
        Err(error) => return refuse(exchange, &error).await,
    };
    if let Some(error) = lost(&exchange) {
        return refuse(exchange, &error).await;
    }
    let mut headers = HeaderMap::new();
    if let Some(content) = &done.content {
        describe(&exchange, &mut headers, content.crc, &content.etag);
    }
    if !done.xml.is_empty() {
        headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("application/xml"));
    }
    exchange.answer(done.status, headers, Body::bytes(Bytes::from(done.xml))).await
}

async fn work(exchange: &mut Exchange, asks: &Asks, text: &str) -> Result<Done, StorageError> {
    let shared = exchange.shared.clone();
    let (done, settlement): (Result<Done, StorageError>, Settlement) = {
        let mut world = shared.world();
        let done = match exchange.record.operation.as_str() {
            "storage.InitiateMultipartUpload" => initiate(&mut world, asks),
            "storage.ListParts" => list(&world, asks),
            "storage.CompleteMultipartUpload" => complete(&mut world, asks, text),
            _ => abort(&mut world, asks),
        };
        if done.as_ref().is_ok_and(|done| done.content.is_some()) {
            exchange.enter(vec![Effect { what: "object.stored", subject: asks.object.clone() }]);
        }
        (done, shared.settle(&mut world))
    };
    let mut done = done?;
    let dropped = std::mem::take(&mut done.dropped);
    exchange.settle(settlement, dropped).await.map_err(|error| StorageError::internal(&error))?;
    Ok(done)
}

fn initiate(world: &mut World, asks: &Asks) -> Result<Done, StorageError> {
    let key = asks.upload(world)?;
    let id = world.ids.letters(32).to_uppercase();
    let mut dropped = Vec::new();
    world.uploads.change(&key, |upload| {
        dropped = upload.take_pieces();
        upload.multipart = Some(id.clone());
        upload.unjoined = true;
    });
    let xml = document("InitiateMultipartUploadResult", asks, &[("UploadId", &id)]);
    Ok(Done { status: StatusCode::OK, xml, content: None, dropped })
}

/// All parts at once: there are never so many that pages would be needed.
fn list(world: &World, asks: &Asks) -> Result<Done, StorageError> {
    let upload = in_parts(world, asks)?;
    let modified = world.now().text();
    let part = |(number, piece): (&u32, &Piece)| {
        format!(
            "  <Part>\n    <PartNumber>{number}</PartNumber>\n    <LastModified>{modified}</LastModified>\n    \
             <ETag>\"{}\"</ETag>\n    <HashCrc64ecma>{}</HashCrc64ecma>\n    <Size>{}</Size>\n  </Part>\n",
            piece.etag, piece.crc, piece.size
        )
    };
    let parts = upload.parts.iter().map(part).collect::<Vec<String>>().concat();
    let last = upload.parts.keys().last().copied().unwrap_or_default().to_string();
    let id = asks.parameter("uploadId").unwrap_or_default();
    let fields = [("UploadId", id), ("NextPartNumberMarker", &last), ("MaxParts", "10000"), ("IsTruncated", "false")];
    let xml =
        document("ListPartsResult", asks, &fields).replace("</ListPartsResult>", &format!("{parts}</ListPartsResult>"));
    Ok(Done { status: StatusCode::OK, xml, content: None, dropped: Vec::new() })
}

fn complete(world: &mut World, asks: &Asks, text: &str) -> Result<Done, StorageError> {
    let mut upload = in_parts(world, asks)?;
    let listed = listed(text)?;
    if !listed.is_sorted_by(|(a, _), (b, _)| a < b) {
        let message = "The list of parts was not in ascending order.";
        return Err(StorageError::new(StatusCode::BAD_REQUEST, "InvalidPartOrder", message));
    }
    for (number, etag) in &listed {
        if !upload.parts.get(number).is_some_and(|piece| piece.etag.eq_ignore_ascii_case(etag)) {
            let message = "One or more of the specified parts could not be found, or has another entity tag.";
            let error = StorageError::new(StatusCode::BAD_REQUEST, "InvalidPart", message);
            return Err(error.detail("PartNumber", number.to_string()));
        }
    }
    let (kept, dropped) = std::mem::take(&mut upload.parts)
        .into_iter()
        .partition(|(number, _)| listed.iter().any(|(listed, _)| listed == number));
    upload.parts = kept;
    upload.unjoined = false;
    let content = drive::assemble(&upload).map_err(|refusal| {
        let message = refusal.reason.unwrap_or_default();
        StorageError::new(StatusCode::BAD_REQUEST, "EntityTooSmall", message)
    })?;
    let etag = format!("\"{}\"", content.etag);
    world.uploads.put(upload);
    let xml = document("CompleteMultipartUploadResult", asks, &[("ETag", &etag)]);
    let dropped: std::collections::BTreeMap<_, _> = dropped;
    let dropped = dropped.into_values().map(|piece| piece.blob).collect();
    Ok(Done { status: StatusCode::OK, xml, content: Some(content), dropped })
}

fn abort(world: &mut World, asks: &Asks) -> Result<Done, StorageError> {
    let mut upload = in_parts(world, asks)?;
    let dropped = upload.take_pieces();
    world.uploads.put(Upload { multipart: None, unjoined: false, ..upload });
    Ok(Done { status: StatusCode::NO_CONTENT, xml: String::new(), content: None, dropped })
}

/// The upload in parts that a request names.
fn in_parts(world: &World, asks: &Asks) -> Result<Upload, StorageError> {
    let key = asks.upload(world)?;
    let found = world
        .uploads
        .get(&key)
        .filter(|upload| upload.unjoined && upload.multipart.as_deref() == asks.parameter("uploadId"));
    found.cloned().ok_or_else(|| {
        let message = "The specified upload does not exist. It may have been joined or given up.";
        StorageError::new(StatusCode::NOT_FOUND, "NoSuchUpload", message)
    })
}

/// Numbers and entity tags of the parts that a client lists.
fn listed(text: &str) -> Result<Vec<(u32, String)>, StorageError> {
    let mut found = Vec::new();
    for part in text.split("<Part>").skip(1) {
        let within = |name: &str| {
            let (_, rest) = part.split_once(&format!("<{name}>"))?;
            rest.split_once(&format!("</{name}>")).map(|(value, _)| value.trim())
        };
        let number = within("PartNumber").and_then(|number| number.parse().ok());
        let etag = within("ETag").map(|etag| etag.replace("&quot;", "").replace('"', ""));
        match (number, etag) {
            (Some(number), Some(etag)) => found.push((number, etag)),
            _ => return Err(malformed("a part has no PartNumber or no ETag")),
        }
    }
    if found.is_empty() { Err(malformed("no part is listed")) } else { Ok(found) }
}

fn malformed(reason: &str) -> StorageError {
    StorageError::new(StatusCode::BAD_REQUEST, "MalformedXML", format!("The XML you provided is not usable: {reason}."))
}

fn document(name: &str, asks: &Asks, fields: &[(&str, &str)]) -> String {
    let key = format!("{PREFIX}/{}", asks.object);
    let fields = [("Bucket", super::BUCKET), ("Key", key.as_str())].into_iter().chain(fields.iter().copied());
    let fields: Vec<String> = fields.map(|(name, value)| format!("  <{name}>{}</{name}>\n", escape(value))).collect();
    let fields = fields.concat();
    format!("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<{name}>\n{fields}</{name}>\n")
}
