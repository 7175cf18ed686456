//! Addresses of servers.

use std::fmt;

use reqwest::Url;

use crate::Error;

/// Scheme, host and port of a server: `https`, or `http` to a literal loopback address.
#[derive(Clone, PartialEq, Eq)]
pub(crate) struct Origin {
    text: String,
    url: Url,
    host: String,
    port: u16,
    is_https: bool,
}

impl Origin {
    /// Reads an address. What could carry the token to the wrong place is refused.
    pub(crate) fn new(address: &str) -> Result<Self, Error> {
        // The address may hold a password, so no message shows it.
        let refuse = |why: &str| Error::configuration(format!("the address of the server {why}"));
        let url = Url::parse(address).map_err(|_| refuse("is not a URL"))?;
        if !url.username().is_empty() || url.password().is_some() {
            return Err(refuse("holds a user name or password"));
        }
        if url.path() != "/" || url.query().is_some() || url.fragment().is_some() {
            return Err(refuse("holds more than scheme, host and port"));
        }
        let (Some(host), Some(port)) = (url.host_str(), url.port_or_known_default()) else {
            return Err(refuse("names no host"));
        };
        let is_https = url.scheme() == "https";
        let is_local = url.scheme() == "http" && is_loopback(&url);
        if !is_https && !is_local {
            return Err(refuse("is not https; plain http goes only to a loopback address such as 127.0.0.1"));
        }
        let text = url.as_str().trim_end_matches('/').to_owned();
        let host = host.to_owned();
        Ok(Self { text, url, host, port, is_https })
    }

    /// The address without a slash at its end.
    pub(crate) fn as_str(&self) -> &str {
        &self.text
    }

    /// The URL of a path with its query. It is none where that would lead to another server.
    pub(crate) fn url(&self, path: &str) -> Option<Url> {
        // The server has been understood already, which is half of the work.
        let url = Url::options().base_url(Some(&self.url)).parse(path).ok()?;
        (path.starts_with('/') && url.as_str().starts_with(self.url.as_str())).then_some(url)
    }

    pub(crate) fn host(&self) -> &str {
        &self.host
    }

    pub(crate) fn port(&self) -> u16 {
        self.port
    }

    pub(crate) fn is_https(&self) -> bool {
        self.is_https
    }
}

/// Only a literal address is surely this machine: a name may resolve to anything.
fn is_loopback(url: &Url) -> bool {
    let host = url.host_str().unwrap_or_default().trim_start_matches('[').trim_end_matches(']');
    host.parse::<std::net::IpAddr>().is_ok_and(|address| address.is_loopback())
}

impl fmt::Debug for Origin {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(&self.text, formatter)
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "tests fail by panicking")]
    use super::*;

    #[test]
    fn no_path_leads_to_another_server() {
        let origin = Origin::new("https://api.dingtalk.io").unwrap();
        assert_eq!(origin.url("/v1.0/a?b=c").unwrap().as_str(), "https://api.dingtalk.io/v1.0/a?b=c");
        for path in [
            "",
            "v1.0",
            "//evil.example/v1.0",
            "/\\evil.example",
            "\\\\evil.example",
            "/\t/evil.example",
            "https:a",
            ".evil.example",
            "@evil.example",
            ":81/v1.0",
            "http://api.dingtalk.io/v1.0",
            "https://evil.example",
            "file:///v1.0",
            "?b",
            "#b",
        ] {
            assert_eq!(origin.url(path), None, "{path}");
        }
    }

    #[test]
    fn https_goes_anywhere_and_http_to_literal_loopback_only() {
        for address in [
            "https://api.dingtalk.io",
            "https://api.dingtalk.com/",
            "https://10.0.0.1:8443",
            "http://127.0.0.1:1234",
            "http://[::1]:80",
            "HTTPS://API.example",
        ] {
            assert!(Origin::new(address).is_ok(), "{address}");
        }
        let refused = [
            "http://api.dingtalk.io",
            "http://localhost:80",
            "http://127.0.0.1.evil.example",
            "http://localhost@evil.example",
            "http://127.0.0.1@evil.example",
            "https://user:secret@api.dingtalk.io",
            "https://api.dingtalk.io/v1.0",
            "https://api.dingtalk.io?x=1",
            "https://api.dingtalk.io/#x",
            "ftp://127.0.0.1",
            "file:///etc",
            "api.dingtalk.io",
            "",
            "http://[::1]%2eevil.example",
            "http://10.0.0.1",
            "http://[::ffff:10.0.0.1]",
            "http://0.0.0.0",
        ];
        for address in refused {
            let error = Origin::new(address).unwrap_err();
            assert!(!error.to_string().contains("secret"), "{error}");
        }
    }
}
