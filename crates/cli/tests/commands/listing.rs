//! What is there: spaces, folders, files, wildcards.

use serde_json::json;

use crate::stage::Stage;

async fn filled() -> Stage {
    let stage = Stage::new().await;
    for (name, text) in [("a.txt", "a"), ("b.txt", "bb"), ("c.pdf", "ccc")] {
        stage.write(name, text);
    }
    stage.ok(&["mkdir", "-p", "ding:Reports/2026/q1", "ding:Reports/2026/q2", "ding:Reports/old"]);
    stage.ok(&["put", "--transfers", "1", "a.txt", "b.txt", "c.pdf", "ding:Reports/2026/q1/"]);
    stage.ok(&["put", "a.txt", "ding:Reports/2026/"]);
    stage
}

#[tokio::test(flavor = "multi_thread")]
async fn people_and_scripts_see_what_is_there() {
    let stage = filled().await;
    insta::assert_snapshot!(stage.transcript(&[
        &["spaces", "--wiki"],
        &["ls"],
        &["ls", "ding:Reports"],
        &["ls", "-l", "ding:Reports/2026/"],
        &["ls", "-R", "ding:Reports"],
        &["ls", "--ids", "ding:Reports/2026/q1/a.txt"],
        &["ls", "--json", "ding:Reports/2026"],
        &["ls", "-d", "ding:Reports/2026"],
        &["tree", "ding:Reports"],
        &["tree", "-L", "1", "-s", "ding:Reports/2026"],
        &["du", "ding:Reports", "-d", "2"],
        &["du", "--json", "ding:Reports/2026"],
        &["find", "ding:Reports", "--name", "*.TXT", "-i", "--type", "file"],
        &["find", "ding:Reports/2026", "--min-size", "2b", "-l"],
        &["stat", "ding:Reports/2026/q1/b.txt"],
        &["spaces", "--json"],
    ]));
}

#[tokio::test(flavor = "multi_thread")]
async fn an_asterisk_stands_for_names_and_two_for_folders_of_any_depth() {
    let stage = filled().await;
    let paths = |pattern: &str| -> Vec<String> {
        let entries = stage.json(&["ls", pattern]);
        entries.iter().map(|entry| entry["data"]["path"].as_str().unwrap().replace("ding:Reports/", "")).collect()
    };
    assert_eq!(paths("ding:Reports/2026/q1/*.txt"), ["2026/q1/a.txt", "2026/q1/b.txt"]);
    assert_eq!(paths("ding:Reports/*/q*/*.pdf"), ["2026/q1/c.pdf"]);
    assert_eq!(paths("ding:Reports/**/a.txt"), ["2026/a.txt", "2026/q1/a.txt"]);
    assert_eq!(paths("ding:Reports/*/"), ["2026", "old"]);
    assert_eq!(paths("ding:Reports/**/q1/*.pdf"), ["2026/q1/c.pdf"]);
    assert_eq!(paths("ding:Reports/2026/**").len(), 6);
    let (code, word, message) = stage.failure(&["ls", "ding:Reports/*.doc"]);
    assert_eq!((code, word.as_str()), (3, "not-found"), "{message}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_file_is_found_by_every_way_to_write_its_place() {
    let stage = filled().await;
    let entry = stage.json(&["stat", "ding:Reports/2026/a.txt"]).remove(0)["data"].clone();
    let (space, uuid) = (entry["space"].as_str().unwrap(), entry["uuid"].as_str().unwrap());
    let folder = stage.json(&["stat", "ding:Reports/2026"]).remove(0)["data"]["uuid"].as_str().unwrap().to_owned();
    for place in [
        format!("ding:{space}/2026/a.txt"),
        format!("ding:id={space}/2026/a.txt"),
        "ding:name=Reports//2026/a.txt".to_owned(),
        format!("ding:uuid={uuid}"),
        format!("ding:uuid={folder}/a.txt"),
    ] {
        let found = stage.json(&["stat", &place]).remove(0)["data"].clone();
        assert_eq!((&found["id"], &found["size"]), (&entry["id"], &json!(1)), "{place}");
    }
    // Its own documents, and a link to something in them.
    stage.ok(&["put", "a.txt", "ding:@my-docs/mine.txt"]);
    assert_eq!(stage.ok(&["cat", "ding:@my-docs/mine.txt"]), "a");
    let mine = stage.json(&["stat", "ding:@my-docs/mine.txt"]).remove(0)["data"]["uuid"].as_str().unwrap().to_owned();
    let link = format!("https://alidocs.dingtalk.com/i/nodes/{mine}?utm_source=x");
    assert_eq!(stage.ok(&["cat", &link]), "a");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_name_that_several_have_is_never_guessed() {
    let stage = Stage::new().await;
    stage.add_space("Twins");
    let other = stage.add_space("Twins");
    let (code, word, message) = stage.failure(&["ls", "ding:Twins"]);
    assert_eq!((code, word.as_str()), (9, "ambiguous"), "{message}");
    assert!(message.contains(&other), "{message}");
    assert_eq!(stage.ok(&["ls", &format!("ding:{other}")]), "");
    // Both are written by their ids where they are listed.
    assert!(stage.ok(&["spaces"]).contains(&format!("ding:id={other}/")));
}

#[tokio::test(flavor = "multi_thread")]
async fn names_that_would_deceive_are_spelled_out() {
    let stage = Stage::new().await;
    stage.write("x", "x");
    let name = "ding:Reports/gnp.\u{202e}txt";
    stage.ok(&["put", "x", name]);
    let listed = stage.ok(&["ls", "ding:Reports"]);
    assert_eq!(listed, "gnp.\\u{202e}txt\n");
    let json = stage.ok(&["ls", "--json", "ding:Reports"]);
    assert!(json.contains("gnp.\\u202etxt") && !json.contains('\u{202e}'), "{json}");
    let entry: serde_json::Value = serde_json::from_str(&json).unwrap();
    assert_eq!(entry["data"]["name"], json!("gnp.\u{202e}txt"));
    let run = stage.run(&["stat", &format!("{name}.missing")]);
    assert!(!run.err.contains('\u{202e}') && run.err.contains("u{202e}"), "{}", run.err);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_reader_that_has_seen_enough_is_no_failure() {
    let stage = filled().await;
    let run = std::process::Command::new("sh")
        .arg("-c")
        .arg(format!(
            "{} ls -R ding:Reports | head -n 1 >/dev/null; echo ${{PIPESTATUS:-0}}",
            env!("CARGO_BIN_EXE_dingtalk-storage")
        ))
        .env("HOME", stage.home.path())
        .env("DINGTALK_ENDPOINT", stage.emulator.api_url())
        .env("DINGTALK_APP_KEY", stage.emulator.credentials().app_key)
        .env("DINGTALK_APP_SECRET", stage.emulator.credentials().app_secret)
        .env("DINGTALK_UNION_ID", stage.person())
        .output()
        .unwrap();
    assert_eq!(String::from_utf8_lossy(&run.stderr), "");
}

#[tokio::test(flavor = "multi_thread")]
async fn all_pages_of_a_list_are_fetched_and_tasks_waited_for() {
    let stage = filled().await;
    let space = stage.json(&["spaces"]).remove(0)["data"]["id"].as_str().unwrap().to_owned();
    let parameters = json!({ "spaceId": space, "unionId": stage.person(), "option.maxResults": 2 }).to_string();
    let list = ["api", "storage_v1.ListAllDentries", "--paginate", "--params", &parameters];
    let whole: serde_json::Value = serde_json::from_str(&stage.ok(&list)).unwrap();
    let lines = stage.ok(&[&list[..], &["-o", "jsonl"]].concat());
    assert!(stage.emulator.calls("storage_v1.ListAllDentries") >= 8);
    assert_eq!(lines.lines().count(), whole["dentries"].as_array().unwrap().len());
    assert!(lines.lines().count() >= 8 && whole["nextToken"].is_null());

    let folder = stage.json(&["stat", "ding:Reports/2026"]).remove(0)["data"]["id"].as_str().unwrap().to_owned();
    let parameters = json!({
        "spaceId": space, "dentryId": folder, "unionId": stage.person(), "targetSpaceId": space, "targetFolderId": "0",
    });
    let parameters = parameters.to_string();
    let copy = stage.json(&["api", "storage_v1.CopyDentry", "--wait", "--params", &parameters]);
    assert_eq!(copy.last().unwrap()["data"]["answer"]["task"]["status"], json!("SUCCESS"), "{copy:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_file_on_the_way_is_a_folder_that_is_missing_and_no_file() {
    let stage = Stage::new().await;
    stage.write("a.txt", "hello");
    stage.ok(&["put", "a.txt", "ding:Reports/"]);
    for (place, is_told_folder) in [
        ("ding:Reports/a.txt/b", true),
        // The name at the end ends as that on the way does.
        ("ding:Reports/a.txt/not-a.txt", true),
        ("ding:Reports/a.txt/a.txt", true),
        ("ding:Reports/none", false),
    ] {
        let (code, _, message) = stage.failure(&["stat", place]);
        assert_eq!(code, 3, "{message}");
        assert_eq!(message.contains("no folder"), is_told_folder, "{message}");
    }
}
