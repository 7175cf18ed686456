//! Every fault at every step: the right bytes and one commit, or an error that says what is known.

use std::time::Duration;

use dingtalk_storage_emulator::{Fault, FaultKind};
use dingtalk_storage_transfer::Error;

use crate::stage::{PART, Stage, bytes};

const STEPS: [&str; 6] = [
    "storage_v2.GetFileUploadInfo",
    "storage.PutObject",
    "storage_v1.InitMultipartFileUpload",
    "storage_v1.GetMultipartFileUploadInfos",
    "storage.UploadPart",
    "storage_v2.CommitFile",
];

fn kinds() -> Vec<FaultKind> {
    let status = |status| FaultKind::Status { status, code: None, retry_after: None };
    let redirect = FaultKind::Redirect { status: 302, location: "http://127.0.0.1:9/".into() };
    let without = |pointer: &str| FaultKind::MutateJson { pointer: pointer.into(), value: None };
    let mut kinds: Vec<FaultKind> = [400, 403, 404, 408, 429, 500, 502, 503].map(status).into();
    kinds.extend([500, 503].map(|status| FaultKind::ApplyThenStatus { status, code: None }));
    kinds.extend([0, 1, 30].map(|at| FaultKind::ResetRequest { at }));
    kinds.extend([0, 1, 30].map(|at| FaultKind::ResetAnswer { at }));
    kinds.extend([0, 1, 30].map(|at| FaultKind::Truncate { at }));
    kinds.extend([3, 9, 100, 400].map(|bit| FaultKind::FlipBit { bit }));
    kinds.extend(["/uploadKey", "/headerSignatureInfo", "/multipartHeaderSignatureInfos", "/dentry"].map(without));
    kinds.extend(["/dentry/uuid", "/dentry/spaceId", "/dentry/name"].map(without));
    kinds.extend([FaultKind::ResetBefore, FaultKind::ResetAfter, FaultKind::ApplyThenDrop, redirect]);
    kinds.extend([FaultKind::ApplyThenStall { millis: None }, FaultKind::StallAnswer { at: 1, millis: None }]);
    kinds.extend([FaultKind::StallRequest { at: 1, millis: None }, FaultKind::Delay { millis: 5 }]);
    kinds.extend([FaultKind::WrongCrc, FaultKind::NoCrc, FaultKind::WrongEtag, FaultKind::ExpireUrl]);
    kinds.extend([FaultKind::BreakSignature, FaultKind::DeadUrl, FaultKind::RevokeToken]);
    kinds
}

async fn upload(step: &str, kind: FaultKind, length: u64) -> Option<bool> {
    let fault = Fault::new(kind.clone()).on(step);
    fault.check().ok()?;
    let short = Duration::from_millis(400);
    let stage = Stage::with(|drive| drive.single_put(PART).part_size(PART).stall_timeout(short)).await;
    stage.emulator.add_fault(fault);
    let what = format!("{kind:?} at {step}, {length} bytes");
    let sent = stage.drive.upload(bytes(length)).to(&stage.root).name("a.bin").send().await;
    if !stage.emulator.missed_faults().is_empty() {
        return None;
    }
    let token_leaked = stage.emulator.journal().iter().any(|record| record.token_leaked);
    assert!(!token_leaked, "{what}");
    match &sent {
        Ok(uploaded) => {
            assert_eq!(stage.commits(), 1, "{what}");
            assert_eq!(uploaded.entry.size, length, "{what}");
            stage.emulator.clear_faults();
            assert!(stage.content(&uploaded.entry).await == bytes(length), "{what}");
        }
        Err(Error::CommitUnknown { .. }) => assert!(stage.commits() <= 1, "{what}"),
        Err(error) => assert_eq!(stage.commits(), 0, "{what}: {error}"),
    }
    Some(sent.is_ok())
}

#[tokio::test(start_paused = true)]
async fn every_fault_at_every_step_gives_one_commit_or_a_clear_error() {
    use futures_util::StreamExt;
    let cases = STEPS.iter().flat_map(|step| kinds().into_iter().map(move |kind| (*step, kind)));
    let cases = cases.flat_map(|(step, kind)| [500, 3 * PART].map(|length| (step, kind.clone(), length)));
    let runs = futures_util::stream::iter(cases).then(|(step, kind, length)| upload(step, kind, length));
    let outcomes: Vec<bool> = runs.filter_map(|outcome| async move { outcome }).collect().await;
    let worked = outcomes.iter().filter(|worked| **worked).count();
    println!("{worked} of {} uploads worked", outcomes.len());
    assert!(outcomes.len() > 150 && worked * 2 > outcomes.len(), "{worked} of {}", outcomes.len());
}
