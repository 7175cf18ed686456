//! `cargo xtask drift`

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use clap::ValueEnum;
use dingtalk_storage_drift::{Comparison, Disputes, Drift, Language, report};
use dingtalk_storage_spec::SourceTree;

use crate::Failure;
use crate::print::print;
use crate::repository::{compile_spec, spec_folder};

/// Arguments of the command.
#[derive(Debug, clap::Args)]
pub struct Arguments {
    /// Pages, or folders with pages (`.md`, `.mdx`, `.txt`).
    #[arg(required = true, value_name = "PAGES")]
    pages: Vec<PathBuf>,
    /// Language of the pages; found out from their headings without it.
    #[arg(long, value_name = "LANG")]
    lang: Option<Lang>,
    /// How the differences are told.
    #[arg(long, value_enum, default_value_t = Format::Text)]
    format: Format,
    /// Tell the differences too that the spec explains.
    #[arg(long)]
    explained: bool,
    /// Folder of the spec.
    #[arg(long, value_name = "DIR")]
    spec: Option<PathBuf>,
}

#[derive(Debug, Clone, Copy, ValueEnum)]
enum Lang {
    /// English.
    En,
    /// Chinese.
    Zh,
}

/// Forms of the report.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Format {
    /// For a terminal.
    Text,
    /// For a comment on a change.
    Markdown,
    /// For a program; has the explained differences too.
    Json,
}

/// Runs the command.
pub fn run(arguments: &Arguments) -> Result<(), Failure> {
    let folder = spec_folder(arguments.spec.as_ref());
    let spec = compile_spec(&folder)?;
    let tree = SourceTree::read(&folder);
    let disputes = Disputes::read(&optional(&folder.join(Disputes::FILE))?)?;
    let dates = |file: &str| changed(&folder, file);
    let comparison = Comparison::new(&spec, &tree, &disputes, &dates);
    let language = arguments.lang.map(|lang| match lang {
        Lang::En => Language::English,
        Lang::Zh => Language::Chinese,
    });
    let mut drifts: Vec<Drift> = Vec::new();
    for path in files(&arguments.pages)? {
        let bytes = fs::read(&path).map_err(|error| cannot_read(&path, &error))?;
        drifts.push(comparison.page(&path.to_string_lossy(), &bytes, language));
    }
    match arguments.format {
        Format::Text => print(&report::text(&drifts, arguments.explained))?,
        Format::Markdown => print(&report::markdown(&drifts, arguments.explained))?,
        Format::Json => print(&format!("{:#}\n", report::json(&drifts)))?,
    }
    let count = report::count(&drifts);
    if count.unexplained == 0 { Ok(()) } else { Err("error: pages and spec differ without a reason".into()) }
}

/// The files, and those of the folders, by name.
fn files(named: &[PathBuf]) -> Result<Vec<PathBuf>, Failure> {
    let mut found = Vec::new();
    for path in named {
        if !path.is_dir() {
            found.push(path.clone());
            continue;
        }
        let mut within = Vec::new();
        for entry in fs::read_dir(path).map_err(|error| cannot_read(path, &error))? {
            within.push(entry.map_err(|error| cannot_read(path, &error))?.path());
        }
        within.sort();
        let (folders, files): (Vec<PathBuf>, Vec<PathBuf>) = within.into_iter().partition(|path| path.is_dir());
        let is_page =
            |path: &PathBuf| path.extension().is_some_and(|end| ["md", "mdx", "txt"].iter().any(|page| end == *page));
        found.extend(files.into_iter().filter(is_page));
        if !folders.is_empty() {
            found.extend(self::files(&folders)?);
        }
    }
    Ok(found)
}

fn cannot_read(path: &Path, error: &std::io::Error) -> Failure {
    format!("error: cannot read {}: {error}", path.display()).into()
}

/// The text of a file that need not be there.
fn optional(path: &Path) -> Result<String, Failure> {
    match fs::read_to_string(path) {
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok("{}".to_owned()),
        read => read.map_err(|error| cannot_read(path, &error)),
    }
}

/// When a file of the spec was changed last, as the history tells; nothing where there is none.
fn changed(folder: &Path, file: &str) -> Option<String> {
    let log =
        Command::new("git").arg("-C").arg(folder).args(["log", "-1", "--format=%cs", "--", file]).output().ok()?;
    String::from_utf8(log.stdout).ok().map(|date| date.trim().to_owned()).filter(|date| !date.is_empty())
}
