//! What the spec says that the official SDK lacks, held against the list of all that it has.
//!
//! An operation without an entry in the evidence of the SDK is held against its page alone. That is right where the SDK
//! has no such operation, and hides mistakes where the evidence is merely older than the operation.

use std::collections::BTreeSet;

use super::Sources;
use super::disagreement::About;
use super::disputes::Disputes;
use super::evidence::Evidence;
use crate::spec::Spec;

/// Each claim that something is not in the SDK, although it is.
pub(super) fn false_claims(spec: &Spec, evidence: &Evidence, disputes: &Disputes) -> Vec<String> {
    let mut claims: BTreeSet<(&str, &str)> = BTreeSet::new();
    claims.extend(evidence.of_pages().map(|name| (Sources::PAGES, name)));
    claims.extend(disputes.absent(About::Operation).map(|name| (Sources::DISPUTES, name)));
    let mut found: Vec<String> = claims
        .into_iter()
        .filter_map(|(file, name)| {
            let there = evidence.in_sdk(name, &http(spec, name)?)?;
            Some(format!("{file}: `{name}` is said to be missing from the SDK, which has it: {there}; {MEND}"))
        })
        .collect();
    for family in &spec.families {
        let name = &family.family.family;
        if let Some(module) = evidence.unread_module(name) {
            found.push(format!(
                "{}: `{name}` is the module {module} of the SDK, of which nothing was read; {MEND}",
                family.file
            ));
        }
    }
    found
}

const MEND: &str = "make the evidence again with spec/evidence/official_sdk.py";

/// Method and path of an operation.
fn http(spec: &Spec, full_name: &str) -> Option<String> {
    let (family, name) = full_name.split_once('.')?;
    let family = spec.families.iter().find(|item| item.family.family == family)?;
    let item = family.operations.iter().find(|item| item.operation.operation == name)?;
    Some(item.operation.http.split_whitespace().collect::<Vec<_>>().join(" "))
}
