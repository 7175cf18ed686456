//! The table of jobs in the guide of the crate.

use pulldown_cmark::{Event, HeadingLevel, Tag, TagEnd};

use super::render::parser;

/// Rows of the first table of a guide: what one wants, and the items of the crate that its second cell leads to. A row
/// without any is the heading of those that follow.
pub fn jobs(base: &str, text: &str) -> Vec<(String, Vec<String>)> {
    let mut rows = Vec::new();
    let mut row: Option<(usize, String, Vec<String>)> = None;
    for (event, _) in parser(base, text) {
        match (event, &mut row) {
            (Event::End(TagEnd::Table), _) => break,
            (Event::Start(Tag::TableRow), _) => row = Some((0, String::new(), Vec::new())),
            (Event::End(TagEnd::TableRow), Some(_)) => rows.extend(row.take().map(|(_, job, items)| (job, items))),
            (Event::End(TagEnd::TableCell), Some((cell, ..))) => *cell += 1,
            (Event::Text(words) | Event::Code(words), Some((0, job, _))) => job.push_str(&words),
            (Event::Start(Tag::Link { dest_url, .. }), Some((1, _, items))) => items.push(dest_url.into_string()),
            _ => {}
        }
    }
    rows
}

/// What stands between the heading of the first level above the first table, and the next one.
pub fn part_with_table<'a>(base: &str, text: &'a str) -> &'a str {
    let (mut from, mut has_table) = (0, false);
    for (event, range) in parser(base, text) {
        match event {
            Event::Start(Tag::Heading { level: HeadingLevel::H1, .. }) if has_table => {
                return text.get(from..range.start).unwrap_or(text);
            }
            Event::End(TagEnd::Heading(HeadingLevel::H1)) => from = range.end,
            Event::Start(Tag::Table(_)) => has_table = true,
            _ => {}
        }
    }
    text.get(from..).unwrap_or(text)
}

#[cfg(test)]
#[allow(clippy::indexing_slicing, reason = "a test fails by panicking")]
mod tests {
    use super::*;

    #[test]
    fn jobs_are_rows_with_the_items_that_they_lead_to() {
        let text = "# A\n\nx\n\n# By job\n\nTake it.\n\n| What | Call |\n|---|---|\n| **Spaces** | |\n| make `one` | [`x`](a::Calls::x), [`y`](a::Calls::y) |\n\n# C\n";
        let jobs = jobs(crate::guide::GUIDE, text);
        assert_eq!(jobs[0], ("Spaces".to_owned(), Vec::new()));
        assert_eq!(jobs[1], ("make one".to_owned(), vec!["a::Calls::x".to_owned(), "a::Calls::y".to_owned()]));
        assert!(part_with_table("generated/GUIDE.md", text).trim_start().starts_with("Take it."));
        assert!(!part_with_table("generated/GUIDE.md", text).contains("# C"));
    }
}
