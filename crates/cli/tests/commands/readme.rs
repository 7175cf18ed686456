//! The transcripts of the README and of the page about the command line, run as they are printed.

use std::io::Write;
use std::process::{Command, Stdio};

/// Commands and what they print, out of the blocks of a page.
fn transcript(page: &str) -> Vec<(String, String)> {
    let mut commands: Vec<(String, String)> = Vec::new();
    let mut is_inside = false;
    for line in page.lines() {
        match line {
            "```console" => is_inside = true,
            "```" => is_inside = false,
            _ if !is_inside => {}
            _ => match (line.strip_prefix("$ "), commands.last_mut()) {
                (Some(command), _) => commands.push((command.to_owned(), String::new())),
                (None, Some((_, printed))) => printed.push_str(&format!("{line}\n")),
                (None, None) => panic!("{line:?} is printed by no command"),
            },
        }
    }
    commands
}

/// Runs all commands in one shell, as a person does who pastes them.
fn run(page: &str) {
    let commands = transcript(page);
    assert!(commands.len() >= 5, "{commands:?}");
    let (folder, home) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    let program = std::path::Path::new(env!("CARGO_BIN_EXE_dingtalk-storage")).parent().unwrap();
    let mut shell = Command::new("sh")
        .current_dir(folder.path())
        .env_clear()
        .env("PATH", format!("{}:{}", program.display(), std::env::var("PATH").unwrap()))
        .env("HOME", home.path())
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let mut script = String::new();
    for (number, (command, _)) in commands.iter().enumerate() {
        script.push_str(&format!("echo '-- {number}'\n{command}\n"));
    }
    script.push_str("kill \"$DINGTALK_EMULATOR_PID\"\n");
    shell.stdin.take().unwrap().write_all(script.as_bytes()).unwrap();
    let output = shell.wait_with_output().unwrap();
    let printed = String::from_utf8(output.stdout).unwrap();
    let errors = String::from_utf8_lossy(&output.stderr);
    let mut blocks = printed.split("-- ").skip(1).map(|block| block.split_once('\n').unwrap().1);
    for (command, expected) in &commands {
        assert_eq!(blocks.next().unwrap_or_default(), expected, "{command}: {errors}");
    }
}

#[test]
fn the_command_line_of_the_readme_is_as_it_is_printed() {
    run(include_str!("../../../../README.md"));
}

#[test]
fn the_page_about_the_command_line_is_as_it_is_printed() {
    run(include_str!("../../../../docs/command-line.md"));
}
