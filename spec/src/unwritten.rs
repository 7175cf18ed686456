//! What stands for a text that a tool cannot write: `cargo xtask drift` makes operations and fields of pages, and their
//! texts are for a person.

/// What begins it. No sentence of the spec does.
const MARK: &str = "WRITE THIS TEXT";

/// The text in place of one that is still to be written; `source` says where to read what it has to say, such as
/// `line 22 of add-folder.md`.
pub fn text(source: &str) -> String {
    if source.is_empty() { format!("{MARK}.") } else { format!("{MARK}: {source}.") }
}

/// Where to read what the text has to say, when it is still to be written.
pub fn about(text: &str) -> Option<&str> {
    let rest = text.trim().strip_prefix(MARK)?;
    Some(rest.trim_start_matches([':', ' ']).trim_end_matches('.').trim())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_to_be_written_says_where_to_read_it() {
        assert_eq!(about(&text("line 22 of a.md")), Some("line 22 of a.md"));
        assert_eq!(about(&text("")), Some(""));
        assert_eq!(about(MARK), Some(""));
        assert_eq!(about("The operator."), None);
    }
}
