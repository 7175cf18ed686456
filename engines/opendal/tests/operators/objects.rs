//! Files and folders looked at, read, deleted, copied and renamed.

use opendal_core::ErrorKind;
use opendal_core::raw::PresignedRequest;

use crate::stage::Stage;

/// `stat`, `stat_with_version`, conditions.
#[tokio::test]
async fn what_is_there_is_told_as_it_is() {
    let stage = Stage::new().await;
    stage.operator.write("a/b", "one").await.unwrap();
    let file = stage.operator.stat("a/b").await.unwrap();
    assert!(file.is_file() && file.last_modified().is_some() && file.version().is_some());
    assert!(stage.operator.stat("a/").await.unwrap().is_dir() && stage.operator.stat("/").await.unwrap().is_dir());
    for missing in ["a", "a/b/", "a/c", "none/", "none/a"] {
        assert_eq!(stage.operator.stat(missing).await.unwrap_err().kind(), ErrorKind::NotFound, "{missing}");
    }
    stage.operator.write("a/b", "longer").await.unwrap();
    let old = stage.operator.stat_with("a/b").version(file.version().unwrap()).await.unwrap();
    assert_eq!((old.content_length(), old.etag()), (3, file.etag()));
    let etag = file.etag().unwrap();
    let changed = stage.operator.stat_with("a/b").if_match(etag).await.unwrap_err();
    assert_eq!(changed.kind(), ErrorKind::ConditionNotMatch);
    stage.operator.stat_with("a/b").if_none_match(etag).await.unwrap();
}

/// `read` with ranges, `read_with_suffix`, `read_with_version`, conditions.
#[tokio::test]
async fn ranges_are_of_one_version() {
    let stage = Stage::new().await;
    stage.operator.write("a", "0123456789").await.unwrap();
    let read = async |range: std::ops::Range<u64>| stage.operator.read_with("a").range(range).await;
    assert_eq!(read(2..5).await.unwrap().to_vec(), b"234");
    assert_eq!(stage.operator.read_with("a").range(7..).await.unwrap().to_vec(), b"789");
    assert_eq!(read(20..30).await.unwrap_err().kind(), ErrorKind::RangeNotSatisfied);

    let reader = stage.operator.reader("a").await.unwrap();
    assert_eq!(reader.read(0..3).await.unwrap().to_vec(), b"012");
    let version = stage.operator.stat("a").await.unwrap().version().unwrap().to_owned();
    stage.operator.write("a", "abcdefghij").await.unwrap();
    assert_eq!(reader.read(3..6).await.unwrap().to_vec(), b"345", "it goes on with what it has begun");
    assert_eq!(stage.text("a").await, "abcdefghij");
    let old = stage.operator.read_with("a").version(&version).await.unwrap();
    assert_eq!(old.to_vec(), b"0123456789");
    assert_eq!(stage.operator.read("none").await.unwrap_err().kind(), ErrorKind::NotFound);
    let changed = stage.operator.read_with("a").if_match("\"other\"").await.unwrap_err();
    assert_eq!(changed.kind(), ErrorKind::ConditionNotMatch);
}

/// `delete`, `delete_with_recursive`, `delete_max_size`.
#[tokio::test]
async fn deletions_are_bulk_and_what_is_not_there_is_deleted() {
    let stage = Stage::new().await;
    let names: Vec<String> = (0..60).map(|number| format!("d/{number:02}")).collect();
    for name in &names {
        stage.operator.write(name, "x").await.unwrap();
    }
    stage.emulator.clear_journal();
    stage.operator.delete_iter(names.iter().map(String::as_str).chain(["d/none"])).await.unwrap();
    assert_eq!(stage.emulator.calls("storage_v1.DeleteDentries"), 2);
    assert_eq!(stage.names("d/", false).await, ["d/"]);
    stage.operator.delete("d/").await.unwrap();
    stage.operator.delete("d/").await.unwrap();

    stage.operator.write("t/u/v", "x").await.unwrap();
    stage.operator.delete("t/").await.unwrap_err();
    assert_eq!(stage.text("t/u/v").await, "x", "what is in a folder does not go with it unawares");
    stage.operator.delete_with("t/").recursive(true).await.unwrap();
    assert!(!stage.operator.exists("t/").await.unwrap());
}

/// The space itself stays: of it, what is in it goes.
#[tokio::test]
async fn everything_of_a_space_can_be_deleted() {
    let stage = Stage::new().await;
    stage.operator.delete_with("/").await.unwrap();
    for path in ["a.txt", "d/b.txt", "d/e/c.txt"] {
        stage.operator.write(path, "x").await.unwrap();
    }
    stage.operator.delete_with("/").await.unwrap_err();
    assert_eq!(stage.names("/", true).await.len(), 6);
    stage.operator.delete_with("/").recursive(true).await.unwrap();
    assert_eq!(stage.names("/", true).await, ["/"]);
    // A folder that is the root of an operator is one that can go.
    let folder = stage.operator_of("/folder");
    folder.write("a.txt", "x").await.unwrap();
    folder.delete_with("/").recursive(true).await.unwrap();
    assert_eq!(stage.names("/", true).await, ["/"]);
}

#[tokio::test]
async fn the_recycle_bin_has_what_is_deleted_unless_it_is_for_good() {
    for (for_good, effects) in [(false, (1, 0)), (true, (0, 1))] {
        let stage = Stage::with(|service| service.delete_for_good(for_good)).await;
        stage.operator.write("a", "x").await.unwrap();
        stage.operator.delete("a").await.unwrap();
        assert_eq!((stage.emulator.effects("entry.recycled"), stage.emulator.effects("entry.deleted")), effects);
    }
}

/// `copy`, `copy_with_if_not_exists`, `rename`, `rename_with_if_not_exists`.
#[tokio::test]
async fn copies_and_renames_replace_unless_told_otherwise() {
    let stage = Stage::new().await;
    for (from, to) in [("a", "b"), ("d/a", "e/f/a"), ("d/a", "e/b")] {
        stage.operator.write(from, "source").await.unwrap();
        stage.operator.copy(from, to).await.unwrap();
        assert_eq!((stage.text(from).await.as_str(), stage.text(to).await.as_str()), ("source", "source"));
        stage.operator.write(to, "target").await.unwrap();
        let taken = stage.operator.copy_with(from, to).if_not_exists(true).await.unwrap_err();
        assert_eq!(taken.kind(), ErrorKind::ConditionNotMatch, "{taken}");
        assert_eq!(stage.text(to).await, "target");
        stage.operator.copy(from, to).await.unwrap();
        assert_eq!(stage.text(to).await, "source");
        stage.operator.write(to, "target").await.unwrap();
        stage.operator.rename(from, to).await.unwrap();
        assert_eq!(stage.text(to).await, "source");
        assert!(!stage.operator.exists(from).await.unwrap());
    }
    assert_eq!(stage.operator.copy("none", "c").await.unwrap_err().kind(), ErrorKind::NotFound);
    assert_eq!(stage.operator.rename("none", "c").await.unwrap_err().kind(), ErrorKind::NotFound);
    assert_eq!(stage.operator.copy("b", "b").await.unwrap_err().kind(), ErrorKind::IsSameFile);
    assert_eq!(stage.operator.rename("b", "b").await.unwrap_err().kind(), ErrorKind::IsSameFile);
}

/// `presign_read`, and no `presign_write`: a PUT alone makes no file.
#[tokio::test]
async fn reads_can_be_signed_and_writes_not() {
    let stage = Stage::new().await;
    stage.operator.write("a", "signed").await.unwrap();
    let signed: PresignedRequest = stage.operator.presign_read("a", std::time::Duration::from_mins(1)).await.unwrap();
    assert_eq!(signed.method(), "GET");
    assert!(!signed.uri().to_string().is_empty() && !signed.header().is_empty());
    let capability = stage.operator.info().capability();
    assert!(capability.presign_read && !capability.presign_write && !capability.presign_stat);
    assert!(stage.operator.presign_write("a", std::time::Duration::from_mins(1)).await.is_err());
}
