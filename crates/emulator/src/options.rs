//! How an emulator is started.

use std::net::{IpAddr, Ipv4Addr};
use std::path::PathBuf;

use crate::clock::Clock;
use crate::limits::Limits;
use crate::planting::Plan;

/// How an emulator is started. `Options::default()` is what [`crate::Emulator::start`] takes: loopback, free ports, in
/// memory, the machine's clock, no limits, strict about parameters.
#[derive(Debug, Clone)]
#[allow(clippy::struct_excessive_bools, reason = "each is a switch of its own")]
pub struct Options {
    /// Address to listen on. Any but loopback is refused unless `allow_other_hosts` is set.
    pub address: IpAddr,
    /// Port of the API; 0 takes a free one.
    pub port: u16,
    /// Port of the object storage; 0 takes a free one.
    pub storage_port: u16,
    /// Whether other machines may reach it. It knows no transport security, and its admin API no credentials.
    pub allow_other_hosts: bool,
    /// Origins of web pages that may call the API and the object storage, such as `http://localhost:5173`, or `*`.
    pub cors: Vec<String>,
    /// Whether news may go to subscribers on other machines of a private network, such as other containers. Without this,
    /// it stays on this machine.
    pub allow_private_subscribers: bool,
    /// Name or address under which others reach it, for the URLs that it announces and signs. Without it, they have the
    /// address that it listens on, or loopback when that is every address of the machine.
    pub public_host: Option<String>,
    /// Seed of ids and secrets; without one, each emulator has its own.
    pub seed: Option<u64>,
    /// Whether the clock stands still until it is moved, at 2026-01-01 to begin with.
    pub virtual_clock: bool,
    /// Which limits hold.
    pub limits: Limits,
    /// Seconds that a new access token lives.
    pub token_seconds: i64,
    /// Permissions of the seeded apps; without a list, all.
    pub scopes: Option<Vec<String>>,
    /// Whether parameters that the spec does not know are ignored instead of refused.
    pub loose: bool,
    /// Whether each answer is checked against the spec before it leaves.
    pub check_answers: bool,
    /// Whether each refusal is checked against the spec as well. For tests of the emulator: a refusal that no page
    /// mentions is better for everybody else than none.
    pub check_refusals: bool,
    /// Bytes up to which the entity tag of an object is its MD5, as the storage's is; above, MD5 would be what an
    /// upload waits for, and the tag is made of size and CRC.
    pub md5_up_to: u64,
    /// Folder for state and bytes; without one, both are in memory.
    pub folder: Option<PathBuf>,
    /// Dump to begin with instead; not with a plan.
    pub load: Option<PathBuf>,
    /// What is there to begin with, besides an organization with three people and two apps.
    pub plan: Option<Plan>,
}

impl Options {
    /// The clock as it is to begin with.
    pub(crate) fn clock(&self) -> Clock {
        if self.virtual_clock { Clock::standing() } else { Clock::real() }
    }
}

impl Default for Options {
    fn default() -> Self {
        Self {
            address: IpAddr::V4(Ipv4Addr::LOCALHOST),
            port: 0,
            storage_port: 0,
            allow_other_hosts: false,
            cors: Vec::new(),
            allow_private_subscribers: false,
            public_host: None,
            seed: None,
            virtual_clock: false,
            limits: Limits::off(),
            token_seconds: 7200,
            scopes: None,
            loose: false,
            check_answers: true,
            check_refusals: false,
            md5_up_to: 16 << 20,
            folder: None,
            load: None,
            plan: None,
        }
    }
}
