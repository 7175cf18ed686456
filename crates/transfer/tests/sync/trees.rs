//! Two trees to be made equal, and what they have in them.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use dingtalk_storage_emulator::Counts;
use dingtalk_storage_transfer::{Drive, Entry, Plan, Report, TreeSync};

use crate::stage::{PART, Stage};

/// 2026-01-01.
pub const NEW_YEAR: u64 = 1_767_225_600;

/// A folder of this machine, and one of the drive.
pub struct Trees {
    pub stage: Stage,
    pub folder: Entry,
}

/// Paths with their content; folders end with a slash.
pub type Content = BTreeMap<String, String>;

impl Trees {
    /// Two empty trees; files above one smallest part go in parts.
    pub async fn new() -> Self {
        let stage = Stage::with(|drive| drive.single_put(PART).part_size(PART)).await;
        let folder = stage.drive.make_folder(&stage.root, "tree").await.unwrap();
        stage.emulator.clear_journal();
        Self { stage, folder }
    }

    /// The local tree has files, and the drive has what a sync brought there.
    pub async fn equal(files: &[(&str, &str)]) -> Self {
        let trees = Self::new().await;
        for (path, content) in files {
            trees.write(path, content);
        }
        trees.run(trees.up()).await;
        trees.stage.emulator.clear_journal();
        trees
    }

    pub fn local(&self) -> &Path {
        self.stage.local.path()
    }

    pub fn up(&self) -> TreeSync {
        self.stage.drive.sync(self.local()).to(&self.folder)
    }

    pub fn down(&self) -> TreeSync {
        self.stage.drive.sync(&self.folder).to(self.local())
    }

    /// Plans and carries out; all has to go well.
    pub async fn run(&self, sync: TreeSync) -> (Plan, Report) {
        let plan = sync.plan().await.unwrap();
        let report = self.stage.drive.execute(&plan).run().await.unwrap();
        assert!(report.failures().next().is_none(), "{report:#?}");
        (plan, report)
    }

    /// Nothing is left to do, and nothing is done.
    pub async fn is_settled(&self, sync: TreeSync) {
        self.stage.emulator.clear_journal();
        let (plan, report) = self.run(sync).await;
        assert!(plan.is_empty(), "{plan}");
        assert_eq!((plan.bytes(), report.all_calls(), self.effects()), (0, 0, BTreeMap::new()));
    }

    pub fn effects(&self) -> BTreeMap<String, usize> {
        let Counts { effects, .. } = self.stage.emulator.counts();
        let effects = effects.into_iter();
        effects.filter(|(what, count)| *count > 0 && what != "object.stored" && what != "part.stored").collect()
    }

    /// Writes a file of this machine, as of new year.
    pub fn write(&self, path: &str, content: &str) {
        write(self.local(), path, content);
    }

    /// Sets the time of a file, in seconds after new year.
    pub fn touch(&self, path: &str, seconds: u64) {
        touch(&self.local().join(path), seconds);
    }

    /// Stores a file in the drive as others do.
    pub async fn put(&self, path: &str, content: &str) -> Entry {
        let (above, name) = path.rsplit_once('/').unwrap_or(("", path));
        let paths = self.stage.drive.paths(&self.folder.space);
        let folder = paths.make_folders(&format!("/tree/{above}")).await.unwrap();
        let upload = self.stage.drive.upload(content.as_bytes().to_vec()).to(&folder).name(name);
        let upload = upload.on_conflict(dingtalk_storage::types::ConflictStrategy::Overwrite);
        upload.send().await.unwrap().entry
    }

    pub async fn entry(&self, path: &str) -> Entry {
        let paths = Drive::new(self.stage.drive.client()).paths(&self.folder.space);
        paths.resolve(&format!("/tree/{path}")).await.unwrap()
    }

    pub async fn remove(&self, path: &str) {
        self.stage.drive.remove(&self.entry(path).await).for_good().send().await.unwrap();
    }

    pub fn here(&self) -> Content {
        read(self.local())
    }

    pub async fn there(&self) -> Content {
        content(&self.stage.drive, &self.folder).await
    }

    /// Both trees have the same.
    pub async fn are_equal(&self) {
        let (here, there) = (self.here(), self.there().await);
        assert_eq!(here, there);
    }
}

pub fn write(root: &Path, path: &str, content: &str) {
    let full = root.join(path);
    if path.ends_with('/') {
        std::fs::create_dir_all(full).unwrap();
        return;
    }
    std::fs::create_dir_all(full.parent().unwrap()).unwrap();
    std::fs::write(&full, content).unwrap();
    touch(&full, 0);
}

pub fn touch(path: &Path, seconds: u64) {
    let file = std::fs::File::options().write(true).open(path).unwrap();
    file.set_modified(UNIX_EPOCH + Duration::from_secs(NEW_YEAR + seconds)).unwrap();
}

pub fn modified(path: &Path) -> SystemTime {
    std::fs::metadata(path).unwrap().modified().unwrap()
}

pub fn read(root: &Path) -> Content {
    fn add(folder: PathBuf, path: &str, found: &mut Content) {
        for entry in std::fs::read_dir(folder).unwrap() {
            let entry = entry.unwrap();
            let name = format!("{path}{}", entry.file_name().into_string().unwrap());
            match entry.file_type().unwrap() {
                kind if kind.is_dir() => {
                    found.insert(format!("{name}/"), String::new());
                    add(entry.path(), &format!("{name}/"), found);
                }
                kind if kind.is_file() => {
                    found.insert(name, String::from_utf8_lossy(&std::fs::read(entry.path()).unwrap()).into_owned());
                }
                _ => {}
            }
        }
    }
    let mut found = Content::new();
    add(root.to_owned(), "", &mut found);
    found
}

/// What is in a folder of the drive, by means that a sync does not use.
pub async fn content(drive: &Drive, folder: &Entry) -> Content {
    let drive = Drive::new(drive.client());
    let paths = drive.paths(&folder.space);
    let top = paths.path_of(&drive.entry(&folder.space, &folder.id).await.unwrap()).await.unwrap();
    let (mut found, mut folders) = (Content::new(), vec![String::new()]);
    while let Some(path) = folders.pop() {
        for entry in paths.children(&format!("{top}/{path}")).await.unwrap() {
            if entry.is_folder() {
                found.insert(format!("{path}{}/", entry.name), String::new());
                folders.push(format!("{path}{}/", entry.name));
            } else {
                let mut bytes = Vec::new();
                drive.download(&entry).to_writer(&mut bytes).await.unwrap();
                found.insert(format!("{path}{}", entry.name), String::from_utf8_lossy(&bytes).into_owned());
            }
        }
    }
    found
}
