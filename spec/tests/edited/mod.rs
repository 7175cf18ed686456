//! A frozen part of the spec, and ways to edit it in memory. What tests say of it stays true when the spec changes.

use std::path::Path;
use std::sync::LazyLock;

use dingtalk_storage_spec::{SourceTree, Spec, compile};

static FROZEN: LazyLock<SourceTree> =
    LazyLock::new(|| SourceTree::read(&Path::new(env!("CARGO_MANIFEST_DIR")).join("../tests/fixtures/frozen")));

/// The frozen spec.
pub fn frozen() -> SourceTree {
    FROZEN.clone()
}

/// The tree with a text of a file replaced; the text has to stand there exactly once.
pub fn edit(tree: &SourceTree, path: &str, from: &str, to: &str) -> SourceTree {
    let text = tree.files().find(|(known, _)| *known == path).unwrap_or_else(|| panic!("there is no {path}")).1;
    assert_eq!(text.matches(from).count(), 1, "{from:?} in {path}");
    tree.with_file(path, text.replace(from, to).into_bytes())
}

/// Compiles a tree that is expected to have no findings.
pub fn compiled(tree: &SourceTree) -> Spec {
    compile(tree).unwrap_or_else(|report| panic!("{report}"))
}

/// The tree without a file.
pub fn without(tree: &SourceTree, path: &str) -> SourceTree {
    let others = tree.files().filter(|(known, _)| *known != path);
    SourceTree::from_files(others.map(|(path, text)| (path.to_owned(), text.as_bytes().to_vec())))
}
