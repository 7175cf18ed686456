//! Which files differ, and by how many lines.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use similar::{ChangeTag, TextDiff};

use crate::repository::counted;

/// A file that differs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Changed {
    /// Its path.
    pub path: String,
    /// Whether it is new or gone, if it is either.
    pub is: &'static str,
    /// Lines that it has more.
    pub added: usize,
    /// Lines that it has less.
    pub removed: usize,
}

/// The files that differ once `seen` has left out what does not count.
pub fn changed<'a>(
    old: impl Iterator<Item = (&'a str, &'a str)>,
    new: impl Iterator<Item = (&'a str, &'a str)>,
    seen: fn(&str) -> String,
) -> Vec<Changed> {
    let mut both: BTreeMap<&str, (Option<&str>, Option<&str>)> = BTreeMap::new();
    for (path, text) in old {
        both.entry(path).or_default().0 = Some(text);
    }
    for (path, text) in new {
        both.entry(path).or_default().1 = Some(text);
    }
    let differ = |(path, (old, new)): (&str, (Option<&str>, Option<&str>))| {
        let is = match (old, new) {
            (None, _) => "new",
            (_, None) => "gone",
            (old, new) if old == new => return None,
            _ => "",
        };
        let [old, new] = [old, new].map(|text| text.map(seen).unwrap_or_default());
        if is.is_empty() && old == new {
            return None;
        }
        let diff = TextDiff::from_lines(&old, &new);
        let count = |tag: ChangeTag| diff.iter_all_changes().filter(|change| change.tag() == tag).count();
        Some(Changed { path: path.to_owned(), is, added: count(ChangeTag::Insert), removed: count(ChangeTag::Delete) })
    };
    both.into_iter().filter_map(differ).collect()
}

/// How many of each kind.
pub fn summary(changed: &[Changed]) -> String {
    let of = |is: &str| changed.iter().filter(|each| each.is == is).count();
    let (added, removed) =
        changed.iter().fold((0, 0), |(added, removed), each| (added + each.added, removed + each.removed));
    if changed.is_empty() {
        return "none".to_owned();
    }
    let all = counted(changed.len(), "file");
    format!("{all} ({} new, {} gone), {added} lines added, {removed} removed", of("new"), of("gone"))
}

/// A line for each file.
pub fn table(changed: &[Changed]) -> String {
    let mut text = String::new();
    for Changed { path, is, added, removed } in changed {
        let is = if is.is_empty() { String::new() } else { format!("  {is}") };
        let _ = writeln!(text, "{:>6} {:>6}  {path}{is}", format!("+{added}"), format!("-{removed}"));
    }
    text
}

/// A page without the numbers of lines that it leads to.
pub fn without_lines(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some((at, mark)) = [".yaml:", "#L"].iter().filter_map(|mark| Some((rest.find(mark)?, *mark))).min() {
        let (before, after) = rest.split_at(at + mark.len());
        out.push_str(before);
        rest = after.trim_start_matches(|c: char| c.is_ascii_digit());
    }
    out.push_str(rest);
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_counts_is_a_change() {
        let old = [("a", "1\n2\n"), ("b", "[x](y.yaml.md#L12) spec/y.yaml:12\n"), ("c", "x\n")];
        let new = [("a", "1\n3\n4\n"), ("b", "[x](y.yaml.md#L14) spec/y.yaml:14\n"), ("d", "x\n")];
        let changed = changed(old.into_iter(), new.into_iter(), without_lines);
        let told: Vec<_> = changed.iter().map(|it| (it.path.as_str(), it.is, it.added, it.removed)).collect();
        assert_eq!(told, [("a", "", 2, 1), ("c", "gone", 0, 1), ("d", "new", 1, 0)]);
        assert_eq!(summary(&changed), "3 files (1 new, 1 gone), 3 lines added, 2 removed");
    }
}
