//! Files of transfers that nobody went on with.

use std::fs::File;
use std::io;
use std::path::{Path, PathBuf};
use std::time::{Duration, SystemTime};

use super::{EXTENSION, Found, blocking};

/// Older ones are removed: the storage has long given up their parts.
const KEPT: Duration = Duration::from_secs(24 * 14 * 3600);

/// Removes the files of a folder that were not written to for two weeks and are in nobody's use, and says which, before
/// it does. What cannot be removed stays.
pub(crate) async fn collect(folder: &Path, removing: fn(&Found)) {
    let folder = folder.to_owned();
    let _ = blocking(move || collect_now(&folder, SystemTime::now(), removing)).await;
}

pub(super) fn collect_now(folder: &Path, now: SystemTime, removing: fn(&Found)) -> io::Result<()> {
    for found in std::fs::read_dir(folder)?.flatten() {
        let path = found.path();
        if path.extension().is_some_and(|extension| extension == EXTENSION) {
            let _ = collect_one(path, now, removing);
        }
    }
    Ok(())
}

fn collect_one(path: PathBuf, now: SystemTime, removing: fn(&Found)) -> io::Result<()> {
    let file = File::open(&path)?;
    let age = now.duration_since(file.metadata()?.modified()?).unwrap_or_default();
    if age > KEPT && file.try_lock().is_ok() {
        removing(&Found::read(&path)?);
        std::fs::remove_file(path)?;
    }
    Ok(())
}
