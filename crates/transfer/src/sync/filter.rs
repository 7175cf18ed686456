//! Which files and folders a job is about, in the pattern language of rclone.

mod glob;
mod go_syntax;
mod measure;

use std::collections::HashSet;
use std::time::{Duration, SystemTime};

use regex::Regex;

use crate::Error;
use glob::{folder_globs, path_regex};
pub use measure::{parse_age, parse_size};

/// Which files and folders a job is about. Its rules and their order are those of rclone:
/// <https://rclone.org/filtering/>.
///
/// ```
/// use dingtalk_storage_transfer::Filter;
/// let filter = Filter::builder().exclude("*.tmp").exclude("/cache/").max_size(1 << 30).build()?;
/// assert!(filter.has_file("notes/a.txt", 10, None) && !filter.has_file("a.tmp", 10, None));
/// assert!(!filter.has_folder("cache"));
/// # Ok::<(), dingtalk_storage_transfer::Error>(())
/// ```
///
/// Differences: `--hash-filter`, filters of metadata and points in time instead of ages do not exist; a mark of
/// [`exclude_if_present`](FilterBuilder::exclude_if_present) keeps out folders, and never the tree as a whole.
#[derive(Debug, Clone, Default)]
pub struct Filter {
    files: Rules,
    folders: Rules,
    only: Option<Only>,
    sizes: Limits<u64>,
    times: Limits<SystemTime>,
    marks: Vec<String>,
    has_paths: bool,
}

/// Smallest and largest value that is let through.
#[derive(Debug, Clone, Copy)]
struct Limits<T> {
    least: Option<T>,
    most: Option<T>,
}

impl<T> Default for Limits<T> {
    fn default() -> Self {
        Self { least: None, most: None }
    }
}

impl<T: PartialOrd> Limits<T> {
    fn has(&self, value: &T) -> bool {
        self.least.as_ref().is_none_or(|least| value >= least) && self.most.as_ref().is_none_or(|most| value <= most)
    }
}

/// Rules, of which the first that matches decides.
#[derive(Debug, Clone, Default)]
struct Rules(Vec<(bool, Regex)>);

impl Rules {
    fn has(&self, path: &str) -> bool {
        self.0.iter().find(|(_, pattern)| pattern.is_match(path)).is_none_or(|(is_included, _)| *is_included)
    }
}

/// A list of files, and the folders that lead to them.
#[derive(Debug, Clone, Default)]
struct Only {
    files: HashSet<String>,
    folders: HashSet<String>,
}

impl Only {
    fn add(&mut self, line: &str) {
        let path = line.trim_matches('/');
        let mut above = path;
        while let Some((folder, _)) = above.rsplit_once('/') {
            if !self.folders.insert(folder.to_owned()) {
                break;
            }
            above = folder;
        }
        self.files.insert(path.to_owned());
    }
}

impl Filter {
    /// A filter to set up. Without any rule it lets everything through.
    pub fn builder() -> FilterBuilder {
        FilterBuilder::default()
    }

    /// Whether a file is let through by its path (`folder/a.txt`), its size and the time of its last change. The
    /// folders above it are asked about by [`has_folder`](Self::has_folder): a job does not look into those that are
    /// not let through. A time that nobody knows is let through.
    #[must_use]
    pub fn has_file(&self, path: &str, size: u64, modified: Option<SystemTime>) -> bool {
        match &self.only {
            Some(only) => only.files.contains(path),
            None => {
                self.files.has(path)
                    && self.sizes.has(&size)
                    && modified.as_ref().is_none_or(|modified| self.times.has(modified))
            }
        }
    }

    /// Whether a folder is looked into, by its path (`folder/inner`).
    #[must_use]
    pub fn has_folder(&self, path: &str) -> bool {
        match &self.only {
            Some(only) => only.folders.contains(path),
            None => self.folders.has(&format!("{path}/")),
        }
    }

    /// Whether a file of this name keeps its folder out.
    #[must_use]
    pub fn is_mark(&self, name: &str) -> bool {
        self.marks.iter().any(|mark| mark == name)
    }

    /// Whether paths decide about anything, so that a folder can be empty for what is let through of it.
    pub(crate) fn has_paths(&self) -> bool {
        self.has_paths
    }

    fn add(&mut self, is_included: bool, glob: &str, ignore_case: bool) -> Result<(), Error> {
        let refused = |reason| Error::Filter { rule: glob.to_owned(), reason };
        self.has_paths = true;
        let names_folder = glob.ends_with('/');
        // To leave out a folder is to leave out all that is in it.
        let whole = if names_folder && !is_included { format!("{glob}**") } else { glob.to_owned() };
        let (is_for_folders, is_for_files) =
            if whole.contains("**") { (true, true) } else { (names_folder, !names_folder) };
        let pattern = path_regex(&whole, ignore_case).map_err(refused)?;
        if is_for_files {
            self.files.0.push((is_included, pattern.clone()));
            // What is included must be found; what is excluded says nothing about folders, unless it is everything.
            if is_included || whole == "*" {
                for folder in folder_globs(&whole).iter().filter(|folder| *folder != "/") {
                    self.folders.0.push((is_included, path_regex(folder, ignore_case).map_err(refused)?));
                }
            }
        }
        if is_for_folders {
            self.folders.0.push((is_included, pattern));
        }
        Ok(())
    }
}

/// Sets up a [`Filter`]. Rules count in rclone's order, whatever the order of the calls: what is included, what is
/// excluded, then filters; where anything is included, all else is excluded in the end.
#[derive(Debug, Clone, Default)]
#[must_use = "a filter is made by `build`"]
pub struct FilterBuilder {
    included: Vec<String>,
    excluded: Vec<String>,
    rules: Vec<String>,
    only: Option<Only>,
    ignore_case: bool,
    sizes: Limits<u64>,
    ages: Limits<Duration>,
    marks: Vec<String>,
    has_include_file: bool,
}

impl FilterBuilder {
    /// Lets through what matches a pattern: `*.jpg`, `/folder/**`, `{a,b}.txt`, `{{regular expression}}`.
    pub fn include(mut self, pattern: impl Into<String>) -> Self {
        self.included.push(pattern.into());
        self
    }

    /// Keeps out what matches a pattern; a folder where it ends with a slash.
    pub fn exclude(mut self, pattern: impl Into<String>) -> Self {
        self.excluded.push(pattern.into());
        self
    }

    /// Adds a rule: `+ pattern`, `- pattern`, or `!`, which forgets all rules before.
    pub fn filter(mut self, rule: impl Into<String>) -> Self {
        self.rules.push(rule.into());
        self
    }

    /// Lets through what matches the patterns of a text, one in a line; empty lines and those that begin with `#` or `;`
    /// are passed over.
    pub fn include_lines(mut self, text: &str) -> Self {
        self.has_include_file = true;
        self.included.extend(lines(text).map(str::to_owned));
        self
    }

    /// Keeps out what matches the patterns of a text, one in a line.
    pub fn exclude_lines(mut self, text: &str) -> Self {
        self.excluded.extend(lines(text).map(str::to_owned));
        self
    }

    /// Adds the rules of a text, one in a line.
    pub fn filter_lines(mut self, text: &str) -> Self {
        self.rules.extend(lines(text).map(str::to_owned));
        self
    }

    /// Lets through the files of a list and no others: their paths, one in a line. No other rule may stand beside it.
    pub fn only_lines(self, text: &str) -> Self {
        self.only(lines(text))
    }

    /// Lets through the files of these paths and no others, taken as they are.
    pub fn only<'a>(mut self, paths: impl IntoIterator<Item = &'a str>) -> Self {
        let only = self.only.get_or_insert_default();
        paths.into_iter().for_each(|path| only.add(path));
        self
    }

    /// Takes capital and small letters of names for the same.
    pub fn ignore_case(mut self) -> Self {
        self.ignore_case = true;
        self
    }

    /// Keeps out files that are smaller, in bytes.
    pub fn min_size(mut self, bytes: u64) -> Self {
        self.sizes.least = Some(bytes);
        self
    }

    /// Keeps out files that are larger, in bytes.
    pub fn max_size(mut self, bytes: u64) -> Self {
        self.sizes.most = Some(bytes);
        self
    }

    /// Keeps out files that were changed since.
    pub fn min_age(mut self, age: Duration) -> Self {
        self.ages.least = Some(age);
        self
    }

    /// Keeps out files that were not changed since.
    pub fn max_age(mut self, age: Duration) -> Self {
        self.ages.most = Some(age);
        self
    }

    /// Keeps out folders that have a file of this name in them.
    pub fn exclude_if_present(mut self, name: impl Into<String>) -> Self {
        self.marks.push(name.into());
        self
    }

    /// The filter. Ages are counted from now.
    ///
    /// # Errors
    ///
    /// [`Error::Filter`] if a rule cannot be read, or contradicts another.
    pub fn build(self) -> Result<Filter, Error> {
        let refused = |rule: &str, reason: &str| Error::Filter { rule: rule.to_owned(), reason: reason.to_owned() };
        let now = SystemTime::now();
        let ago = |age: Duration| now.checked_sub(age).unwrap_or(SystemTime::UNIX_EPOCH);
        let mut filter = Filter {
            sizes: self.sizes,
            times: Limits { least: self.ages.most.map(ago), most: self.ages.least.map(ago) },
            marks: self.marks,
            ..Filter::default()
        };
        if let (Some(least), Some(most)) = (self.ages.least, self.ages.most)
            && least > most
        {
            return Err(refused("min_age", "it is more than max_age, so that no file is let through"));
        }
        let includes = self.has_include_file || !self.included.is_empty();
        for (is_included, patterns) in [(true, &self.included), (false, &self.excluded)] {
            for pattern in patterns {
                filter.add(is_included, pattern, self.ignore_case)?;
            }
        }
        for rule in &self.rules {
            match (rule.as_str(), rule.strip_prefix("+ "), rule.strip_prefix("- ")) {
                ("!", ..) => (filter.files, filter.folders) = Default::default(),
                (_, Some(pattern), _) => filter.add(true, pattern, self.ignore_case)?,
                (_, _, Some(pattern)) => filter.add(false, pattern, self.ignore_case)?,
                _ => return Err(refused(rule, "a rule begins with `+ ` or `- `, or is `!`")),
            }
        }
        if includes {
            filter.add(false, "/**", self.ignore_case)?;
        }
        let has_other = filter.has_paths
            || !filter.marks.is_empty()
            || [filter.sizes.least, filter.sizes.most].iter().any(Option::is_some)
            || [filter.times.least, filter.times.most].iter().any(Option::is_some);
        if self.only.is_some() && has_other {
            return Err(refused("a list of files", "it stands alone: take away the other rules, or the list"));
        }
        filter.has_paths |= self.only.is_some();
        filter.only = self.only;
        Ok(filter)
    }
}

/// The lines of a text that mean something.
fn lines(text: &str) -> impl Iterator<Item = &str> {
    text.lines().map(str::trim).filter(|line| !line.is_empty() && !line.starts_with(['#', ';']))
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "tests fail by panicking")]
mod tests;
