//! HTTP clients as this crate wants them: certificates checked, redirects not followed, nothing sent twice.

use std::sync::Arc;
use std::time::Duration;

use crate::Error;

/// Idle connections are closed by this side first: a request that races with the server's own close would
/// have an unknown outcome.
const IDLE: Duration = Duration::from_secs(15);

/// A builder with the TLS settings of this crate: the platform's certificates, cryptography by `ring`.
///
/// A start for HTTP clients beside the API's, such as those of transfers.
pub fn builder() -> Result<reqwest::ClientBuilder, Error> {
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let verifier = rustls_platform_verifier::Verifier::new(Arc::clone(&provider))
        .map_err(|error| Error::configuration(format!("the platform's certificates cannot be used: {error}")))?;
    let tls = rustls::ClientConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .map_err(|error| Error::configuration(format!("TLS cannot be set up: {error}")))?
        // The name is rustls's: a verifier that is not its own, here the platform's.
        .dangerous()
        .with_custom_certificate_verifier(Arc::new(verifier))
        .with_no_client_auth();
    Ok(reqwest::Client::builder().tls_backend_preconfigured(tls))
}

/// A builder for a server on this machine, which speaks plain HTTP. TLS is set up to trust nobody, which
/// saves reading the platform's certificates.
pub(crate) fn plain_builder() -> Result<reqwest::ClientBuilder, Error> {
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let tls = rustls::ClientConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .map_err(|error| Error::configuration(format!("TLS cannot be set up: {error}")))?
        .with_root_certificates(rustls::RootCertStore::empty())
        .with_no_client_auth();
    Ok(reqwest::Client::builder().tls_backend_preconfigured(tls).no_proxy())
}

/// Lays this crate's rules over a builder, whatever it was set to before.
pub(crate) fn finish(
    builder: reqwest::ClientBuilder,
    is_https: bool,
    connect_timeout: Duration,
) -> Result<reqwest::Client, Error> {
    builder
        // reqwest takes only the headers that it knows from a redirected request, not our token.
        .redirect(reqwest::redirect::Policy::none())
        .retry(reqwest::retry::never())
        .referer(false)
        .tls_danger_accept_invalid_certs(false)
        .tls_danger_accept_invalid_hostnames(false)
        .https_only(is_https)
        .connect_timeout(connect_timeout)
        .pool_idle_timeout(IDLE)
        .tcp_nodelay(true)
        .build()
        .map_err(|error| Error::configuration(format!("the HTTP client cannot be built: {error}")))
}
