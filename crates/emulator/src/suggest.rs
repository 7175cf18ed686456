//! What somebody may have meant who wrote a name that nothing has.

/// Most names that are suggested.
const MOST: usize = 5;

/// How alike names have to be, from 0 to 1.
const ALIKE: f64 = 0.75;

/// A sentence that names what may have been meant, with a blank before it; empty when nothing is alike. A name counts
/// without the family before its dot, too: `GetSpace` may mean `storage_v1.GetSpace`.
pub fn suggestion<'a>(written: &str, names: impl IntoIterator<Item = &'a str>) -> String {
    let last = |name: &'a str| name.rsplit_once('.').map_or(name, |(_, last)| last);
    let wanted = written.to_lowercase();
    let score = |name: &'a str| {
        let whole = strsim::normalized_damerau_levenshtein(&wanted, &name.to_lowercase());
        let short = strsim::normalized_damerau_levenshtein(&wanted, &last(name).to_lowercase());
        whole.max(short)
    };
    let scored = names.into_iter().map(|name| (score(name), name)).filter(|(score, _)| *score >= ALIKE);
    let mut scored: Vec<(f64, &str)> = scored.collect();
    scored.sort_by(|(a, first), (b, second)| b.total_cmp(a).then_with(|| first.cmp(second)));
    let best = scored.first().map_or(0.0, |(score, _)| *score);
    let alike: Vec<&str> =
        scored.into_iter().filter(|(score, _)| best - score < 0.05).map(|(_, name)| name).take(MOST).collect();
    if alike.is_empty() { String::new() } else { format!("; is it {}?", alike.join(" or ")) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_suggested_by_their_likeness() {
        let names = ["conv_file_v1.GetSpace", "storage_v1.AddSpace", "storage_v1.GetSpace", "storage_v2.CommitFile"];
        let of = |written| suggestion(written, names);
        assert_eq!(of("GetSpace"), "; is it conv_file_v1.GetSpace or storage_v1.GetSpace?");
        assert_eq!(of("storage_v1.GetSpaec"), "; is it storage_v1.GetSpace?");
        assert_eq!(of("storage_v1.getspace"), "; is it storage_v1.GetSpace?");
        assert_eq!(of("commitfile"), "; is it storage_v2.CommitFile?");
        assert_eq!(of("something else"), "");
    }
}
