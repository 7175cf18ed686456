//! The header `Retry-After`.

use std::time::{Duration, SystemTime};

use crate::time::http_date;

/// Longer pauses are not believed: a deadline ends the call long before.
const LONGEST: Duration = Duration::from_secs(24 * 3600);

/// Reads the header: seconds, or a date. A date in the past is no pause; nonsense is no header.
pub(crate) fn retry_after(value: &[u8], now: SystemTime) -> Option<Duration> {
    let text = std::str::from_utf8(value).ok()?.trim();
    if !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit()) {
        // More digits than fit are a very long time.
        return Some(text.parse().map_or(LONGEST, Duration::from_secs).min(LONGEST));
    }
    let date = u64::try_from(http_date(text)?).ok()?;
    let at = SystemTime::UNIX_EPOCH.checked_add(Duration::from_secs(date))?;
    Some(at.duration_since(now).unwrap_or_default().min(LONGEST))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn seconds_dates_and_nonsense() {
        let now = SystemTime::UNIX_EPOCH + Duration::from_secs(784_111_777);
        let cases = [
            ("0", Some(0)),
            ("7", Some(7)),
            (" 7 ", Some(7)),
            ("1000000000000", Some(86_400)),
            ("99999999999999999999999999", Some(86_400)),
            ("Sun, 06 Nov 1994 08:49:47 GMT", Some(10)),
            ("Sun, 06 Nov 1994 08:49:27 GMT", Some(0)),
            ("Sun, 06 Nov 2094 08:49:27 GMT", Some(86_400)),
            ("-1", None),
            ("1.5", None),
            ("soon", None),
            ("", None),
            ("Sun, 99 Nov 1994 08:49:47 GMT", None),
        ];
        for (value, seconds) in cases {
            assert_eq!(retry_after(value.as_bytes(), now), seconds.map(Duration::from_secs), "{value:?}");
        }
        assert_eq!(retry_after(b"\xff", now), None);
    }
}
