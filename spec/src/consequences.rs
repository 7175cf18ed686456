//! What merely follows from mistakes in other files: that a name is not used, when the file that uses it lost a line.
//!
//! Whoever looked at such a finding first would mend the wrong file, so it is told only when nothing is amiss that may be
//! its cause.

use std::collections::HashSet;

use crate::codes::Code;
use crate::finding::{Finding, RestsOn};
use crate::layout::{self, Role};

pub(crate) fn leave_out(findings: &mut Vec<Finding>) {
    let causes = findings.iter().filter(|finding| *finding.rests_on() == RestsOn::Itself && may_be_a_cause(finding));
    let files: HashSet<String> = causes.map(|finding| finding.primary().path().to_owned()).collect();
    findings.retain(|finding| match finding.rests_on() {
        RestsOn::Itself => true,
        RestsOn::Files(paths) => paths.iter().all(|path| !files.contains(path)),
        RestsOn::Everything => files.is_empty(),
    });
}

/// Whether the mistake is in a file that names things, and may be that it no longer names them where it did.
fn may_be_a_cause(finding: &Finding) -> bool {
    let role = layout::file(finding.primary().path());
    matches!(role, Ok(Role::Operation { .. } | Role::Family { .. } | Role::Types | Role::Events) | Err(_))
        && !is_about_a_text_or_value(finding.code())
}

/// These are about what a person reads and about single values, which name nothing.
fn is_about_a_text_or_value(code: Code) -> bool {
    matches!(
        code,
        Code::SchemaLine
            | Code::DuplicateEnumValue
            | Code::DuplicateErrorCode
            | Code::DuplicateEventNumber
            | Code::NameCollision
            | Code::RustKeyword
            | Code::ReservedName
            | Code::NotAnIdentifier
            | Code::RecursiveType
            | Code::SuspiciousEffect
            | Code::BatchMaximum
            | Code::DefaultMismatch
            | Code::ExampleMismatch
            | Code::NoSize
            | Code::ImpossibleRange
            | Code::MissingEvidence
            | Code::MissingDoc
            | Code::FullStop
            | Code::UnwrittenText
            | Code::MissingDocs
            | Code::MissingEffect
            | Code::DuplicateRoute
            | Code::DocsSlug
            | Code::DuplicateChoice
            | Code::InvisibleCharacter
            | Code::WireName
            | Code::EndlessRequirement
            | Code::MarkupInText
            | Code::FileRule
    )
}
