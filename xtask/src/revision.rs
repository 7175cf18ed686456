//! The repository as it was at a revision of git.

use std::path::Path;
use std::process::Command;

use dingtalk_storage_spec::{SourceTree, Spec, compile};

use crate::Failure;

/// A revision that git knows.
#[derive(Debug, Clone)]
pub struct Revision {
    /// As it was named.
    name: String,
    /// Its commit.
    commit: String,
}

impl Revision {
    /// The revision of a name, in the repository of a folder.
    pub fn of(folder: &Path, name: &str) -> Result<Self, Failure> {
        let wanted = format!("{name}^{{commit}}");
        let commit = git(folder, &["rev-parse", "--verify", "--quiet", "--end-of-options", &wanted])
            .map_err(|_| format!("error: git knows no revision `{name}`"))?;
        Ok(Self { name: name.to_owned(), commit: String::from_utf8(commit)?.trim().to_owned() })
    }

    /// The files of the spec as they were.
    pub fn tree(&self, folder: &Path) -> Result<SourceTree, Failure> {
        let files = self.files_at(folder)?;
        if files.is_empty() {
            return Err(format!("error: there is no spec in `{}`", self.name).into());
        }
        Ok(SourceTree::from_files(files))
    }

    /// The spec as it was, compiled with the compiler of today.
    pub fn compile(&self, tree: &SourceTree) -> Result<Spec, Failure> {
        compile(tree).map_err(|report| {
            let (report, name) = (report.render(false), &self.name);
            format!(
                "{report}\nerror: today's compiler does not accept the spec of `{name}`, so the two cannot be compared"
            )
            .into()
        })
    }

    /// A text file as it was, by its path below the folder.
    pub fn file(&self, folder: &Path, path: &str) -> Option<String> {
        String::from_utf8(git(folder, &["show", &format!("{}:./{path}", self.commit)]).ok()?).ok()
    }

    /// The paths of all files below the folder.
    pub fn paths(&self, folder: &Path) -> Result<Vec<String>, Failure> {
        let listed = git(folder, &["ls-tree", "-r", "-z", "--name-only", &self.commit, "--", "."])?;
        Ok(String::from_utf8(listed)?.split('\0').filter(|path| !path.is_empty()).map(str::to_owned).collect())
    }

    /// The YAML files below the folder, by their paths within it.
    fn files_at(&self, folder: &Path) -> Result<Vec<(String, Vec<u8>)>, Failure> {
        let paths = self.paths(folder)?;
        let yaml = paths.into_iter().filter(|path| Path::new(path).extension().is_some_and(|kind| kind == "yaml"));
        yaml.map(|path| {
            let content = git(folder, &["show", &format!("{}:./{path}", self.commit)])?;
            Ok((path, content))
        })
        .collect()
    }
}

/// What git writes when it runs in the folder.
fn git(folder: &Path, arguments: &[&str]) -> Result<Vec<u8>, Failure> {
    let mut command = Command::new("git");
    // The folder says which repository it is, also when a hook of another one runs this.
    for variable in ["GIT_DIR", "GIT_WORK_TREE", "GIT_INDEX_FILE", "GIT_PREFIX"] {
        command.env_remove(variable);
    }
    let output = command.arg("-C").arg(folder).args(arguments).output();
    let output = output.map_err(|error| format!("error: cannot run git: {error}"))?;
    if output.status.success() {
        return Ok(output.stdout);
    }
    let message = String::from_utf8_lossy(&output.stderr);
    Err(format!("error: `git {}` failed: {}", arguments.join(" "), message.trim()).into())
}
