//! Work that goes on after an answer.

use dingtalk_storage_spec::{OperationSpec, Spec, model};

use super::lookup;
use super::types::Scope;
use crate::error::Error;
use crate::ir::{Field, Task, TaskReader};
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
    let task = reader.response.get(&tasks.task).ok_or_else(|| scope.undefined(&tasks.task))?;
    Ok(Some(Task {
        id,
        module: names::module(&reader.operation),
        operation: reader.operation.clone(),
        parameter: tasks.id.clone(),
        operator: reader.operator.clone(),
        status: (rust_name(&tasks.task, task), names::snake(&tasks.status)),
    }))
}

/// What an operation tells about a task, if it is the one of its family that reads them.
pub fn lower_reader(family: &model::Family, operation: &model::Operation) -> Option<TaskReader> {
    let tasks = family.tasks.as_ref().filter(|tasks| tasks.operation == operation.operation)?;
    let task = operation.response.get(&tasks.task)?;
    Some(TaskReader {
        parameter: tasks.id.clone(),
        status: (rust_name(&tasks.task, task), names::snake(&tasks.status)),
    })
}

/// The operation that reads a task.
fn reader<'a>(spec: &'a Spec, family: &model::Family, tasks: &model::Tasks) -> Option<&'a model::Operation> {
    let family = spec.families.iter().find(|other| other.family.family == family.family)?;
    let is_reader = |item: &&OperationSpec| item.operation.operation == tasks.operation;
    family.operations.iter().find(is_reader).map(|item| &item.operation)
}

fn rust_name(wire: &str, field: &model::Field) -> String {
    field.rust.clone().unwrap_or_else(|| names::snake(wire))
}
