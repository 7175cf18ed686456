//! Lists, which end.

use dingtalk_storage_emulator::{Fault, FaultKind};

use crate::stage::Stage;

async fn stage() -> Stage {
    let stage = Stage::new().await;
    for path in ["a.txt", "d/1", "d/2", "d/e/3", "d/e/4", "df/5"] {
        stage.operator.write(path, "x").await.unwrap();
    }
    stage.operator.create_dir("empty/").await.unwrap();
    stage.operator.create_dir("empty/").await.unwrap();
    stage
}

/// `list`, `create_dir`.
#[tokio::test]
async fn a_folder_has_what_is_in_it() {
    let stage = stage().await;
    assert_eq!(stage.names("/", false).await, ["/", "a.txt", "d/", "df/", "empty/"]);
    assert_eq!(stage.names("d/", false).await, ["d/", "d/1", "d/2", "d/e/"]);
    assert_eq!(stage.names("empty/", false).await, ["empty/"]);
    assert!(stage.names("none/", false).await.is_empty() && stage.names("none/deep/", true).await.is_empty());
    assert!(stage.operator.stat("empty/").await.unwrap().is_dir());
}

/// `list_with_recursive`: folders come before what is in them.
#[tokio::test]
async fn everything_below_a_folder_comes_once() {
    let stage = stage().await;
    let mut all = stage.names("/", true).await;
    for (place, path) in all.iter().enumerate().skip(1) {
        let above = path.trim_end_matches('/').rfind('/').map_or("/", |slash| &path[..=slash]);
        assert!(all[..place].iter().any(|earlier| earlier == above), "{path} in {all:?}");
    }
    all.sort();
    assert_eq!(all, ["/", "a.txt", "d/", "d/1", "d/2", "d/e/", "d/e/3", "d/e/4", "df/", "df/5", "empty/"]);
    assert_eq!(stage.names("d/", true).await, ["d/", "d/1", "d/2", "d/e/", "d/e/3", "d/e/4"]);
}

/// A path without a slash is the beginning of names.
#[tokio::test]
async fn prefixes_are_beginnings_of_names() {
    let stage = stage().await;
    assert_eq!(stage.names("d", false).await, ["d/", "df/"]);
    assert_eq!(stage.names("d/e", true).await, ["d/e/", "d/e/3", "d/e/4"]);
    assert_eq!(stage.names("d/1", false).await, ["d/1"]);
    assert!(stage.names("x", true).await.is_empty());
}

#[tokio::test]
async fn long_lists_end_with_a_call_for_each_page() {
    let stage = Stage::new().await;
    for number in 0..101 {
        stage.operator.write(&format!("many/{number:03}"), "x").await.unwrap();
    }
    stage.operator.stat("many/").await.unwrap();
    stage.emulator.clear_journal();
    assert_eq!(stage.names("many/", true).await.len(), 102);
    assert_eq!(stage.emulator.calls("storage_v1.ListDentries"), 3);
}

/// A space that has many folders costs no more than one that has none; a folder of it is listed by its folders.
#[tokio::test]
async fn a_whole_space_is_listed_by_pages_of_all_that_it_has() {
    let stage = Stage::new().await;
    for number in 0..60 {
        stage.operator.write(&format!("{number:02}/a/b"), "x").await.unwrap();
    }
    let by_folder = stage.operator_of("/07");
    stage.operator.stat("/").await.unwrap();
    stage.emulator.clear_journal();
    assert_eq!(stage.names("/", true).await.len(), 181);
    assert_eq!(
        (stage.emulator.calls("storage_v1.ListAllDentries"), stage.emulator.calls("storage_v1.ListDentries")),
        (4, 0)
    );
    stage.emulator.clear_journal();
    assert_eq!(stage.names_of(&by_folder, "/").await, ["/", "a/", "a/b"]);
    assert_eq!(stage.emulator.calls("storage_v1.ListAllDentries"), 0);
}

/// Half of a list is no list.
#[tokio::test]
async fn a_list_that_breaks_off_is_an_error() {
    let stage = stage().await;
    let refuse = FaultKind::Status { status: 400, code: Some("paramError".into()), retry_after: None };
    stage.emulator.add_fault(Fault::new(refuse).on("storage_v1.ListAllDentries").always());
    stage.operator.list_with("/").recursive(true).await.unwrap_err();
    stage.emulator.clear_faults();
    let unreadable = FaultKind::MutateJson { pointer: "/dentries/0/spaceId".into(), value: None };
    stage.emulator.add_fault(Fault::new(unreadable).on("storage_v1.ListAllDentries").always());
    stage.operator.list_with("/").recursive(true).await.unwrap_err();
}

/// What a folder is called elsewhere comes back as it was.
#[tokio::test]
async fn names_that_the_drive_does_not_take_come_back() {
    let stage = Stage::with(|service| service.root("/root of it/")).await;
    for path in ["a*b/c?", "end.", "it‛s"] {
        stage.operator.write(path, path).await.unwrap();
        assert_eq!(stage.text(path).await, path);
    }
    assert_eq!(stage.names("/", true).await, ["/", "a*b/", "end.", "it‛s", "a*b/c?"]);
    let mut flat: Vec<String> = stage.names_of(&stage.operator_of("/"), "/").await;
    flat.sort();
    let below = ["", "a*b/", "a*b/c?", "end.", "it‛s"].map(|path| format!("root of it/{path}"));
    assert_eq!(flat, [&["/".to_owned()][..], &below[..]].concat());
}
