//! Roles in force, held against the state of the emulator.
#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "what is missing is a failed test")]

#[path = "../downloads/stage.rs"]
#[allow(dead_code, reason = "shared with the tests of downloads")]
mod stage;

mod state;

use std::collections::{BTreeMap, BTreeSet};

use dingtalk_storage::types::{
    CorpId, DentryUuid, MemberId, MemberType, PermissionInheritance, PermissionMember, RoleId,
};
use dingtalk_storage_emulator::{Plan, PlannedFile, PlannedSpace};
use dingtalk_storage_transfer::AuditReport;

use stage::Stage;
use state::State;

/// Folders in the tree.
const FOLDERS: usize = 400;
/// Files and folders.
const ENTRIES: usize = 10_000;

/// A tree, with a deterministic choice of everything.
fn files() -> Vec<PlannedFile> {
    let file = |path: String| PlannedFile { path, text: None, from: None, size: None };
    // Each folder is in one before it, at most eight deep.
    let mut folders: Vec<String> = vec![String::new()];
    let mut random = fastrand::Rng::with_seed(7);
    while folders.len() <= FOLDERS {
        let above = &folders[random.usize(..folders.len())];
        if above.matches('/').count() < 8 {
            folders.push(format!("{above}/folder {}", folders.len()));
        }
    }
    let mut all: Vec<PlannedFile> = folders.iter().skip(1).map(|path| file(format!("{path}/"))).collect();
    while all.len() < ENTRIES {
        let above = &folders[random.usize(..folders.len())];
        let number = all.len();
        all.push(PlannedFile { size: Some(0), ..file(format!("{above}/file {number}")) });
    }
    all
}

/// Who holds which role, as the audit says and as the emulator has it.
fn of_report(report: &AuditReport) -> BTreeMap<String, BTreeSet<(String, String, String)>> {
    let entries = report.entries.iter().map(|audited| {
        let roles = audited.roles.iter().map(|role| {
            let id = role.member.id.as_ref().map(ToString::to_string).unwrap_or_default();
            (role.role.as_str().to_owned(), role.member.kind.as_str().to_owned(), id)
        });
        (audited.entry.uuid.to_string(), roles.collect())
    });
    entries.collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn the_roles_of_ten_thousand_entries_are_those_of_the_emulator() {
    let stage = Stage::new().await;
    let space = PlannedSpace { name: Some("Audited".to_owned()), files: files(), ..PlannedSpace::default() };
    stage.emulator.plant(&Plan { spaces: vec![space], ..Plan::default() }).await.unwrap();
    let before = State::of(&stage.emulator).await;
    let (space, root) = before.largest_space();
    let client = stage.drive.client();
    let root = stage.drive.entry(&space, &root).await.unwrap();

    // Grants of every role to people, departments, organizations and everybody, and some that end what is above.
    let mut random = fastrand::Rng::with_seed(11);
    let all = before.entries_of(&space);
    let users = stage.emulator.credentials().users;
    let corp = stage.emulator.credentials().corp_id;
    for number in 0..300 {
        let uuid = DentryUuid::new(&*all[random.usize(..all.len())]);
        let user = &users[1 + random.usize(..users.len() - 1)].user_id;
        let (kind, id) = match number % 6 {
            0 => (MemberType::Org, corp.as_str()),
            1 => (MemberType::Dept, "1"),
            _ => (MemberType::User, user.as_str()),
        };
        let role = [RoleId::Reader, RoleId::Downloader, RoleId::Editor, RoleId::Manager][random.usize(..4)].clone();
        let member = PermissionMember::new(kind, &MemberId::new(id)).with_corp_id(&CorpId::new(corp.as_str()));
        client.storage_v2().add_permission(&uuid, role, &[member]).send().await.unwrap();
        if number % 5 == 0 {
            let uuid = DentryUuid::new(&*all[random.usize(..all.len())]);
            let calls = client.storage_v2();
            calls.set_permission_inheritance(&uuid, PermissionInheritance::Break).send().await.unwrap();
        }
    }

    let granted = State::of(&stage.emulator).await;
    stage.emulator.clear_journal();
    let plan = stage.drive.audit(&root).plan().await.unwrap();
    let listing = stage.emulator.journal().len();
    assert_eq!(plan.entries(), ENTRIES + 1);
    let (least, most) = (plan.least_calls(), plan.most_calls());
    let report = plan.run().await.unwrap();
    assert_eq!(of_report(&report), granted.roles_in_force(&space));
    assert!((least..=most).contains(&report.calls), "{least} {} {most}", report.calls);
    // No call that an answer before it has made needless.
    let asked = stage.emulator.calls("storage_v2.GetPermissionInheritance");
    assert_eq!(asked, granted.entries_below_roles_that_can_end(&space));
    assert!(listing <= ENTRIES.div_ceil(50) + 4, "{listing}");
}
