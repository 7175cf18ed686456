//! Calls as the tests make them, on top of the small client that all test files share.

use reqwest::Method;
use serde_json::{Value, json};

use crate::support::{Answer, Drive};

/// A drive whose clock stands still, so that tasks move only when they are asked for.
pub async fn standing() -> Drive {
    Drive::of(dingtalk_storage_emulator::Emulator::builder().virtual_clock()).await
}

impl Drive {
    /// The unionId of a person; number 0 is the administrator.
    pub fn person(&self, number: usize) -> String {
        self.emulator.credentials().users[number].union_id.clone()
    }

    /// The userId of a person.
    pub fn user_id(&self, number: usize) -> String {
        self.emulator.credentials().users[number].user_id.clone()
    }

    /// A call of a person about entries of a space; `path` starts behind `/v1.0/storage/spaces/`.
    pub async fn of_space(&self, person: usize, method: Method, path: &str, body: Option<Value>) -> Answer {
        let mark = if path.contains('?') { '&' } else { '?' };
        let path = format!("/v1.0/storage/spaces/{path}{mark}unionId={}", self.person(person));
        self.send(method, &path, body.as_ref()).await
    }

    /// A POST of the administrator about entries of a space.
    pub async fn ask(&self, path: &str, body: Value) -> Answer {
        self.of_space(0, Method::POST, path, Some(body)).await
    }

    /// A GET of the administrator about entries of a space.
    pub async fn read(&self, path: &str) -> Answer {
        self.of_space(0, Method::GET, path, None).await
    }

    /// Any call of a person whose query has `operatorId`.
    pub async fn operated(&self, person: usize, method: Method, path: &str, body: Option<Value>) -> Answer {
        let mark = if path.contains('?') { '&' } else { '?' };
        let path = format!("{path}{mark}operatorId={}", self.person(person));
        self.send(method, &path, body.as_ref()).await
    }

    /// Names in a folder, in the order of the alphabet.
    pub async fn names(&self, space: &str, folder: &str) -> Vec<String> {
        let path = format!("{space}/dentries?parentId={folder}&orderBy=NAME&order=ASC");
        texts(&self.read(&path).await.ok()["dentries"], "name")
    }

    /// An entry by its id.
    pub async fn entry(&self, space: &str, id: &str) -> Answer {
        self.ask(&format!("{space}/dentries/{id}/query"), json!({})).await
    }

    /// Asks about a task until it is over, and returns what came each time.
    pub async fn task(&self, id: &str) -> Vec<Value> {
        let mut seen = Vec::new();
        loop {
            let task = self.get(&self.by(&format!("/v1.0/storage/tasks/{id}"))).await.ok()["task"].clone();
            let over = task["status"] == "SUCCESS" || task["status"] == "FAIL";
            seen.push(task);
            if over || seen.len() > 9 {
                return seen;
            }
        }
    }

    /// A folder with a file `a.txt` and a folder `sub` that has `b.txt`; the ids of all four.
    pub async fn tree(&self, space: &str, parent: &str, name: &str) -> [String; 4] {
        let folder = self.folder(space, parent, name).await;
        let sub = self.folder(space, &text(&folder["id"]), "sub").await;
        let a = self.file(&text(&folder["uuid"]), "a.txt", "aaaa").await;
        let b = self.file(&text(&sub["uuid"]), "b.txt", "bb").await;
        [&folder, &a, &sub, &b].map(|entry| text(&entry["id"]))
    }

    /// A space of Drive, which has a recycle bin: its id, and the uuid of its root.
    pub async fn drive_space(&self, name: &str) -> (String, String) {
        let body = json!({"unionId": self.operator(), "name": name});
        let id = text(&self.post("/v1.0/drive/spaces", &body).await.ok()["spaceId"]);
        let root = self.entry(&id, "0").await.ok();
        (id, text(&root["dentry"]["uuid"]))
    }

    /// Bytes in use in a space.
    pub async fn used(&self, space: &str) -> i64 {
        self.read(space).await.ok()["space"]["usedQuota"].as_i64().unwrap()
    }
}

/// A text.
pub fn text(value: &Value) -> String {
    value.as_str().unwrap_or_else(|| panic!("{value} is no text")).to_owned()
}

/// A text field of each element of a list.
pub fn texts(list: &Value, field: &str) -> Vec<String> {
    list.as_array().unwrap_or_else(|| panic!("{list} is no list")).iter().map(|each| text(&each[field])).collect()
}
