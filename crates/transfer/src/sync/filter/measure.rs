//! Sizes and ages as rclone writes them.

use std::time::Duration;

/// Reads a size: `100` are KiB, `10B` bytes; `K`, `M`, `G`, `T`, `P` and `E` are powers of 1,024, with or without `i` and
/// `B` behind; none for what is no size.
///
/// ```
/// use dingtalk_storage_transfer::parse_size;
/// assert_eq!((parse_size("1.5k"), parse_size("2MiB"), parse_size("7")), (Some(1536), Some(2 << 20), Some(7 << 10)));
/// ```
#[must_use]
pub fn parse_size(text: &str) -> Option<u64> {
    let text = text.trim();
    let lower = text.to_ascii_lowercase();
    let is_number = |character: char| character.is_ascii_digit() || character == '.';
    let unit = lower.trim_start_matches(is_number);
    let number: f64 = lower.strip_suffix(unit)?.parse().ok()?;
    let power = match unit {
        "b" => 0,
        "" | "k" | "ki" | "kib" => 1,
        "m" | "mi" | "mib" => 2,
        "g" | "gi" | "gib" => 3,
        "t" | "ti" | "tib" => 4,
        "p" | "pi" | "pib" => 5,
        "e" | "ei" | "eib" => 6,
        _ => return None,
    };
    let bytes = number * 1024_f64.powi(power);
    #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "it is checked to be in range")]
    (bytes < 9.0e18).then_some(bytes as u64)
}

/// Reads an age: seconds, or with a unit: `ms`, `s`, `m`, `h`, `d`, `w`, `M` (30 days), `y` (365 days); several parts such
/// as `1h30m` add up; none for what is no age.
///
/// ```
/// use dingtalk_storage_transfer::parse_age;
/// assert_eq!(parse_age("1.5h"), parse_age("1h30m"));
/// assert_eq!(parse_age("2d").map(|age| age.as_secs()), Some(172_800));
/// ```
#[must_use]
pub fn parse_age(text: &str) -> Option<Duration> {
    let mut rest = text.trim();
    let mut age = Duration::ZERO;
    if rest.is_empty() {
        return None;
    }
    while !rest.is_empty() {
        let unit_at = rest.find(|character: char| !character.is_ascii_digit() && character != '.');
        let (number, behind) = rest.split_at(unit_at.unwrap_or(rest.len()));
        let next = behind.find(|character: char| character.is_ascii_digit() || character == '.');
        let (unit, after) = behind.split_at(next.unwrap_or(behind.len()));
        let seconds = match unit {
            "ms" => 0.001,
            "" | "s" => 1.0,
            "m" => 60.0,
            "h" => 3_600.0,
            "d" => 86_400.0,
            "w" => 7.0 * 86_400.0,
            "M" => 30.0 * 86_400.0,
            "y" => 365.0 * 86_400.0,
            _ => return None,
        };
        let part = Duration::try_from_secs_f64(number.parse::<f64>().ok()? * seconds).ok()?;
        age = age.checked_add(part)?;
        rest = after;
    }
    Some(age)
}
