//! The program: what it refuses to begin with, and what it says when it begins.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::process::{Command, Stdio};

use crate::stage::Stage;

fn program(space: &str) -> Command {
    let mut program = Command::new(env!("CARGO_BIN_EXE_dingtalk-storage-webdav"));
    program.env_clear().args(["--space", space]);
    program
}

/// What it says while it fails.
fn refusal(program: &mut Command) -> String {
    let output = program.output().unwrap();
    assert_eq!(output.status.code(), Some(1), "{output:?}");
    String::from_utf8(output.stderr).unwrap()
}

#[test]
fn what_others_can_reach_has_a_password() {
    for bind in ["0.0.0.0:0", "[::]:0", "192.0.2.1:80"] {
        let told = refusal(program("1").args(["--bind", bind]));
        assert!(told.contains(bind) && told.contains("--password-file"), "{told}");
    }
    // With one, it goes on to what it misses next.
    let told = refusal(program("1").args(["--bind", "0.0.0.0:0"]).env("DINGTALK_WEBDAV_PASSWORD", "of mine"));
    assert!(!told.contains("--password-file") && told.contains("DINGTALK_"), "{told}");
    let told = refusal(program("1").env("DINGTALK_WEBDAV_PASSWORD", "\n"));
    assert!(told.contains("the password is empty"), "{told}");
    let told = refusal(program("1").args(["--password-file", "/no/such/file"]));
    assert!(told.contains("/no/such/file"), "{told}");
}

#[tokio::test(flavor = "multi_thread")]
async fn it_says_where_it_is_and_whether_its_calls_have_a_bound() {
    let stage = Stage::new().await;
    for (bound, is_warned) in [(None, true), (Some("100"), false)] {
        let credentials = stage.emulator.credentials();
        let mut program = program(stage.space.as_str());
        program.args(["--bind", "127.0.0.1:0"]).args(bound.iter().flat_map(|bound| ["--calls-per-hour", bound]));
        program
            .env("DINGTALK_ENDPOINT", stage.emulator.api_url())
            .env("DINGTALK_OAPI_ENDPOINT", stage.emulator.api_url());
        program.env("DINGTALK_APP_KEY", &credentials.app_key).env("DINGTALK_APP_SECRET", &credentials.app_secret);
        program.env("DINGTALK_UNION_ID", &credentials.users[0].union_id);
        let mut server = program.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
        let lines = BufReader::new(server.stdout.take().unwrap()).lines();
        let told: Vec<String> = lines.take(3).map(Result::unwrap).collect();
        for (line, beginning) in told.iter().zip(["url: http://127.0.0.1:", "user: dingtalk", "password: "]) {
            assert!(line.starts_with(beginning), "{told:?}");
        }
        // It is said before the first request is answered.
        let address = told[0].trim_start_matches("url: http://").trim_end_matches('/').to_owned();
        let mut connection = TcpStream::connect(address).unwrap();
        connection.write_all(b"GET / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n").unwrap();
        let mut answer = String::new();
        connection.read_to_string(&mut answer).unwrap();
        assert!(answer.starts_with("HTTP/1.1 401 "), "{answer}");
        server.kill().unwrap();
        let mut stderr = String::new();
        server.stderr.take().unwrap().read_to_string(&mut stderr).unwrap();
        server.wait().unwrap();
        assert_eq!(stderr.contains("--calls-per-hour sets one"), is_warned, "{stderr}");
    }
}
