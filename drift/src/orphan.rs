//! Tables whose heading is lost. The page itself tells what they are: its URL and its examples have the names.

use std::collections::BTreeSet;

use crate::page::{At, Page, Table};
use crate::section::Section;

/// A table without a heading.
#[derive(Debug)]
pub(crate) struct Orphan {
    pub(crate) table: Table,
    /// Whether it says what is required, as only tables of requests do.
    pub(crate) has_required: bool,
}

/// Gives tables their place. Where that is not clear, it is told, and what the page lacks says nothing.
pub(crate) fn adopt(page: &mut Page, orphans: Vec<Orphan>) {
    for orphan in orphans {
        let Orphan { table, .. } = &orphan;
        if table.rows.is_empty() {
            continue;
        }
        let line = table.line;
        let section = section_of(page, &orphan);
        let place = section.and_then(|section| place(page, section)).filter(|place| place.is_none());
        if let Some(place) = place {
            *place = Some(orphan.table);
            continue;
        }
        page.unread.push(At { value: "a table without a heading".to_owned(), line });
        for section in [Section::Headers, Section::Path, Section::Query, Section::Body, Section::Response] {
            if place_is_free(page, section) || orphan.has_required == (section != Section::Response) {
                page.gaps.insert(section);
            }
        }
    }
}

fn place(page: &mut Page, section: Section) -> Option<&mut Option<Table>> {
    Some(match section {
        Section::Headers => &mut page.headers,
        Section::Path => &mut page.path_parameters,
        Section::Query => &mut page.query,
        Section::Body => &mut page.body,
        Section::Response => &mut page.response,
        _ => return None,
    })
}

fn place_is_free(page: &mut Page, section: Section) -> bool {
    place(page, section).is_some_and(|place| place.is_none())
}

/// The part whose names the table has.
fn section_of(page: &Page, orphan: &Orphan) -> Option<Section> {
    let names: BTreeSet<&str> = orphan.table.rows.iter().map(|row| row.name.as_str()).collect();
    if names.iter().any(|name| name.to_lowercase().starts_with("x-acs-")) {
        return Some(Section::Headers);
    }
    let path = page.path.as_ref().map(|path| path.value.as_str()).unwrap_or_default();
    if names.iter().all(|name| path.contains(&format!("{{{name}}}"))) {
        return Some(Section::Path);
    }
    let request = page.request_example.as_ref();
    let sent: BTreeSet<&str> = request.iter().flat_map(|request| &request.query).map(String::as_str).collect();
    if !sent.is_empty() && sent.is_subset(&names) {
        return Some(Section::Query);
    }
    let has_first =
        |value: &serde_json::Value| orphan.table.rows.first().is_some_and(|row| value.get(&row.name).is_some());
    let body = request.and_then(|request| request.body.as_ref());
    if orphan.has_required && body.is_some_and(|body| has_first(&body.value)) {
        return Some(Section::Body);
    }
    let answer = page.response_example.as_ref();
    let is_answer = !orphan.has_required && answer.is_none_or(|answer| has_first(&answer.value));
    is_answer.then_some(Section::Response)
}
