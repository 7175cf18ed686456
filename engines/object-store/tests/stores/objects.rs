//! What the functions of `object_store` do not ask.

use std::time::Duration;

use dingtalk_storage_emulator::{Fault, FaultKind};
use dingtalk_storage_object_store::AttributePolicy;
use futures_util::{StreamExt, TryStreamExt, future, stream};
use object_store::path::Path;
use object_store::{Attribute, Attributes, Error, GetOptions, ObjectStore, ObjectStoreExt, PutMode, TagSet};

use crate::stage::{Stage, path};

async fn text(stage: &Stage, location: &str) -> String {
    let bytes = stage.store.get(&path(location)).await.unwrap().bytes().await.unwrap();
    String::from_utf8(bytes.to_vec()).unwrap()
}

#[tokio::test]
async fn what_another_has_stored_is_seen_when_it_is_asked_for() {
    let stage = Stage::with(|store| store.with_freshness(Duration::ZERO)).await;
    let location = path("folder/a.txt");
    stage.store.put(&location, "one".into()).await.unwrap();
    let old = stage.store.head(&location).await.unwrap();

    let other = stage.another_drive();
    let folder = other.paths(&stage.space).make_folders("/folder").await.unwrap();
    let overwrite = dingtalk_storage::types::ConflictStrategy::Overwrite;
    other.upload(b"three".to_vec()).to(&folder).name("a.txt").on_conflict(overwrite).send().await.unwrap();

    assert_eq!(text(&stage, "folder/a.txt").await, "three");
    let new = stage.store.head(&location).await.unwrap();
    assert_ne!((&new.e_tag, &new.version), (&old.e_tag, &old.version));
    assert_eq!(new.size, 5);
    let listed: Vec<_> = stage.store.list(None).try_collect().await.unwrap();
    assert_eq!(listed, std::slice::from_ref(&new), "lists tell the same");

    let changed = GetOptions::new().with_if_match(old.e_tag);
    let changed = stage.store.get_opts(&location, changed).await.unwrap_err();
    assert!(matches!(changed, Error::Precondition { .. }), "{changed}");
    let first = stage.store.get_opts(&location, GetOptions::new().with_version(old.version)).await.unwrap();
    assert_eq!((first.meta.size, first.meta.e_tag == new.e_tag), (3, false));
    assert_eq!(first.bytes().await.unwrap(), "one");
    let none = stage.store.get_opts(&location, GetOptions::new().with_version(Some("77"))).await.unwrap_err();
    assert!(matches!(none, Error::NotFound { .. }), "{none}");
}

/// Within the time that it believes what it saw, the store is wrong about what others do, but never mixes it.
#[tokio::test]
async fn what_was_opened_is_read_to_its_end_as_it_was() {
    let stage = Stage::with(|store| store.with_freshness(Duration::from_secs(3600))).await;
    stage.store.put(&path("a"), "0123456789".into()).await.unwrap();
    let head = stage.store.get_range(&path("a"), 0..5).await.unwrap();
    let other = stage.another_drive();
    let root = other.paths(&stage.space).root().await.unwrap();
    let overwrite = dingtalk_storage::types::ConflictStrategy::Overwrite;
    other.upload(b"abcdefghij".to_vec()).to(&root).name("a").on_conflict(overwrite).send().await.unwrap();
    let tail = stage.store.get_range(&path("a"), 5..10).await.unwrap();
    assert_eq!([head, tail].concat(), b"0123456789");

    // What is gone is looked for.
    let entry = other.paths(&stage.space).stat_file("/a").await.unwrap();
    other.remove(&entry).for_good().send().await.unwrap();
    other.upload(b"new".to_vec()).to(&root).name("a").send().await.unwrap();
    let stage_two = stage.store.get_opts(&path("a"), GetOptions::new().with_version(Some("2"))).await;
    assert!(stage_two.is_err(), "it has one version");
    assert_eq!(text(&stage, "a").await, "new");
}

#[tokio::test]
async fn deletions_are_bulk_and_each_has_its_result() {
    let stage = Stage::new().await;
    let names: Vec<String> = (0..60).map(|number| format!("d/{number:02}")).collect();
    for name in &names {
        stage.store.put(&path(name), "x".into()).await.unwrap();
    }
    stage.calls();
    let mut wanted: Vec<Path> = names.iter().map(|name| path(name)).collect();
    wanted.insert(3, path("d/missing"));
    let results: Vec<_> = stage.store.delete_stream(stream::iter(wanted.clone()).map(Ok).boxed()).collect().await;
    for (location, result) in wanted.iter().zip(&results) {
        match result {
            Ok(deleted) => assert_eq!(deleted, location),
            Err(error) => {
                assert!(location.as_ref() == "d/missing" && matches!(error, Error::NotFound { .. }), "{error}");
            }
        }
    }
    assert_eq!((results.len(), results.iter().filter(|result| result.is_ok()).count()), (61, 60));
    let deletions = stage.calls().into_iter().filter(|call| call == "DeleteDentries").count();
    assert_eq!(deletions, 2);
    assert_eq!((stage.emulator.effects("entry.recycled"), stage.emulator.effects("entry.deleted")), (0, 0), "cleared");
    assert!(stage.store.list(None).next().await.is_none());
    assert_eq!(stage.store.list_with_delimiter(None).await.unwrap().common_prefixes, [path("d")], "folders are real");
}

/// What an attempt has deleted whose answer was lost is deleted, although the next attempt is told that it is not there.
#[tokio::test]
async fn a_deletion_whose_answer_was_lost_is_one() {
    for freshness in [Duration::ZERO, Duration::from_secs(3600)] {
        let stage = Stage::with(|store| store.with_freshness(freshness)).await;
        for name in ["a", "b", "c"] {
            stage.store.put(&path(name), "x".into()).await.unwrap();
        }
        let other = stage.another_drive();
        let replaced = other.paths(&stage.space).stat_file("/c").await.unwrap();
        other.remove(&replaced).send().await.unwrap();
        other
            .upload(b"new".to_vec())
            .to(other.paths(&stage.space).root().await.unwrap())
            .name("c")
            .send()
            .await
            .unwrap();
        stage.emulator.add_fault(Fault::new(FaultKind::ApplyThenDrop).on("storage_v1.DeleteDentries"));
        let wanted = stream::iter(["a", "b", "c"].map(|name| Ok(path(name)))).boxed();
        let deleted: Vec<Path> = stage.store.delete_stream(wanted).try_collect().await.unwrap();
        assert_eq!(deleted, ["a", "b", "c"].map(path));
        assert!(stage.store.list(None).next().await.is_none());
    }
}

#[tokio::test]
async fn the_recycle_bin_has_what_is_deleted_unless_it_is_for_good() {
    for (for_good, effects) in [(false, (1, 0)), (true, (0, 1))] {
        let stage = Stage::with(|store| store.deleting_for_good(for_good)).await;
        stage.store.put(&path("a"), "x".into()).await.unwrap();
        stage.store.delete(&path("a")).await.unwrap();
        assert_eq!((stage.emulator.effects("entry.recycled"), stage.emulator.effects("entry.deleted")), effects);
    }
}

#[tokio::test]
async fn folders_are_no_objects() {
    let stage = Stage::new().await;
    stage.store.put(&path("a/b"), "x".into()).await.unwrap();
    for error in [
        stage.store.head(&path("a")).await.unwrap_err(),
        stage.store.delete(&path("a")).await.unwrap_err(),
        stage.store.copy(&path("a"), &path("c")).await.unwrap_err(),
        stage.store.rename(&path("a"), &path("c")).await.unwrap_err(),
    ] {
        assert!(matches!(error, Error::NotFound { .. }), "{error}");
    }
    // Nor can a file have the name of a folder, nor something be in a file.
    assert!(stage.store.put(&path("a"), "x".into()).await.is_err());
    let created = stage.store.put_opts(&path("a"), "x".into(), PutMode::Create.into()).await.unwrap_err();
    assert!(matches!(created, Error::AlreadyExists { .. }), "{created}");
    assert!(stage.store.put(&path("a/b/c"), "x".into()).await.is_err());
    assert!(stage.store.put(&Path::default(), "x".into()).await.is_err());
    let listed: Vec<_> = stage.store.list(None).map_ok(|meta| meta.location).try_collect().await.unwrap();
    assert_eq!(listed, [path("a/b")]);
}

/// A target is replaced in one step, and what is renamed keeps its versions.
#[tokio::test]
async fn copies_and_renames_replace_what_has_the_name() {
    let stage = Stage::new().await;
    for (from, to) in [("a", "b"), ("d/a", "d/b"), ("d/a", "e/b"), ("d/a", "e/a")] {
        stage.store.put(&path(from), "source".into()).await.unwrap();
        stage.store.put(&path(to), "target".into()).await.unwrap();
        let refused = stage.store.copy_if_not_exists(&path(from), &path(to)).await.unwrap_err();
        assert!(matches!(refused, Error::AlreadyExists { .. }), "{refused}");
        let refused = stage.store.rename_if_not_exists(&path(from), &path(to)).await.unwrap_err();
        assert!(matches!(refused, Error::AlreadyExists { .. }), "{refused}");
        assert_eq!((text(&stage, from).await.as_str(), text(&stage, to).await.as_str()), ("source", "target"));

        stage.store.copy(&path(from), &path(to)).await.unwrap();
        assert_eq!((text(&stage, from).await.as_str(), text(&stage, to).await.as_str()), ("source", "source"));
        stage.store.put(&path(from), "newer".into()).await.unwrap();
        let before = stage.store.head(&path(from)).await.unwrap();
        stage.store.rename(&path(from), &path(to)).await.unwrap();
        let after = stage.store.head(&path(to)).await.unwrap();
        assert_eq!((text(&stage, to).await.as_str(), &after.e_tag), ("newer", &before.e_tag));
        let gone = stage.store.head(&path(from)).await.unwrap_err();
        assert!(matches!(gone, Error::NotFound { .. }), "{gone}");
        // Whatever it took, nothing else is there afterwards.
        let mut names: Vec<Path> = stage.store.list(None).map_ok(|meta| meta.location).try_collect().await.unwrap();
        names.sort_unstable();
        assert_eq!(names, [path(to)]);
        let aside = stage.store.list_with_delimiter(path(to).prefix_parent().as_ref()).await.unwrap().common_prefixes;
        assert!(aside.iter().all(|folder| !folder.as_ref().contains(".dingtalk")), "{aside:?}");
        stage.store.delete(&path(to)).await.unwrap();
    }
    stage.store.put(&path("a"), "self".into()).await.unwrap();
    stage.store.copy(&path("a"), &path("a")).await.unwrap();
    stage.store.rename(&path("a"), &path("a")).await.unwrap();
    let itself = stage.store.copy_if_not_exists(&path("a"), &path("a")).await.unwrap_err();
    assert!(matches!(itself, Error::AlreadyExists { .. }), "{itself}");
    assert_eq!(text(&stage, "a").await, "self");
}

/// A rename is by id, and the id of what was renamed a moment ago still leads somewhere.
#[tokio::test]
async fn an_object_that_two_want_to_rename_goes_to_one_of_them() {
    for (from, one, other) in [("a", "b", "b"), ("a", "b", "c"), ("d/a", "e/b", "f/b"), ("d/a", "e/a", "e/a")] {
        let stage = Stage::new().await;
        stage.store.put(&path(from), "x".into()).await.unwrap();
        let (from, one, other) = (path(from), path(one), path(other));
        let (first, second) = future::join(
            stage.store.rename_if_not_exists(&from, &one),
            stage.store.rename_if_not_exists(&from, &other),
        )
        .await;
        let (winner, lost) = if first.is_ok() { (one, second) } else { (other, first) };
        assert!(matches!(lost, Err(Error::NotFound { .. })), "{lost:?}");
        let listed: Vec<_> = stage.store.list(None).map_ok(|meta| meta.location).try_collect().await.unwrap();
        assert_eq!(listed, [winner]);
    }
}

/// A folder that others have renamed is known by its id, to which a file would go.
#[tokio::test]
async fn nothing_goes_to_a_folder_that_has_another_name_by_now() {
    let stage = Stage::with(|store| store.with_freshness(Duration::ZERO)).await;
    for (number, what) in ["put", "create", "parts", "copy", "rename", "list"].into_iter().enumerate() {
        let other = stage.another_drive();
        stage.store.put(&path("a"), "x".into()).await.unwrap();
        stage.store.put(&path("folder/old"), "x".into()).await.unwrap();
        let folder = other.paths(&stage.space).stat("/folder/").await.unwrap();
        other.rename(&folder, &format!("renamed {number}")).await.unwrap();
        let new = path("folder/new");
        match what {
            "put" => drop(stage.store.put(&new, "x".into()).await.unwrap()),
            "create" => drop(stage.store.put_opts(&new, "x".into(), PutMode::Create.into()).await.unwrap()),
            "parts" => drop(stage.store.put_multipart(&new).await.unwrap().complete().await.unwrap()),
            "copy" => stage.store.copy(&path("a"), &new).await.unwrap(),
            "rename" => stage.store.rename(&path("a"), &new).await.unwrap(),
            _ => {
                let listed = stage.store.list_with_delimiter(Some(&path("folder"))).await.unwrap();
                assert!(listed.objects.is_empty(), "{listed:?}");
                continue;
            }
        }
        let found = other.paths(&stage.space).stat_file("/folder/new").await;
        assert!(found.is_ok(), "{what}: {found:?}");
        stage.store.delete(&new).await.unwrap();
    }
}

/// A list tells what was there when its page was asked for, and what this store has done since is newer.
#[tokio::test]
async fn a_list_that_began_before_a_change_hides_it_from_nobody() {
    let stage = Stage::with(|store| store.with_freshness(Duration::from_secs(3600))).await;
    for name in ["deleted", "renamed", "written"] {
        stage.store.put(&path(name), "x".into()).await.unwrap();
    }
    let mut list = stage.store.list(None);
    let mut listed = vec![list.next().await.unwrap().unwrap().location];
    stage.store.put(&path("written"), "longer".into()).await.unwrap();
    stage.store.delete(&path("deleted")).await.unwrap();
    stage.store.rename(&path("renamed"), &path("elsewhere")).await.unwrap();
    while let Some(meta) = list.next().await {
        listed.push(meta.unwrap().location);
    }
    assert_eq!(listed.len(), 3, "it was listed before");
    assert_eq!(stage.store.head(&path("written")).await.unwrap().size, 6);
    for gone in ["deleted", "renamed"] {
        assert!(matches!(stage.store.head(&path(gone)).await, Err(Error::NotFound { .. })), "{gone}");
    }
}

/// A put that failed may have been done: what was there before is not believed any more.
#[tokio::test]
async fn after_a_put_of_unknown_outcome_the_drive_is_asked() {
    let stage = Stage::with(|store| store.with_freshness(Duration::from_secs(3600))).await;
    stage.store.put(&path("a"), "old".into()).await.unwrap();
    // Neither the commit nor what asks afterwards what became of it is answered.
    stage.emulator.add_fault(Fault::new(FaultKind::ApplyThenDrop).on("storage_v2.CommitFile").always());
    stage.emulator.add_fault(Fault::new(FaultKind::ResetBefore).on("storage_v1.*").always());
    stage.store.put(&path("a"), "newer".into()).await.unwrap_err();
    stage.emulator.clear_faults();
    assert_eq!(stage.store.head(&path("a")).await.unwrap().size, 5);
}

trait Parent {
    fn prefix_parent(&self) -> Option<Path>;
}

impl Parent for Path {
    fn prefix_parent(&self) -> Option<Path> {
        self.as_ref().rsplit_once('/').map(|(folder, _)| path(folder))
    }
}

#[tokio::test]
async fn what_the_drive_cannot_do_is_refused_before_anything_is_sent() {
    let stage = Stage::new().await;
    let attributes = Attributes::from_iter([(Attribute::ContentType, "text/plain")]);
    let mut tags = TagSet::default();
    tags.push("key", "value");
    let is_refused = |error: Error| assert!(matches!(error, Error::NotImplemented { .. }), "{error}");
    is_refused(stage.store.put_opts(&path("a"), "x".into(), attributes.clone().into()).await.unwrap_err());
    is_refused(stage.store.put_opts(&path("a"), "x".into(), tags.clone().into()).await.unwrap_err());
    is_refused(stage.store.put_multipart_opts(&path("a"), attributes.into()).await.unwrap_err());
    is_refused(stage.store.put_multipart_opts(&path("a"), tags.into()).await.unwrap_err());
    let update = object_store::UpdateVersion { e_tag: None, version: None };
    is_refused(stage.store.put_opts(&path("a"), "x".into(), PutMode::Update(update).into()).await.unwrap_err());
    assert!(stage.calls().is_empty());
}

/// An object without attributes does not keep those of the one before.
#[tokio::test]
async fn kept_attributes_are_those_of_the_last_put() {
    let stage = Stage::with(|store| store.with_attributes(AttributePolicy::Keep).with_freshness(Duration::ZERO)).await;
    let attributes = Attributes::from_iter([(Attribute::ContentType, "text/plain")]);
    stage.store.put_opts(&path("a"), "x".into(), attributes.clone().into()).await.unwrap();
    assert_eq!(stage.store.get(&path("a")).await.unwrap().attributes, attributes);
    stage.store.put(&path("a"), "y".into()).await.unwrap();
    assert!(stage.store.get(&path("a")).await.unwrap().attributes.is_empty());
    stage.store.put_opts(&path("a"), "z".into(), attributes.clone().into()).await.unwrap();
    assert_eq!(stage.store.get(&path("a")).await.unwrap().attributes, attributes);
    // Nor one that another has stored.
    let other = stage.another_drive();
    let root = other.paths(&stage.space).root().await.unwrap();
    let overwrite = dingtalk_storage::types::ConflictStrategy::Overwrite;
    other.upload(b"x".to_vec()).to(&root).name("a").on_conflict(overwrite).send().await.unwrap();
    assert!(stage.store.get(&path("a")).await.unwrap().attributes.is_empty());
}

/// A copy has the attributes of its source, and none that its source has no more.
#[tokio::test]
async fn kept_attributes_go_with_copies_and_renames() {
    let stage = Stage::with(|store| store.with_attributes(AttributePolicy::Keep)).await;
    let attributes = Attributes::from_iter([(Attribute::ContentType, "text/plain")]);
    let attributes_of = async |location| stage.store.get(&path(location)).await.unwrap().attributes;
    stage.store.put(&path("a"), "x".into()).await.unwrap();
    stage.store.put_opts(&path("a"), "y".into(), attributes.clone().into()).await.unwrap();
    for copy in ["copy", "copy", "folder/copy"] {
        stage.store.copy(&path("a"), &path(copy)).await.unwrap();
        assert_eq!(attributes_of(copy).await, attributes, "{copy}");
    }
    stage.store.rename(&path("copy"), &path("folder/renamed")).await.unwrap();
    assert_eq!(attributes_of("folder/renamed").await, attributes);
    stage.store.put_opts(&path("b"), "x".into(), attributes.into()).await.unwrap();
    stage.store.put(&path("b"), "y".into()).await.unwrap();
    stage.store.copy(&path("b"), &path("copy of b")).await.unwrap();
    assert!(attributes_of("copy of b").await.is_empty());
}
