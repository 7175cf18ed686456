//! Where what must survive the process is kept.

use std::ffi::OsString;
use std::path::{Path, PathBuf};

/// Name of the folder in the user's folder for state.
const NAME: &str = "dingtalk-storage";

/// The user's own folder for state; none for users who have no home.
pub(crate) fn default_state_dir() -> Option<PathBuf> {
    located(|name| std::env::var_os(name), std::env::home_dir().as_deref())
}

/// Never a shared temporary folder: others could read it, or put something there first.
fn located(variable: impl Fn(&str) -> Option<OsString>, home: Option<&Path>) -> Option<PathBuf> {
    // The standard has relative paths ignored.
    let absolute = |name| variable(name).map(PathBuf::from).filter(|path| path.is_absolute());
    let platform = || {
        let home = home.filter(|home| home.is_absolute());
        if cfg!(windows) {
            absolute("LOCALAPPDATA")
        } else if cfg!(target_os = "macos") {
            Some(home?.join("Library/Application Support"))
        } else {
            Some(home?.join(".local/state"))
        }
    };
    absolute("XDG_STATE_HOME").or_else(platform).map(|folder| folder.join(NAME))
}

#[cfg(all(test, target_os = "linux"))]
mod tests {
    use super::*;

    #[test]
    fn state_is_where_xdg_says_or_in_the_home_and_nowhere_without_either() {
        let with = |xdg: Option<&'static str>, home: Option<&str>| {
            located(|name| xdg.filter(|_| name == "XDG_STATE_HOME").map(OsString::from), home.map(Path::new))
        };
        let path = |path: &str| Some(PathBuf::from(path));
        assert_eq!(with(Some("/state"), Some("/home/ada")), path("/state/dingtalk-storage"));
        for ignored in [None, Some(""), Some("relative")] {
            assert_eq!(with(ignored, Some("/home/ada")), path("/home/ada/.local/state/dingtalk-storage"));
            assert_eq!(with(ignored, None), None);
            assert_eq!(with(ignored, Some("")), None);
        }
    }
}
