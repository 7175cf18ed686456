//! Work that goes on after an answer: where its id is, and how to ask for it.

use crate::codes::Code;
use crate::finding::Finding;
use crate::model::{Field, Map, Tasks};
use crate::naming;
use crate::suggest::did_you_mean;

use super::Workspace;
use super::kind::Kind;
use super::workspace::{FamilyFile, OperationFile};

pub(super) fn check(workspace: &Workspace<'_>, findings: &mut Vec<Finding>) {
    for file in &workspace.operations {
        if let Some(task) = &file.operation.task {
            task_id(workspace, file, task, findings);
        }
    }
    for family in &workspace.families {
        if let Some(tasks) = &family.family.tasks {
            reader(workspace, family, tasks, findings);
        }
    }
}

/// `task` leads to a field of the answer, or to one in each element of a list: `results.taskId`.
fn task_id(workspace: &Workspace<'_>, file: &OperationFile<'_>, task: &str, findings: &mut Vec<Finding>) {
    if file.document.is_broken(&["response"]) {
        return;
    }
    let place = file.document.value(&["task"]);
    match follow(&file.operation.response, task, workspace) {
        Err(lost) => {
            let message = format!("`task` leads to `{task}`, but the answer has no field `{}` there", lost.name);
            findings.push(Finding::new(Code::UnknownField, place, message).maybe_help(lost.help()));
        }
        Ok(kind) if !kind.is_unknown() && !kind.is_name() => {
            let described = kind.describe();
            let message = format!("`task` has to name a string, a number or an id, but `{task}` is {described}");
            findings.push(Finding::new(Code::WrongFieldType, place, message));
        }
        Ok(_) => {}
    }
}

/// The operation of a family that reads tasks has the fields that the family names.
fn reader(workspace: &Workspace<'_>, family: &FamilyFile<'_>, tasks: &Tasks, findings: &mut Vec<Finding>) {
    let place = |key: &str| family.document.value(&["tasks", key]);
    let operations = || workspace.operations.iter().filter(|file| file.folder == family.folder);
    let Some(file) = operations().find(|file| file.operation.operation == tasks.operation) else {
        let renamed = operations().any(|file| file.document.value(&["operation"]).broken);
        if workspace.complete && !renamed {
            let names = operations().map(|file| file.operation.operation.as_str());
            let message = format!("the family has no operation `{}`", tasks.operation);
            let finding = Finding::new(Code::UnknownField, place("operation"), message);
            let finding = finding.maybe_help(did_you_mean(&tasks.operation, names));
            // The file that is called after it may have another operation by mistake.
            let file = operations().find(|file| file.stem == naming::operation(&tasks.operation));
            findings.push(match file {
                Some(file) => finding.resting_on(&file.document.source),
                None => finding,
            });
        }
        return;
    };
    let mut found = Vec::new();
    if file.operation.path.contains_key(&tasks.id) {
        needs_no_more(family, file, tasks, &mut found);
    } else if !file.document.is_broken(&["path"]) {
        let help = did_you_mean(&tasks.id, file.operation.path.keys().map(String::as_str));
        let message = format!("the path of `{}` has no parameter `{}`", tasks.operation, tasks.id);
        found.push(Finding::new(Code::UnknownField, place("id"), message).maybe_help(help));
    }
    if !file.document.is_broken(&["response"]) {
        status(workspace, family, file, tasks, &mut found);
    }
    // What the file of the operation lacks may be what was reported there.
    let task = tasks.task.as_ref().and_then(|task| file.operation.response.get(task)?.kind.as_ref());
    let defined = task.and_then(|kind| workspace.definition(kind.name())).map_or(file.document, |it| it.document);
    let resting = |finding: Finding| finding.resting_on(&file.document.source).resting_on(&defined.source);
    findings.extend(found.into_iter().map(resting));
}

/// Whoever waits for a task knows its id and who acts, and nothing else.
fn needs_no_more(family: &FamilyFile<'_>, file: &OperationFile<'_>, tasks: &Tasks, findings: &mut Vec<Finding>) {
    let operator = file.operation.operator.as_deref();
    let other = |wire: &str| wire != tasks.id && Some(wire) != operator;
    if let Some(site) = file.parameters().find(|site| site.is_required() && other(site.wire)) {
        let message = format!("`{}` needs `{}`, too, beyond the id and the operator", tasks.operation, site.wire);
        let finding = Finding::new(Code::WrongFieldType, family.document.value(&["tasks", "operation"]), message);
        findings.push(finding.also(site.key(), "this parameter"));
    }
}

fn status(
    workspace: &Workspace<'_>,
    family: &FamilyFile<'_>,
    file: &OperationFile<'_>,
    tasks: &Tasks,
    findings: &mut Vec<Finding>,
) {
    let answer = &file.operation.response;
    let dotted = [("task", tasks.task.as_deref()), ("status", Some(tasks.status.as_str()))];
    if let Some((key, name)) =
        dotted.into_iter().find_map(|(key, name)| Some((key, name.filter(|it| it.contains('.'))?)))
    {
        let message = format!("`{key}` names one field, and `{name}` is a way through several");
        let finding = Finding::new(Code::UnknownField, family.document.value(&["tasks", key]), message);
        findings.push(finding.help("name the object with the status under `task`, and its field under `status`"));
        return;
    }
    let path = match &tasks.task {
        Some(task) => format!("{task}.{}", tasks.status),
        None => tasks.status.clone(),
    };
    match follow(answer, &path, workspace) {
        Err(lost) => {
            let is_task = tasks.task.as_ref().is_some_and(|task| !answer.contains_key(task));
            let key = if is_task { "task" } else { "status" };
            let message = format!("the answer of `{}` has no field `{}` there", tasks.operation, lost.name);
            let finding = Finding::new(Code::UnknownField, family.document.value(&["tasks", key]), message);
            findings.push(finding.maybe_help(lost.help()));
        }
        Ok(kind @ (Kind::Enum(_) | Kind::Text | Kind::Int32 | Kind::Int64 | Kind::Uint64)) => {
            ends(workspace, family, tasks, &kind, findings);
        }
        Ok(Kind::Unknown) => {}
        Ok(kind) => {
            let message = format!("a status is an enum, a string or a number, but `{path}` is {}", kind.describe());
            let place = family.document.value(&["tasks", "status"]);
            findings.push(Finding::new(Code::WrongFieldType, place, message));
        }
    }
}

/// The values that end a task are values that its status can have, and each ends it in one way.
fn ends(
    workspace: &Workspace<'_>,
    family: &FamilyFile<'_>,
    tasks: &Tasks,
    status: &Kind<'_>,
    findings: &mut Vec<Finding>,
) {
    let mut refuse = |path: &[&str], message: String, help: Option<String>| {
        let path: Vec<&str> = ["tasks"].iter().chain(path).copied().collect();
        let place = family.document.value(&path);
        findings.push(Finding::new(Code::WrongFieldType, place, message).maybe_help(help));
    };
    for (key, values) in [("succeeded", &tasks.succeeded), ("failed", &tasks.failed)] {
        for (index, value) in values.iter().enumerate() {
            let at = [key, &index.to_string()];
            match status {
                Kind::Enum(known) if !known.contains_key(value) => {
                    let help = workspace.did_you_mean(value, known);
                    if family.document.has(&["tasks", key]) {
                        refuse(&at, format!("`{key}` has `{value}`, which is no value of the status"), help);
                    } else {
                        let message =
                            format!("without `{key}`, `{value}` ends a task, which is no value of the status");
                        refuse(
                            &at,
                            message,
                            Some(format!("list the values under `{key}`, for example `{key}: [DONE]`")),
                        );
                    }
                }
                // Texts are compared, so that it has to be written as the server's number is.
                Kind::Int32 if value.parse::<i32>().is_ok_and(|number| number.to_string() == *value) => {}
                Kind::Int64 if value.parse::<i64>().is_ok_and(|number| number.to_string() == *value) => {}
                Kind::Uint64 if value.parse::<u64>().is_ok_and(|number| number.to_string() == *value) => {}
                Kind::Int32 | Kind::Int64 | Kind::Uint64 => {
                    let help = format!("list the numbers under `{key}`, each in quotes");
                    refuse(
                        &at,
                        format!("the status is a number, and `{value}` is none as a server writes it"),
                        Some(help),
                    );
                }
                _ => {}
            }
        }
    }
    if tasks.succeeded.is_empty() {
        refuse(&["succeeded"], "nothing ends a task well, so that every wait would be in vain".to_owned(), None);
    }
    if let Some((index, value)) = tasks.failed.iter().enumerate().find(|(_, value)| tasks.succeeded.contains(value)) {
        refuse(&["failed", &index.to_string()], format!("`{value}` ends a task well and badly"), None);
    }
}

/// A name that leads nowhere, and the names that would.
struct Lost<'a> {
    name: &'a str,
    known: Vec<&'a str>,
}

impl Lost<'_> {
    fn help(&self) -> Option<String> {
        did_you_mean(self.name, self.known.iter().copied())
    }
}

/// What a path leads to, through objects and the elements of lists. What is not defined leads anywhere.
fn follow<'a>(fields: &'a Map<Field>, path: &'a str, workspace: &Workspace<'a>) -> Result<Kind<'a>, Lost<'a>> {
    let mut fields = Some(fields);
    let mut kind = Kind::Unknown;
    for name in path.split('.') {
        let Some(field) = fields.and_then(|fields| fields.get(name)) else {
            return Err(Lost {
                name,
                known: fields.iter().flat_map(|fields| fields.keys()).map(String::as_str).collect(),
            });
        };
        kind = Kind::of(field, workspace);
        fields = match &kind {
            Kind::Unknown => return Ok(kind),
            Kind::Object(inner) => Some(inner),
            Kind::List(element) => match &**element {
                Kind::Unknown => return Ok(Kind::Unknown),
                Kind::Object(inner) => Some(inner),
                _ => None,
            },
            _ => None,
        };
    }
    Ok(kind)
}
