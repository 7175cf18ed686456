//! Sites to look at.

use std::path::{Path, PathBuf};
use std::sync::LazyLock;

use dingtalk_storage_codegen::ir::Api;
use dingtalk_storage_codegen::lower;
use dingtalk_storage_site::{Site, Sources, build};
use dingtalk_storage_spec::{SourceTree, Spec, compile};

/// The root of the repository.
pub fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap().to_owned()
}

/// A spec with what it was compiled to.
pub struct Compiled {
    pub tree: SourceTree,
    pub spec: Spec,
    pub api: Api,
}

impl Compiled {
    pub fn read(folder: &Path) -> Self {
        let tree = SourceTree::read(folder);
        let spec = compile(&tree).unwrap_or_else(|report| panic!("{}", report.render(false)));
        let api = lower(&spec).unwrap();
        Self { tree, spec, api }
    }

    pub fn site(&self) -> Site {
        let root = root();
        let file = |path: &str| std::fs::read_to_string(root.join(path)).ok();
        build(Sources { spec: &self.spec, api: &self.api, tree: &self.tree, audit: None, file: &file })
    }
}

/// The real spec.
pub static REAL: LazyLock<Compiled> = LazyLock::new(|| Compiled::read(&root().join("spec")));

/// Its site.
pub static SITE: LazyLock<Site> = LazyLock::new(|| REAL.site());

/// The pages of a site.
pub fn pages(site: &Site) -> impl Iterator<Item = (&str, &str)> {
    site.files().filter(|(path, _)| path.ends_with(".html"))
}
