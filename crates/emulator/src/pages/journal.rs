//! What was asked, what it changed, and what goes wrong on command.

use maud::{Markup, html};

use super::table::{MOST, rest, table};
use super::{Page, operation_name};
use crate::faults::FaultReport;
use crate::journal::Record;
use crate::shared::Shared;

const HEAD: [&str; 8] = ["No.", "Operation", "Answer", "Fault", "Effects", "Request", "Time", "Request id"];

/// Calls, the newest first, all or those of an operation.
pub fn calls(shared: &Shared, operation: Option<&str>) -> Page {
    let (rows, all) = rows(shared, operation, MOST);
    let main = html! {
        @if let Some(operation) = operation {
            p { "Those of " (operation_name(operation)) " alone. " a href="/_emulator/journal" { "All calls" } }
        }
        (table("Calls", &HEAD, &rows, "Nothing was asked yet."))
        (rest(rows.len(), all, "calls"))
    };
    Page { title: "Journal".to_owned(), main }
}

/// The newest calls of an operation as a table.
pub fn newest(shared: &Shared, operation: &str) -> Markup {
    let (rows, all) = rows(shared, Some(operation), 50);
    html! {
        (table("Calls", &HEAD, &rows, "It was not called yet."))
        (rest(rows.len(), all, "calls"))
    }
}

/// Rows of the newest calls, and how many calls there are.
fn rows(shared: &Shared, operation: Option<&str>, most: usize) -> (Vec<Markup>, usize) {
    let journal = shared.journal();
    let wanted = |record: &&Record| operation.is_none_or(|operation| record.operation == operation);
    let all = journal.records().filter(wanted).count();
    let first = all.saturating_sub(most);
    let mut rows: Vec<Markup> = journal.records().filter(wanted).skip(first).map(row).collect();
    rows.reverse();
    (rows, all)
}

fn row(record: &Record) -> Markup {
    html! {
        tr id=(format!("call-{}", record.number)) {
            td.number { (record.number) }
            td { (operation_name(&record.operation)) }
            td {
                @if record.status == 0 { span.badge { "none" } } @else { (record.status) }
                @if let Some(code) = &record.code { " " code { (code) } }
            }
            td { @if let Some(fault) = record.fault { a href=(format!("/_emulator/faults#fault-{fault}")) { (fault) } } }
            td { @for effect in &record.effects { p { code { (effect.what) } " " (effect.subject) } } }
            td { code { (record.method) " " (record.path) } @if record.token_leaked { " " span.badge.must { "token leaked" } } }
            td.narrow { (record.time.text()) }
            td { code { (record.request_id) } }
        }
    }
}

/// Effects, the newest first.
pub fn effects(shared: &Shared) -> Page {
    let journal = shared.journal();
    let all = journal.ledger().count();
    let rows: Vec<Markup> = journal
        .ledger()
        .rev()
        .take(MOST)
        .map(|line| {
            html! {
                tr {
                    td.number { a href=(format!("/_emulator/journal#call-{}", line.call)) { (line.call) } }
                    td { (operation_name(&line.operation)) }
                    td { code { (line.what) } }
                    td { (line.subject) }
                }
            }
        })
        .collect();
    let main = html! {
        (table("Effects", &["Call", "Operation", "What", "To what"], &rows, "Nothing was changed yet."))
        (rest(rows.len(), all, "effects"))
    };
    Page { title: "Effects".to_owned(), main }
}

/// Faults, and what became of each.
pub fn faults(shared: &Shared) -> Page {
    let reports = shared.faults().reports();
    Page { title: "Faults".to_owned(), main: fault_table(&reports, "No fault was asked for.") }
}

/// Faults as a table.
pub fn fault_table(reports: &[FaultReport], none: &str) -> Markup {
    let rows: Vec<Markup> = reports.iter().map(fault).collect();
    let head = ["No.", "Fault", "Operation", "When", "Seen", "Hit", "Changed something"];
    table("Faults", &head, &rows, none)
}

fn fault(report: &FaultReport) -> Markup {
    let kind = serde_json::to_string(&report.fault.fault).unwrap_or_default();
    let times = report.fault.times.map_or("every call".to_owned(), |times| format!("{times} calls"));
    html! {
        tr id=(format!("fault-{}", report.number)) {
            td.number { (report.number) }
            td { code { (kind) } }
            td { code { (report.fault.operation) } }
            td {
                "from call " (report.fault.nth) " on, " (times)
                @if let Some(probability) = report.fault.probability {
                    ", with probability " (probability) " and seed " (report.fault.seed)
                }
            }
            td.number { (report.seen) }
            td.number { (report.hits) }
            td.number { (report.struck) @if report.struck == 0 { " " span.badge.warn { "nothing yet" } } }
        }
    }
}
