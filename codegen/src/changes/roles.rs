//! Parameters and fields with a part to play: the operator, pages, batches, tasks.

use super::Kind;
use super::log::Log;
use super::operations::Seen;
use crate::ir::{Field, Operation, Tasks};
use crate::render::ty;

/// What plays a part: its name on the wire, and the Rust types that follow from it.
type Role = (String, String);

/// Compares what makes an operation easier to call.
pub fn compare(log: &mut Log, old: &Seen<'_>, new: &Seen<'_>) {
    let (before, after) = (old.operation, new.operation);
    compare_role(log, "operator", operator(before), operator(after));
    compare_page(log, before, after);
    compare_batch(log, before, after);
    compare_role(log, "task", task(old), task(new));
    if let (Some(before), Some(after)) = (old.family.tasks_of(before), new.family.tasks_of(after)) {
        compare_tasks(log, before, after);
    }
    compare_role(log, "taskReader", task_reader(old), task_reader(new));
}

fn compare_role(log: &mut Log, place: &str, old: Option<Role>, new: Option<Role>) {
    match (&old, &new) {
        (None, Some((name, _))) => log.add(Kind::Added, place, name),
        (Some((name, _)), None) => log.add(Kind::Removed, place, format!("not set any more, was {name}")),
        (Some((before, old_type)), Some((after, new_type))) => {
            let kind = if old_type == new_type { Kind::Role } else { Kind::Type };
            log.compare(kind, place, before, after);
        }
        (None, None) => {}
    }
}

/// Whether it has the method that waits for a task. How the task is read is compared where tasks are left behind.
fn task_reader(seen: &Seen<'_>) -> Option<Role> {
    seen.family.tasks_of_reader(seen.operation).map(|_| ("wait".to_owned(), String::new()))
}

/// The id of a task, and the operation whose answer `wait` gives.
fn task(seen: &Seen<'_>) -> Option<Role> {
    let path: Vec<_> = seen.operation.task.iter().map(|field| field.wire.as_str()).collect();
    Some((path.join("."), seen.family.tasks_of(seen.operation)?.operation.clone()))
}

/// The operator, and the arguments of the calls that know who it is.
fn operator(operation: &Operation) -> Option<Role> {
    let index = operation.operator?;
    let others = operation.required().filter(|(other, _)| *other != index);
    let types: Vec<_> = others.map(|(_, parameter)| ty::argument(&parameter.field)).collect();
    Some((operation.parameters.get(index)?.field.wire.clone(), types.join(", ")))
}

fn parameter(operation: &Operation, index: usize) -> Option<Role> {
    operation.parameters.get(index).map(|parameter| field(&parameter.field))
}

fn field(field: &Field) -> Role {
    (field.wire.clone(), ty::owned(&field.ty))
}

fn compare_page(log: &mut Log, old: &Operation, new: &Operation) {
    let items = |operation: &Operation| operation.page.as_ref().map(|page| field(&page.items));
    compare_role(log, "page.items", items(old), items(new));
    if let (Some(before), Some(after)) = (&old.page, &new.page) {
        compare_role(log, "page.token", parameter(old, before.token), parameter(new, after.token));
        compare_role(log, "page.next", Some(field(&before.next)), Some(field(&after.next)));
    }
}

fn compare_batch(log: &mut Log, old: &Operation, new: &Operation) {
    let items = |operation: &Operation| operation.batch.as_ref().and_then(|batch| parameter(operation, batch.items));
    compare_role(log, "batch.items", items(old), items(new));
    if let (Some(before), Some(after)) = (&old.batch, &new.batch) {
        log.compare(Kind::BatchSize, "batch.max", &before.max, &after.max);
        match (&before.results, &after.results) {
            (Some(before), Some(after)) => compare_role(log, "batch.results", Some(field(before)), Some(field(after))),
            // Without results, the outcome of a part is its answer.
            (before, after) => log.compare(Kind::Type, "batch.results", &wire(before.as_ref()), &wire(after.as_ref())),
        }
        // It decides which result belongs to which element, not what either is.
        log.compare(Kind::Role, "batch.key", &wire(before.key.as_ref()), &wire(after.key.as_ref()));
    }
}

fn wire(field: Option<&Field>) -> Option<&str> {
    field.map(|field| field.wire.as_str())
}

fn compare_tasks(log: &mut Log, old: &Tasks, new: &Tasks) {
    log.compare(Kind::Type, "task.operation", &old.operation, &new.operation);
    log.compare(Kind::Role, "task.parameter", &old.parameter, &new.parameter);
    log.compare(Kind::Role, "task.operator", &old.operator, &new.operator);
    log.compare(Kind::Role, "task.status", &path(old), &path(new));
    log.compare(Kind::Role, "task.succeeded", &old.succeeded, &new.succeeded);
    log.compare(Kind::Role, "task.failed", &old.failed, &new.failed);
}

/// The way to the status of a task.
fn path(tasks: &Tasks) -> String {
    let step = |field: &Field| field.rust.clone() + if field.always { ", always there" } else { "" };
    tasks.task.iter().chain([&tasks.status]).map(step).collect::<Vec<_>>().join(".")
}
