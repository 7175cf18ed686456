//! How many files at the same time, how fast, and how much; the same words for all transfers.

use clap::Args;
use dingtalk_storage_transfer::{DriveBuilder, parse_size};

/// How many files at the same time, how fast, and how much
#[derive(Debug, Clone, Default, Args)]
pub struct Bounds {
    /// Files on their way at the same time; 8 by default
    #[arg(long, value_name = "N")]
    transfers: Option<usize>,
    /// No more bytes in a second than this, such as 10M, or UP:DOWN with off for one without a bound
    #[arg(long, value_name = "RATE", value_parser = rates)]
    bwlimit: Option<Rates>,
    /// No more bytes in all than this, such as 2G; a file that would go beyond is not begun, exit code 6
    #[arg(long, value_name = "SIZE", value_parser = bytes)]
    max_transfer: Option<u64>,
}

/// Bytes in a second, up and down.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Rates {
    up: Option<u64>,
    down: Option<u64>,
}

impl Bounds {
    pub fn set(&self, mut drive: DriveBuilder) -> DriveBuilder {
        if let Some(files) = self.transfers {
            drive = drive.files_at_once(files);
        }
        if let Some(up) = self.bwlimit.and_then(|rates| rates.up) {
            drive = drive.most_up(up);
        }
        if let Some(down) = self.bwlimit.and_then(|rates| rates.down) {
            drive = drive.most_down(down);
        }
        match self.max_transfer {
            Some(most) => drive.max_transfer(most),
            None => drive,
        }
    }
}

fn bytes(text: &str) -> Result<u64, String> {
    parse_size(text).ok_or_else(|| "write a size, such as 100b, 10K, 1.5M or 2G".to_owned())
}

fn rates(text: &str) -> Result<Rates, String> {
    let rate = |text: &str| match text {
        "off" | "0" => Ok(None),
        _ => {
            bytes(text).and_then(|rate| if rate == 0 { Err("0 bytes never arrive".to_owned()) } else { Ok(Some(rate)) })
        }
    };
    match text.split_once(':') {
        Some((up, down)) => Ok(Rates { up: rate(up)?, down: rate(down)? }),
        None => rate(text).map(|both| Rates { up: both, down: both }),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rates_are_one_for_both_directions_or_two() {
        let of = |up, down| Ok(Rates { up, down });
        assert_eq!(rates("1M"), of(Some(1 << 20), Some(1 << 20)));
        assert_eq!(rates("10:off"), of(Some(10 << 10), None));
        assert_eq!(rates("0:512b"), of(None, Some(512)));
        for wrong in ["", "fast", "1M:", ":1M", "1M:2M:3M", "0b"] {
            assert!(rates(wrong).is_err(), "{wrong}");
        }
    }
}
