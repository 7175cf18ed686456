//! The older layout of pages: types stand within a template of the request or the answer, and a matrix has the kinds of
//! apps with their permissions.

use std::sync::LazyLock;

use regex_lite::Regex;

use crate::kind;
use crate::page::{At, Page, Row, Table};
use crate::row;
use crate::text::{label, plain};

static KEY: LazyLock<Regex> = LazyLock::new(|| {
    let key = r#""([A-Za-z0-9_.-]+)"\s*[:：]\s*"#;
    Regex::new(key).unwrap_or_else(|error| unreachable!("{error}"))
});

/// Names and types of a template, such as `{"name" : "String", "size" : Long}`, in its order. It is no JSON: types stand
/// bare, and dots stand for more elements.
pub(crate) fn template(lines: &[(usize, String)]) -> Vec<(String, String)> {
    let text: Vec<&str> = lines.iter().map(|(_, line)| line.as_str()).collect();
    let text = text.join("\n");
    let named = KEY.captures_iter(&text).filter_map(|found| Some((found.get(1)?.as_str(), found.get(0)?.end())));
    named.map(|(name, end)| (name.to_owned(), kind_at(text.get(end..).unwrap_or_default()))).collect()
}

/// The type that a template has at a place.
fn kind_at(text: &str) -> String {
    let text = text.trim_start();
    if let Some(inner) = text.strip_prefix('[') {
        let inner = kind_at(inner);
        return if matches!(inner.as_str(), "" | "Object" | "Map" | "Array") {
            "Array".to_owned()
        } else {
            format!("Array of {inner}")
        };
    }
    if let Some(inner) = text.strip_prefix('{') {
        // The entries of a map are called `key`.
        let is_map = inner.trim_start().starts_with("\"key\"");
        return if is_map { "Map" } else { "Object" }.to_owned();
    }
    let bare = text.trim_start_matches('"');
    let word: String = bare.chars().take_while(char::is_ascii_alphanumeric).collect();
    match word.as_str() {
        "true" | "false" => "Boolean".to_owned(),
        number if number.starts_with(|first: char| first.is_ascii_digit()) => "Long".to_owned(),
        word if kind::read(word).is_some() => word.to_owned(),
        _ if text.starts_with('"') => "String".to_owned(),
        _ => String::new(),
    }
}

/// Gives rows without a type the one that the template has at their place. The rows are walked in order, so that a name
/// that stands twice finds its own.
pub(crate) fn type_rows(table: &mut Table, template: &[(String, String)]) {
    let mut next = 0;
    for row in table.rows.iter_mut().filter(|row| row.kind.is_empty()) {
        let from_here = template.iter().enumerate().skip(next).find(|(_, (name, _))| *name == row.name);
        let found = from_here.or_else(|| template.iter().enumerate().find(|(_, (name, _))| *name == row.name));
        if let Some((at, (_, kind))) = found {
            row.kind.clone_from(kind);
            next = at + 1;
        }
    }
}

/// The columns of the matrix of permissions: the kind of app, whether it may call, and the permission.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Matrix {
    app: usize,
    may_call: Option<usize>,
    permission: Option<usize>,
}

impl Matrix {
    /// The columns, when a row of cells is the header of a matrix.
    pub(crate) fn of_header(cells: &[String]) -> Option<Self> {
        let labels: Vec<String> = cells.iter().map(|cell| label(cell)).collect();
        let at = |names: &[&str]| labels.iter().position(|label| names.contains(&label.as_str()));
        let app = at(&["应用类型", "app type", "application type"])?;
        let may_call = at(&["是否支持调用", "是否支持", "supported", "call supported"]);
        let permission = at(&["权限", "权限要求", "permission", "permissions", "required permission"]);
        (may_call.is_some() || permission.is_some()).then_some(Self { app, may_call, permission })
    }

    /// Takes a row of it into the page.
    pub(crate) fn row(self, line: &str, number: usize, page: &mut Page) {
        let cells = row::cells(line);
        let cell = |at: usize| cells.get(at).map(|cell| plain(cell)).unwrap_or_default();
        let name = cell(self.app);
        let app = if name.contains("企业内部") || name.to_lowercase().starts_with("internal") {
            "internal"
        } else if name.contains("第三方企业") || name.to_lowercase().starts_with("third-party enterprise") {
            "third-party"
        } else {
            return;
        };
        let refused = |text: &str| {
            let text = text.to_lowercase();
            ["不支持", "暂不", "no", "not supported"].iter().any(|word| text.starts_with(word))
                || text == "否"
                || text == "-"
        };
        if self.may_call.is_some_and(|at| refused(&cell(at))) {
            return;
        }
        let apps = page.apps.get_or_insert_with(|| At { value: Vec::new(), line: number });
        if !apps.value.iter().any(|known| known == app) {
            apps.value.push(app.to_owned());
        }
        let scope = self.permission.and_then(|at| scope_in(&cell(at)));
        if let Some(value) = scope.filter(|_| page.scope.is_none()) {
            page.scope = Some(At { value, line: number });
        }
    }
}

/// The permission within a cell: words with dots between them, or one with an underscore.
fn scope_in(cell: &str) -> Option<String> {
    let cell = cell.strip_prefix("permission-").unwrap_or(cell);
    let words = cell.split(|each: char| !(each.is_ascii_alphanumeric() || matches!(each, '.' | '_')));
    let is_scope = |word: &&str| {
        word.starts_with(|first: char| first.is_ascii_alphabetic()) && word.trim_matches('.').contains(['.', '_'])
    };
    words.into_iter().find(is_scope).map(|word| word.trim_matches('.').to_owned())
}

/// Rows that still have no type, when there are any.
pub(crate) fn untyped(table: &Table) -> Option<&Row> {
    table.rows.iter().find(|row| row.kind.is_empty())
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "a test says by panicking")]
mod tests {
    use super::*;

    fn lines(text: &str) -> Vec<(usize, String)> {
        text.lines().enumerate().map(|(index, line)| (index + 1, line.to_owned())).collect()
    }

    #[test]
    fn a_template_has_types_in_place_of_values() {
        let found = template(&lines(
            "POST /v1.0/x HTTP/1.1\n\n{\n  \"name\" : \"String\",\n  \"ids\" : [ Long ],\n  \"option\" : {\n    \"name\" : Boolean\n  }, \"more\" : [ {\n \"size\" : Long }, ... ],\n \"map\" : {\n \"key\" : String }}",
        ));
        let row = |name: &str| Row { name: name.to_owned(), ..Row::default() };
        let mut table =
            Table { line: 1, rows: ["name", "ids", "option", "name", "more", "size", "map"].map(row).to_vec() };
        type_rows(&mut table, &found);
        let kinds: Vec<&str> = table.rows.iter().map(|row| row.kind.as_str()).collect();
        assert_eq!(kinds, ["String", "Array of Long", "Object", "Boolean", "Array", "Long", "Map"]);
    }

    #[test]
    fn a_matrix_has_apps_and_permissions() {
        let header = ["应用类型", "是否支持调用", "权限"].map(str::to_owned);
        let matrix = Matrix::of_header(&header).unwrap();
        let mut page = Page::default();
        matrix.row("| 企业内部应用 | 支持 | 企业存储文件写权限（Storage.File.Write） |", 5, &mut page);
        matrix.row("| 第三方企业应用 | 暂不支持 | - |", 6, &mut page);
        assert_eq!(page.apps.unwrap().value, ["internal"]);
        assert_eq!(page.scope.unwrap().value, "Storage.File.Write");
    }
}
