//! What a page says about an operation as a whole, and what follows from its neighbours in the spec.

use dingtalk_storage_spec::model::{Envelope, Token};
use dingtalk_storage_spec::{FamilySpec, OperationSpec, Spec, naming};

use crate::Drift;
use crate::page::Page;

/// The operation whose path begins like that of a page, with its family.
pub(crate) fn neighbour<'a>(
    spec: &'a Spec,
    path: &str,
    family: Option<&str>,
) -> Option<(&'a FamilySpec, &'a OperationSpec)> {
    let all = spec.families.iter().filter(|known| family.is_none_or(|name| known.family.family == name));
    let all = all.flat_map(|family| family.operations.iter().map(move |item| (family, item)));
    // `/v1.0/storage/…` has the version before the module.
    let least = if family.is_some() {
        0
    } else if path.starts_with("/v") {
        2
    } else {
        1
    };
    let shared = |item: &OperationSpec| {
        let own = item.operation.http.split_whitespace().nth(1).unwrap_or_default();
        segments(own).zip(segments(path)).take_while(|(ours, theirs)| ours == theirs).count()
    };
    let mut best: Option<(usize, (&FamilySpec, &OperationSpec))> = None;
    for (family, item) in all {
        let count = shared(item);
        if count >= least && best.is_none_or(|(most, _)| count > most) {
            best = Some((count, (family, item)));
        }
    }
    best.map(|(_, found)| found)
}

/// The parts of a path; parameters are all the same.
fn segments(path: &str) -> impl Iterator<Item = &str> {
    let parts = path.split('/').filter(|part| !part.is_empty());
    parts.map(|part| if part.starts_with('{') { "{}" } else { part })
}

/// The slug that the page has, or its file is named after.
pub(crate) fn slug(drift: &Drift) -> Option<String> {
    let of_file = || {
        let name = drift.file.rsplit(['/', '\\']).next()?;
        let stem = name.split_once('.').map_or(name, |(stem, _)| stem);
        Some(stem.trim_start_matches(|each: char| each.is_ascii_digit()).trim_start_matches('-').to_owned())
    };
    let is_slug = |text: &String| {
        !text.is_empty() && text.chars().all(|each| each.is_ascii_lowercase() || each.is_ascii_digit() || each == '-')
    };
    drift.page.slug.clone().filter(is_slug).or_else(|| of_file().filter(is_slug))
}

/// A name for the operation: no page has that of the official SDK.
pub(crate) fn name(slug: Option<&str>, page: &Page) -> String {
    let of_path = || {
        let path = page.path.as_ref().map(|path| path.value.as_str()).unwrap_or_default();
        let mut words = path.split('/').filter(|part| !part.starts_with('{') && !part.starts_with('v'));
        words.next_back().unwrap_or_default().to_owned()
    };
    let words = slug.map_or_else(of_path, str::to_owned);
    let name = naming::variant(words.trim_start_matches(|each: char| !each.is_ascii_alphabetic()));
    if name.is_empty() { "NewOperation".to_owned() } else { name }
}

/// `token:` where a page says otherwise than the family.
pub(crate) fn token(page: &Page, family: &FamilySpec) -> Option<&'static str> {
    let headers = page.headers.as_ref()?;
    let in_header = headers.rows.iter().any(|row| row.name.eq_ignore_ascii_case("x-acs-dingtalk-access-token"));
    match (family.family.token, in_header) {
        (Token::Header | Token::User, false) => Some("none"),
        (Token::None | Token::Query, true) => Some("header"),
        _ => None,
    }
}

/// Whether the answer of a family stands in another object.
pub(crate) fn is_wrapped(family: &FamilySpec) -> bool {
    family.family.envelope == Envelope::Errcode
}
