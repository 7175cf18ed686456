//! The server for agents, spoken to over its standard input and output.

use std::io::{BufRead, BufReader, Read, Write};
use std::process::{Child, ChildStdin, ChildStdout};

use dingtalk_storage_emulator::Emulator;
use serde_json::{Value, json};

use crate::stage::Stage;

/// A client that has begun the protocol.
struct Agent {
    child: Child,
    input: ChildStdin,
    output: BufReader<ChildStdout>,
    number: u64,
    /// All that came.
    heard: String,
}

impl Agent {
    fn new(stage: &Stage, arguments: &[&str]) -> Self {
        let mut child = stage.program(&[&["mcp"], arguments].concat()).spawn();
        let (input, output) = (child.stdin.take().unwrap(), BufReader::new(child.stdout.take().unwrap()));
        let mut agent = Self { child, input, output, number: 0, heard: String::new() };
        let about = json!({ "name": "test", "version": "1" });
        let begun = agent
            .ask("initialize", json!({ "protocolVersion": "2025-06-18", "capabilities": {}, "clientInfo": about }));
        assert_eq!(begun["result"]["serverInfo"]["name"], "dingtalk-storage", "{begun}");
        assert!(begun["result"]["capabilities"]["tools"].is_object(), "{begun}");
        agent.say(&json!({ "jsonrpc": "2.0", "method": "notifications/initialized" }));
        agent
    }

    fn say(&mut self, message: &Value) {
        writeln!(self.input, "{message}").unwrap();
    }

    fn ask(&mut self, method: &str, params: Value) -> Value {
        self.number += 1;
        self.say(&json!({ "jsonrpc": "2.0", "id": self.number, "method": method, "params": params }));
        let mut line = String::new();
        self.output.read_line(&mut line).unwrap();
        self.heard.push_str(&line);
        // Nothing but the protocol is on standard output.
        let answer: Value = serde_json::from_str(&line).unwrap_or_else(|error| panic!("{error}: {line:?}"));
        assert_eq!((&answer["jsonrpc"], &answer["id"]), (&json!("2.0"), &json!(self.number)), "{answer}");
        answer
    }

    /// What a tool gives, or why it fails.
    fn call(&mut self, tool: &str, arguments: Value) -> Result<Value, Value> {
        let answer = self.ask("tools/call", json!({ "name": tool, "arguments": arguments }));
        let result = &answer["result"];
        let [content] = result["content"].as_array().unwrap().as_slice() else { panic!("{answer}") };
        let text: Value = serde_json::from_str(content["text"].as_str().unwrap()).unwrap();
        if result["isError"] == json!(true) { Err(text["data"].clone()) } else { Ok(text) }
    }

    fn ok(&mut self, tool: &str, arguments: Value) -> Value {
        self.call(tool, arguments).unwrap_or_else(|failure| panic!("{tool}: {failure}"))
    }

    fn refused(&mut self, tool: &str, arguments: Value) -> String {
        let failure = self.call(tool, arguments.clone()).expect_err(&arguments.to_string());
        format!("{}: {} {}", failure["code"], failure["message"], failure["hint"])
    }

    fn tools(&mut self) -> Vec<Value> {
        self.ask("tools/list", json!({}))["result"]["tools"].as_array().unwrap().clone()
    }

    /// Ends it; gives all that it said.
    fn end(mut self) -> String {
        drop(self.input);
        assert_eq!(self.child.wait().unwrap().code(), Some(0));
        self.output.read_to_string(&mut self.heard).unwrap();
        self.heard
    }
}

async fn stage() -> Stage {
    let stage = Stage::on(Emulator::builder().seed(1)).await;
    stage.write("root/a.txt", "a quokka is here\n");
    stage.write("secret.txt", "of others");
    stage.ok(&["mkdir", "ding:Reports/2026"]);
    stage
}

#[tokio::test(flavor = "multi_thread")]
async fn tools_are_few_small_and_hinted_by_their_effect() {
    let stage = stage().await;
    let mut agent = Agent::new(&stage, &["--allow", "delete", "--root", "root"]);
    let tools = agent.tools();
    let list = serde_json::to_string(&json!({ "tools": tools })).unwrap();
    assert!(tools.len() <= 12 && list.len() <= 8 << 10, "{} tools, {} bytes", tools.len(), list.len());
    let hints = |name: &str| {
        let tool = tools.iter().find(|tool| tool["name"] == name).unwrap();
        assert_eq!(tool["inputSchema"]["type"], "object");
        (tool["annotations"]["readOnlyHint"].clone(), tool["annotations"]["destructiveHint"].clone())
    };
    for name in ["search_operations", "describe_operation", "call_read", "list", "find", "audit"] {
        assert_eq!(hints(name), (json!(true), Value::Null), "{name}");
    }
    for (name, destroys) in [("call_write", false), ("call_delete", true), ("upload", false), ("download", false)] {
        assert_eq!(hints(name), (json!(false), json!(destroys)), "{name}");
    }
    agent.end();

    let names = |arguments: &[&str]| {
        let mut agent = Agent::new(&stage, arguments);
        let names: Vec<_> = agent.tools().iter().map(|tool| tool["name"].as_str().unwrap().to_owned()).collect();
        agent.end();
        names
    };
    let has = |names: &[String], name: &str| names.iter().any(|each| each == name);
    let (bare, write) = (names(&[]), names(&["--allow", "write", "--root", "root"]));
    for name in ["call_write", "call_delete", "upload", "download"] {
        assert!(!has(&bare, name), "{name}");
    }
    assert!(has(&write, "call_write") && has(&write, "upload") && !has(&write, "call_delete"), "{write:?}");
    assert!(has(&names(&["--root", "root"]), "download"));
    assert_eq!(stage.failure(&["mcp", "--root", "nowhere"]).0, 8);
}

#[tokio::test(flavor = "multi_thread")]
async fn operations_are_found_described_and_called_as_far_as_is_allowed() {
    let stage = stage().await;
    let mut agent = Agent::new(&stage, &["--allow", "write"]);
    let found = agent.ok("search_operations", json!({ "query": "commit FILE" }));
    let commit =
        found["operations"].as_array().unwrap().iter().find(|found| found["operation"] == "storage_v2.CommitFile");
    assert_eq!(commit.unwrap()["tool"], "call_write", "{found}");
    let page = agent.ok("describe_operation", json!({ "operation": "storage_v1.DeleteDentry" }));
    assert_eq!(page["tool"], "call_delete");
    assert!(page["description"].as_str().unwrap().contains("toRecycleBin"), "{page}");

    let entry = stage.json(&["stat", "ding:Reports/2026"]).remove(0)["data"].clone();
    let ids = json!({ "spaceId": entry["space"], "dentryId": entry["id"] });
    // The operator is that of the server.
    let read = agent.ok("call_read", json!({ "operation": "storage_v1.GetDentry", "parameters": ids }));
    assert_eq!(read["dentry"]["name"], "2026", "{read}");
    let name = json!({ "spaceId": entry["space"], "dentryId": entry["id"], "newName": "2027" });
    let rename = json!({ "operation": "storage_v1.RenameDentry", "parameters": name });
    let refused = agent.refused("call_read", rename.clone());
    assert!(refused.contains("call_write"), "{refused}");
    agent.ok("call_write", rename);
    assert_eq!(stage.ok(&["ls", "ding:Reports"]), "2027/\n");
    let delete = json!({ "operation": "storage_v1.DeleteDentry", "parameters": ids });
    let refused = agent.refused("call_delete", delete.clone());
    assert!(refused.contains("not allowed") && refused.contains("--allow"), "{refused}");
    assert!(agent.refused("call_write", delete.clone()).contains("call_delete"));
    assert!(agent.refused("call_read", json!({ "operation": "fly" })).contains("no operation"));
    assert!(agent.refused("call_read", json!({ "operation": "storage_v1.GetDentry" })).contains("dentryId"));
    assert!(agent.refused("fly", json!({})).contains("no tool"));
    agent.end();
    let mut agent = Agent::new(&stage, &["--allow", "delete"]);
    agent.ok("call_delete", delete);
    assert_eq!(stage.ok(&["ls", "ding:Reports"]), "");
    agent.end();
}

#[tokio::test(flavor = "multi_thread")]
async fn files_go_both_ways_and_their_content_through_nobody() {
    let stage = stage().await;
    let mut agent = Agent::new(&stage, &["--allow", "write", "--root", "root"]);
    let upload = json!({ "local": "a.txt", "place": "ding:Reports/2026" });
    let stored = agent.ok("upload", upload.clone());
    assert_eq!((&stored["place"], &stored["size"]), (&json!("ding:Reports/2026/a.txt"), &json!(17)), "{stored}");
    let crc =
        stage.json(&["get", "ding:Reports/2026/a.txt", "out.txt"]).remove(0)["data"]["integrity"]["crc64"].clone();
    assert_eq!((&stored["crc64"], &stored["verified"]), (&crc, &json!(true)), "{stored}");
    assert!(agent.refused("upload", upload.clone()).contains("exists"));
    let again = json!({ "local": "a.txt", "place": "ding:Reports/2026/a.txt", "overwrite": true });
    assert_eq!(agent.ok("upload", again)["version"], 2);

    let download = json!({ "place": "ding:Reports/2026/a.txt", "local": "new/folder/b.txt" });
    assert_eq!(agent.ok("download", download.clone())["crc64"], crc);
    assert_eq!(stage.read("root/new/folder/b.txt"), b"a quokka is here\n");
    assert!(agent.refused("download", download).contains("there already"));
    let spaces = agent.ok("list", json!({}));
    assert_eq!(spaces["spaces"][0]["path"], "ding:Reports/", "{spaces}");
    let list = agent.ok("list", json!({ "place": "ding:Reports", "recursive": true, "limit": 1 }));
    assert_eq!((&list["total"], &list["left_out"]), (&json!(2), &json!(1)), "{list}");
    let found = agent.ok("find", json!({ "place": "ding:Reports", "name": "*.TXT" }));
    assert_eq!(found["entries"][0]["place"], "ding:Reports/2026/a.txt", "{found}");
    let audit = agent.ok("audit", json!({ "place": "ding:Reports" }));
    assert!(audit["roles"].as_array().unwrap().iter().any(|role| role["role"] == "OWNER"), "{audit}");

    // Signed URLs and keys stay here, and so does content.
    let file = stage.json(&["stat", "ding:Reports/2026/a.txt"]).remove(0)["data"].clone();
    let ids = json!({ "spaceId": file["space"], "dentryId": file["id"] });
    agent.ok("call_read", json!({ "operation": "storage_v1.GetFileDownloadInfo", "parameters": ids }));
    let folder = json!({ "parentDentryUuid": file["uuid"], "protocol": "HEADER_SIGNATURE" });
    let _ = agent.call("call_read", json!({ "operation": "storage_v2.GetFileUploadInfo", "parameters": folder }));
    let token = json!({ "appKey": "k", "appSecret": "s" });
    assert!(
        agent
            .refused("call_read", json!({ "operation": "oauth2_v1.GetAccessToken", "parameters": token }))
            .contains("secret")
    );
    assert!(agent.refused("call_write", json!({ "operation": "media.UploadMedia" })).contains("content of a file"));
    let heard = agent.end();
    let secret = stage.emulator.credentials().app_secret;
    for hidden in ["quokka", stage.emulator.storage_url(), "ignature\":\"", &secret] {
        assert!(!heard.contains(hidden), "{hidden}: {heard}");
    }
}

#[cfg(unix)]
#[tokio::test(flavor = "multi_thread")]
async fn nothing_outside_of_the_root_is_read_or_written() {
    let stage = stage().await;
    stage.write("aim.txt", "stays");
    stage.write("outside/x.txt", "of others");
    let link = |target: &str, name: &str| {
        std::os::unix::fs::symlink(stage.work.path().join(target), stage.work.path().join("root").join(name)).unwrap();
    };
    link("secret.txt", "link.txt");
    link("outside", "folder");
    link("aim.txt", "aim.txt");
    stage.ok(&["put", "aim.txt", "ding:Reports/"]);
    let mut agent = Agent::new(&stage, &["--allow", "write", "--root", "root"]);
    let absolute = stage.work.path().join("secret.txt").display().to_string();
    for local in [
        "../secret.txt",
        "a/../../secret.txt",
        "/etc/passwd",
        &absolute,
        "link.txt",
        "folder/x.txt",
        "folder/../a.txt",
        "",
        "./a.txt",
        "a//b",
        "..",
        "\\\\server\\x",
        "C:\\x",
        "C:x",
        "a\u{0}b",
        "new",
    ] {
        let refused = agent.refused("upload", json!({ "local": local, "place": "ding:Reports/" }));
        assert!(refused.contains("usage") || refused.contains("local-io"), "{local}: {refused}");
    }
    for local in ["../new.txt", "/tmp/new-of-an-agent.txt", "folder/new.txt", "folder/x.txt", "..", "new/", "a.txt/b"] {
        let arguments = json!({ "place": "ding:Reports/aim.txt", "local": local, "overwrite": true });
        let refused = agent.refused("download", arguments);
        assert!(refused.contains("usage") || refused.contains("local-io"), "{local}: {refused}");
    }
    // A link of the name is replaced, not followed.
    stage.ok(&["put", "--conflict", "overwrite", "secret.txt", "ding:Reports/aim.txt"]);
    agent.ok("download", json!({ "place": "ding:Reports/aim.txt", "local": "aim.txt", "overwrite": true }));
    assert_eq!((stage.read("aim.txt"), stage.read("root/aim.txt")), (b"stays".to_vec(), b"of others".to_vec()));
    assert_eq!(stage.read("outside/x.txt"), b"of others");
    assert!(!stage.work.path().join("new.txt").exists() && !stage.work.path().join("outside/new.txt").exists());
    assert_eq!(stage.ok(&["ls", "ding:Reports"]), "2026/\naim.txt\n");
    agent.end();
}
