//! Tables of parameters and fields.

use dingtalk_storage_codegen::ir::{Field, Object, Parameter, Place};
use dingtalk_storage_codegen::reading;
use dingtalk_storage_spec::model;

use crate::block::{Block, Document, Look, Row, Table};
use crate::context::{Context, Item, type_name};
use crate::inline::{Inline, Line, Tone};
use crate::words::Words;

/// Parameters of one place of a request.
pub fn parameter_table(
    context: &Context<'_>,
    item: Item<'_>,
    id: &str,
    label: &str,
    parameters: &[&Parameter],
    words: &Words,
) -> Block {
    let rows = parameters.iter().map(|parameter| {
        let wire = parameter.field.wire.as_str();
        let (name, keys) = match &parameter.place {
            Place::Body(Some(object)) => (
                format!("{object}.{wire}"),
                vec!["body".to_owned(), object.clone(), "fields".to_owned(), wire.to_owned()],
            ),
            _ => (wire.to_owned(), vec![id.to_owned(), wire.to_owned()]),
        };
        let mark = parameter.field.required.then_some((Tone::Must, words.required));
        let line = match parameter.place {
            Place::Token => None,
            _ => Some((item.spec.file.as_str(), keys)),
        };
        row(
            context,
            &item.family.name,
            &parameter.field,
            &Named { anchor: format!("{id}.{name}"), name, mark, line },
            words,
        )
    });
    table(label, rows.collect(), words)
}

/// Fields of an answer.
pub fn answer_table(context: &Context<'_>, item: Item<'_>, response: &Object, words: &Words) -> Block {
    let keys = ["response".to_owned()];
    let fields = object_rows(context, &item.family.name, response, "answer", Some((&item.spec.file, &keys)), words);
    table(words.answer, fields, words)
}

/// An object that only the operation has.
pub fn object_section(context: &Context<'_>, item: Item<'_>, object: &Object, words: &Words, document: &mut Document) {
    document.heading(3, &object.name, vec![Inline::Code(object.name.clone())]);
    document.push(Block::Paragraph(context.text(&object.doc, &item.family.name)));
    let keys = place_of(&item.spec.operation, &object.name);
    let place = keys.as_deref().map(|keys| (item.spec.file.as_str(), keys));
    let rows = object_rows(context, &item.family.name, object, &object.name, place, words);
    document.push(table(&object.name, rows, words));
    if !object.quirks.is_empty() {
        document.push(Block::List(object.quirks.iter().map(|quirk| context.text(quirk, &item.family.name)).collect()));
    }
}

/// Rows of the fields of an object. `place` is the file and the key of the map that has them.
pub fn object_rows(
    context: &Context<'_>,
    family: &str,
    object: &Object,
    anchor: &str,
    place: Option<(&str, &[String])>,
    words: &Words,
) -> Vec<Row> {
    let of_field = |field: &Field| {
        let mark = match (field.always && object.in_answer, field.required && object.in_request) {
            (_, true) => Some((Tone::Must, words.required)),
            (true, false) => Some((Tone::Good, words.always)),
            (false, false) => None,
        };
        let line = place.map(|(file, keys)| (file, keys.iter().cloned().chain([field.wire.clone()]).collect()));
        let named = Named { anchor: format!("{anchor}.{}", field.wire), name: field.wire.clone(), mark, line };
        row(context, family, field, &named, words)
    };
    object.fields.iter().map(of_field).collect()
}

/// A table of fields.
pub fn table(label: &str, rows: Vec<Row>, words: &Words) -> Block {
    let head = [words.name, words.kind, words.meaning].map(str::to_owned).into();
    Block::Table(Table { label: label.to_owned(), look: Look::Fields, head, rows })
}

/// How a field is called in its table, and where it is written.
struct Named<'a> {
    anchor: String,
    name: String,
    mark: Option<(Tone, &'static str)>,
    line: Option<(&'a str, Vec<String>)>,
}

fn row(context: &Context<'_>, family: &str, field: &Field, named: &Named<'_>, words: &Words) -> Row {
    let mut name = vec![Inline::Code(named.name.clone())];
    name.extend(named.mark.map(|(tone, word)| Inline::Badge(tone, word.to_owned())));
    let mut kind = type_name(&field.ty, words);
    for (is_so, word) in [(field.numeric, words.as_number), (field.nullable, words.nullable)] {
        if is_so {
            kind.push(Inline::Text(format!(", {word}")));
        }
    }
    let line = named.line.as_ref().and_then(|(file, keys)| {
        let keys: Vec<&str> = keys.iter().map(String::as_str).collect();
        context.line(file, &keys)
    });
    Row {
        id: Some(crate::address::anchor(&named.anchor)),
        cells: vec![name, kind, meaning(context, family, field, words)],
        line,
    }
}

fn meaning(context: &Context<'_>, family: &str, field: &Field, words: &Words) -> Line {
    let mut line = context.text(&reading::sentence(field), family);
    if let Some(example) = field.example.as_ref().and_then(|example| serde_json::to_string(example).ok()) {
        line.push(Inline::Text(format!(" {} ", words.example_value)));
        line.push(Inline::Code(example));
        line.push(Inline::Text(".".to_owned()));
    }
    line
}

/// The keys that lead to the fields of an object by its name.
fn place_of(operation: &model::Operation, name: &str) -> Option<Vec<String>> {
    [("body", &operation.body), ("response", &operation.response)]
        .into_iter()
        .find_map(|(part, fields)| within(fields, name).map(|keys| [part.to_owned()].into_iter().chain(keys).collect()))
}

fn within(fields: &model::Map<model::Field>, name: &str) -> Option<Vec<String>> {
    fields.iter().find_map(|(wire, field)| {
        let keys = [wire.clone(), "fields".to_owned()];
        if field.type_name.as_deref() == Some(name) {
            return Some(keys.into());
        }
        within(&field.fields, name).map(|rest| keys.into_iter().chain(rest).collect())
    })
}
