//! What the tests share: operations, an answer type, clients, a server.
#![allow(dead_code, unused_imports, reason = "each program of tests uses a part")]

pub mod server;

use dingtalk_runtime::credentials::{FixedToken, InternalApp};
use dingtalk_runtime::decode::{Failure, Field, Object};
use dingtalk_runtime::{AppState, Call, Client, ClientBuilder, Effect, Method, Operation, Paged, Request};

pub use server::{Early, Plan, Received, Server, Step, answer, bytes, json};

/// An operation that changes nothing, with a POST as most reads of the API are.
pub const READ: Operation = Operation {
    name: "test.Read",
    summary: "Reads.",
    method: Method::Post,
    path: "/v1.0/things/{id}/query",
    group: "file",
    effect: Effect::Read,
    scope: Some("Storage.File.Read"),
    page: Some("test"),
    body: true,
    errors: "400 paramError",
    ..Operation::UNSET
};

/// An operation that may be done twice.
pub const IDEMPOTENT: Operation = Operation {
    name: "test.Replace",
    method: Method::Put,
    path: "/v1.0/things/{id}",
    effect: Effect::Idempotent,
    ..READ
};

/// An operation that must not be done twice.
pub const WRITE: Operation =
    Operation { name: "test.Write", path: "/v1.0/things/{id}/write", effect: Effect::Write, ..READ };

/// An answer.
#[derive(Debug, Default, Clone, PartialEq)]
pub struct Thing {
    pub id: Option<String>,
    pub size: Option<i64>,
    pub things: Vec<Thing>,
    pub next: Option<String>,
    pub more: Option<bool>,
}

impl Object for Thing {
    fn field(&mut self, name: &str, value: Field<'_>) -> Result<(), Failure> {
        match name {
            "id" => value.text(&mut self.id),
            "size" => value.integer(&mut self.size),
            "things" => value.list(&mut self.things),
            "nextToken" => value.text(&mut self.next),
            "hasMore" => value.boolean(&mut self.more),
            _ => value.skip(),
        }
    }
}

/// A request for a list of things.
#[derive(Debug, Clone)]
pub struct Listed(pub Request);

impl Paged for Listed {
    type Answer = Thing;
    type Item = Thing;
    type Token = String;

    fn page(&self, token: Option<&String>) -> Call<Thing> {
        let request = self.0.clone();
        match token {
            Some(token) => request.query("nextToken", token).send(),
            None => request.send(),
        }
    }

    fn split(answer: Thing) -> (Vec<Thing>, Option<String>) {
        (answer.things, answer.next)
    }

    fn promises_more(answer: &Thing) -> bool {
        answer.more == Some(true)
    }
}

/// A good answer.
pub const GOOD: &str = r#"{"id":"1","size":2}"#;
pub const TOKEN_PATH: &str = "/v1.0/oauth2/accessToken";
pub const TOKEN: &str = r#"{"accessToken":"token-1","expireIn":7200}"#;
pub const EXPIRED: &str = r#"{"code":"InvalidAuthentication","requestid":"R-1","message":"expired"}"#;
pub const THROTTLED: &str =
    r#"{"code":"Forbidden.AccessDenied.QpsLimitForAppkeyAndApi","requestid":"R-2","message":"too many"}"#;

/// A builder for a client of the server that has a token already and no limits of its own. All servers have the same
/// address, so that no two clients may share by themselves what belongs to an app.
pub fn bare(server: &Server) -> ClientBuilder {
    let builder = ClientBuilder::new().credentials(FixedToken::new("fixed-token").unwrap()).calls_per_second(None);
    let builder = builder.app(&AppState::new());
    server.reach(builder)
}

/// A builder for a client that gets its tokens from the server.
pub fn with_tokens(server: &Server) -> ClientBuilder {
    bare(server).credentials(InternalApp::new("app-key", "app-secret"))
}

/// A request to an operation with its parameter.
pub fn request(client: &Client, operation: &'static Operation) -> Request {
    client.request(operation).path("id", "7").query("unionId", "operator").body("name", "report")
}
