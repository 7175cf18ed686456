#![allow(clippy::unwrap_used, reason = "a failed unwrap is a failed test")]

use dingtalk_storage::types::ConflictStrategy;
use dingtalk_storage_transfer::Target;

use super::*;

/// Name and passages of each text in the index.
fn indexed(index: &Path) -> Vec<(String, Vec<String>)> {
    let files = index.read_dir().unwrap().map(|file| file.unwrap().path());
    let documents = files.filter(|file| file.file_name().is_some_and(|name| name != "checkpoint.json"));
    let mut indexed: Vec<_> = documents
        .map(|file| serde_json::from_slice::<serde_json::Value>(&std::fs::read(file).unwrap()).unwrap())
        .map(|document| {
            let name = document.get("name").unwrap().as_str().unwrap().to_owned();
            (name, serde_json::from_value(document.get("passages").unwrap().clone()).unwrap())
        })
        .collect();
    indexed.sort();
    indexed
}

fn text(name: &str, passages: &[&str]) -> (String, Vec<String>) {
    (name.to_owned(), passages.iter().map(|passage| (*passage).to_owned()).collect())
}

#[tokio::test]
async fn the_index_follows_the_space_and_reads_only_what_has_changed() {
    let playground = Playground::emulated().await.unwrap();
    let local = tempfile::tempdir().unwrap();
    let index = local.path().join("index");
    let drive = Drive::builder(&playground.client).state_dir(local.path().join("state")).build();
    let space = playground.client.drive_v1().add_space("Texts").send().await.unwrap().space_id;
    let put = |path: &'static str, content: &'static str| {
        let (folder, name) = path.rsplit_once('/').unwrap();
        let upload = drive.upload(content.as_bytes()).to(Target::path(&space, folder)).name(name).make_folders();
        upload.on_conflict(ConflictStrategy::Overwrite).send()
    };
    put("/a.md", "one\n\ntwo\n").await.unwrap();
    let below = put("/below/b.txt", "three").await.unwrap().entry;
    put("/picture.png", "no text").await.unwrap();
    assert_eq!(run(&drive, &space, &index).await.unwrap(), (2, 0));
    assert_eq!(indexed(&index), [text("a.md", &["one", "two"]), text("b.txt", &["three"])]);
    assert_eq!(run(&drive, &space, &index).await.unwrap(), (0, 0), "nothing has changed");

    put("/a.md", "four").await.unwrap();
    playground.client.storage_v1().delete_dentry(&space, &below.id).send().await.unwrap();
    assert_eq!(run(&drive, &space, &index).await.unwrap(), (1, 1));
    assert_eq!(indexed(&index), [text("a.md", &["four"])]);
}
