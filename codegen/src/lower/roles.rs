//! Parameters and fields with a part to play: what makes an operation one of pages, of parts, or of tasks.

use dingtalk_storage_spec::model;

use crate::error::Error;
use crate::ir::{Api, Batch, Field, Object, Operation, Page, Parameter, Tasks, Type};

/// What the roles of an operation are found in, by their names on the wire.
pub struct Roles<'a> {
    pub api: &'a Api,
    /// File and name of the operation.
    pub place: &'a str,
    pub parameters: &'a [Parameter],
    pub answer: &'a Object,
    /// Objects that only the operation has.
    pub objects: &'a [Object],
}

impl Roles<'_> {
    /// The index of a parameter.
    pub fn parameter(&self, name: &str) -> Result<usize, Error> {
        let index = self.parameters.iter().position(|parameter| parameter.field.wire == name);
        index.ok_or_else(|| undefined(self.place, name))
    }

    fn field(&self, name: &str) -> Result<Field, Error> {
        self.answer.field(name).cloned().ok_or_else(|| undefined(self.place, name))
    }

    /// A field of the elements of a list.
    fn field_of_element(&self, list: &Field, name: &str) -> Result<Field, Error> {
        let element = if let Type::List(element) = &list.ty { self.api.object(element, self.objects) } else { None };
        element.and_then(|object| object.field(name)).cloned().ok_or_else(|| undefined(self.place, name))
    }

    /// How its answer is paged.
    pub fn page(&self, page: &model::Page) -> Result<Page, Error> {
        Ok(Page {
            token: self.parameter(&page.token)?,
            next: self.field(page.next.as_ref().unwrap_or(&page.token))?,
            // By the name that this API has for it.
            more: self.field("hasMore").ok().filter(|field| field.ty == Type::Bool),
            items: self.field(&page.items)?,
        })
    }

    /// The fields that lead from its answer to the id of a task.
    pub fn task(&self, path: &str) -> Result<Vec<Field>, Error> {
        let Some((list, id)) = path.split_once('.') else { return Ok(vec![self.field(path)?]) };
        let list = self.field(list)?;
        let id = self.field_of_element(&list, id)?;
        Ok(vec![list, id])
    }

    /// How a long list is sent in parts; `task` leads to the tasks that it leaves behind.
    pub fn batch(&self, batch: &model::Batch, task: &[Field]) -> Result<Batch, Error> {
        let results = batch.results.as_ref().map(|name| self.field(name)).transpose()?;
        let key = match (&results, &batch.key) {
            (Some(results), Some(key)) => Some(self.field_of_element(results, key)?),
            _ => None,
        };
        // What each result, or the one answer for all elements, says by the names that this API has for it.
        let of_each = |name: &str, ty: Type| {
            let field = results.as_ref().map_or_else(|| self.field(name), |list| self.field_of_element(list, name));
            field.ok().filter(|field| field.ty == ty)
        };
        let (success, code) = (of_each("success", Type::Bool), of_each("errorCode", Type::ErrorCode));
        let task = match (&results, task) {
            (Some(results), [list, id]) if list.wire == results.wire => Some(id.clone()),
            (None, [id]) => Some(id.clone()),
            _ => None,
        };
        Ok(Batch { items: self.parameter(&batch.items)?, max: batch.max, results, key, success, code, task })
    }
}

/// How the tasks of a family are asked for, by one of its operations.
pub fn tasks(api: &Api, file: &str, tasks: model::Tasks, operations: &[Operation]) -> Result<Tasks, Error> {
    let find = |object: Option<&Object>, name: &str| {
        object.and_then(|object| object.field(name)).cloned().ok_or_else(|| undefined(file, name))
    };
    let reader = operations.iter().find(|operation| operation.name == tasks.operation);
    let reader = reader.ok_or_else(|| undefined(file, &tasks.operation))?;
    let answer = reader.response.as_ref();
    let task = tasks.task.as_ref().map(|name| find(answer, name)).transpose()?;
    let within = task.as_ref().map_or(answer, |task| api.object(&task.ty, &reader.objects));
    let status = find(within, &tasks.status)?;
    let (module, operation) = (reader.module.clone(), reader.name.clone());
    let operator = reader.operator().map(|parameter| parameter.field.wire.clone());
    let model::Tasks { id: parameter, succeeded, failed, .. } = tasks;
    Ok(Tasks { module, operation, parameter, operator, task, status, succeeded, failed })
}

fn undefined(place: &str, name: &str) -> Error {
    Error::Undefined { place: place.to_owned(), name: name.to_owned() }
}
