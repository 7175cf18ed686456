//! What is published links one version of each crate, but for those that `deny.toml` gives a reason for.

#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test fails by panicking")]

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::process::Command;

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap().to_owned()
}

fn cargo(arguments: &[&str]) -> String {
    let mut cargo = Command::new(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
    let output = cargo.current_dir(root()).args(arguments).args(["--locked", "--offline"]).output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).unwrap()
}

/// Values in quotes behind a key, in the order of the file.
fn quoted(text: &str, key: &str) -> Vec<String> {
    let values = text.split(key).skip(1).map(|rest| rest.split('"').nth(1).unwrap().to_owned());
    values.collect()
}

#[test]
fn doubled_crates_are_those_that_have_a_reason() {
    let deny = std::fs::read_to_string(root().join("deny.toml")).unwrap();
    let metadata: serde_json::Value =
        serde_json::from_str(&cargo(&["metadata", "--no-deps", "--format-version", "1"])).unwrap();
    let packages = metadata["packages"].as_array().unwrap();
    let name = |package: &serde_json::Value| package["name"].as_str().unwrap().to_owned();
    let (published, others): (Vec<_>, Vec<_>) = packages.iter().partition(|package| package["publish"].is_null());
    let excluded = deny.split("exclude = [").nth(1).unwrap().split(']').next().unwrap();
    let excluded: BTreeSet<String> = excluded.split('"').skip(1).step_by(2).map(str::to_owned).collect();
    assert_eq!(excluded, others.into_iter().map(name).collect(), "what is published nowhere is left out");

    let mut versions: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    let published: Vec<String> = published.into_iter().map(name).collect();
    let packages: Vec<&str> = published.iter().flat_map(|name| ["-p", name]).collect();
    // Of other platforms than this one not everything is on this machine.
    let linked = ["tree", "--all-features", "-e", "normal,build", "--prefix", "none"];
    for line in cargo(&[linked.as_slice(), &packages].concat()).lines().filter(|line| !line.is_empty()) {
        let mut words = line.split(' ');
        let (name, version) = (words.next().unwrap(), words.next().unwrap());
        versions.entry(name.to_owned()).or_default().insert(version.trim_start_matches('v').to_owned());
    }
    let locked = std::fs::read_to_string(root().join("Cargo.lock")).unwrap();
    let value = |package: &str, key| quoted(package, key).swap_remove(0);
    let locked = locked.split("[[package]]").skip(1);
    let locked: Vec<_> = locked.map(|package| (value(package, "name = "), value(package, "version = "))).collect();
    let skipped: BTreeMap<String, String> = quoted(&deny, "{ crate = ")
        .into_iter()
        .map(|skipped| skipped.split_once('@').map(|(name, version)| (name.to_owned(), version.to_owned())).unwrap())
        .collect();
    versions.retain(|_, versions| versions.len() > 1);
    for (name, versions) in &versions {
        let skipped = skipped.get(name).unwrap_or_else(|| panic!("{name} is doubled without a reason: {versions:?}"));
        let others = versions.iter().filter(|each| !each.starts_with(&format!("{skipped}.")));
        assert_eq!(others.count(), 1, "{name}: {versions:?}");
    }
    for (name, version) in &skipped {
        let (skipped, others): (Vec<_>, Vec<_>) = locked
            .iter()
            .filter(|(each, _)| each == name)
            .partition(|(_, each)| each.starts_with(&format!("{version}.")));
        assert!(!skipped.is_empty() && !others.is_empty(), "{name}@{version} is not doubled any more");
    }
}
