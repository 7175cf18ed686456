//! Any number of texts, found in one pass.

use std::ops::Range;

/// Shorter beginnings of a text tell nothing about it.
const BEGINNING: usize = 4;

/// Texts to look for.
pub(super) struct Patterns {
    /// In order, each once.
    texts: Vec<Vec<u8>>,
    /// For each text, the longest other one that it begins with.
    begins_with: Vec<Option<usize>>,
    /// A bit for each pair of bytes with which some text begins: most places of what is searched are none.
    pairs: Vec<u64>,
    longest: usize,
}

impl Patterns {
    pub(super) fn new(texts: impl IntoIterator<Item = Vec<u8>>) -> Self {
        let mut texts: Vec<Vec<u8>> = texts.into_iter().filter(|text| !text.is_empty()).collect();
        texts.sort_unstable();
        texts.dedup();
        let mut pairs = vec![0; 1 << 10];
        let mut mark = |first: u8, second: u8| {
            let pair = usize::from(first) << 8 | usize::from(second);
            if let Some(bits) = pairs.get_mut(pair / 64) {
                *bits |= 1 << (pair % 64);
            }
        };
        // Texts that begin alike stand beside each other, the shorter ones first.
        let mut open: Vec<usize> = Vec::new();
        let mut begins_with = Vec::with_capacity(texts.len());
        for (index, text) in texts.iter().enumerate() {
            while open.pop_if(|shorter| !texts.get(*shorter).is_some_and(|shorter| text.starts_with(shorter))).is_some()
            {
            }
            begins_with.push(open.last().copied());
            open.push(index);
            match text.as_slice() {
                [first, second, ..] => mark(*first, *second),
                [first] => (0..=u8::MAX).for_each(|second| mark(*first, second)),
                [] => {}
            }
        }
        let longest = texts.iter().map(Vec::len).max().unwrap_or(0);
        Self { texts, begins_with, pairs, longest }
    }

    pub(super) fn is_empty(&self) -> bool {
        self.texts.is_empty()
    }

    /// Those of these that a text holds, or begins at its end where it was cut.
    pub(super) fn found<'p, 't>(
        &'p self,
        text: &'t [u8],
        is_cut: bool,
    ) -> impl Iterator<Item = &'p [u8]> + use<'p, 't> {
        let cut = is_cut.then(|| self.beginning(text)).flatten().map(|(_, pattern)| pattern);
        (0..text.len()).filter_map(move |start| self.at(text, start)).chain(cut)
    }

    /// Where these stand in a text, in order; places that overlap are one.
    pub(super) fn places(&self, text: &[u8], is_cut: bool) -> Vec<Range<usize>> {
        let mut places: Vec<Range<usize>> = Vec::new();
        let found = (0..text.len()).filter_map(|start| Some(start..start + self.at(text, start)?.len()));
        let cut = is_cut.then(|| self.beginning(text)).flatten().map(|(start, _)| start..text.len());
        let mut found: Vec<Range<usize>> = found.chain(cut).collect();
        found.sort_unstable_by_key(|place| place.start);
        for place in found {
            match places.last_mut().filter(|last| place.start < last.end) {
                Some(last) => last.end = last.end.max(place.end),
                None => places.push(place),
            }
        }
        places
    }

    /// The longest of these that stands at a place.
    fn at(&self, text: &[u8], start: usize) -> Option<&[u8]> {
        let rest = text.get(start..)?;
        if !self.may_begin(rest) {
            return None;
        }
        // Whatever `rest` begins with comes before it in order, and all between the two begin with the same.
        let mut candidate = self.texts.partition_point(|text| text.as_slice() <= rest).checked_sub(1);
        while let Some(index) = candidate {
            let text = self.texts.get(index)?;
            if rest.starts_with(text) {
                return Some(text);
            }
            candidate = self.begins_with.get(index).copied().flatten();
        }
        None
    }

    /// Where a text's end begins with one of these that would go on, and with which.
    fn beginning(&self, text: &[u8]) -> Option<(usize, &[u8])> {
        let first = text.len().saturating_sub(self.longest);
        (first..(text.len() + 1).saturating_sub(BEGINNING)).find_map(|start| {
            let rest = text.get(start..).filter(|rest| self.may_begin(rest))?;
            let next = self.texts.partition_point(|text| text.as_slice() < rest);
            let pattern = self.texts.get(next).filter(|pattern| pattern.starts_with(rest))?;
            Some((start, pattern.as_slice()))
        })
    }

    fn may_begin(&self, rest: &[u8]) -> bool {
        let pair = match rest {
            [first, second, ..] => usize::from(*first) << 8 | usize::from(*second),
            // One text may be as short; where it is, all pairs with it are marked.
            [first] => usize::from(*first) << 8,
            [] => return false,
        };
        self.pairs.get(pair / 64).is_some_and(|bits| bits >> (pair % 64) & 1 == 1)
    }
}
