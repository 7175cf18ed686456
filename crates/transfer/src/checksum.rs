//! CRC-64/XZ, the checksum that the object storage keeps of every object.

use crc_fast::{CrcAlgorithm, Digest};

/// The polynomial of CRC-64/XZ without its highest term, the term of x^0 in the highest bit, as in all that follows.
const POLYNOMIAL: u64 = 0xc96c_5795_d787_0f42;
const ONE: u64 = 1 << 63;
/// x^8: what one more byte multiplies by.
const BYTE: u64 = ONE >> 8;

/// A checksum that grows with the bytes.
#[derive(Debug, Clone)]
pub(crate) struct Crc64(Digest);

impl Crc64 {
    pub(crate) fn new() -> Self {
        Self(Digest::new(CrcAlgorithm::Crc64Xz))
    }

    pub(crate) fn update(&mut self, bytes: &[u8]) {
        self.0.update(bytes);
    }

    pub(crate) fn value(&self) -> u64 {
        self.0.finalize()
    }

    /// Of a whole, when all of its bytes are there.
    pub(crate) fn of(bytes: &[u8]) -> u64 {
        let mut crc = Self::new();
        crc.update(bytes);
        crc.value()
    }

    /// Of two pieces that follow each other, without their bytes. The library takes a hundred times as long, which
    /// is seconds for a file of 10,000 parts.
    pub(crate) fn combined(first: u64, second: u64, second_length: u64) -> u64 {
        product(first, power(BYTE, second_length)) ^ second
    }
}

/// The product of two polynomials over GF(2), modulo that of the checksum.
fn product(mut one: u64, mut other: u64) -> u64 {
    let mut product = 0;
    while one != 0 {
        if one & ONE != 0 {
            product ^= other;
        }
        one <<= 1;
        other = if other & 1 == 0 { other >> 1 } else { other >> 1 ^ POLYNOMIAL };
    }
    product
}

fn power(mut base: u64, mut exponent: u64) -> u64 {
    let mut power = ONE;
    while exponent != 0 {
        if exponent & 1 != 0 {
            power = product(power, base);
        }
        base = product(base, base);
        exponent >>= 1;
    }
    power
}

/// Whether the bytes of a transfer were held against the storage's checksum.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Integrity {
    /// The storage's CRC-64/XZ is that of the bytes.
    Verified {
        /// The checksum of both.
        crc64: u64,
    },
    /// The storage told no checksum; the length alone is known to be right.
    Unverified {
        /// CRC-64/XZ of the bytes here.
        crc64: u64,
    },
}

impl Integrity {
    /// Whether both checksums are known, and equal.
    #[must_use]
    pub fn is_verified(self) -> bool {
        matches!(self, Self::Verified { .. })
    }

    /// CRC-64/XZ of the bytes here.
    #[must_use]
    pub fn crc64(self) -> u64 {
        match self {
            Self::Verified { crc64 } | Self::Unverified { crc64 } => crc64,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_checksum_is_crc64_xz_and_pieces_combine_to_the_whole() {
        // The check value of the catalogue of CRCs.
        assert_eq!(Crc64::of(b"123456789"), 0x995d_c9bb_df19_39fa);
        for split in 0..=9 {
            let (first, second) = b"123456789".split_at(split);
            let combined = Crc64::combined(Crc64::of(first), Crc64::of(second), second.len() as u64);
            assert_eq!(combined, Crc64::of(b"123456789"), "{split}");
        }
        assert_eq!(Crc64::of(b""), 0);
    }

    #[test]
    fn pieces_of_any_length_combine_as_in_the_library() {
        let mut random = fastrand::Rng::with_seed(7);
        let lengths = [0, 1, 8 << 20, 5 << 30, u64::MAX].into_iter();
        for length in lengths.chain((0..64).map(|bit| 1 << bit)) {
            let (first, second) = (random.u64(..), random.u64(..));
            let expected = crc_fast::checksum_combine(CrcAlgorithm::Crc64Xz, first, second, length);
            assert_eq!(Crc64::combined(first, second, length), expected, "{first:x} {second:x} {length}");
        }
    }
}
