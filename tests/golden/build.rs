//! Generates the crate from the fixtures.

use std::error::Error;
use std::fs;
use std::path::{Path, PathBuf};

use dingtalk_storage_codegen::generate;
use dingtalk_storage_spec::{SourceTree, compile};

fn main() -> Result<(), Box<dyn Error>> {
    let fixtures = Path::new(env!("CARGO_MANIFEST_DIR")).join("../fixtures/spec");
    println!("cargo::rerun-if-changed={}", fixtures.display());
    let spec = compile(&SourceTree::read(&fixtures)).map_err(|report| report.render(false))?;
    let root = PathBuf::from(std::env::var("OUT_DIR")?);
    for (path, text) in generate(&spec)?.files() {
        let path = root.join(path);
        // `include!` takes neither documentation nor attributes of the module itself.
        let text = if path.ends_with("src/lib.rs") { without_head(text) } else { text.to_owned() };
        fs::create_dir_all(path.parent().unwrap_or(&root))?;
        fs::write(&path, text)?;
    }
    Ok(())
}

fn without_head(text: &str) -> String {
    text.split_inclusive('\n').filter(|line| !line.starts_with("//!") && !line.starts_with("#!")).collect()
}
