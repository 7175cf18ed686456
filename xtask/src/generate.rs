//! `cargo xtask generate`

use std::fs;
use std::io::ErrorKind;
use std::path::{Path, PathBuf};
use std::time::Instant;

use dingtalk_storage_codegen::ir::Api;
use dingtalk_storage_codegen::{Changes, Disk, Output, Writer, lower, render, render_coverage};
use dingtalk_storage_spec::Spec;
use dingtalk_storage_spec::audit::{Overview, Sources};

use crate::Failure;
use crate::repository::{compile_spec, counted, root, spec_folder};

/// Arguments of the command.
#[derive(Debug, Default, clap::Args)]
pub struct Arguments {
    /// Write nothing; fail if a file is not as it would be generated.
    #[arg(long)]
    check: bool,
    /// Folder of the spec.
    #[arg(long, value_name = "DIR")]
    spec: Option<PathBuf>,
    /// Folder to write to, in place of the root of the repository.
    #[arg(long, value_name = "DIR")]
    out: Option<PathBuf>,
}

/// Runs the command.
pub fn run(arguments: &Arguments) -> Result<(), Failure> {
    let start = Instant::now();
    let folder = spec_folder(arguments.spec.as_ref());
    let spec = compile_spec(&folder)?;
    let output = output(&folder, &lower(&spec)?)?;
    let root = arguments.out.clone().unwrap_or_else(root);
    let writer = Writer { root: &root, files: Disk };
    if arguments.check {
        let changes = writer.compare(&output)?;
        if !changes.is_empty() {
            return Err(stale(&changes).into());
        }
        println!(
            "{}: {} up to date ({:.2} s)",
            size(&spec),
            counted(changes.unchanged, "file"),
            start.elapsed().as_secs_f64()
        );
        return Ok(());
    }
    let changes = writer.write(&output)?;
    println!("{}: {} ({:.2} s)", size(&spec), done(&changes), start.elapsed().as_secs_f64());
    Ok(())
}

/// Everything that is generated from a spec.
pub fn output(folder: &Path, api: &Api) -> Result<Output, Failure> {
    let mut output = render(api)?;
    render_coverage(api, &overview(folder)?, &mut output)?;
    Ok(output)
}

/// The overview pages that stand beside the spec; a spec without them is mapped by its own chapters.
fn overview(folder: &Path) -> Result<Overview, Failure> {
    let path = folder.join(Sources::OVERVIEW);
    match fs::read_to_string(&path) {
        Ok(text) => Ok(Overview::read(&text)?),
        Err(error) if error.kind() == ErrorKind::NotFound => Ok(Overview::default()),
        Err(error) => Err(format!("error: cannot read {}: {error}", path.display()).into()),
    }
}

fn size(spec: &Spec) -> String {
    let operations = spec.families.iter().map(|family| family.operations.len()).sum();
    format!("{}, {}", counted(operations, "operation"), counted(spec.types.len(), "type"))
}

fn done(changes: &Changes) -> String {
    let written = changes.missing.len() + changes.changed.len();
    let (unchanged, removed) = (changes.unchanged, changes.orphaned.len());
    format!("{} written, {unchanged} unchanged, {removed} removed", counted(written, "file"))
}

fn stale(changes: &Changes) -> String {
    let groups = [("missing", &changes.missing), ("out of date", &changes.changed), ("left over", &changes.orphaned)];
    let mut lines = Vec::new();
    for (what, paths) in groups {
        lines.extend(paths.iter().map(|path| format!("{what}: {path}")));
    }
    lines.extend(changes.staged.iter().map(|path| format!("of an interrupted run: {path}")));
    let count = counted(lines.len(), "generated file");
    lines.push(format!("error: {count} not as the spec says; run `cargo xtask generate` and commit the result"));
    lines.join("\n")
}
