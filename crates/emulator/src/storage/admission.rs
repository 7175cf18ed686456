//! Whether a request to the object storage gets in: what it asks for, its date and signature, and faults that refuse.

use std::borrow::Cow;

use http::request::Parts;
use http::{StatusCode, header};
use percent_encoding::percent_decode_str;

use super::error::StorageError;
use super::{BUCKET, EXPIRATION_SECONDS, PREFIX, Signer, signature};
use crate::clock::Time;
use crate::exchange::Exchange;
use crate::faults::FaultKind;
use crate::query;
use crate::state::{ObjectOwner, World};

/// What a request asks of an object.
pub struct Asks {
    /// Method, path and headers.
    pub parts: Parts,
    /// Name of the object, without the prefix that all have.
    pub object: String,
    /// Parameters of the query.
    pub query: Vec<(String, String)>,
    /// The path that is signed.
    signed_path: String,
}

impl Asks {
    /// Reads where a request leads: the bucket may be the first part of the host or of the path, or left out.
    pub fn new(parts: Parts, query: Vec<(String, String)>) -> Self {
        let path = percent_decode_str(parts.uri.path()).decode_utf8_lossy().into_owned();
        let host = parts.headers.get(header::HOST).and_then(|host| host.to_str().ok()).unwrap_or_default();
        let named = host.strip_prefix(BUCKET).is_some_and(|rest| rest.starts_with('.'));
        let key = path.strip_prefix(&format!("/{BUCKET}")).filter(|rest| rest.starts_with('/')).unwrap_or(&path);
        let object = key.strip_prefix(&format!("/{PREFIX}/")).unwrap_or_default().to_owned();
        let signed_path = if named { format!("/{BUCKET}{path}") } else { path };
        Self { parts, object, query, signed_path }
    }

    fn header(&self, name: &str) -> &str {
        self.parts.headers.get(name).and_then(|value| value.to_str().ok()).unwrap_or_default()
    }

    /// A parameter of the query.
    pub fn parameter(&self, name: &str) -> Option<&str> {
        query::first(&self.query, name)
    }

    /// The date that is signed.
    fn date(&self) -> &str {
        if self.parts.headers.contains_key("x-oss-date") { self.header("x-oss-date") } else { self.header("date") }
    }

    fn resource(&self) -> String {
        signature::resource(&self.signed_path, &self.query)
    }

    /// Number of the part that it puts.
    pub fn part(&self) -> Option<u32> {
        self.parameter("partNumber")?.parse().ok()
    }

    /// Key of the upload that the object belongs to.
    pub fn upload(&self, world: &World) -> Result<String, StorageError> {
        match world.objects.get(&self.object) {
            Some(ObjectOwner::Upload(key)) => Ok(key.clone()),
            Some(ObjectOwner::Version(..)) => {
                Err(StorageError::denied("The upload was committed; its object cannot change any more."))
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

/// The date, the key and the signature. Returns whether it is the key of an object storage's own client, which may do
/// more than what a URL was signed for.
pub fn admit(exchange: &Exchange, asks: &Asks) -> Result<bool, StorageError> {
    let world = exchange.shared.world();
    if asks.parameter("Signature").is_some() {
        return admit_by_url(&world, asks);
    }
    let Some((key, provided)) = signature::parse(asks.header("authorization")) else {
        let message = "The request has no Authorization header of the form OSS <key id>:<signature>.";
        return Err(StorageError::denied(message));
    };
    let found = Key::find(&world, asks, key, asks.header("x-oss-security-token"))?;
    // Such clients take the time of their machine, which a standing clock is nowhere near.
    if !(found.temporary && world.clock.is_standing()) {
        check_date(asks.date(), world.now())?;
    }
    let verb = asks.parts.method.as_str();
    found.check(provided, &signature::string_to_sign(verb, &asks.parts.headers, &asks.resource()))
}

/// The signature of a URL that works without headers.
fn admit_by_url(world: &World, asks: &Asks) -> Result<bool, StorageError> {
    let given = |name: &str| asks.parameter(name).unwrap_or_default();
    let [key, expires, provided, token] = ["OSSAccessKeyId", "Expires", "Signature", "security-token"].map(given);
    let found = Key::find(world, asks, key, token)?;
    let now = world.now();
    let until: i64 = expires.parse().unwrap_or_default();
    if until.saturating_mul(1000) < now.0 {
        return Err(StorageError::expired(&now.text(), expires));
    }
    let verb = asks.parts.method.as_str();
    found.check(provided, &signature::string_to_sign_at(verb, &asks.parts.headers, expires, &asks.resource()))
}

/// A key that a request is signed with.
struct Key<'a> {
    signer: Signer<'a>,
    temporary: bool,
}

impl<'a> Key<'a> {
    /// The key of an id: the one that URLs are signed with, or one that was handed out for an upload.
    fn find(world: &'a World, asks: &Asks, id: &'a str, token: &str) -> Result<Self, StorageError> {
        if id == world.storage_key.0 {
            return Ok(Self { signer: Signer { id, secret: &world.storage_key.1 }, temporary: false });
        }
        let found = world.temporary_keys.get(&id.to_owned());
        let key = found.ok_or_else(|| StorageError::unknown_key(id))?;
        if key.token != token {
            let message = "The security token you provided is invalid.";
            return Err(StorageError::new(StatusCode::FORBIDDEN, "InvalidSecurityToken", message));
        }
        if key.expires < world.now() {
            let message = "The security token you provided has expired.";
            return Err(StorageError::new(StatusCode::FORBIDDEN, "SecurityTokenExpired", message));
        }
        let object = world.uploads.get(&key.upload).map(|upload| upload.object.as_str());
        if object != Some(asks.object.as_str()) {
            return Err(StorageError::denied("The key was handed out for another object."));
        }
        Ok(Self { signer: Signer { id, secret: &key.secret }, temporary: true })
    }

    fn check(&self, provided: &str, signed: &str) -> Result<bool, StorageError> {
        if self.signer.sign(signed) == provided {
            Ok(self.temporary)
        } else {
            Err(StorageError::signature(self.signer.id, provided, signed))
        }
    }
}

fn check_date(date: &str, now: Time) -> Result<(), StorageError> {
    let Some(sent) = Time::from_header(date) else {
        return Err(StorageError::denied("The request has no valid Date or x-oss-date header."));
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
