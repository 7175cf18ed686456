//! Names of files and folders, and files that have to be there.

use std::collections::{BTreeMap, BTreeSet};

use crate::codes::Code;
use crate::finding::{Finding, Place};
use crate::naming;
use crate::source;

use super::Workspace;
use super::workspace::OperationFile;

pub(super) fn check(workspace: &Workspace<'_>, findings: &mut Vec<Finding>) {
    missing_files(workspace, findings);
    for file in &workspace.families {
        let folder = format!("api/{}/", file.folder);
        if workspace.paths.iter().filter(|path| path.starts_with(&folder)).count() == 1 {
            let message = format!("the family `{}` has no operation", file.folder);
            let finding = Finding::new(Code::EmptyType, file.document.value(&["family"]), message);
            findings.push(finding.help("add one to its folder, or delete the folder"));
        }
        if file.family.family != file.folder {
            let message = format!("the family is called `{}`, its folder `{}`", file.family.family, file.folder);
            findings.push(Finding::new(Code::FolderName, file.document.value(&["family"]), message));
        }
    }
    let mut names: BTreeMap<(&str, String), Vec<&OperationFile<'_>>> = BTreeMap::new();
    for file in &workspace.operations {
        names.entry((file.folder, naming::operation(&file.operation.operation))).or_default().push(file);
    }
    for ((_, name), files) in names {
        operations_of_one_name(&name, &files, findings);
    }
}

fn missing_files(workspace: &Workspace<'_>, findings: &mut Vec<Finding>) {
    if workspace.paths.contains(source::ROOT) {
        return;
    }
    let folders: BTreeSet<&str> = workspace.operations.iter().map(|file| file.folder).collect();
    let purpose = "it says what the operations of the folder have in common";
    let families = folders.iter().map(|folder| (format!("api/{folder}/family.yaml"), purpose));
    let fixed = [
        ("groups.yaml".to_owned(), "it lists the chapters of the documentation"),
        ("errors.yaml".to_owned(), "it says what the error codes mean"),
    ];
    for (path, purpose) in families.chain(fixed) {
        if !workspace.paths.contains(path.as_str()) {
            let message = format!("the file `{path}` is missing");
            findings.push(Finding::new(Code::MissingFile, Place::file(&path), message).help(purpose));
        }
    }
}

/// The file that is named after the operation is the first definition, wherever it stands in the alphabet.
fn operations_of_one_name(name: &str, files: &[&OperationFile<'_>], findings: &mut Vec<Finding>) {
    let Some(first) = files.iter().find(|file| file.stem == name).or(files.first()) else { return };
    if first.stem != name {
        let message = format!("the file is called `{}.yaml`, but its operation belongs into `{name}.yaml`", first.stem);
        let place = first.document.value(&["operation"]);
        findings.push(Finding::new(Code::FileName, place, message).help("rename the file, or correct the operation"));
    }
    for file in files.iter().filter(|file| file.stem != first.stem) {
        let message = format!("the operation `{}` is defined twice in `{}`", file.operation.operation, file.folder);
        let finding = Finding::new(Code::DuplicateOperation, file.document.value(&["operation"]), message)
            .label("again")
            .also(first.document.value(&["operation"]), "first defined here");
        findings.push(finding);
    }
}
