//! Lists, which end.

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
    let all = ["/", "a.txt", "d/", "df/", "empty/", "d/1", "d/2", "d/e/", "d/e/3", "d/e/4", "df/5"];
    assert_eq!(stage.names("/", true).await, all);
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

/// What a folder is called elsewhere comes back as it was.
#[tokio::test]
async fn names_that_the_drive_does_not_take_come_back() {
    let stage = Stage::with(|service| service.root("/root of it/")).await;
    for path in ["a*b/c?", "end.", "it‛s"] {
        stage.operator.write(path, path).await.unwrap();
        assert_eq!(stage.text(path).await, path);
    }
    assert_eq!(stage.names("/", true).await, ["/", "a*b/", "end.", "it‛s", "a*b/c?"]);
}
