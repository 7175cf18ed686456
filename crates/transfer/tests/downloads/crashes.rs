//! Downloads whose process is killed. The child is this test program again.

use std::io::{BufRead, BufReader};
use std::process::{Command, Stdio};

use dingtalk_storage::Client;
use dingtalk_storage::credentials::InternalApp;
use dingtalk_storage::types::{DentryId, SpaceId, UnionId};
use dingtalk_storage_emulator::{Fault, FaultKind};
use dingtalk_storage_transfer::Drive;

use crate::stage::{PART, Stage, bytes};

/// What the child is told: URL, key, secret, person, space, file, path, folder of journals.
const CHILD: &str = "DINGTALK_TEST_DOWNLOAD_CHILD";
/// How often the process is killed.
const KILLS: &str = "DINGTALK_TEST_KILLS";
const PARTS_AT_ONCE: usize = 3;

/// What the killed process does; without its parent, nothing.
#[tokio::test]
async fn child() {
    let Ok(told) = std::env::var(CHILD) else { return };
    let [url, key, secret, person, space, file, path, state] = told.split('\n').collect::<Vec<_>>().try_into().unwrap();
    let client = Client::builder().base_url(url).credentials(InternalApp::new(key, secret)).build().unwrap();
    let client = client.operator(&UnionId::from(person));
    let drive = Drive::builder(&client).state_dir(state).part_size(PART).parts_at_once(PARTS_AT_ONCE).build();
    let download = drive.download((SpaceId::from(space), DentryId::from(file)));
    // The parent kills at one of these lines.
    let download = download.on_progress(|progress| println!("\ndone {}", progress.done));
    download.to_path(path).await.unwrap();
    println!("\nend");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_download_that_is_killed_goes_on_where_it_was() {
    let kills: u64 = std::env::var(KILLS).ok().and_then(|kills| kills.parse().ok()).unwrap_or(8);
    let seed = std::env::var("DINGTALK_TEST_SEED").ok().and_then(|seed| seed.parse().ok()).unwrap_or(1);
    println!("{kills} kills, seed {seed}");
    let mut random = fastrand::Rng::with_seed(seed);
    let stage = Stage::with(|drive| drive.part_size(PART).parts_at_once(PARTS_AT_ONCE)).await;
    let size = 20 * PART + 77;
    let content = bytes(size);
    let file = stage.put("a.bin", &content).await;
    let path = stage.path("a.bin");
    stage.emulator.add_fault(Fault::new(FaultKind::Slow { rate: 20 << 20 }).on("storage.GetObject").always());
    for kill in 0..kills {
        let _ = std::fs::remove_file(&path);
        stage.emulator.clear_journal();
        let credentials = stage.emulator.credentials();
        let told = [
            stage.emulator.api_url(),
            &credentials.app_key,
            &credentials.app_secret,
            &credentials.users[0].union_id,
            file.space.as_str(),
            file.id.as_str(),
            path.to_str().unwrap(),
            stage.state.path().to_str().unwrap(),
        ];
        let at = random.u64(0..=size);
        let (told, program) = (told.join("\n"), std::env::current_exe().unwrap());
        let was_killed = tokio::task::spawn_blocking(move || run_and_kill(&program, &told, at)).await.unwrap();
        let asked_before = stage.emulator.calls("storage.GetObject");

        if was_killed {
            let downloaded = stage.drive.download(&file).to_path(&path).await.unwrap();
            assert!(downloaded.integrity.is_verified(), "kill {kill} at {at}");
            assert_eq!(downloaded.size, size);
        }
        assert!(std::fs::read(&path).unwrap() == content, "kill {kill} at {at}");
        assert_eq!(stage.local_names(), ["a.bin"], "kill {kill} at {at}");
        // Each part once, those that were on their way twice, and one that tells whether the file is the same.
        let asked = stage.emulator.calls("storage.GetObject");
        let parts = usize::try_from(size.div_ceil(PART)).unwrap();
        assert!(asked <= parts + PARTS_AT_ONCE + 1, "kill {kill} at {at}: {asked_before} and {asked} in all");
    }
}

/// Runs the child until it has so many bytes; returns whether it was killed before its end.
fn run_and_kill(program: &std::path::Path, told: &str, at: u64) -> bool {
    let mut command = Command::new(program);
    command.args(["--exact", "crashes::child", "--nocapture"]).env(CHILD, told).stdout(Stdio::piped());
    let mut child = command.spawn().unwrap();
    let mut was_killed = false;
    for line in BufReader::new(child.stdout.take().unwrap()).lines() {
        let line = line.unwrap();
        if line.strip_prefix("done ").is_some_and(|done| done.parse::<u64>().unwrap() >= at) {
            child.kill().unwrap();
            was_killed = true;
            break;
        }
        if line == "end" {
            break;
        }
    }
    child.wait().unwrap();
    was_killed
}
