//! HTTP clients as this crate wants them: certificates checked, redirects not followed, nothing sent twice.

use std::sync::Arc;
use std::time::Duration;

use rustls::crypto::{CryptoProvider, ring};

use crate::Error;

/// Idle connections are closed by this side first: a request that races with the server's own close would
/// have an unknown outcome.
const IDLE: Duration = Duration::from_secs(15);

/// What servers are told about the client, unless the user says something else.
const USER_AGENT: &str = concat!("dingtalk-storage-rust/", env!("CARGO_PKG_VERSION"));

/// What the user changes about the HTTP client.
pub(crate) type Adjust = Box<dyn Fn(reqwest::ClientBuilder) -> reqwest::ClientBuilder + Send + Sync>;

/// A builder with the TLS settings of this crate: the platform's certificates, cryptography by `ring`.
///
/// A start for HTTP clients beside the API's, such as those of transfers.
pub fn builder() -> Result<reqwest::ClientBuilder, Error> {
    Ok(named().tls_backend_preconfigured(platform_tls()?))
}

/// A builder that tells servers who calls.
fn named() -> reqwest::ClientBuilder {
    reqwest::Client::builder().user_agent(USER_AGENT)
}

fn platform_tls() -> Result<rustls::ClientConfig, Error> {
    let provider = Arc::new(ring::default_provider());
    let verifier = rustls_platform_verifier::Verifier::new(Arc::clone(&provider))
        .map_err(|error| Error::configuration(format!("the platform's certificates cannot be used: {error}")))?;
    let tls = rustls::ClientConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .map_err(|error| Error::configuration(format!("TLS cannot be set up: {error}")))?
        // The name is rustls's: a verifier that is not its own, here the platform's.
        .dangerous()
        .with_custom_certificate_verifier(Arc::new(verifier))
        .with_no_client_auth();
    Ok(tls)
}

/// TLS that trusts nobody, for clients that speak none. It saves reading the platform's certificates.
fn no_tls() -> Result<rustls::ClientConfig, Error> {
    let tls = rustls::ClientConfig::builder_with_provider(Arc::new(ring::default_provider()))
        .with_safe_default_protocol_versions()
        .map_err(|error| Error::configuration(format!("TLS cannot be set up: {error}")))?
        .with_root_certificates(rustls::RootCertStore::empty())
        .with_no_client_auth();
    Ok(tls)
}

/// How the HTTP clients of a client are made, as often as they are needed.
///
/// Servers over `https` and servers over plain `http` have clients of their own. So no setting for the one can lead
/// the other astray: over plain HTTP a proxy would read the access token.
pub(crate) struct Recipe {
    adjust: Option<Adjust>,
    connect_timeout: Duration,
    /// For servers over `https`, if there are any.
    tls: Option<rustls::ClientConfig>,
    /// Whether there is a server over plain HTTP.
    is_plain: bool,
}

impl Recipe {
    pub(crate) fn new(
        adjust: Option<Adjust>,
        connect_timeout: Duration,
        is_https: bool,
        is_plain: bool,
    ) -> Result<Self, Error> {
        let tls = if is_https { Some(platform_tls()?) } else { None };
        Ok(Self { adjust, connect_timeout, tls, is_plain })
    }

    /// The client for `https` and that for plain `http`, as far as there are servers for them.
    pub(crate) fn clients(&self) -> Result<(Option<reqwest::Client>, Option<reqwest::Client>), Error> {
        let https = self.tls.as_ref().map(|tls| self.https(tls.clone())).transpose()?;
        let plain = self.is_plain.then(|| self.plain()).transpose()?;
        Ok((https, plain))
    }

    fn https(&self, tls: rustls::ClientConfig) -> Result<reqwest::Client, Error> {
        let builder = self.adjusted(named().tls_backend_preconfigured(tls).referer(false));
        if is_new(&builder) && CryptoProvider::get_default().is_none() {
            // reqwest takes the provider of the process for such a builder and panics when there is none. An error
            // says that the program has installed one meanwhile.
            let _ = ring::default_provider().install_default();
        }
        build(ruled(builder, self.connect_timeout).https_only(true))
    }

    fn plain(&self) -> Result<reqwest::Client, Error> {
        let builder = self.adjusted(named());
        build(ruled(builder, self.connect_timeout).tls_backend_preconfigured(no_tls()?).no_proxy())
    }

    fn adjusted(&self, builder: reqwest::ClientBuilder) -> reqwest::ClientBuilder {
        match &self.adjust {
            Some(adjust) => adjust(builder),
            None => builder,
        }
    }
}

/// Whether the user has put a builder of his own in the place of ours, which is told by a switch that nobody else
/// turns: there is no other way to look into a builder.
fn is_new(builder: &reqwest::ClientBuilder) -> bool {
    format!("{builder:?}").contains("referer: true")
}

/// Lays this crate's rules over a builder, whatever it was set to before.
fn ruled(builder: reqwest::ClientBuilder, connect_timeout: Duration) -> reqwest::ClientBuilder {
    builder
        // reqwest takes only the headers that it knows from a redirected request, not our token.
        .redirect(reqwest::redirect::Policy::none())
        // With HTTP/2, which any crate of a program can turn on for all, a connection that has died silently would be
        // taken again by every retry, all calls would wait behind the streams of one, and no WebSocket could be opened.
        .http1_only()
        .retry(reqwest::retry::never())
        .referer(false)
        // It would write all that goes over a connection into the log, the token too.
        .connection_verbose(false)
        .tls_danger_accept_invalid_certs(false)
        .tls_danger_accept_invalid_hostnames(false)
        .connect_timeout(connect_timeout)
        .pool_idle_timeout(IDLE)
        .tcp_nodelay(true)
}

fn build(builder: reqwest::ClientBuilder) -> Result<reqwest::Client, Error> {
    builder.build().map_err(|error| Error::configuration(format!("the HTTP client cannot be built: {error}")))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn calls_speak_http_1_whatever_the_builder_was_set_to() {
        let shown = format!("{:?}", ruled(reqwest::Client::builder(), Duration::from_secs(1)));
        assert!(shown.contains("http1_only: true"), "{shown}");
    }

    #[test]
    fn a_new_builder_is_told_from_an_adjusted_one() {
        assert!(is_new(&reqwest::Client::builder().user_agent("test")));
        let ours = reqwest::Client::builder().referer(false).user_agent("test").pool_max_idle_per_host(1);
        assert!(!is_new(&ours));
    }
}
