//! The server's own index, and work that goes on on the server.

use dingtalk_storage_emulator::Emulator;
use serde_json::json;

use crate::stage::Stage;

#[tokio::test(flavor = "multi_thread")]
async fn the_index_finds_files_by_a_word_in_all_spaces_or_in_one() {
    let stage = Stage::on(Emulator::builder().seed(1)).await;
    stage.add_space("Other");
    stage.write("a", "a");
    for place in ["ding:Reports/budget 2026.txt", "ding:Reports/notes.txt", "ding:Other/budget.txt"] {
        stage.ok(&["put", "a", place]);
    }
    let names = |arguments: &[&str]| -> Vec<String> {
        let found = stage.json(&[&["search"], arguments].concat());
        let mut names: Vec<_> = found.iter().map(|found| found["data"]["name"].as_str().unwrap().to_owned()).collect();
        names.sort();
        names
    };
    assert_eq!(names(&["budget"]), ["budget 2026.txt", "budget.txt"]);
    assert_eq!(names(&["budget", "--within", "ding:Other"]), ["budget.txt"]);
    assert_eq!(names(&["budget", "--limit", "1"]).len(), 1);
    assert_eq!(names(&["nothing at all"]), Vec::<String>::new());
    let shown = stage.ok(&["search", "notes"]);
    let uuid = stage.json(&["stat", "ding:Reports/notes.txt"]).remove(0)["data"]["uuid"].as_str().unwrap().to_owned();
    assert!(shown.trim_end().ends_with(&format!("  notes.txt  ding:uuid={uuid}")), "{shown}");
    // What it gives is taken by the other commands.
    let path = stage.json(&["search", "notes"]).remove(0)["data"]["path"].as_str().unwrap().to_owned();
    assert_eq!(stage.ok(&["cat", &path]), "a");
    assert_eq!(stage.failure(&["search", "x", "--within", "ding:Nowhere"]).0, 3);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_task_is_told_and_waited_for() {
    let stage = Stage::on(Emulator::builder().seed(1)).await;
    stage.write("a", "a");
    stage.ok(&["put", "-p", "a", "ding:Reports/folder/a"]);
    let entry = stage.json(&["stat", "ding:Reports/folder"]).remove(0)["data"].clone();
    let parameters = json!({
        "spaceId": entry["space"], "dentryId": entry["id"], "unionId": stage.person(),
        "targetSpaceId": entry["space"], "targetFolderId": "0", "option.conflictStrategy": "AUTO_RENAME",
    });
    let copy = stage.json(&["api", "storage_v1.CopyDentry", "--params", &parameters.to_string()]).remove(0);
    let task = copy["data"]["answer"]["taskId"].as_str().unwrap().to_owned();
    let shown = stage.json(&["task", &task]).remove(0);
    assert!(["INIT", "IN_PROGRESS", "SUCCESS"].contains(&shown["data"]["status"].as_str().unwrap()), "{shown}");
    let shown = stage.json(&["task", "--wait", &task]).remove(0);
    assert_eq!((&shown["data"]["status"], &shown["data"]["id"]), (&json!("SUCCESS"), &json!(task)), "{shown}");
    // Ids of tasks are numbers.
    assert_eq!(stage.failure(&["task", "no-such-task"]).0, 2);
}
