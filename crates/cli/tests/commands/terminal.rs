//! What a person at a terminal sees: progress, questions, and what Ctrl-C does.

use std::io::{Read, Write};
use std::process::Child;
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use dingtalk_storage_emulator::{Emulator, Fault, FaultKind};
use pty_process::blocking::{Command, Pty, open};

use crate::stage::Stage;

const CTRL_C: &[u8] = b"\x03";
/// More than goes in one piece.
const LARGE: usize = 20 << 20;
/// The machine may have other things to do.
const PATIENCE: Duration = Duration::from_mins(1);

/// The program at a terminal of its own, which it is the foreground of.
struct Terminal {
    child: Child,
    pty: Arc<Pty>,
    shown: Arc<Mutex<String>>,
}

impl Terminal {
    fn run(stage: &Stage, arguments: &[&str]) -> Self {
        Self::shell(stage, env!("CARGO_BIN_EXE_dingtalk-storage"), arguments)
    }

    fn shell(stage: &Stage, program: &str, arguments: &[&str]) -> Self {
        let (pty, pts) = open().unwrap();
        pty.resize(pty_process::Size::new(40, 160)).unwrap();
        let command = Command::new(program)
            .args(arguments)
            .current_dir(stage.work.path())
            .env_clear()
            .envs(stage.variables())
            .env("TERM", "xterm");
        let child = command.spawn(pts).unwrap();
        let (pty, shown) = (Arc::new(pty), Arc::new(Mutex::new(String::new())));
        let (reader, seen) = (Arc::clone(&pty), Arc::clone(&shown));
        std::thread::spawn(move || {
            let mut bytes = [0; 4096];
            // It fails when nobody has the other end any more.
            while let Ok(count @ 1..) = (&*reader).read(&mut bytes) {
                seen.lock().unwrap().push_str(&String::from_utf8_lossy(&bytes[..count]));
            }
        });
        Self { child, pty, shown }
    }

    fn type_in(&self, keys: &[u8]) {
        (&*self.pty).write_all(keys).unwrap();
    }

    fn shown(&self) -> String {
        self.shown.lock().unwrap().clone()
    }

    /// Waits until something is seen.
    fn wait_for(&self, is_seen: impl Fn(&str) -> bool) -> String {
        let begun = Instant::now();
        loop {
            let shown = self.shown();
            if is_seen(&shown) {
                return shown;
            }
            assert!(begun.elapsed() < PATIENCE, "{shown}");
            std::thread::yield_now();
        }
    }

    /// Its exit code and all that was shown.
    fn end(mut self) -> (Option<i32>, String) {
        let status = self.child.wait().unwrap();
        drop(self.pty);
        // The reader ends with the terminal.
        let begun = Instant::now();
        while Arc::strong_count(&self.shown) > 1 && begun.elapsed() < PATIENCE {
            std::thread::yield_now();
        }
        let shown = self.shown.lock().unwrap().clone();
        (status.code(), shown)
    }
}

/// The command that goes on with what was interrupted.
fn printed(shown: &str) -> &str {
    shown.split("go on with: ").nth(1).unwrap().lines().next().unwrap().trim()
}

async fn large() -> Stage {
    let stage = Stage::on(Emulator::builder().seed(1)).await;
    stage.write("large.bin", vec![7; LARGE]);
    stage
}

/// The second and all later parts stand still.
fn stall(stage: &Stage) {
    let kind = FaultKind::StallRequest { at: 1000, millis: None };
    stage.emulator.add_fault(Fault::new(kind).on("storage.UploadPart").nth(2).times(10));
}

fn wait_until_noted(stage: &Stage) {
    let is_noted = || {
        // Small files are noted for a moment, too.
        let transfers = stage.json(&["transfers"]).into_iter().map(|transfer| transfer["data"].clone());
        transfers.filter(|transfer| transfer["total"] == LARGE).any(|transfer| transfer["done"].as_u64().unwrap() > 0)
    };
    assert!((0..1000).any(|_| is_noted()), "nothing is noted");
}

#[tokio::test(flavor = "multi_thread")]
async fn progress_is_shown_at_a_terminal_and_nowhere_else() {
    let stage = large().await;
    let terminal = Terminal::run(&stage, &["put", "large.bin", "ding:Reports/"]);
    let (code, shown) = terminal.end();
    assert_eq!(code, Some(0), "{shown}");
    for part in ["large.bin", "MiB/20.00 MiB", "/s", "0/1 files", "calls", "this month"] {
        assert!(shown.contains(part), "{part}: {shown:?}");
    }
    // It is taken away again before the result comes.
    assert!(shown.contains("large.bin -> ding:Reports/large.bin (20.0 MiB)"), "{shown:?}");
    for quiet in [&["--quiet"][..], &["--progress", "none"], &["--json"]] {
        let put = ["put", "--conflict", "overwrite", "large.bin", "ding:Reports/"];
        let (code, shown) = Terminal::run(&stage, &[&put[..], quiet].concat()).end();
        assert_eq!(code, Some(0), "{shown}");
        assert!(!shown.contains("files") && !shown.contains("\u{1b}["), "{quiet:?}: {shown:?}");
    }
    // A tree has its own.
    let (code, shown) = Terminal::run(&stage, &["sync", "-p", ".", "ding:Reports/tree"]).end();
    assert_eq!(code, Some(0), "{shown}");
    assert!(shown.contains("MiB/20.00 MiB") && shown.contains("files"), "{shown:?}");
    let run = stage.run(&["put", "--conflict", "overwrite", "large.bin", "ding:Reports/"]);
    assert_eq!((run.code, run.err.as_str()), (Some(0), ""));
}

#[tokio::test(flavor = "multi_thread")]
async fn what_destroys_something_asks_first() {
    let stage = Stage::on(Emulator::builder().seed(1)).await;
    stage.write("a.txt", "a");
    stage.ok(&["put", "a.txt", "ding:Reports/"]);
    let ask = || {
        let terminal = Terminal::run(&stage, &["rm", "ding:Reports/a.txt"]);
        let shown = terminal.wait_for(|shown| shown.contains("[y/N]"));
        assert!(shown.contains("ding:Reports/a.txt") || shown.contains('1'), "{shown:?}");
        terminal
    };
    for no in [&b"\n"[..], b"n\n", b"yeah\n", b"\x04"] {
        let terminal = ask();
        terminal.type_in(no);
        let (code, shown) = terminal.end();
        assert!(code == Some(2) && shown.contains("nothing was done"), "{shown:?}");
    }
    // Nobody has to answer to get away.
    let terminal = ask();
    terminal.type_in(CTRL_C);
    assert_eq!(terminal.end().0, Some(130));
    assert_eq!(stage.ok(&["ls", "ding:Reports"]), "a.txt\n");
    let terminal = ask();
    terminal.type_in(b"y\n");
    assert_eq!(terminal.end().0, Some(0));
    assert_eq!(stage.ok(&["ls", "ding:Reports"]), "");
}

#[tokio::test(flavor = "multi_thread")]
async fn control_c_stops_at_once_and_prints_the_command_that_goes_on() {
    let stage = large().await;
    stall(&stage);
    let terminal = Terminal::run(&stage, &["put", "large.bin", "ding:Reports/"]);
    wait_until_noted(&stage);
    let begun = Instant::now();
    terminal.type_in(CTRL_C);
    let (code, shown) = terminal.end();
    // 200 ms by the clock of a machine that has nothing else to do; a stalled transfer would be waited for 15 s and more.
    assert!(begun.elapsed() < Duration::from_secs(10), "{:?}", begun.elapsed());
    assert_eq!(code, Some(130), "{shown}");
    let command = printed(&shown);
    assert_eq!(command, "dingtalk-storage put large.bin ding:Reports/");
    stage.emulator.clear_faults();
    // As a person would paste it.
    let (code, shown) = Terminal::shell(&stage, "sh", &["-c", command]).end();
    assert!(code == Some(0) && shown.contains("(20.0 MiB)"), "{shown:?}");
    assert_eq!(stage.emulator.effects("file.committed"), 1);
    assert!(stage.json(&["transfers"]).is_empty());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_tree_that_was_interrupted_goes_on_by_the_command_that_is_printed() {
    let stage = large().await;
    stage.write("tree/large.bin", vec![9; LARGE]);
    stage.write("tree/a.txt", "a");
    stall(&stage);
    let terminal = Terminal::run(&stage, &["put", "-r", "tree", "ding:Reports/"]);
    wait_until_noted(&stage);
    terminal.wait_for(|shown| shown.contains("a.txt"));
    terminal.type_in(CTRL_C);
    let (code, shown) = terminal.end();
    assert_eq!(code, Some(130), "{shown}");
    let command = printed(&shown);
    stage.emulator.clear_faults();
    stage.emulator.clear_journal();
    let (code, shown) = Terminal::shell(&stage, "sh", &["-c", command]).end();
    assert_eq!(code, Some(0), "{shown:?}");
    // What was done is not done again, and what was begun goes on.
    assert_eq!(stage.emulator.effects("file.committed"), 1);
    assert!(stage.emulator.effects("part.stored") < 3, "{}", stage.emulator.effects("part.stored"));
}

#[tokio::test(flavor = "multi_thread")]
async fn control_c_twice_ends_it_whatever_it_does() {
    let stage = large().await;
    stall(&stage);
    let terminal = Terminal::run(&stage, &["put", "large.bin", "ding:Reports/"]);
    wait_until_noted(&stage);
    let begun = Instant::now();
    terminal.type_in(CTRL_C);
    terminal.type_in(CTRL_C);
    let (code, shown) = terminal.end();
    assert!(begun.elapsed() < Duration::from_secs(10), "{:?}", begun.elapsed());
    // The second one ends it as the system does, if the first has not yet.
    assert!(code.is_none_or(|code| code == 130), "{code:?}: {shown}");
}

#[tokio::test(flavor = "multi_thread")]
async fn two_processes_do_not_work_on_one_transfer() {
    let stage = large().await;
    stall(&stage);
    let terminal = Terminal::run(&stage, &["put", "large.bin", "ding:Reports/"]);
    wait_until_noted(&stage);
    let (code, word, message) = stage.failure(&["put", "large.bin", "ding:Reports/"]);
    assert_eq!((code, word.as_str()), (9, "in-use"), "{message}");
    let running = stage.json(&["transfers"]).remove(0);
    assert_eq!(running["data"]["running"], serde_json::json!(true), "{running}");
    terminal.type_in(CTRL_C);
    assert_eq!(terminal.end().0, Some(130));
    stage.emulator.clear_faults();
    let uploaded = stage.json(&["put", "large.bin", "ding:Reports/"]).remove(0);
    assert!(uploaded["data"]["resumed"].as_u64().unwrap() > 0, "{uploaded}");
    assert_eq!(stage.emulator.effects("file.committed"), 1);
}
