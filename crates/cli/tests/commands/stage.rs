//! An emulator with a space, and a folder to work in.

use std::fmt::Write;
use std::path::Path;

use dingtalk_storage_emulator::{Emulator, EmulatorBuilder, Fault, FaultKind};
use serde_json::{Value, json};
use tempfile::TempDir;

use crate::program::{Program, Run};

pub struct Stage {
    pub emulator: Emulator,
    /// Settings and state of the user.
    pub home: TempDir,
    /// Where the commands are run.
    pub work: TempDir,
}

impl Stage {
    /// A space that is called "Reports", and a clock that stands still.
    pub async fn new() -> Self {
        Self::on(Emulator::builder().seed(1).virtual_clock()).await
    }

    pub async fn on(emulator: EmulatorBuilder) -> Self {
        let emulator = emulator.start().await.unwrap();
        let (home, work) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
        let stage = Self { emulator, home, work };
        stage.add_space("Reports");
        stage.emulator.clear_journal();
        stage
    }

    pub fn add_space(&self, name: &str) -> String {
        let parameters = json!({ "unionId": self.person(), "name": name }).to_string();
        let answer = self.ok(&["api", "drive_v1.AddSpace", "--params", &parameters]);
        let answer: Value = serde_json::from_str(&answer).unwrap();
        answer["spaceId"].as_str().unwrap().to_owned()
    }

    pub fn person(&self) -> String {
        self.emulator.credentials().users[0].union_id.clone()
    }

    /// The environment of somebody who has the program at hand, and the emulator's settings in it.
    pub fn variables(&self) -> [(&'static str, String); 6] {
        let program = Path::new(env!("CARGO_BIN_EXE_dingtalk-storage")).parent().unwrap();
        let credentials = self.emulator.credentials();
        [
            ("PATH", format!("{}:{}", program.display(), std::env::var("PATH").unwrap())),
            ("HOME", self.home.path().to_str().unwrap().to_owned()),
            ("DINGTALK_ENDPOINT", self.emulator.api_url().to_owned()),
            ("DINGTALK_APP_KEY", credentials.app_key),
            ("DINGTALK_APP_SECRET", credentials.app_secret),
            ("DINGTALK_UNION_ID", self.person()),
        ]
    }

    /// The program with the settings of the emulator.
    pub fn program(&self, arguments: &[&str]) -> Program {
        self.with_app(self.bare(arguments))
    }

    /// A program with the app and a person.
    fn with_app(&self, program: Program) -> Program {
        let credentials = self.emulator.credentials();
        program
            .env("DINGTALK_APP_KEY", &credentials.app_key)
            .env("DINGTALK_APP_SECRET", &credentials.app_secret)
            .env("DINGTALK_UNION_ID", &self.person())
    }

    /// The same without an app and a person.
    pub fn bare(&self, arguments: &[&str]) -> Program {
        self.set_up(Program::new(arguments))
    }

    /// A copy of the program with the settings of the emulator.
    pub fn copy(&self, path: &Path, arguments: &[&str]) -> Program {
        self.with_app(self.set_up(Program::at(path, arguments)))
    }

    fn set_up(&self, program: Program) -> Program {
        program
            .in_folder(self.work.path())
            .env("HOME", self.home.path().to_str().unwrap())
            .env("PATH", &std::env::var("PATH").unwrap_or_default())
            .env("DINGTALK_ENDPOINT", self.emulator.api_url())
    }

    pub fn run(&self, arguments: &[&str]) -> Run {
        self.program(arguments).run()
    }

    /// What is printed by a command that goes well.
    pub fn ok(&self, arguments: &[&str]) -> String {
        let run = self.run(arguments);
        assert_eq!(run.code, Some(0), "{arguments:?}: {}{}", run.out, run.err);
        run.out
    }

    /// The lines of JSON of a command that goes well.
    pub fn json(&self, arguments: &[&str]) -> Vec<Value> {
        let out = self.ok(&[arguments, &["--json"]].concat());
        out.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
    }

    /// The exit code of a command, and the code and the message of its failure.
    pub fn failure(&self, arguments: &[&str]) -> (i32, String, String) {
        let run = self.run(&[arguments, &["--json"]].concat());
        let error: Value = serde_json::from_str(run.err.lines().last().unwrap()).unwrap();
        assert_eq!((&error["version"], &error["kind"]), (&json!(1), &json!("error")), "{error}");
        assert_eq!(error["data"]["exit"], json!(run.code), "{error}");
        let text = |name: &str| error["data"][name].as_str().unwrap_or_default().to_owned();
        (run.code.unwrap(), text("code"), format!("{} {}", text("message"), text("hint")))
    }

    pub fn write(&self, name: &str, bytes: impl AsRef<[u8]>) {
        let path = self.work.path().join(name);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, bytes).unwrap();
    }

    pub fn read(&self, name: impl AsRef<Path>) -> Vec<u8> {
        std::fs::read(self.work.path().join(name)).unwrap()
    }

    /// The next call of an operation fails like this.
    pub fn fault(&self, kind: FaultKind, operation: &str) {
        self.emulator.add_fault(Fault::new(kind).on(operation));
    }

    /// Operations that were called, in order.
    pub fn calls(&self) -> Vec<String> {
        let operations = self.emulator.journal().into_iter().map(|record| record.operation);
        operations.filter(|operation| operation.contains("_v")).collect()
    }

    /// Commands with what they print, as a person would see it.
    pub fn transcript(&self, commands: &[&[&str]]) -> String {
        let mut transcript = String::new();
        for command in commands {
            let run = self.run(command);
            writeln!(transcript, "$ dingtalk-storage {}", command.join(" ")).unwrap();
            for (mark, text) in [("", &run.out), ("! ", &run.err)] {
                for line in text.lines() {
                    writeln!(transcript, "{mark}{line}").unwrap();
                }
            }
            if run.code != Some(0) {
                writeln!(transcript, "[exit {}]", run.code.unwrap_or(-1)).unwrap();
            }
        }
        transcript
    }
}
