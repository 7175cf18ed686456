//! Processes that are killed while they upload: `TRANSFER_KILLS=200 cargo test -p dingtalk-storage-transfer kill`.

use std::path::Path;
use std::process::Stdio;
use std::time::Duration;

use dingtalk_storage_emulator::{Emulator, FaultKind};
use dingtalk_storage_transfer::{Drive, Entry};
use tokio::process::{Child, Command};

use crate::stage::{PART, Stage, bytes, client};

const PARTS: u64 = 24;
const AT_ONCE: usize = 4;
/// Requests of an upload without its parts: ids, key, URLs, commit, and a few of the next try.
const CALLS: u64 = 6;
/// What tells a child what to do: API, key, secret, operator, folder, state, file; one a line.
const TASK: &str = "TRANSFER_TASK";

/// The process that is killed; nothing when it is not one.
#[tokio::test]
async fn child() {
    let Ok(task) = std::env::var(TASK) else { return };
    let task: Vec<&str> = task.lines().collect();
    let client = client(task[0], task[1], task[2]).operator(&task[3].into());
    let drive = Drive::builder(&client).state_dir(task[5]).single_put(PART).part_size(PART);
    let drive = drive.parts_at_once(AT_ONCE).build();
    let folder = dingtalk_storage::types::DentryUuid::from(task[4]);
    drive.upload(Path::new(task[6])).to(&folder).send().await.unwrap();
}

fn start(stage: &Stage, file: &Path) -> Child {
    let credentials = stage.emulator.credentials();
    let task = [
        stage.emulator.api_url(),
        &credentials.app_key,
        &credentials.app_secret,
        &credentials.users[0].union_id,
        stage.root.uuid.as_str(),
        stage.state.path().to_str().unwrap(),
        file.to_str().unwrap(),
    ];
    let mut command = Command::new(std::env::current_exe().unwrap());
    command.args(["--exact", "kill::child", "--nocapture"]).env(TASK, task.join("\n"));
    command.stdout(Stdio::null()).stderr(Stdio::piped()).kill_on_drop(true).spawn().unwrap()
}

/// Waits until the emulator has seen so many requests, or the commit, or the child has ended.
async fn seen(emulator: &Emulator, requests: usize, child: &mut Child) {
    while emulator.journal().len() < requests
        && emulator.effects("file.committed") == 0
        && child.try_wait().unwrap().is_none()
    {
        tokio::time::sleep(Duration::from_micros(300)).await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_killed_upload_goes_on_and_is_committed_once() {
    let kills: u64 = std::env::var("TRANSFER_KILLS").ok().and_then(|kills| kills.parse().ok()).unwrap_or(12);
    let seed = std::env::var("TRANSFER_SEED").ok().and_then(|seed| seed.parse().ok()).unwrap_or(kills);
    println!("TRANSFER_SEED={seed} TRANSFER_KILLS={kills}");
    let mut random = fastrand::Rng::with_seed(seed);
    let stage = Stage::new().await;
    let folder = tempfile::tempdir().unwrap();
    let (mut killed, mut round) = (0, 0);
    while killed < kills {
        round += 1;
        // Each other one is a file in one piece, whose commit is most of what there is to kill.
        let is_small = round % 2 == 0;
        let length = random.u64(if is_small { 0..=PART } else { PARTS / 2 * PART..=PARTS * PART });
        let steps = if is_small { CALLS } else { PARTS + CALLS };
        let content = bytes(length);
        let path = folder.path().join(format!("{round}.bin"));
        std::fs::write(&path, &content).unwrap();
        stage.emulator.clear_journal();
        let (mut kills_here, mut is_done) = (0, false);
        for _ in 0..3 {
            let requests = usize::try_from(random.u64(0..steps)).unwrap();
            if random.u8(0..if is_small { 2 } else { 4 }) == 0 {
                stage.fault(FaultKind::ApplyThenStall { millis: None }, "storage_v2.CommitFile");
            }
            let mut child = start(&stage, &path);
            let now = stage.emulator.journal().len();
            seen(&stage.emulator, now + requests, &mut child).await;
            tokio::time::sleep(Duration::from_micros(random.u64(0..3_000))).await;
            let _ = child.start_kill();
            let ended = child.wait_with_output().await.unwrap();
            stage.emulator.clear_faults();
            // Who was killed after the last step was done with the file, as one that ended.
            is_done = ended.status.success() || (stage.commits() == 1 && stage.journals().is_empty());
            if is_done {
                break;
            }
            assert_eq!(ended.status.code(), None, "round {round}: {}", String::from_utf8_lossy(&ended.stderr));
            kills_here += 1;
        }
        if !is_done {
            let ended = start(&stage, &path).wait_with_output().await.unwrap();
            assert!(ended.status.success(), "round {round}: {}", String::from_utf8_lossy(&ended.stderr));
        }
        killed += kills_here;
        assert_committed_once(&stage, &path, &content, kills_here).await;
    }
    assert!(stage.journals().is_empty(), "{:?}", stage.journals());
}

async fn assert_committed_once(stage: &Stage, path: &Path, content: &[u8], kills: u64) {
    let name = path.file_name().unwrap().to_str().unwrap();
    assert_eq!(stage.commits(), 1, "{name}");
    let journal = stage.emulator.journal();
    let parts = journal.iter().filter(|record| record.operation == "storage.UploadPart");
    let sent: u64 = parts.map(|record| record.request_bytes).sum();
    let bound = content.len() as u64 + kills * AT_ONCE as u64 * PART;
    assert!(sent <= bound, "{name}: {sent} bytes were sent for {} and {kills} kills", content.len());
    let calls = stage.drive.client().storage_v1();
    let mut listed = calls.list_dentries(&stage.root.space, &stage.root.id).max_results(50).items();
    while let Some(dentry) = listed.try_next().await.unwrap() {
        if dentry.name == name {
            let entry = Entry::from_dentry(&dentry).unwrap();
            assert!(stage.content(&entry).await == content, "{name}");
            return;
        }
    }
    panic!("{name} is not there");
}
