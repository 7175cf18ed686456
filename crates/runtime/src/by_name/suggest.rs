//! "Did you mean": the known name that a person most likely meant.

use crate::Operation;

/// Longer names are no slips of the pen, and comparing them would take long.
const LONGEST: usize = 64;

/// The candidate that was meant: one that differs only in its spelling, such as `union_id` for `unionId` or
/// `size` for `option.size`, or else the nearest.
pub(super) fn meant<C: AsRef<str>>(name: &str, candidates: impl IntoIterator<Item = C>) -> Option<C> {
    if name.is_empty() || name.len() > LONGEST {
        return None;
    }
    let wanted = folded(name);
    let length = wanted.chars().count();
    let allowed = (length / 3).clamp(1, 3);
    let distances = candidates.into_iter().filter_map(|candidate| {
        let whole = folded(candidate.as_ref());
        let last = folded(last_part(candidate.as_ref()));
        let distance = [whole, last].iter().map(|known| strsim::damerau_levenshtein(&wanted, known)).min()?;
        (distance <= allowed.min(length.saturating_sub(1))).then_some((distance, candidate))
    });
    distances.min_by_key(|(distance, _)| *distance).map(|(_, candidate)| candidate)
}

/// The operations that were meant. One name can stand in several families.
pub(super) fn operations(name: &str, all: impl Iterator<Item = &'static Operation>) -> Vec<&'static str> {
    let all: Vec<&'static str> = all.map(|operation| operation.name).collect();
    let wanted = folded(last_part(name));
    let same: Vec<_> = all.iter().copied().filter(|known| folded(last_part(known)) == wanted).collect();
    if same.is_empty() { meant(name, all).into_iter().collect() } else { same }
}

fn last_part(name: &str) -> &str {
    name.rsplit('.').next().unwrap_or(name)
}

/// Letters and digits in lower case.
fn folded(name: &str) -> String {
    name.chars().filter(|character| character.is_alphanumeric()).flat_map(char::to_lowercase).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    const KNOWN: [&str; 5] = ["parentDentryUuid", "unionId", "name", "option.size", "option.conflictStrategy"];

    #[test]
    fn slips_and_other_spellings_are_understood() {
        for (name, known) in [
            ("parentDentryUid", "parentDentryUuid"),
            ("union_id", "unionId"),
            ("UNIONID", "unionId"),
            ("size", "option.size"),
            ("options.size", "option.size"),
            ("conflict-stratgy", "option.conflictStrategy"),
            ("nmae", "name"),
        ] {
            assert_eq!(meant(name, KNOWN), Some(known), "{name}");
        }
    }

    #[test]
    fn other_words_suggest_nothing() {
        for name in ["color", "", "x", "文", &"n".repeat(1_000_000)] {
            assert_eq!(meant(name, KNOWN), None, "{name:.10}");
        }
    }
}
