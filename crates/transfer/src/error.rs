//! What can go wrong with a transfer, and what to do about it.

use std::io;
use std::path::PathBuf;

/// Why a transfer failed.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// A call failed; the text is the call's own.
    #[error(transparent)]
    Api(#[from] dingtalk_storage::Error),
    /// Something on this machine could not be read or written.
    #[error("cannot {action} {}: {source}", path.display())]
    Local {
        /// What was tried, for example `read`.
        action: &'static str,
        /// On what.
        path: PathBuf,
        /// Why it failed.
        source: io::Error,
    },
}
