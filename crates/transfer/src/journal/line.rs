//! One line: the checksum of a record in 16 digits, a blank, the record as JSON.

use serde::Serialize;
use serde::de::DeserializeOwned;

use crate::checksum::Crc64;

/// Digits of the checksum and the blank behind them.
const HEAD: usize = 17;

pub(super) fn written(record: &impl Serialize) -> serde_json::Result<Vec<u8>> {
    let text = serde_json::to_string(record)?;
    Ok(format!("{:016x} {text}\n", Crc64::of(text.as_bytes())).into_bytes())
}

/// The records of a text, up to the first that is none, and how many bytes they have.
pub(super) fn read_all<R: DeserializeOwned>(text: &[u8]) -> (Vec<R>, usize) {
    let mut records = Vec::new();
    let mut good = 0;
    for line in text.split_inclusive(|byte| *byte == b'\n') {
        let Some(record) = read(line) else { break };
        records.push(record);
        good += line.len();
    }
    (records, good)
}

/// The record of a line; none if the line is not whole.
fn read<R: DeserializeOwned>(line: &[u8]) -> Option<R> {
    let (head, text) = line.strip_suffix(b"\n")?.split_at_checked(HEAD)?;
    let crc = u64::from_str_radix(std::str::from_utf8(head).ok()?.strip_suffix(' ')?, 16).ok()?;
    serde_json::from_slice(text).ok().filter(|_| Crc64::of(text) == crc)
}
