//! "Did you mean": the known name that is nearest to a misspelt one.

/// Longer names are no slips of the pen, and comparing them would take long.
const LONGEST: usize = 64;

/// The candidate that a person most likely meant.
pub(crate) fn nearest<'a>(name: &str, candidates: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    if name.is_empty() || name.len() > LONGEST {
        return None;
    }
    let wanted = name.to_lowercase();
    let length = wanted.chars().count();
    let allowed = (length / 3).clamp(1, 3);
    candidates
        .into_iter()
        .filter(|candidate| candidate.chars().count().abs_diff(length) <= allowed)
        .map(|candidate| (strsim::damerau_levenshtein(&wanted, &candidate.to_lowercase()), candidate))
        .filter(|(distance, _)| *distance <= allowed)
        .min()
        .map(|(_, candidate)| candidate)
}

/// The suggestion as a sentence.
pub(crate) fn did_you_mean<'a>(name: &str, candidates: impl IntoIterator<Item = &'a str>) -> Option<String> {
    nearest(name, candidates).map(|candidate| format!("did you mean `{candidate}`?"))
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
    fn the_nearest_wins() {
        assert_eq!(nearest("int", ["int64x", "ints", "into"]), Some("into"));
        assert_eq!(nearest("read", ["reads", "read"]), Some("read"));
    }
}
