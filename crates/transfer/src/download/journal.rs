//! What is written down about a download on its way, so that it can go on after a crash.
//!
//! A line each, which ends with its own checksum: a line that was cut, and all after it, count as not written. There is
//! neither URL nor key in it.

use std::fmt::Write as _;

use super::Job;
use super::identity::Identity;
use super::parts::{Part, Parts};
use crate::checksum::Crc64;

/// Bytes of a line after its text: a blank, its checksum, its end.
const SUM: usize = 18;

/// What a journal says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Remembered {
    pub(super) identity: Identity,
    pub(super) parts: Parts,
    /// Bytes of the journal that are whole lines.
    pub(super) length: u64,
}

/// The first line: which bytes of which file these are. None where nothing tells its content from another one.
pub(super) fn beginning(job: &Job) -> Option<String> {
    let Identity { etag: Some(etag), crc64, size: Some(size) } = job.identity().clone() else { return None };
    // A weak tag promises no equal bytes.
    if etag.starts_with("W/") {
        return None;
    }
    let crc = crc64.map_or_else(|| "-".to_owned(), |crc| format!("{crc:016x}"));
    Some(line(&format!("download-1 {:016x} {size} {crc} {etag}", key(job))))
}

/// The line for a stretch that is there.
pub(super) fn done(part: &Part) -> String {
    line(&format!("part {} {} {:016x}", part.range.start, part.range.end, part.crc))
}

/// Reads what is left of a journal, if it is about the same bytes of the same file.
pub(super) fn read(job: &Job, journal: &[u8]) -> Option<Remembered> {
    let lines: Vec<&str> = journal.split_inclusive(|byte| *byte == b'\n').map_while(checked).collect();
    let length = lines.iter().map(|line| line.len() + SUM).sum::<usize>() as u64;
    let (first, lines) = lines.split_first()?;
    let mut words = first.splitn(5, ' ');
    let is_ours = words.next()? == "download-1" && words.next()? == format!("{:016x}", key(job));
    let size: u64 = words.next()?.parse().ok()?;
    let crc64 = match words.next()? {
        "-" => None,
        crc => Some(u64::from_str_radix(crc, 16).ok()?),
    };
    let identity = Identity { etag: Some(words.next()?.to_owned()), crc64, size: Some(size) };
    let mut parts = Parts::default();
    let wanted = job.wanted.of(size);
    // The newest first: what was written down before may have been lost and fetched again.
    for part in lines.iter().rev().filter_map(|line| part(line)) {
        if part.range.start >= wanted.start && part.range.end <= wanted.end {
            parts.add(part);
        }
    }
    is_ours.then_some(Remembered { identity, parts, length })
}

fn part(line: &str) -> Option<Part> {
    let mut words = line.strip_prefix("part ")?.split(' ');
    let (start, end) = (words.next()?.parse().ok()?, words.next()?.parse().ok()?);
    Some(Part { range: start..end, crc: u64::from_str_radix(words.next()?, 16).ok()? })
}

fn line(text: &str) -> String {
    let mut line = text.to_owned();
    // Writing to a string does not fail.
    let _ = writeln!(line, " {:016x}", checksum(text));
    line
}

/// What a line says, if all of it is there.
fn checked(line: &[u8]) -> Option<&str> {
    let (text, sum) = std::str::from_utf8(line).ok()?.strip_suffix('\n')?.rsplit_once(' ')?;
    (sum.len() == 16 && u64::from_str_radix(sum, 16).ok()? == checksum(text)).then_some(text)
}

fn checksum(text: &str) -> u64 {
    Crc64::of(text.as_bytes())
}

/// What is wanted of which file.
fn key(job: &Job) -> u64 {
    checksum(&format!("{} {:?} {:?}", job.file.key(), job.version, job.wanted))
}
