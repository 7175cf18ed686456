//! What a start takes: addresses, and what there is to begin with.

use std::io;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};
use std::path::Path;

use http::uri::Authority;
use tokio::net::TcpListener;

use crate::error::Error;
use crate::options::Options;
use crate::persist::{self, Disk};
use crate::planting;
use crate::shared::Shared;
use crate::state::World;
use crate::storage::Blobs;

/// What stands in URLs before the port.
pub struct Hosts(Option<String>);

impl Hosts {
    pub fn of(options: &Options) -> Result<Self, Error> {
        let Some(host) = &options.public_host else { return Ok(Self(None)) };
        let host = if host.parse::<Ipv6Addr>().is_ok() { format!("[{host}]") } else { host.clone() };
        match host.parse::<Authority>() {
            Ok(authority) if authority.host() == host => Ok(Self(Some(host))),
            _ => Err(Error::PublicHost(host)),
        }
    }

    pub fn url(&self, mut address: SocketAddr) -> String {
        if let Self(Some(host)) = self {
            return format!("http://{host}:{}", address.port());
        }
        match address.ip() {
            IpAddr::V4(ip) if ip.is_unspecified() => address.set_ip(Ipv4Addr::LOCALHOST.into()),
            IpAddr::V6(ip) if ip.is_unspecified() => address.set_ip(Ipv6Addr::LOCALHOST.into()),
            _ => {}
        }
        format!("http://{address}")
    }
}

pub async fn bind(address: SocketAddr) -> Result<TcpListener, Error> {
    TcpListener::bind(address).await.map_err(|error| Error::Listen(address.to_string(), error))
}

/// Takes up what a folder holds, or begins with what an emulator begins with; tells which of the two it was.
pub fn open(options: Options) -> Result<(Shared, bool), Error> {
    let mut world = World::new(options.seed.unwrap_or_else(|| fastrand::u64(..)), options.clock());
    let Some(folder) = options.folder.clone() else {
        planting::seed(&mut world, &options);
        let shared = Shared::new(options, world, Blobs::memory(), None);
        return Ok((shared.map_err(|error| Error::Process("start a thread", error))?, false));
    };
    open_folder(&folder, world, options).map_err(|error| Error::Folder(folder, error))
}

fn open_folder(folder: &Path, mut world: World, options: Options) -> io::Result<(Shared, bool)> {
    persist::check_folder(folder)?;
    let blobs = Blobs::folder(&folder.join("blobs"))?;
    let (disk, found) = Disk::open(&folder.join(persist::STATE), &mut world)?;
    if !found {
        planting::seed(&mut world, &options);
    }
    // What was written but not yet noted in the state when the process ended belongs to nothing.
    let used = world.used_blobs();
    blobs.keep_only(&|id| used.contains_key(id))?;
    Ok((Shared::new(options, world, blobs, Some(disk))?, found))
}
