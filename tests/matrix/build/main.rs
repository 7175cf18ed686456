//! Generates the crate from a spec that a program wrote: every type of the format at every place that takes it, names
//! that mean something to Rust, texts that mean something to Markdown.
#![allow(clippy::format_push_string, clippy::format_collect, reason = "YAML that is put together once, while building")]

mod cells;
mod families;
mod names;
mod series;
mod texts;
mod yaml;

use std::error::Error;
use std::fs;
use std::path::{Path, PathBuf};

use dingtalk_storage_codegen::generate;
use dingtalk_storage_spec::{SourceTree, compile};

fn main() -> Result<(), Box<dyn Error>> {
    println!("cargo::rerun-if-changed=build");
    let files = families::all(&texts::accepted());
    let spec = compile(&SourceTree::from_files(files)).map_err(|report| report.render(false))?;
    let root = PathBuf::from(std::env::var("OUT_DIR")?);
    for (path, text) in generate(&spec)?.files() {
        let path = root.join(path);
        fs::create_dir_all(path.parent().unwrap_or(&root))?;
        fs::write(&path, of_this_crate(&path, text))?;
    }
    Ok(())
}

/// `include!` takes no documentation of the module itself, and the examples name the real crate.
fn of_this_crate(path: &Path, text: &str) -> String {
    let is_root = path.ends_with("src/lib.rs");
    let lines =
        text.split_inclusive('\n').filter(|line| !is_root || !line.starts_with("//!") && !line.starts_with("#!"));
    lines.collect::<String>().replace("dingtalk_storage::", "dingtalk_storage_matrix::")
}
