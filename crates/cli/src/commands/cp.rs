//! `cp`: files and folders copied within the drive, or to and from this machine.

use clap::Args;

use super::mv::{Kind, Places, place_all};
use crate::{Context, Failure};

/// Copy files, with -r also folders, within the drive; their bytes do not pass through here
///
/// A target that is a folder, or ends with a slash, receives them under their names; any other is the name of the copy.
/// `put` and `get` copy from and to this machine.
#[derive(Debug, Args)]
pub struct Cp {
    #[command(flatten)]
    places: Places,
    /// Folders, too, with all that is in them; the server copies them
    #[arg(short, long)]
    recursive: bool,
}

pub async fn run(arguments: Cp, context: &Context) -> Result<(), Failure> {
    place_all(arguments.places, Kind::Copy { is_recursive: arguments.recursive }, context).await
}
