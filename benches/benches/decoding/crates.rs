//! The two crates that are compared.

use std::fmt::Write;
use std::fs;
use std::path::{Path, PathBuf};

use dingtalk_storage_benches::root;
use dingtalk_storage_codegen::generate;
use dingtalk_storage_spec::Spec;
use dingtalk_storage_spec::naming;

use crate::Failure;

/// Writes the crate with generated implementations.
pub fn generated(folder: &Path, spec: &Spec) -> Result<PathBuf, Failure> {
    let folder = folder.join("generated");
    for (path, text) in generate(spec)?.files() {
        if let Some(path) = path.strip_prefix("generated/src/types") {
            write(&folder.join(format!("src/types{path}")), text)?;
        }
    }
    manifest(&folder)?;
    write(&folder.join("src/lib.rs"), &format!("pub mod types;\n{}", harness(spec)?))?;
    Ok(folder)
}

/// Writes the crate with derived implementations.
pub fn derived(folder: &Path, spec: &Spec) -> Result<PathBuf, Failure> {
    let folder = folder.join("derived");
    let mut types = String::from("use serde::{Deserialize, Serialize};\n\n");
    types.push_str(
        "#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]\npub struct ThingId(String);\n",
    );
    for (name, item) in &spec.types {
        let Some(fields) = &item.def.fields else { continue };
        let direction = if name.starts_with("Request") { "Serialize" } else { "Deserialize" };
        write!(types, "\n#[derive(Debug, Clone, PartialEq, Default, {direction})]\npub struct {name} {{\n")?;
        for (wire, field) in fields {
            let kind = field.kind.as_ref().map(ToString::to_string).unwrap_or_default();
            let ty = match kind.as_str() {
                "string" => "Option<String>",
                "int64" => "Option<i64>",
                "bool" => "Option<bool>",
                "[string]" => "Option<Vec<String>>",
                _ => "Option<ThingId>",
            };
            let skip = if direction == "Serialize" { ", skip_serializing_if = \"Option::is_none\"" } else { "" };
            write!(types, "    #[serde(rename = \"{wire}\"{skip})]\n    pub {}: {ty},\n", naming::field(wire))?;
        }
        types.push_str("}\n");
    }
    manifest(&folder)?;
    write(&folder.join("src/types.rs"), &types)?;
    write(&folder.join("src/lib.rs"), &format!("pub mod types;\n{}", harness(spec)?))?;
    Ok(folder)
}

/// Code that uses every type as an application would.
fn harness(spec: &Spec) -> Result<String, Failure> {
    let objects = || spec.types.iter().filter(|(_, item)| item.def.fields.is_some()).map(|(name, _)| name);
    let mut reads = String::new();
    let mut writes = String::new();
    for name in objects() {
        let line = format!("        \"{name}\" => ");
        if name.starts_with("Request") {
            writeln!(writes, "{line}serde_json::to_string(&types::{name}::default()),")?;
        } else {
            writeln!(reads, "{line}drop(serde_json::from_slice::<types::{name}>(json)?),")?;
        }
    }
    Ok(format!(
        "pub fn read(name: &str, json: &[u8]) -> serde_json::Result<()> {{\n    match name {{\n{reads}        _ => (),\n    }}\n    Ok(())\n}}\n\n\
         pub fn write(name: &str) -> serde_json::Result<String> {{\n    match name {{\n{writes}        _ => Ok(String::new()),\n    }}\n}}\n"
    ))
}

fn manifest(folder: &Path) -> Result<(), Failure> {
    let name = folder.file_name().unwrap_or_default().to_string_lossy();
    let runtime = root().join("crates/runtime").display().to_string();
    let text = format!(
        "[package]\nname = \"{name}\"\nedition = \"2024\"\n\n[workspace]\n\n[dependencies]\n\
         dingtalk-runtime = {{ path = {runtime:?} }}\nserde = {{ version = \"1\", features = [\"derive\"] }}\nserde_json = \"1\"\n"
    );
    write(&folder.join("Cargo.toml"), &text)?;
    // The versions of the repository, so that nothing is looked up.
    fs::copy(root().join("Cargo.lock"), folder.join("Cargo.lock"))?;
    Ok(())
}

fn write(path: &Path, text: &str) -> Result<(), Failure> {
    fs::create_dir_all(path.parent().unwrap_or(path))?;
    Ok(fs::write(path, text)?)
}
