//! What the admin API can do.

use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use http::StatusCode;
use serde_json::{Value, json};

use super::Failure;
use crate::contract::{Status, contract};
use crate::delivery::{self, Subscriber};
use crate::dump;
use crate::error::Error;
use crate::faults::Fault;
use crate::journal::{check_effect, check_operation};
use crate::limits::Limits;
use crate::operations;
use crate::persist::Settlement;
use crate::planting::{self, Beginning, Plan, PlannedSpace};
use crate::query;
use crate::reset;
use crate::shared::Shared;

type Outcome = Result<Value, Failure>;

fn wrong(error: impl std::fmt::Display) -> Failure {
    Failure::new(StatusCode::BAD_REQUEST, error.to_string())
}

/// Addresses, credentials and ids.
pub fn about(shared: &Shared) -> Value {
    let mut about = json!({ "apiUrl": shared.api_url(), "storageUrl": shared.storage_url() });
    let credentials = json!(planting::credentials(&shared.world()));
    if let (Some(about), Value::Object(credentials)) = (about.as_object_mut(), credentials) {
        about.extend(credentials);
    }
    about
}

/// Which operations are emulated.
pub fn operations() -> Value {
    let row = |operation: &crate::contract::Operation| {
        let status = match operation.status {
            Status::Current => "current",
            Status::Legacy => "legacy",
            Status::Undocumented => "undocumented",
        };
        json!({
            "operation": operation.name,
            "method": operation.method,
            "path": operation.path,
            "status": status,
            "emulated": operations::handler(&operation.name).is_some(),
        })
    };
    contract().operations.iter().map(row).collect()
}

/// The journal, whole or of one operation.
pub fn journal(shared: &Shared, query: &[(String, String)]) -> Outcome {
    let operation = query::first(query, "operation");
    operation.map_or(Ok(()), check_operation).map_err(wrong)?;
    let journal = shared.journal();
    let wanted = journal.records().filter(|record| operation.is_none_or(|operation| record.operation == operation));
    Ok(wanted.map(|record| json!(record)).collect())
}

/// How many requests and effects there were of each kind.
pub fn counts(shared: &Shared) -> Value {
    json!(shared.journal().counts())
}

/// Forgets the journal.
pub fn clear_journal(shared: &Shared) -> Value {
    shared.journal().clear();
    json!({})
}

/// The ledger of effects, whole or of one kind.
pub fn effects(shared: &Shared, query: &[(String, String)]) -> Outcome {
    let what = query::first(query, "what");
    what.map_or(Ok(()), check_effect).map_err(wrong)?;
    let journal = shared.journal();
    Ok(journal.ledger().filter(|line| what.is_none_or(|what| line.what == what)).map(|line| json!(line)).collect())
}

/// Delivers news to a subscriber from now on.
pub async fn subscribe(shared: &Arc<Shared>, body: Value) -> Outcome {
    if shared.options.allow_other_hosts && !shared.options.allow_private_subscribers {
        let reason = "news goes to this machine, which other machines must not steer while they can reach the emulator; \
                      --let-news-out lets them";
        return Err(Failure::new(StatusCode::FORBIDDEN, reason));
    }
    let subscriber: Subscriber = serde_json::from_value(body).map_err(wrong)?;
    delivery::subscribe(shared, &subscriber).await.map_err(|error| failed(&error))?;
    Ok(json!({ "url": subscriber.url }))
}

/// Delivers no more news.
pub fn unsubscribe(shared: &Shared) -> Value {
    shared.subscribe(None);
    json!({})
}

/// The faults and what became of them.
pub fn faults(shared: &Shared) -> Value {
    json!(shared.faults().reports())
}

/// The faults that have changed nothing.
pub fn missed_faults(shared: &Shared) -> Value {
    json!(shared.faults().missed())
}

/// Adds a fault.
pub fn add_fault(shared: &Shared, body: Value) -> Outcome {
    let fault: Fault = serde_json::from_value(body).map_err(wrong)?;
    fault.check().map_err(wrong)?;
    Ok(json!({ "number": shared.faults().add(fault) }))
}

/// Takes all faults away.
pub fn clear_faults(shared: &Shared) -> Value {
    shared.faults().clear();
    json!({})
}

/// Takes a fault away.
pub fn remove_fault(shared: &Shared, path: &str) -> Outcome {
    let number = path.rsplit('/').next().unwrap_or_default();
    let removed = number.parse().is_ok_and(|number| shared.faults().remove(number));
    if removed {
        Ok(json!({}))
    } else {
        Err(Failure::new(StatusCode::NOT_FOUND, format!("there is no fault {number}")))
    }
}

/// Which limits hold.
pub fn limits(shared: &Shared) -> Value {
    json!(shared.limiter().limits)
}

/// Changes which limits hold.
pub fn set_limits(shared: &Shared, body: Value) -> Outcome {
    let limits: Limits = serde_json::from_value(body).map_err(wrong)?;
    shared.limiter().limits = limits;
    Ok(json!(limits))
}

/// What the clock shows.
pub fn clock(shared: &Shared) -> Value {
    let now = shared.world().now();
    json!({ "millis": now, "text": now.text() })
}

/// Moves the clock forward.
pub async fn advance(shared: &Arc<Shared>, body: &Value) -> Outcome {
    let part = |name: &str| match body.get(name) {
        None => Ok(0),
        Some(value) => value.as_u64().ok_or_else(|| wrong(format!("{name} has to be a whole number"))),
    };
    let duration = Duration::from_secs(part("seconds")?) + Duration::from_millis(part("millis")?);
    if duration.is_zero() {
        return Err(wrong("say by how much: {\"seconds\": 900} or {\"millis\": 50}"));
    }
    shared.advance(duration).stored().await.map_err(|error| failed(&shared.unwritten(error)))?;
    shared.free_uploads().await.map_err(|error| failed(&shared.unwritten(error)))?;
    Ok(clock(shared))
}

/// Makes all access tokens invalid.
pub async fn revoke_tokens(shared: &Arc<Shared>) -> Outcome {
    shared.revoke_tokens().stored().await.map_err(|error| failed(&shared.unwritten(error)))?;
    Ok(json!({}))
}

/// Makes what a plan wants.
pub async fn plant(shared: &Arc<Shared>, body: Value) -> Outcome {
    let plan: Plan = serde_json::from_value(body).map_err(wrong)?;
    let paths = |space: &PlannedSpace| space.folder.is_some() || space.files.iter().any(|file| file.from.is_some());
    if plan.spaces.iter().any(paths) {
        only_here(shared)?;
    }
    let planted = planting::plant(shared, &plan, Beginning::Standing).await.map_err(|error| failed(&error))?;
    Ok(json!(planted))
}

/// Writes everything into a folder.
pub async fn dump(shared: &Arc<Shared>, body: &Value) -> Outcome {
    dump::dump(shared, &folder(shared, body)?).await.map_err(|error| failed(&error))?;
    Ok(json!({}))
}

/// Takes over what was dumped.
pub async fn load(shared: &Arc<Shared>, body: &Value) -> Outcome {
    dump::load(shared, &folder(shared, body)?).await.map_err(|error| failed(&error))?;
    Ok(about(shared))
}

fn folder(shared: &Shared, body: &Value) -> Result<PathBuf, Failure> {
    only_here(shared)?;
    let folder = body.get("folder").and_then(Value::as_str);
    folder.map(PathBuf::from).ok_or_else(|| wrong("name the folder: {\"folder\": \"..\"}"))
}

/// Nobody but who is on this machine may have its files read or written.
fn only_here(shared: &Shared) -> Result<(), Failure> {
    if shared.options.allow_other_hosts {
        let reason = "files of this machine are out of reach while other machines can reach the emulator";
        return Err(Failure::new(StatusCode::FORBIDDEN, reason));
    }
    Ok(())
}

/// Back to what there was to begin with.
pub async fn reset(shared: &Arc<Shared>) -> Outcome {
    reset::reset(shared).await.map_err(|error| failed(&error))?;
    Ok(about(shared))
}

/// Whether it is the caller's mistake or the machine's: a folder that is not there, or holds something else, is the
/// caller's.
fn failed(error: &Error) -> Failure {
    use std::io::ErrorKind;
    let status = match error {
        Error::Folder(_, cause) | Error::Dump(_, cause) | Error::DumpTo(_, cause) => match cause.kind() {
            ErrorKind::NotFound
            | ErrorKind::NotADirectory
            | ErrorKind::IsADirectory
            | ErrorKind::AlreadyExists
            | ErrorKind::PermissionDenied
            | ErrorKind::ReadOnlyFilesystem
            | ErrorKind::InvalidFilename
            | ErrorKind::InvalidInput
            | ErrorKind::InvalidData
            | ErrorKind::UnexpectedEof => StatusCode::BAD_REQUEST,
            _ => StatusCode::INTERNAL_SERVER_ERROR,
        },
        Error::Plan(_) | Error::NotASubscriber(..) => StatusCode::BAD_REQUEST,
        _ => StatusCode::INTERNAL_SERVER_ERROR,
    };
    Failure::new(status, error.to_string())
}

impl Shared {
    /// Gives up uploads that nobody can commit any more.
    async fn free_uploads(&self) -> std::io::Result<()> {
        let (dropped, settlement) = {
            let mut world = self.world();
            (world.free_uploads(), self.settle(&mut world))
        };
        settlement.stored().await?;
        self.drop_blobs(dropped);
        Ok(())
    }

    /// Moves the clock forward.
    pub fn advance(&self, duration: Duration) -> Settlement {
        let mut world = self.world();
        world.advance(duration);
        self.settle(&mut world)
    }

    /// Makes all access tokens invalid.
    pub fn revoke_tokens(&self) -> Settlement {
        let mut world = self.world();
        world.organisation.forget_tokens();
        self.settle(&mut world)
    }
}
