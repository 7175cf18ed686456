use std::time::Duration;

use super::*;

/// Rule sets, the paths of a tree, and which of them rclone lists: `crates/transfer/tests/rclone/filters.py` writes it.
const FROZEN: &str = include_str!("../../../tests/rclone/filters.json");

#[derive(serde::Deserialize)]
struct Frozen {
    rclone: String,
    paths: Vec<String>,
    cases: Vec<Case>,
}

#[derive(serde::Deserialize)]
struct Case {
    /// Arguments of rclone: `--include`, `*.txt` and so on.
    arguments: Vec<String>,
    /// Numbers of the paths that it lists; none where it refuses the rules.
    listed: Option<Vec<usize>>,
}

fn filter(arguments: &[String]) -> Result<Filter, Error> {
    let mut filter = Filter::builder();
    for pair in arguments.chunks(2) {
        let value = pair.get(1).map_or("", String::as_str);
        filter = match pair.first().map(String::as_str) {
            Some("--include") => filter.include(value),
            Some("--exclude") => filter.exclude(value),
            Some("--filter") => filter.filter(value),
            Some("--ignore-case=true") => filter.ignore_case(),
            Some("--exclude-if-present") => filter.exclude_if_present(value),
            Some("--min-size") => filter.min_size(parse_size(value).unwrap()),
            Some("--max-size") => filter.max_size(parse_size(value).unwrap()),
            Some("--files-from") => filter.only_lines(value),
            other => panic!("{other:?}"),
        };
    }
    filter.build()
}

/// A file has as many bytes as its path.
fn is_listed(filter: &Filter, path: &str, paths: &[String]) -> bool {
    let is_marked = |folder: &str| {
        let above = paths.iter().filter_map(|path| path.rsplit_once('/').or(Some(("", path))));
        above.filter(|(at, _)| *at == folder).any(|(_, name)| filter.is_mark(name))
    };
    let mut folders = path.match_indices('/').filter_map(|(at, _)| path.get(..at));
    // The root is never kept out.
    folders.all(|folder| filter.has_folder(folder) && !is_marked(folder))
        && filter.has_file(path, path.len() as u64, None)
}

#[test]
fn rule_sets_mean_what_they_mean_to_rclone() {
    let frozen: Frozen = serde_json::from_str(FROZEN).unwrap();
    assert!(frozen.cases.len() >= 200, "{}", frozen.rclone);
    for case in &frozen.cases {
        let listed = filter(&case.arguments).ok().map(|filter| {
            let paths = frozen.paths.iter().enumerate();
            paths.filter(|(_, path)| is_listed(&filter, path, &frozen.paths)).map(|(at, _)| at).collect::<Vec<usize>>()
        });
        let named = |listed: &Option<Vec<usize>>| {
            listed.as_ref().map(|listed| listed.iter().filter_map(|at| frozen.paths.get(*at)).collect::<Vec<_>>())
        };
        assert_eq!(named(&listed), named(&case.listed), "{:?}", case.arguments);
    }
}

/// The same on rule sets that `filters.py` has just made, without keeping them.
#[test]
fn fresh_rule_sets_mean_the_same_where_they_are_given() {
    let Some(file) = std::env::var_os("RCLONE_CASES") else { return };
    let fresh: Frozen = serde_json::from_str(&std::fs::read_to_string(file).unwrap()).unwrap();
    let mut different = Vec::new();
    for case in &fresh.cases {
        let listed = filter(&case.arguments).ok().map(|filter| {
            let paths = fresh.paths.iter().enumerate();
            paths.filter(|(_, path)| is_listed(&filter, path, &fresh.paths)).map(|(at, _)| at).collect::<Vec<usize>>()
        });
        if listed != case.listed {
            different.push((&case.arguments, listed, &case.listed));
        }
    }
    assert!(
        different.is_empty(),
        "{} of {} differ from {}: {different:#?}",
        different.len(),
        fresh.cases.len(),
        fresh.rclone
    );
}

#[test]
fn ages_keep_out_what_is_too_young_or_too_old() {
    let now = SystemTime::now();
    let hours = |hours: u64| Some(now - Duration::from_secs(hours * 3600));
    let filter =
        Filter::builder().min_age(Duration::from_secs(3600)).max_age(parse_age("1d").unwrap()).build().unwrap();
    assert!(
        !filter.has_file("a", 0, hours(0)) && filter.has_file("a", 0, hours(2)) && !filter.has_file("a", 0, hours(25))
    );
    assert!(filter.has_file("a", 0, None), "nobody knows");
    let none = Filter::builder().min_age(Duration::from_secs(2)).max_age(Duration::from_secs(1)).build();
    assert!(matches!(none, Err(Error::Filter { .. })));
}

#[test]
fn rules_that_cannot_be_read_are_refused_with_what_is_wrong() {
    for rule in ["a", "+a", "-", "", "+ [", "- a{", "+ ***", "+ {{(}}", "- a]", "+ a}"] {
        let refused = Filter::builder().filter(rule).build();
        assert!(matches!(&refused, Err(Error::Filter { reason, .. }) if !reason.is_empty()), "{rule}: {refused:?}");
    }
    assert!(Filter::builder().only(["a"]).exclude("b").build().is_err());
}

#[test]
fn measures_are_read_as_rclone_does() {
    for (text, bytes) in [("10B", 10), ("1k", 1024), ("1Ki", 1024), ("3", 3072), ("0.5M", 1 << 19), ("1T", 1 << 40)] {
        assert_eq!(parse_size(text), Some(bytes), "{text}");
    }
    for text in ["", "k", "-1", "1x", "1.2.3k", "99E"] {
        assert_eq!(parse_size(text), None, "{text}");
    }
    for (text, millis) in [("100ms", 100), ("5", 5_000), ("2M", 60 * 86_400_000), ("1y", 365 * 86_400_000)] {
        assert_eq!(parse_age(text), Some(Duration::from_millis(millis)), "{text}");
    }
    for text in ["", "x", "-5s", "1 h", "5q"] {
        assert_eq!(parse_age(text), None, "{text}");
    }
}
