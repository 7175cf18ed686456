//! What stands before every operation: routes, tokens, scopes, parameters, limits.

#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "what is missing is a failed test")]

mod support;

use std::time::Duration;

use dingtalk_storage_emulator::{Emulator, Limits, Window};
use reqwest::Method;
use serde_json::{Value, json};
use support::{Answer, Drive, TOKEN, client};

#[tokio::test]
async fn paths_that_lead_nowhere_and_other_methods() {
    let drive = Drive::start().await;
    assert_eq!(drive.get("/v1.0/storage/spacs").await.refusal(), (404, "InvalidAction.NotFound"));
    assert_eq!(drive.get("/").await.refusal(), (404, "InvalidAction.NotFound"));
    let patched = drive.send(Method::PATCH, "/v1.0/storage/spaces/1", None).await;
    assert_eq!(patched.refusal(), (405, "MethodNotAllowed"));
}

#[tokio::test]
async fn the_error_body_has_the_spelling_of_the_platform() {
    let drive = Drive::start().await;
    let refused = drive.get(&drive.by("/v1.0/storage/spaces/1")).await;
    assert_eq!(refused.refusal(), (404, "spaceNotExist"));
    let keys: Vec<&String> = refused.body.as_object().unwrap().keys().collect();
    assert_eq!(keys, ["code", "message", "requestid"]);
    assert_eq!(refused.body["requestid"].as_str().unwrap().len(), 36);
}

#[tokio::test]
async fn tokens_are_asked_for_checked_and_expire() {
    let mut drive = Drive::of(Emulator::builder().virtual_clock()).await;
    let (space, _) = drive.space("tokens").await;
    let path = drive.by(&format!("/v1.0/storage/spaces/{space}"));
    let good = std::mem::take(&mut drive.token);
    assert_eq!(drive.get(&path).await.refusal(), (400, "AuthenticationFailed.MissingParameter"));
    drive.token = "nobody's".to_owned();
    assert_eq!(drive.get(&path).await.refusal(), (400, "InvalidAuthentication"));
    drive.token = good.clone();
    drive.emulator.advance(Duration::from_secs(7199));
    drive.get(&path).await.ok();
    assert_eq!(drive.new_token().await, good, "it still lives, so it comes back, renewed");
    drive.emulator.advance(Duration::from_secs(7199));
    drive.get(&path).await.ok();
    drive.emulator.advance(Duration::from_secs(1));
    assert_eq!(drive.get(&path).await.refusal(), (400, "InvalidAuthentication"));
    assert_ne!(drive.new_token().await, good);
}

#[tokio::test]
async fn each_way_to_a_token_has_its_own_refusals() {
    let drive = Drive::start().await;
    let credentials = drive.emulator.credentials();
    let post = async |path: &str, body: Value| drive.post(path, &body).await;
    let corp = |name: &str, value: &str| {
        let mut body = json!({
            "suiteKey": credentials.suite_key, "suiteSecret": credentials.suite_secret,
            "authCorpId": credentials.corp_id, "suiteTicket": credentials.suite_ticket,
        });
        if !name.is_empty() {
            body[name] = json!(value);
        }
        body
    };
    let path = "/v1.0/oauth2/accessToken";
    let wrong = json!({"appKey": credentials.app_key, "appSecret": "wrong"});
    assert_eq!(post(path, wrong).await.refusal(), (400, "invalidClientIdOrSecret"));
    assert_eq!(post(path, json!({"appKey": "x"})).await.refusal(), (400, "invalidClientIdOrSecret"));

    let path = "/v1.0/oauth2/corpAccessToken";
    let first = post(path, corp("", "")).await.ok();
    let second = post(path, corp("", "")).await.ok();
    assert_ne!(first["accessToken"], second["accessToken"], "every call gives a new token");
    assert_eq!(first["expireIn"], 7200);
    assert_eq!(post(path, corp("suiteKey", "x")).await.refusal(), (400, "invalidSuiteKey"));
    assert_eq!(post(path, corp("suiteTicket", "old")).await.refusal(), (400, "invalidSuiteTicket"));
    assert_eq!(post(path, corp("authCorpId", "ding0")).await.refusal(), (400, "invalidAuthInfo"));

    let path = format!("/v1.0/oauth2/{}/token", credentials.corp_id);
    let token = |secret: &str, grant: &str| json!({"client_id": credentials.app_key, "client_secret": secret, "grant_type": grant});
    let given = post(&path, token(&credentials.app_secret, "client_credentials")).await.ok();
    assert_eq!(given["expires_in"], 7200);
    assert_eq!(post(&path, token("x", "client_credentials")).await.refusal(), (400, "invalid.client"));
    let refused = post(&path, token(&credentials.app_secret, "password")).await;
    assert_eq!(refused.refusal(), (400, "unsupported.grant.type"));
    let other = post("/v1.0/oauth2/ding0/token", token(&credentials.app_secret, "client_credentials")).await;
    assert_eq!(other.refusal(), (401, "unauthorized.client"));

    let suite = json!({
        "suiteKey": credentials.suite_key, "suiteSecret": credentials.suite_secret,
        "suiteTicket": credentials.suite_ticket,
    });
    let suite = post("/v1.0/oauth2/suiteAccessToken", suite).await.ok();
    let path = format!("{}{}", drive.emulator.api_url(), drive.by("/v1.0/storage/spaces/1"));
    let request = client().get(path).header(TOKEN, suite["accessToken"].as_str().unwrap());
    let refused = Answer::read(request.send().await.unwrap()).await;
    assert_eq!(refused.refusal(), (400, "invalidAccessToken"), "the token of a suite opens no files");
}

#[tokio::test]
async fn a_missing_scope_is_named() {
    let drive = Drive::of(Emulator::builder().scopes(["Storage.Space.Read"])).await;
    let refused = drive.post(&drive.by("/v1.0/storage/spaces"), &json!({})).await;
    assert_eq!(refused.refusal(), (403, "Forbidden.AccessDenied.AccessTokenPermissionDenied"));
    assert_eq!(refused.body["accessdenieddetail"]["requiredScopes"], json!(["Storage.Space.Write"]));
    let allowed = drive.get(&drive.by("/v1.0/storage/spaces/1")).await;
    assert_eq!(allowed.refusal(), (404, "spaceNotExist"));
}

#[tokio::test]
async fn parameters_are_held_to_the_spec() {
    let drive = Drive::start().await;
    let (space, root) = drive.space("checked").await;
    let folder = drive.by(&format!("/v1.0/storage/spaces/{space}/dentries/0/folders"));
    let list = |query: &str| drive.by(&format!("/v1.0/storage/spaces/{space}/dentries?{query}"));
    let upload = drive.by(&format!("/v2.0/storage/spaces/files/{root}/uploadInfos/query"));
    let dentries = drive.by(&format!("/v1.0/storage/spaces/{space}/dentries/query"));
    let unsigned = format!("/v1.0/storage/spaces/{space}");
    assert_eq!(drive.get(&unsigned).await.refusal(), (400, "MissingunionId"));
    assert_eq!(drive.get(&format!("{unsigned}?unionId=nobody")).await.refusal(), (400, "paramError"));
    assert_eq!(drive.get(&list("")).await.refusal(), (400, "MissingparentId"));
    for (query, told) in [
        ("parentId=0&maxResults=51", "51 is too large"),
        ("parentId=0&maxResults=0", "0 is too small"),
        ("parentId=0&maxResults=x", "a whole number is expected"),
        ("parentId=0&orderBy=name", "one of MODIFIED_TIME, CREATE_TIME, NAME, SIZE is expected"),
        ("parentId=0&withThumbnail=yes", "true or false is expected"),
        ("parentId=0&oderBy=NAME", "no such parameter"),
        ("parentId=0&nextToken=made-up", "page token is stale"),
    ] {
        let refused = drive.get(&list(query)).await;
        assert_eq!(refused.refusal(), (400, "paramError"), "{query}");
        assert!(refused.body["message"].as_str().unwrap().contains(told), "{}", refused.body);
    }
    let strategy = json!({"name": "a", "option": {"conflictStrategy": "AUTORENAME"}});
    for (path, body, code) in [
        (&folder, json!({}), "paramError"),
        (&folder, json!({"name": ""}), "paramError"),
        (&folder, json!({"name": 7}), "paramError"),
        (&folder, json!({"name": "a", "nmae": "b"}), "paramError"),
        (&folder, strategy, "paramError.conflictStrategy"),
        (&folder, json!([]), "paramError"),
        (&folder, json!({"name": "a|b"}), "dentryNameIllegal"),
        (&upload, json!({}), "paramError.protocol"),
        (&upload, json!({"protocol": "STS"}), "dentryUploadProtocolNotSupport"),
        (
            &upload,
            json!({"protocol": "HEADER_SIGNATURE", "option": {"storageDriver": "ALIDOC"}}),
            "paramError.storageDriver",
        ),
        (&dentries, json!({"dentryIds": []}), "paramError"),
        (&dentries, json!({"dentryIds": vec!["1"; 31]}), "paramError"),
    ] {
        assert_eq!(drive.post(path, &body).await.refusal(), (400, code), "{body}");
    }
    let garbled = drive.request(Method::POST, &folder, None).body("{\"name\":").send().await.unwrap();
    assert_eq!(Answer::read(garbled).await.refusal(), (400, "paramError"));
    let zero = drive.by("/v2.0/storage/spaces/files/0/uploadInfos/query");
    let refused = drive.post(&zero, &json!({"protocol": "HEADER_SIGNATURE"})).await;
    assert_eq!(refused.refusal(), (500, "systemError"), "as it was seen");
}

#[tokio::test]
async fn a_loose_emulator_ignores_what_it_does_not_know() {
    let drive = Drive::of(Emulator::builder().loose()).await;
    let (space, _) = drive.space("loose").await;
    let path = drive.by(&format!("/v1.0/storage/spaces/{space}/dentries/0/folders?more=1"));
    drive.post(&path, &json!({"name": "a", "nmae": "b"})).await.ok();
}

async fn burst(drive: &Drive, path: &str, calls: usize) -> Vec<u16> {
    let mut statuses = Vec::new();
    for _ in 0..calls {
        statuses.push(drive.get(path).await.status);
    }
    statuses
}

#[tokio::test]
async fn an_app_calls_an_operation_twenty_times_a_second() {
    for window in [Window::Fixed, Window::Sliding] {
        let limits = Limits { window, ..Limits::documented() };
        let drive = Drive::of(Emulator::builder().virtual_clock().limits(limits)).await;
        let (space, _) = drive.space("limits").await;
        let path = drive.by(&format!("/v1.0/storage/spaces/{space}"));
        drive.emulator.advance(Duration::from_millis(1900));
        assert_eq!(burst(&drive, &path, 20).await, [200; 20]);
        let refused = drive.get(&path).await;
        assert_eq!(refused.refusal(), (403, "Forbidden.AccessDenied.QpsLimitForAppkeyAndApi"));
        let other = drive.by(&format!("/v1.0/storage/spaces/{space}/dentries?parentId=0"));
        assert_eq!(drive.get(&other).await.status, 200, "another operation has its own count");
        drive.emulator.advance(Duration::from_millis(100));
        let next_second = drive.get(&path).await.status;
        assert_eq!(next_second, if window == Window::Fixed { 200 } else { 403 }, "{window:?}");
        drive.emulator.advance(Duration::from_millis(900));
        assert_eq!(drive.get(&path).await.status, 200);
    }
}

#[tokio::test]
async fn the_month_has_a_quota_for_what_is_metered() {
    let limits = Limits { per_month: Some(3), ..Limits::off() };
    let drive = Drive::of(Emulator::builder().virtual_clock().limits(limits)).await;
    let path = drive.by("/v1.0/storage/spaces/1");
    assert_eq!(burst(&drive, &path, 3).await, [404; 3]);
    let exhausted = (403, "Forbidden.AccessDenied.ApiCountLimitForOrg");
    assert_eq!(drive.get(&path).await.refusal(), exhausted);
    drive.new_token().await;
    drive.emulator.advance(Duration::from_hours(30 * 24));
    let renewed = Drive { token: drive.new_token().await, ..drive };
    assert_eq!(renewed.get(&path).await.refusal(), exhausted, "31 January");
    renewed.emulator.advance(Duration::from_hours(24));
    let renewed = Drive { token: renewed.new_token().await, ..renewed };
    assert_eq!(renewed.get(&path).await.refusal(), (404, "spaceNotExist"), "1 February");
}

#[tokio::test]
async fn an_address_that_calls_too_often_is_banned_for_five_minutes() {
    let limits = Limits { per_address: Some(5), ..Limits::off() };
    let drive = Drive::of(Emulator::builder().virtual_clock().limits(limits)).await;
    let path = drive.by("/v1.0/storage/spaces/1");
    assert_eq!(burst(&drive, &path, 4).await, [404; 4]);
    let banned = drive.get(&path).await;
    assert!(banned.body.as_str().is_some_and(|page| page.starts_with("<!DOCTYPE html>")), "{banned:?}");
    drive.emulator.advance(Duration::from_secs(299));
    assert!(drive.get(&path).await.body.is_string());
    drive.emulator.advance(Duration::from_secs(1));
    assert_eq!(drive.get(&path).await.refusal(), (404, "spaceNotExist"));
}
