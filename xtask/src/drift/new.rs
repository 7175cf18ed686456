//! `cargo xtask drift --new`: pages of unknown operations become files of the spec.

use dingtalk_storage_drift::{Comparison, NoSkeleton, Subject, Wanted, skeleton};
use dingtalk_storage_spec::compile_draft;

use super::{Held, stored};
use crate::Failure;
use crate::print::print;
use crate::repository::counted;

/// Makes and writes them, one after the other: each knows those before it.
pub(super) fn run(mut held: Held, family: Option<&str>, name: Option<&str>) -> Result<(), Failure> {
    let pages = std::mem::take(&mut held.pages);
    let wanted = Wanted { family: family.map(str::to_owned), operation: name.map(str::to_owned) };
    let (mut made, mut known, mut failed) = (0, 0, Vec::new());
    let mut unknown = 0;
    for (file, bytes) in &pages {
        let spec = compile_draft(&held.tree).map_err(|report| report.render(false))?;
        let comparison = Comparison::new(&spec, &held.tree, &held.disputes, &|_| None);
        let drift = comparison.page(file, bytes, held.language);
        if drift.subject == Subject::Unknown {
            unknown += 1;
            if name.is_some() && unknown > 1 {
                return Err("error: `--name` is for one page, and several are unknown".into());
            }
        }
        match skeleton(&spec, &held.tree, &drift, &wanted) {
            Ok(skeleton) => {
                stored::store(&held.folder, &held.tree, &skeleton.new, &skeleton.changed)?;
                for (path, text) in skeleton.new.iter().chain(&skeleton.changed) {
                    held.tree = held.tree.with_file(path, text.clone().into_bytes());
                }
                print(&told(file, &skeleton))?;
                made += 1;
                if !skeleton.findings.is_empty() {
                    failed.push(format!("{file}: `check` finds more than texts to write"));
                    break;
                }
            }
            Err(NoSkeleton::NoOperation | NoSkeleton::Known(_)) => known += 1,
            Err(error) => failed.push(format!("{file}: {error}")),
        }
    }
    let (made, known) = (counted(made, "operation"), counted(known, "page"));
    print(&format!("{made} made, {known} of known operations or of none\n"))?;
    if failed.is_empty() { Ok(()) } else { Err(format!("error: {}", failed.join("\nerror: ")).into()) }
}

fn told(file: &str, skeleton: &dingtalk_storage_drift::Skeleton) -> String {
    let mut lines = vec![format!("{} from {file}", skeleton.operation)];
    lines.extend(skeleton.new.keys().map(|path| format!("  new: {path}")));
    lines.extend(skeleton.changed.keys().map(|path| format!("  more in: {path}")));
    lines.extend(skeleton.guessed.iter().map(|guess| format!("  guessed: {guess}")));
    lines.extend(
        skeleton.open.iter().map(|open| format!("  {file}:{}: the page leaves open {}", open.line, open.value)),
    );
    lines.extend(skeleton.findings.iter().map(|finding| format!("  {finding}")));
    lines
        .push("  next: write its texts (`cargo xtask check` names each), then go on with CONTRIBUTING.md\n".to_owned());
    lines.join("\n")
}
