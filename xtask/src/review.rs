//! `cargo xtask review`
//!
//! What a reviewer of a change of the documentation reads: each part of it is there by itself too, as a command.

mod files;
mod report;

use std::cell::RefCell;
use std::collections::{BTreeSet, HashMap};
use std::path::{Path, PathBuf};

use clap::ValueEnum;
use dingtalk_storage_codegen::{Disk, Writer, changes, lower};
use dingtalk_storage_drift::report as drift_report;
use dingtalk_storage_site::{Site, Sources, build};
use dingtalk_storage_spec::{SourceTree, Spec};

use crate::Failure;
use crate::print::print;
use crate::repository::{compile_spec, root, spec_folder};
use crate::revision::Revision;
use crate::{drift, generate, site};
use report::{Part, Report};

/// Arguments of the command.
#[derive(Debug, clap::Args)]
pub struct Arguments {
    /// Revision of git that the change starts from.
    #[arg(value_name = "REV", default_value = "HEAD")]
    revision: String,
    /// Pages of the documentation to hold the spec against: files, or folders with pages.
    /// Without any, those of the environment variable `DRIFT_PAGES`, if it is set.
    #[arg(long, value_name = "PAGES")]
    pages: Vec<PathBuf>,
    /// How it is told.
    #[arg(long, value_enum, default_value_t = Format::Text)]
    format: Format,
    /// Folder of the spec.
    #[arg(long, value_name = "DIR")]
    spec: Option<PathBuf>,
}

/// Forms of the report.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Format {
    /// For a terminal.
    Text,
    /// For a comment on the change.
    Markdown,
}

/// Runs the command.
pub fn run(arguments: &Arguments) -> Result<(), Failure> {
    let folder = spec_folder(arguments.spec.as_ref());
    let revision = Revision::of(&folder, &arguments.revision)?;
    let old_tree = revision.tree(&folder)?;
    let (old, new) = (revision.compile(&old_tree)?, compile_spec(&folder)?);
    let new_tree = SourceTree::read(&folder);
    let mut report = Report::new(&arguments.revision);
    report.add(verdict(&old, &new)?);
    report.add(audited(&folder, &new, &new_tree)?);
    report.add(drifted(&folder, &new, &named_pages(&arguments.pages))?);
    let is_of_repository = arguments.spec.is_none();
    report.add(generated(&folder, &old, &new, is_of_repository)?);
    let guides = is_of_repository.then_some(&revision);
    report.add(pages((&old, &old_tree), (&new, &new_tree), guides)?);
    print(&match arguments.format {
        Format::Text => report.text(),
        Format::Markdown => report.markdown(),
    })?;
    match report.open() {
        open if open.is_empty() => Ok(()),
        open => Err(format!("error: to be settled before this is done: {}", open.join(", ")).into()),
    }
}

/// What the change means for users of the crate.
fn verdict(old: &Spec, new: &Spec) -> Result<Part, Failure> {
    let changes = changes::compare(&lower(old)?, &lower(new)?);
    let overall = changes.overall().map_or("no changes for users".to_owned(), |verdict| verdict.to_string());
    Ok(Part::new("Users", overall).with(changes.text(), changes.markdown()))
}

/// Where the spec and its sources disagree without a reason.
fn audited(folder: &Path, spec: &Spec, tree: &SourceTree) -> Result<Part, Failure> {
    let Some(audit) = site::audited(folder, spec, tree)? else {
        return Ok(Part::new("Audit", "the spec has no evidence beside it"));
    };
    let part = Part::new("Audit", audit.summary());
    if audit.passes() {
        return Ok(part);
    }
    Ok(part.with_block(&audit.render_open()).open())
}

/// The pages that were named, or those of the environment.
fn named_pages(named: &[PathBuf]) -> Vec<PathBuf> {
    if named.is_empty() {
        std::env::var_os("DRIFT_PAGES").map(PathBuf::from).into_iter().collect()
    } else {
        named.to_vec()
    }
}

/// Where pages and spec differ.
fn drifted(folder: &Path, spec: &Spec, pages: &[PathBuf]) -> Result<Part, Failure> {
    if pages.is_empty() {
        return Ok(Part::new("Drift", "no pages were named; --pages or DRIFT_PAGES names some"));
    }
    let drifts = drift::drifts(folder, spec, pages)?;
    let count = drift_report::count(&drifts);
    let explained = if count.unexplained == 0 {
        "all explained".to_owned()
    } else {
        format!("{} not explained", count.unexplained)
    };
    let summary = format!("{} pages, {} differences, {explained}", count.pages, count.unexplained + count.explained);
    let part = Part::new("Drift", summary);
    if count.unexplained == 0 {
        return Ok(part);
    }
    Ok(part.with(drift_report::text(&drifts, false), drift_report::markdown(&drifts, false)).open())
}

/// What of the generated files changes, and whether they were generated where they should be.
fn generated(folder: &Path, old: &Spec, new: &Spec, is_of_repository: bool) -> Result<Part, Failure> {
    let (before, after) = (generate::output(folder, &lower(old)?)?, generate::output(folder, &lower(new)?)?);
    let changed = files::changed(before.files(), after.files(), str::to_owned);
    let part = Part::new("Generated files", files::summary(&changed)).with_block(&files::table(&changed));
    if !is_of_repository {
        return Ok(part);
    }
    let root = root();
    let on_disk = Writer { root: &root, files: Disk }.compare(&after)?;
    let stale = on_disk.missing.len() + on_disk.changed.len() + on_disk.orphaned.len();
    if stale > 0 {
        let what = format!("{stale} on the disk are not as they would be generated; run `cargo xtask generate`");
        return Ok(part.and(&what).open());
    }
    Ok(part)
}

/// Which pages of the site change; with a revision, those of guides too. Lines that only moved are no change.
fn pages(old: (&Spec, &SourceTree), new: (&Spec, &SourceTree), guides: Option<&Revision>) -> Result<Part, Failure> {
    let of_today = |(spec, tree)| site::site_of(spec, tree, None, &root());
    let before = match guides {
        Some(revision) => site_at(revision, old)?,
        None => of_today(old)?,
    };
    let after = of_today(new)?;
    let is_shown = |(path, _): &(&str, &str)| {
        let is_twin = Path::new(path).extension().is_some_and(|end| end == "md");
        is_twin && !path.starts_with("zh/") && !path.starts_with("files/")
    };
    let changed = files::changed(before.files().filter(is_shown), after.files().filter(is_shown), files::without_lines);
    Ok(Part::new("Pages of the site", files::summary(&changed)).with_block(&files::table(&changed)))
}

/// The site as it was.
fn site_at(revision: &Revision, (spec, tree): (&Spec, &SourceTree)) -> Result<Site, Failure> {
    let root = root();
    let paths: BTreeSet<String> = revision.paths(&root)?.into_iter().collect();
    let known: RefCell<HashMap<String, Option<String>>> = RefCell::default();
    let file = |path: &str| {
        if !paths.contains(path) {
            return None;
        }
        known.borrow_mut().entry(path.to_owned()).or_insert_with(|| revision.file(&root, path)).clone()
    };
    let api = lower(spec)?;
    Ok(build(Sources { spec, api: &api, tree, audit: None, file: &file }))
}
