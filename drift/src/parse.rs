//! From the bytes of a page to what it says. Any bytes give a page: what cannot be read is told.

use std::collections::BTreeSet;

use crate::columns::{self, Column};
use crate::example;
use crate::legacy::{self, Matrix};
use crate::page::{At, ErrorTable, Page, Table};
use crate::rendering::{self, Language, Rendering};
use crate::row::{self, NoField};
use crate::section::{self, Section};
use crate::text::{label, plain};

/// What the spec knows, where a line can be cut in several places.
pub(crate) trait Names {
    fn is_field(&self, name: &str) -> bool;
    fn is_code(&self, code: &str) -> bool;
}

/// A page with more rows than this is none of the documentation.
const MOST_ROWS: usize = 1_000;
/// Longer lines are none of the documentation.
const LONGEST_LINE: usize = 20_000;

/// Reads a page.
pub(crate) fn parse(bytes: &[u8], language: Option<Language>, names: &dyn Names) -> Page {
    let text = String::from_utf8_lossy(bytes);
    let lines: Vec<&str> = text.lines().collect();
    let language = language.unwrap_or_else(|| rendering::language(&lines));
    let page = Page { rendering: rendering::recognise(&lines), language, ..Page::default() };
    let mut reader = Reader {
        page,
        names,
        own_names: example::names(&text),
        section: Section::Other,
        columns: None,
        fenced: false,
        foreign_sample: false,
        request: Vec::new(),
        response: Vec::new(),
        request_template: Vec::new(),
        response_template: Vec::new(),
        matrix: None,
        rows: 0,
        front_matter: false,
    };
    for (index, line) in lines.iter().enumerate() {
        if line.len() > LONGEST_LINE {
            reader.unread(index + 1, "the line is too long for a page");
        } else {
            reader.line(index + 1, line);
        }
    }
    reader.finish()
}

struct Reader<'a> {
    page: Page,
    names: &'a dyn Names,
    /// Names in the examples of the page itself.
    own_names: BTreeSet<&'a str>,
    section: Section,
    /// Columns of the table that the next line may go on.
    columns: Option<Vec<Column>>,
    fenced: bool,
    /// Whether what comes is code in another language than HTTP.
    foreign_sample: bool,
    request: example::Lines,
    response: example::Lines,
    /// Templates of the older layout.
    request_template: example::Lines,
    response_template: example::Lines,
    matrix: Option<Matrix>,
    rows: usize,
    front_matter: bool,
}

impl Reader<'_> {
    fn unread(&mut self, line: usize, value: impl Into<String>) {
        self.page.unread.push(At { value: value.into(), line });
    }

    fn line(&mut self, number: usize, line: &str) {
        let trimmed = line.trim();
        if self.front_matter(number, trimmed) {
            return;
        }
        if trimmed.starts_with("```") {
            self.fenced = !self.fenced;
            return;
        }
        if self.fenced {
            return self.code(number, line);
        }
        if let Some(section) = section::heading(line) {
            self.section = section;
            self.columns = None;
            self.matrix = None;
            self.foreign_sample = false;
            return;
        }
        if self.basic(number, trimmed) || self.header(number, trimmed) {
            return;
        }
        if self.matrix(number, trimmed) {
            return;
        }
        if self.section.is_code() {
            return self.example(number, line);
        }
        self.row(number, trimmed);
    }

    /// Whether the line belongs to the lines between `---` at the start.
    fn front_matter(&mut self, number: usize, line: &str) -> bool {
        if line == "---" && (number == 1 || self.front_matter) {
            self.front_matter = !self.front_matter;
            return true;
        }
        let fact = if self.front_matter { Some(line) } else { line.strip_prefix("> ") };
        if let Some((key, value)) = fact.and_then(|line| line.split_once(':')) {
            let value = value.trim().trim_matches(['"', '\'']).to_owned();
            match key.trim().to_lowercase().as_str() {
                "slug" => self.page.slug = Some(value),
                "title" => self.page.title = Some(value),
                "updated_at" | "updated" => self.page.updated = Some(value),
                "source_url" | "source" => {
                    let slug = value.rsplit('/').next().map(str::to_owned);
                    self.page.slug = self.page.slug.take().or(slug);
                }
                _ => {}
            }
        } else if let Some(title) = line.strip_prefix("# ")
            && self.page.title.is_none()
        {
            self.page.title = Some(plain(title));
        }
        self.front_matter
    }

    fn code(&mut self, number: usize, line: &str) {
        if self.foreign_sample {
            return;
        }
        match self.section {
            Section::RequestExample => self.request.push((number, line.to_owned())),
            Section::ResponseExample => self.response.push((number, line.to_owned())),
            Section::RequestTemplate => self.request_template.push((number, line.to_owned())),
            Section::ResponseTemplate => self.response_template.push((number, line.to_owned())),
            _ => {}
        }
    }

    fn example(&mut self, number: usize, line: &str) {
        if section::is_sample_language(line) {
            self.foreign_sample = true;
        } else if label(line) == "http" {
            self.foreign_sample = false;
        } else {
            self.code(number, line);
        }
    }

    /// The facts of the first table, which are found by their labels.
    fn basic(&mut self, number: usize, line: &str) -> bool {
        let cells = row::cells(line);
        let glued = plain(line.trim_start_matches('|'));
        let (first, rest) = match cells.as_slice() {
            [first, rest @ ..] if line.starts_with('|') => (label(first), plain(&rest.join("|"))),
            _ => (glued.to_lowercase(), glued),
        };
        let value = |name: &str| {
            let after = if line.starts_with('|') {
                first.eq_ignore_ascii_case(name).then_some(rest.as_str())
            } else {
                strip(&rest, name)
            };
            after.map(|text| text.trim().trim_start_matches([':', '：']).trim().to_owned())
        };
        if let Some(url) = value("HTTP URL").filter(|url| !url.is_empty()) {
            if self.page.path.is_none() {
                self.page.path = Some(At { value: path_of(&url), line: number });
            }
            return true;
        }
        if let Some(method) = value("HTTP Method").filter(|method| !method.is_empty()) {
            let method: String = method.chars().take_while(char::is_ascii_alphabetic).collect();
            if self.page.method.is_none() {
                self.page.method = Some(At { value: method.to_uppercase(), line: number });
            }
            return true;
        }
        if self.section == Section::Basic || self.page.path.is_some() {
            if self.page.apps.is_none() && rest.contains("appType-") {
                self.page.apps = Some(At { value: apps(&rest), line: number });
                return true;
            }
            if self.page.scope.is_none()
                && let Some((_, permission)) = rest.split_once("permission-")
            {
                let code = permission.split(['-', ' ', ',', '，']).next().unwrap_or_default();
                self.page.scope = Some(At { value: code.to_owned(), line: number });
                return true;
            }
        }
        false
    }

    /// Begins a table.
    fn header(&mut self, number: usize, line: &str) -> bool {
        let older = self.page.rendering == Rendering::Legacy;
        let found = if line.contains('|') {
            // The header may stand after the sentence before it.
            line.find('|').and_then(|at| line.get(at..)).and_then(|cells| columns::of_cells(&row::cells(cells), older))
        } else {
            columns::of_glued(line)
        };
        let Some(columns) = found else { return false };
        if columns.contains(&Column::Status) {
            self.section = Section::Errors;
            self.page.errors.get_or_insert_with(|| ErrorTable { line: number, rows: Vec::new() });
        } else if let Some(table) = self.table() {
            table.line = number;
        }
        self.columns = Some(columns);
        true
    }

    /// The matrix of permissions of the older layout.
    fn matrix(&mut self, number: usize, line: &str) -> bool {
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

    fn table(&mut self) -> Option<&mut Table> {
        let place = match self.section {
            Section::Headers => &mut self.page.headers,
            Section::Path => &mut self.page.path_parameters,
            Section::Query => &mut self.page.query,
            Section::Body => &mut self.page.body,
            Section::Response => &mut self.page.response,
            _ => return None,
        };
        Some(place.get_or_insert_default())
    }

    fn row(&mut self, number: usize, line: &str) {
        let Some(columns) = &self.columns else { return };
        if line.is_empty() || row::is_separator(line) {
            return;
        }
        self.rows += 1;
        if self.rows > MOST_ROWS {
            if self.rows == MOST_ROWS + 1 {
                self.unread(number, "the page has too many rows; those from here on are left out");
            }
            return;
        }
        let barred = line.starts_with('|');
        if self.section == Section::Errors {
            let found = if barred {
                row::error(columns, line)
            } else {
                row::glued_error(line, |code| self.names.is_code(code))
            };
            return self.error(number, line, found);
        }
        let found = if barred {
            row::field(columns, line, number)
        } else {
            let language = self.page.language;
            let known = |name: &str| self.own_names.contains(name) || self.names.is_field(name);
            row::glued_field(columns, line, number, language, known)
        };
        let Some(table) = self.table() else { return };
        match found {
            Ok(row) => table.rows.push(row),
            Err(NoField::ElementOfMap) => {}
            Err(NoField::Unreadable) => {
                if let Some(last) = table.rows.last_mut().filter(|_| !barred) {
                    last.description.push(' ');
                    last.description.push_str(line);
                } else {
                    self.unread(number, format!("a row of a table: `{}`", start(line)));
                }
            }
        }
    }

    fn error(&mut self, number: usize, line: &str, found: Option<(u16, String)>) {
        match (found, &mut self.page.errors) {
            (Some(value), Some(errors)) => errors.rows.push(At { value, line: number }),
            _ if line.starts_with('|') || line.starts_with(|first: char| first.is_ascii_digit()) => {
                self.unread(number, format!("a row of the error codes: `{}`", start(line)));
            }
            _ => {}
        }
    }

    /// Takes method and path from the template of the request, where no table has them.
    fn take_template_url(&mut self) {
        let Some((line, method, path, query)) = example::request_line_of(&self.request_template) else { return };
        self.page.method.get_or_insert(At { value: method, line });
        self.page.path.get_or_insert(At { value: path, line });
        // Types of the query stand in it: `?maxResults=Integer`.
        for (name, kind) in query {
            let rows = self.page.query.iter_mut().flat_map(|table| &mut table.rows);
            rows.filter(|row| row.name == name && row.kind.is_empty()).for_each(|row| row.kind.clone_from(&kind));
        }
    }

    /// Takes types from the templates of the older layout.
    fn take_templates(&mut self) {
        if self.request_template.is_empty() && self.response_template.is_empty() {
            return;
        }
        let templates = [&self.request_template, &self.response_template].map(|lines| legacy::template(lines));
        let [request, response] = &templates;
        for (table, template) in [(&mut self.page.body, request), (&mut self.page.response, response)] {
            if let Some(table) = table {
                legacy::type_rows(table, template);
            }
        }
        let untyped = [&self.page.body, &self.page.response].into_iter().flatten().find_map(legacy::untyped);
        if let Some(line) = untyped.map(|row| row.line) {
            self.unread(line, "types of fields: the template of the page does not have them");
        }
    }

    fn finish(mut self) -> Page {
        self.take_template_url();
        if self.page.is_of_operation() {
            self.page.request_example = example::request(&self.request, &mut self.page.unread);
            self.page.response_example = example::json(&self.response, &mut self.page.unread);
            self.take_templates();
            let lost_flags = |table: &&Table| table.rows.iter().any(|row| row.required.is_none());
            let lost =
                [&self.page.query, &self.page.body].into_iter().flatten().find(lost_flags).map(|table| table.line);
            if let Some(line) = lost {
                self.unread(line, "whether some parameters are required: the page has lost it");
            }
            self.page.unread.sort_by_key(|each| each.line);
        }
        self.page
    }
}

fn strip<'a>(text: &'a str, prefix: &str) -> Option<&'a str> {
    let start = text.get(..prefix.len())?;
    if start.eq_ignore_ascii_case(prefix) { text.get(prefix.len()..) } else { None }
}

/// The first characters of a line, to show it.
fn start(line: &str) -> String {
    line.chars().filter(|each| !each.is_control()).take(60).collect()
}

/// The path of a URL.
fn path_of(url: &str) -> String {
    let url = url.split_whitespace().next().unwrap_or_default();
    let rest = url.split_once("://").map_or(url, |(_, rest)| rest);
    let path = rest.find('/').and_then(|at| rest.get(at..)).unwrap_or(rest);
    path.split(['?', '#']).next().unwrap_or_default().to_owned()
}

/// The kinds of apps, in the words of the spec; those that it has no word for as they stand.
fn apps(cell: &str) -> Vec<String> {
    let mut apps: Vec<String> = Vec::new();
    for part in cell.split("appType-").skip(1) {
        let part = part.trim();
        let lower = part.to_lowercase();
        let app = if lower.starts_with("internal") || part.starts_with("企业内部应用") {
            "internal".to_owned()
        } else if lower.starts_with("third-party") || part.starts_with("第三方企业应用") {
            "third-party".to_owned()
        } else {
            start(part)
        };
        if !app.is_empty() && !apps.contains(&app) {
            apps.push(app);
        }
    }
    apps
}
