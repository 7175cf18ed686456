//! Stops calling a server that has banned this address.

use std::time::Duration;

use tokio::time::Instant;

use crate::error::Phase;
use crate::sync::{Mutex, lock};
use crate::{Error, ErrorKind};

/// While a ban lasts, one call so often may look whether it is over.
const PROBE_EVERY: Duration = Duration::from_secs(60);

/// Open while a ban lasts.
#[derive(Debug, Default)]
pub(crate) struct Breaker(Mutex<Option<Ban>>);

#[derive(Debug, Clone, Copy)]
struct Ban {
    ends: Instant,
    next_probe: Instant,
}

impl Breaker {
    /// Lets a call through, or says how long the ban still lasts.
    pub(crate) fn check(&self) -> Result<(), Error> {
        let mut ban = lock(&self.0);
        if ban.is_none() {
            return Ok(());
        }
        let now = Instant::now();
        match &mut *ban {
            None => {}
            Some(over) if now >= over.ends => *ban = None,
            Some(probing) if now >= probing.next_probe => probing.next_probe = now + PROBE_EVERY,
            Some(lasting) => return Err(banned(lasting.ends - now)),
        }
        Ok(())
    }

    /// The server said that the address is banned.
    pub(crate) fn open(&self, wait: Duration) {
        let now = Instant::now();
        *lock(&self.0) = Some(Ban { ends: now + wait, next_probe: now + PROBE_EVERY });
    }

    /// The API itself answered a call, were it with a refusal.
    pub(crate) fn close(&self) {
        *lock(&self.0) = None;
    }
}

fn banned(left: Duration) -> Error {
    Error::new(ErrorKind::Banned, Phase::NotSent, "an earlier answer said so").with(|facts| {
        facts.is_transient = true;
        facts.retry_after = Some(left);
    })
}
