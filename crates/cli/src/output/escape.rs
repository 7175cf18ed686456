//! Names as they can be shown: what would move the cursor or turn the reading direction is spelled out.

/// A text without characters that a terminal would not show as they are.
pub fn escaped(text: &str) -> String {
    let mut shown = String::with_capacity(text.len());
    for character in text.chars() {
        if is_deceiving(character) {
            shown.extend(character.escape_unicode());
        } else {
            shown.push(character);
        }
    }
    shown
}

/// Whether a character controls the terminal, or has text shown in another order than it is written in.
pub fn is_deceiving(character: char) -> bool {
    character.is_control()
        || matches!(character,
            '\u{61c}' | '\u{200b}' | '\u{200e}' | '\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'
            | '\u{2066}'..='\u{2069}' | '\u{feff}' | '\u{e0000}'..='\u{e007f}')
}

/// What a character is called, for messages about values that must not have it.
pub fn called(character: char) -> String {
    let name = match character {
        '\0' => "a NUL",
        '\t' => "a tab",
        '\n' => "a line break",
        '\r' => "a carriage return",
        '\u{1b}' => "an escape character",
        '\u{feff}' => "a byte order mark",
        _ if character.is_control() => "a control character",
        _ => "an invisible character",
    };
    format!("{name} (U+{:04X})", u32::from(character))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_deceives_is_spelled_out_and_nothing_else_is() {
        assert_eq!(escaped("gnp.\u{202e}txt\n\u{1b}[2J"), "gnp.\\u{202e}txt\\u{a}\\u{1b}[2J");
        for harmless in ["報告 2026.pdf", "naïve.txt", "👩\u{200d}🚀.png", "a\\u{202e}b"] {
            assert_eq!(escaped(harmless), harmless);
        }
    }
}
