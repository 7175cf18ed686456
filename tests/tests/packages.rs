//! What is published can be built from its package alone, and says what it is. That it does build is shown by
//! `cargo publish --workspace --dry-run`, which takes minutes; what usually breaks it is seen here in seconds.

#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test fails by panicking")]

use std::collections::BTreeSet;
use std::path::{Component, Path, PathBuf};
use std::process::Command;

use dingtalk_storage_spec::{SourceTree, compile};
use serde_json::Value;

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap().to_owned()
}

fn cargo(arguments: &[&str]) -> String {
    let mut cargo = Command::new(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
    let output = cargo.current_dir(root()).args(arguments).args(["--locked", "--offline"]).output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).unwrap()
}

/// The packages of the workspace: those that are published, and the names of the others.
fn packages() -> (Vec<Value>, Vec<String>) {
    let metadata: Value = serde_json::from_str(&cargo(&["metadata", "--no-deps", "--format-version", "1"])).unwrap();
    let packages = metadata["packages"].as_array().unwrap().clone();
    let (published, others): (Vec<_>, Vec<_>) = packages.into_iter().partition(|package| package["publish"].is_null());
    (published, others.iter().map(name).collect())
}

fn name(package: &Value) -> String {
    package["name"].as_str().unwrap().to_owned()
}

/// Paths of the files in a package.
fn files(package: &str) -> BTreeSet<PathBuf> {
    let list = cargo(&["package", "--list", "--allow-dirty", "--quiet", "-p", package]);
    list.lines().map(PathBuf::from).collect()
}

/// The texts that stand behind a mark, up to the next quote.
fn quoted<'a>(text: &'a str, mark: &'a str) -> impl Iterator<Item = &'a str> {
    text.split(mark).skip(1).filter_map(|rest| rest.split('"').next())
}

/// The files, from the folder of the package, that a source file cannot be compiled without, beside its modules; and those
/// that are opened by a constant path when it runs.
fn needed(source: &Path, text: &str) -> Vec<PathBuf> {
    let mut needed = Vec::new();
    let beside = source.parent().unwrap();
    for mark in ["include_str!(\"", "include_bytes!(\"", "include!(\"", "#[path = \""] {
        needed.extend(quoted(text, mark).map(|path| resolved(beside, path)));
    }
    let folder = "env!(\"CARGO_MANIFEST_DIR\")";
    needed.extend(quoted(text, &format!("{folder}).join(\"")).map(|path| resolved(Path::new(""), path)));
    needed.extend(quoted(text, &format!("{folder}, \"/")).map(|path| resolved(Path::new(""), path)));
    needed
}

/// A path without its `..`; one that leads out of the package keeps them.
fn resolved(folder: &Path, path: &str) -> PathBuf {
    let mut resolved = PathBuf::new();
    for component in folder.join(path).components() {
        let is_up = component == Component::ParentDir && resolved.file_name().is_some();
        if is_up {
            resolved.pop()
        } else {
            resolved.push(component);
            true
        };
    }
    resolved
}

#[test]
fn what_a_package_reads_is_inside_of_it() {
    let (published, others) = packages();
    let crates: Vec<String> = others.iter().map(|name| format!("{}::", name.replace('-', "_"))).collect();
    let mut wrong = Vec::new();
    for package in &published {
        let (name, folder) = (name(package), Path::new(package["manifest_path"].as_str().unwrap()).parent().unwrap());
        let files = files(&name);
        for source in files.iter().filter(|file| file.extension().is_some_and(|end| end == "rs")) {
            let text = std::fs::read_to_string(folder.join(source)).unwrap();
            let absent =
                needed(source, &text).into_iter().filter(|path| !files.iter().any(|file| file.starts_with(path)));
            wrong.extend(absent.map(|path| format!("{name}: {} reads {}", source.display(), path.display())));
            let unpublished = crates.iter().filter(|name| text.contains(name.as_str()));
            wrong.extend(unpublished.map(|other| format!("{name}: {} uses {other}", source.display())));
        }
    }
    assert!(wrong.is_empty(), "put it into the package, or leave out what reads it (`exclude`):\n{}", wrong.join("\n"));
}

#[test]
fn what_a_package_depends_on_is_published_too() {
    let (published, others) = packages();
    let mut wrong = Vec::new();
    for package in &published {
        for dependency in package["dependencies"].as_array().unwrap() {
            let (to, version) = (dependency["name"].as_str().unwrap(), dependency["req"].as_str().unwrap());
            let is_ours = dependency["path"].is_string();
            let is_left_out = dependency["kind"] == "dev" && version == "*";
            if is_ours && !is_left_out && (version == "*" || others.iter().any(|other| other == to)) {
                wrong.push(format!("{}: {to} {version}", name(package)));
            }
        }
    }
    assert!(wrong.is_empty(), "a version that is published is missing: {wrong:?}");
}

#[test]
fn each_package_says_what_it_is() {
    for package in packages().0 {
        let name = name(&package);
        let files = files(&name);
        for file in ["README.md", "LICENSE-APACHE", "LICENSE-MIT"] {
            assert!(files.contains(Path::new(file)), "{name} lacks {file}");
        }
        for field in ["description", "license", "readme", "rust_version"] {
            assert!(package[field].is_string(), "{name} lacks {field}");
        }
        for field in ["keywords", "categories"] {
            // What crates.io takes.
            let values = package[field].as_array().unwrap().len();
            assert!((1..=5).contains(&values), "{name} has {values} {field}");
        }
    }
}

/// The emulator is built from the spec as it lies in its package, with all that Cargo has put beside it.
#[test]
fn the_spec_in_its_package_is_the_spec() {
    let spec = root().join("spec");
    // What Cargo adds is there in the package only.
    let text = |path: &Path| std::fs::read(spec.join(path)).unwrap_or_default();
    let packed = files("dingtalk-storage-spec");
    assert!(packed.contains(Path::new("Cargo.toml.orig")) && packed.contains(Path::new("types/ids.yaml")));
    let packed = packed.iter().map(|path| (path.to_str().unwrap().to_owned(), text(path)));
    let packed = SourceTree::from_files(packed);
    compile(&packed).map_err(|report| report.render(false)).unwrap();
    assert!(packed.files().eq(SourceTree::read(&spec).files()), "the package lacks a part of the spec");
}

/// A checkout that leaves out half of the image's source, or takes gigabytes of builds with it, is found late otherwise.
#[test]
fn the_image_is_built_with_the_rust_of_the_workspace() {
    let manifest = std::fs::read_to_string(root().join("Cargo.toml")).unwrap();
    let version = quoted(&manifest, "rust-version = \"").next().unwrap();
    let image = std::fs::read_to_string(root().join("crates/emulator/Dockerfile")).unwrap();
    assert!(image.contains(&format!("FROM rust:{version}-")), "the image is built with Rust {version}");
    let ignored = std::fs::read_to_string(root().join(".dockerignore")).unwrap();
    for folder in [".git", "**/target"] {
        assert!(ignored.lines().any(|line| line == folder), "{folder} goes into the image");
    }
}
