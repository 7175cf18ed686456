//! Time as the emulator tells it: the machine's, or one that moves only when it is told to.

use std::time::{Duration, SystemTime, UNIX_EPOCH};

use serde::{Deserialize, Serialize};

/// A moment, in milliseconds since 1970.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Time(pub i64);

impl Time {
    /// As the API writes it: `2026-01-01T10:00:00Z`.
    pub fn text(self) -> String {
        self.format("%Y-%m-%dT%H:%M:%SZ")
    }

    /// As HTTP headers write it: `Thu, 01 Jan 2026 10:00:00 GMT`.
    pub fn http(self) -> String {
        self.format("%a, %d %b %Y %H:%M:%S GMT")
    }

    /// Reads what [`Time::http`] writes, and the short form `20260101T100000Z`.
    pub fn from_header(text: &str) -> Option<Self> {
        let parsed = jiff::civil::DateTime::strptime("%a, %d %b %Y %H:%M:%S GMT", text)
            .or_else(|_| jiff::civil::DateTime::strptime("%Y%m%dT%H%M%SZ", text));
        let zoned = parsed.ok()?.to_zoned(jiff::tz::TimeZone::UTC).ok()?;
        Some(Self(zoned.timestamp().as_millisecond()))
    }

    /// This moment and a duration.
    #[must_use]
    pub fn after(self, duration: Duration) -> Self {
        Self(self.0.saturating_add(i64::try_from(duration.as_millis()).unwrap_or(i64::MAX)))
    }

    fn format(self, pattern: &str) -> String {
        let moment = jiff::Timestamp::from_millisecond(self.0).unwrap_or_default();
        moment.strftime(pattern).to_string()
    }
}

/// Where the emulator's time comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum Clock {
    /// The machine's clock, moved forward by so many milliseconds.
    Real(i64),
    /// A moment that stays until it is moved.
    Virtual(Time),
}

impl Clock {
    /// A clock that stands at 2026-01-01T00:00:00Z.
    pub fn standing() -> Self {
        Self::Virtual(Time(1_767_225_600_000))
    }

    /// The machine's clock.
    pub fn real() -> Self {
        Self::Real(0)
    }

    /// Whether it stands until it is moved.
    pub fn is_standing(&self) -> bool {
        matches!(self, Self::Virtual(_))
    }

    /// The moment that it shows.
    pub fn now(&self) -> Time {
        match *self {
            Self::Virtual(time) => time,
            Self::Real(offset) => {
                let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
                Time(i64::try_from(since.as_millis()).unwrap_or(i64::MAX).saturating_add(offset))
            }
        }
    }

    /// Moves it forward.
    pub fn advance(&mut self, duration: Duration) {
        let moved = i64::try_from(duration.as_millis()).unwrap_or(i64::MAX);
        match self {
            Self::Real(offset) => *offset = offset.saturating_add(moved),
            Self::Virtual(time) => *time = time.after(duration),
        }
    }
}
