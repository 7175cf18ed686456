//! State that outlives the process, also when it is killed.

#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "what is missing is a failed test")]

mod support;

use std::collections::BTreeMap;
use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use dingtalk_storage_emulator::Emulator;
use reqwest::{Client, Method};
use serde_json::{Value, json};
use support::{Drive, TOKEN, client};

#[tokio::test]
async fn a_folder_is_taken_up_again() {
    let folder = tempfile::tempdir().unwrap();
    let start = async || Drive::of(Emulator::builder().folder(folder.path())).await;
    let drive = start().await;
    let credentials = drive.emulator.credentials();
    let (space, root) = drive.space("kept").await;
    let file = drive.file(&root, "a.txt", "kept bytes").await;
    let unfinished = drive.upload_info(&root).await;
    drive.put(&unfinished, "put, not committed").await;
    let token = drive.token.clone();
    drive.emulator.stop().await;

    let drive = start().await;
    assert_eq!(drive.emulator.credentials(), credentials);
    assert_eq!(drive.token, token, "the token still lives, so the same one comes back");
    assert_eq!(drive.space("kept").await, (space.clone(), root.clone()));
    assert_eq!(drive.download(&space, file["id"].as_str().unwrap()).await, b"kept bytes");
    assert_eq!(drive.commit(&root, &unfinished, "b.txt").await.ok()["dentry"]["size"], 18);
    let other = drive.file(&root, "c.txt", "new").await;
    assert_ne!(other["id"], file["id"]);
    drive.emulator.stop().await;
}

#[tokio::test]
async fn a_dump_is_loaded_into_another_emulator() {
    let folder = tempfile::tempdir().unwrap();
    let drive = Drive::start().await;
    let (space, root) = drive.space("dumped").await;
    let file = drive.file(&root, "a.txt", "x".repeat(3_000_000)).await;
    drive.emulator.dump(folder.path()).await.unwrap();
    let changed = drive.file(&root, "later.txt", "later").await;

    let mut other = Drive::start().await;
    let before = other.emulator.credentials();
    std::fs::write(folder.path().join("broken.json"), "{").unwrap();
    other.emulator.load(folder.path().join("nothing")).await.unwrap_err();
    assert_eq!(other.emulator.credentials(), before, "a dump that cannot be read changes nothing");
    other.emulator.load(folder.path()).await.unwrap();
    assert_eq!(other.emulator.credentials(), drive.emulator.credentials());
    other.token = other.new_token().await;
    assert_eq!(other.download(&space, file["id"].as_str().unwrap()).await.len(), 3_000_000);
    let path = other.by(&format!("/v1.0/storage/spaces/{space}/dentries/{}/query", changed["id"].as_str().unwrap()));
    assert_eq!(other.post(&path, &json!({})).await.refusal(), (404, "dentryNotExist"));
}

/// Every file below a folder, with its bytes.
fn files(folder: &Path) -> BTreeMap<PathBuf, Vec<u8>> {
    let mut found = BTreeMap::new();
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            found.extend(files(&path));
        } else {
            found.insert(path.clone(), std::fs::read(path).unwrap());
        }
    }
    found
}

#[tokio::test]
async fn a_folder_with_other_things_in_it_is_left_alone() {
    let [dump, photos] = [tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap()];
    let drive = Drive::start().await;
    let (_, root) = drive.space("dumped").await;
    drive.file(&root, "a.txt", "kept").await;
    drive.emulator.dump(dump.path()).await.unwrap();
    std::fs::create_dir(photos.path().join("blobs")).unwrap();
    std::fs::write(photos.path().join("blobs/me.jpg"), "a photo").unwrap();
    for (folder, told) in [(&dump, "it is a dump"), (&photos, "files in its folder blobs")] {
        let before = files(folder.path());
        let error = Emulator::builder().folder(folder.path()).start().await.unwrap_err();
        assert!(error.to_string().contains(told), "{error}");
        assert_eq!(files(folder.path()), before);
    }
}

#[tokio::test]
async fn an_emulator_is_not_dumped_into_its_own_folder() {
    let folder = tempfile::tempdir().unwrap();
    let drive = Drive::of(Emulator::builder().folder(folder.path())).await;
    let (space, root) = drive.space("own").await;
    let file = drive.file(&root, "a.txt", "kept").await;
    let error = drive.emulator.dump(folder.path()).await.unwrap_err();
    assert!(error.to_string().contains("dump into another one"), "{error}");
    assert_eq!(drive.download(&space, file["id"].as_str().unwrap()).await, b"kept");
    drive.emulator.stop().await;
}

#[tokio::test]
async fn a_dump_is_something_to_begin_with() {
    let [dump, folder] = [tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap()];
    let drive = Drive::start().await;
    let (space, root) = drive.space("dumped").await;
    let file = drive.file(&root, "a.txt", "dumped bytes").await;
    drive.emulator.dump(dump.path()).await.unwrap();
    let id = file["id"].as_str().unwrap();

    let missing = Emulator::builder().folder(folder.path()).load(dump.path().join("nothing")).start().await;
    assert!(missing.unwrap_err().to_string().contains("nothing cannot be loaded"));
    let start = async || Drive::of(Emulator::builder().folder(folder.path()).load(dump.path())).await;
    let other = start().await;
    assert_eq!(other.emulator.credentials(), drive.emulator.credentials());
    assert_eq!(other.download(&space, id).await, b"dumped bytes");
    let later = other.file(&root, "later.txt", "later").await;
    other.emulator.stop().await;
    // What the folder holds by now counts, not the dump.
    let other = start().await;
    assert_eq!(other.download(&space, later["id"].as_str().unwrap()).await, b"later");
    other.emulator.stop().await;
}

/// A process of its own, that can be killed.
struct Killable {
    process: Child,
    about: Value,
}

impl Killable {
    fn start(folder: &Path) -> Self {
        let mut process = Command::new(env!("CARGO_BIN_EXE_dingtalk-storage-emulator"))
            .args(["--folder", folder.to_str().unwrap(), "--seed", "1"])
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let mut line = String::new();
        BufReader::new(process.stdout.as_mut().unwrap()).read_line(&mut line).unwrap();
        Self { process, about: serde_json::from_str(&line).unwrap_or_else(|_| panic!("printed {line:?}")) }
    }

    fn url(&self) -> &str {
        self.about["apiUrl"].as_str().unwrap()
    }

    async fn call(&self, client: &Client, token: &str, path: String, body: Value) -> Result<Value, reqwest::Error> {
        let mark = if path.contains('?') { '&' } else { '?' };
        let url = format!("{}{path}{mark}unionId={}", self.url(), self.about["users"][0]["unionId"].as_str().unwrap());
        let answer = client.post(url).header(TOKEN, token).json(&body).send().await?;
        let status = answer.status();
        let body: Value = answer.json().await?;
        assert!(status.is_success(), "{path}: {body}");
        Ok(body)
    }

    async fn token(&self, client: &Client) -> Result<String, reqwest::Error> {
        let body = json!({"appKey": self.about["appKey"], "appSecret": self.about["appSecret"]});
        let url = format!("{}/v1.0/oauth2/accessToken", self.url());
        let answer: Value = client.post(url).json(&body).send().await?.json().await?;
        Ok(answer["accessToken"].as_str().unwrap().to_owned())
    }
}

impl Drop for Killable {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

/// Uploads a file in three steps; `Ok` only when the last answer came.
async fn upload(on: &Killable, client: &Client, token: &str, root: &str, name: &str) -> Result<(), reqwest::Error> {
    let path = format!("/v2.0/storage/spaces/files/{root}");
    let info = on.call(client, token, format!("{path}/uploadInfos/query"), json!({"protocol": "HEADER_SIGNATURE"}));
    let info = info.await?;
    let signed = &info["headerSignatureInfo"];
    let mut put = client.request(Method::PUT, signed["resourceUrls"][0].as_str().unwrap());
    for (name, value) in signed["headers"].as_object().unwrap() {
        put = put.header(name, value.as_str().unwrap());
    }
    assert!(put.body(name.repeat(500)).send().await?.status().is_success());
    let body = json!({"uploadKey": info["uploadKey"], "name": name});
    on.call(client, token, format!("{path}/commit"), body).await.map(drop)
}

/// Files of the space with their ids, and with bytes that are whole.
async fn read_back(on: &Killable, client: &Client, token: &str, space: &str) -> BTreeMap<String, usize> {
    let mut found = BTreeMap::new();
    let mut page = json!({"option": {}});
    loop {
        let path = format!("/v1.0/storage/spaces/{space}/dentries/listAll");
        let list = on.call(client, token, path, page.clone()).await.unwrap();
        for dentry in list["dentries"].as_array().unwrap() {
            let name = dentry["name"].as_str().unwrap().to_owned();
            let id = dentry["id"].as_str().unwrap();
            let path = format!("/v1.0/storage/spaces/{space}/dentries/{id}/downloadInfos/query");
            let info = on.call(client, token, path, json!({})).await.unwrap()["headerSignatureInfo"].clone();
            let mut get = client.get(info["resourceUrls"][0].as_str().unwrap());
            for (name, value) in info["headers"].as_object().unwrap() {
                get = get.header(name, value.as_str().unwrap());
            }
            let bytes = get.send().await.unwrap().text().await.unwrap();
            assert_eq!(bytes, name.repeat(500));
            *found.entry(name).or_default() += 1;
        }
        match list["nextToken"].as_str().filter(|token| !token.is_empty()) {
            Some(token) => page = json!({"option": {"nextToken": token}}),
            None => return found,
        }
    }
}

/// Forty rounds: files are uploaded by four clients at once until the process is killed, each time at another moment.
/// What a client was told is there afterwards, once and whole; what it was not told is there whole or not at all.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_killed_emulator_keeps_its_word() {
    const ROUNDS: u64 = 40;
    let folder = tempfile::tempdir().unwrap();
    let told: std::sync::Mutex<Vec<String>> = std::sync::Mutex::default();
    let tried = AtomicUsize::new(0);
    for round in 0..ROUNDS {
        let mut on = Killable::start(folder.path());
        let client = client();
        let token = on.token(&client).await.unwrap();
        let space = on.call(&client, &token, "/v1.0/storage/spaces".to_owned(), json!({})).await.unwrap();
        let space = space["space"]["id"].as_str().unwrap().to_owned();
        let root = on.call(&client, &token, format!("/v1.0/storage/spaces/{space}/dentries/0/query"), json!({}));
        let root = root.await.unwrap()["dentry"]["uuid"].as_str().unwrap().to_owned();
        let found = read_back(&on, &client, &token, &space).await;
        assert!(found.values().all(|times| *times == 1), "{found:?}");
        for name in told.lock().unwrap().iter() {
            assert!(found.contains_key(name), "round {round}: {name} was told to be stored and is gone");
        }
        assert!(found.len() <= tried.load(Ordering::SeqCst));
        let stored = tokio::sync::Notify::new();
        let work = async |worker: usize| {
            for number in 0.. {
                let name = format!("{round}-{worker}-{number}.txt");
                tried.fetch_add(1, Ordering::SeqCst);
                match upload(&on, &client, &token, &root, &name).await {
                    Ok(()) => {
                        told.lock().unwrap().push(name);
                        stored.notify_one();
                    }
                    Err(_) => break,
                }
            }
        };
        let id = on.process.id().to_string();
        let kill = async {
            // The moment is what is tested: after none to three uploads, however slow the machine is, and then spread in
            // steps of less than a millisecond.
            for _ in 0..round % 4 {
                stored.notified().await;
            }
            tokio::time::sleep(Duration::from_micros(500 + 131 * round)).await;
            assert!(Command::new("kill").args(["-9", &id]).status().unwrap().success());
        };
        tokio::join!(work(0), work(1), work(2), work(3), kill);
        on.process.wait().unwrap();
    }
    assert!(told.lock().unwrap().len() > 20, "too little was stored for the test to mean anything");
}

#[tokio::test]
async fn a_folder_that_is_no_dump_is_the_callers_mistake_and_is_named() {
    let drive = Drive::start().await;
    let folder = tempfile::tempdir().unwrap();
    let broken = folder.path().join("broken");
    std::fs::create_dir(&broken).unwrap();
    std::fs::write(broken.join("state.json"), "{").unwrap();
    std::fs::write(folder.path().join("file"), "").unwrap();
    for (call, path) in [("load", "nothing"), ("load", "broken"), ("load", "file"), ("dump", "file")] {
        let named = folder.path().join(path);
        let body = json!({"folder": named});
        let refused = drive.post(&format!("/_emulator/{call}"), &body).await;
        let message = refused.body["message"].as_str().unwrap().to_owned();
        assert!(refused.status == 400 && message.contains(named.to_str().unwrap()), "{call} {path}: {refused:?}");
    }
    let taken = folder.path().join("file");
    let error = Emulator::builder().folder(&taken).start().await.unwrap_err();
    assert!(error.to_string().contains(taken.to_str().unwrap()), "{error}");
}
