//! Every fault of the emulator, as somebody who uses the client meets it: what the outcome is, how often the call was
//! sent, and that it was done once or not at all.

mod answers;
mod connections;
mod refused;
mod storage;

use std::collections::BTreeSet;
use std::time::Duration;

use dingtalk_storage::runtime::{ErrorKind, Phase};
use dingtalk_storage::types::{DentryId, SpaceId};
use dingtalk_storage::{Client, Error, OperatorClient};
use dingtalk_storage_emulator::{Fault, FaultKind};
use tokio::task::JoinSet;

use crate::stage::{Stage, client_of};

/// A read, an idempotent call and a write: what a lost answer means differs.
const READ: &str = "storage_v1.GetSpace";
const IDEMPOTENT: &str = "storage_v1.SubscribeEvent";
const WRITE: &str = "storage_v1.AddFolder";

/// A stage with a space, and a client whose patience is short.
pub struct Scene {
    stage: Stage,
    ada: OperatorClient,
    space: SpaceId,
}

impl Scene {
    pub async fn start() -> Self {
        let stage = Stage::start().await;
        let (space, _) = stage.space("faults").await;
        stage.emulator.clear_journal();
        let client: Client = client_of(&stage.emulator)
            .attempt_timeout(Duration::from_secs(1))
            .stall_timeout(Duration::from_millis(500))
            .build()
            .unwrap();
        let ada = client.operator(&stage.union_id(0));
        Self { stage, ada, space }
    }

    fn fault(&self, kind: FaultKind, operation: &str) {
        self.stage.emulator.add_fault(Fault::new(kind).on(operation));
    }

    async fn read(&self) -> Result<(), Error> {
        let space = self.ada.storage_v1().get_space(&self.space).send().await?.space;
        assert_eq!(space.id, self.space, "an answer that comes through is whole");
        Ok(())
    }

    async fn write(&self) -> Result<(), Error> {
        let folder = self.ada.storage_v1().add_folder(&self.space, &DentryId::root(), "folder").send().await?;
        assert!(folder.dentry.name.starts_with("folder"), "an answer that comes through is whole");
        Ok(())
    }

    async fn repeat(&self) -> Result<(), Error> {
        let scope = self.space.as_str().into();
        self.ada.storage_v1().subscribe_event(&scope, "SPACE".into()).send().await.map(drop)
    }

    /// What a write comes to: the failure, how often it was sent, and how many folders it made.
    async fn written(&self) -> (Option<(ErrorKind, Phase)>, usize, usize) {
        let before = (self.stage.emulator.calls(WRITE), self.stage.emulator.effects("folder.created"));
        let failure = self.write().await.err().map(|error| (error.kind(), error.phase()));
        let emulator = &self.stage.emulator;
        (failure, emulator.calls(WRITE) - before.0, emulator.effects("folder.created") - before.1)
    }

    /// How often a read had to be sent until it came through.
    async fn reads(&self) -> usize {
        let before = self.stage.emulator.calls(READ);
        self.read().await.unwrap();
        self.stage.emulator.calls(READ) - before
    }

    /// The kinds of fault that were met here. One that was added and not met has tested nothing.
    fn met(&self) -> BTreeSet<&'static str> {
        assert_eq!(self.stage.emulator.missed_faults(), []);
        self.stage.emulator.faults().iter().map(|report| name(&report.fault.fault)).collect()
    }
}

/// Done, in one call.
const DONE: (Option<(ErrorKind, Phase)>, usize, usize) = (None, 1, 1);

macro_rules! kinds {
    ($($kind:pat => $name:literal,)*) => {
        /// A kind that is added has to be named here, and then to be met by a scenario.
        fn name(kind: &FaultKind) -> &'static str {
            match kind { $($kind => $name,)* }
        }

        const KINDS: &[&str] = &[$($name),*];
    };
}

kinds! {
    FaultKind::Status { .. } => "status",
    FaultKind::Throttle { .. } => "throttle",
    FaultKind::BanPage { .. } => "banPage",
    FaultKind::Delay { .. } => "delay",
    FaultKind::StallRequest { .. } => "stallRequest",
    FaultKind::StallAnswer { .. } => "stallAnswer",
    FaultKind::Slow { .. } => "slow",
    FaultKind::ResetBefore => "resetBefore",
    FaultKind::ResetRequest { .. } => "resetRequest",
    FaultKind::ResetAnswer { .. } => "resetAnswer",
    FaultKind::ResetAfter => "resetAfter",
    FaultKind::ApplyThenDrop => "applyThenDrop",
    FaultKind::ApplyThenStatus { .. } => "applyThenStatus",
    FaultKind::ApplyThenStall { .. } => "applyThenStall",
    FaultKind::Truncate { .. } => "truncate",
    FaultKind::FlipBit { .. } => "flipBit",
    FaultKind::WrongCrc => "wrongCrc",
    FaultKind::NoCrc => "noCrc",
    FaultKind::WrongEtag => "wrongEtag",
    FaultKind::IgnoreRange => "ignoreRange",
    FaultKind::ExpireUrl => "expireUrl",
    FaultKind::BreakSignature => "breakSignature",
    FaultKind::DeadUrl => "deadUrl",
    FaultKind::Redirect { .. } => "redirect",
    FaultKind::MutateJson { .. } => "mutateJson",
    FaultKind::RevokeToken => "revokeToken",
}

macro_rules! scenarios {
    ($($part:ident::$name:ident,)*) => {
        $(
            #[tokio::test]
            async fn $name() {
                let scene = Scene::start().await;
                $part::$name(&scene).await;
                scene.met();
            }
        )*

        #[tokio::test]
        async fn every_kind_of_fault_is_met() {
            let mut running = JoinSet::new();
            $(
                running.spawn(async {
                    let scene = Scene::start().await;
                    $part::$name(&scene).await;
                    scene.met()
                });
            )*
            let met: BTreeSet<&str> = running.join_all().await.into_iter().flatten().collect();
            let missing: Vec<&&str> = KINDS.iter().filter(|kind| !met.contains(**kind)).collect();
            assert_eq!(missing, [&""; 0]);
        }
    };
}

scenarios! {
    answers::answers_that_break_off_are_asked_for_again_if_that_is_harmless,
    answers::changed_answers_are_read_as_far_as_they_make_sense,
    answers::slow_answers_are_waited_for,
    answers::stalled_answers_are_given_up,
    connections::a_lost_answer_to_a_write_is_of_unknown_outcome,
    connections::connections_break_before_anything_is_done,
    connections::what_is_idempotent_is_sent_again,
    refused::a_ban_stops_all_calls,
    refused::a_json_ban_stops_all_calls,
    refused::a_revoked_token_is_replaced,
    refused::a_server_in_trouble_is_asked_again_if_that_is_harmless,
    refused::redirects_are_not_followed,
    refused::throttled_calls_are_sent_later,
    storage::a_dead_url_has_another_beside_it,
    storage::downloads_are_checked_by_what_the_storage_says,
    storage::good_urls_are_refused_and_asked_for_again,
    storage::lost_puts_are_put_again_and_committed_once,
}
