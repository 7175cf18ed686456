//! One arbitrary file in a small spec: `cargo +nightly fuzz run compile_spec` in the folder `spec`.
//!
//! The first byte chooses the file, the others are its content. The files of the small spec make good seeds, with one
//! byte in front of each.

#![no_main]

use std::sync::LazyLock;

use dingtalk_storage_spec::{SourceTree, compile};
use libfuzzer_sys::fuzz_target;

/// One file of each kind.
const FILES: &[(&str, &str)] = &[
    ("groups.yaml", include_str!("../../tests/compiler/minimal/groups.yaml")),
    ("errors.yaml", include_str!("../../tests/compiler/minimal/errors.yaml")),
    ("types/thing.yaml", include_str!("../../tests/compiler/minimal/types/thing.yaml")),
    ("api/demo_v1/family.yaml", include_str!("../../tests/compiler/minimal/api/demo_v1/family.yaml")),
    ("api/demo_v1/get_thing.yaml", include_str!("../../tests/compiler/minimal/api/demo_v1/get_thing.yaml")),
    ("api/demo_v1/list_things.yaml", include_str!("../../tests/compiler/minimal/api/demo_v1/list_things.yaml")),
    ("api/demo_v1/delete_things.yaml", include_str!("../../tests/compiler/minimal/api/demo_v1/delete_things.yaml")),
    ("events.yaml", ""),
];

/// The small spec; its files are parsed once for all runs.
static SMALL: LazyLock<SourceTree> = LazyLock::new(|| {
    let files = FILES.iter().filter(|(_, text)| !text.is_empty());
    SourceTree::from_files(files.map(|(path, text)| ((*path).to_owned(), text.as_bytes().to_vec())))
});

fuzz_target!(|data: &[u8]| {
    let Some((choice, content)) = data.split_first() else { return };
    let Some((path, _)) = FILES.get(usize::from(*choice) % FILES.len()) else { return };
    if let Err(report) = compile(&SMALL.with_file(path, content.to_vec())) {
        let text = report.render(false);
        assert!(report.findings().iter().all(|finding| text.contains(finding.code().as_str())));
    }
});
