//! Documentation pages held against the spec.
//!
//! A page in any of its renderings ([`Rendering`]) is read into facts with their lines ([`Page`]), its flat tables get
//! their nesting back, and each fact is held against the operation of the spec: found by the slug of the page, else by
//! method and path. What differs is a [`Difference`] with a place on both sides. Some are right, and the spec says why:
//! in its quirks and discrepancies, and in `evidence/page_disputes.yaml`.
//!
//! A page can be anything: what cannot be read is told, and nothing is made up for it.

mod columns;
mod compare;
mod description;
mod dictionary;
mod difference;
mod disputes;
mod draft;
mod edits;
mod example;
mod explain;
mod html;
mod kind;
mod layout;
mod legacy;
mod list;
mod nesting;
mod orphan;
mod ours;
mod page;
mod parse;
mod relaxed;
mod rendering;
pub mod report;
mod row;
mod section;
mod source;
mod text;
mod yaml;

use std::collections::BTreeSet;

use dingtalk_storage_spec::{FamilySpec, OperationSpec, SourceTree, Spec};

pub use difference::{About, Difference, Older, Side};
pub use disputes::{Disputes, InvalidDisputes, Stale};
pub use draft::{NoSkeleton, Skeleton, Wanted, skeleton};
pub use edits::{Edits, Source, edits};
pub use page::{At, ErrorTable, Example, Page, RequestExample, Row, Table};
pub use rendering::{Language, Rendering};

/// What came of a page.
#[derive(Debug, Clone)]
pub struct Drift {
    /// The page, as it was named.
    pub file: String,
    /// What it says.
    pub page: Page,
    /// What it is about.
    pub subject: Subject,
    /// Where it differs from the spec, in the order of the page's parts.
    pub differences: Vec<Difference>,
    /// Shared types that the operation has.
    types: BTreeSet<String>,
}

/// What a page is about.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Subject {
    /// An operation of the spec, by its full name.
    Operation(String),
    /// An operation that the spec does not have.
    Unknown,
    /// No operation: an overview, a tutorial, an event.
    Other,
}

impl Drift {
    /// Differences that nothing explains.
    pub fn unexplained(&self) -> impl Iterator<Item = &Difference> {
        self.differences.iter().filter(|difference| difference.reason.is_none())
    }
}

/// Tells when a file of the spec was changed last, as `2026-01-31` with or without a time.
pub type Dates<'a> = dyn Fn(&str) -> Option<String> + 'a;

/// A spec to hold pages against.
pub struct Comparison<'a> {
    spec: &'a Spec,
    tree: &'a SourceTree,
    disputes: &'a Disputes,
    dates: &'a Dates<'a>,
    names: ours::AllNames<'a>,
}

impl<'a> Comparison<'a> {
    /// `tree` is what the spec was compiled from; it knows the lines.
    pub fn new(spec: &'a Spec, tree: &'a SourceTree, disputes: &'a Disputes, dates: &'a Dates<'a>) -> Self {
        Self { spec, tree, disputes, dates, names: ours::AllNames::of(spec) }
    }

    /// Holds a page against the spec. `language` is found out when it is not given.
    pub fn page(&self, file: &str, bytes: &[u8], language: Option<Language>) -> Drift {
        let mut page = parse::parse(bytes, language, &self.names);
        let drift = |page: Page, subject| Drift {
            file: file.to_owned(),
            page,
            subject,
            differences: Vec::new(),
            types: BTreeSet::new(),
        };
        let is_of_operation = page.is_of_operation();
        let found = if is_of_operation || page.has_tables() { self.find(file, &page) } else { None };
        let Some((family, item)) = found else {
            return drift(page, if is_of_operation { Subject::Unknown } else { Subject::Other });
        };
        if !is_of_operation {
            page.unread.insert(0, At { value: "method and path: the page has lost them".to_owned(), line: 1 });
        }
        let ours = ours::Ours::new(self.spec, family, item);
        let found = compare::compare(self.spec, &ours, &mut page);
        let differences = found.into_iter().map(|found| self.difference(file, &ours, &page, found)).collect();
        let types = ours.types();
        Drift { differences, types, ..drift(page, Subject::Operation(ours.name)) }
    }

    /// The operation by the slug that the page has or its file is named after, else by method and path.
    fn find(&self, file: &str, page: &Page) -> Option<(&'a FamilySpec, &'a OperationSpec)> {
        let all =
            || self.spec.families.iter().flat_map(|family| family.operations.iter().map(move |item| (family, item)));
        let name = file.rsplit(['/', '\\']).next().unwrap_or(file);
        let stem = name.split_once('.').map_or(name, |(stem, _)| stem);
        // Files of a collection begin with a number: `0557-new-knowledge-base`.
        let bare = stem.trim_start_matches(|each: char| each.is_ascii_digit()).trim_start_matches('-');
        let by_slug = |slug: &str| {
            let mut found = all().filter(|(_, item)| item.operation.docs.as_deref() == Some(slug));
            let first = found.next()?;
            // Two operations can share a page; which one is meant, method and path tell.
            if found.next().is_some() { None } else { Some(first) }
        };
        let by_http = || {
            let path = page.path.as_ref()?.value.as_str();
            let method = page.method.as_ref().map(|method| method.value.as_str());
            all().find(|(_, item)| {
                let mut http = item.operation.http.split_whitespace();
                let (verb, template) = (http.next(), http.next().unwrap_or_default());
                (method.is_none() || verb == method)
                    && (template == path || without_names(template) == without_names(path))
            })
        };
        page.slug.as_deref().and_then(by_slug).or_else(|| by_slug(stem)).or_else(|| by_slug(bare)).or_else(by_http)
    }

    fn difference(&self, file: &str, ours: &ours::Ours<'_>, page: &Page, found: compare::Found) -> Difference {
        let dispute = self.disputes.explaining(&ours.name, &found);
        let reason = dispute.and_then(|number| self.disputes.reason(number));
        let reason = reason.or_else(|| explain::reason(self.spec, ours, page, &found));
        let line = self.tree.line_of(&found.place.file, &found.place.keys).unwrap_or(1);
        let older = self.older(&found.place.file, page);
        Difference {
            operation: ours.name.clone(),
            field: found.field,
            about: found.about,
            spec: Side { says: found.spec, file: found.place.file.clone(), line },
            page: Side { says: found.page, file: file.to_owned(), line: found.line },
            older,
            reason,
            place: found.place,
            dispute,
        }
    }

    fn older(&self, spec: &str, page: &Page) -> Option<Older> {
        let [page, spec] = [page.updated.clone()?, (self.dates)(spec)?].map(|date| day(&date));
        match page?.cmp(&spec?) {
            std::cmp::Ordering::Less => Some(Older::Page),
            std::cmp::Ordering::Equal => None,
            std::cmp::Ordering::Greater => Some(Older::Spec),
        }
    }
}

/// Year, month and day of a date.
fn day(text: &str) -> Option<String> {
    let day = text.get(..10)?;
    let is_date = day
        .bytes()
        .enumerate()
        .all(|(at, byte)| if matches!(at, 4 | 7) { byte == b'-' } else { byte.is_ascii_digit() });
    is_date.then(|| day.to_owned())
}

/// A path with `{}` in place of each parameter.
fn without_names(path: &str) -> String {
    let parts = path.split('/').map(|part| if part.starts_with('{') { "{}" } else { part });
    parts.collect::<Vec<_>>().join("/")
}
