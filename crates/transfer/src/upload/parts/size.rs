//! How large parts are.

/// Parts of a file at most.
const MOST_PARTS: u64 = 10_000;
/// Largest part that the storage takes.
const LARGEST_PART: u64 = 5 << 30;
/// Parts grow in steps of this, so that reads stay aligned.
const STEP: u64 = 1 << 20;
/// Largest part that is held in memory.
const LARGEST_HELD: u64 = 256 << 20;
/// So many parts have one size, where nobody knows how many there will be.
const GROWS_AFTER: u64 = 1_000;

/// Largest file in parts: 48.8 TiB.
pub(in super::super) const LARGEST_FILE: u64 = MOST_PARTS * LARGEST_PART;

/// Size of the parts of a file: as wished, unless more than 10,000 would come of it. None for what no parts can hold.
pub(in super::super) fn part_size(length: u64, wished: u64) -> Option<u64> {
    let least = length.div_ceil(MOST_PARTS);
    let part = if least <= wished { wished } else { least.next_multiple_of(STEP) };
    (length <= LARGEST_FILE).then_some(part.clamp(1, LARGEST_PART))
}

/// Size of one part, counted from 1, of what comes without a length: they grow as there are more, up to what is held
/// in memory. None after the last one.
pub(in super::super) fn growing(number: u64, wished: u64) -> Option<u64> {
    let doublings = u32::try_from((number - 1) / GROWS_AFTER).unwrap_or(u32::MAX).min(10);
    let grown = wished.saturating_mul(1 << doublings);
    (number <= MOST_PARTS).then_some(grown.min(LARGEST_HELD.max(wished)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ten_thousand_parts_hold_any_length_and_none_is_larger_than_the_storage_takes() {
        let wished = 8 << 20;
        let lengths =
            [0, 1, wished, MOST_PARTS * wished, MOST_PARTS * wished + 1, 1 << 40, LARGEST_FILE - 1, LARGEST_FILE];
        for length in lengths {
            let part = part_size(length, wished).unwrap_or_default();
            assert!((wished..=LARGEST_PART).contains(&part), "{length}: {part}");
            assert!(length.div_ceil(part) <= MOST_PARTS, "{length}: {part}");
        }
        assert_eq!(part_size(MOST_PARTS * wished, wished), Some(wished), "no larger than it has to be");
        assert_eq!(part_size(LARGEST_FILE + 1, wished), None);
        assert_eq!(part_size(u64::MAX, wished), None);
    }

    #[test]
    fn parts_of_an_unknown_length_grow_but_stay_in_memory() {
        let wished = 8 << 20;
        assert_eq!(growing(1, wished), Some(wished));
        assert_eq!(growing(1_000, wished), Some(wished));
        assert_eq!(growing(1_001, wished), Some(2 * wished));
        assert_eq!(growing(10_000, wished), Some(256 << 20));
        assert_eq!(growing(10_000, 1 << 30), Some(1 << 30), "who wishes more gets it");
        assert_eq!(growing(10_001, wished), None);
        let most: u64 = (1..=MOST_PARTS).filter_map(|number| growing(number, wished)).sum();
        assert!(most > 1 << 40, "{most} bytes are all that a pipe can send");
    }
}
