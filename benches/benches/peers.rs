//! `cargo bench -p dingtalk-storage-benches --bench peers`: the generated crate beside those that other generators make of
//! the same API as OpenAPI, measured in turn. The generators are installed by whoever runs it.

use std::error::Error;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use clap::Parser;
use dingtalk_storage_benches::{Compiled, Runs, Times, in_turn, lines_below, root};
use dingtalk_storage_codegen::lower;
use dingtalk_storage_codegen::openapi::{Version, openapi};
use dingtalk_storage_spec::{SourceTree, compile};
use serde_json::{Map, Value};

const HELP: &str = "\
The generators are not part of the repository:
  cargo install cargo-progenitor --root DIR            makes DIR/bin/cargo-progenitor
  pip install --target DIR openapi-generator-cli       brings DIR/openapi_generator_cli/openapi-generator.jar; it runs
                                                       with Java 11 or newer (Debian: default-jre-headless)
One that is not named is left out.";

#[derive(Parser)]
#[command(after_help = HELP)]
struct Arguments {
    #[command(flatten)]
    runs: Runs,
    /// The program `cargo-progenitor`.
    #[arg(long, value_name = "FILE")]
    progenitor: Option<PathBuf>,
    /// The archive of openapi-generator.
    #[arg(long, value_name = "JAR")]
    openapi_generator: Option<PathBuf>,
}

/// A crate to measure.
struct Peer {
    name: &'static str,
    /// How many its generator took.
    operations: usize,
    folder: PathBuf,
    /// Name of its library.
    library: &'static str,
    features: &'static [&'static str],
}

/// What it costs.
struct Cost {
    name: &'static str,
    operations: usize,
    /// For each operation.
    lines: f64,
    check: Times,
    release: Times,
    rlib: f64,
    crates: f64,
}

fn main() -> Result<(), Box<dyn Error>> {
    let arguments = Arguments::parse();
    let spec = compile(&SourceTree::read(&root().join("spec"))).map_err(|report| report.render(false))?;
    let document = serde_json::to_value(openapi(&lower(&spec)?, Version::V3_0))?;
    let work = root().join("target/peers");
    fs::create_dir_all(&work)?;
    let mut peers = vec![Peer {
        name: "ours",
        operations: operations(&document),
        folder: root().join("generated"),
        library: "dingtalk_storage",
        features: &["--features=legacy,undocumented"],
    }];
    if let Some(program) = &arguments.progenitor {
        peers.push(progenitor(program, document.clone(), &work)?);
    }
    if let Some(archive) = &arguments.openapi_generator {
        peers.push(openapi_generator(archive, document, &work)?);
    }
    if peers.len() < 3 {
        println!("{HELP}\n");
    }
    print(&costs(&peers, &work.join("target"), arguments.runs.runs)?);
    Ok(())
}

fn operations(document: &Value) -> usize {
    document["paths"]
        .as_object()
        .into_iter()
        .flat_map(|paths| paths.values())
        .filter_map(Value::as_object)
        .map(Map::len)
        .sum()
}

fn progenitor(program: &Path, mut document: Value, work: &Path) -> Result<Peer, Box<dyn Error>> {
    // It makes nothing of a document that has one.
    retain(&mut document, |operation| !is_form(operation) && !has_parameter_of_json(operation));
    let source = work.join("progenitor.json");
    fs::write(&source, serde_json::to_vec_pretty(&document)?)?;
    let folder = work.join("progenitor");
    fresh(&folder)?;
    let mut command = Command::new(program);
    command.args(["progenitor", "-n", "peer-progenitor", "-v", "0.1.0", "-i"]).arg(source).arg("-o").arg(&folder);
    run(&mut command)?;
    alone(&folder)?;
    let operations = operations(&document);
    Ok(Peer { name: "progenitor", operations, folder, library: "peer_progenitor", features: &[] })
}

/// Leaves the operations in the document that a generator takes.
fn retain(document: &mut Value, takes: fn(&Value) -> bool) {
    let paths = document["paths"].as_object_mut().into_iter().flat_map(|paths| paths.values_mut());
    for methods in paths.filter_map(Value::as_object_mut) {
        methods.retain(|_, operation| takes(operation));
    }
}

fn is_form(operation: &Value) -> bool {
    operation.pointer("/requestBody/content/multipart~1form-data").is_some()
}

fn has_parameter_of_json(operation: &Value) -> bool {
    operation["parameters"].as_array().into_iter().flatten().any(|parameter| parameter.get("content").is_some())
}

fn openapi_generator(archive: &Path, mut document: Value, work: &Path) -> Result<Peer, Box<dyn Error>> {
    // It takes forms, but what it makes of one with an enum names a type `models::String`, which is not there.
    retain(&mut document, |operation| !is_form(operation));
    let source = work.join("openapi-generator.json");
    fs::write(&source, serde_json::to_vec_pretty(&document)?)?;
    let folder = work.join("openapi-generator");
    fresh(&folder)?;
    let mut command = Command::new("java");
    command.arg("-jar").arg(archive).args(["generate", "-g", "rust", "-i"]).arg(source).arg("-o").arg(&folder);
    command.arg("--additional-properties=packageName=peer-openapi-generator");
    run(&mut command)?;
    alone(&folder)?;
    let operations = operations(&document);
    Ok(Peer { name: "openapi-generator", operations, folder, library: "peer_openapi_generator", features: &[] })
}

fn fresh(folder: &Path) -> Result<(), Box<dyn Error>> {
    if folder.exists() {
        fs::remove_dir_all(folder)?;
    }
    Ok(())
}

/// Makes a crate below this workspace one of its own.
fn alone(folder: &Path) -> Result<(), Box<dyn Error>> {
    let manifest = folder.join("Cargo.toml");
    let text = fs::read_to_string(&manifest)?;
    fs::write(manifest, text + "\n[workspace]\n")?;
    Ok(())
}

fn run(command: &mut Command) -> Result<(), Box<dyn Error>> {
    let program = command.get_program().to_string_lossy().into_owned();
    let output = command.output().map_err(|error| format!("error: cannot run {program}: {error}"))?;
    if output.status.success() {
        return Ok(());
    }
    let told = [output.stdout, output.stderr].map(|bytes| String::from_utf8_lossy(&bytes).into_owned()).concat();
    Err(format!("error: {program} failed:\n{told}").into())
}

#[allow(clippy::cast_precision_loss, reason = "ratios with one decimal")]
fn costs(peers: &[Peer], target: &Path, runs: u32) -> Result<Vec<Cost>, Box<dyn Error>> {
    let compiled: Vec<Compiled<'_>> =
        peers.iter().map(|peer| Compiled { folder: &peer.folder, target, selection: peer.features }).collect();
    let check = in_turn(&compiled, &["check"], runs)?;
    let release = in_turn(&compiled, &["build", "--release"], runs)?;
    let measured = peers.iter().zip(&compiled).zip(check).zip(release);
    measured
        .map(|(((peer, compiled), check), release)| {
            Ok(Cost {
                name: peer.name,
                operations: peer.operations,
                lines: lines(peer)? as f64 / peer.operations.max(1) as f64,
                check,
                release,
                rlib: compiled.release_megabytes(peer.library)?,
                crates: crates(peer)? as f64,
            })
        })
        .collect()
}

fn lines(peer: &Peer) -> Result<usize, Box<dyn Error>> {
    let own = lines_below(&peer.folder.join("src"))?;
    if peer.name != "ours" {
        return Ok(own);
    }
    // The runtime decides by error codes, so that their file is there; it counts all the same.
    Ok(own + fs::read_to_string(root().join("crates/runtime/src/error_code.rs"))?.lines().count())
}

/// Crates that an application gets with it.
fn crates(peer: &Peer) -> Result<usize, Box<dyn Error>> {
    let mut cargo = Command::new(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
    cargo.current_dir(&peer.folder).args(["tree", "-e", "normal", "--prefix", "none", "--format", "{p}"]);
    let output = cargo.output()?;
    if !output.status.success() {
        return Err(format!("error: cargo tree failed in {}", peer.folder.display()).into());
    }
    let text = String::from_utf8_lossy(&output.stdout).into_owned();
    let mut names: Vec<&str> = text.lines().map(|line| line.trim_end_matches(" (*)").trim()).collect();
    names.retain(|name| !name.is_empty());
    names.sort_unstable();
    names.dedup();
    Ok(names.len())
}

fn print(costs: &[Cost]) {
    println!("Medians; in brackets how many times ours, for times the median of the ratios of each round.\n");
    println!("| | operations | lines per operation | check | release | rlib | crates |\n|---|---|---|---|---|---|---|");
    let Some(ours) = costs.first() else { return };
    for cost in costs {
        let times = |ratio: f64| if cost.name == ours.name { String::new() } else { format!(" ({ratio:.1} ×)") };
        println!(
            "| {} | {} | {:.0}{} | {:.1} s{} | {:.1} s{} | {:.1} MB{} | {}{} |",
            cost.name,
            cost.operations,
            cost.lines,
            times(cost.lines / ours.lines),
            cost.check.median(),
            times(cost.check.ratio(&ours.check)),
            cost.release.median(),
            times(cost.release.ratio(&ours.release)),
            cost.rlib,
            times(cost.rlib / ours.rlib),
            cost.crates,
            times(cost.crates / ours.crates),
        );
    }
}
