//! Pages written by hand: dates, places, what cannot be read.

use dingtalk_storage_drift::{About, Disputes, Older, Subject, report};

use crate::Api;

const PAGE: &str = "---
title: \"Make a folder\"
slug: \"add-folder\"
updated_at: \"2026-02-03 10:00:00\"
---

# Make a folder

## Request

| **Basic information** | |
| --- | --- |
| HTTP URL | https://api.dingtalk.com/v1.0/storage/spaces/{spaceId}/dentries/{parentId}/folders |
| HTTP Method | POST |
| Supported app types | appType-Internal app　appType-Third-party enterprise app |
| Permission scope | permission-Storage.File.Write-Lets an app write files |

### Query parameters

| Parameter | Type | Required or not | Description |
| --- | --- | --- | --- |
| unionId | String | No | Who does it. |
";

fn page() -> String {
    PAGE.to_owned()
}

#[test]
fn a_difference_has_a_place_on_both_sides_and_the_older_one_is_told() {
    let api = Api::read();
    let drift = api.drift_dated("pages/add-folder.md", page().as_bytes(), Some("2025-11-30"));
    assert_eq!(drift.subject, Subject::Operation("storage_v1.AddFolder".to_owned()));
    let found = drift.differences.iter().find(|each| each.about == About::Required).unwrap();
    assert_eq!(
        (found.field.as_str(), found.spec.says.as_str(), found.page.says.as_str()),
        ("query.unionId", "required", "optional")
    );
    assert_eq!((found.page.file.as_str(), found.page.line), ("pages/add-folder.md", 22));
    let yaml = std::fs::read_to_string(format!("{}/{}", dingtalk_storage_spec::FOLDER, found.spec.file)).unwrap();
    assert!(yaml.lines().nth(found.spec.line - 1).unwrap().trim_start().starts_with("unionId:"));
    assert_eq!(found.older, Some(Older::Spec));
    let older = |date| api.drift_dated("add-folder.md", page().as_bytes(), Some(date)).differences[0].older;
    assert_eq!((older("2026-11-30"), older("2026-02-03"), older("unknown")), (Some(Older::Page), None, None));
}

#[test]
fn what_cannot_be_read_is_told_with_its_line() {
    let api = Api::read();
    let text = page() + "| no name | String | Yes | Nothing. |\n| recursive | Tree | Yes | Nothing. |\n";
    let drift = api.drift("add-folder.md", text.as_bytes());
    let unread: Vec<usize> = drift.page.unread.iter().map(|unread| unread.line).collect();
    assert!(unread.contains(&23), "{:?}", drift.page.unread);
    assert!(report::text(&[drift], false).contains("add-folder.md:23: not read"));
}

#[test]
fn a_wrong_url_is_explained_by_the_example_of_its_page() {
    let api = Api::read();
    let wrong = page().replace("/v1.0/storage", "/storage");
    let example =
        "\n### Request example\n\n```\nPOST /v1.0/storage/spaces/1/dentries/0/folders?unionId=x HTTP/1.1\n```\n";
    let path = |text: &str| {
        let drift = api.drift("add-folder.md", text.as_bytes());
        let found = drift.differences.into_iter().find(|each| each.about == About::Path).unwrap();
        found.reason.is_some()
    };
    assert!(!path(&wrong));
    assert!(path(&(wrong.clone() + example)));
}

#[test]
fn a_page_of_nothing_in_the_spec_is_unknown_and_one_of_no_operation_is_no_page() {
    let api = Api::read();
    let text = page().replace("add-folder", "make-soup").replace("/folders", "/soups");
    assert_eq!(api.drift("make-soup.md", text.as_bytes()).subject, Subject::Unknown);
    assert_eq!(api.drift("overview.md", b"# Overview\n\nWords.\n").subject, Subject::Other);
}

#[test]
fn reports_are_json_and_markdown_too() {
    let api = Api::read();
    let drifts = [api.drift("add-folder.md", page().as_bytes())];
    let json = report::json(&drifts);
    let first = &json["pages"][0]["differences"][0];
    assert!(first["spec"]["line"].is_u64() && first["page"]["line"].is_u64(), "{json:#}");
    let rows =
        report::markdown(&drifts, true).lines().filter(|line| line.starts_with("| storage_v1.AddFolder")).count();
    assert_eq!(rows, drifts[0].differences.len());
}

/// A dispute is told when the pages that it is about are there and do not differ like that any more.
#[test]
fn a_dispute_without_a_difference_is_told() {
    let mut api = Api::read();
    let text = |page: &str| {
        format!(
            "disputes:\n  - operations: [storage_v1.AddFolder, storage_v1.AddSpace]\n    fields: [query.unionId]\n    about: required\n    \
             spec: required\n    page: {page}\n    reason: It is needed.\n"
        )
    };
    let stale = |api: &Api, page: &str| {
        let drifts = [api.drift("add-folder.md", page.as_bytes())];
        let stale = api.disputes.stale(&drifts);
        stale.iter().map(|each| (each.line, each.subject.clone())).collect::<Vec<_>>()
    };
    api.disputes = Disputes::read(&text("optional")).unwrap();
    assert_eq!(stale(&api, &page()), []);
    // Nothing is known of the other operation, whose page is not there.
    let mended = page().replace("| unionId | String | No |", "| unionId | String | Yes |");
    assert_eq!(stale(&api, &mended), [(2, "storage_v1.AddFolder".to_owned())]);
    // The page has lost what the dispute is about.
    let lost = page().replace("| unionId | String | No |", "| unionId | String | |");
    assert_eq!(stale(&api, &lost), []);
    api.disputes = Disputes::read(&text("absent")).unwrap();
    assert_eq!(stale(&api, &page()), [(2, "storage_v1.AddFolder".to_owned())]);
}
