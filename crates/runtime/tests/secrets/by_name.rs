//! Calls by name, with secrets in everything.

use dingtalk_runtime::{Client, ClientBuilder, Operation, Request};
use serde_json::json;

use crate::answers::{Upload, UploadKey};
use crate::hearing::Heard;
use crate::support::WRITE;
use crate::{AUTHORIZATION, SIGNED_URL, UPLOAD_KEY};

const OPERATION: Operation = WRITE;

/// As generated code has them.
struct Calls(Client);

impl Calls {
    fn new(client: &Client) -> Self {
        Self(client.clone())
    }

    fn write(&self, id: &UploadKey) -> Write {
        Write(self.0.request(&OPERATION).path("id", id))
    }
}

struct Write(Request);

impl Write {
    fn key(self, key: &UploadKey) -> Self {
        Self(self.0.query("key", key))
    }

    fn keys(self, keys: &[UploadKey]) -> Self {
        Self(self.0.body("keys", keys))
    }

    fn count(self, count: i64) -> Self {
        Self(self.0.body("count", &count))
    }
}

dingtalk_runtime::__private::named!(write: Write -> Upload {
    required path "id" => id: &UploadKey, "The thing.";
    optional query "key" => key: &UploadKey, "A key.";
    optional body "keys" => keys: &[UploadKey], "Keys.";
    optional body "count" => count: i64, "A count.";
});

/// Requests, previews of them, and what is wrong with parameters.
pub fn everything(heard: &Heard) {
    let client: Client = ClientBuilder::new().base_url("http://127.0.0.1:9").build().unwrap();
    let parameters = |json: serde_json::Value| json.as_object().unwrap().clone();
    let good = parameters(json!({ "id": UPLOAD_KEY, "key": SIGNED_URL, "keys": [AUTHORIZATION], "count": 1 }));
    let request = NAMED.request(&client, &good).unwrap();
    heard.debug(&request);
    let preview = request.preview().unwrap();
    assert!(preview.to_string().contains("/v1.0/things/HIDDEN/write?key=HIDDEN"), "{preview}");
    heard.debug(&preview);
    heard.debug(&preview.to_string());
    let call = request.send();
    heard.debug(&call);
    for wrong in [
        json!({ "id": [UPLOAD_KEY], "key": { "x": SIGNED_URL }, "count": AUTHORIZATION }),
        json!({ "key": [UPLOAD_KEY], "keys": AUTHORIZATION }),
        json!({ "id": "7", "keys": [[AUTHORIZATION]] }),
    ] {
        let error = NAMED.request(&client, &parameters(wrong)).unwrap_err();
        heard.debug(&error);
        heard.debug(&error.to_string());
    }
    let answer = json!({ "size": AUTHORIZATION, "uploadKey": UPLOAD_KEY }).to_string();
    assert!(NAMED.decode(answer.as_bytes()).is_err());
}
