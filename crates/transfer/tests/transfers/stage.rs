//! An emulator with a space, and a drive on it.

#[path = "../shared/bytes.rs"]
mod shared;

use std::time::Duration;

use dingtalk_storage::credentials::InternalApp;
use dingtalk_storage::runtime::Backoff;
use dingtalk_storage::types::DentryId;
use dingtalk_storage::{Client, OperatorClient};
use dingtalk_storage_emulator::{Emulator, EmulatorBuilder, Fault, FaultKind};
use dingtalk_storage_transfer::{Drive, DriveBuilder, Entry};
use tempfile::TempDir;

pub use shared::bytes;

/// Smallest part that the storage takes.
pub const PART: u64 = 100 << 10;

pub struct Stage {
    pub emulator: Emulator,
    pub drive: Drive,
    /// Root of the space.
    pub root: Entry,
    /// Where journals are.
    pub state: TempDir,
}

impl Stage {
    /// Files above one smallest part go in parts of that size.
    pub async fn new() -> Self {
        Self::with(|drive| drive.single_put(PART).part_size(PART)).await
    }

    pub async fn with(settings: impl FnOnce(DriveBuilder) -> DriveBuilder) -> Self {
        Self::on(Emulator::builder(), settings).await
    }

    pub async fn on(emulator: EmulatorBuilder, settings: impl FnOnce(DriveBuilder) -> DriveBuilder) -> Self {
        let emulator = emulator.start().await.unwrap();
        let ada = ada(&emulator);
        let space = ada.drive_v1().add_space("Transfers").send().await.unwrap().space_id;
        let root = ada.storage_v1().get_dentry(&space, &DentryId::root()).send().await.unwrap().dentry;
        let root = Entry::from_dentry(&root).unwrap();
        emulator.clear_journal();
        let state = tempfile::tempdir().unwrap();
        let drive = settings(Drive::builder(&ada).state_dir(state.path())).build();
        Self { emulator, drive, root, state }
    }

    /// Another drive with the same settings and the same state, as another process has it.
    pub fn another_drive(&self) -> Drive {
        let settings = self.drive.settings();
        let drive = Drive::builder(&ada(&self.emulator)).state_dir(self.state.path()).single_put(settings.single_put);
        drive.part_size(settings.part_size).parts_at_once(settings.parts_at_once).build()
    }

    /// What is noted about unfinished transfers.
    pub fn journals(&self) -> Vec<String> {
        let Ok(journals) = std::fs::read_dir(self.state.path().join("transfers")) else { return Vec::new() };
        journals.map(|journal| std::fs::read_to_string(journal.unwrap().path()).unwrap()).collect()
    }

    pub fn fault(&self, kind: FaultKind, operation: &str) {
        self.emulator.add_fault(Fault::new(kind).on(operation));
    }

    /// Operations of the API that were called, in order.
    pub fn api_calls(&self) -> Vec<String> {
        let operations = self.emulator.journal().into_iter().map(|record| record.operation);
        operations.filter(|operation| operation.contains("_v")).collect()
    }

    pub fn commits(&self) -> usize {
        self.emulator.effects("file.committed")
    }

    /// The bytes of a file, by the runtime alone.
    pub async fn content(&self, entry: &Entry) -> Vec<u8> {
        let client = self.drive.client();
        let info = client.storage_v1().get_file_download_info(&entry.space, &entry.id).send().await.unwrap();
        let signed = info.header_signature_info().unwrap().signed().unwrap();
        let mut object = client.runtime().signed(&signed).get().await.unwrap();
        let mut content = Vec::new();
        while let Some(piece) = object.next().await.unwrap() {
            content.extend_from_slice(&piece);
        }
        content
    }
}

/// A client of the first person of an emulator.
pub fn ada(emulator: &Emulator) -> OperatorClient {
    let credentials = emulator.credentials();
    let client = client(emulator.api_url(), &credentials.app_key, &credentials.app_secret);
    client.operator(&credentials.users[0].union_id.as_str().into())
}

pub fn client(api: &str, key: &str, secret: &str) -> Client {
    Client::builder()
        .base_url(api)
        .credentials(InternalApp::new(key, secret))
        .retry(Backoff::attempts(3).pauses(Duration::from_millis(1), Duration::from_millis(5)))
        .calls_per_second(None)
        .build()
        .unwrap()
}
