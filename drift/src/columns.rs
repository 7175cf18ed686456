//! Headers of tables: their labels vary, and may stand together without anything between them.

use crate::text::label;

/// What a column holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Column {
    Name,
    Kind,
    Required,
    Example,
    Description,
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
    ("参数名称", Column::Name),
    ("参数名", Column::Name),
    ("名称", Column::Name),
    ("参数", Column::Name),
    ("字段名", Column::Name),
    ("parameter type", Column::Kind),
    ("data type", Column::Kind),
    ("type", Column::Kind),
    ("参数类型", Column::Kind),
    ("数据类型", Column::Kind),
    ("类型", Column::Kind),
    ("required or not", Column::Required),
    ("is required", Column::Required),
    ("required", Column::Required),
    ("mandatory", Column::Required),
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

/// The columns of a row of cells, when it is a header. The older layout has types elsewhere.
pub(crate) fn of_cells(cells: &[String], older: bool) -> Option<Vec<Column>> {
    let columns: Vec<Column> = cells.iter().map(|cell| column(cell)).collect();
    let of_older = || older && columns.contains(&Column::Name) && columns.contains(&Column::Description);
    (is_header(&columns) || of_older()).then_some(columns)
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
