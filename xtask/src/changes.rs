//! `cargo xtask changes`

use std::path::{Path, PathBuf};
use std::process::Command;

use dingtalk_storage_codegen::{changes, lower};
use dingtalk_storage_spec::{SourceTree, Spec, compile};

use crate::Failure;
use crate::print::print;
use crate::repository::{compile_spec, spec_folder};

/// Arguments of the command.
#[derive(Debug, clap::Args)]
pub struct Arguments {
    /// Revision of git to compare the spec with.
    #[arg(value_name = "REV", default_value = "HEAD")]
    revision: String,
    /// As Markdown for release notes, the gravest changes first.
    #[arg(long)]
    markdown: bool,
    /// Folder of the spec.
    #[arg(long, value_name = "DIR")]
    spec: Option<PathBuf>,
}

/// Runs the command.
pub fn run(arguments: &Arguments) -> Result<(), Failure> {
    let folder = spec_folder(arguments.spec.as_ref());
    let new = compile_spec(&folder)?;
    let old = compile_revision(&folder, &arguments.revision)?;
    let changes = changes::compare(&lower(&old)?, &lower(&new)?);
    print(&if arguments.markdown { changes.markdown() } else { changes.text() })?;
    Ok(())
}

/// Compiles the spec as it was, with the compiler of today.
fn compile_revision(folder: &Path, revision: &str) -> Result<Spec, Failure> {
    let commit =
        git(folder, &["rev-parse", "--verify", "--quiet", "--end-of-options", &format!("{revision}^{{commit}}")])
            .map_err(|_| format!("error: git knows no revision `{revision}`"))?;
    let commit = String::from_utf8(commit)?.trim().to_owned();
    let files = files_at(folder, &commit)?;
    if files.is_empty() {
        return Err(format!("error: there is no spec in `{revision}`").into());
    }
    compile(&SourceTree::from_files(files)).map_err(|report| {
        let report = report.render(false);
        format!(
            "{report}\nerror: today's compiler does not accept the spec of `{revision}`, so the two cannot be compared"
        )
        .into()
    })
}

/// The YAML files below the folder, by their paths within it.
fn files_at(folder: &Path, commit: &str) -> Result<Vec<(String, Vec<u8>)>, Failure> {
    let listed = String::from_utf8(git(folder, &["ls-tree", "-r", "-z", "--name-only", commit, "--", "."])?)?;
    let paths = listed.split('\0').filter(|path| Path::new(path).extension().is_some_and(|kind| kind == "yaml"));
    paths.map(|path| Ok((path.to_owned(), git(folder, &["show", &format!("{commit}:./{path}")])?))).collect()
}

/// What git writes when it runs in the folder.
fn git(folder: &Path, arguments: &[&str]) -> Result<Vec<u8>, Failure> {
    let mut command = Command::new("git");
    // The folder says which repository it is, also when a hook of another one runs this.
    for variable in ["GIT_DIR", "GIT_WORK_TREE", "GIT_INDEX_FILE", "GIT_PREFIX"] {
        command.env_remove(variable);
    }
    let output = command.arg("-C").arg(folder).args(arguments).output();
    let output = output.map_err(|error| format!("error: cannot run git: {error}"))?;
    if output.status.success() {
        return Ok(output.stdout);
    }
    let message = String::from_utf8_lossy(&output.stderr);
    Err(format!("error: `git {}` failed: {}", arguments.join(" "), message.trim()).into())
}
