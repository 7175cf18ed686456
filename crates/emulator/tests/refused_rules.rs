//! Rules, plans and admin calls that cannot work are refused with what is right.

#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "what is missing is a failed test")]

mod support;

use dingtalk_storage_emulator::Emulator;
use reqwest::Method;
use serde_json::{Value, json};
use support::Drive;

async fn told(drive: &Drive, method: Method, path: &str, body: Value) -> (u16, String) {
    let body = Some(body).filter(|body| !body.is_null());
    let answer = drive.send(method, &format!("/_emulator{path}"), body.as_ref()).await;
    (answer.status, answer.body["message"].as_str().unwrap_or_default().to_owned())
}

#[tokio::test]
async fn faults_that_cannot_strike() {
    let drive = Drive::start().await;
    let slow = json!({"kind": "throttle"});
    for (rule, right) in [
        (json!({"fault": {"kind": "status", "status": 99}}), "from 200 to 599"),
        (json!({"fault": {"kind": "status", "status": 100}}), "from 200 to 599"),
        (json!({"fault": {"kind": "applyThenStatus", "status": 600}}), "from 200 to 599"),
        (json!({"fault": {"kind": "status", "status": 304}}), "has no body"),
        (json!({"fault": {"kind": "redirect", "status": 200, "location": "/"}}), "301, 302, 303, 307 or 308"),
        (json!({"fault": {"kind": "redirect", "status": 302, "location": ""}}), "no location"),
        (json!({"fault": {"kind": "redirect", "status": 302, "location": "a\nb"}}), "no location"),
        (json!({"fault": {"kind": "slow", "rate": 0}}), "1 byte in a second"),
        (json!({"fault": slow, "nth": 0}), "counted from 1"),
        (json!({"fault": slow, "times": 0}), "null for every call"),
        (json!({"fault": slow, "probability": 0.0}), "more than 0"),
        (json!({"fault": {"kind": "mutateJson", "pointer": "dentry.id"}}), "/dentry/id"),
        (json!({"fault": {"kind": "mutateJson", "pointer": ""}}), "cannot be taken away"),
        (json!({"fault": {"kind": "mutateJson", "pointer": "/a~b"}}), "~0"),
        (json!({"fault": {"kind": "ignoreRange"}, "operation": "storage.PutObject"}), "it is for storage.GetObject"),
        (json!({"fault": {"kind": "flipBit", "bit": 1}, "operation": "storage.HeadObject"}), "it is for operations"),
        (json!({"fault": {"kind": "deadUrl"}, "operation": "storage_v1.GetSpace"}), "storage_v2.GetFileUploadInfo"),
        (json!({"fault": {"kind": "revokeToken"}, "operation": "oauth2_v1.GetAccessToken"}), "it is for operations"),
        (json!({"fault": {"kind": "mutateJson", "pointer": "/x"}, "operation": "storage.*"}), "it is for operations"),
        (json!({"fault": slow, "operation": "storage_v1.GetWebOfficeUrl"}), "is not emulated"),
        (json!({"fault": slow, "operation": "GetSpace"}), "storage_v1.GetSpace"),
        (json!({"fault": slow, "operation": "storage_v1.GetSpaec"}), "is it storage_v1.GetSpace?"),
        (json!({"fault": slow, "operation": "storage_v3.*"}), "storage_v3.*"),
        (json!({"fault": {"kind": "banPage"}, "operation": "events.Push"}), "events.Push"),
    ] {
        let (status, message) = told(&drive, Method::POST, "/faults", rule.clone()).await;
        assert!(status == 400 && message.contains(right), "{rule}: {status} {message}");
    }
    assert_eq!(drive.emulator.faults(), []);
    for rule in [
        json!({"fault": {"kind": "ignoreRange"}}),
        json!({"fault": {"kind": "slow", "rate": 1}, "operation": "storage.*"}),
        json!({"fault": {"kind": "mutateJson", "pointer": "", "value": []}, "operation": "storage_v1.GetSpace"}),
        json!({"fault": {"kind": "deadUrl"}, "operation": "storage_v1.GetMultipartFileUploadInfos"}),
        json!({"fault": {"kind": "delay", "millis": 1}, "operation": "events.Push"}),
    ] {
        assert_eq!(told(&drive, Method::POST, "/faults", rule.clone()).await.0, 200, "{rule}");
    }
}

#[tokio::test]
async fn a_fault_for_everything_waits_for_a_call_that_it_can_change() {
    let drive = Drive::start().await;
    let (space, root) = drive.space("waits").await;
    let rule = json!({"fault": {"kind": "ignoreRange"}, "operation": "*"});
    assert_eq!(told(&drive, Method::POST, "/faults", rule).await.0, 200);
    let file = drive.file(&root, "a.txt", "0123456789").await;
    let info = drive.download_info(&space, file["id"].as_str().unwrap()).await;
    let part = drive.signed(Method::GET, &info).header("range", "bytes=0-1").send().await.unwrap();
    assert_eq!(part.status(), 200);
    assert_eq!(drive.emulator.missed_faults(), []);
}

#[tokio::test]
async fn plans_that_cannot_be_carried_out_change_nothing() {
    let drive = Drive::start().await;
    let before = drive.emulator.credentials();
    let file = |file: Value| json!({"spaces": [{"scene": "refused", "files": [{"path": "/good", "text": ""}, file]}]});
    let user = |id: &str| json!({"unionId": id, "userId": id, "name": id});
    for (plan, right) in [
        (file(json!({"path": "/a", "text": "x", "size": 1})), "text and size"),
        (file(json!({"path": "/a", "text": "x", "from": "/etc/hosts", "size": 1})), "text and from and size"),
        (file(json!({"path": "/a"})), "one of text, from and size"),
        (file(json!({"path": "/a/", "text": "x"})), "a folder has no text"),
        (file(json!({"path": "/", "text": "x"})), "at least one name"),
        (file(json!({"path": "/a|b", "text": "x"})), "a name has no"),
        (file(json!({"path": "good", "text": "x"})), "there twice"),
        (file(json!({"path": "/good/a", "text": "x"})), "the file /good"),
        (file(json!({"path": "/a", "from": "/nothing/is/here"})), "/nothing/is/here"),
        (json!({"spaces": [{"folder": "/nothing/is/here"}]}), "/nothing/is/here"),
        (json!({"spaces": [{"owner": "nobody"}]}), "nobody has the unionId nobody"),
        (json!({"users": [user("ada"), user("ada")]}), "the unionId ada is there twice"),
        (json!({"users": [user("")]}), "a unionId is empty"),
        (json!({"apps": [{"key": "k", "secret": ""}]}), "an empty secret"),
        (json!({"apps": [{"key": "k", "secret": "s", "scopes": ["Storage.File.Raed"]}]}), "is it Storage.File.Read?"),
        (json!({"apps": [{"key": "k", "secret": "s", "scope": []}]}), "unknown field `scope`"),
        (json!({"users": [user("new")], "spaces": [{"scene": "x", "quotas": 1}]}), "unknown field `quotas`"),
        (json!({"users": [user("new")], "spaces": [{"owner": "nobody"}]}), "spaces[0]"),
    ] {
        let (status, message) = told(&drive, Method::POST, "/plan", plan.clone()).await;
        assert!(status == 400 && message.contains(right), "{plan}: {status} {message}");
    }
    assert_eq!(drive.emulator.credentials(), before);
    assert_eq!(drive.emulator.counts().effects.get("space.created"), None);
    let error = Emulator::builder().scopes(["Storage.File.Reed"]).start().await.unwrap_err();
    assert!(error.to_string().contains("is it Storage.File.Read?"), "{error}");
}

#[tokio::test]
async fn admin_calls_know_their_parameters() {
    let drive = Drive::start().await;
    for (method, path, body, status, right) in [
        (Method::GET, "/journal?operations=x", Value::Null, 400, "it takes operation"),
        (Method::GET, "/effects?operation=x", Value::Null, 400, "it takes what"),
        (Method::GET, "/counts?what=x", Value::Null, 400, "takes no parameters"),
        (Method::GET, "/journal?operation=GetSpace", Value::Null, 400, "storage_v1.GetSpace"),
        (Method::GET, "/effects?what=file.comitted", Value::Null, 400, "is it file.committed?"),
        (Method::POST, "/clock/advance", json!({"second": 1}), 400, "seconds and millis"),
        (Method::POST, "/clock/advance", json!({"seconds": "1"}), 400, "whole number"),
        (Method::POST, "/dump", json!({"folder": "/tmp/x", "to": 1}), 400, "it takes folder"),
        (Method::POST, "/reset", json!({"hard": true}), 400, "takes no fields"),
        (Method::DELETE, "/faults?number=1", Value::Null, 400, "takes no parameters"),
        (Method::PUT, "/limits", json!({"perSeconds": 1}), 400, "unknown field `perSeconds`"),
        (Method::PUT, "/subscriber", json!({"uri": "http://127.0.0.1:1/"}), 400, "unknown field `uri`"),
        (Method::GET, "/journl", Value::Null, 404, "/_emulator/journal"),
        (Method::POST, "/journal", Value::Null, 405, "takes GET and DELETE"),
        (Method::DELETE, "/faults/7", Value::Null, 404, "no fault 7"),
    ] {
        let told = told(&drive, method.clone(), path, body).await;
        assert!(told.0 == status && told.1.contains(right), "{method} {path}: {told:?}");
    }
}

#[tokio::test]
async fn other_methods_are_no_reads_of_objects() {
    let drive = Drive::start().await;
    let (space, root) = drive.space("methods").await;
    let file = drive.file(&root, "a.txt", "x").await;
    let info = drive.download_info(&space, file["id"].as_str().unwrap()).await;
    for method in [Method::POST, Method::DELETE, Method::OPTIONS, Method::PATCH] {
        assert_eq!(drive.signed(method.clone(), &info).send().await.unwrap().status(), 403, "{method}");
    }
    assert_eq!(drive.emulator.calls("storage.GetObject"), 0);
    assert_eq!(drive.emulator.calls("storage.Other"), 4);
    drive.signed(Method::GET, &info).send().await.unwrap();
    assert_eq!(drive.emulator.calls("storage.GetObject"), 1);
}
