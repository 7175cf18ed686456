//! `cat`: bytes on standard output.

use std::ops::Bound;

use clap::Args;

use crate::remote::{Found, Remote};
use crate::{Context, Failure};

/// Write files to standard output
#[derive(Debug, Args)]
pub struct Cat {
    /// Files, also with wildcards
    #[arg(value_name = "PLACE", required = true, add = super::completions::places())]
    places: Vec<String>,
    /// A part only, such as 0-99, 100- or -50 for the last 50 bytes; the bytes of a part are not verified
    #[arg(long, value_name = "FIRST-LAST", allow_hyphen_values = true)]
    range: Option<String>,
    /// An older version
    #[arg(long, value_name = "N")]
    version: Option<i64>,
}

pub async fn run(arguments: Cat, context: &Context) -> Result<(), Failure> {
    let range = arguments.range.as_deref().map(Part::parse).transpose()?;
    let places = arguments.places.iter().map(|place| Ok((place.clone(), Remote::parse(place)?)));
    let places = places.collect::<Result<Vec<_>, Failure>>()?;
    context
        .each(places, async |place| {
            for found in place.expand(context.drive().await?).await? {
                write(&found, range, arguments.version, context).await?;
            }
            Ok(())
        })
        .await
}

/// Writes a file, or a part of it.
async fn write(found: &Found, range: Option<Part>, version: Option<i64>, context: &Context) -> Result<(), Failure> {
    let mut download = context.drive().await?.download(&found.entry);
    if let Some(version) = version {
        download = download.version(version);
    }
    if let Some(range) = range {
        download = download.range(range.of(found.entry.size));
    }
    let done = download.to_writer(tokio::io::stdout()).await?;
    context.cost.received(done.size);
    Ok(())
}

/// Bytes of a file, counted from 0.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Part {
    From(u64),
    Within(u64, u64),
    Last(u64),
}

impl Part {
    fn parse(text: &str) -> Result<Self, Failure> {
        let wrong = || Failure::usage(format!("--range is {text:?}: write 0-99, 100- or -50, in bytes from 0"));
        let number = |text: &str| text.parse::<u64>().map_err(|_| wrong());
        let (first, last) = text.split_once('-').ok_or_else(wrong)?;
        match (first, last) {
            ("", last) => Ok(Self::Last(number(last)?)),
            (first, "") => Ok(Self::From(number(first)?)),
            (first, last) => {
                let (first, last) = (number(first)?, number(last)?);
                if first <= last { Ok(Self::Within(first, last)) } else { Err(wrong()) }
            }
        }
    }

    fn of(self, size: u64) -> (Bound<u64>, Bound<u64>) {
        match self {
            Self::From(first) => (Bound::Included(first), Bound::Unbounded),
            Self::Within(first, last) => (Bound::Included(first), Bound::Included(last)),
            Self::Last(count) => (Bound::Included(size.saturating_sub(count)), Bound::Unbounded),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parts_are_written_like_those_of_http() {
        for (text, expected) in [
            ("0-99", Some(Part::Within(0, 99))),
            ("5-5", Some(Part::Within(5, 5))),
            ("100-", Some(Part::From(100))),
            ("-50", Some(Part::Last(50))),
            ("9-5", None),
            ("-", None),
            ("", None),
            ("5", None),
            ("a-b", None),
            ("1-2-3", None),
        ] {
            assert_eq!(Part::parse(text).ok(), expected, "{text}");
        }
    }
}
