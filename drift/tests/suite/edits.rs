//! News of pages written into the files of the spec: what is plain, and nothing else of the file.

use std::collections::BTreeMap;

use dingtalk_storage_drift::{About, Comparison, Edits, edits};
use dingtalk_storage_spec::{Code, SourceTree, compile, compile_draft};
use fastrand::Rng;

use crate::Api;
use crate::planted::plant;
use crate::render::{Form, page};
use crate::sheet::sheets;

pub fn run(api: &Api, tree: &SourceTree, pages: &[(String, Vec<u8>)]) -> Edits {
    let spec = compile_draft(tree).unwrap_or_else(|report| panic!("{report}"));
    edits(&spec, tree, &api.disputes, &|_| None, pages, None)
}

pub fn with(tree: &SourceTree, changed: &BTreeMap<String, String>) -> SourceTree {
    changed.iter().fold(tree.clone(), |tree, (path, text)| tree.with_file(path, text.clone().into_bytes()))
}

pub fn text_of<'a>(tree: &'a SourceTree, path: &str) -> &'a str {
    tree.files().find(|(name, _)| *name == path).unwrap().1
}

/// What was put into a text, when nothing else of it changed.
pub fn put_in<'a>(old: &str, new: &'a str) -> Option<&'a str> {
    let start = old.bytes().zip(new.bytes()).take_while(|(a, b)| a == b).count();
    let rest = old.len() - start;
    new.as_bytes().ends_with(&old.as_bytes()[start..]).then(|| &new[start..new.len() - rest])
}

#[test]
fn planted_news_is_written_and_nothing_else_of_the_files_changes() {
    let api = Api::read();
    let sheets = sheets(&api.spec);
    let forms = [Form::Mdx, Form::Knowledge, Form::Flattened, Form::TablesChinese];
    let seed = 91_177;
    let mut rng = Rng::with_seed(seed);
    let (mut tally, mut left) = (BTreeMap::<&str, (usize, usize)>::new(), Vec::new());
    for round in 0..60 {
        let change = ["enum add", "code add", "add"][round % 3];
        let form = forms[round % forms.len()];
        let Some((sheet, planted)) = plant(&sheets, change, form, &mut rng) else { continue };
        let at = format!("seed {seed}, round {round}: {change} in {} as {form:?}", sheet.name);
        let pages = [(form.file(&sheet.slug), page(&sheet, form).into_bytes())];
        let made = run(&api, &api.tree, &pages);
        if planted.expected.iter().any(|(field, _)| field.starts_with("path.")) {
            continue;
        }
        let counted = tally.entry(change).or_default();
        counted.0 += 1;
        if made.made.is_empty() {
            left.push(format!("{at}: {:?}", made.left.iter().map(|(_, why)| why).collect::<Vec<_>>()));
            assert!(made.changed.is_empty(), "{at}");
            // A type that the page has in several places, of which only one has news.
            assert!(made.left.iter().all(|(_, why)| why.contains("would differ")), "{at}: {:#?}", made.left);
            continue;
        }
        counted.1 += 1;
        for (path, text) in &made.changed {
            let added = put_in(text_of(&api.tree, path), text).unwrap_or_else(|| panic!("{at}: {path}\n{text}"));
            assert!(added.to_lowercase().contains("zeta"), "{at}: {path}: {added}");
        }
        let tree = with(&api.tree, &made.changed);
        // All that is left to do is texts, and they say where to read.
        if let Err(report) = compile(&tree) {
            assert!(report.findings().iter().all(|finding| finding.code() == Code::UnwrittenText), "{at}: {report}");
            assert!(report.to_string().contains(&pages[0].0), "{at}: {report}");
        }
        let again = run(&api, &tree, &pages);
        assert!(again.made.is_empty() && again.changed.is_empty(), "{at}: {:#?}", again.made);
        let spec = compile_draft(&tree).unwrap();
        let comparison = Comparison::new(&spec, &tree, &api.disputes, &|_| None);
        let news = |about| matches!(about, About::Value | About::Error | About::Field);
        let drift = comparison.page(&pages[0].0, &pages[0].1, None);
        assert!(!drift.unexplained().any(|each| news(each.about)), "{at}: {:#?}", drift.differences);
    }
    println!("seed {seed}: planted and written: {tally:?}; left:\n  {}", left.join("\n  "));
    assert!(tally.values().all(|(planted, written)| written * 10 >= planted * 6), "{tally:?}\n{}", left.join("\n"));
}

#[test]
fn what_is_not_plain_is_left() {
    let api = Api::read();
    let sheets = sheets(&api.spec);
    let seed = 4_242;
    let mut rng = Rng::with_seed(seed);
    for change in
        ["rename", "retype", "drop", "enum drop", "limit", "default", "code status", "scope", "required", "path"]
    {
        for _ in 0..2 {
            let Some((sheet, _)) = plant(&sheets, change, Form::Mdx, &mut rng) else { continue };
            let pages = [(Form::Mdx.file(&sheet.slug), page(&sheet, Form::Mdx).into_bytes())];
            let made = run(&api, &api.tree, &pages);
            // A new name could be a new field.
            let is_new = |each: &&dingtalk_storage_drift::Difference| change == "rename" && each.about == About::Field;
            let others: Vec<_> = made.made.iter().filter(|each| !is_new(each)).collect();
            assert!(others.is_empty(), "seed {seed}: {change} in {}: {others:#?}", sheet.name);
        }
    }
}

/// An enum of several operations: a page that lists its values without the new one would differ.
#[test]
fn an_edit_that_makes_another_page_differ_is_left() {
    let api = Api::read();
    let all = sheets(&api.spec);
    let lists = |sheet: &crate::sheet::Sheet| {
        sheet.tables[2].iter().flat_map(|item| &item.items).any(|item| item.name == "conflictStrategy")
    };
    let mut with_enum = all.into_iter().filter(|sheet| lists(sheet));
    let (mut first, second) = (with_enum.next().unwrap(), with_enum.next().unwrap());
    let item = first.tables[2].iter_mut().flat_map(|item| &mut item.items).find(|item| item.name == "conflictStrategy");
    item.unwrap().values.push("ZETA".to_owned());
    let of = |sheet: &crate::sheet::Sheet| (Form::Mdx.file(&sheet.slug), page(sheet, Form::Mdx).into_bytes());
    let alone = run(&api, &api.tree, &[of(&first)]);
    assert_eq!(alone.made.len(), 1, "{:#?}", alone.left);
    let both = run(&api, &api.tree, &[of(&first), of(&second)]);
    assert!(both.made.is_empty(), "{:#?}", both.made);
    assert!(both.left[0].1.contains("would differ"), "{:#?}", both.left);
}
