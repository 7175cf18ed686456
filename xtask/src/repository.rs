//! Where things are in the repository.

use std::io::IsTerminal;
use std::path::{Path, PathBuf};

use dingtalk_storage_spec::{SourceTree, Spec, compile};

use crate::Failure;

/// The folder with `Cargo.toml` of the workspace.
pub fn root() -> PathBuf {
    let xtask = Path::new(env!("CARGO_MANIFEST_DIR"));
    xtask.parent().unwrap_or(xtask).to_owned()
}

/// The folder of the spec.
pub fn spec_folder(chosen: Option<&PathBuf>) -> PathBuf {
    chosen.cloned().unwrap_or_else(|| root().join("spec"))
}

/// Compiles the spec; the failure is the rendered report.
pub fn compile_spec(folder: &Path) -> Result<Spec, Failure> {
    let colour = std::io::stderr().is_terminal() && std::env::var_os("NO_COLOR").is_none();
    compile(&SourceTree::read(folder)).map_err(|report| report.render(colour).into())
}

/// `1 file`, `2 files`
pub fn counted(count: usize, thing: &str) -> String {
    if count == 1 { format!("1 {thing}") } else { format!("{count} {thing}s") }
}
