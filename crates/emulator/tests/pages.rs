//! The state, the journal and the faults as pages for people.

#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "what is missing is a failed test")]

mod support;

use dingtalk_storage_emulator::{Fault, FaultKind};
use reqwest::Method;
use serde_json::{Value, json};
use support::Drive;

/// What a browser says that it takes.
const BROWSER: &str = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8";

async fn page(drive: &Drive, path: &str) -> String {
    let answer = drive.client.get(format!("{}{path}", drive.emulator.api_url())).header("accept", BROWSER);
    let answer = answer.send().await.unwrap();
    assert_eq!(answer.status(), 200, "{path}");
    let header = |name: &str| answer.headers().get(name).unwrap().to_str().unwrap().to_owned();
    assert_eq!(header("content-type"), "text/html;charset=utf-8", "{path}");
    assert!(header("content-security-policy").starts_with("default-src 'none';"), "{path}");
    answer.text().await.unwrap()
}

#[tokio::test]
async fn pages_show_what_there_is_and_what_was_asked() {
    let drive = Drive::start().await;
    let (space, root) = drive.space("reports").await;
    let folder = drive.folder(&space, "0", "Quarter 1").await;
    let file = drive.file(folder["uuid"].as_str().unwrap(), "sums.csv", "a,b").await;
    drive.get(&drive.by("/v1.0/storage/spaces/999")).await;
    drive.emulator.add_fault(Fault::new(FaultKind::ResetBefore).on("storage_v1.GetSpace"));

    let overview = page(&drive, "/_emulator/").await;
    assert!(overview.contains(&drive.emulator.credentials().app_key) && overview.contains(&drive.operator()));
    let state = page(&drive, "/_emulator/state").await;
    for part in ["reports", "Quarter 1/", "sums.csv", &root, file["uuid"].as_str().unwrap(), "OWNER USER"] {
        assert!(state.contains(part), "the state lacks {part}");
    }
    let journal = page(&drive, "/_emulator/journal").await;
    for part in ["storage_v2.CommitFile", "storage.PutObject", "folder.created", "file.committed"] {
        assert!(journal.contains(part), "the journal lacks {part}");
    }
    let narrow = page(&drive, "/_emulator/journal?operation=storage_v1.AddFolder").await;
    assert!(narrow.contains("folder.created") && !narrow.contains("storage.PutObject"));
    assert!(page(&drive, "/_emulator/effects").await.contains("object.stored"));
    let faults = page(&drive, "/_emulator/faults").await;
    assert!(faults.contains("resetBefore") && faults.contains("storage_v1.GetSpace"));
    let operations = page(&drive, "/_emulator/operations").await;
    assert!(operations.contains("/_emulator/operations/storage_v2.CommitFile") && operations.contains("not emulated"));
    let operation = page(&drive, "/_emulator/operations/storage_v1.GetSpace").await;
    for part in ["/v1.0/storage/spaces/{spaceId}", "spaceNotExist", "resetBefore", "required"] {
        assert!(operation.contains(part), "the page of the operation lacks {part}");
    }
}

#[tokio::test]
async fn programs_get_json_at_the_same_addresses() {
    let drive = Drive::start().await;
    for accept in [None, Some("*/*"), Some("application/json"), Some("application/json, text/plain, */*")] {
        let mut request = drive.client.get(format!("{}/_emulator", drive.emulator.api_url()));
        if let Some(accept) = accept {
            request = request.header("accept", accept);
        }
        let answer = request.send().await.unwrap();
        assert_eq!(answer.headers()["vary"], "accept");
        let about: Value = serde_json::from_str(&answer.text().await.unwrap()).unwrap();
        assert_eq!(about["apiUrl"], drive.emulator.api_url(), "{accept:?}");
    }
    let counts = drive.client.get(format!("{}/_emulator/counts", drive.emulator.api_url())).header("accept", BROWSER);
    assert!(counts.send().await.unwrap().text().await.unwrap().starts_with('{'), "what has no page stays JSON");
    let missing = drive.client.get(format!("{}/_emulator/operations/no.Such", drive.emulator.api_url()));
    assert_eq!(missing.header("accept", BROWSER).send().await.unwrap().status(), 404);
}

#[tokio::test]
async fn names_are_shown_and_never_done() {
    let drive = Drive::start().await;
    let name = "x' onload='alert(1)' &amp; ${7}";
    let (space, _) = drive.space("hostile").await;
    drive.folder(&space, "0", name).await;
    drive.send(Method::GET, "/v1.0/<script>alert(1)</script>", None).await;
    let state = page(&drive, "/_emulator/state").await;
    assert!(state.contains("&amp;amp; ${7}"), "an ampersand stands for itself");
    let journal = page(&drive, "/_emulator/journal").await;
    for text in [&state, &journal] {
        assert_eq!(text.matches("<script").count(), 1, "the page has its own script alone");
    }
    let narrow = page(&drive, "/_emulator/journal?operation=%3Cscript%3Ealert(1)%3C/script%3E").await;
    assert_eq!(narrow.matches("<script").count(), 1);
}

#[tokio::test]
async fn pages_change_nothing_and_are_as_guarded_as_the_rest() {
    let drive = Drive::start().await;
    let before = drive.get("/_emulator/counts").await;
    for path in ["", "/state", "/journal", "/effects", "/faults", "/operations"] {
        page(&drive, &format!("/_emulator{path}")).await;
    }
    assert_eq!(drive.get("/_emulator/counts").await, before);
    let url = format!("{}/_emulator/state", drive.emulator.api_url());
    let rebound = drive.client.get(&url).header("accept", BROWSER).header("host", "evil.example").send().await.unwrap();
    assert_eq!(rebound.status(), 403);
    let posted = drive.client.post(&url).header("accept", BROWSER).json(&json!({})).send().await.unwrap();
    assert_ne!(posted.status(), 200);
    for (path, kind) in [("style.css", "text/css"), ("page.js", "text/javascript")] {
        let asset =
            drive.client.get(format!("{}/_emulator/assets/{path}", drive.emulator.api_url())).send().await.unwrap();
        assert!(asset.headers()["content-type"].to_str().unwrap().starts_with(kind), "{path}");
    }
}

/// A drive of a hundred thousand entries makes no page that no browser can show.
#[tokio::test]
async fn a_page_has_an_end() {
    let drive = Drive::start().await;
    let files: Vec<Value> = (0..1_050).map(|at| json!({"path": format!("/f{at}/")})).collect();
    drive.post("/_emulator/plan", &json!({"spaces": [{"scene": "many", "files": files}]})).await.ok();
    let state = page(&drive, "/_emulator/state").await;
    assert!(state.contains("more files and folders are not shown"), "{}", state.len());
    assert!(state.matches("<tr").count() < 1_100);
}
