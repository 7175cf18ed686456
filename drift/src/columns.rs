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

/// The columns of a row of cells, when it is a header.
pub(crate) fn of_cells(cells: &[String]) -> Option<Vec<Column>> {
    let columns: Vec<Column> = cells.iter().map(|cell| column(cell)).collect();
    is_header(&columns).then_some(columns)
}

/// The columns of a line whose labels stand together, when it is nothing but labels.
pub(crate) fn of_glued(line: &str) -> Option<Vec<Column>> {
    let line = label(line);
    let mut rest = line.as_str();
    let mut columns = Vec::new();
    while !rest.is_empty() {
        let found = LABELS.iter().filter_map(|(text, column)| Some((rest.strip_prefix(text)?, *column)));
        let (after, column) = found.min_by_key(|(after, _)| after.len())?;
        columns.push(column);
        rest = after.trim_start();
    }
    is_header(&columns).then_some(columns)
}
