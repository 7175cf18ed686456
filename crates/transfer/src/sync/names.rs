//! Names that one side cannot hold, written so that it can, and read back.
//!
//! A character that a side does not take stands there as a quote (`‛`, U+201B) and a picture of it: `*` as `‛＊`, a tab as
//! `‛␉`, and one of the control characters behind ASCII, which have no pictures, as a block: U+0085 as `‛▅`. Between both sides is the true name, which either side writes as far as it has to: `a*b` is `a*b` on Linux and
//! `a‛＊b` on Windows and in the drive. Full-width characters that stand there without the quote are nobody's picture.
//!
//! What only cannot be seen, such as U+2028, a mark of the reading direction or one of no width, is taken by both sides, and
//! stays as it is.

use crate::Error;

/// Announces a picture.
const QUOTE: char = '‛';

/// The name as the drive can hold it, which takes neither control characters nor `*"<>|/\\`, no blank at either end and no
/// dot at the end: such a character stands there as `‛` and a picture of it, `a*b` as `a‛＊b`.
/// [`name_from_drive`] reads it back. A sync does the same.
///
/// # Errors
///
/// Says what no name has: more than 255 characters, or none at all.
pub fn name_on_drive(name: &str) -> Result<String, &'static str> {
    Holder::Drive.write(name)
}

/// Refuses a name that nothing of the drive can have, before anything is sent. Blanks around a name are cut by the drive.
///
/// # Errors
///
/// [`Error::DriveName`].
pub fn check_drive_name(name: &str) -> Result<(), Error> {
    let cut = name.trim_matches(' ');
    let reason = if cut.is_empty() {
        "it is empty"
    } else if cut.chars().any(char::is_control) {
        "it has a control character"
    } else if cut.chars().any(|character| Holder::Drive.refuses(character)) {
        "the drive takes none of * \" < > | / \\ in a name"
    } else if cut.ends_with('.') {
        "it ends with a dot"
    } else {
        match Holder::Drive.check_length(cut) {
            Ok(()) => return Ok(()),
            Err(reason) => reason,
        }
    };
    Err(Error::DriveName { name: name.to_owned(), reason })
}

/// The name behind one that [`name_on_drive`] wrote; most names are their own.
///
/// # Errors
///
/// Says why another name would come of it, were it written again.
pub fn name_from_drive(written: &str) -> Result<String, &'static str> {
    Holder::Drive.read(written)
}

/// What holds names.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Holder {
    Drive,
    Unix,
    Windows,
}

impl Holder {
    /// This machine.
    pub(super) fn here() -> Self {
        if cfg!(windows) { Self::Windows } else { Self::Unix }
    }

    /// The name as this side writes it.
    pub(super) fn write(self, name: &str) -> Result<String, &'static str> {
        let characters: Vec<char> = name.chars().collect();
        let last = characters.len().checked_sub(1).ok_or("it is empty")?;
        let is_device = self == Self::Windows && is_device(name);
        let is_step = self != Self::Drive && matches!(name, "." | "..");
        let is_written = |at: usize, character: char| {
            self.refuses(character)
                || (at == last && character == '.' && (is_step || self != Self::Unix))
                || (character == ' ' && ((at == last && self != Self::Unix) || (at == 0 && self == Self::Drive)))
                || (at == 0 && is_device)
        };
        let mut written = String::with_capacity(name.len());
        for (at, character) in characters.iter().copied().enumerate() {
            match picture(character).filter(|_| is_written(at, character)) {
                Some(picture) => written.extend([QUOTE, picture]),
                None if character == QUOTE => {
                    let next = characters.get(at + 1).copied();
                    // It must not be taken for what announces the next one.
                    let is_read = |next| next == QUOTE || pictured(next).is_some() || is_written(at + 1, next);
                    written.push(QUOTE);
                    if next.is_some_and(is_read) {
                        written.push(QUOTE);
                    }
                }
                None => written.push(character),
            }
        }
        self.check_length(&written)?;
        Ok(written)
    }

    /// The true name behind what this side writes.
    pub(super) fn read(self, written: &str) -> Result<String, &'static str> {
        if self != Self::Drive && is_temporary(written) {
            return Err("that is what unfinished downloads are called");
        }
        if self != Self::Drive && written.contains('\\') {
            return Err("it has a backslash, which is between folders elsewhere");
        }
        let mut name = String::with_capacity(written.len());
        let mut rest = written.chars().peekable();
        let mut has_quoted = false;
        while let Some(character) = rest.next() {
            let quoted = |next: &char| *next == QUOTE || pictured(*next).is_some();
            match rest.next_if(|next| character == QUOTE && quoted(next)) {
                Some(next) => {
                    has_quoted = true;
                    name.push(pictured(next).unwrap_or(QUOTE));
                }
                None => name.push(character),
            }
        }
        // What is quoted without need would come back under another name.
        if has_quoted && self.write(&name).as_deref() != Ok(written) {
            return Err("it has a ‛ before a character that needs none, so it would not come back as it is");
        }
        Ok(name)
    }

    fn refuses(self, character: char) -> bool {
        match self {
            Self::Unix => matches!(character, '/' | '\\' | '\0'),
            Self::Drive => character.is_control() || "*\"<>|/\\".contains(character),
            Self::Windows => character < ' ' || "*\"<>|/\\:?".contains(character),
        }
    }

    fn check_length(self, written: &str) -> Result<(), &'static str> {
        match self {
            Self::Drive if written.chars().count() > 255 => Err("it is longer than the 255 characters of the drive"),
            Self::Unix if written.len() > 255 => Err("it is longer than 255 bytes"),
            Self::Windows if written.encode_utf16().count() > 255 => Err("it is longer than 255 characters"),
            _ => Ok(()),
        }
    }
}

/// What stands for a character of ASCII, or a control character.
fn picture(character: char) -> Option<char> {
    let code = u32::from(character);
    match code {
        0..=0x20 => char::from_u32(0x2400 + code),
        0x7f => Some('\u{2421}'),
        0x21..=0x7e => char::from_u32(code + 0xfee0),
        0x80..=0x9f => char::from_u32(code + 0x2500),
        _ => None,
    }
}

/// What a character stands for.
fn pictured(picture: char) -> Option<char> {
    let code = u32::from(picture);
    match code {
        0x2400..=0x2420 => char::from_u32(code - 0x2400),
        0x2421 => Some('\u{7f}'),
        0xff01..=0xff5e => char::from_u32(code - 0xfee0),
        0x2580..=0x259f => char::from_u32(code - 0x2500),
        _ => None,
    }
}

/// Whether Windows keeps a name for a device, with any extension.
fn is_device(name: &str) -> bool {
    let stem = name.split('.').next().unwrap_or(name).trim_end().to_ascii_uppercase();
    let number = stem.strip_prefix("COM").or_else(|| stem.strip_prefix("LPT"));
    matches!(stem.as_str(), "CON" | "PRN" | "AUX" | "NUL" | "CONIN$" | "CONOUT$")
        || number.is_some_and(|number| {
            matches!(number, "0" | "1" | "2" | "3" | "4" | "5" | "6" | "7" | "8" | "9" | "¹" | "²" | "³")
        })
}

/// Whether it is the name of a file that is still on its way.
pub(super) fn is_temporary(name: &str) -> bool {
    let key = name.strip_prefix(".dingtalk-");
    let key = key.and_then(|key| key.strip_suffix(".part").or_else(|| key.strip_suffix(".journal")));
    key.is_some_and(|key| key.len() == 16 && key.bytes().all(|byte| byte.is_ascii_hexdigit()))
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "tests fail by panicking")]
mod tests {
    use std::collections::HashMap;

    use super::*;

    const ALL: [Holder; 3] = [Holder::Drive, Holder::Unix, Holder::Windows];

    #[test]
    fn names_are_written_as_each_side_can_hold_them() {
        for (name, drive, unix, windows) in [
            ("a.txt", "a.txt", "a.txt", "a.txt"),
            ("a*b?", "a‛＊b?", "a*b?", "a‛＊b‛？"),
            ("a\tb", "a‛␉b", "a\tb", "a‛␉b"),
            ("end.", "end‛．", "end.", "end‛．"),
            (" x ", "‛␠x‛␠", " x ", " x‛␠"),
            ("con.txt", "con.txt", "con.txt", "‛ｃon.txt"),
            ("LPT1", "LPT1", "LPT1", "‛ＬPT1"),
            ("a/b\\c", "a‛／b‛＼c", "a‛／b‛＼c", "a‛／b‛＼c"),
            ("产品｜介绍", "产品｜介绍", "产品｜介绍", "产品｜介绍"),
            ("..", ".‛．", ".‛．", ".‛．"),
            ("it‛s", "it‛s", "it‛s", "it‛s"),
            ("a\u{85}b\u{9f}", "a‛▅b‛▟", "a\u{85}b\u{9f}", "a\u{85}b\u{9f}"),
            ("a\u{7f}", "a‛␡", "a\u{7f}", "a\u{7f}"),
            ("▅‛x", "▅‛x", "▅‛x", "▅‛x"),
            (
                "a\u{2028}\u{202e}\u{200b}b",
                "a\u{2028}\u{202e}\u{200b}b",
                "a\u{2028}\u{202e}\u{200b}b",
                "a\u{2028}\u{202e}\u{200b}b",
            ),
        ] {
            for (holder, written) in ALL.into_iter().zip([drive, unix, windows]) {
                assert_eq!(holder.write(name).as_deref(), Ok(written), "{holder:?} {name:?}");
                assert_eq!(holder.read(written).as_deref(), Ok(name), "{holder:?} {written:?}");
            }
        }
        assert!(Holder::Drive.write(&"x".repeat(256)).is_err() && Holder::Drive.write(&"字".repeat(255)).is_ok());
        assert!(Holder::Unix.write(&"字".repeat(86)).is_err() && Holder::Unix.write("").is_err());
        assert!(Holder::Unix.read(".dingtalk-0123456789abcdef.part").is_err() && Holder::Unix.read("a\\b").is_err());
    }

    /// One rule: what a sync would write is what the drive takes, for every character that any rule is about.
    #[test]
    fn every_character_goes_to_the_drive_and_comes_back() {
        let codes = (0..0x3200).chain(0xfe00..0x1_0000).chain([0x1_f680, 0xe_0001, 0xe_0041, 0x10_ffff]);
        for character in codes.filter_map(char::from_u32) {
            for name in
                [format!("{character}"), format!("a{character}"), format!("{character}b"), format!("‛{character}")]
            {
                for holder in ALL {
                    let written = holder.write(&name).unwrap();
                    assert_eq!(holder.read(&written).as_deref(), Ok(name.as_str()), "{holder:?} {written:?}");
                }
                let written = Holder::Drive.write(&name).unwrap();
                assert!(check_drive_name(&written).is_ok(), "{name:?} as {written:?}");
            }
        }
    }

    #[test]
    fn names_are_taken_as_far_as_the_drive_takes_them() {
        for name in ["", " ", "a>x", "a\\b", "a/b", "a\nb", "a\tb", "a.", "a. ", &"x".repeat(256), "a\u{85}b"] {
            assert!(check_drive_name(name).is_err(), "{name:?}");
        }
        for name in ["a", " a ", ".a", "a?:b", "报告‛＊", &"字".repeat(255)] {
            assert!(check_drive_name(name).is_ok(), "{name:?}");
            // What a sync writes can be had, whatever it is.
            assert!(check_drive_name(&Holder::Drive.write(name).unwrap()).is_ok(), "{name:?}");
        }
    }

    #[test]
    fn what_needs_no_quote_is_refused_because_it_would_not_come_back() {
        assert!(Holder::Unix.read("a‛＊b").is_err() && Holder::Drive.read("‛ａ").is_err());
        assert_eq!(Holder::Drive.read("a‛＊b").as_deref(), Ok("a*b"));
        // The drive has it all the same, so it can hold it.
        assert_eq!(Holder::Drive.read("a|b").as_deref(), Ok("a|b"));
    }

    #[test]
    fn whatever_the_name_both_ways_lead_back_and_no_two_names_meet() {
        let letters: Vec<char> = "a.‛＊*␉\t ␠．|:CON1Ｃ/\\\u{85}▅\u{80}▀\u{7f}\u{2028}\u{200b}".chars().collect();
        let mut random = fastrand::Rng::with_seed(7);
        for holder in ALL {
            let mut seen: HashMap<String, String> = HashMap::new();
            for _ in 0..50_000 {
                let name: String = (0..random.usize(1..6)).filter_map(|_| random.choice(&letters)).collect();
                let written = holder.write(&name).unwrap();
                assert_eq!(holder.read(&written).as_deref(), Ok(name.as_str()), "{holder:?} {written:?}");
                assert!(!written.chars().any(|character| holder.refuses(character)), "{holder:?} {written:?}");
                assert!(holder != Holder::Drive || check_drive_name(&written).is_ok(), "{written:?}");
                assert_eq!(
                    *seen.entry(written.clone()).or_insert_with(|| name.clone()),
                    name,
                    "{holder:?} {written:?}"
                );
            }
        }
    }
}
