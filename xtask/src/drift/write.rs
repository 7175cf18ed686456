//! `cargo xtask drift --write`: plain news of pages go into the spec.

use std::collections::BTreeMap;

use dingtalk_storage_drift::{Difference, Older, edits};
use dingtalk_storage_spec::compile_draft;

use super::{Held, changed, stored};
use crate::Failure;
use crate::print::print;
use crate::repository::counted;

/// Makes the edits and writes them.
pub(super) fn run(held: &Held) -> Result<(), Failure> {
    let spec = compile_draft(&held.tree).map_err(|report| report.render(false))?;
    let dates = |file: &str| changed(&held.folder, file);
    let edits = edits(&spec, &held.tree, &held.disputes, &dates, &held.pages, held.language);
    stored::store(&held.folder, &held.tree, &BTreeMap::new(), &edits.changed)?;
    for difference in &edits.made {
        print(&format!("written: {}\n", told(difference)))?;
    }
    for (difference, why) in &edits.left {
        print(&format!("left: {}: {why}\n", told(difference)))?;
    }
    let files = counted(edits.changed.len(), "file");
    print(&format!("{} written into {files}, {} left\n", edits.made.len(), edits.left.len()))?;
    if !edits.made.is_empty() {
        print("next: write the texts; `cargo xtask check` names each\n")?;
    }
    if edits.left.is_empty() { Ok(()) } else { Err("error: differences are left for a person".into()) }
}

fn told(difference: &Difference) -> String {
    let Difference { operation, field, about, spec, page, older, .. } = difference;
    let name = format!("{operation} {field}");
    let older = if *older == Some(Older::Page) { ", and the page is older" } else { "" };
    format!(
        "{}: {about}: {} in {}:{}, {} in {}:{}{older}",
        name.trim_end(),
        spec.says,
        spec.file,
        spec.line,
        page.says,
        page.file,
        page.line
    )
}
