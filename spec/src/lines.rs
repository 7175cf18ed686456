//! Lines and columns of a text. Looked up for many places of one text, so what can be counted once is.

/// A column is counted from the nearest of these marks, not from the start of what may be a very long line.
const MARK_EVERY: usize = 1024;

/// Where the lines of a text start, and how many characters stand before each mark.
#[derive(Debug)]
pub(crate) struct Lines {
    starts: Vec<usize>,
    /// Characters before each multiple of [`MARK_EVERY`] bytes; none when every byte is a character.
    marks: Option<Vec<usize>>,
}

impl Lines {
    pub(crate) fn new(text: &str) -> Self {
        let newlines = text.bytes().enumerate().filter(|(_, byte)| *byte == b'\n');
        let starts = std::iter::once(0).chain(newlines.map(|(at, _)| at + 1)).collect();
        Self { starts, marks: (!text.is_ascii()).then(|| marks(text)) }
    }

    /// Line and column of a byte, both from 1; the column in characters.
    pub(crate) fn position(&self, text: &str, byte: usize) -> (usize, usize) {
        let line = self.starts.partition_point(|start| *start <= byte);
        let start = self.starts.get(line.wrapping_sub(1)).copied().unwrap_or_default();
        let column = self.characters_before(text, byte).saturating_sub(self.characters_before(text, start));
        (line, column + 1)
    }

    fn characters_before(&self, text: &str, byte: usize) -> usize {
        let Some(marks) = &self.marks else { return byte };
        let mark = byte / MARK_EVERY;
        let before = marks.get(mark).copied().unwrap_or_default();
        let rest = text.as_bytes().get(mark * MARK_EVERY..byte).unwrap_or_default();
        before + rest.iter().filter(|byte| starts_character(**byte)).count()
    }
}

fn marks(text: &str) -> Vec<usize> {
    let mut marks = Vec::new();
    let mut characters = 0;
    for chunk in text.as_bytes().chunks(MARK_EVERY) {
        marks.push(characters);
        characters += chunk.iter().filter(|byte| starts_character(**byte)).count();
    }
    marks.push(characters);
    marks
}

/// In UTF-8, all bytes of a character but the first begin with the bits 10.
fn starts_character(byte: u8) -> bool {
    byte & 0b1100_0000 != 0b1000_0000
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn positions_are_those_that_counting_gives() {
        let text = format!("a\n文件 b\n\n{}é\nlast", "文x".repeat(1_000));
        let lines = Lines::new(&text);
        for (byte, _) in text.char_indices().chain([(text.len(), ' ')]) {
            let before = &text[..byte];
            let start = before.rfind('\n').map_or(0, |newline| newline + 1);
            let counted = (before.matches('\n').count() + 1, before[start..].chars().count() + 1);
            assert_eq!(lines.position(&text, byte), counted, "at byte {byte}");
        }
    }
}
