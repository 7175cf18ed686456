//! Types of what goes from one call into the next: tokens of pages, ids of tasks.

use crate::codes::Code;
use crate::finding::Finding;
use crate::model::{Field, Map, Page, Status, Tasks, TypeRef};

use super::Workspace;
use super::kind::Kind;
use super::workspace::{FamilyFile, OperationFile, Section};

pub(super) fn check(workspace: &Workspace<'_>, findings: &mut Vec<Finding>) {
    for file in &workspace.operations {
        if let Some(page) = &file.operation.page {
            token(file, page, findings);
        }
        if let Some(batch) = file.operation.batch.as_ref().filter(|batch| batch.max == 0) {
            let message = format!("a batch of `{}` takes at least one element", batch.items);
            let place = file.document.value(&["batch", "max"]);
            findings.push(Finding::new(Code::ImpossibleRange, place, message));
        }
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

/// The token of the next page is handed over as it came.
fn token(file: &OperationFile<'_>, page: &Page, findings: &mut Vec<Finding>) {
    let next = page.next.as_ref().unwrap_or(&page.token);
    let parameter = file.parameters().find(|site| site.wire == page.token);
    let field = file.answer().find(|site| site.wire == *next);
    if let (Some(parameter), Some(field)) = (parameter, field)
        && let (Some(wanted), Some(found)) = (&parameter.field.kind, &field.field.kind)
        && wanted != found
    {
        let message = format!("the next page is asked for with {}, but `{next}` is {}", named(wanted), named(found));
        let role = if page.next.is_some() { "next" } else { "token" };
        let finding = Finding::new(Code::WrongFieldType, file.document.value(&["page", role]), message);
        findings.push(finding.also(field.at("type"), "this type").also(parameter.at("type"), "and this one"));
    }
}

fn named(reference: &TypeRef) -> String {
    format!("`{reference}`")
}

/// The id stands in the answer or in each element of a list of it, and is sent in a path.
fn task_id(workspace: &Workspace<'_>, file: &OperationFile<'_>, task: &str, findings: &mut Vec<Finding>) {
    let mut refuse = |message: String| {
        findings.push(Finding::new(Code::WrongFieldType, file.document.value(&["task"]), message));
    };
    let answer = &file.operation.response;
    let field = match task.split('.').collect::<Vec<_>>().as_slice() {
        [id] => answer.get(*id),
        [list, id] => match answer.get(*list).map(|field| Kind::of(field, workspace)) {
            Some(Kind::List(element)) => match *element {
                Kind::Object(fields) => fields.get(*id),
                _ => return,
            },
            Some(kind @ Kind::Object(_)) => {
                return refuse(format!("`{list}` has to be a list, but it is {}", kind.describe()));
            }
            _ => return,
        },
        _ => return refuse(format!("`{task}` leads too deep: a task is named by a field, or by a field of a list")),
    };
    if field.is_some_and(|field| is_secret(field, workspace)) {
        refuse(format!("`{task}` is secret, and the id of a task is shown"));
    }
}

fn is_secret(field: &Field, workspace: &Workspace<'_>) -> bool {
    let definition = field.kind.as_ref().and_then(|kind| workspace.definition(kind.name()));
    definition.is_some_and(|definition| definition.def.id.as_ref().is_some_and(|id| id.secret))
}

/// Whoever waits for a task reads it with every set of features, from one object with a status.
fn reader(workspace: &Workspace<'_>, family: &FamilyFile<'_>, tasks: &Tasks, findings: &mut Vec<Finding>) {
    let operations = || workspace.operations.iter().filter(|file| file.folder == family.folder);
    let Some(file) = operations().find(|file| file.operation.operation == tasks.operation) else { return };
    let mut refuse = |key: &str, message: String| {
        findings.push(Finding::new(Code::WrongFieldType, family.document.value(&["tasks", key]), message));
    };
    if file.operation.status != Status::Current && !file.document.value(&["status"]).broken {
        refuse("operation", format!("`{}` is not current, so it is not there with every feature", tasks.operation));
    }
    // Whoever waits hands the operator on from query to query.
    if let Some(operator) = &file.operation.operator
        && file.parameters().any(|site| site.wire == *operator && site.section != Section::Query)
    {
        refuse(
            "operation",
            format!("`{}` takes its operator `{operator}` elsewhere than in the query", tasks.operation),
        );
    }
    let fields: &Map<Field> = &file.operation.response;
    let Some(task) = &tasks.task else { return };
    match fields.get(task).map(|field| Kind::of(field, workspace)) {
        Some(Kind::Object(_) | Kind::Unknown) | None => {}
        Some(kind) => refuse("task", format!("a task is an object, but `{task}` is {}", kind.describe())),
    }
}
