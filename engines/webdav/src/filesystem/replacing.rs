//! In place of what is there: what has the name stays until the other has it.

use std::future::Future;

use dingtalk_storage_transfer::{Drive, Entry, Error};

/// Letters of a name that are kept where it is put aside; with all that follows, no name of the drive is longer.
const KEPT: usize = 50;

/// Puts something where something else is. That goes aside under a name that tells what it was, and is removed when the new
/// one is in its place; where that fails, it gets its name back.
pub(super) async fn replace<T>(
    drive: Drive,
    there: Option<Entry>,
    for_good: bool,
    place: impl Future<Output = Result<T, Error>>,
) -> Result<T, Error> {
    let Some(there) = there else { return place.await };
    let kept: String = there.name.chars().take(KEPT).collect();
    let aside = drive.rename(&there, &format!("{kept}.replaced-{}", there.id)).await?;
    match place.await {
        Ok(placed) => {
            let removal = drive.remove(&aside);
            let removal = if for_good { removal.for_good() } else { removal };
            removal.send().await.inspect_err(|error| {
                tracing::warn!(name = ?aside.name, "what was replaced is there under this name: {error}");
            })?;
            Ok(placed)
        }
        Err(error) => {
            if let Err(lost) = drive.rename(&aside, &there.name).await {
                tracing::warn!(name = ?aside.name, "what was to be replaced has this name now: {lost}");
            }
            Err(error)
        }
    }
}
