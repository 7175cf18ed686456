//! Requests to the object storage: which operation they are, whether they get in, and how they are answered.

use std::sync::Arc;

use bytes::Bytes;
use http::{HeaderMap, HeaderName, HeaderValue, Method, Request, Response, StatusCode, header};
use hyper::body::Incoming;

use super::admission::{Asks, admit, refused_by_fault};
use super::error::StorageError;
use super::{download, multipart, pages, signature, upload};
use crate::auth::TOKEN_HEADER;
use crate::exchange::{Aborted, Exchange, next_frame};
use crate::faults::{FaultKind, Side};
use crate::http::{Body, Control};
use crate::journal::Record;
use crate::query;
use crate::shared::Shared;

const CRC: HeaderName = HeaderName::from_static("x-oss-hash-crc64ecma");
const REQUEST_ID: HeaderName = HeaderName::from_static("x-oss-request-id");

/// What a request is called in the journal and in faults.
fn operation(method: &Method, path: &str, query: &[(String, String)]) -> &'static str {
    let has = |name| query::first(query, name).is_some();
    match *method {
        Method::GET | Method::HEAD if pages::is_page(path) => "storage.GetPage",
        Method::GET if has("uploadId") => "storage.ListParts",
        Method::GET => "storage.GetObject",
        Method::HEAD => "storage.HeadObject",
        Method::PUT if has("partNumber") => "storage.UploadPart",
        Method::PUT => "storage.PutObject",
        Method::POST if has("uploads") => "storage.InitiateMultipartUpload",
        Method::POST if has("uploadId") => "storage.CompleteMultipartUpload",
        Method::DELETE if has("uploadId") => "storage.AbortMultipartUpload",
        _ => "storage.Other",
    }
}

/// Serves a request.
pub async fn serve(
    shared: Arc<Shared>,
    control: Arc<Control>,
    request: Request<Incoming>,
) -> Result<Response<Body>, Aborted> {
    let (parts, body) = request.into_parts();
    let query = query::pairs(parts.uri.query().unwrap_or_default());
    let operation = operation(&parts.method, parts.uri.path(), &query);
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
    if operation == "storage.GetPage" {
        return show(exchange, parts.uri.path()).await;
    }
    let asks = Asks::new(parts, query);
    if let Some(FaultKind::Redirect { status, location }) = exchange.fault.clone() {
        discard(&asks, body).await;
        return redirect(exchange, status, &location).await;
    }
    let admitted = refused_by_fault(&exchange, &asks).and_then(|()| admit(&exchange, &asks));
    let admitted = admitted.and_then(|by_client| check_supported(operation, by_client, &asks));
    if let Err(error) = admitted {
        discard(&asks, body).await;
        return refuse(exchange, &error).await;
    }
    match operation {
        "storage.PutObject" | "storage.UploadPart" => upload::put(exchange, asks, body).await,
        "storage.GetObject" | "storage.HeadObject" => download::get(exchange, &asks).await,
        _ => multipart::serve(exchange, asks, body).await,
    }
}

/// Refuses what the emulator does not do, and what only clients with keys of their own may do.
fn check_supported(operation: &'static str, by_client: bool, asks: &Asks) -> Result<(), StorageError> {
    let is_known = |name: &str| {
        matches!(name, "partNumber" | "uploadId" | "uploads" | "security-token" | "objectMeta")
            || name.starts_with(signature::OVERRIDE)
            || !signature::is_subresource(name)
    };
    if let Some((name, _)) = asks.query.iter().find(|(name, _)| !is_known(name)) {
        let message = format!("The emulator knows no {name} of objects.");
        return Err(StorageError::new(StatusCode::NOT_IMPLEMENTED, "NotImplemented", message));
    }
    let in_parts = operation == "storage.ListParts" || operation.ends_with("MultipartUpload");
    if operation == "storage.Other" || (in_parts && !by_client) {
        let message = "The specified method is not allowed against this resource.";
        return Err(StorageError::new(StatusCode::METHOD_NOT_ALLOWED, "MethodNotAllowed", message));
    }
    Ok(())
}

/// A thumbnail, or the page of a file, a folder or a knowledge base: such links work without a signature.
async fn show(exchange: Exchange, path: &str) -> Result<Response<Body>, Aborted> {
    let page = pages::page(&exchange.shared.world(), path);
    let mut headers = HeaderMap::new();
    headers.insert(header::CONTENT_TYPE, page.content_type);
    exchange.answer(page.status, headers, Body::bytes(page.body)).await
}

/// Reads a body that is refused, so that a client that writes first and reads then gets to see why: closing on unread
/// bytes resets the connection. A client that waits for leave to send is just told.
pub async fn discard(asks: &Asks, mut body: Incoming) {
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

/// Headers of every answer about stored bytes, unless a fault makes them wrong.
pub fn describe(exchange: &Exchange, headers: &mut HeaderMap, crc: u64, etag: &str) {
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

/// Answers with an error.
pub async fn refuse(mut exchange: Exchange, error: &StorageError) -> Result<Response<Body>, Aborted> {
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
    pub async fn answer(
        self,
        status: StatusCode,
        mut headers: HeaderMap,
        body: Body,
    ) -> Result<Response<Body>, Aborted> {
        headers.insert(header::SERVER, HeaderValue::from_static("AliyunOSS"));
        if let Ok(id) = HeaderValue::from_str(&self.record.request_id) {
            headers.insert(REQUEST_ID, id);
        }
        self.finish(status, headers, body).await
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Whatever is neither read nor stored counts as neither.
    #[test]
    fn only_reads_count_as_reads() {
        let named = |method: Method, path: &str, query: &str| operation(&method, path, &query::pairs(query));
        let object = "/yundisk0/iA.file";
        assert_eq!(named(Method::GET, object, ""), "storage.GetObject");
        assert_eq!(named(Method::HEAD, object, ""), "storage.HeadObject");
        assert_eq!(named(Method::HEAD, "/preview/x", ""), "storage.GetPage");
        assert_eq!(named(Method::PUT, object, "partNumber=1&uploadId=x"), "storage.UploadPart");
        assert_eq!(named(Method::POST, object, "uploads"), "storage.InitiateMultipartUpload");
        for method in [Method::POST, Method::DELETE, Method::OPTIONS, Method::PATCH, Method::TRACE] {
            assert_eq!(named(method, object, ""), "storage.Other");
        }
    }
}
