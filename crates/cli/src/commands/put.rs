//! `put`: files up.

use std::path::Path;
use std::sync::Once;

use clap::Args;
use dingtalk_storage_transfer::{
    Direction, Drive, Entry, EntryKind, Source, Start, StoredName, Unfinished, Uploaded, check_drive_name,
};

use super::bounds::Bounds;
use super::conflict::{Conflict, OnConflict, doubled};
use super::filters::Filters;
use super::mkdir;
use super::trees::{self, Order};
use crate::context::Resume;
use crate::output::{self, Action, EntryRecord, PlannedRecord, Record, UploadedRecord, escaped, size};
use crate::progress::Progress;
use crate::remote::{Location, Remote};
use crate::{Context, Failure};

/// Upload files; what was interrupted goes on by the same command
///
/// A target that is a folder, or ends with a slash, receives the files under their names; any other is the name of the
/// one file. - reads standard input. With -r, folders go with all that is in them, to the target itself, or
/// under their names where it ends with a slash or receives several: what is there and the same is not sent again, and
/// what differs is an item of its own that --conflict decides about.
#[derive(Debug, Args)]
#[allow(clippy::struct_excessive_bools, reason = "each is a switch of its own")]
pub struct Put {
    /// Files of this machine, with -r also folders, and last a place of the drive
    #[arg(value_name = "FILE.. PLACE", required = true, add = super::completions::places())]
    paths: Vec<String>,
    #[command(flatten)]
    on_conflict: OnConflict,
    /// Folders, too, with all that is in them
    #[arg(short, long)]
    recursive: bool,
    /// Make the folders of the target that are not there
    #[arg(short, long)]
    parents: bool,
    /// Begin with the first byte, also where an earlier upload could be gone on with
    #[arg(long, conflicts_with = "recursive")]
    start_over: bool,
    #[command(flatten)]
    bounds: Bounds,
    #[command(flatten)]
    filters: Filters,
    /// Say what would be done and what it would cost, and send nothing
    #[arg(short = 'n', long)]
    dry_run: bool,
}

/// Where a file goes.
#[derive(Debug, Clone)]
struct Place {
    folder: Receiving,
    /// How it is written.
    remote: Remote,
    name: String,
}

/// The folder that receives a file.
#[derive(Debug, Clone)]
enum Receiving {
    There(Entry),
    /// It is made before the first file goes there, with so many folders in all.
    New(Remote, usize),
}

impl Receiving {
    /// The folder that a place stands for.
    async fn of(place: &Remote, parents: bool, context: &Context) -> Result<Self, Failure> {
        let (nearest, missing) = place.nearest(context.drive().await?).await?;
        match missing.len() {
            0 => Ok(Self::There(nearest.entry)),
            count if parents => Ok(Self::New(place.clone(), count)),
            _ => Err(Failure::no_folder_without_parents(place.text())),
        }
    }
}

impl Put {
    /// What is done with folders.
    fn order(&self) -> Order<'_> {
        Order { filters: &self.filters, conflict: self.on_conflict.conflict, dry_run: self.dry_run }
    }
}

pub async fn run(mut arguments: Put, context: &Context) -> Result<(), Failure> {
    context.keep_to(&arguments.bounds);
    arguments.order().check(arguments.recursive)?;
    let target = target(&mut arguments.paths, "ding:SPACE/folder/")?;
    let target = Remote::parse(&target).map_err(|failure| match failure.hint {
        Some(ref hint) => {
            let hint = format!("the last of the paths is where the files go; {hint}");
            failure.hint(hint)
        }
        None => failure,
    })?;
    if target.is_pattern() {
        return Err(Failure::usage(format!("{} has an asterisk, which no name of the drive can have", target.text())));
    }
    let sources = arguments.paths.iter().map(|path| Ok((path.clone(), source(path, arguments.recursive)?)));
    let mut sources = sources.collect::<Result<Vec<_>, Failure>>()?;
    let several = sources.len() > 1;
    if let [(_, Err(_))] = sources.as_slice()
        && let Some((_, Err(failure))) = sources.pop()
    {
        return Err(failure);
    }
    let files = sources.iter().filter_map(|(_, source)| match source {
        Ok(Location::Local(path)) if !path.is_dir() => name_of(path).ok(),
        _ => None,
    });
    if let Some(name) = doubled(files) {
        return Err(Failure::usage(format!("several of them are called {name:?}, and {} can have one", target.text()))
            .hint("put them into folders of their own, or the folder above them with -r"));
    }
    let only_tree = match sources.as_slice() {
        [(_, Ok(Location::Local(path)))] => path.is_dir(),
        _ => false,
    };
    let folder = if only_tree { None } else { folder(&target, several, &arguments, context).await? };
    if !sources.iter().any(|(_, source)| matches!(source, Ok(Location::Standard))) {
        context.resume_by(Resume::Same);
    }
    let progress = Progress::begin(context, sources.len());
    let job = Job { arguments: &arguments, folder, target, several, progress, made: Once::new() };
    let at_once = if arguments.dry_run { 1 } else { context.drive().await?.settings().files_at_once };
    let done = context.each_of(sources, at_once, async |source| put(source?, &job, context).await).await;
    context.estimated(arguments.dry_run, done)
}

/// The last of the paths, which has others before it; `example` is one that could be.
pub fn target(paths: &mut Vec<String>, example: &str) -> Result<String, Failure> {
    let target = paths.pop().unwrap_or_default();
    if paths.is_empty() {
        return Err(Failure::usage(format!("{target} is the only path, and the last one says where to"))
            .hint(format!("write {example} behind it, for example")));
    }
    Ok(target)
}

/// A file of this machine. That it is not there is a failure of its own, whatever else is uploaded.
fn source(path: &str, is_recursive: bool) -> Result<Result<Location, Failure>, Failure> {
    let location = Location::parse(path)?;
    match &location {
        Location::Remote(_) => {
            Err(Failure::usage(format!("{path} is a place of the drive already")).hint("`cp` copies within the drive"))
        }
        Location::Local(file) => match std::fs::metadata(file) {
            Ok(metadata) if metadata.is_dir() && !is_recursive => {
                Err(Failure::usage(format!("{path} is a folder")).hint("-r takes it with all that is in it"))
            }
            Ok(_) => Ok(Ok(location)),
            Err(error) => Ok(Err(Failure::local(format!("cannot read {}", file.display()), &error))),
        },
        Location::Standard => Ok(Ok(location)),
    }
}

/// The folder that receives the files, if the target is one.
async fn folder(target: &Remote, several: bool, arguments: &Put, context: &Context) -> Result<Option<Place>, Failure> {
    let drive = context.drive().await?;
    let at = |folder| Some(Place { folder, remote: target.clone(), name: String::new() });
    match target.find(drive).await? {
        Some(found) if found.entry.is_folder() => Ok(at(Receiving::There(found.entry))),
        Some(_) if several => Err(Failure::usage(format!("{} is a file, and several go there", target.text()))),
        None if target.is_folder || several => Ok(at(Receiving::of(target, arguments.parents, context).await?)),
        _ => Ok(None),
    }
}

/// The place of a file.
async fn place(
    source: &Location,
    folder: Option<&Place>,
    target: &Remote,
    arguments: &Put,
    context: &Context,
) -> Result<Place, Failure> {
    if let Some(place) = folder {
        let name = match source {
            Location::Local(path) => name_of(path)?,
            _ => {
                return Err(Failure::usage("standard input has no name")
                    .hint(format!("write {}", place.remote.join("NAME").text())));
            }
        };
        return Ok(Place { remote: place.remote.join(&name), name, ..place.clone() });
    }
    let Some((above, name)) = target.split() else {
        return Err(Failure::usage(format!("{} names no file", target.text())));
    };
    let folder = Receiving::of(&above, arguments.parents, context).await?;
    Ok(Place { folder, remote: target.clone(), name: name.to_owned() })
}

/// Whether an upload of this file was interrupted: then what has the name may be what that upload has made.
async fn goes_on(source: &Location, name: &str, drive: &Drive) -> Result<bool, Failure> {
    let Location::Local(path) = source else { return Ok(false) };
    let Ok(path) = std::fs::canonicalize(path) else { return Ok(false) };
    let is_it =
        |transfer: &Unfinished| transfer.direction == Direction::Up && transfer.local == path && transfer.name == name;
    Ok(drive.unfinished().await?.iter().any(is_it))
}

fn name_of(path: &Path) -> Result<String, Failure> {
    let absolute = std::path::absolute(path).unwrap_or_else(|_| path.to_owned());
    let name = absolute.file_name().ok_or_else(|| Failure::usage(format!("{} has no name", path.display())))?;
    let name = name.to_str().ok_or_else(|| Failure::usage(format!("the name of {} is no Unicode", path.display())))?;
    Ok(name.to_owned())
}

/// What is the same for all files of the command.
struct Job<'a> {
    arguments: &'a Put,
    folder: Option<Place>,
    target: Remote,
    several: bool,
    progress: Progress,
    /// Whether the folder that receives the files is counted already.
    made: Once,
}

/// A folder, as the target, or as one of its name in it: so that the same command means the same once it was begun.
async fn put_tree(source: &Path, job: &Job<'_>, context: &Context) -> Result<(), Failure> {
    let (arguments, target) = (job.arguments, &job.target);
    let written = source.to_string_lossy();
    let is_content = source.file_name().is_none() || written == "." || written.ends_with("/.");
    let name = if is_content { None } else { Some(name_of(source)?) };
    let receives = job.several || target.is_folder;
    let place = match name {
        Some(name) if receives => target.join(&name),
        _ => target.clone(),
    };
    let folder = trees::folder(&place, arguments.parents, context).await?;
    arguments.order().up(source, folder, context).await
}

async fn put(source: Location, job: &Job<'_>, context: &Context) -> Result<(), Failure> {
    if let Location::Local(path) = &source
        && path.is_dir()
    {
        return put_tree(path, job, context).await;
    }
    let (arguments, several) = (job.arguments, job.several);
    let place = place(&source, job.folder.as_ref(), &job.target, arguments, context).await?;
    let shown = match &source {
        Location::Local(path) => path.display().to_string(),
        _ => "-".to_owned(),
    };
    check_drive_name(&place.name)?;
    let drive = context.drive().await?;
    let conflict = arguments.on_conflict.conflict;
    if matches!(conflict, Conflict::Skip | Conflict::Fail)
        && matches!(place.folder, Receiving::There(_))
        && place.remote.find(drive).await?.is_some()
        && !goes_on(&source, &place.name, drive).await?
    {
        return conflict.left_alone(shown, place.remote.text(), context);
    }
    if arguments.dry_run {
        return plan(shown, &source, &place, job, context).await;
    }
    let folder = match &place.folder {
        Receiving::There(folder) => folder.clone(),
        // Files at the same time make it once.
        Receiving::New(folder, _) => mkdir::make(folder, true, context).await?,
    };
    let upload = match source {
        Location::Local(path) => drive.upload(Source::Path(path)),
        _ => drive.upload(Source::reader(tokio::io::stdin())),
    };
    let file = job.progress.file(&place.name);
    let upload = upload.to(&folder).name(&place.name).on_conflict(conflict.strategy());
    let mut upload = upload.on_progress(file.listener());
    if arguments.start_over {
        upload = upload.start_over();
    }
    let uploaded = Box::pin(upload.send()).await?;
    drop(file);
    if several && conflict == Conflict::Fail {
        // What is done by now would be in the way of the same command.
        context.resume_by(Resume::With(vec!["--conflict".to_owned(), "skip".to_owned()]));
    }
    drive.paths(&uploaded.entry.space).remember(&uploaded.entry);
    job.progress.aside(|| tell(shown, &place.remote, &uploaded, context))
}

async fn plan(source: String, file: &Location, place: &Place, job: &Job<'_>, context: &Context) -> Result<(), Failure> {
    let bytes = match file {
        Location::Local(path) => std::fs::metadata(path).map_or(0, |metadata| metadata.len()),
        _ => 0,
    };
    let calls = context.drive().await?.settings().calls_of_upload(bytes);
    context.plan_calls(calls);
    if let Receiving::New(_, folders) = place.folder {
        job.made.call_once(|| context.plan_calls(folders as u64));
    }
    let drive = context.drive().await?;
    let is_numbered = job.arguments.on_conflict.conflict == Conflict::Rename
        && matches!(place.folder, Receiving::There(_))
        && context.only_look(place.remote.find(drive)).await?.is_some();
    let target = if is_numbered { place.remote.free(EntryKind::File, drive).await? } else { place.remote.clone() };
    let (from, to) = (escaped(&source), escaped(&target.text()));
    let line = format!("would upload {from} to {to}: {}, {}", size(bytes), output::calls(calls));
    let target = Some(target.text());
    let record = PlannedRecord { action: Action::Upload, source, target, bytes, calls };
    context.output.record(&Record::Planned(record), || line)
}

fn tell(source: String, place: &Remote, uploaded: &Uploaded, context: &Context) -> Result<(), Failure> {
    let resumed = match &uploaded.start {
        Start::Resumed { bytes } => *bytes,
        _ => 0,
    };
    context.cost.sent(uploaded.entry.size.saturating_sub(resumed));
    let stored = place.split().map_or_else(|| place.clone(), |(folder, _)| folder.join(&uploaded.entry.name));
    let path = stored.text();
    let line = format!("{} -> {} ({})", escaped(&source), escaped(&path), size(uploaded.entry.size));
    let record = UploadedRecord {
        source,
        entry: EntryRecord::new(&path, &uploaded.entry),
        wished_name: match &uploaded.name {
            StoredName::AsWished => None,
            StoredName::Changed { wished } => Some(wished.clone()),
        },
        resumed,
        integrity: uploaded.integrity.into(),
    };
    context.output.record(&Record::Uploaded(record), || line)
}
