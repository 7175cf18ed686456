//! Names that can be those of files on this machine.

use std::ffi::OsStr;
use std::path::{Component, Path};

use crate::Error;

/// Names that Windows keeps for devices, with any extension.
const DEVICES: [&str; 6] = ["CON", "PRN", "AUX", "NUL", "CONIN$", "CONOUT$"];

/// Checks a name that came from elsewhere, such as that of an entry of the drive: whether it can be that of one file in a
/// folder of this machine.
///
/// # Errors
///
/// [`Error::LocalName`] if it leads elsewhere, or cannot be stored under that name.
pub fn check(name: &str) -> Result<&OsStr, Error> {
    let refuse = |reason| Err(Error::LocalName { name: name.to_owned(), reason });
    if name.is_empty() {
        return refuse("it is empty");
    }
    if name == "." || name == ".." {
        return refuse("it leads to another folder");
    }
    // On every platform, so that a tree means the same on all of them.
    if name.contains(['/', '\\']) {
        return refuse("it has a slash or backslash, which separates folders");
    }
    if name.contains('\0') {
        return refuse("it has a NUL");
    }
    if name.len() > 255 {
        return refuse("it is longer than 255 bytes");
    }
    if cfg!(windows)
        && let Some(reason) = refused_by_windows(name)
    {
        return refuse(reason);
    }
    let name_here = OsStr::new(name);
    if is_plain(name_here) { Ok(name_here) } else { refuse("it is no plain name") }
}

/// Whether it names something in a folder, and nothing elsewhere.
pub(super) fn is_plain(name: &OsStr) -> bool {
    let mut components = Path::new(name).components();
    matches!((components.next(), components.next()), (Some(Component::Normal(only)), None) if only == name)
}

/// Why Windows would store it elsewhere or not at all.
fn refused_by_windows(name: &str) -> Option<&'static str> {
    if name.contains(|character: char| character < ' ' || "<>:\"|?*".contains(character)) {
        return Some("it has a character that Windows does not take");
    }
    if name.ends_with(['.', ' ']) {
        return Some("Windows cuts the dots and blanks at its end");
    }
    let stem = name.split('.').next().unwrap_or(name).trim_end().to_ascii_uppercase();
    let is_port = |stem: &str| {
        let number = stem.strip_prefix("COM").or_else(|| stem.strip_prefix("LPT"));
        number.is_some_and(|number| number.chars().count() == 1 && number.contains(|n| "0123456789¹²³".contains(n)))
    };
    (DEVICES.contains(&stem.as_str()) || is_port(&stem)).then_some("Windows keeps it for a device")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_that_lead_elsewhere_are_refused() {
        for name in ["", ".", "..", "../a", "/etc/passwd", "a/b", "a\\b", "C:\\a", "a\0b", "a/", &"x".repeat(256)] {
            assert!(check(name).is_err(), "{name:?}");
        }
        for name in ["a", "...", "..a", " ", "a b.txt", "报告.pdf", "-rf", "~"] {
            assert!(check(name).is_ok(), "{name:?}");
        }
    }

    #[test]
    fn devices_of_windows_are_known_with_any_extension() {
        for name in ["con", "CON.txt", "nul .tar.gz", "COM1", "lpt9.x", "COM¹", "a:b", "a.", "a ", "a\u{1}", "CONIN$"]
        {
            assert!(refused_by_windows(name).is_some(), "{name:?}");
        }
        for name in ["console", "COM", "COM10", "a.con", "LPTX"] {
            assert_eq!(refused_by_windows(name), None, "{name:?}");
        }
    }
}
