//! Every link leads somewhere.

use std::collections::{HashMap, HashSet};

use scraper::{Html, Selector};

use crate::support::{SITE, pages};

/// The path that a link of a page leads to.
fn joined(from: &str, to: &str) -> String {
    let mut parts: Vec<&str> = from.split('/').collect();
    parts.pop();
    for part in to.split('/') {
        match part {
            ".." => assert!(parts.pop().is_some(), "{to} of {from} leads out of the site"),
            part => parts.push(part),
        }
    }
    parts.join("/")
}

fn decoded(anchor: &str) -> String {
    let mut bytes = Vec::new();
    let mut rest = anchor.bytes();
    while let Some(byte) = rest.next() {
        if byte == b'%' {
            let digits = [rest.next().unwrap(), rest.next().unwrap()];
            bytes.push(u8::from_str_radix(std::str::from_utf8(&digits).unwrap(), 16).unwrap());
        } else {
            bytes.push(byte);
        }
    }
    String::from_utf8(bytes).unwrap()
}

#[test]
fn every_link_of_every_page_leads_to_a_page_and_a_place_in_it() {
    let (links, ids) = (Selector::parse("a[href], link[href]").unwrap(), Selector::parse("[id]").unwrap());
    let parsed: HashMap<&str, Html> = pages(&SITE).map(|(path, text)| (path, Html::parse_document(text))).collect();
    let places: HashMap<&str, HashSet<&str>> = parsed
        .iter()
        .map(|(path, page)| (*path, page.select(&ids).map(|it| it.value().id().unwrap()).collect()))
        .collect();
    let mut dead = Vec::new();
    let mut checked = 0;
    for (path, page) in &parsed {
        for link in page.select(&links) {
            let href = link.value().attr("href").unwrap();
            if href.starts_with("https://") || href.starts_with("http://") || href == "data:," {
                continue;
            }
            checked += 1;
            let (file, anchor) = href.split_once('#').map_or((href, None), |(file, anchor)| (file, Some(anchor)));
            let target = if file.is_empty() { (*path).to_owned() } else { joined(path, file) };
            let is_there = match (anchor, places.get(target.as_str())) {
                (Some(anchor), Some(places)) => places.contains(decoded(anchor).as_str()),
                (Some(_), None) => false,
                (None, _) => SITE.file(&target).is_some(),
            };
            if !is_there {
                dead.push(format!("{path}: {href}"));
            }
        }
    }
    dead.sort();
    assert!(dead.is_empty(), "{} dead links:\n{}", dead.len(), dead[..dead.len().min(30)].join("\n"));
    assert!(checked > 50_000, "{checked}");
}

#[test]
fn every_link_of_the_markdown_leads_to_a_page() {
    let mut dead = Vec::new();
    for (path, text) in SITE.files().filter(|(path, _)| path.ends_with(".md") || path.ends_with(".txt")) {
        if path.starts_with("files/") {
            continue;
        }
        for event in pulldown_cmark::Parser::new_ext(text, pulldown_cmark::Options::ENABLE_TABLES) {
            let pulldown_cmark::Event::Start(pulldown_cmark::Tag::Link { dest_url, .. }) = event else { continue };
            if dest_url.contains("://") || dest_url.starts_with('#') {
                continue;
            }
            let file = dest_url.split('#').next().unwrap();
            if SITE.file(&joined(path, file)).is_none() {
                dead.push(format!("{path}: {dest_url}"));
            }
        }
    }
    assert!(dead.is_empty(), "{} dead links:\n{}", dead.len(), dead[..dead.len().min(30)].join("\n"));
}
