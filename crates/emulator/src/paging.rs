//! Page tokens: opaque, bound to one list, and good for an hour.

use std::hash::{DefaultHasher, Hash, Hasher};

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::{Map, Value};

use crate::clock::Time;

/// Milliseconds until a token has gone stale.
const LIFE: i64 = 60 * 60 * 1000;

/// What tells one list from another.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Listing(u64);

impl Listing {
    /// The list that an operation gives for parameters, those of paging left out.
    pub fn new(operation: &str, parameters: &Map<String, Value>) -> Self {
        let mut hasher = DefaultHasher::new();
        operation.hash(&mut hasher);
        for (name, value) in parameters {
            name.hash(&mut hasher);
            value.to_string().hash(&mut hasher);
        }
        Self(hasher.finish())
    }
}

/// A token for the page of a list that starts behind a position.
pub fn seal<T: Serialize>(position: &T, listing: Listing, now: Time) -> String {
    let token = serde_json::to_vec(&(listing.0, now, position)).unwrap_or_default();
    URL_SAFE_NO_PAD.encode(token)
}

/// The position of a token; nothing when the token is not one of this list, or has gone stale.
pub fn open<T: DeserializeOwned>(token: &str, listing: Listing, now: Time) -> Option<T> {
    let token = URL_SAFE_NO_PAD.decode(token).ok()?;
    let (list, made, position): (u64, Time, T) = serde_json::from_slice(&token).ok()?;
    (list == listing.0 && now.0 - made.0 < LIFE).then_some(position)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_token_opens_its_own_list_until_it_goes_stale() {
        let mut parameters = Map::new();
        parameters.insert("parentId".to_owned(), Value::from("0"));
        let list = Listing::new("storage_v1.ListDentries", &parameters);
        let token = seal(&("a", 3), list, Time(1_000));
        assert_eq!(open(&token, list, Time(1_000 + LIFE - 1)), Some(("a".to_owned(), 3)));
        assert_eq!(open::<(String, i32)>(&token, list, Time(1_000 + LIFE)), None);
        parameters.insert("parentId".to_owned(), Value::from("1"));
        let other = Listing::new("storage_v1.ListDentries", &parameters);
        assert_eq!(open::<(String, i32)>(&token, other, Time(1_000)), None);
        assert_eq!(open::<(String, i32)>("no token", list, Time(1_000)), None);
    }
}
