//! `Range` headers as the object storage takes them.

/// What a `Range` header asks for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Asked {
    /// The whole object: no header, or one that is ignored.
    Whole,
    /// Bytes from the first to the last, both included.
    Part(u64, u64),
    /// Nothing that the object has; only with the standard behaviour.
    Unsatisfiable,
}

/// Reads a `Range` header for an object of a size. Unless the standard behaviour is asked for, a range that does not
/// lie within the object is ignored. Of several ranges, the first counts.
pub fn asked(header: Option<&str>, standard: bool, size: u64) -> Asked {
    let Some((from, to)) = header.and_then(first_range) else { return Asked::Whole };
    match (from, to) {
        (Some(from), to) => {
            let last = to.unwrap_or(size.saturating_sub(1));
            if to.is_some_and(|to| to < from) {
                Asked::Whole
            } else if from >= size {
                if standard { Asked::Unsatisfiable } else { Asked::Whole }
            } else if last < size {
                Asked::Part(from, last)
            } else if standard {
                Asked::Part(from, size - 1)
            } else {
                Asked::Whole
            }
        }
        (None, Some(count)) if count > 0 && count <= size => Asked::Part(size - count, size - 1),
        (None, Some(count)) if standard && count == 0 => Asked::Unsatisfiable,
        (None, Some(_)) if standard && size > 0 => Asked::Part(0, size - 1),
        (None, _) => Asked::Whole,
    }
}

fn first_range(header: &str) -> Option<(Option<u64>, Option<u64>)> {
    let first = header.trim().strip_prefix("bytes=")?.split(',').next()?.trim();
    let (from, to) = first.split_once('-')?;
    let number = |text: &str| if text.is_empty() { Some(None) } else { text.parse().ok().map(Some) };
    match (number(from.trim())?, number(to.trim())?) {
        (None, None) => None,
        range => Some(range),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Every row of the documentation's page about ranges, for an object of 1000 bytes.
    #[test]
    fn ranges_behave_as_documented() {
        let rows = [
            ("bytes=0-499", Asked::Part(0, 499), Asked::Part(0, 499)),
            ("bytes=500-999", Asked::Part(500, 999), Asked::Part(500, 999)),
            ("bytes=-500", Asked::Part(500, 999), Asked::Part(500, 999)),
            ("bytes=500-", Asked::Part(500, 999), Asked::Part(500, 999)),
            ("bytes=0-", Asked::Part(0, 999), Asked::Part(0, 999)),
            ("bytes=0-499,500-999", Asked::Part(0, 499), Asked::Part(0, 499)),
            ("byte=0-499", Asked::Whole, Asked::Whole),
            ("bytes=9-3", Asked::Whole, Asked::Whole),
            ("bytes=-", Asked::Whole, Asked::Whole),
            ("bytes=0-1000", Asked::Whole, Asked::Part(0, 999)),
            ("bytes=500-2000", Asked::Whole, Asked::Part(500, 999)),
            ("bytes=1000-2000", Asked::Whole, Asked::Unsatisfiable),
            ("bytes=1000-", Asked::Whole, Asked::Unsatisfiable),
            ("bytes=-2000", Asked::Whole, Asked::Part(0, 999)),
            ("bytes=-0", Asked::Whole, Asked::Unsatisfiable),
        ];
        for (header, plain, standard) in rows {
            assert_eq!(asked(Some(header), false, 1000), plain, "{header}");
            assert_eq!(asked(Some(header), true, 1000), standard, "{header} with the standard behaviour");
        }
        assert_eq!(asked(None, true, 1000), Asked::Whole);
        assert_eq!(asked(Some("bytes=0-0"), true, 0), Asked::Unsatisfiable);
    }
}
