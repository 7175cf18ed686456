//! An emulator with a space, and an operator of it.

use std::time::Duration;

use dingtalk_storage::Client;
use dingtalk_storage::credentials::InternalApp;
use dingtalk_storage::runtime::Backoff;
use dingtalk_storage_emulator::Emulator;
use dingtalk_storage_opendal::DingtalkStorage;
use dingtalk_storage_transfer::Drive;
use opendal_core::Operator;
use tempfile::TempDir;

pub struct Stage {
    pub emulator: Emulator,
    pub operator: Operator,
    service: DingtalkStorage,
    _state: TempDir,
}

impl Stage {
    pub async fn new() -> Self {
        Self::with(|service| service).await
    }

    pub async fn with(settings: impl FnOnce(DingtalkStorage) -> DingtalkStorage) -> Self {
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
        // Of the Drive API, for its spaces have a recycle bin.
        let space = ada.drive_v1().add_space("Operator").send().await.unwrap().space_id;
        let state = tempfile::tempdir().unwrap();
        let drive = Drive::builder(&ada).state_dir(state.path()).build();
        let service = settings(DingtalkStorage::default().drive(&drive).space(space.as_str()));
        let operator = Operator::new(service.clone()).unwrap();
        emulator.clear_journal();
        Self { emulator, operator, service, _state: state }
    }

    /// An operator of another folder of the space.
    pub fn operator_of(&self, root: &str) -> Operator {
        Operator::new(self.service.clone().root(root)).unwrap()
    }

    pub async fn text(&self, path: &str) -> String {
        String::from_utf8(self.operator.read(path).await.unwrap().to_vec()).unwrap()
    }

    /// Paths of a list, as they come.
    pub async fn names(&self, path: &str, is_recursive: bool) -> Vec<String> {
        let listed = self.operator.list_with(path).recursive(is_recursive).await.unwrap();
        listed.into_iter().map(|entry| entry.path().to_owned()).collect()
    }

    /// Paths of all below a folder of an operator.
    pub async fn names_of(&self, operator: &Operator, path: &str) -> Vec<String> {
        let listed = operator.list_with(path).recursive(true).await.unwrap();
        listed.into_iter().map(|entry| entry.path().to_owned()).collect()
    }
}
