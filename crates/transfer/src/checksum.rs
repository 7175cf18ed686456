//! CRC-64/XZ, the checksum that the object storage keeps of every object.

use crc_fast::{CrcAlgorithm, Digest, checksum_combine};

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

    /// Of two pieces that follow each other, without their bytes.
    pub(crate) fn combined(first: u64, second: u64, second_length: u64) -> u64 {
        checksum_combine(CrcAlgorithm::Crc64Xz, first, second, second_length)
    }
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
}
