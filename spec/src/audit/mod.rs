//! The spec held against a second source: what the official SDK says, field by field and both ways.
//!
//! The spec is transcribed from documentation pages, which contradict themselves and the SDK. Where the two disagree,
//! one of them is wrong, or there is a reason; `disputes.yaml` names the reason for each. What is not explained there
//! fails the audit, and so does an explanation that explains nothing any more.
//!
//! What the SDK does not have, a few operations and all events, is held against the bare facts of its pages instead:
//! a second reading of the same page, which finds slips and no more.
//!
//! The overview pages of the documentation are the third source: each of their rows is an operation of the spec.

mod claims;
mod compare;
mod disagreement;
mod disputes;
mod evidence;
mod invalid;
mod lines;
mod overview;
mod render;
mod settle;
mod site;

pub use disagreement::{About, Disagreement, Position, Reason, SharedField};
pub use invalid::InvalidSource;
pub use overview::{Api, Chapter, Overview};

use crate::source::SourceTree;
use crate::spec::Spec;
use disputes::Disputes;
use evidence::Evidence;
use lines::Lines;

/// What the spec is held against, as the texts of the files beside it.
#[derive(Debug, Clone, Copy)]
pub struct Sources<'a> {
    /// What the SDK says; [`Sources::EVIDENCE`].
    pub evidence: &'a str,
    /// What the pages say of what the SDK does not have; [`Sources::PAGES`].
    pub pages: &'a str,
    /// What the overview pages list; [`Sources::OVERVIEW`].
    pub overview: &'a str,
    /// Which disagreements are right; [`Sources::DISPUTES`].
    pub disputes: &'a str,
}

impl Sources<'_> {
    /// Where the evidence stands within the spec.
    pub const EVIDENCE: &'static str = "evidence/official-sdk-2.2.65.json";
    /// Where the evidence of the pages stands within the spec.
    pub const PAGES: &'static str = "evidence/pages.json";
    /// Where the overview stands within the spec.
    pub const OVERVIEW: &'static str = "evidence/overview.json";
    /// Where the disputes stand within the spec.
    pub const DISPUTES: &'static str = "disputes.yaml";
}

/// What came of an audit.
#[derive(Debug, Clone)]
pub struct Audit {
    /// Every disagreement, by operation and field.
    pub disagreements: Vec<Disagreement>,
    /// Disputes that no disagreement needs, each with its place in `disputes.yaml`.
    pub stale: Vec<String>,
    /// What is said to be missing from the SDK, although it has it.
    pub false_claims: Vec<String>,
    /// Where the spec and the overview pages do not fit.
    pub gaps: Vec<String>,
    /// Operations that both sources have.
    pub operations: usize,
    /// Events that both sources have.
    pub events: usize,
    /// Fields that both sources have.
    pub fields: usize,
}

impl Audit {
    /// Whether every disagreement has a reason and nothing is missing or left over.
    pub fn passes(&self) -> bool {
        let left = [&self.stale, &self.false_claims, &self.gaps];
        left.iter().all(|list| list.is_empty()) && self.undisputed().next().is_none()
    }

    /// Disagreements without a reason.
    pub fn undisputed(&self) -> impl Iterator<Item = &Disagreement> {
        self.disagreements.iter().filter(|disagreement| disagreement.reason.is_none())
    }

    /// For people: on wish what is explained, then what has to be mended, and the summary as the last line.
    pub fn render(&self, explained: bool) -> String {
        render::render(self, explained)
    }

    /// How many disagreements there are, and what of them has to be mended.
    pub fn summary(&self) -> String {
        render::summary(self)
    }

    /// What has to be mended, for people.
    pub fn render_open(&self) -> String {
        render::render_open(self)
    }
}

/// Compares a spec with its sources. `tree` is what the spec was compiled from; it knows the lines.
///
/// # Errors
///
/// If one of the sources is not what it should be.
pub fn audit(spec: &Spec, tree: &SourceTree, sources: Sources<'_>) -> Result<Audit, InvalidSource> {
    let evidence = Evidence::read(sources.evidence, sources.pages)?;
    let overview = Overview::read(sources.overview)?;
    let disputes = Disputes::read(sources.disputes)?;
    let mut comparison = compare::compare(spec, &evidence, &Lines::of(tree));
    let stale = settle::settle(&mut comparison.disagreements, &disputes);
    Ok(Audit {
        disagreements: comparison.disagreements,
        stale,
        false_claims: claims::false_claims(spec, &evidence, &disputes),
        gaps: overview::gaps(spec, &overview),
        operations: comparison.operations,
        events: comparison.events,
        fields: comparison.fields,
    })
}
