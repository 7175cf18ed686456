//! Pages as they arrive: what changes no fact gives no difference, and a change in such a page is found all the same.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use dingtalk_storage_drift::{About, Comparison, Difference, Disputes, Drift, Subject};
use dingtalk_storage_spec::{Code, compile};
use fastrand::Rng;

use crate::Api;
use crate::edits;
use crate::mangle::{WAYS, Way};
use crate::planted::{CHANGES, plant, seeds};
use crate::render::{FORMS, Form, page, styled};
use crate::sheet::sheets;
use crate::skeleton::{as_said, file_of, filled, first_difference, make_of, sheet_of, without};
use crate::style::Style;

type Told = BTreeSet<(String, String, String, String)>;

fn told<'a>(differences: impl Iterator<Item = &'a Difference>) -> Told {
    let key = |each: &Difference| {
        (each.field.clone(), each.about.to_string(), each.spec.says.clone(), each.page.says.clone())
    };
    differences.map(key).collect()
}

/// Each line that is named has to exist.
fn check_lines(drift: &Drift, bytes: &[u8], at: &str) {
    let lines = bytes.iter().filter(|byte| matches!(byte, b'\n' | b'\r')).count() + 1;
    let named =
        drift.differences.iter().map(|each| each.page.line).chain(drift.page.unread.iter().map(|each| each.line));
    named.for_each(|line| assert!((1..=lines).contains(&line), "{at}: line {line} of {lines}"));
}

fn show(bytes: &[u8]) -> String {
    if std::env::var_os("DRIFT_SHOW").is_some() { String::from_utf8_lossy(bytes).into_owned() } else { String::new() }
}

#[derive(Default)]
struct Counts {
    pages: usize,
    invented: usize,
    planted: usize,
    found: usize,
}

#[derive(Default)]
struct Tally {
    by_way: BTreeMap<&'static str, Counts>,
    wrong: Vec<String>,
}

impl Tally {
    fn invented(&mut self, way: &Way, others: &Told, at: &str, bytes: &[u8], drift: &Drift) {
        let counts = self.by_way.entry(way.name).or_default();
        counts.pages += 1;
        if !others.is_empty() {
            counts.invented += 1;
            self.wrong.push(format!("{at}: invented {others:?}\n  unread: {:?}\n{}", drift.page.unread, show(bytes)));
        }
    }

    fn judge(self, seed: u64, least: usize) {
        let sum = |each: fn(&Counts) -> usize| self.by_way.values().map(each).sum::<usize>();
        let (pages, invented) = (sum(|each| each.pages), sum(|each| each.invented));
        let (planted, found) = (sum(|each| each.planted), sum(|each| each.found));
        println!(
            "seed {seed}: {pages} mangled pages, {invented} with invented differences; {planted} planted, {found} found"
        );
        for (name, counts) in &self.by_way {
            if counts.invented > 0 || counts.found < counts.planted {
                let Counts { pages, invented, planted, found } = counts;
                println!("  {name}: {invented} of {pages} invented, {found} of {planted} found");
            }
        }
        let shown = self.wrong.iter().take(40).cloned().collect::<Vec<_>>().join("\n");
        assert!(pages >= least, "{pages}");
        assert!(invented == 0 && found * 100 >= planted * 98, "seed {seed}: {}:\n{shown}", self.wrong.len());
    }
}

/// The ways in which a page is mangled: one, or two one after the other.
fn ways(rng: &mut Rng, index: usize) -> Vec<&'static Way> {
    let first = &WAYS[index % WAYS.len()];
    let second = &WAYS[rng.usize(6..WAYS.len())];
    if index / WAYS.len() % 3 == 2 && second.name != first.name && second.keeps_facts {
        two(first, second)
    } else {
        vec![first]
    }
}

/// In the order in which it happens: the form of tables, then lines, then bytes.
fn two(first: &'static Way, second: &'static Way) -> Vec<&'static Way> {
    let rank = |way: &&Way| match way.name {
        "garbled rows" | "header lost" => 1,
        "cells over lines" => 2,
        "cut" => 3,
        "byte order mark" | "UTF-16" | "line ends" | "characters without width" | "full width" => 4,
        _ => 0,
    };
    let mut ways = vec![first, second];
    ways.sort_by_key(rank);
    // A line below the first row would make it a header, and a list without a heading goes on the one before.
    let has = |name| ways.iter().any(|way: &&Way| way.name == name);
    if has("header lost") && has("cells over lines") || has("a heading lost") && has("lists in place of tables") {
        ways.truncate(1);
    }
    ways
}

fn mangle(text: &str, ways: &[&Way], rng: &mut Rng) -> Vec<u8> {
    let mut bytes = text.as_bytes().to_vec();
    for way in ways {
        bytes = (way.mangle)(&String::from_utf8_lossy(&bytes), rng);
    }
    bytes
}

fn name(ways: &[&Way]) -> String {
    ways.iter().map(|way| way.name).collect::<Vec<_>>().join(" + ")
}

#[test]
fn mangled_pages_of_the_spec_invent_nothing_and_hide_no_change() {
    let api = Api::read();
    let sheets = sheets(&api.spec);
    for seed in seeds() {
        let mut rng = Rng::with_seed(seed);
        let mut tally = Tally::default();
        for index in 0..WAYS.len() * 12 {
            let form = FORMS[rng.usize(..FORMS.len())];
            let style = if rng.bool() { Style::default() } else { Style::random(&mut rng) };
            let ways = ways(&mut rng, index);
            let change = CHANGES[rng.usize(..CHANGES.len())];
            let sheet = &sheets[rng.usize(..sheets.len())];
            let bytes = mangle(&styled(sheet, form, &style), &ways, &mut rng);
            let at = format!("{}: {} as {form:?}", name(&ways), sheet.name);
            let drift = api.drift(&form.file(&sheet.slug), &bytes);
            check_lines(&drift, &bytes, &at);
            tally.invented(ways[0], &told(drift.differences.iter()), &at, &bytes, &drift);

            let Some((sheet, planted)) = plant(&sheets, change, form, &mut rng) else { continue };
            let text = styled(&sheet, form, &style);
            let bytes = mangle(&text, &ways, &mut rng);
            let at =
                format!("{}: {change} in {} as {form:?}, expected {:?}", name(&ways), sheet.name, planted.expected);
            let drift = api.drift(&form.file(&sheet.slug), &bytes);
            let loses = ways.iter().any(|way| !way.keeps_facts);
            // Where the row is lost, the example may still tell.
            let is_expected = |each: &&Difference| {
                let is_field = |field: &String| loses && each.about == About::Example && *field == each.field;
                planted
                    .expected
                    .iter()
                    .any(|(field, about)| *field == each.field && *about == each.about || is_field(field))
            };
            let others = told(drift.differences.iter().filter(|each| !is_expected(each)));
            tally.invented(ways[0], &others, &at, &bytes, &drift);
            if planted.silent || planted.expected.is_empty() {
                continue;
            }
            let counts = tally.by_way.entry(ways[0].name).or_default();
            counts.planted += 1;
            // What was lost cannot be found, but that it was lost is told.
            if drift.differences.iter().any(|each| is_expected(&each)) || loses && !drift.page.unread.is_empty() {
                counts.found += 1;
            } else {
                tally.wrong.push(format!("{at}: missed\n  unread {:?}\n{}", drift.page.unread, show(&bytes)));
            }
        }
        tally.judge(seed, 700);
    }
}

/// The pages themselves, where they are: what was not told before is not told of the mangled page.
#[test]
fn mangled_real_pages_invent_nothing() {
    let Some(folder) = std::env::var_os("DRIFT_PAGES") else {
        println!("DRIFT_PAGES names no folder: left out");
        return;
    };
    let api = Api::read();
    let mut files = Vec::new();
    crate::real::collect(Path::new(&folder), &mut files);
    files.sort();
    for seed in seeds() {
        let mut rng = Rng::with_seed(seed);
        let mut tally = Tally::default();
        for file in &files {
            let text = String::from_utf8(std::fs::read(file).unwrap()).unwrap();
            let file = file.to_string_lossy();
            let before = told(api.drift(&file, text.as_bytes()).differences.iter());
            for index in 0..WAYS.len() {
                let round = rng.usize(..3) * WAYS.len();
                let ways = ways(&mut rng, round + index);
                let bytes = mangle(&text, &ways, &mut rng);
                let at = format!("{}: {file}", name(&ways));
                let drift = api.drift(&file, &bytes);
                check_lines(&drift, &bytes, &at);
                let others = told(drift.unexplained()).difference(&before).cloned().collect();
                tally.invented(ways[0], &others, &at, &bytes, &drift);
            }
        }
        tally.judge(seed, 1_000);
    }
}

/// No bytes may end the program, and none make it a page that they are not.
#[test]
fn random_bytes_never_panic() {
    let api = Api::read();
    let sheets = sheets(&api.spec);
    let seed = 60_606;
    let mut rng = Rng::with_seed(seed);
    for round in 0..600 {
        let mut bytes: Vec<u8> = match round % 3 {
            0 => (0..rng.usize(..2_000)).map(|_| rng.u8(..)).collect(),
            1 => (0..rng.usize(..2_000)).map(|_| *rng.choice(b"|-`~*{}[]<>&#;:\\\"\n\r\t /,.tdhr0").unwrap()).collect(),
            _ => {
                let sheet = &sheets[rng.usize(..sheets.len())];
                let form = FORMS[rng.usize(..FORMS.len())];
                mangle(&page(sheet, form), &ways(&mut rng, round), &mut Rng::with_seed(seed + round as u64))
            }
        };
        for _ in 0..rng.usize(..6) {
            let at = rng.usize(..=bytes.len());
            bytes.splice(
                at..at,
                [&b"<td>"[..], b"&#x110000;", b"\xff\xfe", b"/*", b"<table", b"```", b"\"", b"|"][rng.usize(..8)]
                    .to_vec(),
            );
        }
        let drift = api.drift("x.md", &bytes);
        check_lines(&drift, &bytes, &format!("seed {seed}, round {round}"));
    }
}

/// What is written of a mangled page is what is new on it, in files that `check` takes but for their texts.
#[test]
fn news_of_mangled_pages_is_written_right_or_left() {
    let api = Api::read();
    let sheets = sheets(&api.spec);
    let seed = 8_128;
    let mut rng = Rng::with_seed(seed);
    let (mut written, mut all) = (0, 0);
    for index in 0..WAYS.len() {
        let change = ["enum add", "code add", "add"][index % 3];
        let form = FORMS[rng.usize(..FORMS.len())];
        let ways = ways(&mut rng, 2 * WAYS.len() + index);
        let Some((sheet, _)) = plant(&sheets, change, form, &mut rng) else { continue };
        let at = format!("seed {seed}: {}: {change} in {} as {form:?}", name(&ways), sheet.name);
        let pages = [(form.file(&sheet.slug), mangle(&page(&sheet, form), &ways, &mut rng))];
        let made = edits::run(&api, &api.tree, &pages);
        all += 1;
        written += usize::from(!made.made.is_empty());
        for (path, text) in &made.changed {
            let added = edits::put_in(edits::text_of(&api.tree, path), text).unwrap_or_else(|| panic!("{at}: {path}"));
            assert!(added.to_lowercase().contains("zeta"), "{at}: {path}: {added}");
        }
        if let Err(report) = compile(&edits::with(&api.tree, &made.changed)) {
            let is_text = report.findings().iter().all(|finding| finding.code() == Code::UnwrittenText);
            assert!(is_text, "{at}: {report}");
        }
    }
    println!("seed {seed}: news of {written} of {all} mangled pages written");
    assert!(written * 2 > all, "{written} of {all}");
}

/// An operation made of a mangled page is the one of the page, where nothing is lost, and one that `check` takes.
#[test]
fn operations_come_back_from_mangled_pages() {
    let api = Api::read();
    let sheets = sheets(&api.spec);
    let seed = 3_003;
    let mut rng = Rng::with_seed(seed);
    let (mut same, mut wrong) = (0, Vec::new());
    for index in 0..WAYS.len() {
        // Without examples, nothing tells what is in an object of a name that is new.
        let form = [Form::Mdx, Form::Flattened, Form::Knowledge][index % 3];
        let ways = ways(&mut rng, 2 * WAYS.len() + index);
        let picked = (0..20).find_map(|_| {
            let sheet = &sheets[rng.usize(..sheets.len())];
            Some((sheet, without(&api.tree, &file_of(sheet))?))
        });
        let Some((sheet, (tree, spec))) = picked else { continue };
        let at = format!("{}: {} as {form:?}", name(&ways), sheet.name);
        let bytes = mangle(&page(sheet, form), &ways, &mut rng);
        let disputes = Disputes::default();
        let drift = Comparison::new(&spec, &tree, &disputes, &|_| None).page(&form.file(&sheet.slug), &bytes, None);
        let keeps = ways.iter().all(|way| way.keeps_facts);
        if drift.subject != Subject::Unknown {
            if keeps {
                wrong.push(format!("{at}: {:?}", drift.subject));
            }
            continue;
        }
        let made = make_of(&tree, &spec, &drift, sheet).and_then(|skeleton| {
            if !skeleton.findings.is_empty() {
                return Err(format!("{:#?}", skeleton.findings));
            }
            filled(&tree, &skeleton).map(|(_, spec)| spec)
        });
        match made {
            Err(why) => wrong.push(format!("{at}: {why}")),
            Ok(_) if !keeps => {}
            Ok(spec) => {
                let (ours, theirs) = (as_said(sheet.clone(), form), as_said(sheet_of(&spec, &sheet.name), form));
                if format!("{ours:#?}") == format!("{theirs:#?}") {
                    same += 1;
                } else {
                    wrong.push(format!("{at}: {}", first_difference(&ours, &theirs)));
                }
            }
        }
    }
    println!("seed {seed}: {same} operations came back from mangled pages");
    assert!(wrong.is_empty(), "seed {seed}: {}:\n{}", wrong.len(), wrong.join("\n"));
}
