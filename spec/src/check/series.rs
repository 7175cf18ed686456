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
            token(workspace, file, page, findings);
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
            handed_over(workspace, family, tasks, findings);
        }
    }
}

/// The token of the next page is handed over as it came.
fn token(workspace: &Workspace<'_>, file: &OperationFile<'_>, page: &Page, findings: &mut Vec<Finding>) {
    let next = page.next.as_ref().unwrap_or(&page.token);
    let parameter = file.parameters().find(|site| site.wire == page.token);
    let field = file.answer().find(|site| site.wire == *next);
    if let (Some(parameter), Some(field)) = (parameter, field)
        && let (Some(wanted), Some(found)) = (&parameter.field.kind, &field.field.kind)
        && wanted != found
        && [parameter, field].iter().all(|site| !Kind::of(site.field, workspace).is_unknown())
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

/// What an operation with a task hands to the one that reads tasks: the id, and the operator.
fn handed_over(workspace: &Workspace<'_>, family: &FamilyFile<'_>, tasks: &Tasks, findings: &mut Vec<Finding>) {
    let operations = || workspace.operations.iter().filter(|file| file.folder == family.folder);
    let Some(reader) = operations().find(|file| file.operation.operation == tasks.operation) else { return };
    let operator = reader.operation.operator.as_deref();
    let needed =
        reader.fields.iter().find(|site| Some(site.wire) == operator && site.is_parameter() && site.is_required());
    for file in operations().filter(|file| file.operation.task.is_some()) {
        let Some(task) = &file.operation.task else { continue };
        let has = |wire: &str| file.parameters().any(|site| site.wire == wire && site.section == Section::Query);
        if let Some(site) = needed.filter(|site| !has(site.wire) && !file.may_lack_parameters()) {
            let message =
                format!("`{}` reads this task with `{}`, which no query of this call has", tasks.operation, site.wire);
            let finding = Finding::new(Code::WrongFieldType, file.document.value(&["task"]), message);
            findings.push(finding.also(site.key(), "needed here").resting_on(&reader.document.source));
        }
        let wanted = reader.operation.path.get(&tasks.id).and_then(|id| shared_id(id, workspace));
        let given = task_field(&file.operation.response, task, workspace).and_then(|id| shared_id(id, workspace));
        if let (Some(wanted), Some(given)) = (wanted, given)
            && wanted != given
        {
            let message = format!("the task is named by a `{given}`, but `{}` reads a `{wanted}`", tasks.operation);
            let finding = Finding::new(Code::WrongFieldType, file.document.value(&["task"]), message);
            let finding = finding.also(reader.document.value(&["path", &tasks.id, "type"]), "read here");
            findings.push(finding.resting_on(&reader.document.source));
        }
    }
}

/// The name of the type of an id, unless it is a plain text or number, which may be any id.
fn shared_id<'a>(field: &'a Field, workspace: &Workspace<'a>) -> Option<&'a str> {
    matches!(Kind::of(field, workspace), Kind::Id).then(|| field.kind.as_ref().map(TypeRef::name)).flatten()
}

/// The field that `task` leads to, directly or in the elements of a list.
fn task_field<'a>(answer: &'a Map<Field>, task: &str, workspace: &Workspace<'a>) -> Option<&'a Field> {
    let Some((list, id)) = task.split_once('.') else { return answer.get(task) };
    match Kind::of(answer.get(list)?, workspace) {
        Kind::List(element) => match *element {
            Kind::Object(fields) => fields.get(id),
            _ => None,
        },
        _ => None,
    }
}

/// Whoever waits for a task reads it with every set of features, from one object with a status.
fn reader(workspace: &Workspace<'_>, family: &FamilyFile<'_>, tasks: &Tasks, findings: &mut Vec<Finding>) {
    let operations = || workspace.operations.iter().filter(|file| file.folder == family.folder);
    let Some(file) = operations().find(|file| file.operation.operation == tasks.operation) else { return };
    let mut refuse = |key: &str, message: String| {
        let finding = Finding::new(Code::WrongFieldType, family.document.value(&["tasks", key]), message);
        findings.push(finding.resting_on(&file.document.source));
    };
    if file.operation.status != Status::Current && !file.document.value(&["status"]).broken {
        refuse("operation", format!("`{}` is not current, so it is not there with every feature", tasks.operation));
    }
    if workspace.takes_token_of_a_person(file) && !file.document.value(&["token"]).broken {
        refuse("operation", format!("`{}` needs the token of a person, and who waits has none", tasks.operation));
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
    let id = file.operation.path.get(&tasks.id).map(|id| (id, Kind::of(id, workspace)));
    if let Some((_, kind)) = id.filter(|(_, kind)| !kind.is_unknown() && !kind.is_name()) {
        let described = kind.describe();
        refuse("id", format!("a task is named by a string, a number or an id, but `{}` is {described}", tasks.id));
    }
    let fields: &Map<Field> = &file.operation.response;
    let Some(task) = &tasks.task else { return };
    match fields.get(task).map(|field| Kind::of(field, workspace)) {
        Some(Kind::Object(_) | Kind::Unknown) | None => {}
        Some(kind) => refuse("task", format!("a task is an object, but `{task}` is {}", kind.describe())),
    }
}
