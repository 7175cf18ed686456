//! Processes that are killed while they make trees equal: `SYNC_KILLS=50 cargo test -p dingtalk-storage-transfer kill`.

use std::path::Path;
use std::process::Stdio;
use std::time::Duration;

use dingtalk_storage::Client;
use dingtalk_storage::credentials::InternalApp;
use dingtalk_storage_transfer::Drive;
use tokio::process::{Child, Command};

use crate::stage::PART;
use crate::trees::{Trees, read};

/// What tells a child what to do: API, key, secret, operator, space, folder, direction, local folder, state; one a line.
const TASK: &str = "SYNC_TASK";

/// The process that is killed; nothing when it is not one.
#[tokio::test]
async fn child() {
    let Ok(task) = std::env::var(TASK) else { return };
    let task: Vec<&str> = task.lines().collect();
    let client = Client::builder().base_url(task[0]).credentials(InternalApp::new(task[1], task[2]));
    let client = client.calls_per_second(None).build().unwrap().operator(&task[3].into());
    let drive = Drive::builder(&client).state_dir(task[8]).single_put(PART).part_size(PART).build();
    let folder = drive.entry(&task[4].into(), &task[5].into()).await.unwrap();
    let local = Path::new(task[7]);
    let sync = if task[6] == "up" { drive.sync(local).to(&folder) } else { drive.sync(&folder).to(local) };
    let plan = sync.delete().for_good().track_renames().plan().await.unwrap();
    drive.execute(&plan).run().await.unwrap();
}

fn start(trees: &Trees, direction: &str, local: &Path, state: &Path) -> Child {
    let credentials = trees.stage.emulator.credentials();
    let task = [
        trees.stage.emulator.api_url(),
        &credentials.app_key,
        &credentials.app_secret,
        &credentials.users[0].union_id,
        trees.folder.space.as_str(),
        trees.folder.id.as_str(),
        direction,
        local.to_str().unwrap(),
        state.to_str().unwrap(),
    ];
    let mut command = Command::new(std::env::current_exe().unwrap());
    command.args(["--exact", "kill::child", "--nocapture"]).env(TASK, task.join("\n"));
    command.stdout(Stdio::null()).stderr(Stdio::null()).kill_on_drop(true).spawn().unwrap()
}

/// Kills a child after so many requests; returns whether it had ended before.
async fn kill_after(trees: &Trees, mut child: Child, requests: usize) -> bool {
    let before = trees.stage.emulator.journal().len();
    while trees.stage.emulator.journal().len() < before + requests && child.try_wait().unwrap().is_none() {
        tokio::time::sleep(Duration::from_micros(300)).await;
    }
    let has_ended = child.try_wait().unwrap().is_some();
    let _ = child.start_kill();
    child.wait().await.unwrap();
    has_ended
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_killed_sync_goes_on_and_does_nothing_twice() {
    let kills: usize = std::env::var("SYNC_KILLS").ok().and_then(|kills| kills.parse().ok()).unwrap_or(6);
    println!("SYNC_KILLS={kills}");
    let mut random = fastrand::Rng::with_seed(kills as u64);
    let (mut killed, mut round) = (0, 0);
    while killed < kills {
        round += 1;
        assert!(round < 20 * kills);
        let trees = Trees::equal(&[("old/a", "moves"), ("old/b", "goes"), ("v", "1")]).await;
        let (copy, state) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
        trees.run(trees.stage.drive.sync(&trees.folder).to(copy.path())).await;
        std::fs::rename(trees.local().join("old/a"), trees.local().join("a")).unwrap();
        std::fs::remove_dir_all(trees.local().join("old")).unwrap();
        trees.write("v", "22");
        for number in 0..12 {
            trees.write(&format!("n{}/{number}", number % 3), &format!("content {number}"));
        }
        trees.write("large", &"x".repeat(usize::try_from(PART).unwrap() * 4));
        trees.stage.emulator.clear_journal();
        let all = ["up", "down"];
        for direction in all {
            let local = if direction == "up" { trees.local() } else { copy.path() };
            for _ in 0..2 {
                let child = start(&trees, direction, local, state.path());
                killed += usize::from(!kill_after(&trees, child, random.usize(3..60)).await);
            }
            // What is left.
            let drive =
                Drive::builder(trees.stage.drive.client()).state_dir(state.path()).single_put(PART).part_size(PART);
            let drive = drive.build();
            let sync = if direction == "up" {
                drive.sync(local).to(&trees.folder)
            } else {
                drive.sync(&trees.folder).to(local)
            };
            let plan = sync.delete().for_good().track_renames().plan().await.unwrap();
            let report = drive.execute(&plan).run().await.unwrap();
            assert!(report.is_complete(), "{report:#?}");
        }
        trees.are_equal().await;
        assert_eq!(read(copy.path()), trees.here(), "no unfinished file either");
        let effects = trees.effects();
        assert_eq!(effects.get("file.committed"), Some(&13), "each new file once: {effects:?}");
        // A version of which the time was not written down any more is stored again.
        assert!(effects.get("file.versioned").is_some_and(|versions| (1..=3).contains(versions)), "{effects:?}");
        trees.is_settled(trees.up().delete()).await;
    }
}
