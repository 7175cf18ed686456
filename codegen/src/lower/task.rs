//! Work that goes on after an answer.

use dingtalk_storage_spec::{OperationSpec, Spec, model};

use super::lookup;
use super::types::Scope;
use crate::error::Error;
use crate::ir::{Field, Step, Task, TaskReader, TaskStatus};
use crate::names;

/// The tasks that an operation may leave behind; none where the family does not say how to ask for them.
pub fn lower(
    scope: &mut Scope<'_>,
    family: &model::Family,
    operation: &model::Operation,
    fields: &[Field],
) -> Result<Option<Task>, Error> {
    let (Some(path), Some(tasks)) = (&operation.task, &family.tasks) else { return Ok(None) };
    let id = match path.split_once('.') {
        None => vec![lookup::field(scope, fields, path)?],
        Some((list, name)) => {
            let list = lookup::field(scope, fields, list)?;
            let id = lookup::field_of_element(scope, &list, name)?;
            vec![list, id]
        }
    };
    let reader = reader(scope.spec, family, tasks).ok_or_else(|| scope.undefined(&tasks.operation))?;
    let status = status(scope.spec, tasks, reader).ok_or_else(|| scope.undefined(&tasks.status))?;
    Ok(Some(Task {
        id,
        module: names::module(&reader.operation),
        operation: reader.operation.clone(),
        parameter: tasks.id.clone(),
        operator: reader.operator.clone(),
        status,
    }))
}

/// What an operation tells about a task, if it is the one of its family that reads them.
pub fn lower_reader(spec: &Spec, family: &model::Family, operation: &model::Operation) -> Option<TaskReader> {
    let tasks = family.tasks.as_ref().filter(|tasks| tasks.operation == operation.operation)?;
    Some(TaskReader { parameter: tasks.id.clone(), status: status(spec, tasks, operation)? })
}

/// The way to the status of a task.
fn status(spec: &Spec, tasks: &model::Tasks, reader: &model::Operation) -> Option<TaskStatus> {
    let (task, fields) = match &tasks.task {
        None => (None, &reader.response),
        Some(wire) => {
            let task = reader.response.get(wire)?;
            let shared = task.kind.as_ref().and_then(|kind| spec.types.get(kind.name()));
            let fields = shared.and_then(|shared| shared.def.fields.as_ref()).unwrap_or(&task.fields);
            (Some(step(wire, task)), fields)
        }
    };
    Some(TaskStatus {
        task,
        status: step(&tasks.status, fields.get(&tasks.status)?),
        succeeded: tasks.succeeded.clone(),
        failed: tasks.failed.clone(),
    })
}

/// The operation that reads a task.
fn reader<'a>(spec: &'a Spec, family: &model::Family, tasks: &model::Tasks) -> Option<&'a model::Operation> {
    let family = spec.families.iter().find(|other| other.family.family == family.family)?;
    let is_reader = |item: &&OperationSpec| item.operation.operation == tasks.operation;
    family.operations.iter().find(is_reader).map(|item| &item.operation)
}

fn step(wire: &str, field: &model::Field) -> Step {
    Step { rust: field.rust.clone().unwrap_or_else(|| names::snake(wire)), always: field.always }
}
