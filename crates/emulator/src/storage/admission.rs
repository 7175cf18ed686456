//! Whether a request to the object storage gets in: what it asks for, its date and signature, and faults that refuse.

use std::borrow::Cow;

use http::StatusCode;
use http::request::Parts;

use super::error::StorageError;
use super::{BUCKET, EXPIRATION_SECONDS, Signer, signature};
use crate::clock::Time;
use crate::exchange::Exchange;
use crate::faults::FaultKind;
use crate::query;
use crate::state::{ObjectOwner, World};

/// What a request asks of an object.
pub struct Asks {
    /// Method, path and headers.
    pub parts: Parts,
    /// Name of the object.
    pub object: String,
    /// Parameters of the query.
    pub query: Vec<(String, String)>,
}

impl Asks {
    fn header(&self, name: &str) -> &str {
        self.parts.headers.get(name).and_then(|value| value.to_str().ok()).unwrap_or_default()
    }

    /// The date that is signed.
    fn date(&self) -> &str {
        if self.parts.headers.contains_key("x-oss-date") { self.header("x-oss-date") } else { self.header("date") }
    }

    /// Number of the part that it puts.
    pub fn part(&self) -> Option<u32> {
        query::first(&self.query, "partNumber")?.parse().ok()
    }

    /// Key of the upload that the object belongs to.
    pub fn upload(&self, world: &World) -> Result<String, StorageError> {
        match world.objects.get(&self.object) {
            Some(ObjectOwner::Upload(key)) => Ok(key.clone()),
            Some(ObjectOwner::Version(..)) => {
                let message = "The upload was committed; its object cannot change any more.";
                Err(StorageError::new(StatusCode::FORBIDDEN, "AccessDenied", message))
            }
            None => Err(StorageError::missing(&self.object)),
        }
    }
}

/// Faults that refuse.
pub fn refused_by_fault(exchange: &Exchange, asks: &Asks) -> Result<(), StorageError> {
    let error = match exchange.fault.clone() {
        Some(FaultKind::ExpireUrl) => StorageError::expired(&exchange.shared.world().now().text(), asks.date()),
        Some(FaultKind::BreakSignature) => StorageError::signature("", "", "asked for as a fault"),
        Some(FaultKind::Status { status, code, retry_after }) => by_fault(status, code).retry_after(retry_after),
        _ => return Ok(()),
    };
    exchange.strike();
    Err(error)
}

/// The date and the signature.
pub fn admit(exchange: &Exchange, asks: &Asks) -> Result<(), StorageError> {
    let world = exchange.shared.world();
    let date = asks.date();
    let now = world.now();
    if query::first(&asks.query, "Signature").is_some() {
        return admit_by_url(&world, asks);
    }
    let Some((key, provided)) = signature::parse(asks.header("authorization")) else {
        let message = "The request has no Authorization header of the form OSS <key id>:<signature>.";
        return Err(StorageError::new(StatusCode::FORBIDDEN, "AccessDenied", message));
    };
    check_date(date, now)?;
    let (id, secret) = (world.storage_key.0.as_str(), world.storage_key.1.as_str());
    if key != id {
        let message = "The OSS Access Key Id you provided does not exist in our records.";
        return Err(StorageError::new(StatusCode::FORBIDDEN, "InvalidAccessKeyId", message));
    }
    let resource = signature::resource(&format!("/{BUCKET}/{}", asks.object), &asks.query);
    let verb = asks.parts.method.as_str();
    let signed = signature::string_to_sign(verb, &asks.parts.headers, &resource);
    if (Signer { id, secret }).sign(&signed) != provided {
        return Err(StorageError::signature(key, provided, &signed));
    }
    Ok(())
}

/// The signature of a URL that works without headers.
fn admit_by_url(world: &World, asks: &Asks) -> Result<(), StorageError> {
    let given = |name: &str| query::first(&asks.query, name).unwrap_or_default();
    let [key, expires, provided] = ["OSSAccessKeyId", "Expires", "Signature"].map(given);
    let now = world.now();
    let until: i64 = expires.parse().unwrap_or_default();
    if until * 1000 < now.0 {
        return Err(StorageError::expired(&now.text(), expires));
    }
    let (id, secret) = (world.storage_key.0.as_str(), world.storage_key.1.as_str());
    let resource = signature::resource(&format!("/{BUCKET}/{}", asks.object), &asks.query);
    let signed = signature::string_to_sign_at(asks.parts.method.as_str(), &asks.parts.headers, expires, &resource);
    if key != id || (Signer { id, secret }).sign(&signed) != provided {
        return Err(StorageError::signature(key, provided, &signed));
    }
    Ok(())
}

fn check_date(date: &str, now: Time) -> Result<(), StorageError> {
    let Some(sent) = Time::from_header(date) else {
        let message = "The request has no valid Date or x-oss-date header.";
        return Err(StorageError::new(StatusCode::FORBIDDEN, "AccessDenied", message));
    };
    if (now.0 - sent.0).abs() > EXPIRATION_SECONDS * 1000 {
        return Err(StorageError::expired(&now.text(), date));
    }
    Ok(())
}

fn by_fault(status: u16, code: Option<String>) -> StorageError {
    let status = StatusCode::from_u16(status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    let usual = match status.as_u16() {
        503 => "ServiceUnavailable",
        500 => "InternalError",
        403 => "AccessDenied",
        404 => "NoSuchKey",
        _ => "InvalidRequest",
    };
    StorageError::new(status, code.map_or(usual.into(), Cow::Owned), "Asked for as a fault.")
}

/// The error that a fault wants although the work is done.
pub fn lost(exchange: &Exchange) -> Option<StorageError> {
    let Some(FaultKind::ApplyThenStatus { status, code }) = exchange.fault.clone() else { return None };
    exchange.strike();
    Some(by_fault(status, code))
}
