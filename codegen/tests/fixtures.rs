//! What each feature of the format becomes. The same files are compiled and run in `tests/golden`.
#![allow(clippy::unwrap_used, reason = "a test that cannot read its fixtures has failed")]

use std::path::Path;

use dingtalk_storage_codegen::{Output, generate};
use dingtalk_storage_spec::{SourceTree, compile};

fn generated() -> Output {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../tests/fixtures/spec");
    let spec = compile(&SourceTree::read(&folder)).unwrap_or_else(|report| panic!("{}", report.render(false)));
    generate(&spec).unwrap()
}

#[test]
fn every_file_is_as_reviewed() {
    for (path, text) in generated().files() {
        let Some(path) = path.strip_suffix(".rs") else { continue };
        let name = path.trim_start_matches("generated/src/").replace('/', "-");
        insta::with_settings!({ omit_expression => true, prepend_module_to_snapshot => false }, {
            insta::assert_snapshot!(name, text);
        });
    }
}

#[test]
fn two_runs_give_the_same_bytes() {
    assert_eq!(generated(), generated());
}

#[test]
fn the_order_of_the_files_does_not_matter() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../tests/fixtures/spec");
    let tree = SourceTree::read(&folder);
    let mut files: Vec<_> = tree.files().map(|(path, text)| (path.to_owned(), text.as_bytes().to_vec())).collect();
    files.reverse();
    let spec = compile(&SourceTree::from_files(files)).unwrap_or_else(|report| panic!("{}", report.render(false)));
    assert_eq!(generate(&spec).unwrap(), generated());
}
