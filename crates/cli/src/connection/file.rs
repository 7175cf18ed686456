//! Files of the user's own: settings, secrets and tokens.

use std::fs::{DirBuilder, File};
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use crate::Failure;

const NAME: &str = "dingtalk-storage";

/// The folder for settings; none for users who have no home.
pub fn config_dir() -> Option<PathBuf> {
    located("XDG_CONFIG_HOME", "APPDATA", ".config")
}

/// The folder for what can be lost.
pub fn state_dir() -> Option<PathBuf> {
    located("XDG_STATE_HOME", "LOCALAPPDATA", ".local/state")
}

fn located(xdg: &str, windows: &str, home: &str) -> Option<PathBuf> {
    // The standard has relative paths ignored.
    let absolute = |name| std::env::var_os(name).map(PathBuf::from).filter(|path| path.is_absolute());
    let platform = || {
        let own = std::env::home_dir().filter(|home| home.is_absolute());
        if cfg!(windows) {
            absolute(windows)
        } else if cfg!(target_os = "macos") {
            Some(own?.join("Library/Application Support"))
        } else {
            Some(own?.join(home))
        }
    };
    absolute(xdg).or_else(platform).map(|folder| folder.join(NAME))
}

/// The text of a file that need not be there.
pub fn read_if_there(path: &Path) -> Result<Option<String>, Failure> {
    match std::fs::read_to_string(path) {
        Ok(text) => Ok(Some(text)),
        Err(error) if matches!(error.kind(), io::ErrorKind::NotFound | io::ErrorKind::NotADirectory) => Ok(None),
        Err(error) => Err(Failure::local(format!("cannot read {}", path.display()), &error)),
    }
}

/// Writes a file that only its user can read, whole or not at all.
pub fn write_private(path: &Path, text: &str) -> Result<(), Failure> {
    let written = || -> io::Result<()> {
        let folder = path.parent().unwrap_or(Path::new("."));
        make_private_folder(folder)?;
        // It is made for its user alone.
        let mut file = tempfile::Builder::new().prefix(".").tempfile_in(folder)?;
        file.write_all(text.as_bytes())?;
        file.as_file().sync_all()?;
        file.persist(path).map_err(|error| error.error)?;
        Ok(())
    };
    written().map_err(|error| Failure::local(format!("cannot write {}", path.display()), &error))
}

/// Opens a file that only its user can read, to lock it.
pub fn private_file(path: &Path) -> io::Result<File> {
    make_private_folder(path.parent().unwrap_or(Path::new(".")))?;
    let mut options = File::options();
    options.read(true).write(true).create(true).truncate(false);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options.open(path)
}

fn make_private_folder(folder: &Path) -> io::Result<()> {
    let mut builder = DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.create(folder)
}
