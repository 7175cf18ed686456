//! `cargo xtask drift`

mod new;
mod stored;
mod write;

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use clap::ValueEnum;
use dingtalk_storage_drift::{Comparison, Disputes, Drift, Language, Source, Stale, report};
use dingtalk_storage_spec::{SourceTree, Spec, compile_draft};
use serde_json::json;

use crate::Failure;
use crate::print::print;
use crate::repository::spec_folder;

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
    /// Make a file for each operation that the spec does not have; its texts are left to be written.
    #[arg(long, conflicts_with_all = ["write", "format"])]
    new: bool,
    /// Family of the new operation; found by its path without it.
    #[arg(long, value_name = "FAMILY", requires = "new")]
    family: Option<String>,
    /// Name of the new operation, as the official SDK has it; made of the slug of its page without it.
    #[arg(long, value_name = "NAME", requires = "new")]
    name: Option<String>,
    /// Write into the spec what pages have more: values of enums, error codes, optional fields; their texts are left to
    /// be written.
    #[arg(long, conflicts_with = "format")]
    write: bool,
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

/// What pages are held against.
struct Held {
    folder: PathBuf,
    tree: SourceTree,
    disputes: Disputes,
    pages: Vec<Source>,
    language: Option<Language>,
}

/// Runs the command.
pub fn run(arguments: &Arguments) -> Result<(), Failure> {
    let folder = spec_folder(arguments.spec.as_ref());
    let mut pages = Vec::new();
    for path in files(&arguments.pages)? {
        let bytes = fs::read(&path).map_err(|error| cannot_read(&path, &error))?;
        pages.push((path.to_string_lossy().into_owned(), bytes));
    }
    let held = Held {
        tree: SourceTree::read(&folder),
        disputes: Disputes::read(&optional(&folder.join(Disputes::FILE))?)?,
        pages,
        language: arguments.lang.map(|lang| match lang {
            Lang::En => Language::English,
            Lang::Zh => Language::Chinese,
        }),
        folder,
    };
    if arguments.new {
        new::run(held, arguments.family.as_deref(), arguments.name.as_deref())
    } else if arguments.write {
        write::run(&held)
    } else {
        compare(&held, arguments)
    }
}

/// What comes of pages that are held against a spec.
pub fn drifts(folder: &Path, spec: &Spec, pages: &[PathBuf]) -> Result<Vec<Drift>, Failure> {
    let tree = SourceTree::read(folder);
    let disputes = Disputes::read(&optional(&folder.join(Disputes::FILE))?)?;
    let dates = |file: &str| changed(folder, file);
    let comparison = Comparison::new(spec, &tree, &disputes, &dates);
    let drift = |path: PathBuf| {
        let bytes = fs::read(&path).map_err(|error| cannot_read(&path, &error))?;
        Ok(comparison.page(&path.to_string_lossy(), &bytes, None))
    };
    files(pages)?.into_iter().map(drift).collect()
}

fn compare(held: &Held, arguments: &Arguments) -> Result<(), Failure> {
    let spec = compile_draft(&held.tree).map_err(|report| report.render(false))?;
    let dates = |file: &str| changed(&held.folder, file);
    let comparison = Comparison::new(&spec, &held.tree, &held.disputes, &dates);
    let drifts: Vec<Drift> =
        held.pages.iter().map(|(file, bytes)| comparison.page(file, bytes, held.language)).collect();
    let stale = held.disputes.stale(&drifts);
    print(&told(&drifts, &stale, arguments))?;
    let count = report::count(&drifts);
    if count.unexplained > 0 {
        Err("error: pages and spec differ without a reason".into())
    } else if !stale.is_empty() {
        Err("error: disputes explain nothing any more".into())
    } else {
        Ok(())
    }
}

fn told(drifts: &[Drift], stale: &[Stale], arguments: &Arguments) -> String {
    let lines = |mark: &str| {
        let lines: Vec<String> = stale.iter().map(|each| format!("{mark}{each}\n")).collect();
        lines.concat()
    };
    match arguments.format {
        Format::Text => format!("{}{}", lines(""), report::text(drifts, arguments.explained)),
        Format::Markdown if stale.is_empty() => report::markdown(drifts, arguments.explained),
        Format::Markdown => {
            format!(
                "{}\n## Disputes without a difference\n\n{}",
                report::markdown(drifts, arguments.explained),
                lines("- ")
            )
        }
        Format::Json => {
            let mut report = report::json(drifts);
            let stale = stale.iter().map(
                |each| json!({ "file": Disputes::FILE, "line": each.line, "subject": each.subject, "what": each.what }),
            );
            if let Some(report) = report.as_object_mut() {
                report.insert("staleDisputes".to_owned(), stale.collect());
            }
            format!("{report:#}\n")
        }
    }
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
