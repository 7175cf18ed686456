//! The README: its transcript works as printed, and its table says what is so.
//!
//! `UPDATE_README=1 cargo test -p dingtalk-storage-emulator --test readme` writes both anew; read what changed.

#![cfg(unix)]
#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "what is missing is a failed test")]

mod support;

use std::collections::BTreeMap;
use std::fmt::Write;
use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::{Mutex, PoisonError};

use dingtalk_storage_emulator::Emulator;
use serde_json::Value;

/// What stands between the output of one command and the next.
const MARK: &str = "=== next command ===";

fn path() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("README.md")
}

/// Held while the README is compared or written, as both tests do.
static README: Mutex<()> = Mutex::new(());

/// Compares the README with what it should be.
fn settle(wanted: impl FnOnce(&str) -> String) {
    let _held = README.lock().unwrap_or_else(PoisonError::into_inner);
    let found = std::fs::read_to_string(path()).unwrap();
    let wanted = wanted(&found);
    if std::env::var_os("UPDATE_README").is_some() {
        std::fs::write(path(), wanted).unwrap();
        return;
    }
    for (number, (found, wanted)) in found.lines().zip(wanted.lines()).enumerate() {
        assert_eq!(found, wanted, "line {} of the README; UPDATE_README=1 writes it anew", number + 1);
    }
    assert_eq!(found.lines().count(), wanted.lines().count());
}

/// A started command, which ends with the test.
struct Started {
    process: Child,
    ports: Vec<(String, String)>,
}

impl Drop for Started {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

/// Starts the emulator as the README does, but on free ports.
fn start(command: &str) -> Started {
    let words: Vec<&str> = command.trim_end_matches('&').split_whitespace().skip(1).collect();
    let port = |name: &str| {
        let place = words.iter().position(|word| *word == name).unwrap();
        words[place + 1].to_owned()
    };
    let printed = [port("--port"), port("--storage-port")];
    let arguments = words.iter().map(|word| if printed.iter().any(|port| port == word) { "0" } else { word });
    let mut process = Command::new(env!("CARGO_BIN_EXE_dingtalk-storage-emulator"))
        .args(arguments)
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let mut line = String::new();
    BufReader::new(process.stdout.take().unwrap()).read_line(&mut line).unwrap();
    let about: Value = serde_json::from_str(&line).unwrap();
    let real = |name: &str| about[name].as_str().unwrap().rsplit_once(':').unwrap().1.to_owned();
    let ports = printed.into_iter().zip([real("apiUrl"), real("storageUrl")]).collect();
    Started { process, ports }
}

/// Tools of the transcript. Where one is missing nobody can follow it either; `.ci/run` has them all.
const TOOLS: [&str; 3] = ["bash", "curl", "jq"];

#[test]
fn the_transcript_works_as_printed() {
    if let Some(missing) = TOOLS.iter().find(|tool| Command::new(tool).arg("--version").output().is_err()) {
        eprintln!("the transcript needs {missing}, which is not here");
        return;
    }
    let readme = std::fs::read_to_string(path()).unwrap();
    let commands: Vec<&str> = blocks(&readme).filter_map(|line| line.strip_prefix("$ ")).collect();
    let (first, commands) = commands.split_first().unwrap();
    let started = start(first);
    let mut script = String::from("set -u\n");
    for command in commands {
        writeln!(script, "echo '{MARK}'\n{command}").unwrap();
    }
    for (printed, real) in &started.ports {
        script = script.replace(printed.as_str(), real);
    }
    let folder = tempfile::tempdir().unwrap();
    let ran = Command::new("bash").arg("-c").arg(&script).current_dir(folder.path()).output().unwrap();
    let mut output = String::from_utf8(ran.stdout).unwrap();
    assert_eq!(String::from_utf8(ran.stderr).unwrap(), "");
    for (printed, real) in &started.ports {
        // As part of an address: the same digits may stand in a checksum.
        output = output.replace(&format!("127.0.0.1:{real}"), &format!("127.0.0.1:{printed}"));
    }
    let outputs: Vec<&str> = output.split(&format!("{MARK}\n")).skip(1).collect();
    assert_eq!(outputs.len(), commands.len());
    settle(|readme| with_outputs(readme, &outputs));
}

/// The lines of the transcript.
fn blocks(readme: &str) -> impl Iterator<Item = &str> {
    let mut inside = false;
    readme.lines().filter(move |line| {
        let fence = line.starts_with("```");
        if fence {
            inside = *line == "```console";
        }
        inside && !fence
    })
}

/// The README with these outputs after its commands, the first of which has none.
fn with_outputs(readme: &str, outputs: &[&str]) -> String {
    let mut outputs = std::iter::once(&"").chain(outputs);
    let mut text = String::new();
    let mut inside = false;
    for line in readme.lines() {
        if line.starts_with("```") {
            inside = line == "```console";
        }
        if !inside || line.starts_with("```") || line.starts_with("$ ") {
            writeln!(text, "{line}").unwrap();
        }
        if inside && line.starts_with("$ ") {
            let output = outputs.next().unwrap();
            text.push_str(output);
            if !output.is_empty() && !output.ends_with('\n') {
                text.push('\n');
            }
        }
    }
    text
}

#[tokio::test]
async fn the_table_says_what_is_emulated() {
    let emulator = Emulator::start().await.unwrap();
    let url = format!("{}/_emulator/operations", emulator.api_url());
    let operations: Vec<Value> = support::client().get(url).send().await.unwrap().json().await.unwrap();
    let mut families: BTreeMap<String, [Vec<String>; 2]> = BTreeMap::new();
    for operation in &operations {
        let (family, name) = operation["operation"].as_str().unwrap().split_once('.').unwrap();
        let name = match operation["status"].as_str().unwrap() {
            "current" => name.to_owned(),
            status => format!("{name} ({status})"),
        };
        let emulated = operation["emulated"].as_bool().unwrap();
        families.entry(family.to_owned()).or_default()[usize::from(!emulated)].push(name);
        assert!(emulated || operation["status"] != "current", "{operation} is current, and has to be emulated");
    }
    let mut table = String::new();
    for (family, [emulated, not]) in families {
        writeln!(table, "| `{family}` | {} | {} |", emulated.join(", "), not.join(", ")).unwrap();
    }
    settle(|readme| {
        let (before, rest) = readme.split_once("|---|---|---|\n").unwrap();
        let (_, after) = rest.split_once("\n\n## Speed").unwrap();
        format!("{before}|---|---|---|\n{table}\n## Speed{after}")
    });
}
