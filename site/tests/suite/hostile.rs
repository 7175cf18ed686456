//! Texts of a spec are shown and never done.

use std::path::Path;

use scraper::{Html, Selector};

use crate::support::{Compiled, pages, root};

const HOSTILE: &str =
    "</title></code><script>alert(1)</script><img src=x onerror=alert(2)> \"'&amp; | ]]> `</td><b>` <!--";

/// The spec of the features with every text replaced, and names that are no names.
fn hostile() -> Compiled {
    let mut compiled = Compiled::read(&root().join("tests/fixtures/spec"));
    let bad = || HOSTILE.to_owned();
    for family in &mut compiled.spec.families {
        family.family.title = bad();
        family.family.doc = bad();
        for item in &mut family.operations {
            let operation = &mut item.operation;
            operation.summary = bad();
            operation.details = Some(format!("{HOSTILE}\n\n{HOSTILE}"));
            operation.quirks = vec![bad()];
            operation.discrepancies = vec![bad()];
            operation.effect_reason = Some(bad());
            operation.docs = operation.docs.as_ref().map(|_| "\"onmouseover=\"alert(3)".to_owned());
            for field in
                operation.query.values_mut().chain(operation.body.values_mut()).chain(operation.response.values_mut())
            {
                field.doc = Some(bad());
                field.evidence = Some(bad());
            }
        }
    }
    for group in compiled.spec.groups.values_mut() {
        group.title = bad();
        group.doc = bad();
        group.lacks = Some(bad());
    }
    for doc in compiled.spec.scopes.values_mut() {
        *doc = bad();
    }
    for (at, error) in compiled.spec.errors.values_mut().enumerate() {
        error.meaning = bad();
        error.advice = bad();
        error.rust = Some(format!("Code{at}"));
    }
    if let Some(mut error) = compiled.spec.errors.values().next().cloned() {
        for name in ["../../<b>\"x\"</b>", "a b#c?d", "UPPER", "upper"] {
            error.rust = Some(format!("Named{}", name.len()));
            compiled.spec.errors.insert(name.to_owned(), error.clone());
        }
    }
    compiled.api = dingtalk_storage_codegen::lower(&compiled.spec).unwrap();
    compiled
}

#[test]
fn hostile_texts_stay_texts() {
    let site = hostile().site();
    let found = Selector::parse("script, img, b, [onerror], [onmouseover], [onload]").unwrap();
    let mut seen = 0;
    for (path, text) in pages(&site) {
        let page = Html::parse_document(text);
        assert!(page.errors.is_empty(), "{path}: {:?}", page.errors);
        for element in page.select(&found) {
            let value = element.value();
            let is_ours = match value.name() {
                "script" => value.attr("src").is_some_and(|src| src.trim_start_matches("../").starts_with("assets/")),
                "b" => true,
                _ => false,
            };
            assert!(is_ours && !value.attrs().any(|(name, _)| name.starts_with("on")), "{path}: {}", element.html());
        }
        seen += usize::from(page.root_element().text().collect::<String>().contains("<script>alert(1)</script>"));
    }
    assert!(seen > 20, "{seen}");
    for (path, text) in site.files().filter(|(path, _)| path.ends_with(".md")) {
        for event in pulldown_cmark::Parser::new_ext(text, pulldown_cmark::Options::ENABLE_TABLES) {
            if let pulldown_cmark::Event::Html(html) | pulldown_cmark::Event::InlineHtml(html) = event {
                panic!("{path} has {html}");
            }
        }
    }
}

#[test]
fn hostile_names_stay_within_the_site_and_apart() {
    let site = hostile().site();
    for (path, _) in site.files() {
        let is_inside = Path::new(path).components().all(|part| matches!(part, std::path::Component::Normal(_)));
        assert!(is_inside && !path.contains(['<', '"', ' ', '#', '?', '\\']), "{path}");
    }
    let mut lower: Vec<String> = site.files().map(|(path, _)| path.to_lowercase()).collect();
    let all = lower.len();
    lower.sort();
    lower.dedup();
    assert_eq!(lower.len(), all, "two pages are one where case is not told apart");
}
