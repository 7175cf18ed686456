//! Files and folders made, moved, renamed, copied and removed, with paths that stay right.

use dingtalk_storage::types::ConflictStrategy;
use dingtalk_storage_emulator::{Fault, FaultKind};
use dingtalk_storage_transfer::{Category, Drive, Entry, Error, Leftover};

use crate::stage::Stage;

/// `/a/f.txt`, `/a/in/g.txt` and `/b/f.txt`, all of them known.
async fn stage() -> Stage {
    let stage = Stage::new().await;
    for path in ["a/f.txt", "a/in/g.txt", "b/f.txt"] {
        let (folder, name) = path.rsplit_once('/').unwrap();
        let folder = stage.drive.paths(&stage.root.space).make_folders(folder).await.unwrap();
        stage.drive.upload(path.as_bytes().to_vec()).to(&folder).name(name).send().await.unwrap();
    }
    stage.known(["/", "/a", "/a/in", "/b"]).await;
    stage.emulator.clear_journal();
    stage
}

impl Stage {
    async fn known<const N: usize>(&self, folders: [&str; N]) {
        self.drive.paths(&self.root.space).forget_all();
        for folder in folders {
            self.drive.paths(&self.root.space).children(folder).await.unwrap();
        }
    }

    async fn at(&self, path: &str) -> Entry {
        self.drive.paths(&self.root.space).resolve(path).await.unwrap()
    }

    /// What is known of a folder, and what is really there: its names.
    async fn names(&self, folder: &str) -> Vec<String> {
        let mut both = [Vec::new(), Vec::new()];
        let another = Drive::new(self.drive.client());
        for (names, drive) in both.iter_mut().zip([self.drive.clone(), another]) {
            let children = drive.paths(&self.root.space).children(folder).await.unwrap();
            names.extend(children.into_iter().map(|entry| entry.name));
            names.sort_unstable();
        }
        let [known, real] = both;
        assert_eq!(known, real, "{folder}");
        known
    }

    async fn text(&self, path: &str) -> String {
        let mut text = Vec::new();
        self.drive.download(&self.at(path).await).to_writer(&mut text).await.unwrap();
        String::from_utf8(text).unwrap()
    }
}

fn code(error: &Error) -> Option<&str> {
    match error {
        Error::Api(error) => error.code().map(dingtalk_storage::ErrorCode::as_str),
        _ => None,
    }
}

#[tokio::test]
async fn a_folder_is_made_once() {
    let stage = stage().await;
    let made = stage.drive.make_folder(&stage.at("/a").await, "new").await.unwrap();
    assert_eq!(stage.names("/a").await, ["f.txt", "in", "new"]);
    assert_eq!(stage.at("/a/new").await.id, made.id);
    let taken = stage.drive.make_folder(&stage.at("/a").await, "new").await.unwrap_err();
    assert_eq!(code(&taken), Some("dentryAlreadyExist"));
    let file = stage.drive.make_folder(&stage.at("/a/f.txt").await, "new").await;
    assert!(matches!(file, Err(Error::NotAFolder(_))));
}

#[tokio::test]
async fn a_file_moves_and_is_found_where_it_is_now() {
    let stage = stage().await;
    let (file, b) = (stage.at("/a/in/g.txt").await, stage.at("/b").await);
    let moved = stage.drive.move_to(&file, &b).send().await.unwrap();
    assert_eq!((moved.uuid, moved.parent), (file.uuid.clone(), b.id.clone()));
    assert_eq!(stage.calls(), ["storage_v1.MoveDentry"]);
    assert_eq!((stage.names("/a/in").await.len(), stage.names("/b").await.len()), (0, 2));

    // A taken name is refused, or whatever else is wished.
    let file = stage.at("/a/f.txt").await;
    let taken = stage.drive.move_to(&file, &b).send().await.unwrap_err();
    assert_eq!(code(&taken), Some("dentryAlreadyExist"));
    assert_eq!(stage.text("/b/f.txt").await, "b/f.txt");
    stage.drive.move_to(&file, &b).on_conflict(ConflictStrategy::Overwrite).send().await.unwrap();
    assert_eq!(stage.names("/b").await, ["f.txt", "g.txt"]);
    assert_eq!(stage.text("/b/f.txt").await, "a/f.txt");
    assert_eq!(stage.names("/a").await, ["in"]);
}

#[tokio::test]
async fn a_folder_moves_with_what_is_in_it() {
    let stage = stage().await;
    let moved = stage.drive.move_to(&stage.at("/a").await, &stage.at("/b").await).name("c").send().await.unwrap();
    assert_eq!(moved.name, "c");
    assert_eq!(stage.names("/").await, ["b"]);
    assert_eq!(stage.names("/b/c").await, ["f.txt", "in"]);
    assert_eq!(stage.text("/b/c/in/g.txt").await, "a/in/g.txt");
}

#[tokio::test]
async fn a_move_under_another_name_is_all_or_nothing() {
    let stage = stage().await;
    let (file, b) = (stage.at("/a/f.txt").await, stage.at("/b").await);
    // Beside it: a rename, no more.
    let renamed = stage.drive.move_to(&file, &stage.at("/a").await).name("h.txt").send().await.unwrap();
    assert_eq!(stage.calls(), ["storage_v1.RenameDentry"]);
    assert_eq!(stage.names("/a").await, ["h.txt", "in"]);

    // Elsewhere the name is taken: it stays as it was.
    let taken = stage.drive.move_to(&renamed, &b).name("f.txt").send().await.unwrap_err();
    assert_eq!(code(&taken), Some("dentryAlreadyExist"));
    assert_eq!(
        (stage.names("/a").await, stage.names("/b").await),
        (vec!["h.txt".into(), "in".into()], vec!["f.txt".into()])
    );

    // Beside it the name is taken, elsewhere it is free.
    let moved = stage.drive.move_to(&stage.at("/b/f.txt").await, &stage.at("/a/in").await).name("g.txt");
    let moved = moved.on_conflict(ConflictStrategy::Overwrite).send().await.unwrap();
    stage.drive.make_folder(&stage.at("/a/in").await, "h.txt").await.unwrap();
    stage.drive.move_to(&moved, &b).name("h.txt").send().await.unwrap();
    assert_eq!(
        (stage.names("/a/in").await, stage.names("/b").await),
        (vec!["h.txt".to_owned()], vec!["h.txt".to_owned()])
    );

    // Neither here nor there: back to where it was.
    let file = stage.drive.upload(b"x".to_vec()).to(&stage.at("/a/in").await).name("i.txt").send().await.unwrap().entry;
    stage.drive.move_to(&file, &b).name("h.txt").send().await.unwrap_err();
    assert_eq!((stage.names("/a/in").await, stage.names("/b").await.len()), (vec!["h.txt".into(), "i.txt".into()], 1));
}

#[tokio::test]
async fn copies_are_files_of_their_own() {
    let stage = stage().await;
    let (file, a, b) = (stage.at("/a/f.txt").await, stage.at("/a").await, stage.at("/b").await);
    let copy = stage.drive.copy(&file, &b).name("g.txt").send().await.unwrap();
    assert_ne!(copy.uuid, file.uuid);
    assert_eq!(stage.names("/b").await, ["f.txt", "g.txt"]);
    assert_eq!(stage.text("/b/g.txt").await, "a/f.txt");

    let taken = stage.drive.copy(&file, &b).name("g.txt").send().await.unwrap_err();
    assert_eq!(code(&taken), Some("dentryAlreadyExist"));
    assert_eq!(stage.names("/b").await, ["f.txt", "g.txt"], "no copy stays behind");

    let tree = stage.drive.copy(&a, &b).send().await.unwrap();
    assert_eq!((tree.name.as_str(), stage.names("/b/a").await), ("a", vec!["f.txt".into(), "in".into()]));
    assert_eq!(stage.text("/b/a/in/g.txt").await, "a/in/g.txt");
    assert_eq!(stage.names("/a").await, ["f.txt", "in"]);
}

#[tokio::test]
async fn what_is_removed_is_not_found() {
    let stage = stage().await;
    stage.drive.remove(&stage.at("/a").await).send().await.unwrap();
    stage.drive.remove(&stage.at("/b/f.txt").await).for_good().send().await.unwrap();
    assert_eq!((stage.names("/").await, stage.names("/b").await.len()), (vec!["b".to_owned()], 0));
    assert_eq!((stage.emulator.effects("entry.recycled"), stage.emulator.effects("entry.deleted")), (1, 1));
}

/// What has the name is replaced in the last step, and nothing else is left behind.
#[tokio::test]
async fn under_another_name_things_replace_what_has_it() {
    for (from, folder, name) in [("/a/f.txt", "/b", "g.txt"), ("/a/f.txt", "/a", "g.txt"), ("/b/f.txt", "/a", "g.txt")]
    {
        for copies in [true, false] {
            let stage = stage().await;
            let (source, target) = (stage.at(from).await, stage.at(folder).await);
            stage.drive.upload(b"old".to_vec()).to(&target).name(name).send().await.unwrap();
            let placing =
                if copies { stage.drive.copy(&source, &target) } else { stage.drive.move_to(&source, &target) };
            let placed = placing.name(name).on_conflict(ConflictStrategy::Overwrite).send().await.unwrap();
            assert_eq!((placed.name.as_str(), placed.uuid == source.uuid), (name, !copies));
            assert_eq!(stage.text(&format!("{folder}/{name}")).await, from[1..]);
            let (home, _) = from.rsplit_once('/').unwrap();
            assert_eq!(stage.names(home).await.contains(&"f.txt".to_owned()), copies, "{from} {folder}");
            let left = [stage.names("/a").await, stage.names("/b").await].concat();
            assert!(left.iter().all(|name| !name.starts_with('.') && !name.contains('(')), "{left:?}");
        }
    }
}

/// Wherever it stops, what was to be replaced is there, and so is what was to replace it.
#[tokio::test]
async fn a_replacement_that_fails_leaves_both() {
    for copies in [true, false] {
        for (operation, nth) in [
            ("storage_v1.AddFolder", 1),
            ("storage_v1.MoveDentry", 1),
            ("storage_v1.MoveDentry", 2),
            ("storage_v1.RenameDentry", 1),
            ("storage_v1.RenameDentry", 2),
        ] {
            let stage = stage().await;
            let (source, target) = (stage.at("/a/f.txt").await, stage.at("/a").await);
            stage.drive.upload(b"old".to_vec()).to(&target).name("g.txt").send().await.unwrap();
            let refuse = FaultKind::Status { status: 403, code: Some("permissionDenied".into()), retry_after: None };
            stage.emulator.add_fault(Fault::new(refuse).on(operation).nth(nth));
            if (operation, nth) == ("storage_v1.RenameDentry", 2) {
                // That the name is taken is found out by trying.
                stage.drive.paths(&source.space).forget_all();
            }
            let placing =
                if copies { stage.drive.copy(&source, &target) } else { stage.drive.move_to(&source, &target) };
            let refused = placing.name("g.txt").on_conflict(ConflictStrategy::Overwrite).send().await.unwrap_err();
            assert_eq!(code(&refused), Some("permissionDenied"), "{copies} {operation} {nth}");
            assert_eq!(stage.names("/a").await, ["f.txt", "g.txt", "in"], "{copies} {operation} {nth}");
            assert_eq!(
                (stage.text("/a/f.txt").await.as_str(), stage.text("/a/g.txt").await.as_str()),
                ("a/f.txt", "old")
            );
        }
    }
}

#[tokio::test]
async fn many_are_removed_with_one_call_and_each_has_its_result() {
    let stage = stage().await;
    let (file, folder, other) = (stage.at("/a/f.txt").await, stage.at("/b").await, stage.at("/a/in/g.txt").await);
    stage.drive.remove(&other).for_good().send().await.unwrap();
    stage.emulator.clear_journal();
    let removed = stage.drive.remove_all(&[file, other, folder], true).await;
    assert!(removed[0].is_ok() && removed[2].is_ok());
    assert_eq!(code(removed[1].as_ref().unwrap_err()), Some("dentryNotExist"));
    assert_eq!(stage.emulator.calls("storage_v1.DeleteDentries"), 1);
    assert_eq!((stage.names("/").await, stage.names("/a").await), (vec!["a".to_owned()], vec!["in".to_owned()]));
}

/// From some call on nothing goes well, the way back neither: the error is the first one, and what is left is where it says.
#[tokio::test]
async fn what_cannot_be_undone_is_where_the_error_says() {
    // From where, to where, whether something has the name there, whether that is known, and whether it is a copy.
    let cases = [
        ("/a/f.txt", "/b", false, true, false),
        ("/b/f.txt", "/a/in", false, true, false),
        ("/a/f.txt", "/a", true, true, false),
        ("/a/f.txt", "/a", true, false, false),
        ("/a/f.txt", "/b", true, true, false),
        ("/a/f.txt", "/b", false, true, true),
        ("/a/f.txt", "/b", true, true, true),
        ("/a/f.txt", "/b", true, false, true),
    ];
    let mut lefts = std::collections::HashSet::new();
    for case @ (from, folder, is_taken, is_known, copies) in cases {
        for nth in 1.. {
            assert!(nth < 12, "it never goes well: {case:?}");
            let stage = stage().await;
            let (source, target) = (stage.at(from).await, stage.at(folder).await);
            if is_taken {
                stage.drive.upload(b"old".to_vec()).to(&target).name("g.txt").send().await.unwrap();
            }
            if from == "/b/f.txt" {
                // Beside it the name is taken, too.
                let beside = stage.at("/b").await;
                stage.drive.upload(b"beside".to_vec()).to(&beside).name("g.txt").send().await.unwrap();
            }
            if !is_known {
                stage.drive.paths(&source.space).forget_all();
            }
            let before = real(&stage).await;
            let refuse = FaultKind::Status { status: 403, code: Some("permissionDenied".into()), retry_after: None };
            stage.emulator.add_fault(Fault::new(refuse).nth(nth).always());
            let placing =
                if copies { stage.drive.copy(&source, &target) } else { stage.drive.move_to(&source, &target) };
            let answer = placing
                .name("g.txt")
                .on_conflict(if from == "/b/f.txt" {
                    ConflictStrategy::AutoRename
                } else {
                    ConflictStrategy::Overwrite
                })
                .send()
                .await;
            stage.emulator.clear_faults();
            let context = format!("{case:?} {nth} {answer:?}");
            let Err(error) = answer else { break };
            assert_eq!(error.category(), Category::Access, "{context}");
            let after = real(&stage).await;
            let Error::HalfPlaced { source: first, left, entry, .. } = &error else {
                assert_eq!(before, after, "{context}");
                continue;
            };
            assert_eq!(code(first), Some("permissionDenied"), "{context}");
            assert_ne!(before, after, "{context}");
            assert_eq!(*left == Leftover::Moved, entry.uuid == source.uuid, "{context}");
            let there = stage.drive.entry(&entry.space, &entry.id).await.unwrap();
            assert_eq!((&there.name, &there.parent), (&entry.name, &entry.parent), "{context}");
            assert!(error.to_string().contains(entry.uuid.as_str()), "{error}");
            lefts.insert(*left);
        }
    }
    assert_eq!(lefts, [Leftover::Moved, Leftover::Copy, Leftover::Folder].into(), "each is met");
}

/// All that is really there, by path.
async fn real(stage: &Stage) -> Vec<String> {
    let paths = Drive::new(stage.drive.client()).paths(&stage.root.space);
    let mut found = Vec::new();
    let mut folders = vec!["/".to_owned()];
    while let Some(folder) = folders.pop() {
        for entry in paths.children(&folder).await.unwrap() {
            let path = format!("{}/{}", folder.trim_end_matches('/'), entry.name);
            if entry.is_folder() {
                folders.push(path.clone());
            }
            found.push(path);
        }
    }
    found.sort_unstable();
    found
}
