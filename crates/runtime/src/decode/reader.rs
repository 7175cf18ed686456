//! JSON text, read from its beginning to its end.
//!
//! It knows what JSON is and nothing of types: a [`Field`](super::Field) asks it for what should stand at its place.
//! It is one concrete type, so that nothing is compiled once per format; it sees the digits of numbers and not what a
//! floating-point number makes of them; it can go back to a value that did not fit and pass over it; and it knows how
//! much memory was taken before more is.

use std::borrow::Cow;

use super::budget::{Bounds, Budget};
use super::number::{self, Number};
use super::unreadable::PassedOver;
use super::{Failure, Origin, text};

/// Deeper values are refused: each level takes stack, and the server never sends such.
const DEPTH: u8 = 48;

/// What is wrong with values, and how much may be wrong.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Mode {
    /// A value that does not fit is a failure.
    Strict,
    /// In an element of a list it is passed over.
    Tolerant,
}

/// How far reading has come.
#[derive(Debug)]
pub(super) struct State {
    /// Place in the text, in bytes.
    at: usize,
    /// How many levels a value may have here.
    pub(super) levels: u8,
    pub(super) mode: Mode,
    /// What is read belongs to an element of a list or an entry of a map.
    pub(super) is_in_element: bool,
    pub(super) budget: Budget,
    pub(super) passed_over: PassedOver,
    pub(super) origin: Origin,
    /// The whole has a field whose name is one that failures have.
    pub(super) may_be_failure: bool,
}

impl State {
    pub(super) fn new(mode: Mode, bounds: Bounds, size: usize) -> Self {
        let (budget, passed_over) = (Budget::new(bounds, size), PassedOver::default());
        let origin = Origin::default();
        Self { at: 0, levels: DEPTH, mode, is_in_element: false, budget, passed_over, origin, may_be_failure: false }
    }
}

/// A text, and how far it has been read.
#[derive(Debug)]
pub(super) struct Reader<'a> {
    text: &'a str,
    pub(super) state: &'a mut State,
}

/// A value by what it begins with.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    Null,
    Boolean(bool),
    Number,
    Text,
    List,
    Object,
}

impl Kind {
    pub(super) fn name(self) -> &'static str {
        match self {
            Self::Null => "null",
            Self::Boolean(_) => "a boolean",
            Self::Number => "a number",
            Self::Text => "a text",
            Self::List => "a list",
            Self::Object => "an object",
        }
    }
}

impl<'a> Reader<'a> {
    pub(super) fn new(text: &'a str, state: &'a mut State) -> Self {
        Self { text, state }
    }

    /// The same for a shorter time.
    pub(super) fn again(&mut self) -> Reader<'_> {
        Reader { text: self.text, state: self.state }
    }

    /// Where the next token begins; [`rewind`](Self::rewind) goes back there.
    pub(super) fn place(&self) -> usize {
        self.state.at
    }

    pub(super) fn rewind(&mut self, place: usize) {
        self.state.at = place;
    }

    /// The first byte of the next token.
    fn peek(&mut self) -> Option<u8> {
        let bytes = self.text.as_bytes();
        while let Some(b' ' | b'\n' | b'\r' | b'\t') = bytes.get(self.state.at) {
            self.state.at += 1;
        }
        bytes.get(self.state.at).copied()
    }

    fn rest(&self) -> &'a [u8] {
        self.text.as_bytes().get(self.state.at..).unwrap_or_default()
    }

    /// What stands here instead of what should.
    #[cold]
    fn unexpected(&mut self) -> Failure {
        if self.peek().is_none() { Failure::cut_short() } else { Failure::not_json() }
    }

    /// Passes over this byte, if it comes next.
    pub(super) fn take(&mut self, byte: u8) -> bool {
        let is_next = self.peek() == Some(byte);
        self.state.at += usize::from(is_next);
        is_next
    }

    fn expect(&mut self, byte: u8) -> Result<(), Failure> {
        if self.take(byte) { Ok(()) } else { Err(self.unexpected()) }
    }

    /// The kind of the value that stands here.
    pub(super) fn kind(&mut self) -> Result<Kind, Failure> {
        match self.peek() {
            Some(b'"') => Ok(Kind::Text),
            Some(b'-' | b'0'..=b'9') => Ok(Kind::Number),
            Some(b'{') => Ok(Kind::Object),
            Some(b'[') => Ok(Kind::List),
            Some(b'n') => Ok(Kind::Null),
            Some(b't') => Ok(Kind::Boolean(true)),
            Some(b'f') => Ok(Kind::Boolean(false)),
            _ => Err(self.unexpected()),
        }
    }

    /// Passes over a value that is one word.
    pub(super) fn word(&mut self, word: &'static str) -> Result<(), Failure> {
        let rest = self.rest();
        if rest.starts_with(word.as_bytes()) {
            self.state.at += word.len();
            Ok(())
        } else if word.as_bytes().starts_with(rest) {
            Err(Failure::cut_short())
        } else {
            Err(Failure::not_json())
        }
    }

    /// The number that stands here.
    pub(super) fn number(&mut self) -> Result<Number<'a>, Failure> {
        let rest = self.text.get(self.state.at..).unwrap_or_default();
        let Some((length, is_plain)) = number::length(rest.as_bytes()) else {
            let is_number = |byte: u8| byte.is_ascii_digit() || b"+-.eE".contains(&byte);
            let is_cut = !rest.starts_with('0') && !rest.starts_with("-0") && rest.bytes().all(is_number);
            return Err(if is_cut { Failure::cut_short() } else { Failure::not_json() });
        };
        self.state.at += length;
        // More digits may have stood behind the last one of a text that is cut.
        if self.state.levels < DEPTH && self.state.at == self.text.len() {
            return Err(Failure::cut_short());
        }
        Ok(Number { text: rest.get(..length).unwrap_or_default(), is_plain })
    }

    /// The text that stands here; a copy only where it has escapes.
    pub(super) fn text(&mut self) -> Result<Cow<'a, str>, Failure> {
        let start = self.state.at + 1;
        let inside = self.text.as_bytes().get(start..).unwrap_or_default();
        let length = memchr::memchr2(b'"', b'\\', inside);
        if let Some(length) = length
            && inside.get(length) == Some(&b'"')
        {
            self.state.at = start + length + 1;
            return Ok(Cow::Borrowed(self.text.get(start..start + length).unwrap_or_default()));
        }
        self.pass_text()?;
        let raw = self.text.get(start..self.state.at - 1).unwrap_or_default();
        // The copy lives until the value was made of it.
        self.state.budget.take(raw.len())?;
        let text = text::unescaped(raw);
        self.state.budget.give_back(raw.len());
        Ok(Cow::Owned(text))
    }

    fn pass_text(&mut self) -> Result<(), Failure> {
        self.state.at += 1;
        loop {
            let rest = self.rest();
            let Some(length) = memchr::memchr2(b'"', b'\\', rest) else {
                self.state.at = self.text.len();
                return Err(Failure::cut_short());
            };
            self.state.at += length;
            let escape = rest.get(length..).unwrap_or_default();
            if escape.first() == Some(&b'"') {
                self.state.at += 1;
                return Ok(());
            }
            self.state.at += text::escape_length(escape)?;
        }
    }

    /// The name of a field, up to its value.
    pub(super) fn name(&mut self) -> Result<Cow<'a, str>, Failure> {
        if self.peek() != Some(b'"') {
            return Err(self.unexpected());
        }
        let name = self.text()?;
        self.expect(b':')?;
        Ok(name)
    }

    /// Goes to the next element after one; none follows where the list or object is closed.
    pub(super) fn has_next(&mut self, close: u8) -> Result<bool, Failure> {
        if self.take(b',') {
            return Ok(true);
        }
        self.expect(close)?;
        Ok(false)
    }

    /// Passes over a value, however deep it is.
    pub(super) fn skip(&mut self) -> Result<(), Failure> {
        // What closes the lists and objects that are open.
        let mut open: Vec<u8> = Vec::new();
        loop {
            match self.kind()? {
                Kind::Object if self.opens(b'{', b'}', &mut open) => {
                    self.name_of_skipped()?;
                    continue;
                }
                Kind::List if self.opens(b'[', b']', &mut open) => continue,
                Kind::Object | Kind::List => {}
                Kind::Text => self.pass_text()?,
                Kind::Number => drop(self.number()?),
                kind => self.pass_word(kind)?,
            }
            loop {
                let Some(close) = open.last().copied() else { return Ok(()) };
                if self.has_next(close)? {
                    if close == b'}' {
                        self.name_of_skipped()?;
                    }
                    break;
                }
                open.pop();
            }
        }
    }

    /// Whether a list or object has anything in it.
    fn opens(&mut self, begin: u8, close: u8, open: &mut Vec<u8>) -> bool {
        self.take(begin);
        let is_empty = self.take(close);
        if !is_empty {
            open.push(close);
        }
        !is_empty
    }

    fn name_of_skipped(&mut self) -> Result<(), Failure> {
        if self.peek() != Some(b'"') {
            return Err(self.unexpected());
        }
        self.pass_text()?;
        self.expect(b':')
    }

    /// Passes over `null`, `true` or `false`.
    pub(super) fn pass_word(&mut self, kind: Kind) -> Result<(), Failure> {
        self.word(match kind {
            Kind::Boolean(true) => "true",
            Kind::Boolean(false) => "false",
            _ => "null",
        })
    }

    /// Nothing may follow.
    pub(super) fn end(&mut self) -> Result<(), Failure> {
        if self.peek().is_none() { Ok(()) } else { Err(Failure::not_json()) }
    }

    /// A value does not fit: another was expected here.
    #[cold]
    pub(super) fn misfit<T>(&mut self, expected: &'static str) -> Result<T, Failure> {
        let kind = self.kind()?;
        // What is broken is no misfit: it must be a value, whatever value it is.
        if matches!(kind, Kind::Null | Kind::Boolean(_)) {
            self.pass_word(kind)?;
        }
        Err(Failure::shape(expected, kind.name()))
    }

    /// Goes one level down.
    pub(super) fn descend(&mut self) -> Result<(), Failure> {
        let levels = self.state.levels.checked_sub(1);
        self.state.levels = levels.ok_or_else(Failure::too_deep)?;
        Ok(())
    }

    /// Whether the object that was just begun is the whole.
    pub(super) fn is_outermost(&self) -> bool {
        self.state.levels == DEPTH - 1
    }

    pub(super) fn ascend(&mut self) {
        self.state.levels += 1;
    }
}
