//! Whether a listing shows the file of a commit whose answer was lost.

use dingtalk_storage::types::{Dentry, DentryType, UnionId};

use super::MARKER;
use crate::upload::committed::Committed;
use crate::{Entry, Error};

/// How far clocks that agree may be apart, in milliseconds.
const AGREEING: i64 = 2_000;
/// How far clocks that do not agree may be apart; what is older is older.
const SKEWED: i64 = 600_000;
/// How far the server's clock may be from where it was measured to be.
const MEASURED: i64 = 10_000;

/// What a listing says.
#[derive(Debug)]
pub(super) enum Finding {
    /// The file is there.
    Stored(Box<Entry>),
    /// It is not.
    NotStored,
    /// It cannot be told, and why.
    Unclear(String),
}

/// What is looked for.
#[derive(Clone, Copy)]
pub(super) struct Wanted<'a> {
    pub(super) name: &'a str,
    pub(super) size: u64,
    /// Value of the property that the file got, if it got one; it settles the matter.
    pub(super) marker: Option<&'a str>,
    pub(super) operator: &'a UnionId,
    /// The drive may have put a number behind the name.
    pub(super) may_be_renamed: bool,
    /// What had the name before is the answer, too.
    pub(super) may_be_older: bool,
    /// How far the server's clock is ahead of this one, where that was measured.
    pub(super) skew: Option<i64>,
    /// When the commit began and ended here, in milliseconds since 1970.
    pub(super) began: i64,
    pub(super) ended: i64,
    /// What this process knows to come of other commits.
    pub(super) committed: &'a Committed,
}

/// What one entry is to the commit.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Verdict {
    Ours,
    Perhaps,
    Another,
}

impl Wanted<'_> {
    /// Whether the file is among some.
    pub(super) fn is_among(&self, dentries: &[Dentry]) -> bool {
        dentries.iter().any(|dentry| self.verdict(dentry) == Verdict::Ours)
    }

    /// First and last time that the file can have, by the server's clock.
    fn times(&self) -> (i64, i64) {
        let (skew, apart) = self.skew.map_or((0, SKEWED), |skew| (skew, MEASURED));
        (self.began + skew - apart, self.ended + skew + apart)
    }

    /// Whether a page, newest first, goes back beyond the commit.
    pub(super) fn reaches_back(&self, dentries: &[Dentry]) -> bool {
        let oldest = dentries.last().and_then(|dentry| dentry.modified_time.as_ref()?.unix_millis());
        oldest.is_some_and(|oldest| oldest < self.times().0)
    }

    pub(super) fn judge(&self, dentries: &[Dentry], is_whole: bool) -> Result<Finding, Error> {
        let is = |wanted| dentries.iter().filter(move |dentry| self.verdict(dentry) == wanted);
        let (ours, perhaps) = (is(Verdict::Ours).count(), is(Verdict::Perhaps).count());
        Ok(match (ours, perhaps, is(Verdict::Ours).next()) {
            (1, 0, Some(dentry)) => Finding::Stored(Box::new(Entry::from_dentry(dentry)?)),
            (0, 0, _) if is_whole => Finding::NotStored,
            (0, 0, _) => Finding::Unclear("it is not among the newest files, and there are more".into()),
            _ => Finding::Unclear(format!("{} files of this name and size are there", ours + perhaps)),
        })
    }

    fn verdict(&self, dentry: &Dentry) -> Verdict {
        if let Some(marker) = self.marker
            && !self.may_be_older
        {
            return if has_marker(dentry, marker) { Verdict::Ours } else { Verdict::Another };
        }
        let is_file = dentry.kind != DentryType::Folder;
        if !is_file || !self.can_be_called(&dentry.name) {
            return Verdict::Another;
        }
        if self.may_be_older {
            return Verdict::Ours;
        }
        let author = dentry.modifier_id.as_ref().or(dentry.creator_id.as_ref());
        if dentry.size.is_some_and(|size| size != self.size)
            || author.is_some_and(|author| author != self.operator)
            || self.committed.has(dentry)
        {
            return Verdict::Another;
        }
        let skew = self.skew.unwrap_or(0);
        match dentry.modified_time.as_ref().and_then(dingtalk_storage::runtime::Time::unix_millis) {
            Some(time) if time < self.times().0 || time > self.times().1 => Verdict::Another,
            Some(time) if time >= self.began + skew - AGREEING && time <= self.ended + skew + AGREEING => Verdict::Ours,
            _ => Verdict::Perhaps,
        }
    }

    /// Whether the drive can have stored the wished name as this one.
    fn can_be_called(&self, stored: &str) -> bool {
        let wished = self.name.trim();
        stored == wished || (self.may_be_renamed && is_numbered(stored, wished))
    }
}

fn has_marker(dentry: &Dentry, marker: &str) -> bool {
    let mut properties = dentry.app_properties.iter().flat_map(dingtalk_storage::runtime::MapOrList::iter);
    properties.any(|property| property.name.as_deref() == Some(MARKER) && property.value.as_deref() == Some(marker))
}

/// Whether a name is another one with a number in parentheses before its extension.
fn is_numbered(stored: &str, wished: &str) -> bool {
    let (stem, extension) = match wished.rfind('.') {
        Some(dot) if dot > 0 => wished.split_at(dot),
        _ => (wished, ""),
    };
    let number = stored.strip_prefix(stem).and_then(|rest| rest.strip_suffix(extension));
    let number = number.and_then(|number| number.trim_start().strip_prefix('(')?.strip_suffix(')'));
    number.is_some_and(|number| !number.is_empty() && number.bytes().all(|byte| byte.is_ascii_digit()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_a_number_before_the_extension_is_the_drives_own_renaming() {
        for stored in ["a(1).pdf", "a (12).pdf"] {
            assert!(is_numbered(stored, "a.pdf"), "{stored}");
        }
        for stored in ["a.pdf", "a().pdf", "a(x).pdf", "ab(1).pdf", "a(1).pdf.pdf", "a(1)", "a(1"] {
            assert!(!is_numbered(stored, "a.pdf"), "{stored}");
        }
        assert!(is_numbered("README(1)", "README"));
        assert!(is_numbered(".profile(1)", ".profile"));
    }

    fn dentry(name: &str, size: u64, author: &str, time: &str) -> Dentry {
        let mut dentry = Dentry::default();
        dentry.id = "1".into();
        dentry.uuid = Some(name.into());
        dentry.space_id = Some("1".into());
        dentry.kind = DentryType::File;
        dentry.name = name.to_owned();
        dentry.size = Some(size);
        dentry.modifier_id = Some(author.into());
        dentry.modified_time = Some(time.into());
        dentry
    }

    #[test]
    fn a_file_is_ours_only_with_our_name_size_person_and_time() {
        let (committed, operator) = (Committed::default(), UnionId::from("ada"));
        // 2026-01-01T00:00:00Z
        let began = 1_767_225_600_000;
        let wanted = Wanted {
            name: "a.pdf",
            size: 5,
            marker: None,
            operator: &operator,
            may_be_renamed: true,
            may_be_older: false,
            skew: None,
            began,
            ended: began + 1_000,
            committed: &committed,
        };
        let ours = dentry("a.pdf", 5, "ada", "2026-01-01T00:00:00Z");
        let renamed = dentry("a(1).pdf", 5, "ada", "2026-01-01T00:00:01Z");
        let skewed = dentry("a.pdf", 5, "ada", "2026-01-01T00:04:00Z");
        let others = [
            dentry("b.pdf", 5, "ada", "2026-01-01T00:00:00Z"),
            dentry("a.pdf", 6, "ada", "2026-01-01T00:00:00Z"),
            dentry("a.pdf", 5, "bob", "2026-01-01T00:00:00Z"),
            dentry("a.pdf", 5, "ada", "2025-12-31T00:00:00Z"),
        ];
        let judge = |dentries: &[&Dentry], is_whole| {
            let all: Vec<Dentry> = dentries.iter().copied().chain(&others).cloned().collect();
            wanted.judge(&all, is_whole)
        };
        assert!(matches!(judge(&[&ours], false), Ok(Finding::Stored(entry)) if entry.name == "a.pdf"));
        assert!(matches!(judge(&[&renamed], true), Ok(Finding::Stored(entry)) if entry.name == "a(1).pdf"));
        assert!(matches!(judge(&[], true), Ok(Finding::NotStored)));
        assert!(matches!(judge(&[], false), Ok(Finding::Unclear(_))), "there may be more");
        assert!(matches!(judge(&[&ours, &renamed], true), Ok(Finding::Unclear(_))), "which one?");
        assert!(matches!(judge(&[&skewed], true), Ok(Finding::Unclear(_))), "clocks differ");
        // An hour ahead, as was measured: the same file is one of an hour before.
        let ahead = Wanted { skew: Some(3_600_000), ..wanted };
        assert!(matches!(ahead.judge(std::slice::from_ref(&ours), true), Ok(Finding::NotStored)));
        assert!(ahead.reaches_back(std::slice::from_ref(&ours)) && !wanted.reaches_back(std::slice::from_ref(&ours)));
        let later = dentry("a.pdf", 5, "ada", "2026-01-01T01:00:00Z");
        assert!(matches!(ahead.judge(&[later], false), Ok(Finding::Stored(_))));
        if let Ok(entry) = Entry::from_dentry(&ours) {
            committed.add(&entry, None);
        }
        assert!(matches!(judge(&[&ours, &renamed], true), Ok(Finding::Stored(entry)) if entry.name == "a(1).pdf"));
    }
}
