//! What plans and folders give an emulator to begin with.

#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "what is missing is a failed test")]

mod support;

use std::path::Path;

use dingtalk_storage_emulator::{Emulator, Plan};
use serde_json::{Value, json};
use support::Drive;

/// The plan that the README shows, with the file that it takes from this machine.
fn plan_of_the_readme(folder: &Path) -> Plan {
    let readme = std::fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("README.md")).unwrap();
    let plan = readme.split_once("```yaml\n").unwrap().1.split_once("```").unwrap().0;
    std::fs::create_dir(folder.join("assets")).unwrap();
    std::fs::write(folder.join("assets/logo.png"), "a logo").unwrap();
    std::fs::write(folder.join("plan.yaml"), plan).unwrap();
    Plan::read(&folder.join("plan.yaml")).unwrap()
}

async fn handbook(drive: &Drive) -> Value {
    let path = format!("/v2.0/wiki/workspaces?withPermissionRole=true&operatorId={}", drive.operator());
    let found = drive.get(&path).await.ok()["workspaces"].as_array().unwrap().clone();
    found.into_iter().find(|workspace| workspace["name"] == "Handbook").unwrap_or_default()
}

/// Status and code of a question for the space of each chat.
async fn chats(drive: &Drive) -> Vec<(String, u16, Value)> {
    let mut found = Vec::new();
    for chat in drive.emulator.credentials().chats {
        let body = json!({"openConversationId": chat.open_conversation_id});
        let answer = drive.post(&drive.by("/v1.0/convFile/conversations/spaces/query"), &body).await;
        found.push((chat.name, answer.status, answer.body["code"].clone()));
    }
    found
}

#[tokio::test]
async fn the_people_of_a_plan_have_chats_and_a_handbook() {
    let folder = tempfile::tempdir().unwrap();
    let mut plan = plan_of_the_readme(folder.path());
    // The app of the README may read spaces and files alone.
    plan.apps[0].scopes = None;
    let drive = Drive::of(Emulator::builder().plan(plan)).await;
    assert_eq!((drive.emulator.credentials().corp_id.as_str(), drive.operator().as_str()), ("dingexample", "ada"));
    let [everybody, lunch, partners] = chats(&drive).await.try_into().unwrap();
    assert_eq!(everybody, ("Everybody".to_owned(), 200, Value::Null));
    assert_eq!(lunch, ("Lunch".to_owned(), 200, Value::Null));
    assert_eq!((partners.1, partners.2), (403, json!("acrossOrgAccessForbidden")));
    let handbook = handbook(&drive).await;
    assert_eq!((&handbook["creatorId"], &handbook["corpId"]), (&json!("ada1"), &json!("dingexample")), "{handbook}");
    assert_eq!(handbook["permissionRole"], "OWNER");
}

#[tokio::test]
async fn a_plan_with_people_alone_or_a_name_alone_keeps_the_rest_together() {
    let people = "users: [{unionId: zoe, userId: z, name: Zoe, admin: true}, {unionId: yan, userId: y, name: Yan}]";
    for (plan, role) in [(people, "OWNER"), ("corpId: dingother", "OWNER")] {
        let drive = Drive::of(Emulator::builder().plan(Plan::from_yaml(plan).unwrap())).await;
        let statuses: Vec<u16> = chats(&drive).await.iter().map(|(_, status, _)| *status).collect();
        assert_eq!(statuses, [200, 200, 403], "{plan}");
        assert_eq!(handbook(&drive).await["permissionRole"], role, "{plan}");
        let second = drive.emulator.credentials().users[1].union_id.clone();
        let path = format!("/v2.0/wiki/workspaces?withPermissionRole=true&operatorId={second}");
        assert_eq!(drive.get(&path).await.ok()["workspaces"][0]["permissionRole"], "READER", "{plan}");
    }
}

/// Paths and sizes of everything in a space.
async fn listed(drive: &Drive, space: &str) -> Vec<(String, u64)> {
    let path = drive.by(&format!("/v1.0/storage/spaces/{space}/dentries/listAll"));
    let all = drive.post(&path, &json!({})).await.ok();
    let each =
        |dentry: &Value| (dentry["path"].as_str().unwrap().to_owned(), dentry["size"].as_u64().unwrap_or_default());
    let mut found: Vec<(String, u64)> = all["dentries"].as_array().unwrap().iter().map(each).collect();
    found.sort_unstable();
    found
}

#[tokio::test]
async fn the_files_of_a_folder_are_put_into_the_default_space() {
    let folder = tempfile::tempdir().unwrap();
    std::fs::create_dir_all(folder.path().join("sub/deep")).unwrap();
    std::fs::create_dir(folder.path().join("empty")).unwrap();
    std::fs::write(folder.path().join("a.txt"), "abc").unwrap();
    std::fs::write(folder.path().join("sub/deep/b.bin"), vec![7; 70_000]).unwrap();
    let wanted = [("/a.txt", 3), ("/empty", 0), ("/sub", 0), ("/sub/deep", 0), ("/sub/deep/b.bin", 70_000)]
        .map(|(path, size)| (path.to_owned(), size));
    let drive = Drive::of(Emulator::builder().plan(Plan::of_folder(folder.path()))).await;
    let space = drive.post(&drive.by("/v1.0/storage/spaces"), &json!({})).await.ok();
    assert_eq!(listed(&drive, space["space"]["id"].as_str().unwrap()).await, wanted);
    // The same of a plan beside which the folder is.
    std::fs::write(folder.path().join("plan.yaml"), "spaces: [{scene: x, folder: sub}]").unwrap();
    let drive = Drive::of(Emulator::builder().plan(Plan::read(&folder.path().join("plan.yaml")).unwrap())).await;
    let (space, _) = drive.space("x").await;
    assert_eq!(listed(&drive, &space).await, [("/deep".to_owned(), 0), ("/deep/b.bin".to_owned(), 70_000)]);
}

#[tokio::test]
async fn a_folder_that_is_not_there_is_told() {
    let plan = Plan::of_folder("/nothing/is/here");
    let error = Emulator::builder().plan(plan).start().await.unwrap_err();
    assert!(error.to_string().contains("/nothing/is/here"), "{error}");
}
