//! Numbers by their digits.
//!
//! No number goes through a floating-point number on its way to an integer: `0.99999999999999999999` would become 1.

use super::Failure;

/// A number as it is written.
#[derive(Debug, Clone, Copy)]
pub(super) struct Number<'a> {
    pub(super) text: &'a str,
    /// It has neither fraction nor exponent.
    pub(super) is_plain: bool,
}

/// Why a number is no integer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum NotWhole {
    Fraction,
    TooLarge,
}

impl Number<'_> {
    /// The value, if it is whole: `7`, `7.0` and `70e-1` are, `7.5` is not.
    pub(super) fn whole(self) -> Result<i64, NotWhole> {
        if self.is_plain { self.text.parse().map_err(|_| NotWhole::TooLarge) } else { whole_of_decimal(self.text) }
    }
}

impl From<NotWhole> for Failure {
    fn from(reason: NotWhole) -> Self {
        match reason {
            NotWhole::Fraction => Self::shape("a whole number", "a fraction"),
            NotWhole::TooLarge => Self::shape("a number of 64 bits with sign", "a larger number"),
        }
    }
}

/// The number that a text consists of.
pub(super) fn whole_of_text(text: &str) -> Result<i64, Failure> {
    let text = text.trim();
    if let Ok(number) = text.parse() {
        return Ok(number);
    }
    match length(text.as_bytes()) {
        Some((length, is_plain)) if length == text.len() => Ok(Number { text, is_plain }.whole()?),
        _ => Err(Failure::shape("a whole number", "a text")),
    }
}

/// Length of the number that a text begins with, and whether it has neither fraction nor exponent.
pub(super) fn length(text: &[u8]) -> Option<(usize, bool)> {
    let digits = |from: usize| {
        let rest = text.get(from..).unwrap_or_default();
        from + rest.iter().position(|byte| !byte.is_ascii_digit()).unwrap_or(rest.len())
    };
    let start = usize::from(text.first() == Some(&b'-'));
    let mut end = digits(start);
    let is_led_by_zero = text.get(start) == Some(&b'0') && end - start > 1;
    if end == start || is_led_by_zero {
        return None;
    }
    let is_plain = !matches!(text.get(end), Some(b'.' | b'e' | b'E'));
    if text.get(end) == Some(&b'.') {
        let fraction = end + 1;
        end = digits(fraction);
        if end == fraction {
            return None;
        }
    }
    if matches!(text.get(end), Some(b'e' | b'E')) {
        let sign = end + 1;
        let exponent = sign + usize::from(matches!(text.get(sign), Some(b'+' | b'-')));
        end = digits(exponent);
        if end == exponent {
            return None;
        }
    }
    Some((end, is_plain))
}

/// Of a number with a fraction or an exponent: its digits are those of an integer, times a power of ten.
fn whole_of_decimal(text: &str) -> Result<i64, NotWhole> {
    let (mantissa, exponent) = text.split_once(['e', 'E']).unwrap_or((text, "0"));
    let (integer, fraction) = mantissa.split_once('.').unwrap_or((mantissa, ""));
    let digits = integer.bytes().chain(fraction.bytes()).filter(u8::is_ascii_digit);
    let places_of_others = digits.clone().enumerate().filter(|(_, digit)| *digit != b'0').map(|(place, _)| place);
    let Some(last) = places_of_others.last() else { return Ok(0) };
    // What no power of ten in range can reach stays out of range.
    let exponent = exponent.parse::<i64>().unwrap_or(if exponent.starts_with('-') { i64::MIN } else { i64::MAX });
    let zeros = digits.clone().count() - last - 1;
    let places = i64::try_from(zeros).unwrap_or(i64::MAX) - i64::try_from(fraction.len()).unwrap_or(i64::MAX);
    let power = exponent.saturating_add(places);
    let power = u64::try_from(power).map_err(|_| NotWhole::Fraction)?;
    let is_negative = mantissa.starts_with('-');
    let step = |value: i64, digit: u8| {
        let digit = i64::from(digit - b'0');
        let value = value.checked_mul(10)?;
        if is_negative { value.checked_sub(digit) } else { value.checked_add(digit) }
    };
    let value = digits.take(last + 1).try_fold(0, step);
    // More zeros than a number of 64 bits has places would make it too large anyway.
    let value = (0..power.min(20)).try_fold(value.ok_or(NotWhole::TooLarge)?, |value: i64, _| value.checked_mul(10));
    value.ok_or(NotWhole::TooLarge)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn whole(text: &str) -> Result<i64, NotWhole> {
        let (length, is_plain) = length(text.as_bytes()).unwrap_or_default();
        assert_eq!(length, text.len(), "{text} is a number");
        Number { text, is_plain }.whole()
    }

    #[test]
    fn whole_numbers_are_whole_however_they_are_written() {
        let cases = [
            ("7", 7),
            ("-7", -7),
            ("-0", 0),
            ("0.0", 0),
            ("0e99999999999999999999", 0),
            ("0.000e-5", 0),
            ("7.0", 7),
            ("7.000000000000000000000000000000", 7),
            ("7e0", 7),
            ("7E+2", 700),
            ("70e-1", 7),
            ("1.653730636E12", 1_653_730_636_000),
            ("0.00007e5", 7),
            ("-9223372036854775808.0", i64::MIN),
            ("9.223372036854775807e18", i64::MAX),
            ("4503599627370497.0", 4_503_599_627_370_497),
            ("9007199254740993.0", 9_007_199_254_740_993),
        ];
        for (text, number) in cases {
            assert_eq!(whole(text), Ok(number), "{text}");
        }
    }

    #[test]
    fn fractions_are_never_rounded() {
        let fractions = [
            "0.5",
            "-0.5",
            "7.5",
            "0.99999999999999999999",
            "4503599627370497.7",
            "9007199254740992.5",
            "1e-1",
            "1e-400",
            "1e-99999999999999999999",
            "75e-1",
            "1.0000000000000000000000000000000000000001",
            "123456789012345678901234567890.5",
        ];
        for text in fractions {
            assert_eq!(whole(text), Err(NotWhole::Fraction), "{text}");
        }
        let large =
            ["9223372036854775808", "-9223372036854775809", "1e400", "1e19", "-1e99999999999999999999", "9.3e18"];
        for text in large {
            assert_eq!(whole(text), Err(NotWhole::TooLarge), "{text}");
        }
    }

    #[test]
    fn only_the_numbers_of_json_are_numbers() {
        for text in ["", "-", "+1", "01", "-01", ".5", "1.", "1.e5", "1e", "1e+", "e5", "NaN", "Infinity"] {
            assert!(length(text.as_bytes()).is_none_or(|(length, _)| length < text.len()), "{text}");
        }
    }
}
