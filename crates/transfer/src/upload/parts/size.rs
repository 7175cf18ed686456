//! How large parts are.

/// Parts of a file at most.
pub(in super::super) const MOST_PARTS: u64 = 10_000;
/// Largest part that the storage takes.
const LARGEST_PART: u64 = 5 << 30;
/// Parts grow in steps of this, so that reads stay aligned.
const STEP: u64 = 1 << 20;
/// Largest part that is held in memory.
const LARGEST_HELD: u64 = 256 << 20;
/// Where nobody knows how much will come, a part is this part of what has.
const SHARE: u64 = 16;

/// Largest file in parts: 48.8 TiB.
pub(in super::super) const LARGEST_FILE: u64 = MOST_PARTS * LARGEST_PART;

/// Size of the parts of a file: as wished, unless more than 10,000 would come of it. None for what no parts can hold.
pub(crate) fn part_size(length: u64, wished: u64) -> Option<u64> {
    let least = length.div_ceil(MOST_PARTS);
    let part = if least <= wished { wished } else { least.next_multiple_of(STEP) };
    (length <= LARGEST_FILE).then_some(part.clamp(1, LARGEST_PART))
}

/// Size of the next part of what comes without a length, when so many bytes have come: a sixteenth of them, so that what
/// is read before anything is sent stays a small part of the whole, while 10,000 parts hold 48 TiB. In memory they stay
/// smaller, and hold less.
pub(in super::super) fn growing(come: u64, wished: u64, is_on_disk: bool) -> u64 {
    let largest = if is_on_disk { LARGEST_PART } else { LARGEST_HELD };
    (come / SHARE / STEP * STEP).min(largest).max(wished).max(1)
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

    /// All that 10,000 parts hold, and how many are smaller than the largest.
    fn held(wished: u64, is_on_disk: bool) -> (u64, u64) {
        let (mut come, mut small) = (0, 0);
        for _ in 0..MOST_PARTS {
            let part = growing(come, wished, is_on_disk);
            assert!(part >= wished && part <= LARGEST_PART);
            // What is read before it is sent, and so what it is late, stays small.
            assert!(part == wished || part <= come / SHARE);
            small += u64::from(part < LARGEST_PART);
            come += part;
        }
        (come, small)
    }

    #[test]
    fn parts_of_an_unknown_length_grow_until_they_hold_48_tib() {
        const TIB: u64 = 1 << 40;
        let (most, small) = held(8 << 20, true);
        assert!(most > 48 * TIB && small < 150, "{most} {small}");
        assert_eq!(held(5 << 30, true), (LARGEST_FILE, 0), "who wishes the largest gets all of it");
        assert!(held(8 << 20, false).0 > 2 * TIB, "in memory");
        assert_eq!(growing(100 << 20, 8 << 20, true), 8 << 20);
        assert_eq!(growing(1 << 30, 8 << 20, true), 64 << 20);
    }
}
