//! What the program tells about the operations.

use dingtalk_storage::OPERATIONS;
use dingtalk_storage::runtime::Status;
use serde_json::Value;

use crate::program::run;

/// What is printed for arguments that are right.
fn page(arguments: &[&str]) -> String {
    let run = run(arguments);
    assert_eq!((run.code, run.err.as_str()), (Some(0), ""), "{arguments:?}");
    run.out
}

/// The README has no command that the program does not take.
#[test]
fn the_commands_of_the_readme_work() {
    let readme = include_str!("../../README.md");
    let commands: Vec<&str> = readme.lines().filter_map(|line| line.strip_prefix("dingtalk-storage ")).collect();
    assert!(commands.len() >= 2, "{commands:?}");
    for command in commands {
        page(&command.split(' ').collect::<Vec<_>>());
    }
}

#[test]
fn the_list_has_every_operation_once_and_marks_those_that_are_not_offered() {
    let list = page(&["api", "list"]);
    for operation in OPERATIONS {
        let lines: Vec<_> =
            list.lines().filter(|line| line.split_whitespace().next() == Some(operation.name)).collect();
        let mark = match operation.status {
            Status::Current => "",
            Status::Legacy => " [legacy]",
            Status::Undocumented => " [undocumented]",
        };
        let [line] = lines.as_slice() else { panic!("{}: {lines:?}", operation.name) };
        assert!(line.ends_with(&format!("{}{mark}", operation.summary)), "{line}");
    }
}

#[test]
fn the_list_of_a_group() {
    insta::assert_snapshot!(page(&["api", "list", "--group", "recycle-bin"]));
}

#[test]
fn the_list_as_json_has_the_facts() {
    let list = facts(&["api", "list", "--json"]);
    assert_eq!(list.len(), OPERATIONS.len());
    let commit = list.iter().find(|facts| facts["name"] == "storage_v2.CommitFile").unwrap();
    insta::assert_snapshot!(format!("{commit:#}"));

    let group = facts(&["api", "list", "--group", "task", "--json"]);
    assert!(!group.is_empty() && group.iter().all(|facts| facts["group"] == "task"), "{group:?}");
    let described = facts(&["api", "describe", "storage_v2.CommitFile", "--json"]).remove(0);
    assert_eq!(described["operation"], *commit);
    assert!(described["parameters"].as_array().unwrap().iter().any(|parameter| parameter["name"] == "option.size"));
}

/// What the lines of JSON have.
fn facts(arguments: &[&str]) -> Vec<Value> {
    let page = page(arguments);
    page.lines().map(|line| serde_json::from_str::<Value>(line).unwrap()["data"].clone()).collect()
}

#[test]
fn descriptions() {
    for operation in ["storage_v2.CommitFile", "drive_v1.AddCustomSpace"] {
        insta::assert_snapshot!(operation, page(&["api", "describe", operation]));
    }
}

#[test]
fn every_operation_is_described() {
    for operation in OPERATIONS {
        let page = page(&["api", "describe", operation.name]);
        assert!(page.contains(operation.path) && page.contains(operation.summary), "{page}");
        for (_, code) in operation.error_codes() {
            assert!(page.contains(code.as_str()), "{page}");
        }
    }
}

#[test]
fn the_help_names_the_environment() {
    let help = page(&["api", "--help"]);
    for name in ["DINGTALK_ENDPOINT", "DINGTALK_ACCESS_TOKEN", "DINGTALK_APP_KEY", "DINGTALK_APP_SECRET"] {
        assert!(help.contains(name), "{help}");
    }
}
