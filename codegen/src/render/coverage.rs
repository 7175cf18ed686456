//! The map of the documentation: every API of its overview pages, every operation of the spec, side by side.

use std::collections::HashMap;
use std::fmt::Write as _;

use dingtalk_storage_spec::audit::{Api as OverviewRow, Overview};
use dingtalk_storage_spec::model::{Language, Status};

use crate::error::Error;
use crate::ir::{Api, Event, Operation};
use crate::lower::documentation;
use crate::names::word;
use crate::output::Output;
use crate::render::markdown::one_line;

/// Renders `spec/COVERAGE.md`.
///
/// # Errors
///
/// If the output has it already.
pub fn render_coverage(api: &Api, overview: &Overview, output: &mut Output) -> Result<(), Error> {
    output.add("spec/COVERAGE.md", document(&chapters(api, overview), &api.events))
}

/// A chapter of the documentation with what it lists and what the spec has.
struct Chapter<'a> {
    title: &'a str,
    /// What the spec leaves out of it.
    lacks: Option<&'a str>,
    rows: Vec<Row<'a>>,
}

impl Chapter<'_> {
    /// Whether nothing is missing that a source has.
    fn is_complete(&self) -> bool {
        self.lacks.is_none() && self.rows.iter().all(|row| row.operation.is_some())
    }
}

/// An API of the overview, an operation of the spec, or both.
struct Row<'a> {
    /// Number of the row in the overview pages, and what it says.
    listed: Option<(usize, &'a OverviewRow)>,
    operation: Option<&'a Operation>,
}

/// Chapters in the order of the spec; in each, what the overview lists comes first and in its order.
fn chapters<'a>(api: &'a Api, overview: &'a Overview) -> Vec<Chapter<'a>> {
    let listed: Vec<_> = overview.rows().enumerate().map(|(index, (chapter, row))| (index + 1, chapter, row)).collect();
    let operations: Vec<_> = api.families.iter().flat_map(|family| &family.operations).collect();
    let current = operations.iter().copied().filter(|operation| operation.status == Status::Current).rev();
    // Of several operations with one page, the first.
    let by_page = current.filter_map(|operation| Some((operation.page_slug.as_ref()?.0.as_str(), operation)));
    let by_page: HashMap<_, _> = by_page.collect();
    let documented = |page: &str| by_page.get(page).copied();
    let mut chapters = Vec::new();
    for (name, group) in &api.groups {
        let (mut rows, mut found) = (Vec::new(), Vec::new());
        for (number, chapter, row) in &listed {
            let operation = documented(&row.page);
            if operation.map_or(chapter.title == group.title, |operation| operation.group == *name) {
                rows.push(Row { listed: Some((*number, row)), operation });
                found.extend(operation.map(|operation| &operation.full_name));
            }
        }
        let is_other = |other: &&Operation| other.group == *name && !found.contains(&&other.full_name);
        let others = operations.iter().copied().filter(is_other);
        rows.extend(others.map(|operation| Row { listed: None, operation: Some(operation) }));
        chapters.push(Chapter { title: &group.title, lacks: group.lacks.as_deref(), rows });
    }
    let elsewhere = listed.iter().filter(|(_, chapter, row)| {
        documented(&row.page).is_none() && api.groups.values().all(|group| group.title != chapter.title)
    });
    let rows = elsewhere.map(|(number, _, row)| Row { listed: Some((*number, row)), operation: None }).collect();
    chapters.push(Chapter { title: "Chapters that the spec does not have", lacks: None, rows });
    chapters.retain(|chapter| !chapter.rows.is_empty());
    chapters
}

const INTRODUCTION: &str = "\
# What the spec covers

The first table counts, the others list: each API of the overview pages of the documentation (Storage and DingTalk
Drive, numbered in their order), then what other pages and the official SDK have besides.

- **current**: documented and offered. **legacy**: its page is retired. **undocumented**: only the official SDK has it.
- **complete**: nothing is left out that the overview pages or the official SDK have. **in part**: the chapter says what is.
- **read**: changes nothing. **idempotent**: twice is the same as once. **write**: not to be repeated blindly.

| Chapter | Of the overviews | current | legacy | undocumented | Operations |
|---|---|---|---|---|---|
";

fn document(chapters: &[Chapter<'_>], events: &[Event]) -> String {
    let mut text = format!("<!-- {} generate from the spec. Do not edit. -->\n{INTRODUCTION}", Output::MARK);
    for chapter in chapters {
        let link = anchor(chapter.title);
        let rows: Vec<_> = chapter.rows.iter().collect();
        let whole = if chapter.is_complete() { "complete" } else { "**in part**" };
        totals(&mut text, &format!("[{}](#{link}), {whole}", cell(chapter.title)), &rows);
    }
    let rows: Vec<_> = chapters.iter().flat_map(|chapter| &chapter.rows).collect();
    totals(&mut text, "**All**", &rows);
    for chapter in chapters {
        let _ = writeln!(text, "\n## {}\n", one_line(chapter.title));
        if let Some(lacks) = chapter.lacks {
            let _ = writeln!(text, "In part. Left out: {}\n", one_line(lacks));
        }
        text.push_str("| No. | API | Operation | Page | Status | Scope | Effect |\n|---|---|---|---|---|---|---|\n");
        text.extend(chapter.rows.iter().map(|row| format!("| {} |\n", cells(row).join(" | "))));
    }
    if !events.is_empty() {
        pushed(&mut text, events);
    }
    text
}

/// What the server pushes is no operation, but documented all the same.
fn pushed(text: &mut String, events: &[Event]) {
    text.push_str("\n## Events that the server pushes\n\n| Event | What happened | Page |\n|---|---|---|\n");
    for event in events {
        let Event { wire, summary, documentation, .. } = event;
        let slug = documentation.rsplit('/').next().unwrap_or_default();
        let _ = writeln!(text, "| {} | {} | [{slug}]({documentation}) |", cell(wire), cell(summary));
    }
}

fn totals(text: &mut String, title: &str, rows: &[&Row<'_>]) {
    let count = |wanted: &dyn Fn(&Row<'_>) -> bool| rows.iter().filter(|row| wanted(row)).count();
    let listed = count(&|row| row.listed.is_some());
    let covered = count(&|row| row.listed.is_some() && row.operation.is_some());
    let overviews = if listed == 0 { "–".to_owned() } else { format!("{covered} of {listed}") };
    let [current, legacy, undocumented] = [Status::Current, Status::Legacy, Status::Undocumented]
        .map(|status| count(&|row| row.operation.is_some_and(|operation| operation.status == status)));
    let all = count(&|row| row.operation.is_some());
    let _ = writeln!(text, "| {title} | {overviews} | {current} | {legacy} | {undocumented} | {all} |");
}

fn cells(row: &Row<'_>) -> [String; 7] {
    let number = row.listed.map_or("–".to_owned(), |(number, _)| number.to_string());
    let title = row.listed.map(|(_, listed)| listed.title.as_str());
    let Some(operation) = row.operation else {
        let page = row.listed.map_or(String::new(), |(_, listed)| page(&listed.page, Language::En));
        let [status, scope, effect] = ["–"; 3].map(str::to_owned);
        return [number, cell(title.unwrap_or_default()), "**missing**".to_owned(), page, status, scope, effect];
    };
    [
        number,
        cell(title.unwrap_or(&operation.summary)),
        format!("[{}]({})", operation.full_name, operation.source),
        operation.page_slug.as_ref().map_or("none".to_owned(), |(slug, language)| page(slug, *language)),
        word(operation.status),
        operation.scope.as_deref().map_or("not named".to_owned(), cell),
        word(operation.effect),
    ]
}

fn page(slug: &str, language: Language) -> String {
    let remark = if language == Language::Zh { " (Chinese)" } else { "" };
    format!("[{slug}]({}){remark}", documentation(slug, language))
}

/// Text within a cell of a table, where a bar would begin the next one.
fn cell(text: &str) -> String {
    one_line(text).replace("\\|", "|").replace('|', "\\|")
}

/// The anchor that GitHub gives a heading.
fn anchor(title: &str) -> String {
    let kept = |c: &char| c.is_alphanumeric() || matches!(c, ' ' | '-' | '_');
    title.to_lowercase().chars().filter(kept).map(|c| if c == ' ' { '-' } else { c }).collect()
}

#[cfg(test)]
mod tests {
    use super::{anchor, cell};

    #[test]
    fn a_cell_stays_one_cell_and_its_heading_has_the_anchor() {
        assert_eq!(cell("Files | folders\nand [links](x) `a|b`"), "Files \\| folders and \\[links\\](x) `a\\|b`");
        assert_eq!(anchor("Files & Folders (new)"), "files--folders-new");
    }
}
