//! What came of some pages, for people and for programs.

use std::fmt::Write as _;

use serde_json::{Value, json};

use crate::{Difference, Drift, Older, Subject};

/// How many pages and differences.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Count {
    /// Pages that were read.
    pub pages: usize,
    /// Those about an operation of the spec.
    pub compared: usize,
    /// Those about an operation that the spec does not have.
    pub unknown: usize,
    /// Differences that the spec explains.
    pub explained: usize,
    /// Differences that nothing explains.
    pub unexplained: usize,
    /// What could not be read.
    pub unread: usize,
}

/// Counts.
pub fn count(drifts: &[Drift]) -> Count {
    let subjects = |wanted: fn(&Subject) -> bool| drifts.iter().filter(|drift| wanted(&drift.subject)).count();
    let all: usize = drifts.iter().map(|drift| drift.differences.len()).sum();
    let unexplained = drifts.iter().map(|drift| drift.unexplained().count()).sum();
    Count {
        pages: drifts.len(),
        compared: subjects(|subject| matches!(subject, Subject::Operation(_))),
        unknown: subjects(|subject| *subject == Subject::Unknown),
        explained: all - unexplained,
        unexplained,
        unread: drifts.iter().map(|drift| drift.page.unread.len()).sum(),
    }
}

fn summary(drifts: &[Drift]) -> String {
    let count = count(drifts);
    format!(
        "{} pages: {} compared, {} of unknown operations; {} differences not explained, {} explained; {} parts not read",
        count.pages, count.compared, count.unknown, count.unexplained, count.explained, count.unread
    )
}

fn title(difference: &Difference) -> String {
    format!("{} {}", difference.operation, difference.field).trim_end().to_owned()
}

fn older(difference: &Difference) -> &'static str {
    match difference.older {
        Some(Older::Page) => "the page is older",
        Some(Older::Spec) => "the spec is older",
        None => "",
    }
}

/// For a terminal. `explained` adds the differences that the spec explains.
pub fn text(drifts: &[Drift], explained: bool) -> String {
    let mut text = String::new();
    for drift in drifts {
        for difference in drift.differences.iter().filter(|difference| explained || difference.reason.is_none()) {
            let _ = writeln!(text, "{}: {}", title(difference), difference.about);
            for (name, side) in [("spec", &difference.spec), ("page", &difference.page)] {
                let _ = writeln!(text, "  {name}: {:14} {}:{}", side.says, side.file, side.line);
            }
            if difference.older.is_some() {
                let _ = writeln!(text, "  {}", older(difference));
            }
            if let Some(reason) = &difference.reason {
                let _ = writeln!(text, "  explained: {reason}");
            }
            text.push('\n');
        }
        if drift.subject == Subject::Unknown {
            let _ = writeln!(text, "{}: an operation that the spec does not have\n", drift.file);
        }
        for unread in &drift.page.unread {
            let _ = writeln!(text, "{}:{}: not read: {}", drift.file, unread.line, unread.value);
        }
    }
    let _ = writeln!(text, "{}", summary(drifts));
    text
}

/// For a comment on a change.
pub fn markdown(drifts: &[Drift], explained: bool) -> String {
    let cell = |text: &str| text.replace('|', "\\|").replace(['\n', '\r'], " ");
    let mut text = String::from("# Pages and spec\n\n");
    let differences: Vec<&Difference> = drifts
        .iter()
        .flat_map(|drift| &drift.differences)
        .filter(|difference| explained || difference.reason.is_none())
        .collect();
    if !differences.is_empty() {
        text.push_str("| where | about | spec | page | older or explained |\n|---|---|---|---|---|\n");
    }
    for each in differences {
        let note = each.reason.as_deref().unwrap_or_else(|| older(each));
        let side = |side: &crate::Side| format!("{} ({}:{})", cell(&side.says), cell(&side.file), side.line);
        let _ = writeln!(
            text,
            "| {} | {} | {} | {} | {} |",
            cell(&title(each)),
            each.about,
            side(&each.spec),
            side(&each.page),
            cell(note)
        );
    }
    let unread: Vec<String> = drifts
        .iter()
        .flat_map(|drift| {
            drift.page.unread.iter().map(|unread| format!("- {}:{}: {}", drift.file, unread.line, unread.value))
        })
        .collect();
    let unknown: Vec<String> = drifts
        .iter()
        .filter(|drift| drift.subject == Subject::Unknown)
        .map(|drift| {
            format!(
                "- {}{}",
                drift.file,
                drift.page.path.as_ref().map(|path| format!(": {}", path.value)).unwrap_or_default()
            )
        })
        .collect();
    for (title, lines) in [("Operations that the spec does not have", unknown), ("Not read", unread)] {
        if !lines.is_empty() {
            let _ = writeln!(text, "\n## {title}\n\n{}", lines.join("\n"));
        }
    }
    let _ = writeln!(text, "\n{}", summary(drifts));
    text
}

/// For a program: all differences, those that are explained with their reason.
pub fn json(drifts: &[Drift]) -> Value {
    let count = count(drifts);
    json!({
        "pages": drifts.iter().map(page).collect::<Vec<_>>(),
        "unexplained": count.unexplained,
        "explained": count.explained,
        "compared": count.compared,
        "unknown": count.unknown,
        "unread": count.unread,
    })
}

fn page(drift: &Drift) -> Value {
    let (subject, operation) = match &drift.subject {
        Subject::Operation(name) => ("operation", Some(name)),
        Subject::Unknown => ("unknown", None),
        Subject::Other => ("other", None),
    };
    let differences: Vec<Value> = drift.differences.iter().map(difference).collect();
    let unread: Vec<Value> =
        drift.page.unread.iter().map(|unread| json!({ "line": unread.line, "what": unread.value })).collect();
    json!({
        "file": drift.file,
        "rendering": drift.page.rendering.to_string(),
        "language": drift.page.language.to_string(),
        "updated": drift.page.updated,
        "subject": subject,
        "operation": operation,
        "differences": differences,
        "unread": unread,
    })
}

fn difference(difference: &Difference) -> Value {
    let side = |side: &crate::Side| json!({ "says": side.says, "file": side.file, "line": side.line });
    json!({
        "operation": difference.operation,
        "field": difference.field,
        "about": difference.about.word(),
        "spec": side(&difference.spec),
        "page": side(&difference.page),
        "older": difference.older.map(|older| if older == Older::Page { "page" } else { "spec" }),
        "reason": difference.reason,
    })
}
