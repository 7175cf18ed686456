//! `cargo xtask site`

mod serve;

use std::fs;
use std::io::ErrorKind;
use std::path::{Path, PathBuf};
use std::time::Instant;

use dingtalk_storage_codegen::lower;
use dingtalk_storage_site::{Site, Sources, build, write};
use dingtalk_storage_spec::audit::{self, Audit, audit};
use dingtalk_storage_spec::{SourceTree, Spec};

use crate::Failure;
use crate::repository::{compile_spec, counted, root, spec_folder};

/// Arguments of the command.
#[derive(Debug, clap::Args)]
pub struct Arguments {
    /// Folder to write; it is replaced as a whole, if it has a site or nothing.
    #[arg(long, value_name = "DIR")]
    out: Option<PathBuf>,
    /// Write nothing, and show the site at an address of this machine; what is changed meanwhile shows when a page is loaded again.
    #[arg(long, conflicts_with = "out")]
    serve: bool,
    /// Port of that address.
    #[arg(long, value_name = "PORT", default_value_t = 8000, requires = "serve")]
    port: u16,
    /// Folder of the spec.
    #[arg(long, value_name = "DIR")]
    spec: Option<PathBuf>,
}

/// Runs the command.
pub fn run(arguments: &Arguments) -> Result<(), Failure> {
    let folder = spec_folder(arguments.spec.as_ref());
    if arguments.serve {
        return serve::serve(&folder, arguments.port);
    }
    let start = Instant::now();
    let site = make(&folder)?;
    let out = arguments.out.clone().unwrap_or_else(|| root().join("target/site"));
    write(&site, &out)?;
    let pages = site.files().filter(|(path, _)| is_page(path)).count();
    println!(
        "{} in {} ({:.2} s)",
        counted(pages, "page"),
        out.join("index.html").display(),
        start.elapsed().as_secs_f64()
    );
    Ok(())
}

/// Makes the site of a spec, with the guides of this repository.
pub fn make(folder: &Path) -> Result<Site, Failure> {
    let spec = compile_spec(folder)?;
    let tree = SourceTree::read(folder);
    Ok(site_of(&spec, &tree, audited(folder, &spec, &tree)?.as_ref(), &root())?)
}

/// Makes the site of a spec that is compiled.
pub fn site_of(
    spec: &Spec,
    tree: &SourceTree,
    audit: Option<&Audit>,
    repository: &Path,
) -> Result<Site, dingtalk_storage_codegen::Error> {
    let api = lower(spec)?;
    let file = |path: &str| fs::read_to_string(repository.join(path)).ok();
    Ok(build(Sources { spec, api: &api, tree, audit, file: &file }))
}

/// The audit of a spec, if it has the sources for one.
pub fn audited(folder: &Path, spec: &Spec, tree: &SourceTree) -> Result<Option<Audit>, Failure> {
    let [evidence, pages, overview, disputes] =
        [audit::Sources::EVIDENCE, audit::Sources::PAGES, audit::Sources::OVERVIEW, audit::Sources::DISPUTES]
            .map(|name| optional(&folder.join(name)));
    let (Some(evidence), Some(pages), Some(overview), Some(disputes)) = (evidence?, pages?, overview?, disputes?)
    else {
        return Ok(None);
    };
    let sources = audit::Sources { evidence: &evidence, pages: &pages, overview: &overview, disputes: &disputes };
    Ok(Some(audit(spec, tree, sources)?))
}

/// The text of a file that need not be there.
fn optional(path: &Path) -> Result<Option<String>, Failure> {
    match fs::read_to_string(path) {
        Ok(text) => Ok(Some(text)),
        Err(error) if error.kind() == ErrorKind::NotFound => Ok(None),
        Err(error) => Err(format!("error: cannot read {}: {error}", path.display()).into()),
    }
}

/// Whether a file of the site is a page.
pub fn is_page(path: &str) -> bool {
    Path::new(path).extension().is_some_and(|end| end == "html")
}
