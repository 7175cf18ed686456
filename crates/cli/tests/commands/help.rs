//! What the program tells about itself.

use serde_json::Value;

use crate::program::{Program, run};
use crate::stage::Stage;

/// Everything that clap knows is in it, with a word about it.
fn check(commands: &Value) {
    for command in commands.as_array().unwrap() {
        assert!(command["about"].is_string(), "{command}");
        for argument in command["arguments"].as_array().unwrap() {
            assert!(argument["about"].is_string(), "{}: {argument}", command["command"]);
        }
        check(&command["commands"]);
    }
}

/// What `help --json` says of a command, or of all.
fn manifest(command: &[&str]) -> Value {
    let run = run(&[&["help", "--json"], command].concat());
    assert_eq!((run.code, run.err.as_str(), run.out.lines().count()), (Some(0), "", 1));
    let mut line: Value = serde_json::from_str(&run.out).unwrap();
    assert_eq!((&line["version"], &line["kind"]), (&1.into(), &"manifest".into()));
    line["data"].take()
}

/// What is said here is what scripts rely on: this file changes only where the command line does.
#[test]
fn the_manifest_describes_everything() {
    let manifest = manifest(&[]);
    insta::assert_snapshot!(format!("{manifest:#}\n"));

    check(&manifest["commands"]);
    assert_eq!(manifest["exitCodes"].as_array().unwrap().len(), 12);
}

/// It is told before the arguments are read, and as if they had been.
#[test]
fn the_version_is_told_alike_however_it_is_asked_for() {
    let version = run(&["--version"]);
    assert_eq!((version.code, version.err.as_str()), (Some(0), ""));
    assert_eq!(version.out, format!("dingtalk-storage {}\n", env!("CARGO_PKG_VERSION")));
    assert_eq!(run(&["-V"]).out, version.out);
    assert_eq!(run(&["--quiet", "--version"]).out, version.out);
}

#[test]
fn scripts_are_told_about_one_command_alone() {
    let told = manifest(&["transfers", "resume"]);
    let commands = told["commands"].as_array().unwrap();
    assert_eq!((commands.len(), &commands[0]["command"]), (1, &"transfers".into()));
    let below = commands[0]["commands"].as_array().unwrap();
    assert_eq!((below.len(), &below[0]["command"]), (1, &"transfers resume".into()));
    assert_eq!(run(&["help", "--json", "fly"]).code, Some(2));
}

#[test]
fn every_command_has_a_page() {
    let manifest = manifest(&[]);
    let (markdown, man) = (run(&["help", "--as", "markdown"]).out, run(&["help", "--as", "man"]).out);
    for command in manifest["commands"].as_array().unwrap() {
        let name = command["command"].as_str().unwrap();
        let page = run(&["help", name]);
        assert_eq!(page.code, Some(0), "{}", page.err);
        assert!(page.out.contains(&format!("dingtalk-storage {name}")), "{}", page.out);
        assert_eq!(run(&[name, "--help"]).out, page.out, "{name}");
        assert!(markdown.contains(&format!("\n## dingtalk-storage {name}\n")), "{name}");
        assert!(man.contains(&format!("dingtalk\\-storage\\-{name}")), "{name}");
    }
    assert_eq!(run(&["help", "fly"]).code, Some(2));
    let schema: Value = serde_json::from_str(&run(&["help", "--as", "schema"]).out).unwrap();
    assert!(schema["$defs"].is_object(), "{schema}");
}

/// The page of commands, written anew with `UPDATE_GOLDEN=1 cargo test -p dingtalk-storage-cli`.
#[test]
fn the_page_of_commands_is_that_of_the_program() {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../../docs/commands.md");
    let page = run(&["help", "--as", "markdown"]).out;
    if std::env::var_os("UPDATE_GOLDEN").is_some() {
        std::fs::write(path, &page).unwrap();
    }
    assert_eq!(std::fs::read_to_string(path).unwrap_or_default(), page);
}

#[tokio::test(flavor = "multi_thread")]
async fn shells_complete_commands_flags_and_places_of_the_drive() {
    for shell in ["bash", "zsh", "fish", "powershell", "elvish"] {
        let script = run(&["completions", shell]);
        assert_eq!(script.code, Some(0), "{}", script.err);
        assert!(script.out.contains("DINGTALK_STORAGE_COMPLETE"), "{shell}: {}", script.out);
    }
    let stage = Stage::new().await;
    stage.ok(&["mkdir", "-p", "ding:Reports/2026/q1", "ding:Reports/2025"]);
    let complete = |words: &[&str]| -> Vec<String> {
        let index = (words.len() - 1).to_string();
        let program: Program = stage.program(&[&["--"], words].concat());
        let program = program.env("DINGTALK_STORAGE_COMPLETE", "fish").env("_CLAP_COMPLETE_INDEX", &index);
        let run = program.run();
        assert_eq!(run.code, Some(0), "{}", run.err);
        run.out.lines().map(|line| line.split('\t').next().unwrap().to_owned()).collect()
    };
    assert!(complete(&["dingtalk-storage", "tra"]).contains(&"transfers".to_owned()));
    assert!(complete(&["dingtalk-storage", "put", "--conf"]).contains(&"--conflict".to_owned()));
    assert_eq!(complete(&["dingtalk-storage", "ls", "ding:Rep"]), ["ding:Reports/"]);
    assert_eq!(complete(&["dingtalk-storage", "ls", "ding:Reports/20"]), ["ding:Reports/2025/", "ding:Reports/2026/"]);
    assert_eq!(complete(&["dingtalk-storage", "ls", "ding:Reports/2026/"]), ["ding:Reports/2026/q1/"]);
    assert_eq!(complete(&["dingtalk-storage", "ls", "ding:Nowhere/"]), [""; 0]);
}

/// A colon ends a word for bash: what it has split comes in pieces, and only what is behind the colon is given back.
#[tokio::test(flavor = "multi_thread")]
async fn bash_completes_places_though_they_have_a_colon() {
    let stage = Stage::new().await;
    stage.ok(&["mkdir", "-p", "ding:Reports/2026", "ding:Reports/2025/a:b"]);
    let complete = |words: &[&str], typed: &str| -> String {
        let line = words.join(" ").replace(" : ", ":").replace(" :", ":");
        let quoted = words.iter().map(|word| format!("'{word}'")).collect::<Vec<_>>().join(" ");
        let script = format!(
            "source <(dingtalk-storage completions bash)\nCOMP_WORDS=({quoted}) COMP_CWORD={} COMP_LINE='{line}'\n\
             _dingtalk_storage dingtalk-storage '{typed}' x 2> /dev/null\nprintf '%s ' \"${{COMPREPLY[@]}}\"",
            words.len() - 1
        );
        let mut bash = std::process::Command::new("bash");
        let output = bash.args(["--norc", "-c", &script]).env_clear().envs(stage.variables()).output().unwrap();
        String::from_utf8(output.stdout).unwrap().trim().to_owned()
    };
    let start = ["dingtalk-storage", "ls"];
    for (words, typed, expected) in [
        (&["ding", ":", "Rep"][..], "Rep", "Reports/"),
        (&["ding", ":"], "", "@my-docs/ Reports/"),
        (&["ding", ":", "Reports/20"], "Reports/20", "Reports/2025/ Reports/2026/"),
        (&["ding", ":", "Reports/2025/a", ":"], "", "b/"),
        (&["ding", ":", "Reports/", "ding", ":", "Reports/2026"], "Reports/2026", "Reports/2026/"),
        (&["\"ding:Reports/2026"], "ding:Reports/2026", "ding:Reports/2026/"),
    ] {
        let mut found: Vec<String> =
            complete(&[&start[..], words].concat(), typed).split(' ').map(str::to_owned).collect();
        found.sort();
        assert_eq!(found.join(" "), expected, "{words:?}");
    }
}
