//! The facts of the first table, by their labels, in whatever form they stand.

use super::{Reader, start};
use crate::page::At;
use crate::section::Section;
use crate::text::{label, plain};
use crate::{example, list, row};

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Fact {
    Url,
    Method,
}

/// Labels of the first table.
const FACTS: &[(Fact, &[&str])] = &[
    (Fact::Url, &["http url", "request url", "请求url", "请求地址", "接口地址"]),
    (Fact::Method, &["http method", "request method", "http方法", "请求方法", "请求方式"]),
];

impl Reader<'_> {
    /// The label and the value of a line with a fact, when it is one.
    fn fact(&self, line: &str) -> Option<(Fact, String)> {
        if let Some(fact) = self.asked {
            return Some((fact, plain(line)));
        }
        if line.starts_with('|') {
            let cells = row::cells(line);
            let (first, rest) = cells.split_first()?;
            let first = label(first);
            let (fact, _) = FACTS.iter().find(|(_, labels)| labels.contains(&first.as_str()))?;
            return Some((*fact, plain(&rest.join("|"))));
        }
        let line = plain(list::item(line).unwrap_or(line));
        FACTS.iter().find_map(|(fact, labels)| {
            let after = labels.iter().find_map(|label| strip(&line, label))?;
            Some((*fact, after.trim().trim_start_matches([':', '：']).trim().to_owned()))
        })
    }

    /// A page can be of two operations: what belongs to the second one is not the first's.
    pub(super) fn is_second(&mut self, number: usize, line: &str) -> bool {
        let Some((Fact::Url, url)) = self.fact(line) else { return false };
        let second = self.page.path.as_ref().is_some_and(|path| is_url(&url) && path_of(&url) != path.value);
        if second {
            self.unread(number, "a second operation begins: its part of the page is left out");
        }
        second
    }

    /// The facts of the first table, which are found by their labels.
    pub(super) fn basic(&mut self, number: usize, line: &str) -> bool {
        let found = self.fact(line);
        self.asked = None;
        match found {
            Some((fact, value)) if value.is_empty() && label(line) != "请求方式" && !line.starts_with('|') => {
                self.asked = Some(fact);
                return true;
            }
            Some((Fact::Url, url)) if is_url(&url) => {
                if self.page.path.is_none() {
                    self.page.path = Some(At { value: path_of(&url), line: number });
                }
                return true;
            }
            Some((Fact::Method, method)) => {
                let method: String = method.chars().take_while(char::is_ascii_alphabetic).collect();
                let method = method.to_uppercase();
                if example::METHODS.contains(&method.as_str()) {
                    self.page.method.get_or_insert(At { value: method, line: number });
                    return true;
                }
            }
            _ => {}
        }
        let rest = plain(line);
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
}

fn strip<'a>(text: &'a str, prefix: &str) -> Option<&'a str> {
    let start = text.get(..prefix.len())?;
    if start.eq_ignore_ascii_case(prefix) { text.get(prefix.len()..) } else { None }
}

fn is_url(text: &str) -> bool {
    text.contains("://") || text.starts_with(['/', '<'])
}

/// The path of a URL.
fn path_of(url: &str) -> String {
    let url = url.split_whitespace().next().unwrap_or_default().trim_matches(['<', '>', '"', '\'']);
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
