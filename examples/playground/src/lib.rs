//! Where the examples run.
//!
//! By default that is the emulator in the same process, which needs no account and no network. Where `DINGTALK_APP_KEY`
//! or `DINGTALK_ACCESS_TOKEN` is set it is the real drive, with the app, the region and the operator that
//! [`ClientBuilder::from_env`](dingtalk_storage::ClientBuilder::from_env) and
//! [`Client::operator_from_env`] read.

use std::error::Error;

use dingtalk_storage::credentials::InternalApp;
use dingtalk_storage::types::UnionId;
use dingtalk_storage::{Client, OperatorClient};
use dingtalk_storage_emulator::Emulator;

/// What an example comes to.
pub type Outcome<T> = Result<T, Box<dyn Error>>;

/// A drive to play with.
#[derive(Debug)]
pub struct Playground {
    /// The client, with the person that it works for.
    pub client: OperatorClient,
    /// The organization (corpId), where it is known.
    pub organization: Option<String>,
    /// Lives as long as it is played with; none for the real drive.
    emulator: Option<Emulator>,
}

impl Playground {
    /// The drive that the environment names, or the emulator.
    ///
    /// # Errors
    ///
    /// If the environment names half of it, or the emulator cannot start.
    pub async fn open() -> Outcome<Self> {
        if ["DINGTALK_APP_KEY", "DINGTALK_ACCESS_TOKEN"].iter().all(|name| std::env::var_os(name).is_none()) {
            return Self::emulated().await;
        }
        let client = Client::from_env()?.operator_from_env()?;
        Ok(Self { client, organization: std::env::var("DINGTALK_CORP_ID").ok(), emulator: None })
    }

    /// The emulator.
    ///
    /// # Errors
    ///
    /// If it cannot start.
    pub async fn emulated() -> Outcome<Self> {
        let emulator = Emulator::start().await?;
        let credentials = emulator.credentials();
        let person = credentials.users.first().ok_or("the emulator has no people")?;
        let app = InternalApp::new(credentials.app_key.as_str(), credentials.app_secret.as_str());
        let client = Client::builder().credentials(app).base_url(emulator.api_url()).build()?;
        let client = client.operator(&UnionId::new(person.union_id.as_str()));
        Ok(Self { client, organization: Some(credentials.corp_id.clone()), emulator: Some(emulator) })
    }

    /// Whether nothing of it is left afterwards.
    #[must_use]
    pub fn is_emulated(&self) -> bool {
        self.emulator.is_some()
    }
}
