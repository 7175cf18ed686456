//! `GET /gettoken` of the old host, which older official clients still call: `oauth2_v1.GetAccessToken` in other words.
//! It counts as that in the journal, for faults and for limits.

use serde_json::{Value, json};

use super::answer::Answer;
use crate::query;
use crate::routes::{Found, Routes};

/// What it is in the words of the API.
const NEWER: &str = "/v1.0/oauth2/accessToken";

/// Errors of the old host by those of the API; the last is for all others.
const CODES: [(&str, i64); 4] = [
    ("invalidClientIdOrSecret", 40_096),
    ("Forbidden.AccessDenied.QpsLimitForAppkeyAndApi", 90_018),
    ("Forbidden.AccessDenied.ApiCountLimitForOrg", 90_020),
    ("", 40_035),
];

/// Whether a request is that call.
pub(super) fn is_get_token(method: &str, path: &str) -> bool {
    method == "GET" && path == "/gettoken"
}

/// The operation that it is.
pub(super) fn operation(routes: &Routes) -> Found {
    routes.find("POST", NEWER)
}

/// The body that the operation takes, from the query.
pub(super) fn body(query: &mut Vec<(String, String)>) -> Vec<u8> {
    let mut body = serde_json::Map::new();
    for (older, newer) in [("appkey", "appKey"), ("appsecret", "appSecret")] {
        if let Some(value) = query::first(query, older) {
            body.insert(newer.to_owned(), Value::from(value));
        }
        query.retain(|(name, _)| name != older);
    }
    Value::Object(body).to_string().into_bytes()
}

/// The answer of the old host: always HTTP status 200, and an `errcode`.
pub(super) fn answer(answer: Answer) -> Answer {
    answer.reworded(|answer| {
        if let Some(token) = answer.get("accessToken") {
            json!({ "errcode": 0, "errmsg": "ok", "access_token": token, "expires_in": answer.get("expireIn") })
        } else {
            let code = answer.get("code").and_then(Value::as_str).unwrap_or_default();
            let known = CODES.iter().find(|(each, _)| *each == code || each.is_empty());
            json!({
                "errcode": known.map(|(_, errcode)| errcode),
                "errmsg": answer.get("message"),
                "request_id": answer.get("requestid"),
            })
        }
    })
}
