//! Ranges of bytes as clients ask for them.

/// A range of a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Range {
    pub start: u64,
    /// The byte after the last; none for the end of the file.
    pub end: Option<u64>,
}

impl Range {
    pub const WHOLE: Self = Self { start: 0, end: None };

    /// Reads the header `Range`; several ranges, and those that are counted from the end, are none.
    pub fn parse(text: &str) -> Option<Self> {
        let (start, last) = text.trim().strip_prefix("bytes=")?.split_once('-')?;
        let start = start.trim().parse().ok()?;
        let end = match last.trim() {
            "" => None,
            last => Some(last.parse::<u64>().ok()?.checked_add(1)?),
        };
        end.is_none_or(|end| end > start).then_some(Self { start, end })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_range_from_the_beginning_is_read() {
        assert_eq!(Range::parse("bytes=0-0"), Some(Range { start: 0, end: Some(1) }));
        assert_eq!(Range::parse("bytes=7-"), Some(Range { start: 7, end: None }));
        for text in
            ["", "bytes=-5", "bytes=5-3", "bytes=0-1,3-4", "items=0-1", "bytes=a-b", "bytes=0-18446744073709551615"]
        {
            assert_eq!(Range::parse(text), None, "{text}");
        }
    }
}
