//! Version 1 of the storage's signatures, in headers.
//!
//! `Authorization: OSS <key id>:<signature>`, where the signature is the base64 of an HMAC-SHA1 over
//!
//! ```text
//! VERB \n Content-MD5 \n Content-Type \n date \n canonicalized headers, canonicalized resource
//! ```
//!
//! The date is `x-oss-date` where it is sent, else `Date`. The canonicalized headers are those that begin with
//! `x-oss-`, so that one too many breaks the signature. Beyond what the real storage does, `x-acs-` headers take part
//! as well: an access token that is forwarded to the storage is a leak, and shows here as a broken signature.
//! `x-oss-range-behavior` does not take part, because the documentation lets callers add it.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use hmac::{Hmac, KeyInit, Mac};
use http::HeaderMap;
use sha1::Sha1;

/// Parameters of the query that belong to the resource, besides those that begin with [`OVERRIDE`], as the storage's
/// own clients have them.
#[rustfmt::skip]
const SUBRESOURCES: [&str; 68] = [
    "accessPoint", "accessPointPolicy", "acl", "append", "asyncFetch", "bucketInfo", "callback", "callback-var",
    "cname", "comp", "continuation-token", "cors", "delete", "encryption", "endTime", "group", "httpsConfig",
    "inventory", "inventoryId", "lifecycle", "link", "live", "location", "logging", "metaQuery", "objectInfo",
    "objectMeta", "partNumber", "policy", "policyStatus", "position", "publicAccessBlock", "qos", "qosInfo",
    "referer", "regionList", "replication", "replicationLocation", "replicationProgress", "requestPayment",
    "resourceGroup", "restore", "rtc", "security-token", "sequential", "startTime", "stat", "status", "style",
    "styleName", "symlink", "tagging", "transferAcceleration", "uploadId", "uploads", "versionId", "versioning",
    "versions", "vod", "website", "worm", "wormExtend", "wormId", "x-oss-ac-source-ip", "x-oss-async-process",
    "x-oss-process", "x-oss-request-payer", "x-oss-traffic-limit",
];

/// What parameters begin with that change headers of the answer.
pub const OVERRIDE: &str = "response-";

/// Whether a parameter of the query belongs to the resource.
pub fn is_subresource(name: &str) -> bool {
    name.starts_with(OVERRIDE) || SUBRESOURCES.contains(&name)
}

/// A key id and its secret.
#[derive(Debug, Clone, Copy)]
pub struct Signer<'a> {
    /// The key id.
    pub id: &'a str,
    /// The secret.
    pub secret: &'a str,
}

impl Signer<'_> {
    /// Value of the header `Authorization` for a request with nothing but a date.
    pub fn authorization(&self, verb: &str, date: &str, resource: &str) -> String {
        let mut headers = HeaderMap::new();
        if let Ok(date) = date.parse() {
            headers.insert("x-oss-date", date);
        }
        format!("OSS {}:{}", self.id, self.sign(&string_to_sign(verb, &headers, resource)))
    }

    /// Signature of a text.
    pub fn sign(&self, text: &str) -> String {
        // HMAC takes keys of any length, so the error cannot come up.
        let Ok(mut mac) = Hmac::<Sha1>::new_from_slice(self.secret.as_bytes()) else { return String::new() };
        mac.update(text.as_bytes());
        STANDARD.encode(mac.finalize().into_bytes())
    }
}

/// Key id and signature of an `Authorization` header.
pub fn parse(authorization: &str) -> Option<(&str, &str)> {
    authorization.strip_prefix("OSS ")?.split_once(':')
}

/// What is signed.
pub fn string_to_sign(verb: &str, headers: &HeaderMap, resource: &str) -> String {
    let date = if headers.contains_key("x-oss-date") { "x-oss-date" } else { "date" };
    let date = headers.get(date).and_then(|value| value.to_str().ok()).unwrap_or_default();
    string_to_sign_at(verb, headers, date, resource)
}

/// What is signed in a URL that works without headers: the second at which it expires stands in place of the date.
pub fn string_to_sign_at(verb: &str, headers: &HeaderMap, date: &str, resource: &str) -> String {
    let header = |name: &str| headers.get(name).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let mut canonical: Vec<(&str, &str)> = headers
        .keys()
        .map(http::HeaderName::as_str)
        .filter(|name| name.starts_with("x-oss-") || name.starts_with("x-acs-"))
        .filter(|name| *name != "x-oss-range-behavior")
        .map(|name| (name, header(name).trim()))
        .collect();
    canonical.sort_unstable();
    let mut text = format!("{verb}\n{}\n{}\n{date}\n", header("content-md5"), header("content-type"));
    for (name, value) in canonical {
        for part in [name, ":", value, "\n"] {
            text.push_str(part);
        }
    }
    text.push_str(resource);
    text
}

/// The canonicalized resource: the path, and the parameters of the query that belong to it.
pub fn resource(path: &str, query: &[(String, String)]) -> String {
    let mut parts: Vec<String> = query
        .iter()
        .filter(|(name, _)| is_subresource(name))
        .map(|(name, value)| if value.is_empty() { name.clone() } else { format!("{name}={value}") })
        .collect();
    parts.sort_unstable();
    if parts.is_empty() { path.to_owned() } else { format!("{path}?{}", parts.join("&")) }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Example of the storage's own documentation of version 1 signatures.
    #[test]
    fn signs_as_the_documentation_of_the_storage_does() {
        let mut headers = HeaderMap::new();
        for (name, value) in [
            ("content-md5", "eB5eJF1ptWaXm4bijSPyxw=="),
            ("content-type", "text/html"),
            ("date", "Wed, 28 Dec 2022 10:27:41 GMT"),
            ("x-oss-meta-author", "alice"),
            ("x-oss-meta-magic", "abracadabra"),
            ("x-oss-range-behavior", "standard"),
        ] {
            headers.insert(name, value.parse().unwrap_or_else(|_| http::HeaderValue::from_static("")));
        }
        let text = string_to_sign("PUT", &headers, "/examplebucket/nelson");
        assert_eq!(
            text,
            "PUT\neB5eJF1ptWaXm4bijSPyxw==\ntext/html\nWed, 28 Dec 2022 10:27:41 GMT\n\
             x-oss-meta-author:alice\nx-oss-meta-magic:abracadabra\n/examplebucket/nelson"
        );
        let signer = Signer { id: "id", secret: "OtxrzxIsfpFjA7SwPzILwy8Bw21TLhquhboDYROV" };
        let older = "PUT\nODBGOERFMDMzQTczRUY3NUE3NzA5QzdFNUYzMDQxNEM=\ntext/html\nThu, 17 Nov 2005 18:49:58 GMT\n\
                     x-oss-magic:abracadabra\nx-oss-meta-author:foo@bar.com\n/oss-example/nelson";
        assert_eq!(signer.sign(older), "26NBxoKdsyly4EDv6inkoDft/yA=");
    }

    #[test]
    fn subresources_are_sorted_and_others_left_out() {
        let query = [("uploadId", "u"), ("x", "y"), ("partNumber", "3")].map(|(a, b)| (a.to_owned(), b.to_owned()));
        assert_eq!(resource("/b/o", &query), "/b/o?partNumber=3&uploadId=u");
        let query = crate::query::pairs("response-content-type=text%2Fplain&Expires=1&acl&uploads=");
        assert_eq!(resource("/b/o", &query), "/b/o?acl&response-content-type=text/plain&uploads");
        assert!(SUBRESOURCES.is_sorted(), "so that a doubled one would show");
    }
}
