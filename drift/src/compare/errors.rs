//! Error codes by status.

use std::collections::BTreeSet;

use super::{ABSENT, Compare};
use crate::difference::About;
use crate::ours::Keys;
use crate::page::Page;
use crate::section::Section;

impl Compare<'_> {
    pub(super) fn errors(&mut self, page: &Page) {
        let Some(table) = &page.errors else { return };
        let ours = &self.ours.item.operation.errors;
        let known: BTreeSet<(u16, &str)> =
            ours.iter().flat_map(|(status, codes)| codes.iter().map(move |code| (*status, code.as_str()))).collect();
        let named: BTreeSet<(u16, &str)> = table.rows.iter().map(|row| (row.value.0, row.value.1.as_str())).collect();
        let place = |status: u16| Keys::new(&self.ours.item.file, &["errors", &status.to_string()]);
        let line = |status, code: &str| {
            table.rows.iter().find(|row| row.value == (status, code.to_owned())).map_or(table.line, |row| row.line)
        };
        let mut found = Vec::new();
        for (status, code) in known.difference(&named) {
            let moved = named.difference(&known).find(|(_, other)| other == code);
            let field = format!("errors.{code}");
            match moved {
                Some((other, _)) => found.push((
                    field,
                    About::Status,
                    [status.to_string(), other.to_string()],
                    place(*status),
                    line(*other, code),
                )),
                None if page.gaps.contains(&Section::Errors) => {}
                None => found.push((
                    field,
                    About::Error,
                    [status.to_string(), ABSENT.to_owned()],
                    place(*status),
                    table.line,
                )),
            }
        }
        for (status, code) in named.difference(&known) {
            let moved = known.difference(&named).any(|(_, other)| other == code);
            let anywhere = self.spec.errors.get(*code).is_some_and(|known| known.any_operation);
            if !moved && !anywhere {
                let says = [ABSENT.to_owned(), status.to_string()];
                found.push((format!("errors.{code}"), About::Error, says, place(*status), line(*status, code)));
            }
        }
        for (field, about, [spec, page], place, line) in found {
            self.report(&field, about, [&spec, &page], place, line);
        }
    }
}
