//! Who gets news over HTTP, and in which form.

use std::net::{IpAddr, SocketAddr};
use std::time::Duration;

use serde::{Deserialize, Serialize};

use super::crypto::Crypto;
use crate::error::Error;

/// A subscriber to news: where it is, whether it gets news encrypted, and how often it is tried.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Subscriber {
    /// Where to: `http://127.0.0.1:4000/path`.
    pub url: String,
    /// How often a piece of news is sent at most, until it is accepted.
    #[serde(default = "Subscriber::usual_attempts")]
    pub attempts: u32,
    /// Milliseconds from a failure to the next attempt.
    #[serde(default = "Subscriber::usual_pause")]
    pub pause_millis: u64,
    /// What news is encrypted with; without it, news comes as it is.
    #[serde(default)]
    pub encryption: Option<Encryption>,
}

/// What is entered in the developer console, so that news comes encrypted.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Encryption {
    /// Token that signatures are made with: 3 to 32 letters and digits.
    pub token: String,
    /// Key of 43 letters and digits: the base64 of 32 bytes without its last sign.
    pub aes_key: String,
    /// Whom news is for, at the end of what is encrypted; the client id of the app that subscribed when left out.
    #[serde(default)]
    pub owner: Option<String>,
}

impl std::fmt::Debug for Encryption {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Encryption").field("owner", &self.owner).finish_non_exhaustive()
    }
}

impl Subscriber {
    /// News goes there as it is, each piece at most three times, with a second in between.
    pub fn new(url: impl Into<String>) -> Self {
        Self { url: url.into(), attempts: Self::usual_attempts(), pause_millis: Self::usual_pause(), encryption: None }
    }

    /// At most so many attempts, with a pause after each that fails.
    #[must_use]
    pub fn attempts(mut self, attempts: u32, pause: Duration) -> Self {
        self.attempts = attempts;
        self.pause_millis = u64::try_from(pause.as_millis()).unwrap_or(u64::MAX);
        self
    }

    /// News comes encrypted and signed.
    #[must_use]
    pub fn encrypted(mut self, token: impl Into<String>, aes_key: impl Into<String>) -> Self {
        self.encryption = Some(Encryption { token: token.into(), aes_key: aes_key.into(), owner: None });
        self
    }

    fn usual_attempts() -> u32 {
        3
    }

    fn usual_pause() -> u64 {
        1000
    }

    /// Reads what it says.
    ///
    /// # Errors
    ///
    /// What cannot work.
    pub(super) fn resolve(&self, private: bool) -> Result<Target, Error> {
        let refuse = |reason: String| Error::NotASubscriber(self.url.clone(), reason);
        if self.attempts == 0 {
            return Err(refuse("attempts is 1 or more".to_owned()));
        }
        let encryption = self.encryption.as_ref();
        let crypto = encryption.map(|encryption| Crypto::new(&encryption.token, &encryption.aes_key));
        let target = Target {
            place: Place::parse(&self.url).map_err(refuse)?,
            private,
            attempts: self.attempts,
            pause: Duration::from_millis(self.pause_millis),
            crypto: crypto.transpose().map_err(refuse)?,
            owner: encryption.and_then(|encryption| encryption.owner.clone()),
        };
        if let Ok(address) = target.place.host.parse() {
            target.check(address).map_err(refuse)?;
        }
        Ok(target)
    }
}

/// A subscriber as deliveries use it.
#[derive(Debug, Clone)]
pub(super) struct Target {
    pub place: Place,
    private: bool,
    pub attempts: u32,
    pub pause: Duration,
    pub crypto: Option<Crypto>,
    pub owner: Option<String>,
}

impl Target {
    /// Where the host is now. News tells what people do with files: it stays on this machine, or, where that was said in so
    /// many words, in a private network.
    pub async fn address(&self) -> std::io::Result<SocketAddr> {
        let mut found = tokio::net::lookup_host((self.place.host.as_str(), self.place.port)).await?;
        let address = found.next().ok_or_else(|| std::io::Error::other("the host has no address"))?;
        self.check(address.ip()).map_err(std::io::Error::other)?;
        Ok(address)
    }

    fn check(&self, address: IpAddr) -> Result<(), String> {
        if address.to_canonical().is_loopback() || (self.private && is_private(address)) {
            return Ok(());
        }
        Err(if is_private(address) {
            format!("{address} is another machine, to which news goes only where the emulator was told to let it out")
        } else {
            format!("{address} is in no private network, and news never leaves that")
        })
    }
}

/// Whether an address is one of a private network, such as that of containers.
fn is_private(address: IpAddr) -> bool {
    match address.to_canonical() {
        IpAddr::V4(address) => {
            let [first, second, ..] = address.octets();
            address.is_private() || address.is_link_local() || (first == 100 && (64..128).contains(&second))
        }
        IpAddr::V6(address) => address.is_unique_local() || address.is_unicast_link_local(),
    }
}

/// Host, port, and path with query of a URL.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Place {
    pub host: String,
    pub port: u16,
    pub path: String,
}

impl Place {
    fn parse(url: &str) -> Result<Self, String> {
        let form = || "it is no URL of the form http://127.0.0.1:4000/path".to_owned();
        let url: http::Uri = url.parse().map_err(|_| form())?;
        let host = url.host().filter(|host| !host.is_empty()).ok_or_else(form)?;
        if url.scheme_str() != Some("http") || url.authority().is_none_or(|authority| authority.as_str().contains('@'))
        {
            return Err(form());
        }
        let host = host.trim_start_matches('[').trim_end_matches(']').to_owned();
        let path = url.path_and_query().map_or("/", http::uri::PathAndQuery::as_str).to_owned();
        Ok(Self { host, port: url.port_u16().unwrap_or(80), path })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn news_stays_on_this_machine_or_in_a_private_network() {
        let of = |host: &str, private: bool| Subscriber::new(format!("http://{host}:4000/x")).resolve(private).is_ok();
        for host in ["127.0.0.1", "127.8.0.1", "[::1]", "[::ffff:127.0.0.1]", "localhost"] {
            assert!(of(host, false), "{host}");
        }
        for host in ["10.0.0.1", "172.17.0.2", "192.168.1.1", "169.254.1.1", "100.64.0.1", "[fd00::1]", "[fe80::1]"] {
            assert!(!of(host, false) && of(host, true), "{host}");
        }
        for host in ["192.0.2.1", "8.8.8.8", "100.128.0.1", "172.32.0.1", "[2001:db8::1]", "[::ffff:8.8.8.8]"] {
            assert!(!of(host, true), "{host}");
        }
        for url in ["https://127.0.0.1:4000/", "http://", "x", "file:///", "http://a@127.0.0.1/", "/path"] {
            assert!(Subscriber::new(url).resolve(true).is_err(), "{url}");
        }
        assert!(Subscriber::new("http://127.0.0.1/").attempts(0, Duration::ZERO).resolve(false).is_err());
        assert!(Subscriber::new("http://127.0.0.1/").encrypted("token", "short").resolve(false).is_err());
    }

    #[test]
    fn places_are_read() {
        let place = Place { host: "localhost".to_owned(), port: 4000, path: "/events?x=1".to_owned() };
        assert_eq!(Place::parse("http://localhost:4000/events?x=1"), Ok(place));
        let place = Place { host: "::1".to_owned(), port: 80, path: "/".to_owned() };
        assert_eq!(Place::parse("http://[::1]"), Ok(place));
    }
}
