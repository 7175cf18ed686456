//! Ids that look like the real ones. Equal seeds give equal ids, in the same order.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

/// Id of a space.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct SpaceId(pub u64);

/// Id of an entry; unique in all spaces, and the same after a move. On the wire, a root is `0`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct EntryId(pub u64);

impl fmt::Display for SpaceId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl fmt::Display for EntryId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl FromStr for SpaceId {
    type Err = std::num::ParseIntError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        text.parse().map(Self)
    }
}

impl FromStr for EntryId {
    type Err = std::num::ParseIntError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        text.parse().map(Self)
    }
}

/// Makes ids: a seed, and how many were made.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Ids {
    seed: u64,
    made: u64,
}

impl Ids {
    /// Starts with a seed.
    pub fn new(seed: u64) -> Self {
        Self { seed, made: 0 }
    }

    /// What it started with.
    pub fn seed(&self) -> u64 {
        self.seed
    }

    /// Thirty-two letters and digits, as uuids of entries are.
    pub fn uuid(&mut self) -> String {
        self.letters(32)
    }

    /// Letters and digits.
    pub fn letters(&mut self, length: usize) -> String {
        const ALPHABET: &[u8; 62] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";
        // Ten letters are about as many as there are in 64 bits; then others come, which the first tell nothing of.
        let first = self.next();
        let mut rest = first;
        let mut text = String::with_capacity(length);
        for place in 0..length {
            if place > 0 && place % 10 == 0 {
                let stretch = u64::try_from(place / 10).unwrap_or_default();
                rest = mix(first.wrapping_add(stretch.wrapping_mul(STEP)));
            }
            let letter = usize::try_from(rest % 62).unwrap_or_default();
            text.push(ALPHABET.get(letter).copied().map_or('A', char::from));
            rest /= 62;
        }
        text
    }

    /// Hexadecimal digits in upper case, in the groups of a UUID, as request ids are.
    pub fn request(&mut self) -> String {
        let (high, low) = (self.next(), mix(self.seed ^ self.made.rotate_left(32)));
        let hex = format!("{high:016X}{low:016X}");
        let mut text = String::with_capacity(36);
        for (place, digit) in hex.chars().enumerate() {
            if matches!(place, 8 | 12 | 16 | 20) {
                text.push('-');
            }
            text.push(digit);
        }
        text
    }

    /// Twenty-four hexadecimal digits in upper case, as request ids of the object storage are.
    pub fn storage_request(&mut self) -> String {
        let (high, low) = (self.next(), mix(self.seed ^ self.made.rotate_left(32)));
        format!("{high:016X}{:08X}", low >> 32)
    }

    /// A number of twelve digits. It grows, so that newer things have larger ids.
    pub fn number(&mut self) -> u64 {
        self.made += 1;
        let noise = mix(self.seed ^ self.made) % 900;
        200_000_000_000 + self.made * 1_000 + noise
    }

    fn next(&mut self) -> u64 {
        self.made += 1;
        mix(self.seed.wrapping_add(self.made.wrapping_mul(STEP)))
    }
}

/// By how much the state of `SplitMix64` grows.
const STEP: u64 = 0x9E37_79B9_7F4A_7C15;

/// The finaliser of `SplitMix64`.
fn mix(value: u64) -> u64 {
    let value = (value ^ (value >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
    let value = (value ^ (value >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
    value ^ (value >> 31)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn equal_seeds_give_equal_ids_and_other_seeds_others() {
        let mut first = Ids::new(7);
        let mut second = Ids::new(7);
        let mut other = Ids::new(8);
        let uuid = first.uuid();
        assert_eq!(uuid.len(), 32);
        assert_eq!(uuid, second.uuid());
        assert_ne!(uuid, other.uuid());
        assert_ne!(uuid, first.uuid());
    }

    /// Every stretch of an id, and not only its beginning, tells one from another.
    #[test]
    fn no_stretch_of_ids_repeats() {
        let mut ids = Ids::new(7);
        let made: Vec<String> = (0..20_000).map(|_| ids.letters(62)).collect();
        for start in [0, 9, 10, 20, 30, 40, 50, 52] {
            let stretches: std::collections::BTreeSet<&str> =
                made.iter().filter_map(|id| id.get(start..start + 10)).collect();
            assert_eq!(stretches.len(), made.len(), "from letter {start} on");
        }
        let letters: std::collections::BTreeSet<char> = made.iter().filter_map(|id| id.chars().last()).collect();
        assert_eq!(letters.len(), 62, "any letter can be the last");
    }

    #[test]
    fn numbers_grow() {
        let mut ids = Ids::new(3);
        let numbers: Vec<u64> = (0..1000).map(|_| ids.number()).collect();
        assert!(numbers.is_sorted_by(|a, b| a < b));
    }

    #[test]
    fn request_ids_have_the_form_of_a_uuid() {
        let id = Ids::new(1).request();
        let groups: Vec<usize> = id.split('-').map(str::len).collect();
        assert_eq!(groups, [8, 4, 4, 4, 12]);
    }
}
