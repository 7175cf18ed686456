//! The `DingTalk` Storage API as data, and the compiler that reads it.
//!
//! A spec is a folder of YAML files; [`model`] describes their format. [`compile`] turns it into a [`Spec`], or into
//! a [`Report`] with everything that is wrong with it:
//!
//! 1. [`SourceTree`] reads the files, and knows where each kind of file belongs;
//! 2. each file is parsed into a tree with positions, checked against the format, and read into the [`model`];
//! 3. the checks look at all files together: names, references, types, values, documentation.
//!
//! A mistake in one place hides no mistake in another: what cannot be used is left out, and the rest is checked.

pub mod audit;
mod check;
pub mod codes;
mod conform;
mod consequences;
mod document;
pub mod features;
mod finding;
mod layout;
mod legible;
mod lines;
mod lookalike;
pub mod model;
pub mod naming;
mod node;
mod parse;
mod report;
mod scalar;
pub mod schema;
mod shape;
mod source;
mod spec;
mod suggest;
mod syntax;
mod type_ref;
mod type_spelling;
pub mod unwritten;

/// The folder with the spec of the API itself, where this crate was compiled: in the workspace, or as it was downloaded.
/// It is for build scripts and tools of the same machine.
pub const FOLDER: &str = env!("CARGO_MANIFEST_DIR");

pub use codes::Code;
pub use finding::{Finding, Label};
pub use layout::schema_line;
pub use report::Report;
pub use source::{Entry, SourceTree};
pub use spec::{FamilySpec, OperationSpec, Spec, TypeSpec};

/// Turns the files of a spec into a [`Spec`], or tells everything that is wrong with them.
///
/// # Errors
///
/// A [`Report`] with at least one finding.
pub fn compile(tree: &SourceTree) -> Result<Spec, Report> {
    compile_with(tree, |_| true)
}

/// As [`compile`], but texts that are [still to be written](unwritten) are no mistake: for tools that go on with what
/// they began.
///
/// # Errors
///
/// A [`Report`] with at least one finding of another kind.
pub fn compile_draft(tree: &SourceTree) -> Result<Spec, Report> {
    compile_with(tree, |finding| finding.code() != Code::UnwrittenText)
}

fn compile_with(tree: &SourceTree, counts: impl Fn(&Finding) -> bool) -> Result<Spec, Report> {
    let parsed = tree.parse();
    let mut findings: Vec<Finding> = parsed.iter().flat_map(|file| file.findings.iter().cloned()).collect();
    findings.extend(check::check(&check::Workspace::new(&parsed)));
    findings.retain(counts);
    consequences::leave_out(&mut findings);
    if findings.is_empty() { Ok(Spec::collect(&parsed)) } else { Err(Report::new(findings)) }
}
