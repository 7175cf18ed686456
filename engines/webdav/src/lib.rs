//! A folder of DingTalk Storage as a WebDAV server: for desktops, `rclone`, `davfs2`, `cadaver`.
//!
//! ```no_run
//! use dingtalk_storage::types::SpaceId;
//! use dingtalk_storage_transfer::Drive;
//! use dingtalk_storage_webdav::{Login, WebDav};
//!
//! # async fn example() -> Result<(), Box<dyn std::error::Error>> {
//! let drive = Drive::new(&dingtalk_storage::Client::from_env()?.operator_from_env()?);
//! let login = Login::random("ada")?;
//! let server = WebDav::new(&drive, &SpaceId::new("2256226585")).folder("/Reports").calls_per_hour(Some(500));
//! let server = server.bind(([127, 0, 0, 1], 8080).into(), login).await?;
//! println!("http://{}", server.address());
//! server.run(std::future::pending()).await;
//! # Ok(()) }
//! ```
//!
//! It stands on [`Drive`](dingtalk_storage_transfer::Drive): paths from its index, files committed once, bytes held
//! against the storage's checksum, and no retries of its own. The protocol is that of the crate `dav-server`.

mod asked;
mod body;
mod budget;
mod conditions;
mod failure;
mod filesystem;
mod locks;
mod login;
mod place;
mod range;
mod server;
mod service;

use std::net::SocketAddr;

pub use login::Login;
pub use server::{Server, WebDav};

/// Why a server does not begin.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// The folder is not there, or cannot be read.
    #[error("{path:?} cannot be served: {source}")]
    Folder {
        /// Its path in the space.
        path: String,
        /// Why not.
        source: dingtalk_storage_transfer::Error,
    },
    /// The address cannot be listened on.
    #[error("cannot listen on {address}: {source}")]
    Listen {
        /// The address.
        address: SocketAddr,
        /// Why not.
        source: std::io::Error,
    },
}
