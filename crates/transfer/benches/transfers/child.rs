//! One transfer in a process of its own.

use std::path::PathBuf;
use std::pin::Pin;
use std::process::{Command, Stdio};
use std::task::{Context, Poll};
use std::time::Instant;

use dingtalk_storage::Client;
use dingtalk_storage::credentials::InternalApp;
use dingtalk_storage::types::{DentryId, DentryUuid, SpaceId};
use dingtalk_storage_transfer::{Drive, RemoteFile, Source, Target};
use serde::{Deserialize, Serialize};
use tokio::io::{AsyncRead, ReadBuf};

const TASK: &str = "TRANSFER_BENCH_TASK";

/// What a process does, and where.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Task {
    pub api: String,
    pub key: String,
    pub secret: String,
    pub operator: String,
    pub state: PathBuf,
    pub work: Work,
}

#[derive(Debug, Clone, Serialize, Deserialize)]
pub enum Work {
    Nothing,
    Upload { folder: DentryUuid, file: PathBuf, is_verified: bool, single_put: u64 },
    UploadReader { space: SpaceId, length: u64 },
    Download { file: (SpaceId, DentryId), to: PathBuf },
    DownloadToNowhere { file: (SpaceId, DentryId) },
}

/// What it took.
#[derive(Debug, Clone, Copy, Serialize, Deserialize)]
pub struct Took {
    pub seconds: f64,
    /// Most memory that the process had, in MiB.
    pub memory: f64,
}

impl Task {
    /// Does it in another process.
    pub async fn run(&self) -> Took {
        let mut command = Command::new(std::env::current_exe().unwrap());
        command.env(TASK, serde_json::to_string(self).unwrap()).stderr(Stdio::inherit());
        let output = tokio::task::spawn_blocking(move || command.output().unwrap()).await.unwrap();
        assert!(output.status.success(), "{self:?}");
        serde_json::from_slice(&output.stdout).unwrap()
    }
}

/// Does what the parent wants; returns whether there was one.
pub fn run_if_told() -> bool {
    let Ok(task) = std::env::var(TASK) else { return false };
    let task: Task = serde_json::from_str(&task).unwrap();
    let took = tokio::runtime::Runtime::new().unwrap().block_on(work(task));
    println!("{}", serde_json::to_string(&took).unwrap());
    true
}

async fn work(task: Task) -> Took {
    let client = Client::builder().base_url(&task.api).credentials(InternalApp::new(&task.key, &task.secret));
    let client = client.build().unwrap().operator(&task.operator.as_str().into());
    let builder = Drive::builder(&client).state_dir(task.state);
    let drive = builder.clone().build();
    let start = Instant::now();
    match task.work {
        Work::Nothing => {}
        Work::Upload { folder, file, is_verified, single_put } => {
            let drive = builder.single_put(single_put).build();
            let uploaded = drive.upload(file).to(folder).send().await.unwrap();
            assert_eq!(uploaded.integrity.is_verified(), is_verified);
        }
        Work::UploadReader { space, length } => {
            let upload = drive.upload(Source::reader(Zeros(length))).to(Target::root(&space)).name("zeros");
            assert_eq!(upload.send().await.unwrap().entry.name, "zeros");
        }
        Work::Download { file, to } => {
            let downloaded = drive.download(RemoteFile::from(file)).to_path(to).await.unwrap();
            assert!(downloaded.integrity.is_verified());
        }
        Work::DownloadToNowhere { file } => {
            drive.download(RemoteFile::from(file)).to_writer(tokio::io::sink()).await.unwrap();
        }
    }
    Took { seconds: start.elapsed().as_secs_f64(), memory: most_memory() }
}

/// Most memory that this process had, in MiB.
fn most_memory() -> f64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:")).unwrap_or("0 kB");
    line.split_whitespace().next().and_then(|kib| kib.parse::<f64>().ok()).unwrap_or(f64::NAN) / 1024.0
}

/// So many zeros.
struct Zeros(u64);

impl AsyncRead for Zeros {
    fn poll_read(mut self: Pin<&mut Self>, _: &mut Context<'_>, room: &mut ReadBuf<'_>) -> Poll<std::io::Result<()>> {
        let length = usize::try_from(self.0).unwrap_or(usize::MAX).min(room.remaining());
        room.initialize_unfilled_to(length);
        room.advance(length);
        self.0 -= length as u64;
        Poll::Ready(Ok(()))
    }
}
