//! Why an emulator does not start.

use std::io;
use std::net::IpAddr;
use std::path::PathBuf;

/// Why an emulator does not start, or what is wrong with what it was given.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// Other machines could reach it, and nobody has said that they may.
    #[error("{0} can be reached from other machines: allow that, or listen on loopback")]
    NotLoopback(IpAddr),
    /// What is to stand in URLs is no host.
    #[error("{0:?} is no name or address of a host")]
    PublicHost(String),
    /// What is to call from the web is no origin.
    #[error("{0:?} is no origin; it is *, or of the form http://localhost:5173 without a path")]
    Origin(String),
    /// A port cannot be listened on.
    #[error("cannot listen on {0}: {1}")]
    Listen(String, #[source] io::Error),
    /// The process cannot do what it has to.
    #[error("the process cannot {0}: {1}")]
    Process(&'static str, #[source] io::Error),
    /// Its line cannot be written where it is wanted.
    #[error("the line cannot be written to {}: {}", .0.display(), .1)]
    Announce(PathBuf, #[source] io::Error),
    /// No emulator answers.
    #[error("there is no emulator at {0}: {1}")]
    NotThere(String, String),
    /// Its folder cannot be used.
    #[error("the folder {} of the emulator cannot be used: {}", .0.display(), .1)]
    Folder(PathBuf, #[source] io::Error),
    /// A dump cannot be loaded.
    #[error("the dump {} cannot be loaded: {}", .0.display(), .1)]
    Dump(PathBuf, #[source] io::Error),
    /// A dump cannot be written.
    #[error("a dump cannot be written to {}: {}", .0.display(), .1)]
    DumpTo(PathBuf, #[source] io::Error),
    /// An app cannot have such a permission.
    #[error("{0}")]
    Scope(String),
    /// News cannot be delivered there.
    #[error("news cannot go to {0}: {1}")]
    NotASubscriber(String, String),
    /// What it is to begin with cannot be made.
    #[error("the plan cannot be carried out: {0}")]
    Plan(String),
}
