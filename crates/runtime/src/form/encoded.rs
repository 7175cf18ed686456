//! How a form is written: each part between boundaries, with its headers.

use std::fmt::Write as _;

use bytes::Bytes;
use memchr::memmem;

use super::{FormFile, Part};

/// A form as it is sent.
pub(crate) struct Encoded {
    /// What the header tells: `multipart/form-data` with the boundary.
    pub(crate) content_type: String,
    /// The body, piece by piece.
    pub(crate) pieces: Vec<Piece>,
    /// How many bytes it has.
    pub(crate) length: u64,
}

/// A piece of a body.
#[derive(Clone)]
pub(crate) enum Piece {
    /// Bytes in memory.
    Bytes(Bytes),
    /// A file whose bytes come from a stream, which is opened when they are sent.
    Stream(FormFile),
}

impl Encoded {
    pub(super) fn new(parts: &[(&'static str, Part)]) -> Self {
        let boundary = boundary(parts);
        let (mut pieces, mut length) = (Vec::new(), 0);
        let mut head = String::new();
        let mut push = |piece: Piece| {
            length += piece.length();
            pieces.push(piece);
        };
        for (name, part) in parts {
            let _ = write!(head, "--{boundary}\r\ncontent-disposition: form-data; name=\"{}\"", escaped(name));
            match part {
                Part::Text(text) => {
                    let _ = write!(head, "\r\n\r\n{text}");
                }
                Part::File(file) => {
                    let (name, kind) = (escaped(file.name()), file.kind());
                    let _ = write!(head, "; filename=\"{name}\"\r\ncontent-type: {kind}\r\n\r\n");
                    push(Piece::Bytes(std::mem::take(&mut head).into()));
                    push(match file.bytes() {
                        Some(bytes) => Piece::Bytes(bytes.clone()),
                        None => Piece::Stream(file.clone()),
                    });
                }
            }
            head.push_str("\r\n");
        }
        let _ = write!(head, "--{boundary}--\r\n");
        push(Piece::Bytes(head.into()));
        Self { content_type: format!("multipart/form-data; boundary={boundary}"), pieces, length }
    }
}

impl Piece {
    fn length(&self) -> u64 {
        match self {
            Self::Bytes(bytes) => bytes.len() as u64,
            Self::Stream(file) => file.length(),
        }
    }
}

/// What separates the parts: a text that none of them holds. What comes from a stream is not looked through; to meet a
/// number of 128 bits in it takes more luck than anybody has.
fn boundary(parts: &[(&'static str, Part)]) -> String {
    loop {
        let boundary = format!("{:032x}", fastrand::u128(..));
        let finder = memmem::Finder::new(boundary.as_bytes());
        let is_in = |part: &Part| match part {
            Part::Text(text) => finder.find(text.as_bytes()).is_some(),
            Part::File(file) => file.bytes().is_some_and(|bytes| finder.find(bytes).is_some()),
        };
        if !parts.iter().any(|(_, part)| is_in(part)) {
            return boundary;
        }
    }
}

/// A name between quotes, as browsers write it: in UTF-8, with what would end the quotes or the line as `%22` and the
/// like. A backslash is written so, too, because some servers take it for the escape of the quote behind it.
fn escaped(name: &str) -> String {
    let mut escaped = String::with_capacity(name.len());
    for character in name.chars() {
        if matches!(character, '"' | '\\') || character.is_ascii_control() {
            let _ = write!(escaped, "%{:02X}", u32::from(character));
        } else {
            escaped.push(character);
        }
    }
    escaped
}
