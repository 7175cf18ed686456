//! `get`: files down.

use std::path::{Path, PathBuf};

use clap::Args;
use dingtalk_storage_transfer::{Downloaded, check_local_name, check_replaceable};

use super::bounds::Bounds;
use super::conflict::{Conflict, OnConflict, doubled};
use super::filters::Filters;
use super::put::target;
use super::trees::Order;
use crate::context::{Items, Resume};
use crate::output::{Action, DownloadedRecord, PlannedRecord, Record, complain, escaped, size};
use crate::progress::Progress;
use crate::remote::{self, Found, Location, Remote};
use crate::{Context, Failure};

/// Download files; what was interrupted goes on by the same command
///
/// A target that is a folder, or ends with a slash, receives the files under their names; any other is the name of the
/// one file. - writes to standard output. With -r, folders come with all that is in them, to the target itself, or
/// under their names where it ends with a slash or receives several: what is there and the same does not come again, and
/// what differs is an item of its own that --conflict decides about.
#[derive(Debug, Args)]
#[allow(clippy::struct_excessive_bools, reason = "each is a switch of its own")]
pub struct Get {
    /// Files of the drive, with -r also folders, also with wildcards, and last a place of this machine
    #[arg(value_name = "PLACE.. FILE", required = true, add = super::completions::places())]
    paths: Vec<String>,
    #[command(flatten)]
    on_conflict: OnConflict,
    /// Folders, too, with all that is in them
    #[arg(short, long)]
    recursive: bool,
    /// Make the folders of the target that are not there
    #[arg(short, long)]
    parents: bool,
    /// An older version
    #[arg(long, value_name = "N", conflicts_with = "recursive")]
    version: Option<i64>,
    /// Let a file be replaced also by bytes for which the storage tells no checksum
    #[arg(long, conflicts_with = "recursive")]
    accept_unverified: bool,
    #[command(flatten)]
    bounds: Bounds,
    #[command(flatten)]
    filters: Filters,
    /// Say what would be done and what it would cost, and write nothing
    #[arg(short = 'n', long)]
    dry_run: bool,
}

pub async fn run(mut arguments: Get, context: &Context) -> Result<(), Failure> {
    context.keep_to(&arguments.bounds);
    arguments.order().check(arguments.recursive)?;
    let target = target(&mut arguments.paths, ".")?;
    let places: Vec<_> = arguments.paths.iter().map(|path| Remote::parse(path)).collect::<Result<_, _>>()?;
    let ends_with_slash = target.ends_with(['/', std::path::MAIN_SEPARATOR]);
    let (is_folder, target) = match Location::parse(&target)? {
        Location::Remote(place) => {
            return Err(Failure::usage(format!("{} is a place of the drive", place.text()))
                .hint("the last of the paths is where the files go; `cp` copies within the drive"));
        }
        Location::Standard => (false, None),
        Location::Local(path) => {
            let is_folder = path.is_dir() || ends_with_slash;
            (is_folder, Some(path))
        }
    };
    let drive = context.drive().await?;
    let items = context.expand(&places).await?;
    let Some(target) = target else { return to_standard_output(items, &arguments, context).await };
    if !is_folder && items.len() > 1 {
        return Err(Failure::usage(format!("{} files go to {}, which is no folder", items.len(), target.display()))
            .hint("end it with a slash to make it one"));
    }
    if let Some(folder) = found(&items).find(|found| found.entry.is_folder() && !arguments.recursive) {
        return Err(Failure::usage(format!("{} is a folder", folder.path())).hint("-r takes it with all that is in it"));
    }
    if let Some(name) = doubled(found(&items).map(|found| found.entry.name.clone())) {
        return Err(Failure::usage(format!(
            "several of them are called {name:?}, and {} can have one",
            target.display()
        ))
        .hint("get them into folders of their own, or the folder above them with -r"));
    }
    let new_folder = receiving(&target, is_folder, arguments.parents)?;
    context.resume_by(Resume::Same);
    let (several, progress) = (items.len() > 1, Progress::begin(context, items.len()));
    let job = Job { arguments: &arguments, target, new_folder, is_folder, ends_with_slash, several, progress };
    let at_once = if arguments.dry_run { 1 } else { drive.settings().files_at_once };
    let done = context.each_of(items, at_once, async |found| get(&found?, &job, context).await).await;
    context.estimated(arguments.dry_run, done)
}

/// Those of several items that are there.
pub fn found(items: &Items) -> impl Iterator<Item = &Found> {
    items.iter().filter_map(|(_, found)| found.as_ref().ok())
}

/// The name that a folder gets on this machine. That of a space is how the space is written.
async fn name_of(found: &Found, context: &Context) -> Result<PathBuf, Failure> {
    let head = &found.place.head;
    let written = head.rsplit_once(['/', ':', '=', '@']).map_or(head.as_str(), |(_, name)| name);
    let is_root = remote::is_root(context.drive().await?, &found.entry).await?;
    let name = if is_root { written } else { found.entry.name.as_str() };
    Ok(PathBuf::from(check_local_name(name)?))
}

impl Get {
    /// What is done with folders.
    fn order(&self) -> Order<'_> {
        Order { filters: &self.filters, conflict: self.on_conflict.conflict, dry_run: self.dry_run }
    }
}

/// The folder that is to receive the files, if it is to be made: with the first of them, so that none is made for nothing.
fn receiving(target: &Path, is_folder: bool, parents: bool) -> Result<Option<PathBuf>, Failure> {
    let folder = if is_folder { Some(target) } else { target.parent().filter(|folder| !folder.as_os_str().is_empty()) };
    match folder.filter(|folder| !folder.is_dir()) {
        Some(folder) if !parents => Err(Failure::no_folder_without_parents(folder.display())),
        folder => Ok(folder.map(Path::to_owned)),
    }
}

/// What is the same for all files of the command.
struct Job<'a> {
    arguments: &'a Get,
    target: PathBuf,
    new_folder: Option<PathBuf>,
    is_folder: bool,
    ends_with_slash: bool,
    several: bool,
    progress: Progress,
}

async fn get(found: &Found, job: &Job<'_>, context: &Context) -> Result<(), Failure> {
    let (arguments, target) = (job.arguments, &job.target);
    if found.entry.is_folder() {
        // The same command means the same once it was begun.
        let receives = job.several || job.ends_with_slash;
        let target = if receives { target.join(name_of(found, context).await?) } else { target.clone() };
        return arguments.order().down(found, target, context).await;
    }
    let mut path = if job.is_folder {
        target.join(check_local_name(&found.entry.name)?)
    } else if arguments.on_conflict.conflict == Conflict::Overwrite {
        followed(target)
    } else {
        target.clone()
    };
    check_replaceable(&path).map_err(|error| Failure::from(error).hint("- writes to standard output"))?;
    let conflict = arguments.on_conflict.conflict;
    // A link that leads nowhere has the name, too.
    if path.symlink_metadata().is_ok() {
        match conflict {
            Conflict::Overwrite => {}
            Conflict::Rename => path = free_name(&path),
            Conflict::Skip | Conflict::Fail => {
                return conflict.left_alone(found.path(), path.display().to_string(), context);
            }
        }
    }
    if arguments.dry_run {
        return plan(found, &path.display().to_string(), context);
    }
    if let Some(folder) = &job.new_folder {
        let made = std::fs::create_dir_all(folder);
        made.map_err(|error| Failure::local(format!("cannot make {}", folder.display()), &error))?;
    }
    let file = job.progress.file(&found.entry.name);
    let mut download = context.drive().await?.download(&found.entry).on_progress(file.listener());
    if let Some(version) = arguments.version {
        download = download.version(version);
    }
    if arguments.accept_unverified {
        download = download.accept_unverified();
    }
    let done = Box::pin(download.to_path(&path)).await?;
    drop(file);
    if job.several && conflict == Conflict::Fail {
        // What is done by now would be in the way of the same command.
        context.resume_by(Resume::With(vec!["--conflict".to_owned(), "skip".to_owned()]));
    }
    let target = path.display().to_string();
    let line = format!("{} -> {} ({})", escaped(&found.path()), escaped(&target), size(done.size));
    let record = record(found, target, &done, context);
    job.progress.aside(|| context.output.record(&Record::Downloaded(record), || line))
}

fn plan(found: &Found, target: &str, context: &Context) -> Result<(), Failure> {
    let (source, target, bytes) = (found.path(), target.to_owned(), found.entry.size);
    let line = format!("would download {} to {}: {}, 1 call", escaped(&source), escaped(&target), size(bytes));
    let record = PlannedRecord { action: Action::Download, source, target: Some(target), bytes, calls: 1 };
    context.plan_calls(1);
    context.output.record(&Record::Planned(record), || line)
}

/// The file as it is told; its bytes are on standard output, so what is told goes elsewhere.
async fn to_standard_output(items: Items, arguments: &Get, context: &Context) -> Result<(), Failure> {
    if let Some(folder) = found(&items).find(|found| found.entry.is_folder()) {
        return Err(Failure::usage(format!("{} is a folder, and standard output takes files", folder.path())));
    }
    let done = context.each(items, async |found| {
        let found = found?;
        if arguments.dry_run {
            return plan(&found, "-", context);
        }
        let mut download = context.drive().await?.download(&found.entry);
        if let Some(version) = arguments.version {
            download = download.version(version);
        }
        let done = download.to_writer(tokio::io::stdout()).await?;
        let record = Record::Downloaded(record(&found, "-".to_owned(), &done, context));
        if context.output.json {
            complain(&crate::output::Line::result(&record).to_string());
        }
        Ok(())
    });
    context.estimated(arguments.dry_run, done.await)
}

fn record(found: &Found, target: String, done: &Downloaded, context: &Context) -> DownloadedRecord {
    context.cost.received(done.size.saturating_sub(done.resumed));
    DownloadedRecord {
        source: found.path(),
        target,
        size: done.size,
        resumed: done.resumed,
        integrity: done.integrity.into(),
    }
}

/// Where the link leads that somebody has named: as with `cp`, the file there is meant. Of names in a folder, which the
/// drive has given, a link is replaced itself.
fn followed(path: &Path) -> PathBuf {
    let is_link = path.symlink_metadata().is_ok_and(|there| there.is_symlink());
    let file = if is_link { path.canonicalize().ok() } else { None };
    file.unwrap_or_else(|| path.to_owned())
}

/// The same name with a number that nothing has.
fn free_name(path: &Path) -> PathBuf {
    let stem = path.file_stem().unwrap_or_default().to_string_lossy().into_owned();
    let extension = path.extension().map(|extension| format!(".{}", extension.to_string_lossy())).unwrap_or_default();
    let numbered = (1..u32::MAX).map(|number| path.with_file_name(format!("{stem}({number}){extension}")));
    let mut free = numbered.filter(|path| path.symlink_metadata().is_err());
    free.next().unwrap_or_else(|| path.to_owned())
}
