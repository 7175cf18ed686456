//! Events from the emulator to a program, by both ways on which they come.
#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test whose set-up fails has failed")]

mod callback;
mod stream;

use std::time::Duration;

use dingtalk_storage::credentials::InternalApp;
use dingtalk_storage::events::{Envelope, Event};
use dingtalk_storage::types::{DentryId, EventScope, EventScopeId, SpaceId, UnionId};
use dingtalk_storage::{Client, OperatorClient};
use dingtalk_storage_emulator::Emulator;

/// A drive whose news about a space is subscribed to.
struct Watched {
    emulator: Emulator,
    client: Client,
    ada: OperatorClient,
    space: SpaceId,
}

impl Watched {
    async fn start() -> Self {
        let emulator = Emulator::builder().start().await.unwrap();
        let app = app(&emulator);
        let client = Client::builder().base_url(emulator.api_url()).credentials(app).build().unwrap();
        let ada = client.operator(&UnionId::new(&emulator.credentials().users[0].union_id));
        let space = ada.storage_v1().add_space().scene("watched").name("watched").send().await.unwrap().space.id;
        let scope = EventScopeId::new(space.as_str());
        ada.storage_v1().subscribe_event(&scope, EventScope::Space).send().await.unwrap();
        Self { emulator, client, ada, space }
    }

    /// Makes a folder, which is news; its id.
    async fn news(&self, name: &str) -> DentryId {
        let call = self.ada.storage_v1().add_folder(&self.space, &DentryId::root(), name);
        call.send().await.unwrap().dentry.id
    }
}

fn app(emulator: &Emulator) -> InternalApp {
    let app = emulator.credentials();
    InternalApp::new(app.app_key, app.app_secret)
}

/// The folder that an event is about.
fn folder(envelope: &Envelope<Event>) -> DentryId {
    assert!(matches!(envelope.event, Event::StorageDentryCreate(_)), "{envelope:?}");
    envelope.event.dentry().unwrap().dentry_id().unwrap().clone()
}

/// More than anything here takes; what does not end by then never will.
async fn soon<T>(work: impl Future<Output = T>) -> T {
    tokio::time::timeout(Duration::from_mins(1), work).await.unwrap()
}
