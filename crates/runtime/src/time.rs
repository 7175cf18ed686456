//! Points in time, in the shapes in which the server writes them.

mod civil;
#[cfg(any(feature = "chrono", feature = "jiff", feature = "time"))]
mod libraries;

use std::cmp::Ordering;
use std::fmt;
use std::time::{Duration, SystemTime};

use serde::{Deserialize, Deserializer, Serialize, Serializer};

pub(crate) use civil::http_date;

/// A point in time as the server wrote it.
///
/// The API writes times as `2022-07-29T14:55Z`, `2022-01-01T10:00:00Z`, `Thu May 28 09:37:16 CST 2026` (where
/// CST is China's time, UTC+8) and as milliseconds since 1970. The text is kept as it came, so a shape that
/// nobody has seen yet is not an error: only the conversions give none then.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Default)]
pub struct Time(Box<str>);

impl Time {
    /// The time as the server wrote it.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The time of so many milliseconds since 1970, as the API writes times.
    #[must_use]
    pub fn from_unix_millis(millis: i64) -> Self {
        Self(civil::iso_text(millis).into_boxed_str())
    }

    /// Milliseconds since 1970, negative before it; none for an unknown shape.
    #[must_use]
    pub fn unix_millis(&self) -> Option<i64> {
        civil::unix_millis(&self.0)
    }

    /// The point in time; none for an unknown shape.
    #[must_use]
    pub fn to_system_time(&self) -> Option<SystemTime> {
        let millis = self.unix_millis()?;
        let distance = Duration::from_millis(millis.unsigned_abs());
        if millis < 0 {
            SystemTime::UNIX_EPOCH.checked_sub(distance)
        } else {
            SystemTime::UNIX_EPOCH.checked_add(distance)
        }
    }
}

/// As the API writes times: `2022-01-01T10:00:00Z`, to the millisecond.
impl From<SystemTime> for Time {
    fn from(time: SystemTime) -> Self {
        let millis = |distance: Duration| i64::try_from(distance.as_millis()).unwrap_or(i64::MAX);
        Self::from_unix_millis(match time.duration_since(SystemTime::UNIX_EPOCH) {
            Ok(after) => millis(after),
            Err(before) => -millis(before.duration()),
        })
    }
}

/// By the points in time, those of unknown shapes first; the same points in different shapes by their texts.
impl Ord for Time {
    fn cmp(&self, other: &Self) -> Ordering {
        self.unix_millis().cmp(&other.unix_millis()).then_with(|| self.0.cmp(&other.0))
    }
}

impl PartialOrd for Time {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl From<String> for Time {
    fn from(text: String) -> Self {
        Self(text.into_boxed_str())
    }
}

impl From<&str> for Time {
    fn from(text: &str) -> Self {
        Self(text.into())
    }
}

impl fmt::Display for Time {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.0)
    }
}

impl Serialize for Time {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&self.0)
    }
}

impl<'de> Deserialize<'de> for Time {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        crate::decode::required_text::<String, D>(deserializer).map(Self::from)
    }
}

impl crate::encode::Encode for Time {
    fn wire(&self) -> crate::encode::Wire<'_> {
        crate::encode::Wire::Text(&self.0)
    }
}

impl crate::Parameter for Time {
    fn text(&self) -> std::borrow::Cow<'_, str> {
        std::borrow::Cow::Borrowed(&self.0)
    }
}
