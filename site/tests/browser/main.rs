//! The site in a real Chromium: search, colours, a phone, the keyboard. Without Chromium there is nothing to try.
//!
//! With `AXE=path/to/axe.min.js`, each kind of page is held against the rules of axe-core too, in both colours and at the
//! width of a phone. With `SCREENSHOTS=folder`, pictures of them are left there.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing, reason = "a test fails by panicking")]

mod chromium;

use std::path::Path;
use std::sync::LazyLock;

use base64::Engine as _;
use chromium::{Chromium, Tab};
use dingtalk_storage_site::{Sources, build, write};
use dingtalk_storage_spec::{SourceTree, compile};
use serde_json::{Value, json};
use tempfile::TempDir;

/// The real site in a folder.
static SITE: LazyLock<TempDir> = LazyLock::new(|| {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap();
    let tree = SourceTree::read(&root.join("spec"));
    let spec = compile(&tree).unwrap_or_else(|report| panic!("{}", report.render(false)));
    let api = dingtalk_storage_codegen::lower(&spec).unwrap();
    let file = |path: &str| std::fs::read_to_string(root.join(path)).ok();
    let folder = tempfile::tempdir().unwrap();
    let site = build(Sources { spec: &spec, api: &api, tree: &tree, audit: None, file: &file });
    write(&site, &folder.path().join("site")).unwrap();
    folder
});

/// One page of each kind.
const KINDS: [&str; 16] = [
    "index.html",
    "jobs.html",
    "operations/index.html",
    "operations/storage_v1.AddSpace.html",
    "operations/storage_v2.SearchDentries.html",
    "operations/media.UploadMedia.html",
    "chapters/file.html",
    "families/storage_v1.html",
    "types/Dentry.html",
    "types/DentryId.html",
    "errors/index.html",
    "errors/dentryAlreadyExist.html",
    "scopes/Storage.File.Write.html",
    "events/storage_dentry_create.html",
    "guides/readme.html",
    "files/spec/api/storage_v1/add_space.yaml.html",
];

fn address(path: &str) -> String {
    format!("file://{}/site/{path}", SITE.path().display())
}

/// A browser, or nothing where there is none.
async fn browser() -> Option<Chromium> {
    let found = Chromium::start().await;
    if found.is_none() {
        println!("there is no Chromium here, so that nothing is tried");
    }
    found
}

async fn open(browser: &mut Chromium, path: &str) -> Tab {
    browser.open(&address(path)).await
}

#[tokio::test]
async fn a_person_searches_and_gets_there_by_the_keyboard() {
    let Some(mut browser) = browser().await else { return };
    let tab = open(&mut browser, "operations/storage_v1.AddSpace.html").await;
    browser.key(&tab, "/").await;
    assert_eq!(browser.evaluate(&tab, "document.activeElement.id").await, "frame-search");
    for (question, first) in [
        ("commitf", "storage_v2.CommitFile"),
        ("spaceQuotaInsuff", "spaceQuotaInsufficient"),
        ("by uuid", "doc_v2.GetDentryIdByUuid"),
        ("Storage.File.Wr", "Storage.File.Write"),
    ] {
        browser.evaluate(&tab, "document.querySelector('#frame-search').value = ''").await;
        browser.insert(&tab, question).await;
        let names = "[...document.querySelectorAll('#frame-found [data-href] b')].map(it => it.textContent)";
        let found = browser.wait(&tab, &format!("{names}.includes({first:?}) && {names}")).await;
        let place = found.as_array().unwrap().iter().position(|name| name == first).unwrap();
        assert!(place < 3, "{question}: {found}");
    }
    browser.evaluate(&tab, "document.querySelector('#frame-search').value = ''").await;
    browser.insert(&tab, "option.conflictStrategy").await;
    browser.wait(&tab, "document.querySelectorAll('#frame-found [data-href]').length > 0").await;
    let first =
        browser.evaluate(&tab, "document.querySelector('#frame-found [aria-selected=true]').dataset.href").await;
    assert!(first.as_str().unwrap().contains("#body.option.conflictStrategy"), "{first}");
    browser.key(&tab, "ArrowDown").await;
    let second =
        browser.evaluate(&tab, "document.querySelector('#frame-found [aria-selected=true]').dataset.href").await;
    assert_ne!(first, second);
    browser.key(&tab, "Enter").await;
    browser.wait(&tab, "document.readyState === 'complete' && location.hash.length > 1").await;
    assert!(browser.evaluate(&tab, "document.querySelector(':target') !== null").await == true);
    browser.close().await;
}

#[tokio::test]
async fn a_question_in_the_address_is_answered_in_both_languages() {
    let Some(mut browser) = browser().await else { return };
    for (path, kind) in [("index.html?q=CommitFile", "operation"), ("zh/index.html?q=CommitFile", "接口")] {
        let tab = open(&mut browser, path).await;
        let found = browser.wait(&tab, "document.querySelector('#frame-found [data-href] i')?.textContent").await;
        assert_eq!(found, kind);
    }
    browser.close().await;
}

#[tokio::test]
async fn colours_follow_the_system_and_the_button() {
    let Some(mut browser) = browser().await else { return };
    let tab = open(&mut browser, "index.html").await;
    let back = "getComputedStyle(document.body).backgroundColor";
    browser.colours(&tab, "light").await;
    assert_eq!(browser.evaluate(&tab, back).await, "rgb(255, 255, 255)");
    browser.colours(&tab, "dark").await;
    assert_eq!(browser.evaluate(&tab, back).await, "rgb(16, 19, 24)");
    browser.evaluate(&tab, "document.getElementById('frame-colours').click()").await;
    assert_eq!(browser.evaluate(&tab, back).await, "rgb(255, 255, 255)");
    browser.close().await;
}

#[tokio::test]
async fn nothing_is_wider_than_a_phone() {
    let Some(mut browser) = browser().await else { return };
    let chinese = ["zh/index.html", "zh/operations/storage_v1.AddSpace.html", "zh/guides/command-line.html"];
    for path in KINDS.into_iter().chain(chinese).map(str::to_owned) {
        let tab = open(&mut browser, &path).await;
        browser.width(&tab, 360).await;
        let wide = "[...document.querySelectorAll('body *')].filter(it => it.getBoundingClientRect().right > 361 \
                    && !it.closest('.scroll, pre, .skip')).map(it => it.outerHTML.slice(0, 120))";
        assert_eq!(browser.evaluate(&tab, wide).await, json!([]), "{path}");
        assert_eq!(browser.evaluate(&tab, "document.documentElement.scrollWidth").await, 360, "{path}");
        let search = browser.evaluate(&tab, "document.getElementById('frame-search').offsetWidth").await;
        assert!(search.as_u64().unwrap() > 300, "{path}: {search}");
    }
    browser.close().await;
}

/// The longest name of a field does not take the room of what it means.
#[tokio::test]
async fn fields_have_room_for_what_they_mean() {
    let Some(mut browser) = browser().await else { return };
    let tab = open(&mut browser, "operations/storage_v2.CommitFile.html").await;
    browser.width(&tab, 1280).await;
    let narrow = "[...document.querySelectorAll('.fields td:nth-child(3)')].filter(it => it.offsetWidth < 250).length";
    assert_eq!(browser.evaluate(&tab, narrow).await, 0);
    let names = "[...document.querySelectorAll('.fields td:first-child code')].filter(it => it.offsetWidth > it.parentElement.clientWidth).length";
    assert_eq!(browser.evaluate(&tab, names).await, 0);
    browser.close().await;
}

#[tokio::test]
async fn code_is_copied_and_a_line_of_the_spec_is_shown() {
    let Some(mut browser) = browser().await else { return };
    let tab = open(&mut browser, "operations/storage_v1.AddSpace.html").await;
    browser.evaluate(&tab, "window.copied = ''; document.addEventListener('copy', () => { window.copied = getSelection().toString() })").await;
    let count = browser.evaluate(&tab, "document.querySelectorAll('.code button').length").await;
    assert!(count.as_u64().unwrap() >= 5, "{count}");
    let line = browser.evaluate(&tab, "document.querySelector('td.line a').href").await;
    let tab = browser.open(line.as_str().unwrap()).await;
    let shown = browser.evaluate(&tab, "document.querySelector(':target').textContent.trim()").await;
    assert!(shown.as_str().unwrap().starts_with("unionId:"), "{shown}");
    browser.close().await;
}

/// axe-core is no part of the repository; `npm pack axe-core` gives it.
#[tokio::test]
async fn axe_finds_nothing() {
    let Some(script) = std::env::var_os("AXE").map(|path| std::fs::read_to_string(path).unwrap()) else { return };
    let mut browser = browser().await.expect("axe needs Chromium");
    let pages = KINDS
        .iter()
        .map(|path| (*path).to_owned())
        .chain(["zh/index.html", "zh/operations/storage_v1.AddSpace.html"].map(str::to_owned));
    let mut found: Vec<String> = Vec::new();
    let mut checks = 0;
    for path in pages {
        for (colours, width) in [("light", 1280), ("dark", 1280), ("light", 360)] {
            let tab = open(&mut browser, &path).await;
            browser.width(&tab, width).await;
            browser.colours(&tab, colours).await;
            browser.evaluate(&tab, &script).await;
            let run = "axe.run().then(it => ({rules: it.passes.length, wrong: it.violations.map(v => v.id + ': ' + v.nodes.map(n => n.html.slice(0, 100)).slice(0, 3).join(' | '))}))";
            let result = browser.evaluate(&tab, run).await;
            checks += result["rules"].as_u64().unwrap();
            let wrong: Vec<Value> = result["wrong"].as_array().unwrap().clone();
            found.extend(wrong.iter().map(|each| format!("{path} {colours} {width}: {each}")));
        }
    }
    browser.close().await;
    println!("{checks} rules passed");
    assert!(found.is_empty(), "{}", found.join("\n"));
}

#[tokio::test]
async fn pictures_are_taken_where_they_are_wished() {
    let Some(folder) = std::env::var_os("SCREENSHOTS") else { return };
    let Some(mut browser) = browser().await else { return };
    for (path, colours, width, name) in [
        ("index.html", "light", 1280, "index"),
        ("operations/storage_v1.AddSpace.html", "light", 1280, "operation"),
        ("operations/storage_v1.AddSpace.html", "dark", 1280, "operation-dark"),
        ("operations/storage_v1.AddSpace.html", "light", 360, "operation-phone"),
        ("zh/operations/storage_v1.AddSpace.html", "light", 1440, "operation-zh"),
        ("jobs.html", "light", 1280, "jobs"),
        ("errors/index.html", "light", 1280, "errors"),
        ("types/Dentry.html", "dark", 1440, "type"),
        ("guides/readme.html", "light", 1440, "readme"),
        ("files/spec/api/storage_v1/add_space.yaml.html", "light", 1280, "file"),
        ("index.html?q=commit", "light", 1280, "search"),
        ("index.html", "light", 360, "index-phone"),
    ] {
        let tab = open(&mut browser, path).await;
        browser.width(&tab, width).await;
        browser.colours(&tab, colours).await;
        let picture = browser.picture(&tab).await;
        let bytes = base64::engine::general_purpose::STANDARD.decode(picture).unwrap();
        std::fs::write(Path::new(&folder).join(format!("{name}.png")), bytes).unwrap();
    }
    browser.close().await;
}
