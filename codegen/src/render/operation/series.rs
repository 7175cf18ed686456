//! Operations that are called several times for one result: page after page, part after part of a long list, or until a
//! task has ended.

use std::fmt::Write as _;

use super::table::{answer, place};
use crate::ir::{Operation, Step, TaskStatus, Type};
use crate::names::number;
use crate::render::ty;

/// The tables from which macros of the runtime make it.
pub fn tables(operation: &Operation) -> impl Iterator<Item = String> {
    [paged(operation), batched(operation), lasting(operation), task_reader(operation)].into_iter().flatten()
}

/// How a page is asked for and taken apart.
fn paged(operation: &Operation) -> Option<String> {
    let page = operation.page.as_ref()?;
    let Type::List(item) = &page.items.ty else { return None };
    let token = operation.parameters.get(page.token)?;
    let mut table = head("paged", operation);
    let _ = writeln!(table, "    token: {} => {},", place(token), ty::text(&ty::owned(&token.field.ty)));
    let _ = writeln!(table, "    next: {},", page.next.rust);
    if let Some(more) = &page.more {
        let _ = writeln!(table, "    more: {},", more.rust);
    }
    let _ = writeln!(table, "    items: {}: {},", page.items.rust, ty::text(&ty::owned(item)));
    table.push_str("});\n");
    Some(table)
}

/// How a part of a long list is sent and its results are taken from the answer.
fn batched(operation: &Operation) -> Option<String> {
    let batch = operation.batch.as_ref()?;
    let elements = operation.parameters.get(batch.items)?;
    let Type::List(element) = &elements.field.ty else { return None };
    let mut table = head("batched", operation);
    let _ = writeln!(table, "    elements: {} => {},", place(elements), ty::text(&ty::owned(element)));
    let _ = writeln!(table, "    max: {},", number(batch.max));
    if let Some(results) = &batch.results
        && let Type::List(result) = &results.ty
    {
        let _ = writeln!(table, "    outcomes: {}: {},", results.rust, ty::text(&ty::owned(result)));
    }
    if let Some(key) = &batch.key {
        let _ = writeln!(table, "    key: {},", key.rust);
    }
    for (name, field) in [("success", &batch.success), ("code", &batch.code), ("task", &batch.task)] {
        if let Some(field) = field {
            let _ = writeln!(table, "    {name}: {} {},", presence(field.always), field.rust);
        }
    }
    table.push_str("});\n");
    Some(table)
}

/// How the tasks of an answer are found and asked for.
fn lasting(operation: &Operation) -> Option<String> {
    let task = operation.task.as_ref()?;
    let (id, list) = match task.id.as_slice() {
        [id] => (id, String::new()),
        [list, id] => (id, format!(" in {}", list.rust)),
        _ => return None,
    };
    let mut table = head("lasting", operation);
    let _ = writeln!(table, "    ids: {} {}{list},", presence(id.always), id.rust);
    let _ = writeln!(table, "    task: {} {:?} => {}Response,", task.module, task.parameter, task.operation);
    if let Some(operator) = &task.operator {
        let _ = writeln!(table, "    operator: {operator:?},");
    }
    table.push_str(&status(&task.status));
    table.push_str("});\n");
    Some(table)
}

/// How a task is read of which only the id is known.
fn task_reader(operation: &Operation) -> Option<String> {
    let reader = operation.task_reader.as_ref()?;
    let mut table = head("task_reader", operation);
    let _ = writeln!(table, "    id: {:?},", reader.parameter);
    table.push_str(&status(&reader.status));
    table.push_str("});\n");
    Some(table)
}

/// Whether a field is an `Option`.
fn presence(always: bool) -> &'static str {
    if always { "always" } else { "optional" }
}

/// Where the status is, and the values that end a task: those that it ends well by before the others.
fn status(status: &TaskStatus) -> String {
    let step = |step: &Step| format!("{} {}", presence(step.always), step.rust);
    let within = status.task.as_ref().map_or_else(String::new, |task| format!(" in {}", step(task)));
    let [succeeded, failed] = [&status.succeeded, &status.failed];
    format!("    status: {}{within},\n    ends: {succeeded:?} {failed:?},\n", step(&status.status))
}

fn head(name: &str, operation: &Operation) -> String {
    format!("runtime::__private::{name}!({} -> {} {{\n", operation.name, answer(operation))
}
