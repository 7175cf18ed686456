//! A generated part of a file that people write.

/// What stands between two lines of a file that is otherwise written by hand.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Section {
    /// Path of the file below the root of the repository.
    pub path: &'static str,
    /// The line before the section.
    pub begin: &'static str,
    /// The line after it.
    pub end: &'static str,
    /// The lines between them, without the last line break.
    pub text: String,
}

impl Section {
    /// The file with this section in place of what stands between the two lines, if it has them.
    pub fn put_into(&self, file: &str) -> Option<String> {
        let (before, rest) = file.split_once(self.begin)?;
        let (_, after) = rest.split_once(self.end)?;
        Some(format!("{before}{}\n{}\n{}{after}", self.begin, self.text, self.end))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_stands_between_the_two_lines_changes() {
        let section = Section { path: "list", begin: "# begin", end: "# end", text: "new\nlines".to_owned() };
        let expected = "head\n# begin\nnew\nlines\n# end\ntail\n";
        assert_eq!(section.put_into("head\n# begin\nold\n# end\ntail\n").as_deref(), Some(expected));
        assert_eq!(section.put_into(expected).as_deref(), Some(expected));
        for incomplete in ["head\n", "# begin\n", "# end\n# begin\n"] {
            assert_eq!(section.put_into(incomplete), None, "{incomplete:?}");
        }
    }
}
