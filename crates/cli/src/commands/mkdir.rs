//! `mkdir`: folders.

use clap::Args;
use dingtalk_storage_transfer::Entry;

use crate::exit::Code;
use crate::output::{EntryRecord, Record, escaped};
use crate::remote::Remote;
use crate::{Context, Failure};

/// Make folders
#[derive(Debug, Args)]
pub struct Mkdir {
    /// Folders to make
    #[arg(value_name = "PLACE", required = true, add = super::completions::places())]
    places: Vec<String>,
    /// The folders above it as well; one that is there is none too many
    #[arg(short, long)]
    parents: bool,
}

pub async fn run(arguments: Mkdir, context: &Context) -> Result<(), Failure> {
    let places = arguments.places.into_iter().map(|place| Ok((place.clone(), Remote::parse(&place)?)));
    let places = places.collect::<Result<Vec<_>, Failure>>()?;
    context
        .each(places, async |place| {
            let folder = make(&place, arguments.parents, context).await?;
            let record = Record::Folder(EntryRecord::new(&place.text(), &folder));
            context.output.record(&record, || escaped(&place.text()))
        })
        .await
}

/// Makes a folder.
pub async fn make(place: &Remote, parents: bool, context: &Context) -> Result<Entry, Failure> {
    let drive = context.drive().await?;
    let Some((folder, name)) = place.split() else {
        return Err(Failure::usage(format!("{} names no folder to make", place.text())).hint("write ding:SPACE/path"));
    };
    if place.is_pattern() {
        return Err(Failure::usage(format!("{} has an asterisk, which no name of the drive can have", place.text())));
    }
    if parents {
        let (space, path) = place.in_space(drive).await?;
        return Ok(drive.paths(&space).make_folders(&path).await?);
    }
    // That a file has its name is to be seen.
    let above = Remote { is_folder: false, ..folder };
    let (nearest, missing) = above.nearest(drive).await?;
    if !missing.is_empty() {
        return Err(Failure::no_folder_without_parents(above.text()));
    }
    drive.make_folder(&nearest.entry, name).await.map_err(|error| {
        let failure = Failure::from(error);
        if failure.code != Code::Exists {
            return failure;
        }
        // The sentence of the API says the same in more words, and none of them names the place.
        let message = format!("{} is there already", place.text());
        Failure { message, ..failure }.hint("--parents takes a folder that is there")
    })
}
