//! A name that nothing defines is one mistake, however often it is used.

use std::collections::HashMap;

use crate::codes::Code;
use crate::finding::{Finding, Place};

/// Findings about names that something else has to define.
const OF_NAMES: &[Code] = &[Code::UnknownType, Code::UnknownErrorCode, Code::UnknownGroup, Code::UnknownScope];

/// So many other places are shown; the rest are counted.
const SHOWN: usize = 3;

/// Puts what is said of a name in several places into the first finding about it.
pub(super) fn merge(findings: Vec<Finding>) -> Vec<Finding> {
    let mut places: HashMap<(Code, String), Vec<Place>> = HashMap::new();
    for finding in findings.iter().filter(|finding| OF_NAMES.contains(&finding.code())) {
        places.entry(said(finding)).or_default().push(finding.primary().place.clone());
    }
    let merged = findings.into_iter().filter_map(|finding| {
        if !OF_NAMES.contains(&finding.code()) {
            return Some(finding);
        }
        // Whoever is first takes all places away, so that the others find none.
        let others = places.remove(&said(&finding))?.split_off(1);
        let count = others.len();
        let finding = others.into_iter().take(SHOWN).fold(finding, |finding, place| finding.also(place, "and here"));
        Some(if count > SHOWN { finding.label(format!("used in {count} other places, too")) } else { finding })
    });
    merged.collect()
}

fn said(finding: &Finding) -> (Code, String) {
    (finding.code(), finding.message().to_owned())
}
