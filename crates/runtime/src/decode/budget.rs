//! How much an answer may become in memory.

use super::Failure;

/// Bounds on what one answer becomes in memory.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Bounds {
    /// Most elements of lists and entries of maps, all together.
    pub(crate) elements: usize,
    /// Most bytes. Without a number it is [`TIMES`](Self::TIMES) the size of the answer, or
    /// [`ALWAYS`](Self::ALWAYS).
    pub(crate) bytes: Option<usize>,
}

impl Bounds {
    /// Answers of this API take one to five times their size: the most where every value is a small text.
    const TIMES: usize = 6;
    /// Small answers may have any shape.
    const ALWAYS: usize = 1024 * 1024;
    pub(super) const NONE: Self = Self { elements: usize::MAX, bytes: Some(usize::MAX) };

    /// The bounds of an answer of this size, whatever its bytes are made into before they are read.
    pub(crate) fn of_size(self, size: usize) -> Self {
        let bytes = self.bytes.unwrap_or_else(|| size.saturating_mul(Self::TIMES).max(Self::ALWAYS));
        Self { bytes: Some(bytes), ..self }
    }

    /// What these leave beside a body that is this much larger than the answer was.
    pub(crate) fn beside(self, growth: usize) -> Self {
        Self { bytes: self.bytes.map(|bytes| bytes.saturating_sub(growth)), ..self }
    }
}

impl Default for Bounds {
    fn default() -> Self {
        Self { elements: 100_000, bytes: None }
    }
}

/// What is left of the bounds. It is charged before memory is taken, for what the allocator will be asked for.
#[derive(Debug)]
pub(super) struct Budget {
    elements: usize,
    bytes: usize,
    bounds: Bounds,
}

impl Budget {
    pub(super) fn new(bounds: Bounds, size: usize) -> Self {
        let bounds = bounds.of_size(size);
        Self { elements: bounds.elements, bytes: bounds.bytes.unwrap_or_default(), bounds }
    }

    /// An element of a list, or an entry of a map, comes.
    pub(super) fn element(&mut self) -> Result<(), Failure> {
        let left = self.elements.checked_sub(1);
        self.elements = left.ok_or_else(|| Failure::too_many(self.bounds.elements))?;
        Ok(())
    }

    pub(super) fn take(&mut self, bytes: usize) -> Result<(), Failure> {
        let left = self.bytes.checked_sub(bytes);
        self.bytes = left.ok_or_else(|| Failure::too_large(self.bounds.bytes.unwrap_or_default()))?;
        Ok(())
    }

    /// What was taken is free again.
    pub(super) fn give_back(&mut self, bytes: usize) {
        self.bytes = self.bytes.saturating_add(bytes);
    }

    /// Makes room for one more element. While a list moves, it is there twice.
    pub(super) fn grow<T>(&mut self, list: &mut Vec<T>) -> Result<(), Failure> {
        let (length, size) = (list.len(), size_of::<T>());
        if length < list.capacity() {
            return Ok(());
        }
        let more = length.max(4);
        self.take(size.saturating_mul(length + more))?;
        list.reserve_exact(more);
        self.give_back(size * length);
        Ok(())
    }

    /// An entry of a `BTreeMap` that has so many. A full node is parted in two halves, at first with one more above.
    pub(super) fn entry<T>(&mut self, length: usize, name: &str) -> Result<(), Failure> {
        const ROOM: usize = 11;
        const HALF: usize = 5;
        let nodes = match length {
            0 => 1,
            ROOM => 2,
            _ => usize::from(length > ROOM && (length - ROOM).is_multiple_of(HALF)),
        };
        // With pointers up and down.
        let node = ROOM * (size_of::<String>() + size_of::<T>() + 2 * size_of::<usize>());
        self.take(nodes * node + name.len())
    }
}
