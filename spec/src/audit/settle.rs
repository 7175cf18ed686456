//! Disagreements and the disputes that explain them.

use super::Sources;
use super::disagreement::{Disagreement, Reason};
use super::disputes::{Dispute, Disputes, Subject};

/// Gives each disagreement its reason; returns the disputes that explain nothing.
///
/// The first dispute that covers a disagreement explains it, so a second one for the same is left over.
pub(super) fn settle(disagreements: &mut [Disagreement], disputes: &Disputes) -> Vec<String> {
    let mut applied = vec![false; disputes.all.len()];
    for disagreement in disagreements {
        let covering = disputes.all.iter().zip(&mut applied).find(|(dispute, _)| dispute.covers(disagreement));
        if let Some((dispute, applied)) = covering {
            *applied = true;
            disagreement.reason = Some(Reason { text: dispute.reason.clone(), line: dispute.line });
        }
    }
    let left_over = disputes.all.iter().zip(applied).filter(|(_, applied)| !applied);
    left_over.map(|(dispute, _)| describe(dispute)).collect()
}

fn describe(dispute: &Dispute) -> String {
    let subject = match &dispute.subject {
        Subject::Operation { name, field } if field.is_empty() => name.clone(),
        Subject::Operation { name, field } => format!("{name} {field}"),
        Subject::Type { name, field } => format!("the shared type {name}, field {field}"),
    };
    format!(
        "{}:{}: a dispute that no longer applies: {subject}: {} (spec: {}, SDK: {})",
        Sources::DISPUTES,
        dispute.line,
        dispute.about,
        dispute.spec,
        dispute.sdk,
    )
}
