//! An emulator with a space, and a store of it.

use std::time::Duration;

use dingtalk_storage::Client;
use dingtalk_storage::credentials::InternalApp;
use dingtalk_storage::runtime::Backoff;
use dingtalk_storage::types::SpaceId;
use dingtalk_storage_emulator::Emulator;
use dingtalk_storage_object_store::{DingtalkStore, DingtalkStoreBuilder};
use dingtalk_storage_transfer::Drive;
use object_store::path::Path;
use tempfile::TempDir;

pub struct Stage {
    pub emulator: Emulator,
    pub store: DingtalkStore,
    pub drive: Drive,
    pub space: SpaceId,
    state: TempDir,
}

impl Stage {
    pub async fn new() -> Self {
        Self::with(|store| store).await
    }

    pub async fn with(settings: impl FnOnce(DingtalkStoreBuilder) -> DingtalkStoreBuilder) -> Self {
        let emulator = Emulator::start().await.unwrap();
        let state = tempfile::tempdir().unwrap();
        let drive = drive(&emulator, &state);
        // Of the Drive API, for its spaces have a recycle bin.
        let space = drive.client().drive_v1().add_space("Store").send().await.unwrap().space_id;
        let store = settings(DingtalkStoreBuilder::new().with_drive(&drive).with_space(&space)).build().unwrap();
        emulator.clear_journal();
        Self { emulator, store, drive, space, state }
    }

    /// A drive that knows nothing of this one, as another process has it.
    pub fn another_drive(&self) -> Drive {
        drive(&self.emulator, &self.state)
    }

    /// Calls of the API since the last look, in order.
    pub fn calls(&self) -> Vec<String> {
        let operations = self.emulator.journal().into_iter().map(|record| record.operation);
        let calls = operations.filter(|operation| operation.contains("_v") && !operation.contains("oauth2"));
        let calls: Vec<String> = calls.map(|call| call.split_once('.').unwrap().1.to_owned()).collect();
        self.emulator.clear_journal();
        calls
    }
}

fn drive(emulator: &Emulator, state: &TempDir) -> Drive {
    let credentials = emulator.credentials();
    let client = Client::builder()
        .base_url(emulator.api_url())
        .credentials(InternalApp::new(credentials.app_key, credentials.app_secret))
        .retry(Backoff::attempts(6).pauses(Duration::from_millis(1), Duration::from_millis(5)))
        .calls_per_second(None)
        .build()
        .unwrap();
    let ada = client.operator(&credentials.users[0].union_id.as_str().into());
    Drive::builder(&ada).state_dir(state.path()).build()
}

pub fn path(text: &str) -> Path {
    Path::parse(text).unwrap()
}
