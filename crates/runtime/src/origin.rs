//! Addresses of servers.

use std::fmt;

use reqwest::Url;

use crate::Error;

/// Scheme, host and port of a server, and perhaps a path that all its URLs begin with.
#[derive(Clone, PartialEq, Eq)]
pub(crate) struct Origin {
    /// Without a slash at its end.
    text: String,
    /// With one.
    url: Url,
    host: String,
    port: u16,
    is_https: bool,
}

impl Origin {
    /// Reads an address. What could carry the token to the wrong place is refused; `what` says which address it is.
    pub(crate) fn new(address: &str, what: &str, allows_plain: bool) -> Result<Self, Error> {
        // The address may hold a password, so no message shows it.
        let refuse = |why: &str| Error::configuration(format!("the address of {what} {why}"));
        let address = address.trim();
        if !address.contains("://") {
            return Err(refuse("has no scheme: write https:// in front of it"));
        }
        let mut url = Url::parse(address).map_err(|fault| refuse(&format!("is not a URL: {fault}")))?;
        if !url.username().is_empty() || url.password().is_some() {
            return Err(refuse("holds a user name or password"));
        }
        if url.query().is_some() || url.fragment().is_some() {
            return Err(refuse("holds a query or fragment; it may have a scheme, a host, a port and a path"));
        }
        let is_https = url.scheme() == "https";
        if !is_https && url.scheme() != "http" {
            return Err(refuse("is neither https nor http"));
        }
        if !is_https && !allows_plain && !is_loopback(&url) {
            return Err(refuse(
                "is not https; plain http goes only to a literal loopback address such as 127.0.0.1, unless \
                 `allow_plain_http` of the builder, or DINGTALK_ALLOW_PLAIN_HTTP=true, lets the access token travel unprotected",
            ));
        }
        let path = format!("{}/", url.path().trim_end_matches('/'));
        url.set_path(&path);
        let (Some(host), Some(port)) = (url.host_str(), url.port_or_known_default()) else {
            return Err(refuse("names no host"));
        };
        let host = host.to_owned();
        let text = url.as_str().trim_end_matches('/').to_owned();
        Ok(Self { text, url, host, port, is_https })
    }

    /// Whether it is this machine, by its literal address.
    pub(crate) fn is_loopback(&self) -> bool {
        is_loopback(&self.url)
    }

    /// The address without a slash at its end.
    pub(crate) fn as_str(&self) -> &str {
        &self.text
    }

    /// The URL of a path with its query. It is none where that would lead to another server.
    pub(crate) fn url(&self, path: &str) -> Option<Url> {
        let below = path.strip_prefix('/')?;
        // The server has been understood already, which is half of the work.
        let options = Url::options();
        let options = options.base_url(Some(&self.url));
        let url = match self.url.path() {
            "/" => options.parse(path),
            prefix => options.parse(&format!("{prefix}{below}")),
        };
        url.ok().filter(|url| url.as_str().starts_with(self.url.as_str()))
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

    fn origin(address: &str) -> Result<Origin, Error> {
        Origin::new(address, "the server", false)
    }

    #[test]
    fn no_path_leads_to_another_server() {
        for (address, begin) in [
            ("https://api.dingtalk.io", "https://api.dingtalk.io"),
            ("https://gate.example:8443/ding/talk/", "https://gate.example:8443/ding/talk"),
            ("https://gate.example/ding%20talk", "https://gate.example/ding%20talk"),
        ] {
            let origin = origin(address).unwrap();
            assert_eq!(origin.as_str(), begin);
            assert_eq!(origin.url("/v1.0/a?b=c").unwrap().as_str(), format!("{begin}/v1.0/a?b=c"));
            for path in [
                "",
                "v1.0",
                "\\\\evil.example",
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
            for path in ["//evil.example/v1.0", "/\\evil.example", "/\t/evil.example", "/../../../v1.0"] {
                let leads = origin.url(path);
                assert!(leads.is_none_or(|url| url.as_str().starts_with(&format!("{begin}/"))), "{path}");
            }
        }
        assert_eq!(origin("https://gate.example/ding").unwrap().url("/../v1.0"), None);
        assert_eq!(origin("https://api.dingtalk.io").unwrap().url("//evil.example/v1.0"), None);
    }

    #[test]
    fn https_goes_anywhere_and_http_to_literal_loopback_only() {
        for address in [
            "https://api.dingtalk.io",
            "https://api.dingtalk.com/",
            " https://api.dingtalk.com\n",
            "https://10.0.0.1:8443",
            "https://gate.example/dingtalk/",
            "http://127.0.0.1:1234",
            "http://127.0.0.1:1234/api",
            "http://[::1]:80",
            "HTTPS://API.example",
        ] {
            assert!(origin(address).is_ok(), "{address}");
        }
        let plain = [
            "http://api.dingtalk.io",
            "http://localhost:80",
            "http://127.0.0.1.evil.example",
            "http://10.0.0.1",
            "http://[::ffff:10.0.0.1]",
            "http://0.0.0.0",
            "http://emulator:8080/api",
        ];
        for address in plain {
            assert!(origin(address).unwrap_err().to_string().contains("allow_plain_http"), "{address}");
            assert!(Origin::new(address, "the server", true).is_ok(), "{address}");
        }
        let refused = [
            ("http://localhost@evil.example", "user name"),
            ("http://127.0.0.1@evil.example", "user name"),
            ("https://user:secret@api.dingtalk.io", "user name"),
            ("https://api.dingtalk.io?x=secret", "query"),
            ("https://api.dingtalk.io/#x", "fragment"),
            ("ftp://127.0.0.1", "neither https nor http"),
            ("file:///etc", "neither https nor http"),
            ("localhost:8080", "has no scheme"),
            ("user:secret@localhost:8080", "has no scheme"),
            ("127.0.0.1:8080", "has no scheme"),
            ("api.dingtalk.io", "has no scheme"),
            ("//api.dingtalk.io", "has no scheme"),
            ("", "has no scheme"),
            ("http://[::1]%2eevil.example", "is not a URL"),
            ("https://", "is not a URL"),
        ];
        for (address, why) in refused {
            for allows_plain in [false, true] {
                let error = Origin::new(address, "the server", allows_plain).unwrap_err().to_string();
                assert!(error.contains(why) && !error.contains("secret"), "{address:?}: {error}");
            }
        }
    }
}
