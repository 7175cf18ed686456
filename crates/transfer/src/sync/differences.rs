//! Where two trees differ.

use std::collections::{BTreeMap, BTreeSet};

use super::names::Holder;
use super::plan::{PlannedFolder, Refused, SyncDirection};
use super::tree::{File, Folder, Tree, folded, join};
use crate::{Category, Entry};

/// What is looked for.
#[derive(Debug, Clone, Copy)]
#[allow(clippy::struct_excessive_bools, reason = "each is one wish of the caller")]
pub(super) struct Scope {
    pub(super) direction: SyncDirection,
    /// Whether what the other side does not have is to go.
    pub(super) delete: bool,
    /// Whether what the filter keeps out is to go as well.
    pub(super) delete_excluded: bool,
    /// Whether folders are made that have no file.
    pub(super) empty_folders: bool,
    /// Whether the side that is changed takes capital and small letters for the same.
    pub(super) ignores_case: bool,
}

/// Where two trees differ.
#[derive(Debug, Default)]
pub(super) struct Differences {
    /// Files that both sides have.
    pub(super) pairs: Vec<Task>,
    /// Files that the side that is changed does not have.
    pub(super) new: Vec<Task>,
    /// Folders that it does not have, each after the one that holds it.
    pub(super) folders: Vec<NewFolder>,
    /// Files that it has and the other side does not.
    pub(super) gone: Vec<Gone>,
    /// Folders that are empty when those are gone, each before the one that holds it.
    pub(super) gone_folders: Vec<Gone>,
    pub(super) refused: Vec<Refused>,
}

/// A file that may have to be transferred.
#[derive(Debug, Clone)]
pub(super) struct Task {
    pub(super) path: String,
    /// Path on this machine.
    pub(super) local: String,
    /// Name on the side that is changed.
    pub(super) name: String,
    pub(super) folder: PlannedFolder,
    pub(super) source: File,
    pub(super) target: Option<File>,
}

#[derive(Debug, Clone)]
pub(super) struct NewFolder {
    pub(super) path: String,
    pub(super) local: String,
    pub(super) name: String,
    /// That holds it.
    pub(super) folder: PlannedFolder,
}

/// Something that the other side does not have.
#[derive(Debug, Clone)]
pub(super) struct Gone {
    pub(super) path: String,
    /// Path on this machine.
    pub(super) local: String,
    pub(super) name: String,
    pub(super) folder: PlannedFolder,
    pub(super) file: Option<File>,
    pub(super) entry: Option<Entry>,
    /// Folder of the other side in which a name is missing, and which.
    pub(super) missing: (Option<Entry>, String),
}

/// A folder on both sides.
#[derive(Debug, Clone)]
struct Place {
    path: String,
    local: String,
    folder: PlannedFolder,
}

/// Compares two trees, by names alone.
pub(super) fn differences(source: &Tree, target: &Tree, scope: Scope) -> Differences {
    let mut comparing = Comparing { scope, found: Differences::default() };
    let drive = if scope.direction == SyncDirection::Up { &target.root } else { &source.root };
    let folder = planned("", drive.entry.as_ref());
    let place = Place { path: String::new(), local: String::new(), folder };
    comparing.compare(&source.root, Some(&target.root), &place);
    comparing.found.refused.extend(source.refused.iter().cloned());
    // What nobody can read may hide something; else, what only the target has is none of the source's.
    let unreadable = Some(Category::Local.name());
    comparing.found.refused.extend(target.refused.iter().cloned().map(|refused| {
        let category = refused.category.filter(|category| Some(category.as_str()) == unreadable);
        Refused { category, ..refused }
    }));
    comparing.found
}

fn planned(path: &str, entry: Option<&Entry>) -> PlannedFolder {
    PlannedFolder { path: path.to_owned(), ids: entry.map(|entry| (entry.id.clone(), entry.uuid.clone())) }
}

struct Comparing {
    scope: Scope,
    found: Differences,
}

impl Comparing {
    fn compare(&mut self, source: &Folder, target: Option<&Folder>, place: &Place) {
        let nothing = Folder::default();
        let there = target.unwrap_or(&nothing);
        let matches = Matches::of(source, there, self.scope.ignores_case);
        for (name, file) in &source.files {
            self.file(name, file, there, &matches, place);
        }
        for (name, folder) in &source.folders {
            self.folder(name, folder, there, &matches, place);
        }
        if self.scope.delete {
            self.vanished(source, there, &matches, place);
        }
    }

    fn file(&mut self, name: &str, file: &File, there: &Folder, matches: &Matches, place: &Place) {
        let path = join(&place.path, name);
        let found = match matches.find(name, there) {
            Ok(found) => found,
            Err(reason) => return self.refuse(path, reason, Category::Conflict),
        };
        let target = found.and_then(|found| there.files.get(found).or_else(|| there.veiled.get(found)));
        if found.is_some() && target.is_none() {
            return self.refuse(path, "it is a file on one side and a folder on the other", Category::Conflict);
        }
        let written = match target {
            Some(target) => target.name.clone(),
            None => match self.holder().write(name) {
                Ok(written) => written,
                Err(reason) => return self.refuse(path, reason, Category::Usage),
            },
        };
        let on_this_machine = if self.scope.direction == SyncDirection::Up { &file.name } else { &written };
        let task = Task {
            path,
            local: join(&place.local, on_this_machine),
            name: written,
            folder: place.folder.clone(),
            source: file.clone(),
            target: target.cloned(),
        };
        let tasks = if task.target.is_some() { &mut self.found.pairs } else { &mut self.found.new };
        tasks.push(task);
    }

    fn folder(&mut self, name: &str, folder: &Folder, there: &Folder, matches: &Matches, place: &Place) {
        let path = join(&place.path, name);
        let found = match matches.find(name, there) {
            Ok(found) => found,
            Err(reason) => return self.refuse(path, reason, Category::Conflict),
        };
        let target = found.and_then(|found| there.folders.get(found));
        if found.is_some() && target.is_none() {
            return self.refuse(path, "it is a folder on one side and a file on the other", Category::Conflict);
        }
        let written = match target {
            Some(target) => target.name.clone(),
            None => match self.holder().write(name) {
                Ok(written) => written,
                Err(reason) => return self.refuse(path, reason, Category::Usage),
            },
        };
        let (on_this_machine, on_the_drive) = match self.scope.direction {
            SyncDirection::Up => (&folder.name, target.and_then(|target| target.entry.as_ref())),
            SyncDirection::Down => (&written, folder.entry.as_ref()),
        };
        let local = join(&place.local, on_this_machine);
        if target.is_none() {
            if !self.scope.empty_folders && folder.count() == 0 {
                return;
            }
            let (path, local, folder) = (path.clone(), local.clone(), place.folder.clone());
            self.found.folders.push(NewFolder { path, local, name: written.clone(), folder });
        }
        let inner = Place { folder: planned(&path, on_the_drive), path, local };
        self.compare(folder, target, &inner);
    }

    /// What is there and not here.
    fn vanished(&mut self, source: &Folder, there: &Folder, matches: &Matches, place: &Place) {
        let excluded = self.scope.delete_excluded;
        let is_kept = |name: &str| {
            let here = matches.of_target.get(name).map_or(name, String::as_str);
            source.files.contains_key(here)
                || source.folders.contains_key(here)
                || source.is_untouchable(here)
                || (source.veiled.contains_key(here) && !excluded)
        };
        let veiled = there.veiled.iter().filter(|_| excluded);
        for (name, file) in there.files.iter().chain(veiled).filter(|(name, _)| !is_kept(name)) {
            let missing = (source.entry.clone(), name.clone());
            self.gone_file(name, file, place, &missing);
        }
        for (name, folder) in there.folders.iter().filter(|(name, _)| !is_kept(name)) {
            let missing = (source.entry.clone(), name.clone());
            self.gone_folder(name, folder, place, &missing);
        }
    }

    fn gone_file(&mut self, name: &str, file: &File, place: &Place, missing: &(Option<Entry>, String)) {
        self.found.gone.push(Gone {
            path: join(&place.path, name),
            local: join(&place.local, &file.name),
            name: file.name.clone(),
            folder: place.folder.clone(),
            file: Some(file.clone()),
            entry: file.entry.clone(),
            missing: missing.clone(),
        });
    }

    /// All of a folder; returns whether nothing of it stays.
    fn gone_folder(&mut self, name: &str, folder: &Folder, place: &Place, missing: &(Option<Entry>, String)) -> bool {
        let path = join(&place.path, name);
        let local = join(&place.local, &folder.name);
        let inner = Place { folder: planned(&path, folder.entry.as_ref()), path, local };
        for (name, file) in &folder.files {
            self.gone_file(name, file, &inner, missing);
        }
        let mut is_empty = folder.untouchable.is_empty();
        for (name, folder) in &folder.folders {
            is_empty &= self.gone_folder(name, folder, &inner, missing);
        }
        if self.scope.delete_excluded {
            for (name, file) in &folder.veiled {
                self.gone_file(name, file, &inner, missing);
            }
        } else {
            is_empty &= folder.veiled.is_empty();
        }
        if is_empty {
            self.found.gone_folders.push(Gone {
                path: inner.path,
                local: inner.local,
                name: folder.name.clone(),
                folder: place.folder.clone(),
                file: None,
                entry: folder.entry.clone(),
                missing: missing.clone(),
            });
        }
        is_empty
    }

    /// The side that is changed.
    fn holder(&self) -> Holder {
        match self.scope.direction {
            SyncDirection::Up => Holder::Drive,
            SyncDirection::Down => Holder::here(),
        }
    }

    fn refuse(&mut self, path: String, reason: &str, category: Category) {
        self.found.refused.push(Refused::new(path, reason, Some(category)));
    }
}

/// Names of two folders that mean the same although they differ.
struct Matches {
    of_source: BTreeMap<String, String>,
    of_target: BTreeMap<String, String>,
    /// Names of the source of which the other side can hold one alone.
    clashing: BTreeSet<String>,
}

impl Matches {
    /// The name of something there, or why it cannot be there.
    fn find<'a>(&'a self, name: &'a str, there: &Folder) -> Result<Option<&'a str>, &'static str> {
        if self.clashing.contains(name) {
            return Err("other names differ from it in letters that the other side takes for the same");
        }
        let found = self.of_source.get(name).map_or(name, String::as_str);
        if there.is_untouchable(found) {
            return Err("what has its name on the other side is left alone");
        }
        Ok(there.has(found).then_some(found))
    }

    fn of(source: &Folder, target: &Folder, ignores_case: bool) -> Self {
        let fold = |folder: &Folder| {
            let mut folds: BTreeMap<String, Vec<String>> = BTreeMap::new();
            for name in folder.names() {
                folds.entry(folded(name, ignores_case)).or_default().push(name.clone());
            }
            folds
        };
        let (sources, targets) = (fold(source), fold(target));
        let mut matches = Self { of_source: BTreeMap::new(), of_target: BTreeMap::new(), clashing: BTreeSet::new() };
        for (folded, names) in sources {
            if ignores_case && names.len() > 1 {
                matches.clashing.extend(names);
                continue;
            }
            // Where several could be meant, only the same letters are the same.
            if let ([here], Some([there])) = (names.as_slice(), targets.get(&folded).map(Vec::as_slice))
                && here != there
            {
                matches.of_source.insert(here.clone(), there.clone());
                matches.of_target.insert(there.clone(), here.clone());
            }
        }
        matches
    }
}
