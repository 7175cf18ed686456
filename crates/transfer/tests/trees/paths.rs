//! From paths to entries and back, and what that costs.

use dingtalk_storage::types::ConflictStrategy;
use dingtalk_storage_emulator::FaultKind;
use dingtalk_storage_transfer::{Entry, Error};

use crate::stage::Stage;

const LIST: &str = "storage_v1.ListDentries";

/// `/a/b/` with `/a/b/c.txt`, of which the drive knows nothing.
async fn stage() -> (Stage, Entry) {
    let stage = Stage::new().await;
    let file = stage.put("c.txt", b"content").await;
    let folder = folder(&stage, &folder(&stage, &stage.root, "a").await, "b").await;
    let file = move_to(&stage, &file, &folder).await;
    stage.emulator.clear_journal();
    (stage, file)
}

async fn folder(stage: &Stage, parent: &Entry, name: &str) -> Entry {
    let id = if parent.uuid == stage.root.uuid { "0".into() } else { parent.id.clone() };
    let made = stage.drive.client().storage_v1().add_folder(&parent.space, &id, name);
    Entry::from_dentry(&made.conflict_strategy(ConflictStrategy::ReturnErrorIfExists).send().await.unwrap().dentry)
        .unwrap()
}

async fn move_to(stage: &Stage, entry: &Entry, folder: &Entry) -> Entry {
    let calls = stage.drive.client().storage_v1();
    calls.move_dentry(&entry.space, &entry.id, &folder.space, &folder.id).send().await.unwrap();
    stage.drive.entry_of_uuid(&entry.uuid).await.unwrap()
}

async fn rename(stage: &Stage, entry: &Entry, name: &str) {
    stage.drive.client().storage_v1().rename_dentry(&entry.space, &entry.id, name).send().await.unwrap();
}

#[tokio::test]
async fn one_list_for_each_level_and_then_none() {
    let (stage, file) = stage().await;
    let paths = stage.drive.paths(&stage.root.space);
    assert_eq!(paths.resolve("/a/b/c.txt").await.unwrap().uuid, file.uuid);
    assert_eq!(stage.calls(), [LIST; 3]);
    stage.emulator.clear_journal();

    // Another handle of another clone knows it too.
    let drive = stage.drive.clone();
    let found = drive.paths(&stage.root.space).resolve("a//b/c.txt").await.unwrap();
    assert_eq!(found.uuid, file.uuid);
    assert!(paths.resolve("/a/b/").await.unwrap().is_folder());
    assert_eq!(paths.path_of(&file).await.unwrap(), "/a/b/c.txt");
    assert_eq!(stage.calls(), [""; 0]);

    // What is true now costs one call, and no list.
    assert_eq!(paths.stat("/a/b/c.txt").await.unwrap().size, 7);
    assert_eq!(stage.calls(), ["storage_v1.GetDentry"]);
}

#[tokio::test]
async fn many_at_the_same_time_list_each_folder_once() {
    let (stage, file) = stage().await;
    let paths = stage.drive.paths(&stage.root.space);
    let all = (0..50).map(|_| paths.resolve("/a/b/c.txt"));
    let all = futures_util::future::join_all(all).await;
    assert!(all.into_iter().all(|found| found.unwrap().uuid == file.uuid));
    assert_eq!(stage.calls(), [LIST; 3]);
}

#[tokio::test]
async fn what_others_change_is_noticed_where_it_matters() {
    let (stage, file) = stage().await;
    let paths = stage.drive.paths(&stage.root.space);
    let before = paths.resolve("/a/b/c.txt").await.unwrap();

    // Renamed: the old path is gone, and the new one is found although the list was known.
    rename(&stage, &file, "d.txt").await;
    let gone = paths.stat("/a/b/c.txt").await.unwrap_err();
    assert!(matches!(&gone, Error::NotFound { missing, .. } if missing == "c.txt"), "{gone}");
    assert_eq!(paths.resolve("/a/b/d.txt").await.unwrap().uuid, file.uuid);

    // Deleted and made anew: the id that was known leads nowhere, and is looked for once more.
    let calls = stage.drive.client().storage_v1();
    calls.delete_dentry(&file.space, &before.id).send().await.unwrap();
    let new = stage.put("d.txt", b"other").await;
    let folder = paths.resolve("/a/b").await.unwrap();
    let new = move_to(&stage, &new, &folder).await;
    stage.emulator.clear_journal();
    let mut content = Vec::new();
    stage.drive.download((&file.space, "/a/b/d.txt")).to_writer(&mut content).await.unwrap();
    assert_eq!(content, b"other");
    assert_eq!(stage.emulator.calls(LIST), 3);
    assert_eq!(paths.stat("/a/b/d.txt").await.unwrap().uuid, new.uuid);

    // A folder above it is renamed: its own id stays good, and yet it is elsewhere.
    let top = paths.resolve("/a").await.unwrap();
    rename(&stage, &top, "z").await;
    assert!(matches!(paths.stat("/a/b/d.txt").await, Err(Error::NotFound { .. })));
    assert_eq!(paths.stat("/z/b/d.txt").await.unwrap().uuid, new.uuid);
}

#[tokio::test]
async fn own_changes_forget_what_is_below_and_nothing_else() {
    let (stage, file) = stage().await;
    let paths = stage.drive.paths(&stage.root.space);
    paths.resolve("/a/b/c.txt").await.unwrap();
    let other = stage.put("other.txt", b"x").await;
    stage.emulator.clear_journal();
    paths.remember(&other);
    assert_eq!(paths.resolve("/other.txt").await.unwrap().uuid, other.uuid);
    assert_eq!(stage.calls(), [""; 0], "what was told is known");

    paths.forget(&paths.resolve("/a/b").await.unwrap());
    assert_eq!(paths.resolve("/other.txt").await.unwrap().uuid, other.uuid);
    assert_eq!(stage.calls(), [""; 0], "the list of the root is still good");
    assert_eq!(paths.resolve("/a/b/c.txt").await.unwrap().uuid, file.uuid);
}

#[tokio::test]
async fn names_are_exact_and_paths_are_paths() {
    let stage = Stage::new().await;
    for name in ["A.txt", "e\u{301}.txt", " b .txt"] {
        stage.put(name, b"x").await;
    }
    let paths = stage.drive.paths(&stage.root.space);
    for there in ["/A.txt", "/e\u{301}.txt"] {
        paths.resolve(there).await.unwrap();
    }
    for missing in ["/a.txt", "/\u{e9}.txt", "/A.txt/", "/A.txt/x"] {
        assert!(matches!(paths.resolve(missing).await, Err(Error::NotFound { .. })), "{missing}");
    }
    for no_path in ["/../A.txt", "./A.txt"] {
        assert!(matches!(paths.resolve(no_path).await, Err(Error::BadPath { .. })), "{no_path}");
    }
    assert_eq!(paths.resolve("/").await.unwrap().uuid, stage.root.uuid);
    assert!(matches!(paths.children("/A.txt").await, Err(Error::NotAFolder(_))));
    assert_eq!(paths.children("/").await.unwrap().len(), 3);
}

/// The drive keeps names apart, but nothing promises that a list does.
#[tokio::test]
async fn doubled_names_are_said_to_be_so() {
    let stage = Stage::new().await;
    stage.put("x", b"file").await;
    let inner = folder(&stage, &stage.root, "y").await;
    let listed = stage.drive.client().storage_v1().list_dentries(&inner.space, &"0".into()).send().await.unwrap();
    let place = listed.dentries.iter().position(|dentry| dentry.name == "y").unwrap();
    let double = FaultKind::MutateJson { pointer: format!("/dentries/{place}/name"), value: Some("x".into()) };
    stage.fault(double, LIST);
    let paths = stage.drive.paths(&stage.root.space);
    let doubled = paths.resolve("/x").await.unwrap_err();
    assert!(matches!(&doubled, Error::Ambiguous { ids, .. } if ids.len() == 2), "{doubled}");
    assert_eq!(paths.resolve("/x/").await.unwrap().uuid, inner.uuid, "a slash says which is meant");
}

#[tokio::test]
async fn folders_that_many_want_are_made_once() {
    let stage = Stage::new().await;
    let paths = stage.drive.paths(&stage.root.space);
    stage.emulator.clear_journal();
    let all = (0..50).map(|file| {
        let (paths, path) = (paths.clone(), format!("/Reports/2026/{}", file % 2));
        async move { paths.make_folders(&path).await }
    });
    let all = futures_util::future::join_all(all).await;
    assert!(all.iter().all(|made| made.as_ref().unwrap().is_folder()));
    assert_eq!(stage.emulator.effects("folder.created"), 4);
    assert_eq!(stage.emulator.calls("storage_v1.AddFolder"), 4);
    stage.emulator.clear_journal();
    assert_eq!(paths.make_folders("/Reports/2026/1").await.unwrap().name, "1");
    assert_eq!(stage.calls(), [""; 0]);

    stage.put("file", b"x").await;
    let failed = stage.drive.paths(&stage.root.space).make_folders("/file/below").await.unwrap_err();
    assert!(matches!(failed, Error::NotAFolder(_) | Error::Api(_)), "{failed}");
}

#[tokio::test]
async fn a_file_is_found_beside_a_folder_of_its_name() {
    let (stage, file) = stage().await;
    let folder_b = stage.drive.paths(&stage.root.space).resolve("/a/b").await.unwrap();
    folder(&stage, &folder_b, "d").await;
    let listed = stage.drive.client().storage_v1().list_dentries(&folder_b.space, &folder_b.id).send().await.unwrap();
    let place = listed.dentries.iter().position(|dentry| dentry.name == "d").unwrap();
    let twin = FaultKind::MutateJson { pointer: format!("/dentries/{place}/name"), value: Some("c.txt".into()) };
    // The third list of who knows nothing.
    let doubled = || {
        stage.emulator.add_fault(dingtalk_storage_emulator::Fault::new(twin.clone()).on(LIST).nth(3));
        stage.another_paths()
    };
    assert!(matches!(doubled().stat("/a/b/c.txt").await, Err(Error::Ambiguous { .. })));
    assert_eq!(doubled().stat_file("/a/b/c.txt").await.unwrap().uuid, file.uuid);
    assert!(doubled().stat("/a/b/c.txt/").await.unwrap().is_folder());
    let paths = stage.another_paths();
    assert!(matches!(paths.stat_file("/a/b").await, Err(Error::NotFound { .. })));
    assert!(matches!(paths.stat_file("/").await, Err(Error::NotFound { .. })));
}

/// `children` believes what it knows; `list` does not.
#[tokio::test]
async fn a_list_is_as_things_are_now() {
    let (stage, file) = stage().await;
    let paths = stage.drive.paths(&stage.root.space);
    assert_eq!(paths.list("/a/b").await.unwrap().len(), 1);
    rename(&stage, &file, "other.txt").await;
    assert_eq!(paths.children("/a/b").await.unwrap()[0].name, "c.txt");
    assert_eq!(paths.list("/a/b/").await.unwrap()[0].name, "other.txt");
    assert_eq!(paths.children("/a/b").await.unwrap()[0].name, "other.txt");
    assert_eq!(paths.list("/").await.unwrap().len(), 1);
    assert!(matches!(paths.list("/a/b/other.txt").await, Err(Error::NotFound { .. })));
    // A folder that was known, and is another one by now.
    let known = paths.resolve("/a/b").await.unwrap();
    stage.another_drive().remove(&known).for_good().send().await.unwrap();
    let a = paths.resolve("/a").await.unwrap();
    folder(&stage, &a, "b").await;
    assert!(paths.list("/a/b").await.unwrap().is_empty());
}

/// What is known is asked for where something would go to the wrong folder, or be told of it.
#[tokio::test]
async fn a_folder_that_others_renamed_gets_nothing_under_its_old_name() {
    for is_empty in [false, true] {
        let (stage, space) = stage().await;
        let paths = stage.drive.paths(&space.space);
        let folder = paths.make_folders("/x/y").await.unwrap();
        if !is_empty {
            stage.drive.upload(b"1".as_slice()).to(&folder).name("in.txt").send().await.unwrap();
        }
        let recent = paths.recent(std::time::Duration::ZERO);
        assert_eq!(recent.list("/x/y").await.unwrap().len(), usize::from(!is_empty));
        let (another, above) = (stage.another_drive(), paths.resolve("/x").await.unwrap());
        another.rename(&above, "theirs").await.unwrap();
        assert!(matches!(recent.list("/x/y").await, Err(Error::NotFound { .. })), "{is_empty}");
        another.rename(&above, "x").await.unwrap();
        recent.list("/x/y").await.unwrap();
        another.rename(&above, "theirs").await.unwrap();
        assert_ne!(recent.make_folders("/x/y").await.unwrap().id, folder.id);

        // Also who says nothing of time, some of it later.
        another.rename(&paths.resolve("/x").await.unwrap(), "others").await.unwrap();
        tokio::time::pause();
        tokio::time::advance(std::time::Duration::from_secs(21)).await;
        tokio::time::resume();
        let made = paths.make_folders("/x/y").await.unwrap();
        assert_eq!(stage.another_paths().resolve("/x/y").await.unwrap().id, made.id);
    }
}

impl Stage {
    /// A drive that knows nothing of what this one does.
    fn another_drive(&self) -> dingtalk_storage_transfer::Drive {
        dingtalk_storage_transfer::Drive::new(self.drive.client())
    }

    fn another_paths(&self) -> dingtalk_storage_transfer::Paths {
        self.another_drive().paths(&self.root.space)
    }
}
