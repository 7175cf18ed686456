//! `cargo xtask site` for a small spec.
#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

mod repository;

use std::fs;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::process::{Command, Stdio};

use repository::{OPERATION, repository, stdout, write};

#[test]
fn the_site_of_a_spec_is_written_where_it_is_wanted() {
    let repository = repository(OPERATION);
    let (spec, out) = (repository.path().join("spec"), repository.path().join("out"));
    let site = || {
        Command::new(env!("CARGO_BIN_EXE_xtask")).arg("site").arg("--spec").arg(&spec).arg("--out").arg(&out).output()
    };
    assert!(stdout(&site().unwrap()).contains(" pages in "));
    let page = fs::read_to_string(out.join("operations/demo_v1.GetSpace.html")).unwrap();
    assert!(page.contains("Reads a space."));

    fs::remove_dir_all(&out).unwrap();
    write(&out, &[("mine.txt", "dear")]);
    let refused = site().unwrap();
    assert_eq!(refused.status.code(), Some(1));
    assert!(String::from_utf8(refused.stderr).unwrap().contains("has something else than a site"));
    assert_eq!(fs::read_to_string(out.join("mine.txt")).unwrap(), "dear");
}

fn get(address: &str, path: &str) -> String {
    let mut stream = TcpStream::connect(address).unwrap();
    write!(stream, "GET {path} HTTP/1.1\r\nhost: {address}\r\nconnection: close\r\n\r\n").unwrap();
    let mut answer = String::new();
    stream.read_to_string(&mut answer).unwrap();
    answer
}

#[test]
fn a_change_shows_when_a_page_is_loaded_again() {
    let repository = repository(OPERATION);
    let spec = repository.path().join("spec");
    let mut command = Command::new(env!("CARGO_BIN_EXE_xtask"));
    command.args(["site", "--serve", "--port", "0", "--spec"]).arg(&spec).stdout(Stdio::piped());
    let mut server = command.spawn().unwrap();
    let mut line = String::new();
    BufReader::new(server.stdout.take().unwrap()).read_line(&mut line).unwrap();
    let address = line.trim_start_matches("http://").split('/').next().unwrap().to_owned();
    let page = "/operations/demo_v1.GetSpace.html";
    let before = get(&address, page);
    assert!(before.starts_with("HTTP/1.1 200") && before.contains("Reads a space."), "{before}");
    assert!(get(&address, "/").contains("text/html"));
    assert!(get(&address, "/../Cargo.toml").starts_with("HTTP/1.1 404"));

    write(&spec, &[("api/demo_v1/get_space.yaml", &OPERATION.replace("Reads a space.", "Reads one space."))]);
    assert!(get(&address, page).contains("Reads one space."));
    write(&spec, &[("api/demo_v1/get_space.yaml", "operation: [\n")]);
    let broken = get(&address, page);
    assert!(broken.starts_with("HTTP/1.1 500") && broken.contains("get_space.yaml:"), "{broken}");
    server.kill().unwrap();
    server.wait().unwrap();
}
