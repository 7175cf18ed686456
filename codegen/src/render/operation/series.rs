//! Operations that are called several times for one result: page after page, part after part of a long list, or until a
//! task has ended.

use super::table::{answer, place};
use crate::ir::{Family, Field, Operation, Tasks, Type};
use crate::names::number;
use crate::render::ty;

/// The tables from which macros of the runtime make it.
pub fn tables(family: &Family, operation: &Operation) -> impl Iterator<Item = String> {
    let tables = [paged(operation), batched(operation), lasting(family, operation), task_reader(family, operation)];
    tables.into_iter().flatten()
}

/// How a page is asked for and taken apart.
fn paged(operation: &Operation) -> Option<String> {
    let page = operation.page.as_ref()?;
    let Type::List(item) = &page.items.ty else { return None };
    let token = operation.parameters.get(page.token)?;
    let mut rows =
        vec![format!("token: {} => {}", place(token), ty::owned(&token.field.ty)), format!("next: {}", page.next.rust)];
    rows.extend(page.more.as_ref().map(|more| format!("more: {}", more.rust)));
    rows.push(format!("items: {}: {}", page.items.rust, ty::owned(item)));
    Some(table("paged", operation, &rows))
}

/// How a part of a long list is sent and its results are taken from the answer.
fn batched(operation: &Operation) -> Option<String> {
    let batch = operation.batch.as_ref()?;
    let elements = operation.parameters.get(batch.items)?;
    let Type::List(element) = &elements.field.ty else { return None };
    let mut rows =
        vec![format!("elements: {} => {}", place(elements), ty::owned(element)), format!("max: {}", number(batch.max))];
    if let Some(Field { rust, ty: Type::List(result), .. }) = &batch.results {
        rows.push(format!("outcomes: {rust}: {}", ty::owned(result)));
    }
    rows.extend(batch.key.as_ref().map(|key| format!("key: {}", key.rust)));
    for (name, field) in [("success", &batch.success), ("code", &batch.code), ("task", &batch.task)] {
        rows.extend(field.as_ref().map(|field| format!("{name}: {}", way(field))));
    }
    Some(table("batched", operation, &rows))
}

/// How the tasks of an answer are found and asked for.
fn lasting(family: &Family, operation: &Operation) -> Option<String> {
    let tasks = family.tasks_of(operation)?;
    let ids = match operation.task.as_slice() {
        [id] => way(id),
        [list, id] => format!("{} in {}", way(id), list.rust),
        _ => return None,
    };
    let mut rows = vec![
        format!("ids: {ids}"),
        format!("task: {} {:?} => {}Response", tasks.module, tasks.parameter, tasks.operation),
    ];
    rows.extend(tasks.operator.as_ref().map(|operator| format!("operator: {operator:?}")));
    rows.extend(status(tasks));
    Some(table("lasting", operation, &rows))
}

/// How a task is read of which only the id is known.
fn task_reader(family: &Family, operation: &Operation) -> Option<String> {
    let tasks = family.tasks_of_reader(operation)?;
    let [status, ends] = status(tasks);
    Some(table("task_reader", operation, &[format!("id: {:?}", tasks.parameter), status, ends]))
}

/// A field, and whether it is an `Option`.
fn way(field: &Field) -> String {
    format!("{} {}", if field.always { "always" } else { "optional" }, field.rust)
}

/// Where the status is, and the values that end a task: those that it ends well by before the others.
fn status(tasks: &Tasks) -> [String; 2] {
    let within = tasks.task.as_ref().map(|task| format!(" in {}", way(task))).unwrap_or_default();
    [format!("status: {}{within}", way(&tasks.status)), format!("ends: {:?} {:?}", tasks.succeeded, tasks.failed)]
}

fn table(name: &str, operation: &Operation, rows: &[String]) -> String {
    let head = format!("runtime::__private::{name}!({} -> {} {{\n", operation.name, answer(operation));
    let rows: String = rows.iter().flat_map(|row| ["    ", row, ",\n"]).collect();
    format!("{head}{rows}}});\n")
}
