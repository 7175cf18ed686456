#![allow(clippy::unwrap_used, clippy::indexing_slicing, missing_docs, reason = "a test says by panicking")]
//! Pages in all renderings, made of the spec, changed by a program, cut and broken; and the real ones, where they are.

mod edits;
mod hostile;
mod mangle;
mod mangled;
mod planted;
mod real;
mod render;
mod samples;
mod sheet;
mod skeleton;
mod style;

use std::path::Path;

use dingtalk_storage_drift::{Comparison, Disputes, Drift};
use dingtalk_storage_spec::{FOLDER, SourceTree, Spec, compile};

/// The spec of the API, and what is needed beside it.
struct Api {
    spec: Spec,
    tree: SourceTree,
    disputes: Disputes,
}

impl Api {
    fn read() -> Self {
        let tree = SourceTree::read(Path::new(FOLDER));
        let spec = compile(&tree).unwrap_or_else(|report| panic!("{}", report.render(false)));
        let text = std::fs::read_to_string(Path::new(FOLDER).join(Disputes::FILE)).unwrap();
        Self { spec, tree, disputes: Disputes::read(&text).unwrap() }
    }

    fn drift(&self, file: &str, bytes: &[u8]) -> Drift {
        self.drift_dated(file, bytes, None)
    }

    fn drift_dated(&self, file: &str, bytes: &[u8], date: Option<&str>) -> Drift {
        let dates = |_: &str| date.map(str::to_owned);
        Comparison::new(&self.spec, &self.tree, &self.disputes, &dates).page(file, bytes, None)
    }
}
