//! A name that nothing defines is one mistake, however often it is used.

use std::collections::HashMap;

use crate::codes::Code;
use crate::finding::Finding;

/// Findings about names that something else has to define.
const OF_NAMES: &[Code] = &[Code::UnknownType, Code::UnknownErrorCode, Code::UnknownGroup, Code::UnknownScope];

/// So many other places are shown; the rest are counted.
const SHOWN: usize = 3;

pub(super) fn merge(findings: &mut Vec<Finding>) {
    let mut first: HashMap<(Code, String), usize> = HashMap::new();
    let mut places: Vec<usize> = Vec::new();
    let mut merged: Vec<Finding> = Vec::with_capacity(findings.len());
    for finding in findings.drain(..) {
        let key = (finding.code(), finding.message().to_owned());
        let known = first.get(&key).and_then(|index| Some((merged.get_mut(*index)?, places.get_mut(*index)?)));
        if let Some((known, count)) = known.filter(|_| OF_NAMES.contains(&finding.code())) {
            *count += 1;
            if *count <= SHOWN {
                known.add(finding.primary().place.clone(), "and here");
            }
        } else {
            first.insert(key, merged.len());
            merged.push(finding);
            places.push(0);
        }
    }
    for (finding, count) in merged.iter_mut().zip(places).filter(|(_, count)| *count > SHOWN) {
        finding.remark(format!("used in {count} other places, too"));
    }
    *findings = merged;
}
