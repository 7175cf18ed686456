//! Headers of tables: their labels vary, and may stand together without anything between them.

use crate::kind;
use crate::row;
use crate::text::{label, plain};

/// What a column holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Column {
    Name,
    Kind,
    Required,
    Example,
    Description,
    /// What is taken when it is left out, which stands in the description elsewhere.
    Default,
    Status,
    Code,
    Message,
    /// Nothing that is compared.
    Other,
}

/// Longer labels stand before those that they begin with.
const LABELS: &[(&str, Column)] = &[
    ("parameter name", Column::Name),
    ("parameter", Column::Name),
    ("field name", Column::Name),
    ("name", Column::Name),
    ("property", Column::Name),
    ("param", Column::Name),
    ("field", Column::Name),
    ("字段名称", Column::Name),
    ("字段", Column::Name),
    ("属性", Column::Name),
    ("参数名称", Column::Name),
    ("参数名", Column::Name),
    ("名称", Column::Name),
    ("参数", Column::Name),
    ("字段名", Column::Name),
    ("parameter type", Column::Kind),
    ("data type", Column::Kind),
    ("type", Column::Kind),
    ("字段类型", Column::Kind),
    ("参数类型", Column::Kind),
    ("数据类型", Column::Kind),
    ("类型", Column::Kind),
    ("required or not", Column::Required),
    ("is required", Column::Required),
    ("required", Column::Required),
    ("mandatory", Column::Required),
    ("is it required", Column::Required),
    ("是否必需", Column::Required),
    ("必须", Column::Required),
    ("必需", Column::Required),
    ("required/optional", Column::Required),
    ("是否必须", Column::Required),
    ("是否必填", Column::Required),
    ("是否必选", Column::Required),
    ("必填", Column::Required),
    ("必选", Column::Required),
    ("example value", Column::Example),
    ("sample value", Column::Example),
    ("example", Column::Example),
    ("示例值", Column::Example),
    ("示例", Column::Example),
    ("error description", Column::Description),
    ("description", Column::Description),
    ("meaning", Column::Description),
    ("details", Column::Description),
    ("remarks", Column::Description),
    ("字段说明", Column::Description),
    ("参数说明", Column::Description),
    ("字段描述", Column::Description),
    ("参数描述", Column::Description),
    ("default value", Column::Default),
    ("default", Column::Default),
    ("默认值", Column::Default),
    ("缺省值", Column::Default),
    ("描述", Column::Description),
    ("说明", Column::Description),
    ("含义", Column::Description),
    ("备注", Column::Description),
    ("httpcode", Column::Status),
    ("http code", Column::Status),
    ("http status code", Column::Status),
    ("http status", Column::Status),
    ("状态码", Column::Status),
    ("error code", Column::Code),
    ("错误码", Column::Code),
    ("error message", Column::Message),
    ("错误信息", Column::Message),
    ("错误描述", Column::Message),
];

fn column(cell: &str) -> Column {
    let cell = label(cell);
    LABELS.iter().find(|(text, _)| *text == cell).map_or(Column::Other, |(_, column)| *column)
}

fn is_header(columns: &[Column]) -> bool {
    let has = |column| columns.contains(&column);
    (has(Column::Name) && has(Column::Kind)) || (has(Column::Status) && has(Column::Code))
}

/// The columns of a row of cells, when it is a header. Where fields are expected, it may have no types: the older layout
/// has them elsewhere.
pub(crate) fn of_cells(cells: &[String], are_fields: bool) -> Option<Vec<Column>> {
    let columns: Vec<Column> = cells.iter().map(|cell| column(cell)).collect();
    let of_older = || are_fields && columns.contains(&Column::Name) && columns.contains(&Column::Description);
    (is_header(&columns) || of_older()).then_some(columns)
}

/// The columns that the cells of a row show, where the header is lost or has labels of its own: a type beside a name, or
/// a status beside a code. The older layout has no types in its tables.
pub(crate) fn of_row(cells: &[String], are_untyped: bool) -> Option<Vec<Column>> {
    let texts: Vec<String> = cells.iter().map(|cell| plain(cell)).collect();
    if texts.len() < 3 && !are_untyped {
        return None;
    }
    let find = |is: &dyn Fn(&str) -> bool| texts.iter().position(|text| is(text));
    let is_status = |text: &str| row::bare_name(text).parse().is_ok_and(|status: u16| (100..600).contains(&status));
    let is_kind = |text: &str| kind::read(text).is_some();
    let is_flag = |text: &str| row::required(text).is_some();
    let mut columns = vec![Column::Other; texts.len()];
    let mut set = |at: usize, column| columns.get_mut(at).map(|place| *place = column);
    if let Some(status) = find(&is_status) {
        let is_word = |text: &str| row::is_name(text) && text.starts_with(|first: char| first.is_ascii_alphabetic());
        let is_number = |at: &usize| *at != status && texts.get(*at).is_some_and(|text| row::is_name(text));
        let code = find(&is_word).or_else(|| (0..texts.len()).find(is_number))?;
        set(status, Column::Status);
        set(code, Column::Code);
        return Some(columns);
    }
    // `date` and `list` can be names: types of pages begin with a capital, and names do not.
    let kind = find(&|text| is_kind(text) && !text.starts_with(|first: char| first.is_ascii_lowercase()))
        .or_else(|| find(&is_kind));
    if kind.is_none() && !are_untyped {
        return None;
    }
    let flag = find(&is_flag);
    let rest = |at: usize| Some(at) != kind && Some(at) != flag;
    let is_field = |at: &usize| rest(*at) && texts.get(*at).is_some_and(|text| row::is_name(&row::bare_name(text)));
    let name = (0..texts.len()).find(is_field)?;
    let length = |at: &usize| texts.get(*at).map_or(0, String::len);
    let description = (0..texts.len()).filter(|at| rest(*at) && *at != name).max_by_key(length);
    kind.map(|at| set(at, Column::Kind));
    set(name, Column::Name);
    flag.map(|at| set(at, Column::Required));
    description.map(|at| set(at, Column::Description));
    Some(columns)
}

/// The columns of a line whose labels stand together, when it is nothing but labels. A line can be cut in several ways:
/// `参数类型` is one label, or two.
pub(crate) fn of_glued(line: &str) -> Option<Vec<Column>> {
    let line = label(line);
    // Longer lines are sentences.
    if line.chars().count() > 80 { None } else { cut(&line, &mut Vec::new()) }
}

fn cut(rest: &str, columns: &mut Vec<Column>) -> Option<Vec<Column>> {
    const MOST_COLUMNS: usize = 8;
    if rest.is_empty() {
        return is_header(columns).then(|| columns.clone());
    }
    if columns.len() >= MOST_COLUMNS {
        return None;
    }
    let mut found: Vec<(&str, Column)> =
        LABELS.iter().filter_map(|(text, column)| Some((rest.strip_prefix(text)?, *column))).collect();
    found.sort_by_key(|(after, _)| after.len());
    found.into_iter().find_map(|(after, column)| {
        columns.push(column);
        let all = cut(after.trim_start(), columns);
        columns.pop();
        all
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn labels_that_stand_together_are_cut_so_that_they_make_a_header() {
        let request = [Column::Name, Column::Kind, Column::Required, Column::Description];
        for line in [
            "NameTypeRequiredDescription",
            "参数类型是否必须说明",
            "参数名称参数类型必填描述",
            "Parameter nameData typeIs requiredDescription",
        ] {
            assert_eq!(of_glued(line).as_deref(), Some(&request[..]), "{line}");
        }
        assert_eq!(of_glued("参数类型"), Some(vec![Column::Name, Column::Kind]));
        assert_eq!(of_glued("Type"), None);
        assert_eq!(of_glued("nameStringYesThe name."), None);
    }
}
