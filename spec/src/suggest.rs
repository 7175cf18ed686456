//! "Did you mean": the known name that is nearest to a misspelt one.

use std::cell::Cell;

use crate::lookalike;

/// Longer names are no slips of the pen, and comparing them would take long.
const LONGEST: usize = 64;

/// So many comparisons are made for one list of names. Thousands of wrong names have one cause, and nobody reads as many
/// guesses; comparing all of them with thousands of known names would take minutes.
const COMPARISONS: usize = 20_000;

/// Known names, ready to be compared with many others.
pub(crate) struct Names<N> {
    known: Vec<Known<N>>,
    comparisons: Cell<usize>,
}

struct Known<N> {
    name: N,
    lowercase: String,
    length: usize,
    letters: u64,
}

impl<N: AsRef<str> + Ord> Names<N> {
    pub(crate) fn new(names: impl IntoIterator<Item = N>) -> Self {
        let known = names.into_iter().map(|name| {
            let lowercase = name.as_ref().to_lowercase();
            Known { name, length: lowercase.chars().count(), letters: letters(&lowercase), lowercase }
        });
        Self { known: known.collect(), comparisons: Cell::new(COMPARISONS) }
    }

    /// The name that a person most likely meant.
    pub(crate) fn nearest(&self, name: &str) -> Option<&N> {
        self.nearest_of(name, |_| true)
    }

    /// The same among some of the names.
    pub(crate) fn nearest_of(&self, name: &str, among: impl Fn(&str) -> bool) -> Option<&N> {
        if name.len() > LONGEST {
            return None;
        }
        let wanted = lookalike::folded(name).to_lowercase();
        let wanted = wanted.trim().trim_matches(['"', '\'', '`']).trim_end_matches([';', ',', '.', ':']);
        if wanted.is_empty() {
            return None;
        }
        let length = wanted.chars().count();
        let allowed = (length / 3).clamp(1, 3);
        let letters = letters(wanted);
        let close = |known: &&Known<N>| {
            known.length.abs_diff(length) <= allowed
                && (known.letters ^ letters).count_ones() as usize <= 2 * allowed
                && among(known.name.as_ref())
        };
        let compared = self.known.iter().filter(close).map_while(|known| {
            self.comparisons.set(self.comparisons.get().checked_sub(1)?);
            Some((strsim::damerau_levenshtein(wanted, &known.lowercase), &known.name))
        });
        compared.filter(|(distance, _)| *distance <= allowed).min().map(|(_, name)| name)
    }

    /// The suggestion as a sentence.
    pub(crate) fn did_you_mean(&self, name: &str) -> Option<String> {
        self.nearest(name).map(|known| format!("did you mean `{}`?", known.as_ref()))
    }
}

/// Which letters a name has, one bit for each. An edit changes at most two of the bits.
fn letters(name: &str) -> u64 {
    name.chars().fold(0, |letters, letter| letters | 1 << (u32::from(letter) % 64))
}

/// The candidate that a person most likely meant.
pub(crate) fn nearest<'a>(name: &str, candidates: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    Names::new(candidates).nearest(name).copied()
}

/// The suggestion as a sentence.
pub(crate) fn did_you_mean<'a>(name: &str, candidates: impl IntoIterator<Item = &'a str>) -> Option<String> {
    Names::new(candidates).did_you_mean(name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn slips_are_understood_and_other_words_are_not() {
        let known = ["summary", "status", "scope", "spaceQuotaInsufficient", "事物"];
        let meant = |name| nearest(name, known);
        assert_eq!(meant("sumary"), Some("summary"));
        assert_eq!(meant("STATUS"), Some("status"));
        assert_eq!(meant("satus"), Some("status"));
        assert_eq!(meant("spaceQoutaInsuficient"), Some("spaceQuotaInsufficient"));
        assert_eq!(meant("事"), Some("事物"));
        assert_eq!(meant("color"), None);
        assert_eq!(meant(""), None);
        assert_eq!(meant(&"s".repeat(1_000_000)), None);
    }

    #[test]
    fn look_alikes_quotes_and_stops_do_not_count() {
        let known = ["current", "legacy"];
        for written in ["“current”", "ｃｕｒｒｅｎｔ", "current;", "'current',", "curr\u{200b}ent", "\u{3000}current。"]
        {
            assert_eq!(nearest(written, known), Some("current"), "{written}");
        }
        assert_eq!(nearest("；", known), None);
    }

    #[test]
    fn the_nearest_wins() {
        assert_eq!(nearest("int", ["int64x", "ints", "into"]), Some("into"));
        assert_eq!(nearest("read", ["reads", "read"]), Some("read"));
    }

    #[test]
    fn thousands_of_similar_names_are_not_all_compared() {
        let known: Vec<String> = (0..5_000).map(|number| format!("Type{number}")).collect();
        let names = Names::new(known.iter().map(String::as_str));
        assert_eq!(names.nearest("Typo17"), Some(&"Type17"));
        for number in 0..5_000 {
            names.nearest(&format!("Typo{number}"));
        }
        assert_eq!(names.comparisons.get(), 0);
    }
}
