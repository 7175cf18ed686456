//! Pages in Chinese are the same pages: the same code, the same headings, the same links, tables of the same size.
//!
//! `UPDATE_TRANSLATIONS=1 cargo test -p dingtalk-storage-tests --test translations` copies code that has changed.

#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test fails by panicking")]

use std::fs;
use std::path::{Path, PathBuf};

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap().to_owned()
}

/// Every page that has a translation, with the path of that.
fn pairs() -> Vec<(String, String)> {
    let mut pairs = vec![("README.md".to_owned(), "README.zh-CN.md".to_owned())];
    for entry in fs::read_dir(root().join("docs/zh-CN")).unwrap() {
        let name = entry.unwrap().file_name().into_string().unwrap();
        let original = if name == "guide.md" { "generated/GUIDE.md".to_owned() } else { format!("docs/{name}") };
        pairs.push((original, format!("docs/zh-CN/{name}")));
    }
    pairs.sort();
    pairs
}

/// What two pages have to have in common.
#[derive(Debug, PartialEq, Eq)]
struct Outline {
    code: Vec<String>,
    /// Levels of the headings.
    headings: Vec<usize>,
    /// Where the links lead, as paths from the root; the translation of a page counts as that page.
    links: Vec<String>,
    /// Numbers of rows of the tables and entries of the lists.
    rows: usize,
    entries: usize,
}

fn outline(path: &str, text: &str) -> Outline {
    let mut outline = Outline { code: Vec::new(), headings: Vec::new(), links: Vec::new(), rows: 0, entries: 0 };
    let mut block: Option<String> = None;
    for line in text.lines() {
        if line.starts_with("```") {
            match block.take() {
                Some(code) => outline.code.push(code + line),
                None => block = Some(format!("{line}\n")),
            }
            continue;
        }
        if let Some(code) = &mut block {
            code.push_str(line);
            code.push('\n');
            continue;
        }
        let marks = line.chars().take_while(|c| *c == '#').count();
        if marks > 0 {
            outline.headings.push(marks);
        }
        outline.rows += usize::from(line.starts_with('|'));
        outline.entries += usize::from(line.starts_with("- "));
        outline.links.extend(links(line).map(|link| normal(path, link)));
    }
    assert!(block.is_none(), "{path} has a block of code without an end");
    outline.links.sort();
    outline
}

fn links(line: &str) -> impl Iterator<Item = &str> {
    line.split("](").skip(1).filter_map(|rest| rest.split(')').next())
}

fn normal(path: &str, link: &str) -> String {
    if link.contains("://") || link.contains("::") || link.starts_with('#') {
        return link.to_owned();
    }
    let mut parts: Vec<&str> = path.split('/').collect();
    parts.pop();
    for part in link.split('/') {
        if part == ".." {
            parts.pop().unwrap_or_else(|| panic!("{link} of {path} leads out of the repository"));
        } else {
            parts.push(part);
        }
    }
    let target = parts.join("/");
    // A heading has another anchor in another language; the site's tests hold those.
    let target = target.split('#').next().unwrap();
    assert!(root().join(target).exists(), "{path} leads to {target}, which is not there");
    target.replace("docs/zh-CN/", "docs/").replace(".zh-CN.md", ".md")
}

/// The page with the code of another one.
fn with_code(text: &str, code: &[String]) -> String {
    let (mut out, mut code, mut is_inside) = (String::new(), code.iter(), false);
    for line in text.lines() {
        if line.starts_with("```") {
            if !is_inside {
                out.push_str(code.next().unwrap());
                out.push('\n');
            }
            is_inside = !is_inside;
        } else if !is_inside {
            out.push_str(line);
            out.push('\n');
        }
    }
    out
}

#[test]
fn translations_are_the_same_pages() {
    let pairs = pairs();
    assert!(pairs.len() >= 4, "{pairs:?}");
    for (original, translation) in pairs {
        let read = |path: &str| fs::read_to_string(root().join(path)).unwrap_or_else(|error| panic!("{path}: {error}"));
        let (english, mut chinese) = (read(&original), read(&translation));
        let wanted = outline(&original, &english);
        let count = outline(&translation, &chinese).code.len();
        if std::env::var_os("UPDATE_TRANSLATIONS").is_some() && count == wanted.code.len() {
            chinese = with_code(&chinese, &wanted.code);
            fs::write(root().join(&translation), &chinese).unwrap();
        }
        let found = outline(&translation, &chinese);
        assert_eq!(found, wanted, "{translation} is not {original} in Chinese");
        let letters = chinese.chars().filter(|c| ('\u{4e00}'..='\u{9fff}').contains(c)).count();
        assert!(letters > 300, "{translation} is not in Chinese");
    }
}
