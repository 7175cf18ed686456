//! What a page has more than the spec, written into the spec where that is plain: a value of an enum, an error code, an
//! optional field. Texts are left to a person, and so is everything else.
//!
//! An edit is kept only if the spec still compiles, its difference is gone, and no other page differs because of it.

use std::collections::{BTreeMap, BTreeSet};

use dingtalk_storage_spec::{SourceTree, Spec, compile_draft};

use crate::compare::{ABSENT, PRESENT};
use crate::dictionary::Dictionary;
use crate::difference::{About, Difference};
use crate::draft::{Lists, Maker, NewField, Part, Side, Texts, enum_value, value};
use crate::page::{Page, Row, Table};
use crate::rendering::Language;
use crate::yaml::{self, NewEntry, Position, scalar};
use crate::{Comparison, Dates, Disputes, Drift, Subject, description, kind};

/// A page as it was read: its name and its bytes.
pub type Source = (String, Vec<u8>);

/// What became of the differences between pages and a spec.
#[derive(Debug, Clone, Default)]
pub struct Edits {
    /// Files of the spec with what they lacked, by their path.
    pub changed: BTreeMap<String, String>,
    /// Differences that are no more.
    pub made: Vec<Difference>,
    /// Differences that a person has to look at, with the reason.
    pub left: Vec<(Difference, String)>,
}

/// Makes the edits for all that pages have more than a spec.
pub fn edits(
    spec: &Spec,
    tree: &SourceTree,
    disputes: &Disputes,
    dates: &Dates<'_>,
    pages: &[Source],
    language: Option<Language>,
) -> Edits {
    let compare = |spec: &Spec, tree: &SourceTree| -> Vec<Drift> {
        let comparison = Comparison::new(spec, tree, disputes, dates);
        pages.iter().map(|(file, bytes)| comparison.page(file, bytes, language)).collect()
    };
    let mut made = Edits::default();
    let mut now = State { spec: spec.clone(), tree: tree.clone(), drifts: compare(spec, tree) };
    for index in 0..pages.len() {
        let mut seen = BTreeSet::new();
        // What is left of a page changes with each edit.
        while let Some(difference) = now.next(index, &seen) {
            seen.insert(difference.key());
            match now.edit(index, &difference, &compare) {
                Ok((next, changed)) => {
                    now = next;
                    made.changed.extend(changed);
                    made.made.push(difference);
                }
                Err(why) => made.left.push((difference, why)),
            }
        }
    }
    made
}

/// The spec as it is so far, and the pages beside it.
struct State {
    spec: Spec,
    tree: SourceTree,
    drifts: Vec<Drift>,
}

type Changed = BTreeMap<String, String>;

impl State {
    fn next(&self, index: usize, seen: &BTreeSet<Key>) -> Option<Difference> {
        let drift = self.drifts.get(index)?;
        drift.unexplained().find(|difference| !seen.contains(&difference.key())).cloned()
    }

    fn edit(
        &self,
        index: usize,
        difference: &Difference,
        compare: &dyn Fn(&Spec, &SourceTree) -> Vec<Drift>,
    ) -> Result<(Self, Changed), String> {
        let drift = self.drifts.get(index).ok_or("the page is gone")?;
        let changed = self.plan(drift, difference)?;
        let tree = changed
            .iter()
            .fold(self.tree.clone(), |tree, (path, text)| tree.with_file(path, text.clone().into_bytes()));
        let spec = compile_draft(&tree).map_err(|report| {
            let first = report.findings().first().map(|finding| format!("{}: {}", finding.code(), finding.message()));
            format!("`check` refuses the edit: {}", first.unwrap_or_default())
        })?;
        let drifts = compare(&spec, &tree);
        let (before, after) = (keys(&self.drifts), keys(&drifts));
        if after.contains(&difference.key()) {
            return Err("the edit would not settle it: the file is written in an unusual way".to_owned());
        }
        if let Some(other) = after.difference(&before).next() {
            return Err(format!("with it, {} would differ about {} of {}", other.file, other.about, other.field));
        }
        Ok((Self { spec, tree, drifts }, changed))
    }

    /// The files with the edit, before anything is tried.
    fn plan(&self, drift: &Drift, difference: &Difference) -> Result<Changed, String> {
        let Subject::Operation(operation) = &drift.subject else { return Err("it is about no operation".to_owned()) };
        let texts = Texts::of(&drift.file);
        let is_new = difference.spec.says == ABSENT;
        match difference.about {
            About::Value if is_new => self.value(&drift.page, difference, &texts),
            About::Error if is_new => self.error(difference, &texts),
            About::Field if is_new && difference.page.says == PRESENT => {
                self.field(drift, operation, difference, &texts)
            }
            _ => Err("no plain case: a person decides which side is right".to_owned()),
        }
    }

    fn value(&self, page: &Page, difference: &Difference, texts: &Texts) -> Result<Changed, String> {
        let place = &difference.place;
        if place.keys.last().is_none_or(|key| key != "values") {
            return Err("the spec has no enum there: a new type needs a name".to_owned());
        }
        let wire = &difference.page.says;
        let row = row_at(page, difference).map(|(_, row)| row);
        let listed = row.map(|row| description::facts(&row.description).values).unwrap_or_default();
        let known = self.tree.keys(&place.file, &place.keys);
        let before = listed.iter().take_while(|value| *value != wire).filter(|value| known.contains(value)).last();
        let position = before.map_or(Position::Last, |value| Position::After(value));
        let text = enum_value(wire, &texts.at(difference.page.line));
        let new = NewEntry { key: &scalar(wire), value: &text };
        let edited = yaml::insert(&self.tree, &place.file, &place.keys, &position, &new).ok_or(UNUSUAL)?;
        Ok(BTreeMap::from([(place.file.clone(), edited)]))
    }

    fn error(&self, difference: &Difference, texts: &Texts) -> Result<Changed, String> {
        let (file, status) = (&difference.place.file, &difference.page.says);
        let code = difference.field.strip_prefix("errors.").unwrap_or_default();
        let number: u16 = status.parse().map_err(|_| "the status is no number".to_owned())?;
        let mut lists = Lists { tree: self.tree.clone(), changed: BTreeMap::new() };
        if !lists.error(code, number, &texts.at(difference.page.line)) {
            return Err(UNUSUAL.to_owned());
        }
        let errors = ["errors".to_owned()];
        let of_status = ["errors".to_owned(), status.clone()];
        let edited = if self.tree.entry(file, &of_status).is_some() {
            yaml::append(&self.tree, file, &of_status, code)
        } else if self.tree.entry(file, &errors).is_some() {
            let known = self.tree.keys(file, &errors);
            let before = known.iter().rfind(|key| key.parse::<u16>().is_ok_and(|key| key < number));
            let position = before.map_or(Position::First, |key| Position::After(key));
            let list = format!("[{}]", scalar(code));
            yaml::insert(&self.tree, file, &errors, &position, &NewEntry { key: status, value: &list })
        } else {
            let line = format!("{status}: [{}]", scalar(code));
            yaml::insert_section(&self.tree, file, "errors", &[line], &["quirks", "discrepancies"])
        };
        lists.changed.insert(file.clone(), edited.ok_or(UNUSUAL)?);
        Ok(lists.changed)
    }

    fn field(&self, drift: &Drift, operation: &str, difference: &Difference, texts: &Texts) -> Result<Changed, String> {
        let place = &difference.place;
        let section = difference.field.split('.').next().unwrap_or_default();
        if !matches!(section, "query" | "body" | "response") {
            return Err(format!("a parameter in the {section} is no plain case"));
        }
        let (table, row) = row_at(&drift.page, difference).ok_or("its row is not clear")?;
        let field = self.new_field(drift, operation, section, row)?;
        let written = value(&field, texts);
        let is_section = place.keys.len() == 1;
        let edited = if is_section && self.tree.entry(&place.file, &place.keys).is_none() {
            let later = SECTIONS.iter().skip_while(|name| **name != section).skip(1).copied().collect::<Vec<_>>();
            let line = format!("{}: {written}", scalar(&field.name));
            yaml::insert_section(&self.tree, &place.file, section, &[line], &later)
        } else if is_section || place.keys.last().is_some_and(|key| key == "fields") {
            let known = self.tree.keys(&place.file, &place.keys);
            let above = table.rows.iter().take_while(|each| each.line < row.line);
            let before = above.map(|each| &each.name).filter(|name| known.contains(name)).last();
            let position = before.map_or(Position::First, |name| Position::After(name));
            let new = NewEntry { key: &scalar(&field.name), value: &written };
            yaml::insert(&self.tree, &place.file, &place.keys, &position, &new)
        } else {
            return Err("the spec has no fields for the object that it is in".to_owned());
        };
        Ok(BTreeMap::from([(place.file.clone(), edited.ok_or(UNUSUAL)?)]))
    }

    fn new_field(&self, drift: &Drift, operation: &str, section: &str, row: &Row) -> Result<NewField, String> {
        if row.required == Some(true) {
            return Err("a parameter that every call needs is no plain case".to_owned());
        }
        let mut open = Vec::new();
        let part = Part::of(row, &mut open);
        let (family, name) = operation.split_once('.').unwrap_or((operation, operation));
        let dictionary = Dictionary::of(&self.spec);
        let mut maker = Maker {
            spec: &self.spec,
            dictionary: &dictionary,
            family,
            operation: name,
            enums: Vec::new(),
            taken: BTreeSet::new(),
        };
        let side = if section == "response" { Side::Answer } else { Side::Request };
        let example = if section == "response" {
            drift.page.response_example.as_ref()
        } else {
            drift.page.request_example.as_ref().and_then(|example| example.body.as_ref())
        };
        let part = part.settled(example.map(|example| &example.value));
        if let Some(what) = open.first() {
            return Err(format!("the page leaves open {}", what.value));
        }
        let field = maker.field(&part, side, false);
        if !maker.enums.is_empty() {
            return Err("its values make a new enum, which needs a name".to_owned());
        }
        if kind::holds_fields(kind::core(&part.kind)) {
            return Err("an object is no plain case: its fields make a type".to_owned());
        }
        Ok(field)
    }
}

const SECTIONS: [&str; 7] = ["path", "query", "body", "response", "errors", "quirks", "discrepancies"];
const UNUSUAL: &str = "the file is written in an unusual way";

/// The row that a difference is about, with its table.
fn row_at<'a>(page: &'a Page, difference: &Difference) -> Option<(&'a Table, &'a Row)> {
    let table = match difference.field.split('.').next()? {
        "path" => &page.path_parameters,
        "query" => &page.query,
        "body" => &page.body,
        _ => &page.response,
    };
    let table = table.as_ref()?;
    let row = table.rows.iter().find(|row| row.line == difference.page.line)?;
    Some((table, row))
}

/// What makes two differences the same, wherever they stand.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Key {
    file: String,
    field: String,
    about: About,
    says: [String; 2],
}

impl Difference {
    pub(crate) fn key(&self) -> Key {
        Key {
            file: self.page.file.clone(),
            field: self.field.clone(),
            about: self.about,
            says: [self.spec.says.clone(), self.page.says.clone()],
        }
    }
}

fn keys(drifts: &[Drift]) -> BTreeSet<Key> {
    drifts.iter().flat_map(Drift::unexplained).map(Difference::key).collect()
}
