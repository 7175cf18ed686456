//! Paths of this machine in journals: text where they are Unicode, else their bytes.

use std::ffi::OsString;
use std::path::PathBuf;

use serde::{Deserialize, Serialize};

/// A path as it is.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(untagged)]
pub(crate) enum ExactPath {
    Text(String),
    Bytes(Vec<u8>),
}

impl From<PathBuf> for ExactPath {
    fn from(path: PathBuf) -> Self {
        match path.into_os_string().into_string() {
            Ok(text) => Self::Text(text),
            Err(other) => Self::Bytes(bytes(other)),
        }
    }
}

impl From<ExactPath> for PathBuf {
    fn from(path: ExactPath) -> Self {
        match path {
            ExactPath::Text(text) => text.into(),
            ExactPath::Bytes(bytes) => path_of(bytes),
        }
    }
}

#[cfg(unix)]
fn bytes(path: OsString) -> Vec<u8> {
    std::os::unix::ffi::OsStringExt::into_vec(path)
}

#[cfg(unix)]
fn path_of(bytes: Vec<u8>) -> PathBuf {
    <OsString as std::os::unix::ffi::OsStringExt>::from_vec(bytes).into()
}

/// Who has such a path gives it once more.
#[cfg(not(unix))]
fn bytes(path: OsString) -> Vec<u8> {
    path.to_string_lossy().into_owned().into_bytes()
}

#[cfg(not(unix))]
fn path_of(bytes: Vec<u8>) -> PathBuf {
    String::from_utf8_lossy(&bytes).into_owned().into()
}

#[cfg(all(test, unix))]
#[allow(clippy::unwrap_used, reason = "tests fail by panicking")]
mod tests {
    use super::*;

    #[test]
    fn every_path_comes_back_as_it_was() {
        for path in [b"/a/b c".as_slice(), b"/\xff/\xc3\xa9", b""] {
            let path = path_of(path.to_vec());
            let json = serde_json::to_string(&ExactPath::from(path.clone())).unwrap();
            assert_eq!(PathBuf::from(serde_json::from_str::<ExactPath>(&json).unwrap()), path, "{json}");
        }
    }
}
