//! Answers of the API: what a call came to, and what faults make of it.

use http::{HeaderMap, HeaderValue, Response, StatusCode, header};
use serde_json::{Value, json};

use crate::answer_check;
use crate::contract::{Envelope, Operation};
use crate::exchange::{Aborted, Exchange};
use crate::faults::{self, FaultKind};
use crate::http::Body;
use crate::refusal::Refusal;
use crate::refusal_check;

/// An answer before it is written.
pub(super) struct Answer {
    status: u16,
    body: Content,
    retry_after: Option<u64>,
    location: Option<String>,
}

enum Content {
    Nothing,
    Json(Value),
    Html(&'static str),
}

impl Answer {
    fn json(status: u16, body: Value) -> Self {
        Self { status, body: Content::Json(body), retry_after: None, location: None }
    }

    /// The same in other words, with HTTP status 200; what is no JSON stays as it is.
    pub(super) fn reworded(self, words: impl FnOnce(&Value) -> Value) -> Self {
        match &self.body {
            Content::Json(body) => Self { status: 200, body: Content::Json(words(body)), ..self },
            _ => self,
        }
    }
}

/// Answers of faults that keep the call from being looked at.
pub(super) fn refused_by_fault(exchange: &mut Exchange) -> Option<Answer> {
    let id = exchange.record.request_id.clone();
    let (status, code, retry_after) = match exchange.fault.clone()? {
        FaultKind::Status { status, code, retry_after } => (status, code, retry_after),
        FaultKind::Throttle { code } => {
            let usual = || "Forbidden.AccessDenied.QpsLimitForAppkeyAndApi".to_owned();
            (403, Some(code.unwrap_or_else(usual)), None)
        }
        FaultKind::BanPage { json } => {
            exchange.strike();
            return Some(ban_page(json, &id));
        }
        FaultKind::Redirect { status, location } => {
            exchange.strike();
            return Some(Answer { status, body: Content::Nothing, retry_after: None, location: Some(location) });
        }
        _ => return None,
    };
    Some(Answer { retry_after, ..error(exchange, status, code) })
}

/// The error that a fault asks for.
fn error(exchange: &mut Exchange, status: u16, code: Option<String>) -> Answer {
    exchange.strike();
    let usual = if status < 500 { "paramError" } else { "systemError" };
    let code = code.unwrap_or_else(|| usual.to_owned());
    let refusal = Refusal::new(code).because("asked for as a fault").with_status(status);
    refuse(exchange, None, &refusal)
}

pub(super) fn ban_page(json: bool, id: &str) -> Answer {
    let page = "<!DOCTYPE html><html><head><title>Access denied</title></head>\
                <body>Too many requests from your address. Try again in 5 minutes.</body></html>\n";
    let banned = json!({"status": 1111, "wait": 5, "source": "x5", "punish": "deny", "uuid": id});
    if json {
        Answer::json(403, banned)
    } else {
        Answer { status: 403, body: Content::Html(page), retry_after: None, location: None }
    }
}

pub(super) fn refuse(exchange: &mut Exchange, operation: Option<&Operation>, refusal: &Refusal) -> Answer {
    let wrong = operation.filter(|_| exchange.shared.options.check_refusals);
    if let Some(reason) = wrong.and_then(|operation| refusal_check::check(operation, refusal)) {
        return refuse(exchange, None, &Refusal::new("RefusalNotAsInSpec").because(reason).with_status(500));
    }
    exchange.record.code = Some(refusal.code.clone().into_owned());
    let id = &exchange.record.request_id;
    if operation.is_some_and(|operation| !operation.envelope.is_plain()) {
        return Answer::json(200, refusal.errcode_body(id));
    }
    Answer::json(refusal.status(operation), refusal.body(id))
}

pub(super) fn succeed(exchange: &mut Exchange, operation: &'static Operation, value: Value) -> Answer {
    if exchange.shared.options.check_answers {
        let wrong = answer_check::check(operation, &value);
        if !wrong.is_empty() {
            let reason =
                format!("the emulator's answer to {} is not as in the spec: {}", operation.name, wrong.join("; "));
            return refuse(exchange, None, &Refusal::new("AnswerNotAsInSpec").because(reason).with_status(500));
        }
    }
    let value = match operation.envelope {
        Envelope::Plain => value,
        Envelope::Errcode => with_errcode(&value, &exchange.record.request_id),
        Envelope::Flat => beside_errcode(value, &exchange.record.request_id),
    };
    match (exchange.fault.clone(), value) {
        (Some(FaultKind::ApplyThenStatus { status, code }), _) => error(exchange, status, code),
        (_, Value::Null) => Answer { status: 200, body: Content::Nothing, retry_after: None, location: None },
        (Some(fault), answer) => Answer::json(200, changed(exchange, fault, answer)),
        (None, answer) => Answer::json(200, answer),
    }
}

/// An answer as a fault changes it.
fn changed(exchange: &Exchange, fault: FaultKind, answer: Value) -> Value {
    let mut changed = answer.clone();
    match fault {
        FaultKind::MutateJson { pointer, value } => faults::mutate(&mut changed, &pointer, value),
        FaultKind::DeadUrl => prepend_dead_url(&mut changed),
        _ => return answer,
    }
    if changed != answer {
        exchange.strike();
    }
    changed
}

/// The envelope of the old host.
fn with_errcode(value: &Value, request_id: &str) -> Value {
    json!({ "errcode": 0, "errmsg": "ok", "request_id": request_id, "result": value })
}

/// The other envelope of the old host: the fields of the answer stand beside the code.
fn beside_errcode(value: Value, request_id: &str) -> Value {
    let mut answer = json!({ "errcode": 0, "errmsg": "ok", "request_id": request_id });
    if let (Some(answer), Value::Object(fields)) = (answer.as_object_mut(), value) {
        answer.extend(fields);
    }
    answer
}

/// Puts an address that nobody listens on before each list of signed URLs.
fn prepend_dead_url(answer: &mut Value) {
    match answer {
        Value::Object(fields) => {
            for (name, field) in fields {
                match field {
                    Value::Array(urls) if name == "resourceUrls" => {
                        // Port 1 is the TCP port multiplexer's, which no machine of today runs.
                        urls.insert(0, Value::from("http://127.0.0.1:1/dead"));
                    }
                    field => prepend_dead_url(field),
                }
            }
        }
        Value::Array(items) => items.iter_mut().for_each(prepend_dead_url),
        _ => {}
    }
}

pub(super) async fn send(exchange: Exchange, answer: Answer) -> Result<Response<Body>, Aborted> {
    let mut headers = HeaderMap::new();
    let (content_type, body) = match answer.body {
        Content::Nothing => (None, Vec::new()),
        Content::Json(value) => {
            (Some("application/json;charset=utf-8"), serde_json::to_vec(&value).unwrap_or_default())
        }
        Content::Html(page) => (Some("text/html;charset=utf-8"), page.into()),
    };
    if let Some(content_type) = content_type {
        headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(content_type));
    }
    if let Some(seconds) = answer.retry_after {
        headers.insert(header::RETRY_AFTER, seconds.into());
    }
    if let Some(Ok(location)) = answer.location.as_deref().map(HeaderValue::from_str) {
        headers.insert(header::LOCATION, location);
    }
    let status = StatusCode::from_u16(answer.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    exchange.finish(status, headers, Body::bytes(body)).await
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a failed unwrap is a failed test")]

    use std::sync::Arc;

    use super::*;
    use crate::clock::Clock;
    use crate::contract::contract;
    use crate::faults::Side;
    use crate::http::Control;
    use crate::journal::Record;
    use crate::options::Options;
    use crate::shared::Shared;
    use crate::state::World;
    use crate::storage::Blobs;

    fn exchange(options: Options) -> Exchange {
        let shared = Shared::new(options, World::new(0, Clock::standing()), Blobs::memory(), None).unwrap();
        Exchange::new(Arc::new(shared), Arc::new(Control::default()), Record::default(), Side::Api)
    }

    /// Status and code of an answer.
    fn told(answer: &Answer) -> (u16, &str) {
        let code = match &answer.body {
            Content::Json(body) => body.get("code").and_then(Value::as_str),
            _ => None,
        };
        (answer.status, code.unwrap_or_default())
    }

    #[test]
    fn an_answer_that_is_not_as_in_the_spec_is_a_mistake_of_the_emulator() {
        let operation = contract().operation("storage_v1.GetDentry").unwrap();
        let right = json!({"dentry": {"id": "1", "type": "FILE", "name": "x"}});
        let wrong = json!({"dentry": {"id": 1, "type": "file", "name": "x"}});
        let mut checked = exchange(Options::default());
        assert_eq!(told(&succeed(&mut checked, operation, right)), (200, ""));
        let answer = succeed(&mut checked, operation, wrong.clone());
        assert_eq!(told(&answer), (500, "AnswerNotAsInSpec"));
        let Content::Json(body) = answer.body else { panic!("no body") };
        let message = body.get("message").and_then(Value::as_str).unwrap();
        assert!(message.contains("dentry.id is 1") && message.contains("dentry.type is \"file\""), "{message}");
        assert_eq!(checked.record.code.as_deref(), Some("AnswerNotAsInSpec"));
        let mut unchecked = exchange(Options { check_answers: false, ..Options::default() });
        assert_eq!(told(&succeed(&mut unchecked, operation, wrong)), (200, ""));
    }

    #[test]
    fn a_refusal_that_is_not_as_in_the_spec_is_one_too_when_that_is_asked_for() {
        let operation = contract().operation("storage_v1.GetDentry").unwrap();
        let mut checked = exchange(Options { check_refusals: true, ..Options::default() });
        let right = refuse(&mut checked, Some(operation), &Refusal::new("dentryNotExist"));
        assert_eq!(told(&right), (404, "dentryNotExist"));
        let wrong = Refusal::new("dentryAlreadyExist");
        assert_eq!(told(&refuse(&mut checked, Some(operation), &wrong)), (500, "RefusalNotAsInSpec"));
        assert_eq!(
            told(&refuse(&mut exchange(Options::default()), Some(operation), &wrong)),
            (400, "dentryAlreadyExist")
        );
    }
}
