//! Method, path, permission, kinds of apps and headers.

use std::collections::BTreeSet;

use dingtalk_storage_spec::model::{App, Token};

use super::{ABSENT, Compare, PRESENT};
use crate::difference::About;
use crate::page::Page;
use crate::section::Section;

impl Compare<'_> {
    pub(super) fn basic(&mut self, page: &Page) {
        let ours = self.ours;
        if let Some(theirs) = page.method.as_ref().filter(|theirs| theirs.value != ours.method()) {
            self.report("", About::Method, [ours.method(), &theirs.value], ours.key("http"), theirs.line);
        }
        if let Some(theirs) = page.path.as_ref().filter(|theirs| theirs.value != ours.url_path()) {
            self.report("", About::Path, [ours.url_path(), &theirs.value], ours.key("http"), theirs.line);
        }
        let line = page.path.as_ref().or(page.method.as_ref()).map_or(1, |fact| fact.line);
        let scope = ours.item.operation.scope.as_deref().unwrap_or(ABSENT);
        let (theirs, at) = page.scope.as_ref().map_or((ABSENT, line), |fact| (fact.value.as_str(), fact.line));
        let is_told = theirs != ABSENT || scope != "unknown" && !page.gaps.contains(&Section::Basic);
        if scope != theirs && is_told {
            self.report("", About::Scope, [scope, theirs], ours.key("scope"), at);
        }
        if let Some(theirs) = &page.apps {
            let name = |app: &App| if *app == App::Internal { "internal" } else { "third-party" };
            let known: BTreeSet<&str> = ours.item.operation.apps.iter().map(name).collect();
            let named: BTreeSet<&str> = theirs.value.iter().map(String::as_str).collect();
            for app in known.difference(&named) {
                self.report("", About::Apps, [app, ABSENT], ours.key("apps"), theirs.line);
            }
            for app in named.difference(&known) {
                self.report("", About::Apps, [ABSENT, app], ours.key("apps"), theirs.line);
            }
        }
    }

    pub(super) fn headers(&mut self, page: &Page) {
        const TOKEN: &str = "x-acs-dingtalk-access-token";
        /// What every request has.
        const USUAL: &[&str] = &["content-type", "host", "accept"];
        let Some(table) = &page.headers else { return };
        let ours = matches!(self.ours.token, Token::Header | Token::User);
        let theirs = table.rows.iter().find(|row| row.name.eq_ignore_ascii_case(TOKEN));
        if ours != theirs.is_some() && (theirs.is_some() || !page.gaps.contains(&Section::Headers)) {
            let says = |flag| if flag { "header" } else { "none" };
            let line = theirs.map_or(table.line, |row| row.line);
            self.report("", About::Token, [says(ours), says(theirs.is_some())], self.ours.key("token"), line);
        }
        for row in &table.rows {
            let name = row.name.to_lowercase();
            if name != TOKEN && !USUAL.contains(&name.as_str()) {
                self.report(
                    &format!("header.{}", row.name),
                    About::Field,
                    [ABSENT, PRESENT],
                    self.ours.key("http"),
                    row.line,
                );
            }
        }
    }
}
