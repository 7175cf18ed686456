//! An emulator with a space of files, a drive on it, and a folder of this machine.

#[path = "../shared/bytes.rs"]
mod shared;

use std::path::{Path, PathBuf};
use std::time::Duration;

use bytes::Bytes;
use dingtalk_storage::Client;
use dingtalk_storage::credentials::InternalApp;
use dingtalk_storage::runtime::Backoff;
use dingtalk_storage::types::{ConflictStrategy, DentryId, TransferProtocol};
use dingtalk_storage_emulator::{Emulator, Fault, FaultKind};
use dingtalk_storage_transfer::{Drive, DriveBuilder, Entry};
use tempfile::TempDir;

#[allow(unused_imports, reason = "the tests of trees need no content")]
pub use shared::bytes;

/// Bytes of a range.
pub const PART: u64 = 100 << 10;

pub struct Stage {
    pub emulator: Emulator,
    pub drive: Drive,
    pub root: Entry,
    pub local: TempDir,
    /// Where journals are.
    pub state: TempDir,
}

impl Stage {
    /// Files above one part come in ranges.
    pub async fn new() -> Self {
        Self::with(|drive| drive.part_size(PART)).await
    }

    pub async fn with(settings: impl FnOnce(DriveBuilder) -> DriveBuilder) -> Self {
        let emulator = Emulator::start().await.unwrap();
        let credentials = emulator.credentials();
        let client = Client::builder()
            .base_url(emulator.api_url())
            .credentials(InternalApp::new(credentials.app_key, credentials.app_secret))
            .retry(Backoff::attempts(3).pauses(Duration::from_millis(1), Duration::from_millis(5)))
            .calls_per_second(None)
            .build()
            .unwrap();
        let ada = client.operator(&credentials.users[0].union_id.as_str().into());
        let space = ada.drive_v1().add_space("Transfers").send().await.unwrap().space_id;
        let root = ada.storage_v1().get_dentry(&space, &DentryId::root()).send().await.unwrap().dentry;
        let root = Entry::from_dentry(&root).unwrap();
        let state = tempfile::tempdir().unwrap();
        let drive = settings(Drive::builder(&ada).state_dir(state.path())).build();
        Self { emulator, drive, root, local: tempfile::tempdir().unwrap(), state }
    }

    /// Stores a file, or a new version of it, by the runtime alone.
    pub async fn put(&self, name: &str, content: &[u8]) -> Entry {
        let client = self.drive.client();
        let calls = client.storage_v2();
        let info = calls.get_file_upload_info(&self.root.uuid, TransferProtocol::HeaderSignature).send().await.unwrap();
        let signing = info.header_signature_info().unwrap();
        let signed = signing.signed().unwrap();
        client.runtime().signed(&signed).put(Bytes::copy_from_slice(content).into()).await.unwrap();
        let commit = calls.commit_file(&self.root.uuid, &info.upload_key, name);
        let commit = commit.conflict_strategy(ConflictStrategy::Overwrite);
        let entry = Entry::from_dentry(&commit.send().await.unwrap().dentry).unwrap();
        self.emulator.clear_journal();
        entry
    }

    pub fn fault(&self, kind: FaultKind, operation: &str) {
        self.emulator.add_fault(Fault::new(kind).on(operation));
    }

    pub fn path(&self, name: &str) -> PathBuf {
        self.local.path().join(name)
    }

    /// Names in the local folder.
    pub fn local_names(&self) -> Vec<String> {
        names(self.local.path())
    }

    /// Calls of the API and requests to the storage.
    pub fn calls(&self) -> Vec<String> {
        let calls = self.emulator.journal().into_iter().map(|record| record.operation);
        calls.filter(|operation| operation != "oauth2_v1.GetAccessToken").collect()
    }
}

pub fn names(folder: &Path) -> Vec<String> {
    let mut names: Vec<String> =
        folder.read_dir().unwrap().map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect();
    names.sort();
    names
}
