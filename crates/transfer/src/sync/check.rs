//! Two trees compared, file by file.

use futures_util::{StreamExt, stream};

use super::TreeSync;
use super::compare::Verdict;
use super::differences::{Scope, Task, differences};
use super::execution::Failure;
use super::plan::Refused;
use super::planning::Sight;
use crate::Error;

/// How two trees compare.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct Comparison {
    /// Every file of either tree, by path.
    pub files: Vec<Checked>,
    /// What was not compared, and why.
    pub refused: Vec<Refused>,
    /// Why something may not have been seen; none where all was.
    pub gap: Option<String>,
    /// Calls that it took.
    pub calls: u64,
}

/// A file of one tree or of both.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct Checked {
    /// Path below both folders.
    pub path: String,
    /// Bytes; those of the source if it is there.
    pub size: u64,
    /// How it compares.
    pub state: FileState,
}

/// How a file compares.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum FileState {
    /// Both sides have the same.
    Same,
    /// Only the source has it.
    OnlySource,
    /// Only the target has it.
    OnlyTarget,
    /// Both sides have it, and not the same.
    Different,
    /// It could not be compared.
    Failed(Failure),
}

impl Comparison {
    /// Files in a state.
    #[must_use]
    pub fn count(&self, state: &FileState) -> usize {
        self.files.iter().filter(|file| file.state == *state).count()
    }

    /// Whether both sides are the same as far as anybody looks.
    #[must_use]
    pub fn is_same(&self) -> bool {
        self.gap.is_none() && self.files.iter().all(|file| file.state == FileState::Same)
    }
}

pub(super) async fn check(sync: TreeSync) -> Result<Comparison, Error> {
    let sight = Sight::of(&sync).await?;
    let scope = Scope { delete: true, delete_excluded: false, empty_folders: false, ..sight.scope(&sync) };
    let (source, target) = sight.source_and_target();
    let gap = source.gap.as_ref().or(target.gap.as_ref()).cloned();
    let found = differences(source, target, scope);
    let compare = sight.comparer(&sync);
    let at_once = compare.drive.settings().files_at_once;
    let of = |task: &Task, state| Checked { path: task.path.clone(), size: task.source.size, state };
    let mut files: Vec<Checked> = found.new.iter().map(|task| of(task, FileState::OnlySource)).collect();
    files.extend(found.gone.iter().map(|gone| Checked {
        path: gone.path.clone(),
        size: gone.file.as_ref().map_or(0, |file| file.size),
        state: FileState::OnlyTarget,
    }));
    let compared = stream::iter(found.pairs).map(|task| {
        let compare = &compare;
        async move {
            let state = match compare.verdict(&task).await {
                Ok(Verdict::Same | Verdict::OtherTime(_)) => FileState::Same,
                Ok(Verdict::Different) => FileState::Different,
                Err(error) => FileState::Failed(error.into()),
            };
            of(&task, state)
        }
    });
    files.extend(compared.buffer_unordered(at_once).collect::<Vec<_>>().await);
    files.sort_by(|one, other| one.path.cmp(&other.path));
    let calls = compare.drive.calls().count();
    Ok(Comparison { files, refused: found.refused, gap, calls })
}
