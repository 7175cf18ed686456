//! Answers that hold secrets, and answers that repeat what was sent.

use std::collections::BTreeMap;

use crate::support::*;
use crate::{AUTHORIZATION, SECRET, SIGNED_URL, TICKET, TOKEN_TEXT, UPLOAD_KEY};

/// A secret as generated code declares it.
#[derive(Clone, PartialEq, Eq, Default)]
pub struct UploadKey(String);

dingtalk_runtime::__private::secret!(UploadKey);

/// An answer that holds secrets.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Upload {
    pub key: Option<UploadKey>,
    pub url: Option<UploadKey>,
    pub headers: BTreeMap<String, UploadKey>,
    pub size: Option<i64>,
    pub next: Option<UploadKey>,
}

dingtalk_runtime::__private::answer_object!(Upload {
    "uploadKey" => key: text,
    "url" => url: text,
    "headers" => headers: map,
    "size" => size: integer,
    "nextToken" => next: text,
});

/// A way for a server to answer.
pub type Answer = Box<dyn Fn(&Received) -> Plan + Send + Sync>;

fn always(plan: Plan) -> Answer {
    Box::new(move |_| plan.clone())
}

fn send(bytes: Vec<u8>) -> Answer {
    always(Plan::Answer(vec![Step::Send(bytes), Step::Close]))
}

/// A way to write a text.
type Form = fn(&str) -> String;

fn raw(text: &str) -> String {
    text.to_owned()
}

fn escaped(text: &str) -> String {
    serde_json::to_string(text).unwrap().replace('/', "\\/")
}

fn encoded(text: &str) -> String {
    percent_encoding::utf8_percent_encode(text, percent_encoding::NON_ALPHANUMERIC).to_string()
}

/// All that a request brought, in a form.
fn repeated(received: &Received, form: Form) -> String {
    let token = received.header("x-acs-dingtalk-access-token").unwrap_or_default();
    let own = received.header("x-own").unwrap_or_default();
    let target = percent_encoding::percent_decode_str(&received.target).decode_utf8_lossy();
    let body = std::str::from_utf8(&received.body).unwrap();
    format!("bad: {}", [token, own, &target, body].map(form).join(" "))
}

/// A refusal that repeats everything, everywhere.
fn echo(status: u16, code: &'static str, form: Form) -> Answer {
    Box::new(move |received| {
        let said = repeated(received, form);
        let scopes = serde_json::json!({ "requiredScopes": [said] });
        let code = if code.is_empty() { format!("new {said}") } else { code.to_owned() };
        let error = serde_json::json!({
            "code": code, "requestid": format!("R {said}"), "message": said, "accessdenieddetail": scopes,
        });
        json(status, &error.to_string())
    })
}

/// Ways for the API to answer.
pub fn answers() -> Vec<Answer> {
    let headers = serde_json::json!({ "Authorization": AUTHORIZATION });
    let upload = |size: serde_json::Value, headers: serde_json::Value| {
        serde_json::json!({ "headers": headers, "uploadKey": UPLOAD_KEY, "url": SIGNED_URL, "size": size }).to_string()
    };
    let good = upload(7.into(), headers.clone());
    let wrong = upload(SECRET.into(), headers);
    let fine = |body: &str| always(json(200, body));
    vec![
        fine(&good),
        fine(&wrong),
        fine(&good[..good.len() - 9]),
        fine(&good[..good.find("s1g").unwrap() + 3]),
        fine(&upload(7.into(), serde_json::json!({ "Authorization": [AUTHORIZATION] }))),
        fine(&upload(7.into(), serde_json::json!({ AUTHORIZATION: [UPLOAD_KEY] }))),
        fine(&good.replace(r#""Authorization":"#, r#""Authorization":"x":"#)),
        fine(&format!(r#"{{"uploadKey":"{AUTHORIZATION}":1}}"#)),
        fine(&serde_json::json!({ UPLOAD_KEY: { AUTHORIZATION: 1 } }).to_string().replace(":1", ":x")),
        send(bytes(200, "", &good)[..90].to_vec()),
        always(Plan::Answer(vec![Step::Close])),
        always(Plan::Answer(vec![Step::Stall])),
        echo(400, "paramError", raw),
        echo(400, "paramError", escaped),
        echo(400, "paramError", encoded),
        echo(400, "paramError", |text| encoded(&escaped(text))),
        echo(400, "", raw),
        echo(500, "systemError", raw),
        // The target as it came: nobody knows how another side encodes it.
        Box::new(|received| json(400, &serde_json::json!({ "code": "x", "message": received.target }).to_string())),
        always(json(400, EXPIRED)),
        always(json(403, THROTTLED)),
        always(answer(302, &format!("Location: {SIGNED_URL}&{SECRET}\r\nSet-Cookie: {TOKEN_TEXT}\r\n"), "")),
        always(answer(403, "Content-Type: text/html\r\n", &format!("<html>{TOKEN_TEXT}</html>"))),
        always(answer(200, &format!("Content-Encoding: {SECRET}\r\nX-Token: {TOKEN_TEXT}\r\n"), &wrong)),
        send(format!("HTTP/1.1 200 OK\r\nBad Header {SECRET}\r\n\r\n").into_bytes()),
        send(format!("{TOKEN_TEXT} {SECRET}\r\n\r\n").into_bytes()),
        Box::new(|received| {
            json(200, &serde_json::json!({ "errcode": 1, "errmsg": repeated(received, raw) }).to_string())
        }),
    ]
}

/// Ways for the server of tokens to answer; the first is good.
pub fn token_answers() -> Vec<Answer> {
    let good =
        serde_json::json!({ "accessToken": TOKEN_TEXT, "access_token": TOKEN_TEXT, "expireIn": 7200 }).to_string();
    let message = serde_json::to_string(SECRET).unwrap();
    let both = serde_json::json!({ "code": "invalidSuiteTicket", "requestid": "R", "message": [SECRET, TICKET] });
    vec![
        always(json(200, &good)),
        always(json(200, &good[..good.len() - 5])),
        always(json(200, &good.replace("7200", &message))),
        always(json(200, &serde_json::json!({ "accessToken": [TOKEN_TEXT] }).to_string())),
        always(json(200, &serde_json::json!({ "accessToken": format!("{TOKEN_TEXT}\n") }).to_string())),
        always(json(400, &format!(r#"{{"code":"invalidClientIdOrSecret","requestid":"R","message":{message}}}"#))),
        always(json(400, &both.to_string())),
        echo(400, "invalidSuiteTicket", raw),
        echo(400, "invalidSuiteTicket", escaped),
        echo(400, "invalidSuiteTicket", encoded),
        echo(500, "", raw),
        always(json(500, &good)),
        always(Plan::Answer(vec![Step::Close])),
    ]
}
