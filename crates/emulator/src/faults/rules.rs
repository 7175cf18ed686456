//! Which calls faults hit, and whether they did.

use serde::{Deserialize, Serialize};

use super::{FaultKind, Side};

/// Operations of the object storage.
pub const STORAGE: [&str; 8] = [
    "storage.PutObject",
    "storage.UploadPart",
    "storage.GetObject",
    "storage.HeadObject",
    "storage.InitiateMultipartUpload",
    "storage.ListParts",
    "storage.CompleteMultipartUpload",
    "storage.AbortMultipartUpload",
];

/// News on its way to a subscriber, as the journal and faults call it.
pub const PUSH: &str = "events.Push";

/// A fault, and the calls that it hits.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Fault {
    /// What goes wrong.
    pub fault: FaultKind,
    /// Calls of which operation: a name such as `storage_v2.CommitFile`, `storage.PutObject` or `events.Push`, a
    /// beginning such as `storage_v2.*`, or `*`.
    #[serde(default = "Fault::every_operation")]
    pub operation: String,
    /// Only from this call on, counted from 1 for the calls of the operation since the fault was added.
    #[serde(default = "Fault::first")]
    pub nth: u64,
    /// How many calls it hits at most, from 1 on; without it, all.
    #[serde(default = "Fault::once")]
    pub times: Option<u64>,
    /// How likely it hits a call, above 0 and up to 1.
    #[serde(default)]
    pub probability: Option<f64>,
    /// Seed of the chance.
    #[serde(default)]
    pub seed: u64,
}

impl Fault {
    /// A fault that hits the next call, whichever it is.
    pub fn new(fault: FaultKind) -> Self {
        Self { fault, operation: "*".to_owned(), nth: 1, times: Some(1), probability: None, seed: 0 }
    }

    /// Only calls of this operation.
    #[must_use]
    pub fn on(mut self, operation: impl Into<String>) -> Self {
        self.operation = operation.into();
        self
    }

    /// Only from this call on, counted from 1.
    #[must_use]
    pub fn nth(mut self, nth: u64) -> Self {
        self.nth = nth;
        self
    }

    /// So many calls.
    #[must_use]
    pub fn times(mut self, times: u64) -> Self {
        self.times = Some(times);
        self
    }

    /// Every call.
    #[must_use]
    pub fn always(mut self) -> Self {
        self.times = None;
        self
    }

    /// Each call with a probability from 0 to 1; equal seeds hit the same calls.
    #[must_use]
    pub fn with_probability(mut self, probability: f64, seed: u64) -> Self {
        self.probability = Some(probability);
        self.seed = seed;
        self.times = None;
        self
    }

    fn every_operation() -> String {
        "*".to_owned()
    }

    fn first() -> u64 {
        1
    }

    #[allow(clippy::unnecessary_wraps, reason = "serde wants the type of the field")]
    fn once() -> Option<u64> {
        Some(1)
    }

    fn is_about(&self, operation: &str, side: Side) -> bool {
        self.is_named(operation) && self.fault.fits(operation, side)
    }
}

/// What became of a fault.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct FaultReport {
    /// Its number, counted from 1.
    pub number: u64,
    /// The fault.
    #[serde(flatten)]
    pub fault: Fault,
    /// Calls that it was about.
    pub seen: u64,
    /// Calls that it was meant for.
    pub hits: u64,
    /// Calls that it changed something for. A fault that was meant for a call may find nothing to do there: a range to
    /// ignore where none was asked for, a bit to flip behind the end.
    pub struck: u64,
}

/// All faults that were asked for.
#[derive(Debug, Default)]
pub struct Faults {
    rules: Vec<(FaultReport, fastrand::Rng)>,
    added: u64,
}

impl Faults {
    /// Adds a fault; returns its number.
    pub fn add(&mut self, fault: Fault) -> u64 {
        self.added += 1;
        let chance = fastrand::Rng::with_seed(fault.seed);
        self.rules.push((FaultReport { number: self.added, fault, seen: 0, hits: 0, struck: 0 }, chance));
        self.added
    }

    /// Whether there are any; the usual answer is no, and costs nothing.
    pub fn is_empty(&self) -> bool {
        self.rules.is_empty()
    }

    /// The fault that hits a call. When several could, the one that was added first does.
    pub fn choose(&mut self, operation: &str, side: Side) -> Option<(u64, FaultKind)> {
        let mut chosen = None;
        for (rule, chance) in &mut self.rules {
            if !rule.fault.is_about(operation, side) {
                continue;
            }
            rule.seen += 1;
            let due = rule.seen >= rule.fault.nth && rule.fault.times.is_none_or(|times| rule.hits < times);
            let lucky = rule.fault.probability.is_none_or(|probability| chance.f64() < probability);
            if chosen.is_none() && due && lucky {
                rule.hits += 1;
                chosen = Some((rule.number, rule.fault.fault.clone()));
            }
        }
        chosen
    }

    /// Notes that a fault has changed something for a call.
    pub fn strike(&mut self, number: u64) {
        if let Some((report, _)) = self.rules.iter_mut().find(|(report, _)| report.number == number) {
            report.struck += 1;
        }
    }

    /// The faults that have changed nothing.
    pub fn missed(&self) -> Vec<FaultReport> {
        self.rules.iter().map(|(report, _)| report).filter(|report| report.struck == 0).cloned().collect()
    }

    /// What became of each fault.
    pub fn reports(&self) -> Vec<FaultReport> {
        self.rules.iter().map(|(report, _)| report.clone()).collect()
    }

    /// Takes a fault away; returns whether it was there.
    pub fn remove(&mut self, number: u64) -> bool {
        let before = self.rules.len();
        self.rules.retain(|(report, _)| report.number != number);
        self.rules.len() < before
    }

    /// Takes all faults away.
    pub fn clear(&mut self) {
        self.rules.clear();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn hits(fault: Fault, calls: usize) -> Vec<usize> {
        let mut faults = Faults::default();
        faults.add(fault);
        (1..=calls).filter(|_| faults.choose("storage_v1.GetSpace", Side::Api).is_some()).collect()
    }

    #[test]
    fn a_fault_hits_the_calls_that_it_is_for() {
        let fault = Fault::new(FaultKind::ResetBefore);
        assert_eq!(hits(fault.clone(), 4), [1]);
        assert_eq!(hits(fault.clone().nth(3), 4), [3]);
        assert_eq!(hits(fault.clone().nth(2).times(2), 5), [2, 3]);
        assert_eq!(hits(fault.clone().always(), 3), [1, 2, 3]);
        assert_eq!(hits(fault.clone().on("storage_v1.*"), 2), [1]);
        assert_eq!(hits(fault.clone().on("storage_v1.GetSpac"), 2), [0; 0]);
        assert_eq!(hits(Fault::new(FaultKind::WrongCrc), 2), [0; 0], "an API call has no CRC");
        let chance = hits(fault.clone().with_probability(0.5, 7), 100);
        assert_eq!(chance, hits(fault.clone().with_probability(0.5, 7), 100));
        assert_ne!(chance, hits(fault.with_probability(0.5, 8), 100));
        assert!((30..70).contains(&chance.len()));
    }

    #[test]
    fn only_one_fault_hits_a_call_and_the_others_wait() {
        let mut faults = Faults::default();
        faults.add(Fault::new(FaultKind::ResetBefore));
        faults.add(Fault::new(FaultKind::ResetAfter));
        let chosen: Vec<Option<u64>> =
            (0..3).map(|_| faults.choose("x", Side::Api).map(|(number, _)| number)).collect();
        assert_eq!(chosen, [Some(1), Some(2), None]);
    }
}
