//! Runs the program.

use std::io::Write;
use std::process::{Command, Output, Stdio};

use dingtalk_storage_tests::example::Example;
use dingtalk_storage_tests::recorder::Recorder;
use serde_json::Value;

use crate::schema;

pub const TOKEN: &str = "token-of-the-app";

/// The program with nothing of the environment of the tests.
pub struct Program(Command);

/// What came of a run.
#[derive(Debug, PartialEq, Eq)]
pub struct Run {
    pub code: Option<i32>,
    pub out: String,
    pub err: String,
}

impl Program {
    pub fn new(arguments: &[&str]) -> Self {
        Self::at(env!("CARGO_BIN_EXE_dingtalk-storage"), arguments)
    }

    /// The program where a copy of it is.
    pub fn at(path: impl AsRef<std::ffi::OsStr>, arguments: &[&str]) -> Self {
        let mut command = Command::new(path);
        // No profile of whoever runs the tests.
        command
            .args(arguments)
            .env_clear()
            .env("HOME", "/dev/null/home")
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped());
        Self(command)
    }

    /// A call of an operation with the parameters of its example.
    pub fn example(operation: &str) -> Self {
        let parameters = Value::Object(Example::of(operation).parameters.clone()).to_string();
        Self::new(&["api", operation, "--params", &parameters])
    }

    pub fn arg(mut self, argument: &str) -> Self {
        self.0.arg(argument);
        self
    }

    pub fn env(mut self, name: &str, value: &str) -> Self {
        self.0.env(name, value);
        self
    }

    pub fn in_folder(mut self, folder: &std::path::Path) -> Self {
        self.0.current_dir(folder);
        self
    }

    /// Against a server, with a token.
    pub fn against(self, server: &Recorder) -> Self {
        self.env("DINGTALK_ENDPOINT", &server.url()).env("DINGTALK_ACCESS_TOKEN", TOKEN)
    }

    /// Begins it, with its input and its outputs at hand.
    pub fn spawn(mut self) -> std::process::Child {
        self.0.spawn().expect("the program starts")
    }

    pub fn run(self) -> Run {
        self.run_with_input("")
    }

    pub fn run_with_input(self, input: &str) -> Run {
        let arguments = self.0.get_args().map(|argument| argument.to_string_lossy().into_owned()).collect::<Vec<_>>();
        let mut child = self.spawn();
        let mut stdin = child.stdin.take().expect("it has an input");
        // A program that does not read its input may have ended already.
        drop(stdin.write_all(input.as_bytes()));
        drop(stdin);
        let Output { status, stdout, stderr } = child.wait_with_output().expect("the program ends");
        let text = |bytes| String::from_utf8(bytes).expect("the output is text");
        let run = Run { code: status.code(), out: text(stdout), err: text(stderr) };
        schema::check(&arguments, &run.out, &run.err);
        run
    }
}

/// Runs the program with arguments and no environment.
pub fn run(arguments: &[&str]) -> Run {
    Program::new(arguments).run()
}

/// A server that answers everything with this status and body.
pub async fn server(status: u16, body: impl Into<String>) -> Recorder {
    let body = body.into();
    Recorder::start(move |_| (status, body.clone())).await.expect("a port is free")
}
