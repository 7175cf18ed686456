//! `cargo xtask audit`

use std::fs;
use std::path::{Path, PathBuf};

use dingtalk_storage_spec::SourceTree;
use dingtalk_storage_spec::audit::{Sources, audit};

use crate::Failure;
use crate::print::print;
use crate::repository::{compile_spec, spec_folder};

/// Arguments of the command.
#[derive(Debug, clap::Args)]
pub struct Arguments {
    /// Folder of the spec.
    #[arg(long, value_name = "DIR")]
    spec: Option<PathBuf>,
    /// Tell the disagreements too that `disputes.yaml` explains.
    #[arg(long)]
    explained: bool,
}

/// Runs the command.
pub fn run(arguments: &Arguments) -> Result<(), Failure> {
    let folder = spec_folder(arguments.spec.as_ref());
    let spec = compile_spec(&folder)?;
    let evidence = read(&folder, Sources::EVIDENCE)?;
    let pages = read(&folder, Sources::PAGES)?;
    let overview = read(&folder, Sources::OVERVIEW)?;
    let disputes = read(&folder, Sources::DISPUTES)?;
    let sources = Sources { evidence: &evidence, pages: &pages, overview: &overview, disputes: &disputes };
    let audit = audit(&spec, &SourceTree::read(&folder), sources)?;
    print(&audit.render(arguments.explained))?;
    if audit.passes() { Ok(()) } else { Err("error: the spec and its sources disagree without a reason".into()) }
}

fn read(folder: &Path, name: &str) -> Result<String, Failure> {
    let path = folder.join(name);
    fs::read_to_string(&path).map_err(|error| format!("error: cannot read {}: {error}", path.display()).into())
}
