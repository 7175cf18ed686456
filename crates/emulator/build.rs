//! Compiles the spec and leaves a digest of it, as JSON, for the emulator to embed.

#[path = "build/digest.rs"]
mod digest;
#[path = "src/contract/model.rs"]
#[allow(dead_code, reason = "shared with the emulator, which uses all of it")]
mod model;

use std::path::{Path, PathBuf};
use std::{env, error, fs};

fn main() -> Result<(), Box<dyn error::Error>> {
    let spec = Path::new(dingtalk_storage_spec::FOLDER);
    for part in ["api", "types", "errors.yaml", "groups.yaml", "events.yaml"] {
        println!("cargo:rerun-if-changed={}", spec.join(part).display());
    }
    let spec = dingtalk_storage_spec::compile(&dingtalk_storage_spec::SourceTree::read(spec))
        .map_err(|report| report.render(false))?;
    let contract = digest::contract(&spec)?;
    let target = PathBuf::from(env::var("OUT_DIR")?).join("contract.json");
    fs::write(target, serde_json::to_vec(&contract)?)?;
    Ok(())
}
