//! Changes made by a program: each has to be found where it is, and nothing else.

use std::collections::BTreeMap;

use dingtalk_storage_drift::{About, Difference};
use fastrand::Rng;

use crate::Api;
use crate::render::{FORMS, Form, page, styled};
use crate::sheet::{Item, SECTIONS, Sheet, sheets};
use crate::style::Style;

#[test]
fn pages_made_of_the_spec_say_what_it_says() {
    let api = Api::read();
    let mut pages = 0;
    for sheet in sheets(&api.spec) {
        for form in FORMS {
            let text = page(&sheet, form);
            let drift = api.drift(&form.file(&sheet.slug), text.as_bytes());
            assert!(drift.differences.is_empty(), "{} {form:?}: {:#?}\n{text}", sheet.name, drift.differences);
            assert_eq!(drift.subject, dingtalk_storage_drift::Subject::Operation(sheet.name.clone()), "{form:?}");
            let unread: Vec<_> =
                drift.page.unread.iter().filter(|unread| !unread.value.contains("are required")).collect();
            assert!(unread.is_empty(), "{} {form:?}: {unread:?}", sheet.name);
            pages += 1;
        }
    }
    println!("{pages} pages made of the spec in {} renderings: no difference", FORMS.len());
}

/// What a change has to be told as: one of these, and beside them nothing.
pub struct Planted {
    pub expected: Vec<(String, About)>,
    /// A change of the order means nothing.
    pub silent: bool,
}

fn planted(field: impl Into<String>, about: About) -> Planted {
    Planted { expected: vec![(field.into(), about)], silent: false }
}

pub const CHANGES: [&str; 18] = [
    "rename",
    "retype",
    "drop",
    "add",
    "reorder",
    "enum add",
    "enum drop",
    "enum rename",
    "limit",
    "default",
    "code add",
    "code drop",
    "code status",
    "scope",
    "required",
    "apps",
    "method",
    "path",
];

/// Seeds: with the first one pages are as plain as they come, with each of the others every page has a style of its own.
/// `DRIFT_SEEDS=1,2,3` tries others.
const SEEDS: [u64; 3] = [20_260_203, 5_501, 77_042];

pub fn seeds() -> Vec<u64> {
    let chosen = std::env::var("DRIFT_SEEDS").ok();
    chosen.map_or_else(|| SEEDS.to_vec(), |list| list.split(',').map(|seed| seed.trim().parse().unwrap()).collect())
}

#[test]
fn planted_changes_are_found_where_they_are() {
    let api = Api::read();
    let sheets = sheets(&api.spec);
    let mut wrong = Vec::new();
    for seed in seeds() {
        let mut tally = Tally::default();
        let mut rng = Rng::with_seed(seed);
        for round in 0..3 {
            for change in CHANGES {
                for form in FORMS {
                    let style = if seed == SEEDS[0] { Style::default() } else { Style::random(&mut rng) };
                    let Some((sheet, planted)) = plant(&sheets, change, form, &mut rng) else { continue };
                    let at = format!("round {round}: {change} in {} as {form:?}, {style:?}", sheet.name);
                    tally.take(&api, &sheet, (form, &style), (change, &planted), &at);
                }
            }
        }
        wrong.extend(tally.judge(seed));
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[derive(Default)]
struct Tally {
    made: usize,
    found: usize,
    silent: usize,
    invented: Vec<String>,
    missed: Vec<String>,
    by_change: BTreeMap<&'static str, usize>,
}

impl Tally {
    fn take(
        &mut self,
        api: &Api,
        sheet: &Sheet,
        (form, style): (Form, &Style),
        (change, planted): (&'static str, &Planted),
        at: &str,
    ) {
        let drift = api.drift(&form.file(&sheet.slug), styled(sheet, form, style).as_bytes());
        let is_expected = |each: &&Difference| planted.expected.contains(&(each.field.clone(), each.about));
        let others: Vec<_> = drift.differences.iter().filter(|each| !is_expected(each)).collect();
        if !others.is_empty() {
            self.invented.push(format!("{at}, expected {:?}: {others:#?}", planted.expected));
        }
        if planted.silent {
            self.silent += 1;
            return;
        }
        self.made += 1;
        *self.by_change.entry(change).or_default() += 1;
        match drift.differences.iter().find(is_expected) {
            Some(_) => self.found += 1,
            None => self.missed.push(format!("{at}, expected {:?}", planted.expected)),
        }
    }

    fn judge(&self, seed: u64) -> Option<String> {
        let Self { made, found, silent, invented, missed, by_change } = self;
        println!(
            "seed {seed}: {made} changes planted, {found} found, {} invented; {silent} new orders: silent",
            invented.len()
        );
        println!("{by_change:?}");
        assert!(*made >= 300, "{made}");
        let is_wrong = !invented.is_empty() || found * 100 < made * 98;
        is_wrong.then(|| {
            let counts = format!("{found} of {made} found, {} invented", invented.len());
            format!("seed {seed}: {counts}\n{}\nmissed: {missed:#?}", invented.join("\n"))
        })
    }
}

/// A page with one change of the kind; some operations have nothing to change.
pub fn plant(sheets: &[Sheet], change: &str, form: Form, rng: &mut Rng) -> Option<(Sheet, Planted)> {
    for _ in 0..200 {
        let mut sheet = sheets[rng.usize(..sheets.len())].clone();
        if let Some(planted) = apply(&mut sheet, change, form, rng) {
            return Some((sheet, planted));
        }
    }
    None
}

fn apply(sheet: &mut Sheet, change: &str, form: Form, rng: &mut Rng) -> Option<Planted> {
    match change {
        "code add" => {
            sheet.errors.insert(rng.usize(..=sheet.errors.len()), (409, "paramError.zeta".to_owned()));
            Some(planted("errors.paramError.zeta", About::Error))
        }
        "code drop" if sheet.errors.len() > 1 => {
            let (_, code) = sheet.errors.remove(rng.usize(..sheet.errors.len()));
            let once = sheet.errors.iter().all(|(_, other)| *other != code);
            once.then(|| planted(format!("errors.{code}"), About::Error))
        }
        "code status" if !sheet.errors.is_empty() => {
            let index = rng.usize(..sheet.errors.len());
            let code = sheet.errors[index].1.clone();
            let once = sheet.errors.iter().filter(|(_, other)| *other == code).count() == 1;
            sheet.errors[index].0 = 418;
            once.then(|| planted(format!("errors.{code}"), About::Status))
        }
        "scope" => {
            sheet.scope = Some(format!("{}.Zeta", sheet.scope.as_ref()?));
            Some(planted("", About::Scope))
        }
        "apps" if sheet.apps.len() == 2 => {
            sheet.apps.remove(rng.usize(..2));
            Some(planted("", About::Apps))
        }
        "method" => {
            if sheet.method == "PUT" { "POST" } else { "PUT" }.clone_into(&mut sheet.method);
            Some(planted("", About::Method))
        }
        "path" => {
            sheet.path.push_str("/zeta");
            Some(planted("", About::Path))
        }
        _ => apply_to_table(sheet, change, form, rng),
    }
}

/// A change of one row: a section, and the list that the row is in, wherever that is.
fn apply_to_table(sheet: &mut Sheet, change: &str, form: Form, rng: &mut Rng) -> Option<Planted> {
    let section = rng.usize(if change == "required" || change == "default" { 1..3 } else { 0..4 });
    let wrapped = sheet.tables[section].iter().any(|item| item.name == "result" && item.kind == "Object")
        && sheet.tables[section].iter().any(|item| item.name == "errcode");
    let mut names = vec![SECTIONS[section].to_owned()];
    let mut list = &mut sheet.tables[section];
    // Down by a random way.
    while rng.u8(..3) > 0 {
        let objects: Vec<usize> = (0..list.len()).filter(|index| !list[*index].items.is_empty()).collect();
        let Some(index) = rng.choice(objects) else { break };
        if !(wrapped && list[index].name == "result" && names.len() == 1) {
            names.push(list[index].name.clone());
        }
        list = &mut list[index].items;
    }
    if list.is_empty() || list.iter().any(|item| matches!(item.name.as_str(), "errcode" | "access_token")) {
        return None;
    }
    let index = rng.usize(..list.len());
    let field = |name: &str| names.iter().map(String::as_str).chain([name]).collect::<Vec<_>>().join(".");
    let name = list[index].name.clone();
    let here = field(&name);
    match change {
        "rename" => {
            let new = format!("{name}Zeta");
            // In the path, the example says nothing of names.
            list[index].name.clone_from(&new);
            // Told as one field with another name, or as one that is gone and one that is new.
            Some(Planted {
                expected: vec![(field(&new), About::Name), (field(&new), About::Field), (here, About::Field)],
                silent: false,
            })
        }
        // The older layout has no types of what stands in the path.
        "retype" if form == Form::Legacy && section == 0 => None,
        "retype" => {
            let item = &mut list[index];
            let kinds = ["String", "Long", "Integer", "Boolean", "Object", "Array of String"];
            let other = |kind: &&&str| **kind != item.kind && !(item.kind == "Array" && kind.starts_with("Array"));
            let kind = rng.choice(kinds.iter().filter(other).collect::<Vec<_>>())?;
            if item.kind == "Object" && item.items.is_empty() {
                return None;
            }
            // The example follows the table, or stays as it was.
            let mut expected = planted(&*here, About::Type);
            expected.expected.push((here.clone(), About::Example));
            (*kind).clone_into(&mut item.kind);
            Some(expected)
        }
        "drop" => {
            list.remove(index);
            Some(planted(here, About::Field))
        }
        "add" => {
            let clear = |index: usize| {
                index == 0 || list[index - 1].items.is_empty() && !list[index - 1].kind.starts_with("Object")
            };
            if !clear(index) {
                return None;
            }
            list.insert(index, Item { in_example: rng.bool(), ..Item::named("zetaField", "String") });
            Some(planted(field("zetaField"), About::Field))
        }
        "reorder" if list.len() > 1 => {
            let other = (index + 1) % list.len();
            list.swap(index, other);
            Some(Planted { expected: Vec::new(), silent: true })
        }
        "enum add" if !list[index].values.is_empty() => {
            list[index].values.push("ZETA".to_owned());
            Some(planted(here, About::Value))
        }
        "enum drop" if list[index].values.len() > 1 => {
            let gone = rng.usize(1..list[index].values.len());
            let value = list[index].values.remove(gone);
            (list[index].default.as_ref() != Some(&value)).then(|| planted(here, About::Value))
        }
        "enum rename" if list[index].values.len() > 1 => {
            list[index].values.last_mut()?.push_str("_ZETA");
            Some(planted(here, About::Value))
        }
        "limit" => {
            let item = &mut list[index];
            if item.kind == "FileItem" {
                return None;
            }
            let max = item.max? + 7;
            // In an answer, a page that says nothing says nothing else.
            item.max = (section == 3 || rng.bool()).then_some(max);
            Some(planted(here, About::Max))
        }
        "default" => {
            list[index].default = Some(other_default(&list[index])?);
            Some(planted(here, About::Default))
        }
        "required" if form.has_required() => {
            list[index].required = !list[index].required;
            Some(planted(here, About::Required))
        }
        _ => None,
    }
}

fn other_default(item: &Item) -> Option<String> {
    match item.kind.as_str() {
        "Boolean" => Some((item.default.as_deref() != Some("true")).to_string()),
        "Integer" | "Long" => Some((item.default.as_deref().unwrap_or("0").parse::<i64>().ok()? + 3).to_string()),
        "String" => item.values.iter().find(|value| item.default.as_ref() != Some(value)).cloned(),
        _ => None,
    }
}
