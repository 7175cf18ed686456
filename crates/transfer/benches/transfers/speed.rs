//! 1 GiB up and down, in turn with `curl` on the same emulator.

use std::path::Path;
use std::time::Instant;

use dingtalk_storage::credentials::InternalApp;
use dingtalk_storage::types::{ConflictStrategy, DentryId, HeaderSignatureInfo, SignedUrl, TransferProtocol};
use dingtalk_storage::{Client, OperatorClient};
use dingtalk_storage_emulator::{Emulator, Options};
use dingtalk_storage_transfer::Entry;
use tokio::process::Command;

use crate::child::{Task, Work};
use crate::{GIB, PARTS_FROM};

const ROUNDS: usize = 9;

pub async fn against_curl() {
    println!("1 GiB, seconds, {ROUNDS} rounds; ours sends and checks CRC-64, the calls of the API are part of it");
    println!("what ours has downloaded is on the disk; so it is for `curl and sync`, and in memory for curl alone");
    let local = tempfile::tempdir_in(env!("CARGO_TARGET_TMPDIR")).unwrap();
    let source = local.path().join("source.bin");
    write(&source, GIB);
    for (how, single_put) in [("in parts", PARTS_FROM), ("in one piece", 2 * GIB)] {
        println!("{how}:");
        rounds(local.path(), &source, single_put).await;
    }
}

async fn rounds(local: &Path, source: &Path, single_put: u64) {
    let (mut up, mut down, mut durable) = (Vec::new(), Vec::new(), Vec::new());
    for round in 0..ROUNDS {
        // Anew, for it has everything in memory.
        let stage = Stage::start(local).await;
        let (mut curl, mut ours) = ((0.0, 0.0, 0.0), (0.0, 0.0));
        // Each is first as often as the other.
        for turn in [round % 2, (round + 1) % 2] {
            if turn == 0 {
                curl = stage.curl(source).await;
            } else {
                ours = stage.ours(source, single_put).await;
            }
        }
        println!(
            "up: curl {:.2}, ours {:.2}   down: curl {:.2}, and sync {:.2}, ours {:.2}",
            curl.0, ours.0, curl.1, curl.2, ours.1
        );
        up.push(curl.0 / ours.0);
        down.push(curl.1 / ours.1);
        durable.push(curl.2 / ours.1);
    }
    let (up, down, durable) = (median(up), median(down), median(durable));
    println!("up {up:.2} x curl, down {durable:.2} x curl and sync, {down:.2} x curl alone (medians of the rounds)");
}

fn median(mut values: Vec<f64>) -> f64 {
    values.sort_by(f64::total_cmp);
    values[values.len() / 2]
}

/// Bytes that no zero is like another.
fn write(path: &Path, length: u64) {
    let mut random = fastrand::Rng::with_seed(1);
    let block: Vec<u8> = std::iter::repeat_with(|| random.u8(..)).take(1 << 20).collect();
    let mut file = std::fs::File::create(path).unwrap();
    for _ in 0..length >> 20 {
        std::io::Write::write_all(&mut file, &block).unwrap();
    }
    file.sync_all().unwrap();
}

/// An emulator with a space, and where files of this machine are.
struct Stage {
    emulator: Emulator,
    client: OperatorClient,
    root: Entry,
    local: std::path::PathBuf,
}

impl Stage {
    async fn start(local: &Path) -> Self {
        // Entity tags without MD5, which whole objects of this size have none of: else uploads in parts would wait for it.
        let options = Options { md5_up_to: 0, ..Options::default() };
        let emulator = Emulator::builder().options(options).start().await.unwrap();
        let credentials = emulator.credentials();
        let app = InternalApp::new(credentials.app_key.as_str(), credentials.app_secret.as_str());
        let client = Client::builder().base_url(emulator.api_url()).credentials(app).build().unwrap();
        let client = client.operator(&credentials.users[0].union_id.as_str().into());
        let space = client.drive_v1().add_space("Bench").send().await.unwrap().space_id;
        let root = client.storage_v1().get_dentry(&space, &DentryId::root()).send().await.unwrap().dentry;
        let root = Entry::from_dentry(&root).unwrap();
        Self { emulator, client, root, local: local.to_owned() }
    }

    fn task(&self, work: Work) -> Task {
        let credentials = self.emulator.credentials();
        Task {
            api: self.emulator.api_url().to_owned(),
            key: credentials.app_key.clone(),
            secret: credentials.app_secret.clone(),
            operator: credentials.users[0].union_id.clone(),
            state: self.local.join("state"),
            work,
        }
    }

    /// Seconds up and down.
    async fn ours(&self, source: &Path, single_put: u64) -> (f64, f64) {
        let (folder, file) = (self.root.uuid.clone(), source.to_owned());
        let up = self.task(Work::Upload { folder, file, is_verified: true, single_put }).run().await;
        let listed = self.client.storage_v1().list_dentries(&self.root.space, &DentryId::root());
        let file = listed.send().await.unwrap().dentries.into_iter().find(|file| file.name == "source.bin").unwrap();
        let to = self.local.join("ours.bin");
        let file = (self.root.space.clone(), file.id);
        let down = self.task(Work::Download { file, to: to.clone() }).run().await;
        println!("memory: up {:.1} MiB, down {:.1} MiB", up.memory, down.memory);
        std::fs::remove_file(to).unwrap();
        (up.seconds, down.seconds)
    }

    /// Seconds up, down, and down until it is on the disk, of the bytes alone.
    async fn curl(&self, source: &Path) -> (f64, f64, f64) {
        let calls = self.client.storage_v2();
        let info = calls.get_file_upload_info(&self.root.uuid, TransferProtocol::HeaderSignature).send().await.unwrap();
        let put = ["-T", source.to_str().unwrap(), "-H", "Content-Type:", "-H", "Expect:"];
        let up = curl(info.header_signature_info().unwrap(), &put).await;
        let commit = calls.commit_file(&self.root.uuid, &info.upload_key, "curl.bin");
        let commit = commit.conflict_strategy(ConflictStrategy::Overwrite).send().await.unwrap();
        let file = commit.dentry;
        let info = self.client.storage_v1().get_file_download_info(&self.root.space, &file.id).send().await.unwrap();
        let to = self.local.join("curl.bin");
        let down = curl(info.header_signature_info().unwrap(), &["-o", to.to_str().unwrap()]).await;
        let synced = Instant::now();
        std::fs::File::options().write(true).open(&to).unwrap().sync_all().unwrap();
        let durable = down + synced.elapsed().as_secs_f64();
        std::fs::remove_file(to).unwrap();
        (up, down, durable)
    }
}

async fn curl(info: &HeaderSignatureInfo, arguments: &[&str]) -> f64 {
    let mut command = Command::new("curl");
    command.args(["-sS", "--fail", "-w", "%{stderr}%{time_total}"]).args(arguments);
    for (name, value) in &info.headers {
        command.arg("-H").arg(format!("{name}: {}", value.expose()));
    }
    command.arg(SignedUrl::expose(&info.resource_urls[0]));
    let output = command.output().await.unwrap();
    let told = String::from_utf8(output.stderr).unwrap();
    assert!(output.status.success(), "{told}");
    told.trim().parse().unwrap()
}
