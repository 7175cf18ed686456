//! What the overview pages of the documentation list.

use std::collections::BTreeMap;

use serde::Deserialize;

use super::{InvalidSource, Sources};
use crate::model::Status;
use crate::spec::{OperationSpec, Spec};

/// The rows of the overview pages, chapter by chapter.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Overview {
    #[serde(rename = "about")]
    _about: serde_json::Map<String, serde_json::Value>,
    /// Chapters in the order of the pages.
    pub chapters: Vec<Chapter>,
}

/// A chapter of an overview page.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Chapter {
    /// Its heading.
    pub title: String,
    /// Its rows.
    pub apis: Vec<Api>,
}

/// A row of an overview page.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Api {
    /// What the row calls the API.
    pub title: String,
    /// Slug of the page that it links to.
    pub page: String,
}

impl Overview {
    /// Reads the file.
    ///
    /// # Errors
    ///
    /// If it is not JSON of this form.
    pub fn read(text: &str) -> Result<Self, InvalidSource> {
        serde_json::from_str(text)
            .map_err(|error| InvalidSource::new(Sources::OVERVIEW, error.line(), error.to_string()))
    }

    /// Chapters with their rows, row by row.
    pub fn rows(&self) -> impl Iterator<Item = (&Chapter, &Api)> {
        self.chapters.iter().flat_map(|chapter| chapter.apis.iter().map(move |api| (chapter, api)))
    }
}

/// Where the spec and the overview do not fit: every row is one current operation of its chapter, and a chapter has no
/// current operation besides.
pub(super) fn gaps(spec: &Spec, overview: &Overview) -> Vec<String> {
    let mut gaps = Vec::new();
    let mut pages: BTreeMap<&str, &str> = BTreeMap::new();
    for (chapter, api) in overview.rows() {
        if let Some(first) = pages.insert(&api.page, &chapter.title) {
            gaps.push(format!("the overview lists the page `{}` in `{first}` and in `{}`", api.page, chapter.title));
        }
        let found: Vec<_> = current(spec).filter(|item| item.operation.docs.as_deref() == Some(&api.page)).collect();
        match found.as_slice() {
            [item] => gaps.extend(other_chapter(spec, item, chapter)),
            [] => gaps.push(format!(
                "no current operation is documented by `{}` ({}: {})",
                api.page, chapter.title, api.title
            )),
            _ => gaps.push(format!("more than one current operation is documented by `{}`", api.page)),
        }
    }
    for item in current(spec) {
        let title = chapter_title(spec, item);
        let listed = item.operation.docs.as_deref().is_some_and(|page| pages.contains_key(page));
        if !listed && overview.chapters.iter().any(|chapter| title == Some(chapter.title.as_str())) {
            let title = title.unwrap_or_default();
            gaps.push(format!(
                "{}: the operation is current, but `{title}` of the overview does not list its page",
                item.file
            ));
        }
    }
    gaps
}

fn current(spec: &Spec) -> impl Iterator<Item = &OperationSpec> {
    let operations = spec.families.iter().flat_map(|family| &family.operations);
    operations.filter(|item| item.operation.status == Status::Current)
}

fn chapter_title<'a>(spec: &'a Spec, item: &OperationSpec) -> Option<&'a str> {
    spec.groups.get(&item.operation.group).map(|group| group.title.as_str())
}

fn other_chapter(spec: &Spec, item: &OperationSpec, chapter: &Chapter) -> Option<String> {
    let title = chapter_title(spec, item).unwrap_or_default();
    (title != chapter.title)
        .then(|| format!("{}: the group is `{title}`, but the overview lists it in `{}`", item.file, chapter.title))
}
