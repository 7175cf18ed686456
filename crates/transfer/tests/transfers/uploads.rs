//! Small files, and what goes with them.

use std::sync::{Arc, Mutex};

use dingtalk_storage::types::{AppProperty, ConflictStrategy, OnlineDocumentType, PropertyVisibility, StorageRegion};
use dingtalk_storage_transfer::{Category, Error, StoredName};

use crate::stage::{PART, Stage, bytes};

#[tokio::test]
async fn a_small_file_takes_two_calls_of_the_api_and_is_verified() {
    let stage = Stage::new().await;
    for (name, length) in [("empty", 0), ("one", 1), ("threshold", PART)] {
        let content = bytes(length);
        stage.emulator.clear_journal();
        let uploaded = stage.drive.upload(content.clone()).to(&stage.root).name(name).send().await.unwrap();
        assert_eq!(stage.api_calls(), ["storage_v2.GetFileUploadInfo", "storage_v2.CommitFile"], "{name}");
        assert_eq!(stage.emulator.calls("storage.PutObject"), 1, "{name}");
        assert_eq!(uploaded.name, StoredName::AsWished);
        assert!(uploaded.integrity.is_verified(), "{name}");
        assert_eq!((uploaded.entry.name.as_str(), uploaded.entry.size), (name, length));
        assert_eq!(stage.content(&uploaded.entry).await, content, "{name}");
    }
}

#[tokio::test]
async fn a_path_has_its_own_name_and_a_folder_may_be_a_uuid() {
    let stage = Stage::new().await;
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("report.pdf");
    std::fs::write(&path, bytes(1000)).unwrap();
    let uploaded = stage.drive.upload(&path).to(&stage.root.uuid).send().await.unwrap();
    assert_eq!(uploaded.entry.name, "report.pdf");
    assert_eq!(stage.content(&uploaded.entry).await, bytes(1000));
    assert_eq!(stage.api_calls().len(), 3, "two, and one of this test: {:?}", stage.api_calls());
}

#[tokio::test]
async fn another_name_than_the_wished_one_shows_in_the_type() {
    let stage = Stage::new().await;
    let upload = || stage.drive.upload(bytes(5)).to(&stage.root).name("a.txt");
    let first = upload().send().await.unwrap();
    let second = upload().send().await.unwrap();
    assert_eq!(second.name, StoredName::Changed { wished: "a.txt".into() });
    assert_ne!(second.entry.name, "a.txt");
    let third = upload().on_conflict(ConflictStrategy::Overwrite).send().await.unwrap();
    assert_eq!((third.name, &third.entry.uuid), (StoredName::AsWished, &first.entry.uuid));
    assert_eq!(third.entry.version, Some(2));
    let refused = upload().on_conflict(ConflictStrategy::ReturnErrorIfExists).send().await.unwrap_err();
    assert!(
        matches!(refused, Error::Api(error) if error.code().is_some_and(|code| code.as_str() == "dentryNameConflict"))
    );
}

#[tokio::test]
async fn properties_are_attached_and_too_many_are_refused_before_anything_is_sent() {
    let stage = Stage::new().await;
    let property = |name: &str| AppProperty::new(name, "value", PropertyVisibility::Private);
    let upload = || stage.drive.upload(bytes(5)).to(&stage.root).name("a.txt");
    let refused = upload().app_properties(["a", "b", "c", "d"].map(property)).send().await.unwrap_err();
    assert!(matches!(refused, Error::TooManyProperties { given: 4, most: 3 }), "{refused}");
    assert!(stage.api_calls().is_empty());
    upload().app_properties(["a", "b", "c"].map(property)).send().await.unwrap();
    assert_eq!(stage.commits(), 1);
}

#[tokio::test]
async fn what_cannot_be_uploaded_is_refused_before_anything_is_sent() {
    let stage = Stage::new().await;
    let nameless = stage.drive.upload(bytes(5)).to(&stage.root).send().await.unwrap_err();
    assert!(matches!(nameless, Error::NoName), "{nameless}");
    let missing = std::path::Path::new("there/is/no/such/file");
    let missing = stage.drive.upload(missing).to(&stage.root).send().await.unwrap_err();
    assert!(matches!(missing, Error::Local { .. }), "{missing}");
    let folder = tempfile::tempdir().unwrap();
    let folder = stage.drive.upload(folder.path()).to(&stage.root).send().await.unwrap_err();
    assert!(folder.to_string().contains("no regular file"), "{folder}");
    assert!(stage.emulator.journal().is_empty());

    let file = stage.drive.upload(bytes(5)).to(&stage.root).name("a.txt").send().await.unwrap().entry;
    let into_a_file = stage.drive.upload(bytes(5)).to(&file).name("b.txt").send().await.unwrap_err();
    assert!(matches!(into_a_file, Error::NotAFolder(name) if name == "a.txt"));
    assert_eq!(stage.commits(), 1);
}

#[tokio::test]
async fn progress_ends_at_the_length() {
    let stage = Stage::new().await;
    let seen = Arc::new(Mutex::new(Vec::new()));
    let length = 5 * PART + 1;
    let upload = stage.drive.upload(bytes(length)).to(&stage.root).name("a.bin");
    let noted = Arc::clone(&seen);
    upload.on_progress(move |progress| noted.lock().unwrap().push(progress)).send().await.unwrap();
    let seen = seen.lock().unwrap();
    assert_eq!(seen.iter().map(|progress| progress.done).max(), Some(length));
    assert!(seen.iter().all(|progress| progress.total == Some(length)));
}

/// The emulator converts what has a format for it, and refuses the rest.
#[tokio::test]
async fn what_is_to_become_an_online_document_says_so_at_once_and_in_parts() {
    let stage = Stage::new().await;
    for length in [10, 3 * PART] {
        let upload = |name: &str| stage.drive.upload(bytes(length)).to(&stage.root).name(name);
        upload(&format!("{length}.docx")).convert_to_online_document().send().await.unwrap();
        for refused in
            [upload("a.pdf").convert_to_online_document(), upload("a.pdf").convert_to(OnlineDocumentType::Doc)]
        {
            let refused = refused.send().await.unwrap_err();
            assert!(refused.to_string().contains("dentryFormatNotSupport"), "{refused}");
            assert_eq!(refused.category(), Category::Usage);
        }
    }
    assert_eq!(stage.commits(), 2);
}

#[tokio::test]
async fn the_region_is_asked_for_at_once_and_in_parts() {
    let stage = Stage::new().await;
    for length in [10, 3 * PART] {
        let upload = || stage.drive.upload(bytes(length)).to(&stage.root).name("a.bin");
        upload().region(StorageRegion::from("NOWHERE")).send().await.unwrap_err();
        upload().region(StorageRegion::Zhangjiakou).send().await.unwrap();
    }
    assert_eq!(stage.commits(), 2);
}
