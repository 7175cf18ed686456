//! Rows of tables: cells between bars, or cells that stand together.

use crate::columns::Column;
use crate::kind;
use crate::page::Row;
use crate::rendering::Language;
use crate::text::plain;

/// The cells of a row between bars. A bar after a backslash belongs to its cell.
pub(crate) fn cells(line: &str) -> Vec<String> {
    let line = line.trim();
    let line = line.strip_prefix('|').unwrap_or(line);
    let line = line.strip_suffix('|').filter(|rest| !rest.ends_with('\\')).unwrap_or(line);
    let mut cells = vec![String::new()];
    let mut escaped = false;
    for each in line.chars() {
        if each == '|' && !escaped {
            cells.push(String::new());
        } else if let Some(cell) = cells.last_mut() {
            cell.push(each);
        }
        escaped = each == '\\' && !escaped;
    }
    cells
}

/// Whether a row only separates the header from the rest.
pub(crate) fn is_separator(line: &str) -> bool {
    line.contains('-') && line.chars().all(|each| matches!(each, '|' | '-' | ':' | ' ' | '\t'))
}

/// Why a row gives no field.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum NoField {
    /// The lists of a map have a row of their own, without a name.
    ElementOfMap,
    /// It cannot be read.
    Unreadable,
}

/// A row between bars as a field.
pub(crate) fn field(columns: &[Column], line: &str, number: usize) -> Result<Row, NoField> {
    let mut cells = cells(line);
    join_bars(columns, &mut cells);
    let cell = |column| {
        let index = columns.iter().position(|each| *each == column);
        index.and_then(|index| cells.get(index)).map(|cell| cell.trim().to_owned()).unwrap_or_default()
    };
    let (written, kind_text) = (plain(&cell(Column::Name)), plain(&cell(Column::Kind)));
    let name = bare_name(&written);
    let has_kind = kind::read(&kind_text).is_some();
    let shifted = !has_kind && name.starts_with(|first: char| first.is_uppercase()) && kind::read(&name).is_some();
    if name.is_empty() && has_kind || shifted {
        return Err(NoField::ElementOfMap);
    }
    if !is_name(&name) {
        return Err(NoField::Unreadable);
    }
    if filled(&cells) > columns.len() {
        return Err(NoField::Unreadable);
    }
    // Columns with labels of their own: what is in them tells what they are.
    let others = || columns.iter().zip(&cells).filter(|(column, _)| **column == Column::Other).map(|(_, cell)| cell);
    let flag = if columns.contains(&Column::Required) {
        required(&cell(Column::Required))
    } else {
        others().find_map(|cell| required(cell)).or_else(|| flag_of(&written))
    };
    let mut description = cell(Column::Description);
    if !columns.contains(&Column::Description) {
        let rest = others().filter(|cell| required(cell).is_none());
        description = rest.max_by_key(|cell| cell.len()).map(|cell| cell.trim().to_owned()).unwrap_or_default();
    }
    let default = plain(&cell(Column::Default));
    if !matches!(default.to_lowercase().as_str(), "" | "-" | "/" | "—" | "none" | "n/a" | "无") {
        description.extend([" Default: ", &default, "."]);
    }
    Ok(Row { line: number, name, kind: kind_text, required: flag, description })
}

/// How many cells there are, without empty ones at the end.
fn filled(cells: &[String]) -> usize {
    cells.iter().rposition(|cell| !cell.trim().is_empty()).map_or(0, |last| last + 1)
}

/// A name without the marks of its depth, of emphasis, and of what is required.
pub(crate) fn bare_name(text: &str) -> String {
    let text = text.trim_start_matches(|each: char| !each.is_alphanumeric() && !matches!(each, '_' | '?'));
    let text = text.split(['(', '（', '*']).next().unwrap_or_default().trim();
    let text = text.strip_prefix("__").and_then(|text| text.strip_suffix("__")).unwrap_or(text);
    text.to_owned()
}

/// Whether it is required, as it may stand behind a name: `name (required)`.
fn flag_of(name: &str) -> Option<bool> {
    let (_, flag) = name.split_once(['(', '（'])?;
    required(flag.trim_end_matches([')', '）']))
}

/// A bar within a description makes cells too many: they are put together again.
fn join_bars(columns: &[Column], cells: &mut Vec<String>) {
    let last_is_description = columns.last().is_some_and(|column| *column == Column::Description);
    if last_is_description && cells.len() > columns.len() {
        let rest = cells.split_off(columns.len().saturating_sub(1));
        cells.push(rest.join("|"));
    }
}

/// Whether a text can be the name of a field or parameter.
pub(crate) fn is_name(text: &str) -> bool {
    text.contains(|each: char| each.is_ascii_alphanumeric())
        && text.len() <= 80
        && text.chars().all(|each| each.is_ascii_alphanumeric() || matches!(each, '_' | '-' | '.'))
}

/// Words for what is required, and for what is not.
pub(crate) const FLAGS: [&[&str]; 2] = [
    &[
        "yes",
        "true",
        "是",
        "required",
        "mandatory",
        "必填",
        "必须",
        "必选",
        "必需",
        "y",
        "m",
        "✓",
        "✔",
        "✅",
        "√",
        "☑",
        "●",
    ],
    &[
        "no",
        "false",
        "否",
        "optional",
        "not required",
        "可选",
        "选填",
        "非必填",
        "非必须",
        "非必选",
        "n",
        "o",
        "✗",
        "✘",
        "❌",
        "×",
        "x",
        "○",
    ],
];

/// Whether a cell says that something is required.
pub(crate) fn required(cell: &str) -> Option<bool> {
    let cell = plain(cell).to_lowercase();
    // `是（必填）`, `Yes, always`: the first word counts.
    let word = cell.split(['(', '（', ',', '，', '.', '。', ';', ':']).next().unwrap_or_default().trim();
    let [yes, no] = FLAGS.map(|words| words.contains(&word));
    (yes || no).then_some(yes)
}

/// A line of cells without anything between them as a field. `known` tells names that the spec has, for a line that
/// can be cut in several places.
pub(crate) fn glued_field(
    columns: &[Column],
    line: &str,
    number: usize,
    language: Language,
    known: impl Fn(&str) -> bool,
) -> Result<Row, NoField> {
    let line = line.trim();
    let has_required = columns.contains(&Column::Required);
    let mut found: Vec<Row> = Vec::new();
    for (at, _) in line.char_indices().take_while(|(at, _)| *at <= 80) {
        let (name, rest) = line.split_at(at);
        let name_plain = plain(name);
        if at > 0 && !is_name(&name_plain) {
            break;
        }
        for (kind, after) in kind::prefixes(rest) {
            let Some((required, description)) = after_type(after, has_required, language) else { continue };
            let kind_text = rest.get(..rest.len() - after.len()).unwrap_or_default();
            if kind::read(kind_text).is_none_or(|read| read != kind) {
                continue;
            }
            if at == 0 {
                return Err(NoField::ElementOfMap);
            }
            found.push(Row {
                line: number,
                name: name_plain.clone(),
                kind: kind_text.to_owned(),
                required,
                description: description.to_owned(),
            });
        }
    }
    // A description begins with no type: `partNumberIntegerIts number` is no `part` of the type `Number`.
    let is_clean = |row: &Row| kind::prefixes(&row.description).is_empty();
    let by_name = found.iter().position(|row| known(&row.name));
    let by_name = by_name.or_else(|| found.iter().position(is_clean)).unwrap_or_default();
    if found.is_empty() { Err(NoField::Unreadable) } else { Ok(found.swap_remove(by_name)) }
}

/// What stands after the type: whether it is required, and the description. In Chinese pages the one character of the
/// cell is gone.
fn after_type(rest: &str, has_required: bool, language: Language) -> Option<(Option<bool>, &str)> {
    let begins = |text: &str| text.chars().next().is_none_or(|first| !first.is_ascii_lowercase());
    if has_required {
        for (word, flag) in [("Yes", true), ("No", false), ("是", true), ("否", false)] {
            // `否则` begins a sentence; the cell has nothing but its one character, and is gone in most pages.
            let continues = |text: &str| word == "否" && text.starts_with('则');
            if let Some(text) = rest.strip_prefix(word).filter(|text| begins(text) && !continues(text)) {
                return Some((Some(flag), text));
            }
        }
        if language == Language::English {
            return None;
        }
    }
    begins(rest).then_some((None, rest))
}

/// Status and code of a row between bars.
pub(crate) fn error(columns: &[Column], cells: &[String]) -> Option<(u16, String)> {
    let cell = |column| columns.iter().position(|each| *each == column).and_then(|index| cells.get(index));
    let status = bare_name(&plain(cell(Column::Status)?)).parse().ok().filter(|status| (100..600).contains(status))?;
    let code = plain(cell(Column::Code)?);
    let code = code.trim_matches('*').to_owned();
    is_code(&code).then_some((status, code))
}

fn is_code(text: &str) -> bool {
    is_name(text)
}

/// Status and code of a line without anything between its cells.
pub(crate) fn glued_error(line: &str, known: impl Fn(&str) -> bool) -> Option<(u16, String)> {
    let line = line.trim();
    let status: u16 = line.get(..3)?.parse().ok().filter(|status| (100..600).contains(status))?;
    let rest = line.get(3..)?;
    let end = rest.find(|each: char| !(each.is_ascii_alphanumeric() || matches!(each, '_' | '-' | '.')));
    let word = rest.get(..end.unwrap_or(rest.len()))?;
    // The messages that pages have most: `%s`, and `Unknown Error`.
    if rest.get(word.len()..)?.starts_with("%s") {
        return is_code(word).then(|| (status, word.to_owned()));
    }
    if let Some(code) = word.strip_suffix("Unknown").filter(|code| is_code(code)) {
        return Some((status, code.to_owned()));
    }
    let cuts = (1..=word.len()).rev().filter_map(|end| word.get(..end));
    let code = cuts.into_iter().find(|code| known(code));
    let ends_with_word =
        rest.get(word.len()..).and_then(|after| after.chars().next()).is_some_and(|next| !next.is_ascii());
    code.or(ends_with_word.then_some(word)).filter(|code| is_code(code)).map(|code| (status, code.to_owned()))
}

#[cfg(test)]
mod tests {
    use super::*;

    const REQUEST: &[Column] = &[Column::Name, Column::Kind, Column::Required, Column::Description];
    const ANSWER: &[Column] = &[Column::Name, Column::Kind, Column::Description];

    fn glued(columns: &[Column], line: &str, language: Language) -> Option<(String, String, Option<bool>)> {
        let row = glued_field(columns, line, 1, language, |name| name == "isLongName").ok()?;
        Some((row.name, row.kind, row.required))
    }

    #[test]
    fn glued_cells_come_apart_at_the_type() {
        let cut = |line| glued(REQUEST, line, Language::English);
        let row = |name: &str, kind: &str, flag| Some((name.to_owned(), kind.to_owned(), Some(flag)));
        assert_eq!(cut("unionIdStringYesThe user."), row("unionId", "String", true));
        assert_eq!(cut("idsArray of StringNoUp to 30."), row("ids", "Array of String", false));
        assert_eq!(cut("mapMap<String, Array>NoProperties."), row("map", "Map<String, Array>", false));
        assert_eq!(cut("partNumberIntegerYesIts number."), row("partNumber", "Integer", true));
        assert_eq!(cut("no row at all"), None);
        assert_eq!(
            glued(ANSWER, "isLongNameStringNothing.", Language::English),
            Some(("isLongName".to_owned(), "String".to_owned(), None))
        );
        assert_eq!(
            glued(REQUEST, "nameString文件名称。", Language::Chinese),
            Some(("name".to_owned(), "String".to_owned(), None))
        );
        let element = glued_field(ANSWER, "ArrayThe property list.", 1, Language::English, |_| false);
        assert_eq!(element.err(), Some(NoField::ElementOfMap));
    }

    #[test]
    fn a_row_of_a_map_has_no_name_wherever_its_cells_are() {
        for line in ["| | Array | Properties. |", "| Array | Properties. | |"] {
            assert_eq!(field(ANSWER, line, 1).err(), Some(NoField::ElementOfMap), "{line}");
        }
    }

    #[test]
    fn codes_end_where_the_message_begins() {
        let cut =
            |line| glued_error(line, |code| code == "invalidKey").map(|(status, code)| format!("{status} {code}"));
        assert_eq!(cut("400paramError.name%sParameter error.").as_deref(), Some("400 paramError.name"));
        assert_eq!(cut("500unknownErrorUnknown ErrorUnknown.").as_deref(), Some("500 unknownError"));
        assert_eq!(cut("400invalidKeythe key is wrong").as_deref(), Some("400 invalidKey"));
        assert_eq!(cut("400folderGone文件夹不存在").as_deref(), Some("400 folderGone"));
        assert_eq!(cut("If a call fails"), None);
    }
}
