//! Documented errors, each provoked by what really leads to it and not by a fault.

mod drive_and_wiki;
mod files;
mod media;
mod people;
mod transfers;

use std::collections::BTreeSet;

use dingtalk_storage::Error;
use dingtalk_storage::runtime::{ErrorKind, Phase};

use crate::stage::Stage;

/// What was refused: pairs of an operation and a code.
#[derive(Default)]
pub struct Refusals(BTreeSet<(&'static str, String)>);

impl Refusals {
    /// A call that has to be refused like this, as its operation documents it.
    pub async fn expect<T>(
        &mut self,
        name: &str,
        status: u16,
        code: &str,
        call: impl Future<Output = Result<T, Error>>,
    ) {
        let Err(error) = call.await else { panic!("{name} was done, and not refused with {code}") };
        assert_eq!(error.code().map(AsRef::as_ref), Some(code), "{name}: {error}");
        assert_eq!((error.status(), error.kind()), (Some(status), ErrorKind::Api), "{name}: {error}");
        assert_eq!((error.phase(), error.attempts()), (Phase::Refused, 1), "{name}: nothing was done or repeated");
        let operation = error.operation().unwrap();
        assert_eq!(operation.name, name);
        let documented = operation.error_codes().any(|(at, each)| at == status && each.as_str() == code);
        assert!(documented, "{name} documents no {status} {code}");
        self.0.insert((operation.name, code.to_owned()));
    }
}

#[tokio::test]
async fn documented_errors_are_provoked() {
    let mut refusals = Refusals::default();
    files::of_spaces(&Stage::start().await, &mut refusals).await;
    files::of_reading(&Stage::start().await, &mut refusals).await;
    files::of_placing(&Stage::start().await, &mut refusals).await;
    files::of_views_and_tasks(&Stage::start().await, &mut refusals).await;
    transfers::of_uploads(&Stage::start().await, &mut refusals).await;
    transfers::of_parts_and_downloads(&Stage::start().await, &mut refusals).await;
    media::of_uploads(&Stage::start().await, &mut refusals).await;
    people::of_permissions(&Stage::start().await, &mut refusals).await;
    people::of_recycle_bins(&Stage::start().await, &mut refusals).await;
    people::of_chats_and_events(&Stage::start().await, &mut refusals).await;
    drive_and_wiki::of_drive(&Stage::start().await, &mut refusals).await;
    drive_and_wiki::of_wiki_and_search(&Stage::start().await, &mut refusals).await;
    drive_and_wiki::of_tokens(&Stage::start().await, &mut refusals).await;

    let operations: BTreeSet<&str> = refusals.0.iter().map(|(operation, _)| *operation).collect();
    assert!(refusals.0.len() >= 144, "{} pairs", refusals.0.len());
    assert!(operations.len() >= 68, "of {} operations", operations.len());
}
