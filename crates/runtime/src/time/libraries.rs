//! Points in time as the types of other libraries.

use super::Time;

#[cfg(feature = "chrono")]
impl Time {
    /// The point in time; none for an unknown shape.
    #[must_use]
    pub fn to_chrono(&self) -> Option<chrono::DateTime<chrono::Utc>> {
        chrono::DateTime::from_timestamp_millis(self.unix_millis()?)
    }
}

/// To the millisecond.
#[cfg(feature = "chrono")]
impl<Z: chrono::TimeZone> From<chrono::DateTime<Z>> for Time {
    fn from(time: chrono::DateTime<Z>) -> Self {
        Self::from_unix_millis(time.timestamp_millis())
    }
}

#[cfg(feature = "jiff")]
impl Time {
    /// The point in time; none for an unknown shape.
    #[must_use]
    pub fn to_jiff(&self) -> Option<jiff::Timestamp> {
        jiff::Timestamp::from_millisecond(self.unix_millis()?).ok()
    }
}

/// To the millisecond.
#[cfg(feature = "jiff")]
impl From<jiff::Timestamp> for Time {
    fn from(time: jiff::Timestamp) -> Self {
        Self::from_unix_millis(time.as_millisecond())
    }
}

#[cfg(feature = "time")]
impl Time {
    /// The point in time; none for an unknown shape.
    #[must_use]
    pub fn to_utc_date_time(&self) -> Option<time::OffsetDateTime> {
        time::OffsetDateTime::from_unix_timestamp_nanos(i128::from(self.unix_millis()?) * 1_000_000).ok()
    }
}

/// To the millisecond.
#[cfg(feature = "time")]
impl From<time::OffsetDateTime> for Time {
    fn from(time: time::OffsetDateTime) -> Self {
        let millis = time.unix_timestamp_nanos().div_euclid(1_000_000);
        Self::from_unix_millis(i64::try_from(millis).unwrap_or(i64::MAX))
    }
}
