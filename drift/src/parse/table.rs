//! Tables and lists of fields, and the table of error codes, row by row.

use super::{Guessed, MOST_ROWS, Reader, start};
use crate::columns::{self, Column};
use crate::legacy::Matrix;
use crate::list;
use crate::orphan::Orphan;
use crate::page::{At, ErrorTable, Row, Table};
use crate::rendering::Rendering;
use crate::row::{self, NoField};
use crate::section::Section;

impl Reader<'_> {
    /// Begins a table.
    pub(super) fn header(&mut self, number: usize, line: &str) -> bool {
        let are_fields = self.page.rendering == Rendering::Legacy || self.section >= Section::Headers;
        let found = if line.contains('|') {
            // The header may stand after the sentence before it.
            line.find('|')
                .and_then(|at| line.get(at..))
                .and_then(|cells| columns::of_cells(&row::cells(cells), are_fields))
        } else {
            columns::of_glued(line)
        };
        let Some(columns) = found else { return false };
        if columns.contains(&Column::Status) {
            self.begin(Section::Errors);
            self.page.errors.get_or_insert_with(|| ErrorTable { line: number, rows: Vec::new() });
        } else if self.table().is_none_or(|table| table.line > 0) {
            // A part has one table. The heading of this one is lost, or it is of something else.
            self.begin(Section::Orphan);
            let table = Table { line: number, rows: Vec::new() };
            self.orphans.push(Orphan { table, has_required: columns.contains(&Column::Required) });
        } else if let Some(table) = self.table() {
            table.line = number;
        }
        self.columns = Some(columns);
        self.is_over = false;
        self.has_bars = line.starts_with('|');
        true
    }

    /// The matrix of permissions of the older layout.
    pub(super) fn matrix(&mut self, number: usize, line: &str) -> bool {
        if !line.starts_with('|') {
            return false;
        }
        if let Some(matrix) = Matrix::of_header(&row::cells(line)) {
            self.matrix = Some(matrix);
            self.columns = None;
            return true;
        }
        let Some(matrix) = self.matrix else { return false };
        matrix.row(line, number, &mut self.page);
        true
    }

    pub(super) fn table(&mut self) -> Option<&mut Table> {
        let place = match self.section {
            Section::Headers => &mut self.page.headers,
            Section::Path => &mut self.page.path_parameters,
            Section::Query => &mut self.page.query,
            Section::Body => &mut self.page.body,
            Section::Response => &mut self.page.response,
            Section::Orphan => return self.orphans.last_mut().map(|orphan| &mut orphan.table),
            _ => return None,
        };
        Some(place.get_or_insert_default())
    }

    pub(super) fn row(&mut self, number: usize, line: &str) {
        if self.section < Section::Headers {
            return;
        }
        if row::is_separator(line) {
            return self.take_back_guess();
        }
        self.tell_guess();
        self.rows += 1;
        if self.rows > MOST_ROWS {
            if self.rows == MOST_ROWS + 1 {
                self.unread(number, "the page has too many rows; those from here on are left out");
            }
            return self.gap();
        }
        self.unplaced.entry(self.section).or_insert(number);
        let barred = line.starts_with('|');
        self.has_bars |= barred;
        if self.section == Section::Errors {
            self.error(number, line, barred);
        } else {
            self.field(number, line, barred);
        }
    }

    fn field(&mut self, number: usize, line: &str, barred: bool) {
        let found = if barred {
            let Some(columns) = self.columns_of(line, number) else { return };
            row::field(&columns, line, number)
        } else if let Some(columns) = self.columns.as_ref().filter(|_| !self.is_over) {
            self.glued_field(columns, line, number)
        } else if let Some(row) = self.list_field(line, number) {
            Ok(row)
        } else if self.is_over {
            return;
        } else {
            let columns = [Column::Name, Column::Kind, Column::Required, Column::Description];
            self.glued_field(&columns, line, number)
        };
        let Some(table) = self.table() else { return };
        match found {
            Ok(row) => {
                if table.line == 0 {
                    table.line = number;
                }
                table.rows.push(row);
            }
            Err(NoField::ElementOfMap) => {}
            Err(NoField::Unreadable) => {
                if let Some(last) = table.rows.last_mut().filter(|_| !barred) {
                    last.description.push(' ');
                    last.description.push_str(line);
                } else if barred {
                    self.unread(number, format!("a row of a table: `{}`", start(line)));
                    self.gap();
                }
            }
        }
    }

    /// The columns of the table, or those that a row of it shows.
    fn columns_of(&mut self, line: &str, number: usize) -> Option<Vec<Column>> {
        if self.columns.is_some() {
            return self.columns.clone();
        }
        let columns = columns::of_row(&row::cells(line), self.page.rendering == Rendering::Legacy);
        let told = || Guessed::Unread(number, format!("a row of a table: `{}`", start(line)));
        self.guessed = Some(columns.as_ref().map_or_else(told, |_| Guessed::Read));
        columns
    }

    /// The row above the line below a header is one: its labels are not known.
    fn take_back_guess(&mut self) {
        if let Some(Guessed::Read) = self.guessed.take() {
            if self.section == Section::Errors {
                self.page.errors.as_mut().and_then(|errors| errors.rows.pop());
            } else {
                self.table().and_then(|table| table.rows.pop());
            }
        }
    }

    /// What gave nothing and was no header is told.
    pub(super) fn tell_guess(&mut self) {
        if let Some(Guessed::Unread(line, what)) = self.guessed.take()
            && self.section >= Section::Headers
        {
            self.unread(line, what);
            self.gap();
        }
    }

    fn list_field(&self, line: &str, number: usize) -> Option<Row> {
        list::field(list::item(line)?, number, |name| self.names.is_field(name))
    }

    fn glued_field(&self, columns: &[Column], line: &str, number: usize) -> Result<Row, NoField> {
        let known = |name: &str| self.own_names.contains(name) || self.names.is_field(name);
        row::glued_field(columns, line, number, self.page.language, known)
    }

    fn error(&mut self, number: usize, line: &str, barred: bool) {
        let found = if barred {
            let Some(columns) = self.columns_of(line, number) else { return };
            row::error(&columns, &row::cells(line))
        } else {
            row::glued_error(line, |code| self.names.is_code(code))
        };
        if let Some(value) = found {
            let errors = self.page.errors.get_or_insert_with(|| ErrorTable { line: number, rows: Vec::new() });
            errors.rows.push(At { value, line: number });
        } else if barred || line.starts_with(|first: char| first.is_ascii_digit()) {
            self.unread(number, format!("a row of the error codes: `{}`", start(line)));
            self.gap();
        }
    }
}
