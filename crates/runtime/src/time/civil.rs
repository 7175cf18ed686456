//! Dates and times of day as numbers.

/// Offset of the time zone that the server calls CST, China's.
const CHINA_MINUTES: i64 = 8 * 60;
/// Numbers from here on are milliseconds; as seconds they would lie after the year 5100.
const FEWEST_MILLIS: i64 = 100_000_000_000;
const MONTHS: [&str; 12] = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];

/// Days from 1 March of the year 0 on.
const DAYS_BEFORE_1970: i64 = 719_468;

/// A date and a time of day, somewhere.
struct Civil {
    year: i64,
    month: i64,
    day: i64,
    hour: i64,
    minute: i64,
    second: i64,
    millis: i64,
}

impl Civil {
    /// Milliseconds since 1970, if these numbers are a date and time.
    fn unix_millis(&self, offset_minutes: i64) -> Option<i64> {
        let is_valid = (1..=9999).contains(&self.year)
            && (1..=12).contains(&self.month)
            && (1..=days_in_month(self.year, self.month)).contains(&self.day)
            && (0..24).contains(&self.hour)
            && (0..60).contains(&self.minute)
            && (0..=60).contains(&self.second);
        let minutes =
            days_since_1970(self.year, self.month, self.day) * 24 * 60 + self.hour * 60 + self.minute - offset_minutes;
        is_valid.then_some((minutes * 60 + self.second) * 1000 + self.millis)
    }
}

fn days_in_month(year: i64, month: i64) -> i64 {
    let is_leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
    match month {
        2 if is_leap => 29,
        2 => 28,
        4 | 6 | 9 | 11 => 30,
        _ => 31,
    }
}

/// Days in the Gregorian calendar. Years begin in March here, so that the leap day is the last.
fn days_since_1970(year: i64, month: i64, day: i64) -> i64 {
    let (year, month) = if month > 2 { (year, month - 3) } else { (year - 1, month + 9) };
    let leap_days = year.div_euclid(4) - year.div_euclid(100) + year.div_euclid(400);
    year * 365 + leap_days + (153 * month + 2) / 5 + day - 1 - DAYS_BEFORE_1970
}

/// `2022-01-01T10:00:00Z`, with milliseconds where there are any; a number beyond the years that have four digits.
pub(super) fn iso_text(unix_millis: i64) -> String {
    const DAY: i64 = 24 * 60 * 60 * 1000;
    let (year, month, day) = date(unix_millis.div_euclid(DAY));
    if !(1..=9999).contains(&year) {
        return unix_millis.to_string();
    }
    let (seconds, millis) = (unix_millis.rem_euclid(DAY) / 1000, unix_millis.rem_euclid(1000));
    let (hour, minute, second) = (seconds / 3600, seconds / 60 % 60, seconds % 60);
    let fraction = if millis == 0 { String::new() } else { format!(".{millis:03}") };
    format!("{year:04}-{month:02}-{day:02}T{hour:02}:{minute:02}:{second:02}{fraction}Z")
}

/// Year, month and day of a day since 1970: the other way around.
fn date(days: i64) -> (i64, i64, i64) {
    // 400 years have always the same number of days; each year of them is one that begins in March.
    const ERA: i64 = 146_097;
    let days = days + DAYS_BEFORE_1970;
    let (era, day) = (days.div_euclid(ERA), days.rem_euclid(ERA));
    let year = (day - day / 1460 + day / 36_524 - day / 146_096) / 365;
    let day = day - (365 * year + year / 4 - year / 100);
    let month = (5 * day + 2) / 153;
    let day = day - (153 * month + 2) / 5 + 1;
    let year = era * 400 + year;
    if month < 10 { (year, month + 3, day) } else { (year + 1, month - 9, day) }
}

/// Any of the shapes that the server uses.
pub(super) fn unix_millis(text: &str) -> Option<i64> {
    let text = text.trim();
    epoch(text).or_else(|| iso(text)).or_else(|| unix_date(text))
}

/// `1653730636000` in milliseconds, or `1653730636` in seconds.
fn epoch(text: &str) -> Option<i64> {
    let number: i64 = text.parse().ok()?;
    if number.unsigned_abs() >= FEWEST_MILLIS.unsigned_abs() { Some(number) } else { number.checked_mul(1000) }
}

/// `2022-07-29T14:55Z`, with or without seconds and their fraction, with `Z` or an offset.
fn iso(text: &str) -> Option<i64> {
    let (date, time) = text.split_once(['T', ' '])?;
    let mut date = date.split('-');
    let (year, month, day) = (digits(date.next()?, 4)?, digits(date.next()?, 2)?, digits(date.next()?, 2)?);
    if date.next().is_some() {
        return None;
    }
    let zone_start = time.find(['Z', '+', '-'])?;
    let (time, zone) = time.split_at_checked(zone_start)?;
    let (whole, fraction) = time.split_once('.').unwrap_or((time, ""));
    let mut time = whole.split(':');
    let (hour, minute) = (digits(time.next()?, 2)?, digits(time.next()?, 2)?);
    let second = time.next().map_or(Some(0), |text| digits(text, 2))?;
    if time.next().is_some() {
        return None;
    }
    Civil { year, month, day, hour, minute, second, millis: millis(fraction)? }.unix_millis(offset_minutes(zone)?)
}

/// `Thu May 28 09:37:16 CST 2026`
fn unix_date(text: &str) -> Option<i64> {
    let mut words = text.split_ascii_whitespace();
    let (_weekday, month, day, time, zone, year) =
        (words.next()?, words.next()?, words.next()?, words.next()?, words.next()?, words.next()?);
    let offset = match zone {
        "CST" => CHINA_MINUTES,
        "UTC" | "GMT" => 0,
        _ => return None,
    };
    civil(digits(year, 4)?, month, number(day)?, time)?.unix_millis(offset)
}

/// `Sun, 06 Nov 1994 08:49:37 GMT`, the form of dates in HTTP headers, as seconds since 1970.
pub(crate) fn http_date(text: &str) -> Option<i64> {
    let mut words = text.split_once(',')?.1.split_ascii_whitespace();
    let (day, month, year, time, zone) = (words.next()?, words.next()?, words.next()?, words.next()?, words.next()?);
    if zone != "GMT" || words.next().is_some() {
        return None;
    }
    civil(digits(year, 4)?, month, number(day)?, time)?.unix_millis(0).map(|millis| millis / 1000)
}

fn civil(year: i64, month: &str, day: i64, time: &str) -> Option<Civil> {
    let month = MONTHS.iter().zip(1..).find(|(name, _)| **name == month)?.1;
    let mut time = time.split(':');
    let (hour, minute, second) = (digits(time.next()?, 2)?, digits(time.next()?, 2)?, digits(time.next()?, 2)?);
    time.next().is_none().then_some(Civil { year, month, day, hour, minute, second, millis: 0 })
}

/// Minutes that a zone is ahead of UTC: `Z`, `+08:00` or `+0800`.
fn offset_minutes(zone: &str) -> Option<i64> {
    let (sign, offset) = match zone.split_at_checked(1)? {
        ("Z", "") => return Some(0),
        ("+", offset) => (1, offset),
        ("-", offset) => (-1, offset),
        _ => return None,
    };
    let (hours, minutes) = offset.split_once(':').or_else(|| offset.split_at_checked(2))?;
    let minutes = if minutes.is_empty() { 0 } else { digits(minutes, 2)? };
    Some(sign * (digits(hours, 2)? * 60 + minutes))
}

/// The first three digits of a fraction of a second.
fn millis(fraction: &str) -> Option<i64> {
    if !fraction.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    let digits = fraction.bytes().chain(std::iter::repeat(b'0')).take(3);
    Some(digits.fold(0, |number, digit| number * 10 + i64::from(digit - b'0')))
}

/// A number of exactly so many digits.
fn digits(text: &str, count: usize) -> Option<i64> {
    if text.len() == count { number(text) } else { None }
}

/// A number of one or more digits, without a sign.
fn number(text: &str) -> Option<i64> {
    let is_number = !text.is_empty() && text.len() <= 9 && text.bytes().all(|byte| byte.is_ascii_digit());
    is_number.then(|| text.parse().ok()).flatten()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_shape_that_was_seen_is_understood() {
        let cases = [
            ("2022-07-29T14:55Z", 1_659_106_500_000),
            ("2022-01-01T10:00:00Z", 1_641_031_200_000),
            ("2022-01-01T18:00:00+08:00", 1_641_031_200_000),
            ("2022-01-01T18:00:00.250+0800", 1_641_031_200_250),
            ("2016-02-28T10:47:08Z", 1_456_656_428_000),
            ("Thu May 28 09:37:16 CST 2026", 1_779_932_236_000),
            ("1653730636000", 1_653_730_636_000),
            ("1653730636", 1_653_730_636_000),
            ("1970-01-01T00:00:00Z", 0),
            ("1969-12-31T23:59:59.5Z", -500),
            ("2000-02-29T00:00Z", 951_782_400_000),
        ];
        for (text, millis) in cases {
            assert_eq!(unix_millis(text), Some(millis), "{text}");
        }
    }

    #[test]
    fn what_is_written_is_read_again() {
        assert_eq!(iso_text(1_641_031_200_000), "2022-01-01T10:00:00Z");
        assert_eq!(iso_text(951_782_400_007), "2000-02-29T00:00:00.007Z");
        let (first, last) = (-62_135_596_800_000, 253_402_300_799_000);
        assert_eq!(unix_millis("0001-01-01T00:00:00Z").zip(unix_millis("9999-12-31T23:59:59Z")), Some((first, last)));
        // Some thousand days, each at another time of day.
        for millis in (first..last).step_by(4_321_100_703) {
            assert_eq!(unix_millis(&iso_text(millis)), Some(millis), "{millis}");
        }
        assert_eq!([first, last].map(|millis| iso_text(millis).len()), [20, 20]);
        assert_eq!(iso_text(last + 1_000), (last + 1_000).to_string());
        assert_eq!(iso_text(i64::MIN), i64::MIN.to_string());
    }

    #[test]
    fn what_is_no_time_gives_none() {
        let cases = [
            "",
            "now",
            "2022-13-01T10:00:00Z",
            "2022-02-29T10:00Z",
            "2022-01-01T24:00Z",
            "2022-01-01",
            "2022-01-01T10:00",
            "-",
            "T",
            "99999999999999999999",
            "Thu May 28 09:37:16 PDT 2026",
            "Thu May 32 09:37:16 CST 2026",
            "2022-01-01T10:00:00é",
            "é",
            "2022-01-01T10:00+é",
        ];
        for text in cases {
            assert_eq!(unix_millis(text), None, "{text}");
        }
    }

    #[test]
    fn dates_of_headers_are_understood() {
        assert_eq!(http_date("Sun, 06 Nov 1994 08:49:37 GMT"), Some(784_111_777));
        for text in ["Sun, 06 Nov 1994 08:49:37", "06 Nov 1994", "Sun, 06 Nov 1994 08:49:37 CET", "soon"] {
            assert_eq!(http_date(text), None, "{text}");
        }
    }
}
