//! `du`: what takes how much room.

use std::collections::BTreeMap;

use clap::Args;

use super::filters::Filters;
use crate::output::{Record, UsageRecord, escaped, size};
use crate::remote::{self, Found, Remote};
use crate::{Context, Failure};

/// Add up the sizes of the files in folders
#[derive(Debug, Args)]
pub struct Du {
    /// Folders
    #[arg(value_name = "PLACE", required = true, add = super::completions::places())]
    places: Vec<String>,
    /// The folders below as well, no deeper than this
    #[arg(short, long, value_name = "N", default_value_t = 0)]
    depth: usize,
    #[command(flatten)]
    filters: Filters,
}

pub async fn run(arguments: Du, context: &Context) -> Result<(), Failure> {
    let places = arguments.places.iter().map(|place| Ok((place.clone(), Remote::parse(place)?)));
    let places = places.collect::<Result<Vec<_>, Failure>>()?;
    context.each(places, async |place| add_up(&place, &arguments, context).await).await
}

async fn add_up(place: &Remote, arguments: &Du, context: &Context) -> Result<(), Failure> {
    let drive = context.drive().await?;
    for top in place.expand(drive).await? {
        let deep = top.place.path.matches('/').count();
        let mut sums: BTreeMap<Vec<String>, UsageRecord> = BTreeMap::new();
        sums.insert(Vec::new(), usage(top.path()));
        let own = if top.entry.is_folder() { Vec::new() } else { vec![top.clone()] };
        let below = arguments.filters.keep(&top, remote::below(drive, &top).await?)?;
        for found in below.into_iter().chain(own) {
            count(&mut sums, &top, &found, deep, arguments.depth);
        }
        for record in sums.into_values() {
            let line = format!("{:>9}  {:>7} files  {}", size(record.size), record.files, escaped(&record.path));
            context.output.record(&Record::Usage(record), || line)?;
        }
    }
    Ok(())
}

fn usage(path: String) -> UsageRecord {
    UsageRecord { path, size: 0, files: 0, folders: 0 }
}

/// Counts an entry in each folder above it that is told.
fn count(sums: &mut BTreeMap<Vec<String>, UsageRecord>, top: &Found, found: &Found, deep: usize, most: usize) {
    let names: Vec<String> = found.place.path.split('/').skip(deep + 1).map(str::to_owned).collect();
    let is_folder = found.entry.is_folder();
    // A folder is told itself; a file counts in those above it.
    let above = if is_folder { names.len() } else { names.len().saturating_sub(1) };
    for level in 0..=above.min(most) {
        let folder = names.get(..level).unwrap_or_default();
        let place = folder.iter().fold(top.place.clone(), |place, name| place.join(name));
        let sum = sums.entry(folder.to_vec()).or_insert_with(|| usage(place.text()));
        if !is_folder {
            sum.size += found.entry.size;
            sum.files += 1;
        } else if level < names.len() {
            sum.folders += 1;
        }
    }
}
