//! Pages are good HTML, and ask for nothing that is not beside them.

use std::collections::HashSet;

use scraper::{Html, Selector};

use crate::support::{SITE, pages};

#[test]
fn every_page_is_well_formed() {
    let ids = Selector::parse("[id]").unwrap();
    for (path, text) in pages(&SITE) {
        let page = Html::parse_document(text);
        assert!(page.errors.is_empty(), "{path}: {:?}", page.errors);
        let mut seen = HashSet::new();
        for element in page.select(&ids) {
            let id = element.value().id().unwrap();
            assert!(seen.insert(id.to_owned()), "{path} has the id {id} twice");
        }
        let one = |what: &str| assert_eq!(page.select(&Selector::parse(what).unwrap()).count(), 1, "{path}: {what}");
        for what in
            ["html[lang]", "title", "main", "h1", "meta[name=viewport]", "link[rel=alternate][type='text/markdown']"]
        {
            one(what);
        }
    }
}

#[test]
fn nothing_is_asked_for_from_elsewhere() {
    let asking =
        Selector::parse("[src], link[rel=stylesheet], link[rel=icon], form[action], object, iframe, img").unwrap();
    for (path, text) in pages(&SITE) {
        let page = Html::parse_document(text);
        for element in page.select(&asking) {
            let value = element.value();
            let address = value.attr("src").or(value.attr("href")).unwrap_or("-");
            assert!(
                address.starts_with("data:,") || address.trim_start_matches("../").starts_with("assets/"),
                "{path}: {address}"
            );
        }
        assert!(page.select(&Selector::parse("style, script:not([src])").unwrap()).next().is_none(), "{path}");
    }
    for (path, text) in SITE.files().filter(|(path, _)| path.starts_with("assets/") && !path.contains("index.")) {
        for word in ["http:", "https:", "@import", "url(", "fetch(", "XMLHttpRequest", "eval("] {
            assert!(!text.contains(word), "{path} has {word}");
        }
    }
}

#[test]
fn what_is_read_needs_no_script() {
    for (path, text) in pages(&SITE).filter(|(path, _)| path.starts_with("operations/")) {
        let page = Html::parse_document(text);
        let hidden = Selector::parse("main [hidden]").unwrap();
        assert!(page.select(&hidden).next().is_none(), "{path} hides something of its content");
    }
}
