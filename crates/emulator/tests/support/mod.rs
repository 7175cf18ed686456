//! A small client without opinions: it sends what a test says and returns what came.

#![allow(dead_code, reason = "no test uses all of it")]
#![allow(clippy::expect_used, clippy::unwrap_used, reason = "a failed request is a failed test")]

use dingtalk_storage_emulator::{Emulator, EmulatorBuilder};
use reqwest::{Client, Method, Response, StatusCode};
use serde_json::{Value, json};

/// Header of the access token.
pub const TOKEN: &str = "x-acs-dingtalk-access-token";

/// An emulator and a client with a token.
pub struct Drive {
    pub emulator: Emulator,
    pub client: Client,
    pub token: String,
}

impl Drive {
    pub async fn start() -> Self {
        Self::of(Emulator::builder()).await
    }

    pub async fn of(builder: EmulatorBuilder) -> Self {
        Self::with(builder.check_refusals().start().await.expect("the emulator starts")).await
    }

    pub async fn with(emulator: Emulator) -> Self {
        let client = client();
        let mut drive = Self { emulator, client, token: String::new() };
        drive.token = drive.new_token().await;
        drive
    }

    pub async fn new_token(&self) -> String {
        let credentials = self.emulator.credentials();
        let body = json!({"appKey": credentials.app_key, "appSecret": credentials.app_secret});
        let answer = self.post("/v1.0/oauth2/accessToken", &body).await.ok();
        answer["accessToken"].as_str().expect("a token").to_owned()
    }

    /// The administrator, who is the operator of most tests.
    pub fn operator(&self) -> String {
        self.emulator.credentials().users[0].union_id.clone()
    }

    /// A path with the operator in its query.
    pub fn by(&self, path: &str) -> String {
        self.by_name("unionId", path)
    }

    /// The same where the operator goes by another name.
    pub fn by_name(&self, name: &str, path: &str) -> String {
        let mark = if path.contains('?') { '&' } else { '?' };
        format!("{path}{mark}{name}={}", self.operator())
    }

    pub async fn send(&self, method: Method, path: &str, body: Option<&Value>) -> Answer {
        Answer::read(self.request(method, path, body).send().await.expect("an answer")).await
    }

    pub fn request(&self, method: Method, path: &str, body: Option<&Value>) -> reqwest::RequestBuilder {
        let mut request = self.client.request(method, format!("{}{path}", self.emulator.api_url()));
        if !self.token.is_empty() {
            request = request.header(TOKEN, &self.token);
        }
        match body {
            Some(body) => request.json(body),
            None => request,
        }
    }

    pub async fn get(&self, path: &str) -> Answer {
        self.send(Method::GET, path, None).await
    }

    pub async fn post(&self, path: &str, body: &Value) -> Answer {
        self.send(Method::POST, path, Some(body)).await
    }

    /// A space of its own scene: its id, and the uuid of its root.
    pub async fn space(&self, scene: &str) -> (String, String) {
        let body = json!({"option": {"scene": scene, "name": scene}});
        let space = self.post(&self.by("/v1.0/storage/spaces"), &body).await.ok();
        let id = space["space"]["id"].as_str().expect("an id").to_owned();
        let path = self.by(&format!("/v1.0/storage/spaces/{id}/dentries/0/query"));
        let root = self.post(&path, &json!({})).await.ok();
        (id, root["dentry"]["uuid"].as_str().expect("a uuid").to_owned())
    }

    pub async fn folder(&self, space: &str, parent: &str, name: &str) -> Value {
        let path = self.by(&format!("/v1.0/storage/spaces/{space}/dentries/{parent}/folders"));
        self.post(&path, &json!({"name": name})).await.ok()["dentry"].clone()
    }

    /// Upload information for a folder.
    pub async fn upload_info(&self, folder_uuid: &str) -> Value {
        let path = self.by(&format!("/v2.0/storage/spaces/files/{folder_uuid}/uploadInfos/query"));
        self.post(&path, &json!({"protocol": "HEADER_SIGNATURE"})).await.ok()
    }

    /// A request with exactly the headers of a signature.
    pub fn signed(&self, method: Method, info: &Value) -> reqwest::RequestBuilder {
        let url = info["resourceUrls"][0].as_str().expect("a URL");
        let mut request = self.client.request(method, url);
        for (name, value) in info["headers"].as_object().expect("headers") {
            request = request.header(name, value.as_str().expect("a text"));
        }
        request
    }

    pub async fn put(&self, info: &Value, bytes: impl Into<Vec<u8>>) -> Response {
        let bytes: Vec<u8> = bytes.into();
        self.signed(Method::PUT, &info["headerSignatureInfo"]).body(bytes).send().await.expect("an answer")
    }

    pub async fn commit(&self, folder_uuid: &str, info: &Value, name: &str) -> Answer {
        let path = self.by(&format!("/v2.0/storage/spaces/files/{folder_uuid}/commit"));
        self.post(&path, &json!({"uploadKey": info["uploadKey"], "name": name})).await
    }

    /// Uploads a file in all three steps.
    pub async fn file(&self, folder_uuid: &str, name: &str, bytes: impl Into<Vec<u8>>) -> Value {
        let info = self.upload_info(folder_uuid).await;
        assert_eq!(self.put(&info, bytes).await.status(), StatusCode::OK);
        self.commit(folder_uuid, &info, name).await.ok()["dentry"].clone()
    }

    pub async fn download_info(&self, space: &str, id: &str) -> Value {
        let path = self.by(&format!("/v1.0/storage/spaces/{space}/dentries/{id}/downloadInfos/query"));
        self.post(&path, &json!({})).await.ok()["headerSignatureInfo"].clone()
    }

    pub async fn download(&self, space: &str, id: &str) -> Vec<u8> {
        let info = self.download_info(space, id).await;
        let answer = self.signed(Method::GET, &info).send().await.expect("an answer");
        assert_eq!(answer.status(), StatusCode::OK);
        answer.bytes().await.expect("bytes").to_vec()
    }
}

/// A client that follows no redirects and keeps no state.
pub fn client() -> Client {
    // Nothing here speaks TLS, but in a build of the whole workspace reqwest has it, without a default.
    let _ = rustls::crypto::ring::default_provider().install_default();
    let builder = Client::builder().no_proxy().tls_certs_only([]);
    builder.redirect(reqwest::redirect::Policy::none()).build().expect("a client")
}

/// An answer of the API.
#[derive(Debug, Clone, PartialEq)]
pub struct Answer {
    pub status: u16,
    pub body: Value,
}

impl Answer {
    pub async fn read(response: Response) -> Self {
        let status = response.status().as_u16();
        let text = response.text().await.expect("a body");
        let body = if text.is_empty() { Value::Null } else { serde_json::from_str(&text).unwrap_or(Value::from(text)) };
        Self { status, body }
    }

    /// The body of a success.
    #[track_caller]
    pub fn ok(self) -> Value {
        assert_eq!(self.status, 200, "{}", self.body);
        self.body
    }

    /// Status and code of a refusal.
    #[track_caller]
    pub fn refusal(&self) -> (u16, &str) {
        (self.status, self.body["code"].as_str().unwrap_or_else(|| panic!("no code in {}", self.body)))
    }
}
