//! The pages themselves, which are no part of the repository: `DRIFT_PAGES` names a folder that has them.

use std::path::{Path, PathBuf};

use dingtalk_storage_drift::report;

use crate::Api;

#[test]
fn real_pages_differ_only_with_a_reason() {
    let Some(folder) = std::env::var_os("DRIFT_PAGES") else {
        println!("DRIFT_PAGES names no folder: left out");
        return;
    };
    let api = Api::read();
    let mut files = Vec::new();
    collect(Path::new(&folder), &mut files);
    files.sort();
    let drifts: Vec<_> =
        files.iter().map(|file| api.drift(&file.to_string_lossy(), &std::fs::read(file).unwrap())).collect();
    println!("{}", report::text(&drifts, false));
    assert_eq!(report::count(&drifts).unexplained, 0);
}

pub fn collect(folder: &Path, files: &mut Vec<PathBuf>) {
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() { collect(&path, files) } else { files.push(path) }
    }
}
