//! Headers that users add to requests.

use std::sync::Arc;

use reqwest::header::{HeaderMap, HeaderName, HeaderValue};

use crate::authorization::TOKEN_HEADER;

/// Headers that say how a message is carried: they belong to the connection, not to the call.
const CARRIAGE: [&str; 13] = [
    "accept-encoding",
    "connection",
    "expect",
    "host",
    "http2-settings",
    "keep-alive",
    "proxy-authenticate",
    "proxy-authorization",
    "proxy-connection",
    "te",
    "trailer",
    "transfer-encoding",
    "upgrade",
];

/// Headers beside those of this crate, and the first that could not be added.
#[derive(Debug, Clone, Default)]
pub(crate) struct OwnHeaders {
    map: HeaderMap,
    fault: Option<Arc<str>>,
}

impl OwnHeaders {
    /// Adds a header, in place of an earlier one of the name. One that cannot be sent comes out of the call.
    pub(crate) fn set<N, V>(&mut self, name: N, value: V)
    where
        N: TryInto<HeaderName>,
        V: TryInto<HeaderValue>,
    {
        if let Err(fault) = insert(&mut self.map, name, value) {
            self.fault.get_or_insert(fault.into());
        }
    }

    pub(crate) fn fault(&self) -> Option<&str> {
        self.fault.as_deref()
    }

    /// Nobody knows what they hold, so no message may repeat them. Short ones are words, numbers and flags: messages
    /// could not be read without them.
    pub(crate) fn secrets(&self) -> impl Iterator<Item = String> {
        const LONG: usize = 8;
        let values = self.map.values().map(HeaderValue::as_bytes).filter(|value| value.len() >= LONG);
        values.map(|value| String::from_utf8_lossy(value).into_owned())
    }

    pub(crate) fn add_to(&self, headers: &mut HeaderMap) {
        for (name, value) in &self.map {
            headers.insert(name, value.clone());
        }
    }
}

/// Adds a header to those of a request, unless it is not the user's to set; then says why.
pub(crate) fn insert<N, V>(headers: &mut HeaderMap, name: N, value: V) -> Result<(), String>
where
    N: TryInto<HeaderName>,
    V: TryInto<HeaderValue>,
{
    let name = name.try_into().map_err(|_| "a header's name is none that HTTP allows".to_owned())?;
    // The value may be secret.
    let mut value = value
        .try_into()
        .map_err(|_| format!("the value of the header {name} holds characters that no header may hold"))?;
    if let Some(why) = refusal(&name) {
        return Err(format!("the header {name} cannot be set: {why}"));
    }
    value.set_sensitive(true);
    headers.insert(name, value);
    Ok(())
}

fn refusal(name: &HeaderName) -> Option<&'static str> {
    let name = name.as_str();
    if name == TOKEN_HEADER {
        Some("the access token comes from the client's credentials")
    } else if CARRIAGE.contains(&name) {
        Some("it belongs to the connection")
    } else if name == "accept" || name.starts_with("content-") {
        Some("the client says itself what the body is and what it reads")
    } else {
        None
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "tests fail by panicking")]
    use super::*;

    #[test]
    fn only_headers_that_carry_nothing_of_the_clients_own_are_taken() {
        let mut headers = HeaderMap::new();
        for name in ["x-trace", "user-agent", "traceparent", "cookie", "authorization", "accept-language"] {
            insert(&mut headers, name, "1").unwrap();
        }
        assert_eq!(headers.len(), 6);
        let refused =
            [TOKEN_HEADER, "X-Acs-DingTalk-Access-Token", "Host", "TE", "Content-MD5", "content-new", "Accept"];
        for name in CARRIAGE.into_iter().chain(refused) {
            let why = insert(&mut headers, name, "1").unwrap_err();
            assert!(why.contains(&name.to_ascii_lowercase()), "{why}");
        }
        assert!(insert(&mut headers, "a b", "1").is_err());
        let why = insert(&mut headers, "x-new", "secret\n").unwrap_err();
        assert!(why.contains("x-new") && !why.contains("secret"), "{why}");
        assert_eq!(headers.len(), 6);
        assert!(!format!("{headers:?}").contains("\"1\""), "{headers:?}");
    }
}
