//! What a page rests on: contradictions of the sources, grounds, and what the official SDK says otherwise.

use dingtalk_storage_spec::model;

use crate::block::{Block, Document, Look, Row, Table};
use crate::context::{Context, Item};
use crate::inline::{Inline, Line, code, text};
use crate::words::Words;

/// Adds the evidence of an operation.
pub fn section(context: &Context<'_>, item: Item<'_>, words: &Words, document: &mut Document) {
    let operation = &item.spec.operation;
    let grounds = grounds(context, &operation.response, &item.family.name);
    let differences = differences(context, &item.operation.full_name);
    add(context, document, words, &item.family.name, &operation.discrepancies, grounds, differences);
}

/// Adds what a type or an operation rests on, if there is anything.
pub fn add(
    context: &Context<'_>,
    document: &mut Document,
    words: &Words,
    family: &str,
    discrepancies: &[String],
    grounds: Vec<Line>,
    differences: Vec<Row>,
) {
    if discrepancies.is_empty() && grounds.is_empty() && differences.is_empty() {
        return;
    }
    document.section("evidence", words.evidence);
    if !discrepancies.is_empty() {
        document.push(Block::Paragraph(text(words.evidence_text)));
        document.push(Block::List(discrepancies.iter().map(|each| context.text(each, family)).collect()));
    }
    if !grounds.is_empty() {
        document.heading(3, "grounds", text(words.always_because));
        document.push(Block::List(grounds));
    }
    if !differences.is_empty() {
        document.heading(3, "official-sdk", text(words.sdk_differs));
        let head = [words.name, words.about, words.spec_says, words.sdk_says, words.reason].map(str::to_owned).into();
        let label = words.sdk_differs.to_owned();
        document.push(Block::Table(Table { label, look: Look::Plain, head, rows: differences }));
    }
}

/// Why fields are always there.
pub fn grounds(context: &Context<'_>, fields: &model::Map<model::Field>, family: &str) -> Vec<Line> {
    let mut grounds = Vec::new();
    collect(context, fields, family, "", &mut grounds);
    grounds
}

fn collect(context: &Context<'_>, fields: &model::Map<model::Field>, family: &str, before: &str, into: &mut Vec<Line>) {
    for (wire, field) in fields {
        let name = format!("{before}{wire}");
        if let Some(evidence) = field.evidence.as_ref().filter(|_| field.always) {
            let mut line = code(name.clone());
            line.push(Inline::Text(": ".to_owned()));
            line.extend(context.text(evidence, family));
            into.push(line);
        }
        collect(context, &field.fields, family, &format!("{name}."), into);
    }
}

/// Where the official SDK differs about an operation alone; what is about a type stands with the type.
fn differences(context: &Context<'_>, operation: &str) -> Vec<Row> {
    let all = context.sources.audit.into_iter().flat_map(|audit| &audit.disagreements);
    all.filter(|each| each.operation == operation && each.shared.is_none())
        .map(|each| difference(context, &each.field, each))
        .collect()
}

/// Where the official SDK differs about a type.
pub fn differences_of_type(context: &Context<'_>, name: &str) -> Vec<Row> {
    let mut rows: Vec<Row> = Vec::new();
    let mut seen = std::collections::BTreeSet::new();
    for each in context.sources.audit.into_iter().flat_map(|audit| &audit.disagreements) {
        let Some(shared) = each.shared.as_ref().filter(|shared| shared.name == name) else { continue };
        let reason = each.reason.as_ref().map(|reason| reason.text.as_str());
        if seen.insert((&shared.field, each.about, &each.spec.says, &each.sdk.says, reason)) {
            rows.push(difference(context, &shared.field, each));
        }
    }
    rows
}

fn difference(context: &Context<'_>, field: &str, each: &dingtalk_storage_spec::audit::Disagreement) -> Row {
    let reason = each.reason.as_ref().map(|reason| context.text(&reason.text, "")).unwrap_or_default();
    let field = if field.is_empty() { Line::new() } else { code(field) };
    Row {
        cells: vec![
            field,
            text(each.about.to_string()),
            code(each.spec.says.clone()),
            code(each.sdk.says.clone()),
            reason,
        ],
        ..Row::default()
    }
}
