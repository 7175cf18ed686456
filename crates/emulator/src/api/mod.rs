//! Calls to the API: route, gateway, checks, handler, answer.

mod answer;
mod old_host;
mod received;

use std::collections::BTreeMap;
use std::net::IpAddr;
use std::sync::Arc;

use http::request::Parts;
use http::{Request, Response};
use hyper::body::Incoming;
use serde_json::Value;

use self::answer::{Answer, ban_page, refuse, refused_by_fault, send, succeed};
use self::received::Read;
use crate::auth::{self, TOKEN_HEADER};
use crate::call::{Call, Outcome, SentFile};
use crate::contract::{Operation, Token};
use crate::exchange::{Aborted, Exchange};
use crate::faults::{FaultKind, Side};
use crate::http::{Body, Control};
use crate::journal::Record;
use crate::limits::Held;
use crate::refusal::Refusal;
use crate::routes::{Found, Route};
use crate::shared::Shared;
use crate::state::World;
use crate::{drive, operations, query, request_check};

/// A request that has been read.
struct Received {
    parts: Parts,
    address: IpAddr,
    query: Vec<(String, String)>,
    body: Vec<u8>,
}

/// What a call brings along, once its body was read.
struct Brought {
    path: Vec<(&'static str, String)>,
    received: Received,
    body: Result<Read, Refusal>,
}

/// Serves a call.
pub async fn serve(
    shared: Arc<Shared>,
    control: Arc<Control>,
    address: IpAddr,
    request: Request<Incoming>,
) -> Result<Response<Body>, Aborted> {
    let (parts, mut incoming) = request.into_parts();
    let older = old_host::is_get_token(parts.method.as_str(), parts.uri.path());
    let found = if older {
        old_host::operation(&shared.routes)
    } else {
        shared.routes.find(parts.method.as_str(), parts.uri.path())
    };
    let operation = match &found {
        Found::Operation(route, _) => route.operation.name.clone(),
        _ => String::new(),
    };
    let largest = received::largest(found.operation());
    let record = Record {
        operation,
        method: parts.method.to_string(),
        path: parts.uri.path().to_owned(),
        request_id: shared.world().ids.request(),
        ..Record::default()
    };
    let mut exchange = Exchange::new(shared, control, record, Side::Api);
    exchange.begin().await?;
    let mut body = Vec::new();
    while let Some(chunk) = exchange.next_chunk(&mut incoming).await? {
        match chunk {
            Ok(bytes) if body.len() + bytes.len() <= largest => body.extend_from_slice(&bytes),
            Ok(_) => return too_large(exchange).await,
            // The client is gone, so nothing is done and nobody is told.
            Err(_) => return Err(exchange.abort()),
        }
    }
    let mut query = query::pairs(parts.uri.query().unwrap_or_default());
    if older {
        body = old_host::body(&mut query);
    }
    let received = Received { parts, address, query, body };
    let answer = match refused_by_fault(&mut exchange) {
        Some(answer) => answer,
        None if older => old_host::answer(respond(&mut exchange, found, received).await),
        None => respond(&mut exchange, found, received).await,
    };
    send(exchange, answer).await
}

async fn too_large(mut exchange: Exchange) -> Result<Response<Body>, Aborted> {
    let refusal = Refusal::new("RequestEntityTooLarge").because("the body is larger than any call needs");
    let answer = refuse(&mut exchange, None, &refusal.with_status(413));
    send(exchange, answer).await
}

async fn respond(exchange: &mut Exchange, found: Found, received: Received) -> Answer {
    match found {
        Found::Operation(route, path) => called(exchange, route, path, received).await,
        Found::OtherMethod => {
            let refusal = Refusal::new("MethodNotAllowed").because("no operation of this path has this method");
            refuse(exchange, None, &refusal.with_status(405))
        }
        Found::Nothing => {
            let reason = "Specified api is not found, please check your url and method.";
            refuse(exchange, None, &Refusal::new("InvalidAction.NotFound").because(reason).with_status(404))
        }
    }
}

async fn called(
    exchange: &mut Exchange,
    route: Route,
    path: Vec<(&'static str, String)>,
    mut received: Received,
) -> Answer {
    let operation = route.operation;
    let shared = exchange.shared.clone();
    let body = std::mem::take(&mut received.body);
    let body = match received::read(&shared, operation, &received.parts.headers, body.into()).await {
        Ok(body) => body,
        Err(error) => return refuse(exchange, Some(operation), &lost(&error)),
    };
    let brought = Brought { path, received, body };
    let (outcome, settlement, dropped) = {
        let mut world = shared.world();
        let mut dropped = world.free_uploads();
        let outcome = work(exchange, &mut world, route, brought, &mut dropped);
        let settlement = shared.settle(&mut world);
        shared.publish(&mut world);
        (outcome, settlement, dropped)
    };
    if let Err(error) = exchange.settle(settlement, dropped).await {
        return refuse(exchange, Some(operation), &lost(&error));
    }
    match outcome {
        Err(Held::Banned) => {
            exchange.record.code = Some("banned".to_owned());
            ban_page(false, &exchange.record.request_id)
        }
        Err(Held::Refused(refusal)) => refuse(exchange, Some(operation), &refusal),
        Ok(value) => succeed(exchange, operation, value),
    }
}

/// The refusal where something cannot be stored.
fn lost(error: &impl ToString) -> Refusal {
    Refusal::new("systemError").because(error.to_string()).with_status(500)
}

/// Everything between the request and its answer, under the lock of the world.
fn work(
    exchange: &mut Exchange,
    world: &mut World,
    route: Route,
    Brought { path, received, body }: Brought,
    dropped: &mut Vec<String>,
) -> Result<Value, Held> {
    let mut files = Files { left: BTreeMap::new(), dropped };
    let body = body.map(|read| {
        files.left = read.files;
        read.json
    });
    let operation = route.operation;
    let shared = exchange.shared.clone();
    let now = world.now();
    shared.limiter().address(received.address, now)?;
    let token = token(operation, &received);
    if matches!(exchange.fault, Some(FaultKind::RevokeToken))
        && let Some(token) = &token
        && world.organisation.tokens.remove(token).is_some()
    {
        exchange.strike();
    }
    let app = auth::caller(operation, token.as_deref(), world).map_err(Held::Refused)?;
    let key = app.as_ref().map(|app| app.key.clone()).unwrap_or_default();
    shared.limiter().call(&key, operation, world)?;
    let Some(handler) = route.handler else {
        let reason = format!("{} is not emulated; the README says what is", operation.name);
        return Err(Held::Refused(Refusal::new("NotEmulated").because(reason).with_status(501)));
    };
    let request = request_check::Request { path, query: received.query, body: body.map_err(Held::Refused)? };
    let input = request_check::check(operation, request, shared.options.loose).map_err(Held::Refused)?;
    let named = operation.operator.as_deref().map(|name| input.text(name));
    let signed_in = token.as_deref().and_then(|token| auth::person(token, world));
    let operator = named.or(signed_in).unwrap_or_default().to_owned();
    check_operator(operation, &operator, world).map_err(Held::Refused)?;
    let token_seconds = shared.limiter().limits.token_seconds.map_or(shared.options.token_seconds, i64::from);
    let mut call = Call {
        operation,
        world,
        input,
        app,
        operator,
        storage_url: shared.storage_url(),
        effects: Vec::new(),
        files: std::mem::take(&mut files.left),
        dropped_blobs: Vec::new(),
        token_seconds,
    };
    drive::catch_up(&mut call);
    let outcome: Outcome = handler(&mut call);
    exchange.enter(std::mem::take(&mut call.effects));
    files.left = std::mem::take(&mut call.files);
    files.dropped.append(&mut call.dropped_blobs);
    outcome.map_err(|refusal| Held::Refused(operations::as_documented(operation, refusal)))
}

/// Files that nobody has taken yet. In the end they are dropped, whatever came of the call.
struct Files<'a> {
    left: BTreeMap<String, SentFile>,
    dropped: &'a mut Vec<String>,
}

impl Drop for Files<'_> {
    fn drop(&mut self) {
        self.dropped.extend(std::mem::take(&mut self.left).into_values().map(|file| file.piece.blob));
    }
}

fn token(operation: &Operation, received: &Received) -> Option<String> {
    match operation.token {
        Token::None => None,
        Token::Header | Token::User => {
            received.parts.headers.get(TOKEN_HEADER).and_then(|value| value.to_str().ok()).map(str::to_owned)
        }
        Token::Query => query::first(&received.query, "access_token").map(str::to_owned),
    }
}

/// An operator has to be a person of the organization.
fn check_operator(operation: &Operation, operator: &str, world: &World) -> Result<(), Refusal> {
    if operator.is_empty() || world.organisation.users.contains(&operator.to_owned()) {
        return Ok(());
    }
    let codes = ["forbidden.user.notInOrg", "param.error"];
    let code = codes.into_iter().find(|code| operation.documents(code)).unwrap_or("paramError");
    let name = operation.operator.as_deref().unwrap_or_default();
    Err(Refusal::new(code).because(format!("{name} {operator} is nobody of the organization")))
}

impl From<Refusal> for Held {
    fn from(refusal: Refusal) -> Self {
        Self::Refused(refusal)
    }
}
