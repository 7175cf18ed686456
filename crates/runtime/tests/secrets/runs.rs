//! What the runtime does, with secrets in everything.

use std::sync::Arc;
use std::time::Duration;

use dingtalk_runtime::credentials::{AccessToken, ClientCredentials, CorpApp, Credentials, FixedToken, InternalApp};
use dingtalk_runtime::{
    Batched, Batches, Call, Client, ClientBuilder, Envelope, Error, Items, Lasting, Operation, Paged, Pages, Request,
    TaskState, Token, Wait,
};
use reqwest::dns::{Name, Resolve, Resolving};

use crate::answers::{Answer, Upload, UploadKey, answers, token_answers};
use crate::hearing::Heard;
use crate::support::*;
use crate::{OWN_HEADER, PERSON, SECRET, SIGNED_URL, TICKET, TOKEN_TEXT, UPLOAD_KEY};

const OLD: Operation = Operation { name: "test.Old", token: Token::Query, envelope: Envelope::Errcode, ..READ };

/// With the id of a person and a secret in its path. What else stands in paths is the ids of things, which one debugs
/// with.
const OF_PERSON: Operation =
    Operation { name: "test.OfPerson", path: "/v1.0/people/{userId}/things/{id}/by/{key}", ..READ };

/// All of it.
pub async fn everything(heard: &Heard) {
    for answer in answers() {
        let server = server(token_answers().remove(0), answer).await;
        let client = client(heard, &server, InternalApp::new("app-key", SECRET));
        for operation in [&READ, &WRITE, &OLD, &OF_PERSON] {
            call(heard, &client, operation).await;
        }
        series(heard, &client).await;
    }
    for number in 0..token_answers().len() {
        for credentials in all_credentials() {
            let server = server(token_answers().remove(number), Box::new(|_| json(200, "{}"))).await;
            let client = client(heard, &server, credentials);
            call(heard, &client, &READ).await;
            call(heard, &client, &READ).await;
        }
    }
    no_connection(heard).await;
    dropped(heard).await;
    for error in [FixedToken::new(format!("{SECRET}\n")).unwrap_err(), address_error()] {
        heard.error(&error);
    }
    heard.debug(&FixedToken::new(TOKEN_TEXT).unwrap());
    heard.debug(&AccessToken::new(TOKEN_TEXT, Some(7200)).unwrap());
}

fn all_credentials() -> [Arc<dyn Credentials>; 3] {
    [
        Arc::new(InternalApp::new("app-key", SECRET)),
        Arc::new(CorpApp::new("key", SECRET, "corp", || TICKET.to_owned())),
        Arc::new(ClientCredentials::new("corp", "key", SECRET)),
    ]
}

async fn server(token: Answer, answer: Answer) -> Server {
    Server::start(
        move |received| {
            if received.path().starts_with("/v1.0/oauth2") { token(received) } else { answer(received) }
        },
    )
    .await
}

fn client(heard: &Heard, server: &Server, credentials: impl Credentials) -> Client {
    heard.debug(&credentials);
    let builder = bare(server).header("x-own", OWN_HEADER).credentials(credentials).observer(heard.clone());
    heard.debug(&builder);
    let client = builder.build().unwrap();
    heard.debug(&client);
    client
}

/// A request with secrets in path, query and body, each where no other one is.
fn secretive(client: &Client, operation: &'static Operation) -> Request {
    let key = UploadKey::new(UPLOAD_KEY);
    let request = request(client, operation);
    let is_of_person = operation.path == OF_PERSON.path;
    let request = if is_of_person { request.path("userId", PERSON).path("key", &key) } else { request };
    request.query("unionId", PERSON).query("key", &key).body("uploadKey", &key).body("url", SIGNED_URL)
}

async fn call(heard: &Heard, client: &Client, operation: &'static Operation) {
    let request = secretive(client, operation);
    heard.debug(&request);
    let call = request.send::<Upload>().timeout(Duration::from_secs(50));
    heard.debug(&call);
    note(heard, call.await);
}

/// A call that nobody waits for any more.
async fn dropped(heard: &Heard) {
    let server = server(token_answers().remove(0), Box::new(|_| Plan::Answer(vec![Step::Stall]))).await;
    let client = client(heard, &server, InternalApp::new("app-key", SECRET));
    let call = secretive(&client, &OF_PERSON).send::<Upload>();
    assert!(tokio::time::timeout(Duration::from_secs(1), call).await.is_err());
}

fn note(heard: &Heard, result: Result<impl std::fmt::Debug, Error>) {
    match result {
        Ok(value) => heard.debug(&value),
        Err(error) => heard.error(&error),
    }
}

/// One request for all kinds of series.
#[derive(Debug, Clone)]
struct Any(Request);

impl Any {
    fn send(&self) -> Call<Upload> {
        self.0.clone().send().timeout(Duration::from_secs(50))
    }
}

impl Paged for Any {
    type Answer = Upload;
    type Item = Upload;
    type Token = UploadKey;

    fn page(&self, _: Option<&UploadKey>) -> Call<Upload> {
        self.send()
    }

    fn split(mut answer: Upload) -> (Vec<Upload>, Option<UploadKey>) {
        answer.next = Some(UploadKey::new(UPLOAD_KEY));
        (vec![answer.clone()], answer.next)
    }
}

impl Lasting for Any {
    type Answer = Upload;
    type Task = Upload;

    fn start(&self) -> Call<Upload> {
        self.send()
    }

    fn task_ids(_: &Upload) -> Vec<String> {
        vec!["task-1".to_owned()]
    }

    fn task(&self, _: &str) -> Call<Upload> {
        self.send()
    }

    fn state(_: &Upload) -> TaskState {
        TaskState::Running
    }
}

impl Batched for Any {
    type Element = UploadKey;
    type Outcome = Upload;
    type Answer = Upload;
    type Task = Upload;
    const MAX: usize = 2;

    fn part(&self, elements: &[UploadKey]) -> Call<Upload> {
        self.0.clone().body("keys", elements).send()
    }

    fn outcomes(answer: Upload, _: usize) -> Vec<Upload> {
        vec![answer]
    }
}

async fn series(heard: &Heard, client: &Client) {
    let any = Any(secretive(client, &READ));
    let mut pages = Pages::new(any.clone()).starting_at(UploadKey::new(UPLOAD_KEY));
    let mut items = Items::new(any.clone());
    for _ in 0..3 {
        heard.debug(&pages);
        note(heard, pages.try_next().await);
        heard.debug(&items);
        note(heard, items.try_next().await);
    }
    let wait = Wait::new(any.clone()).timeout(Duration::from_secs(2 * 60));
    heard.debug(&wait);
    note(heard, wait.await.map_err(Error::from));
    let mut batches = Batches::new(any, vec![UploadKey::new(UPLOAD_KEY); 3]);
    heard.debug(&batches);
    while let Some((element, outcome)) = batches.next().await {
        heard.debug(&element);
        note(heard, outcome);
    }
}

/// Knows no name.
struct Nameless;

impl Resolve for Nameless {
    fn resolve(&self, _: Name) -> Resolving {
        Box::pin(std::future::ready(Err("no such name".into())))
    }
}

/// A name that leads nowhere, a server that speaks no TLS, and no server at all.
async fn no_connection(heard: &Heard) {
    let plain = Server::start_with(
        || Some(Plan::Break(Early::First, vec![Step::Send(b"HTTP/1.1 400 Bad Request\r\n\r\n".to_vec()), Step::Close])),
        |_| json(200, "{}"),
    )
    .await;
    let token = || FixedToken::new(TOKEN_TEXT).unwrap();
    let builders: [ClientBuilder; 3] = [
        ClientBuilder::new().http(|http| http.dns_resolver(Arc::new(Nameless))).base_url("https://api.test"),
        plain.reach(ClientBuilder::new()).base_url("https://api.test"),
        Server::absent().reach(ClientBuilder::new()),
    ];
    for builder in builders {
        let client: Client = builder.credentials(token()).observer(heard.clone()).build().unwrap();
        for operation in [&READ, &WRITE, &OLD] {
            call(heard, &client, operation).await;
        }
    }
}

/// For addresses, which may hold passwords.
fn address_error() -> Error {
    let builder = ClientBuilder::<Client>::new().base_url(format!("https://{PERSON}:{SIGNED_URL}@host"));
    builder.build().unwrap_err()
}
