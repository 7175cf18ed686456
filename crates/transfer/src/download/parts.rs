//! Which stretches of a file are there, and which are missing.

use std::ops::Range;

use crate::checksum::Crc64;

/// A stretch that is there.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Part {
    pub(super) range: Range<u64>,
    pub(super) crc: u64,
}

/// The stretches that are there, in order; none overlaps another.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Parts(Vec<Part>);

impl Parts {
    /// Adds a stretch, unless some of it is there.
    pub(super) fn add(&mut self, part: Part) {
        let place = self.0.partition_point(|other| other.range.start < part.range.start);
        let before = place.checked_sub(1).and_then(|before| self.0.get(before));
        let follows = before.is_none_or(|before| before.range.end <= part.range.start);
        let precedes = self.0.get(place).is_none_or(|next| part.range.end <= next.range.start);
        if follows && precedes && !part.range.is_empty() {
            self.0.insert(place, part);
        }
    }

    pub(super) fn iter(&self) -> impl Iterator<Item = &Part> {
        self.0.iter()
    }

    /// Forgets the last one.
    pub(super) fn forget_last(&mut self) {
        self.0.pop();
    }

    /// Bytes of all of them.
    pub(super) fn bytes(&self) -> u64 {
        self.0.iter().map(|part| part.range.end - part.range.start).sum()
    }

    /// What of a range is missing, in pieces of at most `largest` bytes.
    pub(super) fn missing(&self, range: &Range<u64>, largest: u64) -> impl Iterator<Item = Range<u64>> + use<> {
        let starts = std::iter::once(range.start).chain(self.0.iter().map(|part| part.range.end));
        let ends = self.0.iter().map(|part| part.range.start).chain([range.end]);
        let gaps: Vec<Range<u64>> = starts.zip(ends).map(|(start, end)| start..end).collect();
        gaps.into_iter().filter(|gap| gap.start < gap.end).flat_map(move |gap| {
            let pieces = std::iter::successors(Some(gap.start), move |start| start.checked_add(largest.max(1)));
            pieces
                .take_while(move |start| *start < gap.end)
                .map(move |start| start..start.saturating_add(largest.max(1)).min(gap.end))
        })
    }

    /// CRC-64/XZ of all of them, one after the other.
    pub(super) fn checksum(&self) -> u64 {
        self.0.iter().fold(0, |crc, part| Crc64::combined(crc, part.crc, part.range.end - part.range.start))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn part(range: Range<u64>) -> Part {
        Part { range, crc: 0 }
    }

    #[test]
    fn gaps_come_in_pieces_and_nothing_is_there_twice() {
        let mut parts = Parts::default();
        for range in [20..30, 0..10, 5..7, 25..40, 50..50] {
            parts.add(part(range));
        }
        assert_eq!(parts.bytes(), 20);
        let missing: Vec<Range<u64>> = parts.missing(&(0..45), 8).collect();
        assert_eq!(missing, [10..18, 18..20, 30..38, 38..45]);
        assert_eq!(Parts::default().missing(&(0..0), 8).count(), 0);
        let whole: Vec<Range<u64>> = Parts::default().missing(&(3..u64::MAX), u64::MAX - 1).collect();
        assert_eq!((whole.len(), whole.first()), (1, Some(&(3..u64::MAX))));
    }

    #[test]
    fn checksums_combine_in_the_order_of_the_file() {
        let mut parts = Parts::default();
        let content = b"123456789";
        for range in [4..9, 0..4] {
            let mut crc = Crc64::new();
            crc.update(content.get(range.start..range.end).unwrap_or_default());
            parts.add(Part { range: range.start as u64..range.end as u64, crc: crc.value() });
        }
        assert_eq!(parts.checksum(), 0x995d_c9bb_df19_39fa);
    }
}
