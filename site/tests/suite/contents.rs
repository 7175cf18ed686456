//! Everything of the spec has its page, and the page says it.

use scraper::{Html, Selector};

use crate::support::{REAL, SITE, pages};

fn text_of(path: &str) -> String {
    let page = SITE.file(path).unwrap_or_else(|| panic!("there is no page {path}"));
    let page = Html::parse_document(page);
    page.root_element().text().collect::<String>()
}

#[test]
fn each_thing_of_the_spec_has_a_page_in_each_language_and_form() {
    let spec = &REAL.spec;
    let mut wanted: Vec<String> = Vec::new();
    for family in &spec.families {
        wanted.push(format!("families/{}", family.family.family));
        for item in &family.operations {
            wanted.push(format!("operations/{}.{}", family.family.family, item.operation.operation));
        }
    }
    wanted.extend(spec.types.keys().map(|name| format!("types/{name}")));
    wanted.extend(spec.errors.keys().map(|code| format!("errors/{code}")));
    wanted.extend(spec.scopes.keys().map(|name| format!("scopes/{name}")));
    wanted.extend(spec.events.keys().map(|name| format!("events/{name}")));
    wanted.extend(spec.groups.keys().map(|name| format!("chapters/{name}")));
    assert!(wanted.len() > 500, "{}", wanted.len());
    for page in wanted {
        for tree in ["", "zh/"] {
            for form in ["html", "md"] {
                assert!(SITE.file(&format!("{tree}{page}.{form}")).is_some(), "{tree}{page}.{form}");
            }
        }
        let listed = format!("]({page}.md)");
        assert!(SITE.file("llms.txt").unwrap().contains(&listed), "llms.txt lacks {page}");
    }
}

#[test]
fn an_operation_says_all_that_its_file_says() {
    for family in &REAL.spec.families {
        for item in &family.operations {
            let operation = &item.operation;
            let path = format!("operations/{}.{}.html", family.family.family, operation.operation);
            let text = text_of(&path);
            let (method, route) = operation.http.split_once(' ').unwrap();
            for word in [method, route.trim(), &format!("spec/{}", item.file)] {
                assert!(text.contains(word), "{path} lacks {word}");
            }
            let plain = |text: &str| text.replace('`', "").split_whitespace().collect::<Vec<_>>().join(" ");
            let shown = plain(&text);
            let texts = [&operation.quirks, &operation.discrepancies].into_iter().flatten().chain([&operation.summary]);
            for wanted in texts.chain(&operation.details) {
                for paragraph in wanted.split("\n\n") {
                    assert!(shown.contains(&plain(paragraph)), "{path} lacks {paragraph}");
                }
            }
            for (part, fields) in
                [("path", &operation.path), ("query", &operation.query), ("response", &operation.response)]
            {
                let anchor = if part == "response" { "answer" } else { part };
                for name in fields.keys() {
                    let row = format!("id=\"{anchor}.{name}\"");
                    assert!(SITE.file(&path).unwrap().contains(&row), "{path} lacks {row}");
                }
            }
            for (status, codes) in &operation.errors {
                for code in codes {
                    assert!(
                        SITE.file(&path).unwrap().contains(&format!("id=\"error.{status}.{code}\"")),
                        "{path} lacks {code}"
                    );
                }
            }
        }
    }
}

#[test]
fn official_pages_are_linked_in_both_languages_where_they_exist() {
    let page = SITE.file("operations/storage_v1.AddSpace.html").unwrap();
    assert!(page.contains("https://help.dingtalk.io/open/development/add-space\""));
    assert!(page.contains("https://open.dingtalk.com/document/development/add-space\""));
    let chinese_only = SITE.file("operations/media.UploadMedia.html").unwrap();
    assert!(!chinese_only.contains("help.dingtalk.io"));
    assert!(chinese_only.contains("https://open.dingtalk.com/document/development/upload-media-files\""));
}

#[test]
fn examples_are_those_of_the_generator_in_each_form() {
    let page = Html::parse_document(SITE.file("operations/storage_v1.ListDentries.html").unwrap());
    let blocks: Vec<String> =
        page.select(&Selector::parse(".code code").unwrap()).map(|code| code.text().collect::<String>()).collect();
    assert!(blocks[0].starts_with("curl -X GET 'https://api.dingtalk.com/v1.0/storage/spaces/"), "{}", blocks[0]);
    assert!(blocks[0].contains("x-acs-dingtalk-access-token: $TOKEN"));
    assert!(blocks[1].contains(".list_dentries("), "{}", blocks[1]);
    assert!(blocks[2].starts_with("dingtalk-storage api storage_v1.ListDentries --params '{"), "{}", blocks[2]);
    let answer: serde_json::Value = serde_json::from_str(&blocks[3]).unwrap();
    assert!(answer["dentries"][0]["id"].is_string());
}

/// The official SDK is not asked for here, so only that nothing else is said of the texts.
#[test]
fn the_chinese_tree_has_chinese_words_and_says_that_texts_are_english() {
    let page = text_of("zh/operations/storage_v1.AddSpace.html");
    for word in ["请求体", "返回", "错误码", "必填", "Creates a space for files of the app"] {
        assert!(page.contains(word), "{word}");
    }
    assert!(text_of("zh/index.html").contains("原文为英文"));
    let english: Vec<&str> = pages(&SITE)
        .map(|(path, _)| path)
        .filter(|path| !path.starts_with("zh/") && !path.starts_with("files/"))
        .collect();
    for path in english {
        assert!(SITE.file(&format!("zh/{path}")).is_some(), "{path} is missing in Chinese");
    }
}

#[test]
fn the_index_knows_operations_fields_and_codes() {
    let script = SITE.file("assets/index.js").unwrap();
    let text: String =
        serde_json::from_str(script.trim().strip_prefix("searchIndex(").unwrap().strip_suffix(");").unwrap()).unwrap();
    let lines: Vec<Vec<&str>> = text.lines().map(|line| line.split('\t').collect()).collect();
    let pages: Vec<&Vec<&str>> = lines.iter().filter(|line| line.len() == 4).collect();
    for name in ["storage_v2.CommitFile", "paramError.spaceId", "Storage.File.Read", "Dentry", "storage_dentry_create"]
    {
        assert!(pages.iter().any(|line| line[1] == name), "{name}");
    }
    for line in lines.iter().filter(|line| line.len() != 4) {
        assert_eq!(line.len(), 3, "{line:?}");
        for place in line[2].split(' ') {
            let (page, anchor) = place.split_once('#').unwrap();
            let page = pages[page.parse::<usize>().unwrap()][2];
            assert!(SITE.file(page).unwrap().contains(&format!("id=\"{anchor}\"")), "{page}#{anchor}");
        }
    }
    assert!(lines.iter().any(|line| line.len() == 3 && line[1] == "option.conflictStrategy"));
}

#[test]
fn jobs_lead_to_operations_and_back() {
    let jobs = SITE.file("jobs.html").unwrap();
    assert!(jobs.contains("operations/storage_v2.CommitFile.html"));
    assert!(text_of("operations/storage_v1.ListDentries.html").contains("list a folder"));
}
