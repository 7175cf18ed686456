//! What is known only when the whole page was read: examples, types in templates, and what it has lost.

use super::Reader;
use crate::page::{At, Page, Table};
use crate::section::Section;
use crate::{example, legacy, orphan};

impl Reader<'_> {
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

    pub(super) fn finish(mut self, end: usize) -> Page {
        self.tell_guess();
        self.take_template_url();
        if self.page.is_of_operation() || self.page.has_tables() || !self.orphans.is_empty() {
            self.page.request_example = example::request(&self.request, &mut self.page.unread);
            self.page.response_example = example::json(&self.response, &mut self.page.unread);
            orphan::adopt(&mut self.page, std::mem::take(&mut self.orphans));
            self.find_end(end);
            self.find_gaps();
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

    /// Parts with lines of which none was a field.
    fn find_gaps(&mut self) {
        let page = &mut self.page;
        for (section, table) in [
            (Section::Headers, &mut page.headers),
            (Section::Path, &mut page.path_parameters),
            (Section::Query, &mut page.query),
            (Section::Body, &mut page.body),
            (Section::Response, &mut page.response),
        ] {
            if table.as_ref().is_some_and(|table| table.line == 0) {
                *table = None;
            }
            let line = self.unplaced.get(&section).filter(|_| table.is_none());
            if let Some(line) = line.filter(|_| page.gaps.insert(section)) {
                page.unread.push(At { value: "no field could be read in this part".to_owned(), line: *line });
            }
        }
        if let Some(line) = self.unplaced.get(&Section::Errors).filter(|_| page.errors.is_none()) {
            page.unread.push(At { value: "no error code could be read in this part".to_owned(), line: *line });
        }
    }

    /// Every operation has an answer: a page that ends before it is cut.
    fn find_end(&mut self, end: usize) {
        const PARTS: [Section; 7] = [
            Section::Basic,
            Section::Headers,
            Section::Path,
            Section::Query,
            Section::Body,
            Section::Response,
            Section::Errors,
        ];
        let answers = self.furthest >= Section::Response || self.page.response.is_some();
        if !answers {
            self.unread(end, "the page ends before the answer: what comes after it is not known");
            let furthest = self.furthest;
            self.page.gaps.extend(PARTS.into_iter().filter(|part| *part >= furthest));
        }
    }
}
