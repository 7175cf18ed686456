//! News on its way to those who want it: over HTTP to one subscriber, and over streams to the apps that opened them.
//!
//! Each piece is tried again until it is accepted, or was tried often enough; what comes after it waits. So news arrives
//! in order, and some of it twice: the id of the event tells.

mod crypto;
mod http_push;
mod news;
mod stream;
mod subscriber;

use std::sync::{Arc, Weak};

use serde_json::{Value, json};
use tokio::sync::mpsc;

use self::http_push::{Outcome, push};
use self::subscriber::Target;
use crate::error::Error;
use crate::faults::{FaultKind, PUSH, Side};
use crate::journal::Record;
use crate::shared::Shared;
use crate::state::{News, World};

pub use stream::{Streams, connect, is_connect, is_open, open};
pub use subscriber::{Encryption, Subscriber};

/// All news, as a push over HTTP carries it.
pub fn events(shared: &Shared) -> Vec<Value> {
    let world = shared.world();
    world.news.iter().map(|(_, news)| news::flat(&world, news)).collect()
}

/// Delivers news from now on to a subscriber. One that wants it encrypted has to accept a `check_url` first.
///
/// # Errors
///
/// When news cannot go there, or the check is not accepted.
pub async fn subscribe(shared: &Arc<Shared>, subscriber: &Subscriber) -> Result<(), Error> {
    let target = subscriber.resolve(shared.options.allow_private_subscribers)?;
    if target.crypto.is_some() {
        let owner = target.owner.clone().unwrap_or_else(|| first_app(&shared.world()));
        let checked = attempt(shared, &target, &owner, &json!({ "EventType": "check_url" })).await;
        if let Some(failure) = checked.failure {
            let reason = format!("it does not accept check_url: {failure}");
            return Err(Error::NotASubscriber(subscriber.url.clone(), reason));
        }
    }
    start(shared, target);
    Ok(())
}

/// Delivers news from now on to a subscriber that gets it as it is.
///
/// # Errors
///
/// When news cannot go there, or it is one for encrypted news, which has to be asked first.
pub fn subscribe_unasked(shared: &Arc<Shared>, subscriber: &Subscriber) -> Result<(), Error> {
    start(shared, subscriber.resolve(shared.options.allow_private_subscribers)?);
    Ok(())
}

fn start(shared: &Arc<Shared>, target: Target) {
    let (sender, receiver) = mpsc::unbounded_channel();
    tokio::spawn(deliver(Arc::downgrade(shared), target, receiver));
    shared.subscribe(Some(sender));
}

/// The internal app, for which encrypted news is when there is no other.
fn first_app(world: &World) -> String {
    let app = world.organisation.apps.iter().map(|(_, app)| app).find(|app| !app.is_third_party());
    app.map(|app| app.key.clone()).unwrap_or_default()
}

async fn deliver(shared: Weak<Shared>, target: Target, mut news: mpsc::UnboundedReceiver<News>) {
    while let Some(news) = news.recv().await {
        let Some(message) = ready(&shared, &news, news::flat).await else { continue };
        for left in (0..target.attempts).rev() {
            let Some(shared) = shared.upgrade() else { return };
            let owner = target.owner.as_deref().unwrap_or(&news.app);
            let outcome = attempt(&shared, &target, owner, &message).await;
            drop(shared);
            if outcome.failure.is_none() {
                break;
            }
            if left > 0 {
                tokio::time::sleep(target.pause).await;
            }
        }
    }
}

/// News as it is to be sent, once it is on disk: nobody is told of what a kill could undo. Nothing when it was undone.
async fn ready(shared: &Weak<Shared>, news: &News, form: fn(&World, &News) -> Value) -> Option<Value> {
    let written = shared.upgrade()?.written();
    let stored = written.stored().await;
    let shared = shared.upgrade()?;
    let world = shared.world();
    (stored.is_ok() && world.news.contains(&news.id)).then(|| form(&world, news))
}

/// One attempt, with its line in the journal.
async fn attempt(shared: &Arc<Shared>, target: &Target, owner: &str, message: &Value) -> Outcome {
    let (mut record, fault) = begin(shared, "POST", &target.place.path);
    let message = changed(shared, fault.as_ref(), message);
    let outcome = push(shared, target, owner, &message, fault).await;
    record.status = outcome.status;
    end(shared, &mut record, outcome.failure.as_deref());
    outcome
}

/// Begins an attempt: its line in the journal, and the fault that hits it.
fn begin(shared: &Shared, method: &str, path: &str) -> (Record, Option<(u64, FaultKind)>) {
    let fault = shared.choose_fault(PUSH, Side::Push);
    let mut record = Record {
        time: shared.world().now(),
        operation: PUSH.to_owned(),
        method: method.to_owned(),
        path: path.to_owned(),
        fault: fault.as_ref().map(|(number, _)| *number),
        ..Record::default()
    };
    shared.journal().add(&mut record);
    (record, fault)
}

/// Ends an attempt.
fn end(shared: &Shared, record: &mut Record, failure: Option<&str>) {
    record.code = failure.map(|_| "notAccepted".to_owned());
    shared.journal().update(record);
    let Record { method, path, status, .. } = record;
    match failure {
        None => tracing::info!("{method} {path} {PUSH}: {status}"),
        Some(failure) => tracing::info!("{method} {path} {PUSH}: {status}, not accepted: {failure}"),
    }
}

/// A message as a fault wants it.
fn changed(shared: &Shared, fault: Option<&(u64, FaultKind)>, message: &Value) -> Value {
    let mut changed = message.clone();
    if let Some((number, FaultKind::MutateJson { pointer, value })) = fault {
        crate::faults::mutate(&mut changed, pointer, value.clone());
        if changed != *message {
            shared.faults().strike(*number);
        }
    }
    changed
}
